package stats

import "math"

const methodFisher = "Fisher z"

// EstimateCorrelation is the [Correlation] of observed pairs with Fisher's interval,
// which trusts that the pairs are independent and jointly normal: with fat tails it is
// too narrow.
func EstimateCorrelation(x, y []float64, level float64) (Estimate, error) {
	n := len(x)
	if err := checkLevel(level); err != nil {
		return failed(level, n, methodFisher, err)
	}
	r, err := Correlation(x, y)
	if err != nil {
		return failed(level, n, methodFisher, err)
	}
	e := estimate(r, level, n, methodFisher)
	if n < 4 {
		return e.warn("too few pairs for an interval: %d of at least 4", n), nil
	}
	return e.within(fisher(r, level, n))
}

// fisher is the interval of a correlation: Fisher's z = artanh r has the standard
// error 1/√(n-3) under the normal law (Fisher, 1921, Metron 1).
func fisher(r, level float64, n int) (low, high float64) {
	z, reach := math.Atanh(r), normal(level)/math.Sqrt(float64(n-3))
	return math.Tanh(z - reach), math.Tanh(z + reach)
}
