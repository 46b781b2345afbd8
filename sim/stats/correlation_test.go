package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Fisher (1921): r = .5 of 28 pairs is between tanh(artanh .5 ± 1.959964/5).
func TestEstimateCorrelation(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x, y := make([]float64, 28), make([]float64, 28)
	for i := range x {
		x[i] = rng.NormFloat64()
		y[i] = x[i] + rng.NormFloat64()
	}
	e, err := stats.EstimateCorrelation(x, y, .95)
	r, _ := stats.Correlation(x, y)
	nearEstimate(t, "correlation", e, err, r, math.Tanh(math.Atanh(r)-1.959963984540054/5), math.Tanh(math.Atanh(r)+1.959963984540054/5))
	if e.N != 28 {
		t.Errorf("%+v", e)
	}
	e, err = stats.EstimateCorrelation(ten, ten, .95)
	nearEstimate(t, "correlation with itself", e, err, 1, 1, 1)
	e, err = stats.EstimateCorrelation(ten[:3], companion[:3], .95)
	if err != nil || math.IsNaN(e.Value) || !math.IsNaN(e.Low) || !warned(e, "too few pairs") {
		t.Errorf("three pairs: %+v, error %v", e, err)
	}
	e, err = stats.EstimateCorrelation(ten, companion, 2)
	wantError(t, "level", e.Value, err, stats.ErrArgument)
	e, err = stats.EstimateCorrelation(ten, make([]float64, 10), .95)
	wantError(t, "constant", e.Value, err, stats.ErrConstant)
}

// The moments of the standard bivariate normal law in the quadrant x < 0, y < 0: with
// P = ¼ + asin ρ/2π and s = √(1-ρ²)/2πP they are E x = -(1+ρ)/(2P·√2π), E x² = 1 + ρs and
// E xy = ρ + s (Rosenbaum, 1961, Journal of the Royal Statistical Society B 23).
func TestFallCorrelationOfTheNormalLaw(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 7))
	const n, ρ = 200_000, .5
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i] = rng.NormFloat64()
		y[i] = ρ*x[i] + math.Sqrt(1-ρ*ρ)*rng.NormFloat64()
	}
	p := .25 + math.Asin(ρ)/(2*math.Pi)
	s := math.Sqrt(1-ρ*ρ) / (2 * math.Pi * p)
	m := -(1 + ρ) / (2 * p * math.Sqrt(2*math.Pi))
	want := (ρ + s - m*m) / (1 + ρ*s - m*m)
	e, err := stats.EstimateFallCorrelation(x, y, 0, .9999)
	if err != nil || e.Low > want || e.High < want {
		t.Errorf("%v, error %v, want %.4f", e, err, want)
	}
	if share := float64(e.N) / n; math.Abs(share-p) > .005 {
		t.Errorf("%.4f of the pairs fall together, want %.4f", share, p)
	}
}

// Of the pairs (-3, -3), (-2, -4), (-1, 5), (6, 2) the first two are below both means.
func TestFallCorrelation(t *testing.T) {
	x, y := []float64{-3, -2, -1, 6}, []float64{-3, -4, 5, 2}
	e, err := stats.EstimateFallCorrelation(x, y, 0, .95)
	if err != nil || e.N != 2 || !warned(e, "too few pairs") {
		t.Errorf("%+v, error %v", e, err)
	}
	near(t, "falls", e.Value, -1)
	e, err = stats.EstimateFallCorrelation(x, y, 3, .95)
	wantError(t, "no falls of 3 standard deviations", e.Value, err, stats.ErrTooFew)
	for name, c := range map[string]struct {
		y         []float64
		threshold float64
		want      error
	}{
		"threshold below 0": {y, -1, stats.ErrArgument},
		"threshold NaN":     {y, nan, stats.ErrArgument},
		"constant":          {make([]float64, 4), 0, stats.ErrConstant},
		"lengths":           {y[1:], 0, stats.ErrLength},
		"gap":               {[]float64{1, nan, 2, 3}, 0, stats.ErrGap},
	} {
		e, err := stats.EstimateFallCorrelation(x, c.y, c.threshold, .95)
		wantError(t, name, e.Value, err, c.want)
	}
}
