package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// momentSkewness is the coefficient g1 = m₃/m₂^1.5 without correction, as SciPy gives it.
func momentSkewness(x []float64) (float64, error) {
	if err := checkVaries(x, 2); err != nil {
		return absent, err
	}
	return finite(stat.Moment(3, x, nil) / math.Pow(stat.Moment(2, x, nil), 1.5))
}

// momentExcessKurtosis is the coefficient g2 = m₄/m₂² - 3 without correction.
func momentExcessKurtosis(x []float64) (float64, error) {
	if err := checkVaries(x, 2); err != nil {
		return absent, err
	}
	return finite(stat.Moment(4, x, nil)/math.Pow(stat.Moment(2, x, nil), 2) - 3)
}
