package stats

import (
	"errors"
	"fmt"
	"math"
)

// Reasons why a statistic is absent. Every error of this package wraps one of them.
var (
	ErrTooFew    = errors.New("too few values")
	ErrGap       = errors.New("gap in the values")
	ErrNotFinite = errors.New("not a finite number")
	ErrConstant  = errors.New("all values are equal")
	ErrPrice     = errors.New("no return can be taken from this price")
	ErrZero      = errors.New("division by 0")
	ErrZeroMean  = errors.New("division by a mean of 0")
	ErrLength    = errors.New("lengths differ")
	ErrArgument  = errors.New("argument out of range")
	ErrBenchmark = errors.New("no benchmark given")
	ErrTimes     = errors.New("no times of the prices that tell the calendar periods")
	ErrTrials    = errors.New("no number of trials given")
	ErrCollinear = errors.New("regressors that cannot be told apart")
)

// absent stands for a number nobody knows.
var absent = math.NaN()

// checkValues reports the first value that is not a number, or that there are
// fewer than least.
func checkValues(x []float64, least int) error {
	if len(x) < least {
		return fmt.Errorf("%w: %d of at least %d", ErrTooFew, len(x), least)
	}
	for i, v := range x {
		switch {
		case math.IsNaN(v):
			return fmt.Errorf("%w: index %d is NaN", ErrGap, i)
		case math.IsInf(v, 0):
			return fmt.Errorf("%w: index %d is %v", ErrNotFinite, i, v)
		}
	}
	return nil
}

// checkPairs is checkValues for two samples whose i-th values belong together.
func checkPairs(x, y []float64, least int) error {
	if len(x) != len(y) {
		return fmt.Errorf("%w: %d and %d", ErrLength, len(x), len(y))
	}
	if err := checkValues(x, least); err != nil {
		return err
	}
	return checkValues(y, least)
}

func checkPeriods(periodsPerYear float64) error {
	if !(periodsPerYear > 0) || math.IsInf(periodsPerYear, 0) {
		return fmt.Errorf("%w: %v periods per year", ErrArgument, periodsPerYear)
	}
	return nil
}

// finite turns a result that overflowed into an absent one, and -0 into 0.
func finite(v float64) (float64, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return absent, fmt.Errorf("%w: the result overflows", ErrNotFinite)
	}
	return v + 0, nil
}
