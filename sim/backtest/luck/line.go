package luck

import "github.com/ebb-sim/ebb/sim/stats"

// A Line is the least-squares line of the chosen cells' figures out of sample on those in
// sample. Slope below 0: the better a cell looked, the worse it did. It has no standard
// error, because windows and combinations share their returns.
type Line struct {
	Slope     float64 `json:"slope"`
	Intercept float64 `json:"intercept"`
	R2        float64 `json:"r2"`
	N         int     `json:"n"`
}

func lineOf(inSample, outOfSample []float64) (*Line, error) {
	fit, err := stats.LeastSquares(outOfSample, inSample)
	if err != nil {
		return nil, err
	}
	return &Line{Slope: fit.Coefficients[1], Intercept: fit.Coefficients[0], R2: fit.R2, N: len(inSample)}, nil
}
