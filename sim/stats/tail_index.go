package stats

import (
	"fmt"
	"math"
	"slices"
)

// TailIndex is Hill's estimate of the index α of a tail P(X > x) ~ x^-α from the k
// largest of the sizes x, which are in any order:
//
//	α = k / Σ ln(x₍i₎/x₍k+1₎), i = 1 … k
//
// Hill (1975), Annals of Statistics 3(5). The x₍k+1₎ must be positive, and smaller than
// the largest. Moments of order α and above do not exist. The estimate has the standard
// error α/√k and depends on k.
func TailIndex(sizes []float64, k int) (float64, error) {
	if k < 1 {
		return absent, fmt.Errorf("%w: %d values in the tail", ErrArgument, k)
	}
	if err := checkValues(sizes, k+1); err != nil {
		return absent, err
	}
	ordered := sorted(sizes)
	slices.Reverse(ordered)
	threshold := ordered[k]
	if threshold <= 0 {
		return absent, fmt.Errorf("%w: the tail starts at %v, expected above 0", ErrArgument, threshold)
	}
	sum := 0.
	for _, x := range ordered[:k] {
		sum += math.Log(x) - math.Log(threshold)
	}
	return divide(float64(k), sum, "all values of the tail are equal")
}

// lossTailIndex is the TailIndex of the worst share of returns, at least two.
func lossTailIndex(simple []float64) (float64, error) {
	sizes := make([]float64, len(simple))
	for i, r := range simple {
		sizes[i] = -r
	}
	return TailIndex(sizes, max(2, int(worstShare*float64(len(simple)))))
}
