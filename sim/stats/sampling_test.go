package stats_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Sampling that says nothing gives the functions of the same names, of what is
// present.
func TestSamplingOfIndependentPaths(t *testing.T) {
	nan := math.NaN()
	x, y := []float64{-3, nan, -1, -4, -1.5, -9, -2}, []float64{-2, -5, nan, -3, -3.5, -8, -6}
	a, b := []float64{-3, -4, -1.5, -9, -2}, []float64{-2, -3, -3.5, -8, -6}
	s := stats.Sampling{}
	present := []float64{-3, -1, -4, -1.5, -9, -2}
	same := func(what string, want, got stats.Estimate, err error) {
		t.Helper()
		if diff := cmp.Diff(want.String()+want.Method, got.String()+got.Method); err != nil || diff != "" {
			t.Errorf("%s: %v %s", what, err, diff)
		}
	}
	want, _ := stats.EstimateMean(present, .9)
	got, err := s.EstimateMean(x, .9)
	same("mean", want, got, err)
	want, _ = stats.EstimateMeanDifference(a, b, .9)
	got, err = s.EstimateMeanDifference(x, y, .9)
	same("difference", want, got, err)
	want, _ = stats.EstimateRatio(a, b, .9)
	got, err = s.EstimateRatio(x, y, .9)
	same("ratio", want, got, err)
	want, _ = stats.EstimateProportion(1, 3, .9)
	got, err = s.EstimateProportion([]float64{0, nan, 1, 0}, .9)
	same("proportion", want, got, err)
	want, _ = stats.EstimateQuantile(present, .4, .5)
	list, err := s.EstimateQuantiles(x, []float64{.4}, .5)
	same("quantile", want, list[0], err)
}

// Of whole groups the interval is that of the means of the groups; of groups with
// gaps the mean is that of the paths, and its standard error that of a ratio.
func TestSamplingOfGroups(t *testing.T) {
	x := []float64{1, 5, 2, 8, -1, 4, 0, 6}
	s := stats.Sampling{Group: 2}
	want, _ := stats.EstimateMean([]float64{3, 5, 1.5, 3}, .95)
	got, err := s.EstimateMean(x, .95)
	if err != nil || got.Value != want.Value || math.Abs(got.Low-want.Low) > 1e-12 || math.Abs(got.High-want.High) > 1e-12 || got.N != 8 || got.Method != "Student t over groups of 2 paths" {
		t.Errorf("%v by %s, want %v: %v", got, got.Method, want, err)
	}
	zero := make([]float64, 8)
	difference, _ := s.EstimateMeanDifference(x, zero, .95)
	if difference.Low != got.Low || difference.High != got.High {
		t.Errorf("difference %v, want %v", difference, got)
	}
	y := []float64{2, 2, 4, 6, 1, 3, 3, 5}
	want, _ = stats.EstimateRatio([]float64{6, 10, 3, 6}, []float64{4, 10, 4, 8}, .9)
	got, err = s.EstimateRatio(x, y, .9)
	if err != nil || got.Value != want.Value || got.Low != want.Low || got.High != want.High || got.N != 8 {
		t.Errorf("ratio %v, want %v: %v", got, want, err)
	}
	// totals 6, 10, 4, 6 of 2, 2, 1, 2 paths: mean 26/7, residuals −10/7, 18/7, 2/7, −10/7
	x[4] = math.NaN()
	got, err = s.EstimateMean(x, .95)
	margin := 3.182446305284263 * math.Sqrt(4./3*(100+324+4+100)/49) / 7
	if err != nil || math.Abs(got.Value-26./7) > 1e-12 || math.Abs(got.High-got.Value-margin) > 1e-12 || got.N != 7 {
		t.Errorf("with a gap: %v, want 26/7 ± %v: %v", got, margin, err)
	}
}

