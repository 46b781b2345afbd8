package stats

import "fmt"

// A Rolling is a statistic over a window that moves along two series, as long as they
// are. Value i is of the window that ends with pair i and uses nothing later.
type Rolling struct {
	Values  []float64
	Reasons []error // why a value is absent (NaN); nil where it is known
}

// RollingCorrelation is the [Correlation] of the last pairs at each step. It is absent
// until the window is full, while it holds a gap and where a series does not vary in it.
func RollingCorrelation(x, y []float64, window int) (Rolling, error) {
	return rolling(x, y, window, Correlation)
}

// RollingBeta is the [Beta] of the last pairs at each step. It is absent until the window
// is full, while it holds a gap and where the benchmark does not vary in it.
func RollingBeta(returns, benchmark []float64, window int) (Rolling, error) {
	return rolling(returns, benchmark, window, Beta)
}

// rolling computes each window afresh: running sums would carry rounding errors, and
// a gap, along the whole series.
func rolling(x, y []float64, window int, of func(x, y []float64) (float64, error)) (Rolling, error) {
	if len(x) != len(y) {
		return Rolling{}, fmt.Errorf("%w: %d and %d", ErrLength, len(x), len(y))
	}
	if window < 2 {
		return Rolling{}, fmt.Errorf("%w: a window of %d pairs", ErrArgument, window)
	}
	if len(x) < window {
		return Rolling{}, fmt.Errorf("%w: %d for a window of %d", ErrTooFew, len(x), window)
	}
	r := Rolling{Values: make([]float64, len(x)), Reasons: make([]error, len(x))}
	for i := range x {
		from := i + 1 - window
		if from < 0 {
			r.Values[i], r.Reasons[i] = absent, fmt.Errorf("%w: %d of a window of %d", ErrTooFew, i+1, window)
			continue
		}
		r.Values[i], r.Reasons[i] = of(x[from:i+1], y[from:i+1])
	}
	return r, nil
}
