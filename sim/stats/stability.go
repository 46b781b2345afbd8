package stats

import (
	"fmt"
	"math"
)

// stability is R² of a straight line through the cumulative log returns.
func stability(simple []float64, _ Sample) (float64, error) {
	steps, growth, sum := make([]float64, len(simple)), make([]float64, len(simple)), 0.
	for i, r := range simple {
		if r == -1 {
			return absent, fmt.Errorf("%w: return %d loses everything", ErrPrice, i)
		}
		sum += math.Log1p(r)
		steps[i], growth[i] = float64(i), sum
	}
	r, err := Correlation(steps, growth)
	if err != nil {
		return absent, err
	}
	return r * r, nil
}