// Whole weights are paths that count so often.
func TestSamplingOfWeights(t *testing.T) {
	x, w := []float64{4, 1, 3, math.NaN(), 2}, []float64{1, 3, 2, 9, 0}
	s := stats.Sampling{Weights: w}
	got, err := s.EstimateMean(x, .95)
	// residuals w(x − 13/6) of the paths with a weight
	squares := math.Pow(4-13./6, 2) + math.Pow(3*(1-13./6), 2) + math.Pow(2*(3-13./6), 2)
	margin := 4.302652729749464 * math.Sqrt(3./2*squares) / 6
	if err != nil || math.Abs(got.Value-13./6) > 1e-12 || math.Abs(got.High-got.Value-margin) > 1e-12 || got.N != 4 {
		t.Errorf("mean %v, want 13/6 ± %v: %v", got, margin, err)
	}
	for p, want := range map[float64]float64{.1: 1, .5: 1, .51: 3, .8: 3, .84: 4, .99: 4} { // of 1, 1, 1, 3, 3, 4
		if list, err := s.EstimateQuantiles(x, []float64{p}, .95); err != nil || list[0].Value != want {
			t.Errorf("quantile %v: %v, want %v: %v", p, list[0], want, err)
		}
	}
	if n := s.EffectivePaths(x); math.Abs(n-36./14) > 1e-12 {
		t.Errorf("effective paths %v, want 36/14", n)
	}
	if n := (stats.Sampling{}).EffectivePaths(x); n != 4 {
		t.Errorf("effective paths %v without weights, want 4", n)
	}
}

// Wilson's interval of all alike takes each group for one path, and pairs that never
// agree for two; pairs that always agree count as half as many.
func TestSamplingProportion(t *testing.T) {
	s := stats.Sampling{Group: 2}
	got, err := s.EstimateProportion(make([]float64, 200), .95)
	const z = 1.984216951508683 // Student, 99 degrees
	if high := z * z / (100 + z*z); err != nil || got.Value != 0 || got.Low != 0 || math.Abs(got.High-high) > 1e-9 {
		t.Errorf("%v, want 0 to %v: %v", got, high, err)
	}
	balanced := make([]float64, 200)
	for i := range balanced {
		balanced[i] = float64(i % 2)
	}
	got, err = s.EstimateProportion(balanced, .95)
	if margin := z * math.Sqrt(.25/200+z*z/160_000) / (1 + z*z/200); err != nil || got.Value != .5 || math.Abs(got.High-.5-margin) > 1e-9 {
		t.Errorf("%v, want .5 ± %v: %v", got, margin, err)
	}
	agreeing := make([]float64, 4000)
	for i := range agreeing {
		agreeing[i] = float64(i / 2 % 4 / 3)
	}
	got, err = s.EstimateProportion(agreeing, .95)
	want, _ := stats.EstimateProportion(500, 2000, .95)
	if err != nil || got.Value != .25 || math.Abs(got.Low-want.Low) > 2e-5 || math.Abs(got.High-want.High) > 2e-5 {
		t.Errorf("%v, want %v: %v", got, want, err)
	}
}

