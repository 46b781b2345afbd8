package stats_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/sim/stats"
)

// shuffled is 1, 2, …, n in another order: an order statistic then equals its rank.
func shuffled(n int) []float64 {
	x := make([]float64, n)
	for i, v := range rand.New(rand.NewPCG(3, 4)).Perm(n) {
		x[i] = float64(v + 1)
	}
	return x
}

// The ranks are those of the binomial law (SciPy); 40 and 61 for the median of 100 are
// in every table of distribution-free intervals.
func TestEstimateQuantile(t *testing.T) {
	for _, c := range []struct {
		n                          int
		p, level, value, low, high float64
	}{
		{100, 0.5, 0.95, 50.5, 40, 61},
		{1000, 0.05, 0.95, 50.95, 37, 65},
		{368, 0.99, 0.95, 364.33, 360, 368},
		{20, 0.5, 0.99, 10.5, 4, 17},
		{10000, 0.99, 0.99, 9900.01, 9873, 9926},
	} {
		e, err := stats.EstimateQuantile(shuffled(c.n), c.p, c.level)
		nearEstimate(t, "quantile", e, err, c.value, c.low, c.high)
		if len(e.Warnings) > 0 || e.N != c.n {
			t.Errorf("%+v", e)
		}
	}
}

// With 367 paths the chance that all lie below the 99 % quantile is 0.99^367 = 0.02501.
func TestEstimateQuantileOfTooFewPaths(t *testing.T) {
	e, err := stats.EstimateQuantile(shuffled(367), 0.99, 0.95)
	if err != nil || !math.IsNaN(e.High) || e.Low != 359 {
		t.Errorf("%+v, error %v: want the upper end absent", e, err)
	}
	if want := []string{"too few paths for a 99 % quantile: its upper bound needs 368, there are 367"}; !cmp.Equal(e.Warnings, want) {
		t.Errorf("warnings %q", e.Warnings)
	}
	e, err = stats.EstimateQuantile(shuffled(367), 0.01, 0.95)
	if err != nil || !math.IsNaN(e.Low) || e.High != 9 {
		t.Errorf("%+v, error %v: want the lower end absent", e, err)
	}
	if want := []string{"too few paths for a 1 % quantile: its lower bound needs 368, there are 367"}; !cmp.Equal(e.Warnings, want) {
		t.Errorf("warnings %q", e.Warnings)
	}
	// Two paths probably both lie below the 99 % quantile: the binomial rank alone
	// would put the lower end above the estimate.
	e, err = stats.EstimateQuantile([]float64{1, 2}, 0.99, 0.95)
	if err != nil || e.Low != 1 || math.Abs(e.Value-1.99) > 1e-12 {
		t.Errorf("%+v, error %v", e, err)
	}
}

func TestEstimateQuantiles(t *testing.T) {
	x, ps := shuffled(500), []float64{0.95, 0.05, 0.5}
	all, err := stats.EstimateQuantiles(x, ps, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range ps {
		want, err := stats.EstimateQuantile(x, p, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, all[i]); diff != "" {
			t.Errorf("%v: %s", p, diff)
		}
	}
	if diff := cmp.Diff(shuffled(500), x); diff != "" {
		t.Errorf("the sample was altered: %s", diff)
	}
	all, err = stats.EstimateQuantiles(x, []float64{0.5, 1}, 0.9)
	if !errors.Is(err, stats.ErrArgument) || len(all) != 2 || !math.IsNaN(all[0].Value) {
		t.Errorf("quantile 1: %v, error %v", all, err)
	}
	if all, err := stats.EstimateQuantiles(x, nil, 0.9); err != nil || len(all) != 0 {
		t.Errorf("no quantiles: %v, error %v", all, err)
	}
}

// The interval covers at least the level, whatever the distribution, and with this many
// paths not much more. The quantiles of the exponential law are -ln(1-p).
func TestQuantileIntervalsCover(t *testing.T) {
	for _, p := range []float64{0.05, 0.5, 0.95} {
		for name, c := range map[string]struct {
			truth float64
			draw  func(*rand.Rand) float64
		}{
			"uniform":     {p, (*rand.Rand).Float64},
			"exponential": {-math.Log1p(-p), (*rand.Rand).ExpFloat64},
		} {
			got := covered(t, 2000, c.truth, func(rng *rand.Rand) (stats.Estimate, error) {
				x := make([]float64, 200)
				for i := range x {
					x[i] = c.draw(rng)
				}
				return stats.EstimateQuantile(x, p, 0.9)
			})
			if got < 0.9-0.015 || got > 0.95 {
				t.Errorf("%s, p = %v: covered %v, want 0.9 or a little more", name, p, got)
			}
		}
	}
}

// Golden values from NumPy and SciPy, by the formula in the comment of the function.
func TestEstimateQuantileDifference(t *testing.T) {
	a, b := make([]float64, 40), make([]float64, 40)
	for i := range a {
		a[i] = float64((i+1)*17%41) / 10
		b[i] = float64((i+1)*23%41)/20 + a[i]/4
	}
	e, err := stats.EstimateQuantileDifference(a, b, 0.5, 0.95)
	nearEstimate(t, "median difference", e, err, 0.5125, -0.08723830657743048, 1.11223830657743)
	e, err = stats.EstimateQuantileDifference(a[:39], b[:39], 0.5, 0.95) // the median is one of the values
	nearEstimate(t, "median difference of an odd number", e, err, 0.425, -0.16542739662135741, 1.0154273966213574)
	e, err = stats.EstimateQuantileDifference(a, b, 0.25, 0.9)
	nearEstimate(t, "quartile difference", e, err, 0.01875, -0.4508023194012506, 0.48830231940125113)
}

func TestEstimateQuantileDifferenceEdges(t *testing.T) {
	same := shuffled(100)
	e, err := stats.EstimateQuantileDifference(same, same, 0.5, 0.95)
	nearEstimate(t, "no difference", e, err, 0, 0, 0)
	if !warned(e, "no spread") {
		t.Errorf("no warning: %+v", e)
	}
	e, err = stats.EstimateQuantileDifference(same, shuffled(100), 0.01, 0.95)
	if err != nil || e.Value != 0 || !math.IsNaN(e.Low) || !math.IsNaN(e.High) || !warned(e, "too few paths") {
		t.Errorf("1 %% quantile of 100: %+v, error %v", e, err)
	}
	e, err = stats.EstimateQuantileDifference(same, same, 1, 0.95)
	wantError(t, "quantile 1", e.Value, err, stats.ErrArgument)
}

// a is normal with mean 2 and variance 1.5² + 0.2², b is standard normal.
func TestQuantileDifferenceIntervalsCover(t *testing.T) {
	sd := math.Hypot(1.5, 0.2)
	for p, z := range map[float64]float64{0.5: 0, 0.05: -1.6448536269514722} {
		got := covered(t, 2000, 2+z*(sd-1), func(rng *rand.Rand) (stats.Estimate, error) {
			a, b := pairs(rng, 400)
			return stats.EstimateQuantileDifference(a, b, p, 0.9)
		})
		if math.Abs(got-0.9) > 0.04 {
			t.Errorf("p = %v: covered %v, want 0.9", p, got)
		}
	}
}
