package stats

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func on(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func TestMonthlyReturns(t *testing.T) {
	for _, c := range []struct {
		name   string
		times  []time.Time
		prices []float64
		next   time.Time
		want   []Month
	}{
		{"whole months between parts", []time.Time{on(2024, 11, 20), on(2024, 11, 30), on(2024, 12, 15), on(2024, 12, 31), on(2025, 1, 31), on(2025, 2, 3)},
			[]float64{100, 110, 90, 121, 60.5, 66.55}, on(2025, 2, 4),
			[]Month{{2024, 11, .1, false}, {2024, 12, .1, true}, {2025, 1, -.5, true}, {2025, 2, .1, false}}},
		{"the first price ends a month and the last ends one", []time.Time{on(2025, 1, 31), on(2025, 2, 28)}, []float64{1, 2}, on(2025, 3, 1), []Month{{2025, 2, 1, true}}},
		{"a weekend ends the month", []time.Time{on(2026, 1, 29), on(2026, 1, 30)}, []float64{1, 2}, on(2026, 2, 2), []Month{{2026, 1, 1, false}}},
		{"a month without a price", []time.Time{on(2025, 1, 31), on(2025, 3, 31)}, []float64{1, 3}, on(2025, 4, 1), []Month{{2025, 3, 2, false}}},
		{"all is lost", []time.Time{on(2025, 1, 31), on(2025, 2, 28)}, []float64{1, 0}, on(2025, 3, 1), []Month{{2025, 2, -1, true}}},
	} {
		got, err := MonthlyReturns(c.times, c.prices, c.next)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if d := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-15)); d != "" {
			t.Errorf("%s:\n%s", c.name, d)
		}
	}
}

func TestMonthlyReturnsErrors(t *testing.T) {
	days := []time.Time{on(2025, 1, 31), on(2025, 2, 28), on(2025, 3, 31)}
	for _, c := range []struct {
		name   string
		times  []time.Time
		prices []float64
		want   error
	}{
		{"lengths", days[:2], []float64{1, 2, 3}, ErrLength},
		{"one price", days[:1], []float64{1}, ErrTooFew},
		{"gap", days, []float64{1, math.NaN(), 3}, ErrGap},
		{"nothing after nothing", days, []float64{1, 0, 0}, ErrPrice},
		{"backwards", []time.Time{days[1], days[0]}, []float64{1, 2}, ErrArgument},
		{"overflow", days[:2], []float64{5e-324, 1e308}, ErrNotFinite},
	} {
		if got, err := MonthlyReturns(c.times, c.prices, on(2025, 4, 1)); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %v, error %v, want %v", c.name, got, err, c.want)
		}
	}
}

// Months compound to the whole, whatever the days of the prices.
func TestMonthlyReturnsCompound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, prices := []time.Time{on(2020, 1, 1)}, []float64{100}
		for _, days := range rapid.SliceOfN(rapid.IntRange(1, 50), 1, 60).Draw(t, "days") {
			at = append(at, at[len(at)-1].AddDate(0, 0, days))
			prices = append(prices, rapid.Float64Range(1, 1000).Draw(t, "price"))
		}
		months, err := MonthlyReturns(at, prices, at[len(at)-1].AddDate(0, 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		wealth := prices[0]
		for i, m := range months {
			wealth *= 1 + m.Return
			if i > 0 && 12*m.Year+int(m.Month) <= 12*months[i-1].Year+int(months[i-1].Month) {
				t.Fatalf("month %d does not come after the one before: %v", i, months)
			}
		}
		if last := prices[len(prices)-1]; math.Abs(wealth-last) > 1e-9*last {
			t.Fatalf("months compound to %v, the last price is %v", wealth, last)
		}
	})
}
