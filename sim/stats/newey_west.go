package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// NeweyWest gives each coefficient with a standard error that allows for residuals of
// unequal variance, correlated over so many lags, and the normal interval. With
// u[t] = weights[t]·residual[t] and the weights of Bartlett, the variance is
//
//	Σ u[t]² + 2·Σ_{l=1..lags} (1 - l/(lags+1))·Σ u[t]·u[t-l]
//
// without a correction for small samples (Newey and West, 1987, Econometrica 55(3); 0
// lags: White, 1980, Econometrica 48(4)).
func (r *Regression) NeweyWest(lags int, level float64) ([]Measured, error) {
	if err := r.check(level); err != nil {
		return nil, err
	}
	n := len(r.Residuals)
	if lags < 0 || lags >= n {
		return nil, fmt.Errorf("%w: %d lags of %d observations", ErrArgument, lags, n)
	}
	method := fmt.Sprintf("least squares, Newey–West with Bartlett weights and %d lags, normal", lags)
	u := make([]float64, n)
	return r.measured(level, method, normal(level), func(weights []float64) float64 {
		floats.MulTo(u, weights, r.Residuals)
		variance := floats.Dot(u, u)
		for l := 1; l <= lags; l++ {
			variance += 2 * (1 - float64(l)/float64(lags+1)) * floats.Dot(u[l:], u[:n-l])
		}
		return math.Sqrt(max(0, variance)) // negative by rounding alone
	})
}
