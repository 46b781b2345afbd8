package luck

import (
	"errors"
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

// checkReturns reports the first value that is no simple return of an account, or that
// there are fewer than least.
func checkReturns(simple []float64, least int) error {
	if len(simple) < least {
		return fmt.Errorf("%w: %d returns, expected at least %d", stats.ErrTooFew, len(simple), least)
	}
	for t, r := range simple {
		switch {
		case math.IsNaN(r):
			return fmt.Errorf("%w: the return in step %d is NaN", stats.ErrGap, t)
		case math.IsInf(r, 0):
			return fmt.Errorf("%w: the return in step %d is %v", stats.ErrNotFinite, t, r)
		case r < -1:
			return fmt.Errorf("%w: the return in step %d is %v, which loses more than everything", stats.ErrPrice, t, r)
		}
	}
	return nil
}

// checkMatrix is checkReturns for each cell, all of one length.
func checkMatrix(returns [][]float64, cells, steps int) error {
	if len(returns) < cells {
		return fmt.Errorf("%w: %d cells, expected at least %d", stats.ErrTooFew, len(returns), cells)
	}
	var faults []error
	for c, row := range returns {
		if len(row) != len(returns[0]) {
			faults = append(faults, fmt.Errorf("cell %d: %w: %d returns, and %d of cell 0", c, stats.ErrLength, len(row), len(returns[0])))
		} else if err := checkReturns(row, steps); err != nil {
			faults = append(faults, fmt.Errorf("cell %d: %w", c, err))
		}
	}
	return errors.Join(faults...)
}

// checkRates is checkPeriods, and wants an annual rate that compounds.
func checkRates(riskFree, periodsPerYear float64) error {
	err := checkPeriods(periodsPerYear)
	if !(riskFree > -1) || math.IsInf(riskFree, 0) {
		err = errors.Join(err, fmt.Errorf("%w: risk-free rate %v, expected more than -1", stats.ErrArgument, riskFree))
	}
	return err
}

func checkPeriods(periodsPerYear float64) error {
	if !(periodsPerYear > 0) || math.IsInf(periodsPerYear, 0) {
		return fmt.Errorf("%w: %v periods per year, expected more than 0", stats.ErrArgument, periodsPerYear)
	}
	return nil
}

// leastDraws is the smallest number of draws whose p-value can be as low as 1 %.
const leastDraws = 99

func checkDraws(draws int, level float64) error {
	var faults []error
	if draws < leastDraws {
		faults = append(faults, fmt.Errorf("%w: %d draws, expected at least %d", stats.ErrArgument, draws, leastDraws))
	}
	if !(level > 0 && level < 1) {
		faults = append(faults, fmt.Errorf("%w: level %v, expected between 0 and 1", stats.ErrArgument, level))
	}
	return errors.Join(faults...)
}

// constant tells whether values differ by rounding alone, as sim/stats does.
func constant(low, high float64) bool {
	return high-low <= 1e-9*max(math.Abs(low), math.Abs(high))
}
