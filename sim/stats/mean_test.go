package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

func nearEstimate(t *testing.T, what string, e stats.Estimate, err error, value, low, high float64) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
	near(t, what, e.Value, value)
	near(t, what+", low", e.Low, low)
	near(t, what+", high", e.High, high)
}

// The intervals wanted are those of scipy.stats.t.interval and ttest_rel.
func TestEstimateMean(t *testing.T) {
	e, err := stats.EstimateMean(ten, 0.95)
	nearEstimate(t, "mean", e, err, -0.0019, -0.019126260367334467, 0.015326260367334464)
	if e.N != 10 || e.Level != 0.95 || !warned(e, "10 paths are few") {
		t.Errorf("%+v", e)
	}
	e, err = stats.EstimateMean(ten, 0.99)
	nearEstimate(t, "mean", e, err, -0.0019, -0.026647402219054962, 0.022847402219054957)
	e, err = stats.EstimateMeanDifference(ten, companion, 0.95)
	nearEstimate(t, "mean difference", e, err, 0.0027, -0.0041949422202989355, 0.009594942220298932)
	// Student's t with one degree of freedom reaches 12.706204736174694.
	e, err = stats.EstimateMean([]float64{-1, 1}, 0.95)
	nearEstimate(t, "mean of two", e, err, 0, -12.706204736174694, 12.706204736174694)
}

func TestEstimateMeanOfEqualPaths(t *testing.T) {
	e, err := stats.EstimateMean(make([]float64, 100), 0.95)
	nearEstimate(t, "mean", e, err, 0, 0, 0)
	if !warned(e, "no spread") {
		t.Errorf("no warning: %+v", e)
	}
}

// Golden values by root finding: the ratios θ for which mean(y-θx)² = t²·var(y-θx)/n.
func TestEstimateRatio(t *testing.T) {
	with := []float64{4.1, 3.2, 5.0, 2.7, 3.9, 4.4}
	without := []float64{3.3, 2.9, 3.8, 2.0, 3.1, 3.9}
	e, err := stats.EstimateRatio(with, without, 0.95)
	nearEstimate(t, "ratio", e, err, 1.226315789473684, 1.1285622353844418, 1.3360469722952688)
	falls := func(x []float64) []float64 {
		negative := make([]float64, len(x))
		for i, v := range x {
			negative[i] = -v
		}
		return negative
	}
	e, err = stats.EstimateRatio(falls(with), falls(without), 0.95)
	nearEstimate(t, "ratio of falls", e, err, 1.226315789473684, 1.1285622353844418, 1.3360469722952688)
}

func TestEstimateRatioAbsent(t *testing.T) {
	e, err := stats.EstimateRatio([]float64{1, 2}, []float64{-1, 1}, 0.95)
	wantError(t, "ratio to 0", e.Value, err, stats.ErrZeroMean)
	e, err = stats.EstimateRatio([]float64{1, 2, 3}, []float64{-1, 1, 0.1}, 0.95)
	if err != nil || math.IsNaN(e.Value) || !math.IsNaN(e.Low) || !math.IsNaN(e.High) || !warned(e, "unbounded") {
		t.Errorf("ratio to about 0: %+v, error %v", e, err)
	}
	e, err = stats.EstimateRatio([]float64{20, 22, 24}, []float64{10, 11, 12}, 0.95)
	nearEstimate(t, "exact multiple", e, err, 2, 2, 2)
	if !warned(e, "no spread") {
		t.Errorf("no warning: %+v", e)
	}
}

// Wilson's interval as scipy.stats.binomtest gives it.
func TestEstimateProportion(t *testing.T) {
	for _, c := range []struct {
		successes, trials       int
		level, share, low, high float64
	}{
		{8, 10, 0.95, 0.8, 0.4901624715366418, 0.9433178485456248},
		{0, 10, 0.95, 0, 0, 0.27753279986288926},
		{10, 10, 0.95, 1, 0.7224672001371109, 1},
		{3, 1000, 0.99, 0.003, 0.0007581012310614683, 0.011793516682924922},
	} {
		e, err := stats.EstimateProportion(c.successes, c.trials, c.level)
		nearEstimate(t, "proportion", e, err, c.share, c.low, c.high)
	}
	for _, c := range []struct {
		successes, trials int
		level             float64
		want              error
	}{
		{0, 0, 0.95, stats.ErrTooFew}, {1, -1, 0.95, stats.ErrTooFew},
		{11, 10, 0.95, stats.ErrArgument}, {-1, 10, 0.95, stats.ErrArgument}, {1, 10, 1, stats.ErrArgument},
	} {
		e, err := stats.EstimateProportion(c.successes, c.trials, c.level)
		wantError(t, "proportion", e.Value, err, c.want)
	}
}

func TestIntervalsEncloseTheirValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 60).Draw(t, "n")
		sample := rapid.SliceOfN(decimal(1e3), n, n)
		x, y := sample.Draw(t, "x"), sample.Draw(t, "y")
		level := rapid.Float64Range(0.01, 0.999).Draw(t, "level")
		p := rapid.Float64Range(0.001, 0.999).Draw(t, "p")
		for name, estimate := range map[string]func() (stats.Estimate, error){
			"mean":                func() (stats.Estimate, error) { return stats.EstimateMean(x, level) },
			"mean difference":     func() (stats.Estimate, error) { return stats.EstimateMeanDifference(x, y, level) },
			"ratio":               func() (stats.Estimate, error) { return stats.EstimateRatio(x, y, level) },
			"quantile":            func() (stats.Estimate, error) { return stats.EstimateQuantile(x, p, level) },
			"quantile difference": func() (stats.Estimate, error) { return stats.EstimateQuantileDifference(x, y, p, level) },
			"proportion":          func() (stats.Estimate, error) { return stats.EstimateProportion(n/2, n, level) },
		} {
			e, err := estimate()
			if err != nil {
				continue // a mean of 0 below a ratio
			}
			if e.Low > e.Value || e.High < e.Value {
				t.Errorf("%s: %v outside [%v, %v]", name, e.Value, e.Low, e.High)
			}
			if (math.IsNaN(e.Low) || math.IsNaN(e.High)) && len(e.Warnings) == 0 {
				t.Errorf("%s: an end is absent without a warning", name)
			}
		}
	})
}

// covered is the share of trials in which the interval held the truth. The trials
// are seeded, so the test gives the same answer every time.
func covered(t *testing.T, trials int, truth float64, estimate func(rng *rand.Rand) (stats.Estimate, error)) float64 {
	t.Helper()
	rng := rand.New(rand.NewPCG(42, 7))
	hits := 0
	for range trials {
		e, err := estimate(rng)
		if err != nil {
			t.Fatal(err)
		}
		if e.Low <= truth && truth <= e.High {
			hits++
		}
	}
	return float64(hits) / float64(trials)
}

// pairs draws n outcomes that share most of their randomness: b is standard normal
// and a is 2 + 1.5·b with a little noise.
func pairs(rng *rand.Rand, n int) (a, b []float64) {
	a, b = make([]float64, n), make([]float64, n)
	for i := range a {
		b[i] = rng.NormFloat64()
		a[i] = 2 + 1.5*b[i] + 0.2*rng.NormFloat64()
	}
	return a, b
}

// In 2,000 trials of a 90 % interval the share covered has a standard error of 0.7 %.
func TestMeanIntervalsCover(t *testing.T) {
	for name, c := range map[string]struct {
		truth    float64
		estimate func(a, b []float64) (stats.Estimate, error)
	}{
		"mean":            {2, func(a, _ []float64) (stats.Estimate, error) { return stats.EstimateMean(a, 0.9) }},
		"mean difference": {2, func(a, b []float64) (stats.Estimate, error) { return stats.EstimateMeanDifference(a, b, 0.9) }},
		"ratio": {1.25, func(a, b []float64) (stats.Estimate, error) {
			for i := range b { // means 2·1.25 and 2
				a[i], b[i] = a[i]+0.5, b[i]+2
			}
			return stats.EstimateRatio(a, b, 0.9)
		}},
	} {
		got := covered(t, 2000, c.truth, func(rng *rand.Rand) (stats.Estimate, error) {
			return c.estimate(pairs(rng, 40))
		})
		if math.Abs(got-0.9) > 0.02 {
			t.Errorf("%s: covered %v, want 0.9", name, got)
		}
	}
}

// Common random numbers are the reason for pairing: the interval of the difference is
// far narrower than that of either mean.
func TestPairingNarrows(t *testing.T) {
	a, b := pairs(rand.New(rand.NewPCG(1, 1)), 500)
	alone, err1 := stats.EstimateMean(a, 0.95)
	paired, err2 := stats.EstimateMeanDifference(a, b, 0.95)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	// The standard deviations are 1.51 and √(0.5² + 0.2²) = 0.54.
	if share := (paired.High - paired.Low) / (alone.High - alone.Low); math.Abs(share-0.356) > 0.03 {
		t.Errorf("paired width is %v of the single one, want about 0.356", share)
	}
}
