package stats_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim/stats"
)

// etfFlows are the total flows of the US Bitcoin funds, $m. A holiday up to 2025-06-19 is
// a row in which every fund is blank and the total 0; later holidays have no row.
func etfFlows(t *testing.T, holidays bool) history {
	t.Helper()
	return datatest.Column(t, "haturatu__crypto-etf-flow/etf_btc.csv", "Date", "Total", func(row datatest.Row) bool { return holidays || datatest.Session(row) })
}

// The published figures of the flow equation, the impact of flows and the persistence of
// flows take the 16 holidays that have a row for days with a flow of 0. Without them
// there are 522 flow days and the figures move by up to a third of a standard error.
func TestETFFlows(t *testing.T) {
	for _, c := range []struct {
		holidays                   bool
		days                       int
		lagged, autocorrelation    float64 // Pearson's of neighbours, and about one mean
		constant, φ, φSE, Φ, ΦSE   float64 // $bn
		impact, impactSE, impactR2 float64 // % per $bn
		weeklySlope, weeklyR2      float64 // % per $bn
		weeks                      int
	}{
		{true, 538, .525, .524, .05463, .43489, .04181, 2.82222, .66871, 2.93204, .33196, .13118, 3.317, .399, 109},
		{false, 522, .540, .539, .05497, .44739, .04174, 2.85329, .68473, 2.93469, .33320, .13285, 3.309, .395, 109},
	} {
		flows, closes := etfFlows(t, c.holidays), bitcoin(t)
		days := flows.days(date(t, "2024-01-11"), date(t, "2026-02-10"))
		if len(days) != c.days {
			t.Errorf("%d flow days, want %d", len(days), c.days)
		}
		billions := flows.on(t, days)
		for i := range billions {
			billions[i] /= 1000
		}
		lagged, err1 := stats.Correlation(billions[1:], billions[:len(billions)-1])
		common, err2 := stats.Autocorrelation(billions, 1)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		digits(t, "correlation with the day before", lagged, c.lagged, 3)
		digits(t, "autocorrelation", common, c.autocorrelation, 3)

		// A flow answers to the returns of all days since the last flow day, that day's included.
		var since, daily []float64
		for i, day := range days {
			before := closes.on(t, []time.Time{day.AddDate(0, 0, -1), day})
			daily = append(daily, 100*math.Log(before[1]/before[0]))
			if i > 0 {
				last := closes.on(t, []time.Time{days[i-1].AddDate(0, 0, -1)})
				since = append(since, math.Log(before[0]/last[0]))
			}
		}
		equation, err1 := regress(t, billions[1:], billions[:len(billions)-1], since).NeweyWest(5, .95)
		impact := regress(t, daily, billions)
		slope, err2 := impact.NeweyWest(5, .95)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if equation[0].N != c.days-1 || slope[1].N != c.days {
			t.Errorf("%d and %d observations", equation[0].N, slope[1].N)
		}
		digits(t, "constant", equation[0].Value, c.constant, 5)
		digits(t, "φ", equation[1].Value, c.φ, 5)
		digits(t, "φ, standard error", equation[1].SE, c.φSE, 5)
		digits(t, "Φ", equation[2].Value, c.Φ, 5)
		digits(t, "Φ, standard error", equation[2].SE, c.ΦSE, 5)
		digits(t, "impact", slope[1].Value, c.impact, 5)
		digits(t, "impact, standard error", slope[1].SE, c.impactSE, 5)
		digits(t, "impact, R²", impact.R2, c.impactR2, 5)

		returns, sums := weekly(t, days, billions, closes)
		week := regress(t, returns, sums)
		digits(t, "weekly slope", week.Coefficients[1], c.weeklySlope, 3)
		digits(t, "weekly R²", week.R2, c.weeklyR2, 3)
		if len(returns) != c.weeks {
			t.Errorf("%d weeks, want %d", len(returns), c.weeks)
		}
	}
}

// weekly sums flows by calendar week, Monday to Sunday, beside the log return in % from
// the close of the last flow day of the week before to that of its own last flow day. The
// first week has no week before and is left out; the last may be in progress.
func weekly(t *testing.T, days []time.Time, flows []float64, closes history) (returns, sums []float64) {
	t.Helper()
	var sum float64
	var before []float64 // the close that ended the last week
	for i, day := range days {
		sum += flows[i]
		if i+1 < len(days) && monday(days[i+1]).Equal(monday(day)) {
			continue
		}
		last := closes.on(t, days[i:i+1])
		if before != nil {
			returns, sums = append(returns, 100*math.Log(last[0]/before[0])), append(sums, sum)
		}
		before, sum = last, 0
	}
	return returns, sums
}

func monday(day time.Time) time.Time {
	return day.AddDate(0, 0, -int(day.Weekday()+6)%7)
}
