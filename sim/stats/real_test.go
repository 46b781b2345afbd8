package stats_test

import (
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
)

// history is one column of a real file by day.
type history map[time.Time]float64

func bitcoin(t *testing.T) history {
	t.Helper()
	return datatest.Column(t, "btctree__btc-power/data/btc_daily.csv", "date", "close")
}

// days lists the days from one to another, both included, in order.
func (h history) days(from, to time.Time) []time.Time {
	all := slices.SortedFunc(maps.Keys(h), time.Time.Compare)
	return slices.DeleteFunc(all, func(day time.Time) bool { return day.Before(from) || day.After(to) })
}

// on gives the values of days; one that is missing fails the test.
func (h history) on(t *testing.T, days []time.Time) []float64 {
	t.Helper()
	list := make([]float64, len(days))
	for i, day := range days {
		v, known := h[day]
		if !known {
			t.Fatalf("no value on %s", day.Format(time.DateOnly))
		}
		list[i] = v
	}
	return list
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// digits compares with a published figure of so many decimal places.
func digits(t *testing.T, what string, got, want float64, places int) {
	t.Helper()
	if !(math.Abs(got-want) <= .5000001*math.Pow10(-places)) {
		t.Errorf("%s = %.*f, want %.*f", what, places+3, got, places, want)
	}
}
