package datatest

import (
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	day := time.Date(2026, time.February, 5, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-02-05": day, " 05 Feb 2026": day, "1770249600000": day,
		"2026-02-05T06:30:00.000Z": day.Add(6*time.Hour + 30*time.Minute),
	} {
		if at, ok := moment(text); !ok || !at.Equal(want) {
			t.Errorf("%q: found %v, %v, expected %v", text, at, ok, want)
		}
	}
	for _, text := range []string{"", "Total", "05/02/2026"} {
		if at, ok := moment(text); ok {
			t.Errorf("%q: found %v, expected no time", text, at)
		}
	}
}

func TestSession(t *testing.T) {
	if Session(Row{"Date": "19 Jun 2025", "IBIT": "", "Total": "0"}) {
		t.Error("a row of blanks is a holiday")
	}
	if !Session(Row{"Date": "20 Jun 2025", "IBIT": "0", "Total": "0"}) {
		t.Error("a fund that reports 0 has a session")
	}
}
