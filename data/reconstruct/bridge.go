package reconstruct

import (
	"math"
	"math/rand/v2"
)

// wildest is where shocks are cut off, in standard deviations. A rarer draw
// would look like an event, and an event should come from the facts alone.
const wildest = 2.5

// normals draws n independent Gaussian shocks of the given standard deviation.
func normals(r *rand.Rand, n int, sd float64) []float64 {
	shocks := make([]float64, n)
	for i := range shocks {
		z := r.NormFloat64()
		for math.Abs(z) > wildest {
			z = r.NormFloat64()
		}
		shocks[i] = sd * z
	}
	return shocks
}

// condition shifts independent Gaussian shocks of equal variance so that their
// weighted sum is target. The result has the distribution of the shocks given
// that sum: x + w (target − w·x) / w·w. All bridges here are this one: a random
// walk has weights 1, an autoregression the powers of its persistence.
func condition(shocks, weights []float64, target float64) {
	gap, square := target, 0.0
	for i, w := range weights {
		gap -= w * shocks[i]
		square += w * w
	}
	for i, w := range weights {
		shocks[i] += w * gap / square
	}
}

// ones are the weights of a plain sum.
func ones(n int) []float64 {
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 1
	}
	return weights
}

// powers are the weights of n shocks in where an autoregression ends: the last
// counts in full, each earlier one by a factor φ less.
func powers(phi float64, n int) []float64 {
	weights := ones(n)
	for i := n - 2; i >= 0; i-- {
		weights[i] = phi * weights[i+1]
	}
	return weights
}

// sumPowers are the weights of n shocks in the sum of an autoregression's
// values: each counts with all that persists of it until the end.
func sumPowers(phi float64, n int) []float64 {
	weights := ones(n)
	for i := n - 2; i >= 0; i-- {
		weights[i] = 1 + phi*weights[i+1]
	}
	return weights
}
