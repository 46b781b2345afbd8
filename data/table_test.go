package data

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Lines counts what is no row: the head, blank lines and summaries.
func TestLines(t *testing.T) {
	for text, want := range map[string][]int{
		"# ebb history 1\n# column a: level coins\ndate,a\n2025-08-04,1\n\n2025-08-05,2\n": {4, 6},
		"Date,A,Total\nSeed,1,1\n4 Aug 2025,1,1\n5 Aug 2025,\"1\",1\nTotal,2,2\n":          {3, 4},
		"1754265600000,1,1,1,1,1,1,1,1,1,1,0\n1754352000000,1,1,1,1,1,1,1,1,1,1,0\n":       {1, 2},
		"date,a\n2025-08-04,\n2025-08-05,1\n":                                              {2, 3},
	} {
		if diff := cmp.Diff(want, parse(t, text).Lines()); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestDates(t *testing.T) {
	table := parse(t, "date,close,expiry\n2025-08-04,1,2025-09-26\n2025-08-05,1,\n2025-08-06,1,2025-12-26T08:00:00Z\n")
	got, err := table.Dates("Expiry")
	want := []time.Time{date("2025-09-26"), {}, date("2025-12-26").Add(8 * time.Hour)}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if _, err := table.Dates("expires"); err == nil || !strings.Contains(err.Error(), `expected column "expires"`) {
		t.Error(err)
	}
	table = parse(t, "date,close,expiry\n2025-08-04,1,soon\n2025-08-05,1,later\n")
	if _, err := table.Dates("expiry"); err == nil || strings.Count(err.Error(), "\n") != 1 || !strings.Contains(err.Error(), ":2:14: column expiry: found \"soon\"") {
		t.Error(err)
	}
}
