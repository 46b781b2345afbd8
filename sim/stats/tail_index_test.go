package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

func TestTailIndexByHand(t *testing.T) {
	// ln 8/1, ln 4/1 and ln 2/1 over the fourth largest.
	got, err := stats.TailIndex([]float64{2, 0.5, 8, 1, 4, 0.25}, 3)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "tail index", got, 3/(6*math.Ln2))
}

// The quantiles of a Pareto law give back its index.
func TestTailIndexOfPareto(t *testing.T) {
	const n = 20000
	for _, alpha := range []float64{1, 3} {
		x := make([]float64, n)
		for i := range x {
			x[i] = math.Pow((float64(i)+0.5)/n, -1/alpha)
		}
		got, err := stats.TailIndex(x, 2000)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got/alpha-1) > 0.001 {
			t.Errorf("α = %v, want %v", got, alpha)
		}
	}
}

func TestTailIndexAbsent(t *testing.T) {
	for name, c := range map[string]struct {
		x    []float64
		k    int
		want error
	}{
		"no tail":          {[]float64{1, 2, 3}, 0, stats.ErrArgument},
		"nothing below it": {[]float64{1, 2, 3}, 3, stats.ErrTooFew},
		"starts at 0":      {[]float64{0, 2, 3}, 2, stats.ErrArgument},
		"all equal":        {[]float64{2, 2, 2}, 2, stats.ErrZero},
		"gap":              {[]float64{1, nan, 3}, 1, stats.ErrGap},
	} {
		got, err := stats.TailIndex(c.x, c.k)
		wantError(t, name, got, err, c.want)
	}
}

func TestTailIndexHasNoUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfNDistinct(rapid.Float64Range(0.1, 10), 5, 30, rapid.ID[float64]).Draw(t, "sizes")
		k := rapid.IntRange(1, len(x)-1).Draw(t, "k")
		a, errA := stats.TailIndex(x, k)
		for i := range x {
			x[i] *= 1024
		}
		b, errB := stats.TailIndex(x, k)
		if (errA == nil) != (errB == nil) || errA == nil && math.Abs(a/b-1) > 1e-6 {
			t.Errorf("%v, error %v; scaled %v, error %v", a, errA, b, errB)
		}
	})
}
