package stats

import (
	"fmt"

	"gonum.org/v1/gonum/stat"
)

// EstimateFallCorrelation is the exceedance correlation of falls (Longin and Solnik,
// 2001, Journal of Finance 56(2); Ang and Chen, 2002, Journal of Financial Economics
// 63(3)): the correlation over the pairs in which both series are more than threshold
// standard deviations below their means, with threshold 0 or more. N counts those pairs.
//
// It is not to be compared with the correlation of all pairs: choosing the pairs changes
// it. Two standard normal series of correlation 0.5 have one of about 0.27 at threshold 0.
func EstimateFallCorrelation(x, y []float64, threshold, level float64) (Estimate, error) {
	if !(threshold >= 0) {
		return failed(level, 0, methodFisher, fmt.Errorf("%w: threshold %v", ErrArgument, threshold))
	}
	if _, err := Correlation(x, y); err != nil {
		return failed(level, 0, methodFisher, err)
	}
	limitX, limitY := below(x, threshold), below(y, threshold)
	var fallsX, fallsY []float64
	for i := range x {
		if x[i] < limitX && y[i] < limitY {
			fallsX, fallsY = append(fallsX, x[i]), append(fallsY, y[i])
		}
	}
	return EstimateCorrelation(fallsX, fallsY, level)
}

// below is the value so many standard deviations below the mean.
func below(x []float64, threshold float64) float64 {
	mean, sd := stat.MeanStdDev(x, nil)
	return mean - threshold*sd
}
