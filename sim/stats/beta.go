package stats

import "gonum.org/v1/gonum/stat"

// Beta is the slope of returns on those of a benchmark, cov/var, of at least two
// pairs. The benchmark must vary.
func Beta(returns, benchmark []float64) (float64, error) {
	if err := checkPairs(returns, benchmark, 2); err != nil {
		return absent, err
	}
	if err := checkVaries(benchmark, 2); err != nil {
		return absent, err
	}
	return finite(stat.Covariance(returns, benchmark, nil) / stat.Variance(benchmark, nil))
}
