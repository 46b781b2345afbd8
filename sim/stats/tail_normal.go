package stats

import (
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// normalValueAtRisk is the quantile of the worst share under a normal law with the mean
// and spread (ddof 1) of x.
func normalValueAtRisk(x []float64) (float64, error) {
	if err := checkValues(x, 2); err != nil {
		return absent, err
	}
	mean, sd := stat.MeanStdDev(x, nil)
	return finite(mean + sd*distuv.UnitNormal.Quantile(worstShare))
}

// normalShortfall is the expected shortfall under the same law.
func normalShortfall(x []float64) (float64, error) {
	if err := checkValues(x, 2); err != nil {
		return absent, err
	}
	mean, sd := stat.MeanStdDev(x, nil)
	return finite(mean - sd*distuv.UnitNormal.Prob(distuv.UnitNormal.Quantile(worstShare))/worstShare)
}
