package calibrate

import "github.com/ebb-sim/ebb/sim/stats"

// coefficients say what the coefficients of a regression are, the constant first. One
// without a name is not reported.
type coefficients []struct {
	name, title string
	unit        Unit
}

// regression adds the least squares coefficients of a sample's first column on the others,
// with Newey–West errors and bootstrap intervals.
func (c *calibration) regression(p *Part, columns sample, window Window, lags int, list coefficients) error {
	fit, err := stats.LeastSquares(columns[0], columns[1:]...)
	if err != nil {
		return err
	}
	measured, err := fit.NeweyWest(lags, c.Level)
	if err != nil {
		return err
	}
	intervals, err := c.bootstrap(columns, leastSquares)
	if err != nil {
		return err
	}
	for j, what := range list {
		if what.name == "" {
			continue
		}
		e := Estimate{Name: what.name, Title: what.title, Unit: what.unit, Measured: measured[j], Bootstrap: intervals[j], Window: window}
		if j > 0 {
			e.doubts()
		}
		p.add(e)
	}
	return nil
}

// leastSquares are the coefficients of a sample's first column on the others.
func leastSquares(s sample) ([]float64, error) {
	fit, err := stats.LeastSquares(s[0], s[1:]...)
	if err != nil {
		return nil, err
	}
	return fit.Coefficients, nil
}
