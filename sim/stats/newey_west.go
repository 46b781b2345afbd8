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
	if err := checkLags(lags, n); err != nil {
		return nil, err
	}
	method := fmt.Sprintf("least squares, Newey–West with Bartlett weights and %d lags, normal", lags)
	u := make([]float64, n)
	return r.measured(level, method, normal(level), func(weights []float64) float64 {
		floats.MulTo(u, weights, r.Residuals)
		return bartlett(u, lags)
	})
}

// Influence is what each observation moves coefficient j by: u[t] of
// [Regression.NeweyWest]. A smooth function of coefficients, also of several
// regressions on the same periods, has the sum of their influences, each times the
// function's derivative: the delta method, with every covariance. It is nil where
// there is no such coefficient.
func (r *Regression) Influence(j int) []float64 {
	if r == nil || j < 0 || j >= len(r.weights) {
		return nil
	}
	return floats.MulTo(make([]float64, len(r.Residuals)), r.weights[j], r.Residuals)
}

// NeweyWestError is the standard error of an estimate from the influence of each
// observation on it, as in [Regression.NeweyWest].
func NeweyWestError(influence []float64, lags int) (float64, error) {
	if err := checkValues(influence, 1); err != nil {
		return absent, err
	}
	if err := checkLags(lags, len(influence)); err != nil {
		return absent, err
	}
	return finite(bartlett(influence, lags))
}

func checkLags(lags, n int) error {
	if lags < 0 || lags >= n {
		return fmt.Errorf("%w: %d lags of %d observations", ErrArgument, lags, n)
	}
	return nil
}

// bartlett is the root of the variance of NeweyWest.
func bartlett(u []float64, lags int) float64 {
	n := len(u)
	variance := floats.Dot(u, u)
	for l := 1; l <= lags; l++ {
		variance += 2 * (1 - float64(l)/float64(lags+1)) * floats.Dot(u[l:], u[:n-l])
	}
	return math.Sqrt(max(0, variance)) // negative by rounding alone
}
