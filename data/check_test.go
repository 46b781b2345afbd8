package data

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func checked(s Series) []string {
	var out []string
	for _, n := range Check(s, time.Time{}) {
		out = append(out, n.String())
	}
	return out
}

// A hole in a price shows with its dates.
func TestCheckFindsAHole(t *testing.T) {
	s := rows(t, "a", Price, "2025-08-01 1, 2025-08-02 1, 2025-08-03 1, 2025-08-04 1, 2025-08-15 1, 2025-08-16 1")
	want := []string{"a: no row though open (every day): 10 (2025-08-05..2025-08-14)"}
	if diff := cmp.Diff(want, checked(s)); diff != "" {
		t.Error(diff)
	}
}

// A blank cell is told from a row that is not there, on holidays it is neither,
// and a stretch of blanks goes on over the weekend.
func TestCheckTellsBlankFromMissing(t *testing.T) {
	text := "Date,A,B,Total\n" +
		"3 Jul 2025,,1.0,1.0\n4 Jul 2025,,,\n7 Jul 2025,,1.0,1.0\n8 Jul 2025,2.0,1.0,3.0\n9 Jul 2025,2.0,1.0,3.0\n" +
		"10 Jul 2025,,1.0,1.0\n14 Jul 2025,2.0,1.0,3.0\n15 Jul 2025,2.0,1.0,3.0\n16 Jul 2025,2.0,1.0,3.0\n"
	table := parse(t, text)
	want := []string{
		"A: blank cell though open (NYSE): 3 (2025-07-03..2025-07-07, 2025-07-10)",
		"A: no row though open (NYSE): 1 (2025-07-11)",
		"A: the last row may be partial and revised later: 1 (2025-07-16)",
	}
	if diff := cmp.Diff(want, checked(seriesOf(t, table, Request{Column: "A"}))); diff != "" {
		t.Error(diff)
	}
}

// openSteps counts by days what could be counted step by step.
func TestOpenSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]time.Duration{7 * time.Minute, time.Hour, 5 * time.Hour, day}).Draw(t, "step")
		from := date("2025-06-27").Add(time.Duration(rapid.IntRange(0, 2000).Draw(t, "from")) * time.Minute)
		end := from.Add(time.Duration(rapid.IntRange(-100, 20000).Draw(t, "length")) * time.Minute)
		calendar := rapid.SampledFrom([]Calendar{EveryDay, NYSE}).Draw(t, "calendar")
		var want Range
		steps := 0
		for at := from; at.Before(end); at = at.Add(step) {
			if calendar.Open(at) {
				if steps == 0 {
					want.From = at
				}
				want.To = at
				steps++
			}
		}
		if got, n := openSteps(from, end, step, calendar); got != want || n != steps {
			t.Fatalf("got %v with %d steps, want %v with %d", got, n, want, steps)
		}
	})
}

// A century without a row in a file of seconds is found at once.
func TestGapsOfACentury(t *testing.T) {
	first, last := date("1925-01-01"), date("2025-01-01")
	times := []time.Time{first, first.Add(time.Second), first.Add(2 * time.Second), last}
	s, err := NewSeries(Meta{Name: "a", Kind: Level, Unit: Points}, times, make([]float64, 4))
	if err != nil {
		t.Fatal(err)
	}
	gaps, steps := Gaps(s, EveryDay)
	if want := int(last.Sub(first)/time.Second) - 3; steps != want || len(gaps) != 1 || gaps[0] != (Range{first.Add(3 * time.Second), last.Add(-time.Second)}) {
		t.Errorf("%d steps in %v, want %d", steps, gaps, want)
	}
}

func TestCalendarOf(t *testing.T) {
	tests := []struct {
		name string
		rows string
		want Calendar
	}{
		{"sessions", "2025-08-07 1, 2025-08-08 1, 2025-08-11 1, 2025-08-12 1, 2025-08-13 1", NYSE},
		{"every day", "2025-08-07 1, 2025-08-08 1, 2025-08-09 1, 2025-08-10 1, 2025-08-11 1", EveryDay},
		{"too few days", "2025-08-07 1, 2025-08-08 1, 2025-08-11 1, 2025-08-12 1", EveryDay},
		{"too few days with many rows", "2025-08-08 00h 1, 2025-08-08 06h 1, 2025-08-08 12h 1, 2025-08-11 00h 1, 2025-08-11 06h 1, 2025-08-11 12h 1", EveryDay},
		{"Monday to Friday", "2025-08-04 1, 2025-08-05 1, 2025-08-06 1, 2025-08-07 1, 2025-08-08 1", EveryDay},
		{"Tuesday to Saturday, which has just begun", "2025-08-05 00h 1, 2025-08-05 12h 1, 2025-08-06 00h 1, 2025-08-06 12h 1, 2025-08-07 00h 1, 2025-08-07 12h 1, 2025-08-08 00h 1, 2025-08-08 12h 1, 2025-08-09 00h 1", EveryDay},
	}
	for _, tt := range tests {
		if got := CalendarOf(rows(t, "a", Price, tt.rows)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
