package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// Skewness is the adjusted Fisher–Pearson coefficient G1 of at least three values,
// as pandas and Excel give it. Constant values have none.
func Skewness(x []float64) (float64, error) {
	if err := checkVaries(x, 3); err != nil {
		return absent, err
	}
	return finite(stat.Skew(x, nil))
}

// ExcessKurtosis is the bias-corrected coefficient G2 of at least four values, 0
// for the normal law, as pandas and Excel give it. Constant values have none.
func ExcessKurtosis(x []float64) (float64, error) {
	if err := checkVaries(x, 4); err != nil {
		return absent, err
	}
	return finite(stat.ExKurtosis(x, nil))
}

// Correlation is Pearson's coefficient of at least two pairs.
func Correlation(x, y []float64) (float64, error) {
	if err := checkPairs(x, y, 2); err != nil {
		return absent, err
	}
	for _, v := range [][]float64{x, y} {
		if err := checkVaries(v, 2); err != nil {
			return absent, err
		}
	}
	r, err := finite(stat.Correlation(x, y, nil))
	if err != nil {
		return absent, err
	}
	return min(max(r, -1), 1), nil
}

// Autocorrelation is the sample autocorrelation at a lag of one or more steps,
//
//	Σ (x[t]-m)(x[t+lag]-m) / Σ (x[t]-m)²
//
// with one mean m for both (Box and Jenkins), not Pearson's coefficient of the two
// halves. It needs at least lag+2 values.
func Autocorrelation(x []float64, lag int) (float64, error) {
	if lag < 1 {
		return absent, fmt.Errorf("%w: lag %d", ErrArgument, lag)
	}
	if lag > len(x)-2 {
		return absent, fmt.Errorf("%w: %d for lag %d", ErrTooFew, len(x), lag)
	}
	if err := checkVaries(x, 3); err != nil {
		return absent, err
	}
	deviations := make([]float64, len(x))
	copy(deviations, x)
	floats.AddConst(-stat.Mean(x, nil), deviations)
	lagged := floats.Dot(deviations[:len(x)-lag], deviations[lag:])
	return finite(lagged / floats.Dot(deviations, deviations))
}

// checkVaries is checkValues for statistics that divide by the spread. A spread
// below the ninth digit counts as none: the returns of a price that grows by a
// constant rate differ by rounding alone, and a ratio of rounding errors is noise.
// A spread whose fourth power is out of range is refused, lest it become 0 or NaN.
func checkVaries(x []float64, least int) error {
	if err := checkValues(x, least); err != nil {
		return err
	}
	low, high := floats.Min(x), floats.Max(x)
	spread := high - low
	if spread <= 1e-9*max(math.Abs(low), math.Abs(high)) {
		return fmt.Errorf("%w: %v", ErrConstant, low)
	}
	if spread < 1e-70 || spread > 1e70 {
		return fmt.Errorf("%w: powers of the spread %v", ErrNotFinite, spread)
	}
	return nil
}
