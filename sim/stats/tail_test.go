package stats_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

func TestQuantileType7(t *testing.T) {
	x := []float64{4, 1, 3, 2} // unsorted on purpose
	for p, want := range map[float64]float64{0: 1, 0.05: 1.15, 0.25: 1.75, 0.5: 2.5, 0.9: 3.7, 1: 4} {
		got, err := stats.Quantile(x, p)
		if err != nil {
			t.Error(err)
		}
		near(t, "quantile", got, want)
	}
	if !slices.Equal(x, []float64{4, 1, 3, 2}) {
		t.Errorf("the sample was altered: %v", x)
	}
}

func TestTail(t *testing.T) {
	for _, c := range []struct {
		returns         []float64
		tail            float64
		risk, shortfall float64
	}{
		{ten, 0.05, -0.041, -0.05},
		{ten, 0.25, -0.01075, -0.092 / 3},
		{[]float64{-0.02, -0.02, 0.01}, 0.5, -0.02, -0.02}, // the quantile itself counts, twice
		{[]float64{0.1, 0.1}, 0.05, 0.1, 0.1},
		{make([]float64, 9), 0.05, 0, 0},
		{[]float64{-1, 0, 0, 0, 0}, 0.05, -0.8, -1}, // a total loss
	} {
		risk, err := stats.ValueAtRisk(c.returns, c.tail)
		if err != nil {
			t.Error(err)
		}
		shortfall, err := stats.ExpectedShortfall(c.returns, c.tail)
		if err != nil {
			t.Error(err)
		}
		near(t, "value at risk", risk, c.risk)
		near(t, "expected shortfall", shortfall, c.shortfall)
	}
}

func TestTailAbsent(t *testing.T) {
	for name, c := range map[string]struct {
		x    []float64
		p    float64
		want error
	}{
		"none":      {nil, 0.05, stats.ErrTooFew},
		"one":       {ten[:1], 0.05, stats.ErrTooFew},
		"gap":       {[]float64{0.1, nan}, 0.05, stats.ErrGap},
		"tail of 5": {ten, 5, stats.ErrArgument},
		"tail of 0": {ten, 0, stats.ErrArgument},
		"tail NaN":  {ten, nan, stats.ErrArgument},
		"overflows": {[]float64{-1.7e308, 1.7e308}, 0.25, stats.ErrNotFinite},
	} {
		got, err := stats.ValueAtRisk(c.x, c.p)
		wantError(t, name+": value at risk", got, err, c.want)
		got, err = stats.ExpectedShortfall(c.x, c.p)
		wantError(t, name+": expected shortfall", got, err, c.want)
	}
	got, err := stats.Quantile(ten, -0.1)
	wantError(t, "quantile -0.1", got, err, stats.ErrArgument)
	got, err = stats.Quantile(nil, 0.5)
	wantError(t, "quantile of nothing", got, err, stats.ErrTooFew)
}

func TestShortfallIsNoBetterThanValueAtRisk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1, 1), 2, 60).Draw(t, "returns")
		tail := rapid.Float64Range(0.001, 0.999).Draw(t, "tail")
		risk, err := stats.ValueAtRisk(x, tail)
		if err != nil {
			t.Fatal(err)
		}
		shortfall, err := stats.ExpectedShortfall(x, tail)
		if err != nil {
			t.Fatal(err)
		}
		if shortfall > risk+1e-15 || shortfall < slices.Min(x)-1e-15 {
			t.Errorf("shortfall %v, value at risk %v, worst %v", shortfall, risk, slices.Min(x))
		}
	})
}
