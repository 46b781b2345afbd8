package luck_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// noise is a linear congruential generator: numbers from -½ to ½ that any language makes
// alike, for values found by other programs.
func noise(n int, seed uint64) []float64 {
	x := make([]float64, n)
	for i := range x {
		seed = (seed*1103515245 + 12345) % (1 << 31)
		x[i] = float64(seed)/(1<<31) - .5
	}
	return x
}

// autoregressive is x[t] = phi·x[t-1] + noise[t].
func autoregressive(n int, seed uint64, phi float64) []float64 {
	x, before := noise(n, seed), 0.
	for i, e := range x {
		before = phi*before + e
		x[i] = before
	}
	return x
}

// scaled is scale·x + drift.
func scaled(x []float64, scale, drift float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = scale*v + drift
	}
	return y
}

// drawn is a matrix of independent normal returns.
func drawn(source *rand.Rand, cells, steps int) [][]float64 {
	all := make([][]float64, cells)
	for c := range all {
		all[c] = make([]float64, steps)
		for t := range all[c] {
			all[c][t] = .01 * source.NormFloat64()
		}
	}
	return all
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// wantError also looks for words of the reason.
func wantError(t *testing.T, what string, err, want error, words ...string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%s: error %q does not say %q", what, err, w)
		}
	}
}

func warned(warnings []string, words string) bool {
	for _, w := range warnings {
		if strings.Contains(w, words) {
			return true
		}
	}
	return false
}
