package stats_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

var nan = math.NaN()

// near compares to the twelfth digit.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// wantError also holds a failed function to its promise of NaN.
func wantError(t *testing.T, what string, got float64, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
	if !math.IsNaN(got) {
		t.Errorf("%s = %v beside an error, want NaN", what, got)
	}
}

func TestReturns(t *testing.T) {
	prices := []float64{100, 110, 99, 99}
	simple, err := stats.SimpleReturns(prices)
	if err != nil {
		t.Fatal(err)
	}
	logs, err := stats.LogReturns(prices)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0.1, -0.1, 0} {
		near(t, "simple", simple[i], want)
		near(t, "log", logs[i], math.Log1p(want))
	}
}

func TestReturnsOfBrokenPrices(t *testing.T) {
	for name, c := range map[string]struct {
		prices      []float64
		simple, log error
	}{
		"none":             {nil, stats.ErrTooFew, stats.ErrTooFew},
		"one row":          {[]float64{5}, stats.ErrTooFew, stats.ErrTooFew},
		"gap":              {[]float64{5, nan, 6}, stats.ErrGap, stats.ErrGap},
		"infinite":         {[]float64{5, math.Inf(1)}, stats.ErrNotFinite, stats.ErrNotFinite},
		"negative":         {[]float64{5, -1}, stats.ErrPrice, stats.ErrPrice},
		"all zeros":        {[]float64{0, 0, 0}, stats.ErrPrice, stats.ErrPrice},
		"starts at zero":   {[]float64{0, 1}, stats.ErrPrice, stats.ErrPrice},
		"ends at zero":     {[]float64{5, 0}, nil, stats.ErrPrice},
		"zero in between":  {[]float64{5, 0, 5}, stats.ErrPrice, stats.ErrPrice},
		"quotient too big": {[]float64{1e-300, 1e300}, stats.ErrNotFinite, nil},
	} {
		if _, err := stats.SimpleReturns(c.prices); !errors.Is(err, c.simple) {
			t.Errorf("%s: simple: error %v, want %v", name, err, c.simple)
		}
		if _, err := stats.LogReturns(c.prices); !errors.Is(err, c.log) {
			t.Errorf("%s: log: error %v, want %v", name, err, c.log)
		}
	}
}

func TestWealth(t *testing.T) {
	wealth, err := stats.Wealth([]float64{0.5, -0.2, -1, 0.3})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{1, 1.5, 1.2, 0, 0} {
		near(t, "wealth", wealth[i], want)
	}
	if _, err := stats.Wealth([]float64{-1.01}); !errors.Is(err, stats.ErrPrice) {
		t.Errorf("a loss of more than everything: error %v", err)
	}
	if _, err := stats.Wealth(nil); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("no returns: error %v", err)
	}
}

func TestPeriodsPerYear(t *testing.T) {
	for step, want := range map[time.Duration]float64{24 * time.Hour: 365, time.Hour: 8760, 5 * time.Minute: 105120} {
		got, err := stats.PeriodsPerYear(step)
		if err != nil {
			t.Error(err)
		}
		near(t, step.String(), got, want)
	}
	got, err := stats.PeriodsPerYear(0)
	wantError(t, "step 0", got, err, stats.ErrArgument)
}

func TestWealthIsTheInverseOfSimpleReturns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		returns := rapid.SliceOfN(rapid.Float64Range(-0.9, 2), 1, 50).Draw(t, "returns")
		wealth, err := stats.Wealth(returns)
		if err != nil {
			t.Fatal(err)
		}
		back, err := stats.SimpleReturns(wealth)
		if err != nil {
			t.Fatal(err)
		}
		for i := range returns {
			if math.Abs(back[i]-returns[i]) > 1e-12 {
				t.Fatalf("return %d: %v became %v", i, returns[i], back[i])
			}
		}
	})
}
