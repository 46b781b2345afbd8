package calibrate

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// derived is an estimate with the Newey–West error of its influences, one for each period,
// n of which are observations. How they were found is the method.
func (c *calibration) derived(value float64, influence []float64, n, lags int, method string) (stats.Measured, error) {
	se, err := stats.NeweyWestError(influence, lags)
	if err != nil {
		return stats.Measured{}, err
	}
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return stats.Measured{}, fmt.Errorf("%w: the result overflows", stats.ErrNotFinite)
	}
	method = fmt.Sprintf("%s, Newey–West with Bartlett weights and %d lags, normal", method, lags)
	return c.measured(value, se, n, method), nil
}

// measured is a value with the normal interval of its standard error.
func (c *calibration) measured(value, se float64, n int, method string) stats.Measured {
	reach := distuv.UnitNormal.Quantile((1+c.Level)/2) * se
	return stats.Measured{SE: se, Estimate: stats.Estimate{Value: value, Low: value - reach, High: value + reach, Level: c.Level, N: n, Method: method}}
}

// combined is Σ factor·influence.
func combined(terms ...term) []float64 {
	sum := make([]float64, len(terms[0].influence))
	for _, t := range terms {
		floats.AddScaled(sum, t.factor, t.influence)
	}
	return sum
}

// A term is the influence on an estimate and a function's derivative by it.
type term struct {
	factor    float64
	influence []float64
}

// spread is the standard deviation of residuals after k coefficients, and the influence of
// each on it: (e² − σ²)/(2nσ).
func spread(residuals []float64, k int) (sd float64, influence []float64) {
	n := float64(len(residuals))
	sum := floats.Dot(residuals, residuals)
	sd = math.Sqrt(sum / (n - float64(k)))
	influence = make([]float64, len(residuals))
	if sd == 0 {
		return sd, influence
	}
	for i, e := range residuals {
		influence[i] = (e*e - sum/n) / (2 * n * sd)
	}
	return sd, influence
}

// correlation is Pearson's, and the influence of each pair on it: (xy − ρ(x² + y²)/2)/n of
// standardised values. Series that do not vary have none.
func correlation(x, y []float64) (rho float64, influence []float64, err error) {
	mx, vx := stat.PopMeanVariance(x, nil)
	my, vy := stat.PopMeanVariance(y, nil)
	n := float64(len(x))
	if rho, err = stats.Correlation(x, y); err != nil {
		return rho, nil, err
	}
	influence = make([]float64, len(x))
	for i := range x {
		a, b := (x[i]-mx)/math.Sqrt(vx), (y[i]-my)/math.Sqrt(vy)
		influence[i] = (a*b - rho*(a*a+b*b)/2) / n
	}
	return rho, influence, nil
}
