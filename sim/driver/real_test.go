package driver_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
)

// returns are the daily log returns in % of a real file of closes, 2024-01-11 to
// 2026-02-10.
func returns(t *testing.T, path string) []float64 {
	t.Helper()
	closes := datatest.Column(t, path, "date", "close")
	var list []float64
	end := time.Date(2026, time.February, 10, 0, 0, 0, 0, time.UTC)
	for at := time.Date(2024, time.January, 11, 0, 0, 0, 0, time.UTC); !at.After(end); at = at.AddDate(0, 0, 1) {
		last, price := closes[at.AddDate(0, 0, -1)], closes[at]
		if last == 0 || price == 0 {
			t.Fatalf("%s: no close on %s or the day before", path, at.Format(time.DateOnly))
		}
		list = append(list, 100*math.Log(price/last))
	}
	return list
}