// The intervals cover what is true as often as they say, where paths are drawn in
// pairs and where they are weighted.
func TestSamplingCoverage(t *testing.T) {
	const runs, groups, level = 1500, 150, .9
	rng := rand.New(rand.NewPCG(4, 2))
	upper := distuv.UnitNormal.Quantile(.8)
	for name, c := range map[string]struct {
		sampling func() (stats.Sampling, []float64)
		mean     float64
	}{
		"pairs": {func() (stats.Sampling, []float64) {
			x := make([]float64, 2*groups)
			for i := 0; i < len(x); i += 2 {
				z := rng.NormFloat64()
				x[i], x[i+1] = math.Exp(.5*z), math.Exp(-.5*z)
			}
			return stats.Sampling{Group: 2}, x
		}, math.Exp(.125)},
		"weights": {func() (stats.Sampling, []float64) {
			x, w := make([]float64, 4*groups), make([]float64, 4*groups)
			for i := range x {
				z := rng.NormFloat64() + .7
				x[i], w[i] = math.Exp(.5*z), math.Exp(.7*.7/2-.7*z)
			}
			return stats.Sampling{Weights: w}, x
		}, math.Exp(.125)},
	} {
		var mean, quantile, share, narrow float64
		for range runs {
			s, x := c.sampling()
			m, err := s.EstimateMean(x, level)
			q, fault := s.EstimateQuantiles(x, []float64{.8}, level)
			above := make([]float64, len(x))
			for i, v := range x {
				if v > math.Exp(.5*upper) {
					above[i] = 1
				}
			}
			p, wrong := s.EstimateProportion(above, level)
			if err := errors.Join(err, fault, wrong); err != nil {
				t.Fatal(err)
			}
			covers := func(e stats.Estimate, truth float64) float64 {
				if e.Low <= truth && truth <= e.High {
					return 1. / runs
				}
				return 0
			}
			mean, quantile, share = mean+covers(m, c.mean), quantile+covers(q[0], math.Exp(.5*upper)), share+covers(p, .2)
			plain, _ := stats.EstimateMean(x, level)
			narrow += (m.High - m.Low) / (plain.High - plain.Low) / runs
		}
		for what, cover := range map[string]float64{"mean": mean, "quantile": quantile, "share": share} {
			if !(cover > .87 && cover < .93) {
				t.Errorf("%s: the interval of the %s covers it in %.3f of the runs, want .9", name, what, cover)
			}
		}
		if name == "pairs" && math.Abs(narrow-math.Sqrt(1-math.Exp(-.25))) > .02 {
			t.Errorf("%s: intervals %.3f as wide as those of independent paths, want √(1 + ρ), ρ = −e^−¼", name, narrow)
		}
	}
}

func TestSamplingFaults(t *testing.T) {
	x := []float64{1, 2, 3}
	for _, c := range []struct {
		s    stats.Sampling
		x    []float64
		want error
	}{
		{stats.Sampling{Group: 2}, x, stats.ErrLength},
		{stats.Sampling{Weights: []float64{1, 2}}, x, stats.ErrLength},
		{stats.Sampling{Weights: []float64{1, -2, 1}}, x, stats.ErrArgument},
		{stats.Sampling{Group: 3}, []float64{1, math.Inf(1), 2}, stats.ErrNotFinite},
		{stats.Sampling{Weights: []float64{0, 0, 0}}, x, stats.ErrTooFew},
	} {
		if e, err := c.s.EstimateMean(c.x, .95); !errors.Is(err, c.want) || !math.IsNaN(e.Value) || len(e.Warnings) == 0 {
			t.Errorf("%+v: %v, %v, want %v", c.s, e, err, c.want)
		}
		if list, err := c.s.EstimateQuantiles(c.x, []float64{.5}, .95); !errors.Is(err, c.want) || !math.IsNaN(list[0].Value) {
			t.Errorf("%+v, quantile: %v, want %v", c.s, err, c.want)
		}
		if _, err := c.s.EstimateProportion(c.x, .95); !errors.Is(err, c.want) {
			t.Errorf("%+v, proportion: %v, want %v", c.s, err, c.want)
		}
	}
	s := stats.Sampling{Group: 3}
	if _, err := s.EstimateProportion(x, .95); !errors.Is(err, stats.ErrArgument) {
		t.Errorf("a proportion of 2 and 3: %v", err)
	}
	if _, err := s.EstimateQuantiles(x, []float64{1}, .95); !errors.Is(err, stats.ErrArgument) {
		t.Errorf("quantile 1: %v", err)
	}
	if _, err := s.EstimateMeanDifference(x, x[:2], .95); !errors.Is(err, stats.ErrLength) {
		t.Errorf("a difference of 3 and 2: %v", err)
	}
	if _, err := s.EstimateRatio(x, x[:2], .95); !errors.Is(err, stats.ErrLength) {
		t.Errorf("a ratio of 3 and 2: %v", err)
	}
	if e, err := s.EstimateMean(x, .95); err != nil || e.Value != 2 || !math.IsNaN(e.Low) {
		t.Errorf("one group: %v, %v", e, err)
	}
}
