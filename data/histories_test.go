package data_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// The bundled histories have the closes of the weekly facts, to the last digit,
// on the last session of each week, and the days of their market.
func TestBundledHistoriesHaveTheWeeklyCloses(t *testing.T) {
	facts := readBundledFacts(t)
	for _, test := range []struct {
		file     string
		calendar data.Calendar
		value    func(data.Week) data.Number
	}{
		{"btc_usd.csv", data.EveryDay, func(w data.Week) data.Number { return w.BTCClose }},
		{"eth_usd.csv", data.EveryDay, func(w data.Week) data.Number { return w.ETHClose }},
		{"sol_usd.csv", data.EveryDay, func(w data.Week) data.Number { return w.SOLClose }},
		{"nasdaq100_etf.csv", data.NYSE, func(w data.Week) data.Number { return w.Nasdaq100Close }},
		{"software_etf.csv", data.NYSE, func(w data.Week) data.Number { return w.SoftwareClose }},
		{"ai_etf.csv", data.NYSE, func(w data.Week) data.Number { return w.AIClose }},
		{"silver_etf.csv", data.NYSE, func(w data.Week) data.Number { return w.SilverClose }},
		{"mstr.csv", data.NYSE, func(w data.Week) data.Number { return w.MSTRClose }},
	} {
		table, err := data.OpenFS(data.Bundled, "histories/"+test.file, data.ReadOptions{})
		if err != nil {
			t.Error(err)
			continue
		}
		series, err := table.Series(data.Request{Name: test.file})
		if err != nil {
			t.Error(err)
			continue
		}
		if got := data.CalendarOf(series); got != test.calendar {
			t.Errorf("%s: calendar %v, want %v", test.file, got, test.calendar)
		}
		if gaps, n := data.Gaps(series, test.calendar); n > 0 {
			t.Errorf("%s: gaps %v", test.file, gaps)
		}
		for _, w := range facts.Weekly {
			if got, want := lastBy(series, w.End.Time), float64(test.value(w)); got != want {
				t.Errorf("%s: %v by %s, want %v", test.file, got, w.End, want)
			}
		}
		if first, _ := series.At(0); !first.Equal(facts.Weekly[0].End.Time) {
			t.Errorf("%s starts on %s", test.file, first.Format(time.DateOnly))
		}
	}
}

// lastBy gives the last value of a series up to a day, NaN if there is none.
func lastBy(s data.Series, day time.Time) float64 {
	last := math.NaN()
	for i := range s.Len() {
		if at, value := s.At(i); !at.After(day) {
			last = value
		}
	}
	return last
}
