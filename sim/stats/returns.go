package stats

import (
	"fmt"
	"math"
	"time"
)

// SimpleReturns gives p[i]/p[i-1] - 1 for each step of a price path. A price of 0
// gives a return of -1 and must be the last one: nothing can be earned on nothing.
func SimpleReturns(prices []float64) ([]float64, error) {
	if err := checkPrices(prices); err != nil {
		return nil, err
	}
	simple := make([]float64, len(prices)-1)
	for i := range simple {
		if prices[i] == 0 {
			return nil, fmt.Errorf("%w: index %d is 0", ErrPrice, i)
		}
		r, err := finite(prices[i+1]/prices[i] - 1)
		if err != nil {
			return nil, err
		}
		simple[i] = r
	}
	return simple, nil
}

// LogReturns gives ln(p[i]/p[i-1]) for each step of a price path. All prices must
// be positive.
func LogReturns(prices []float64) ([]float64, error) {
	if err := checkPrices(prices); err != nil {
		return nil, err
	}
	logs := make([]float64, len(prices)-1)
	for i := range logs {
		if prices[i+1] == 0 {
			return nil, fmt.Errorf("%w: index %d is 0", ErrPrice, i+1)
		}
		// The difference of logarithms cannot overflow, the quotient can.
		logs[i] = math.Log(prices[i+1]) - math.Log(prices[i])
	}
	return logs, nil
}

// Wealth is the price path of 1 invested before the first of the simple returns;
// it has one value more than there are returns.
func Wealth(simple []float64) ([]float64, error) {
	if err := checkValues(simple, 1); err != nil {
		return nil, err
	}
	wealth := make([]float64, len(simple)+1)
	wealth[0] = 1
	for i, r := range simple {
		if r < -1 {
			return nil, fmt.Errorf("%w: return %v at index %d loses more than everything", ErrPrice, r, i)
		}
		w, err := finite(wealth[i] * (1 + r))
		if err != nil {
			return nil, err
		}
		wealth[i+1] = w
	}
	return wealth, nil
}

// PeriodsPerYear is the number of steps in a year of 365 days, for a market that
// never closes.
func PeriodsPerYear(step time.Duration) (float64, error) {
	if step <= 0 {
		return absent, fmt.Errorf("%w: step %v", ErrArgument, step)
	}
	return float64(365*24*time.Hour) / float64(step), nil
}

// checkPrices accepts at least two finite prices, the first positive, none negative.
func checkPrices(prices []float64) error {
	if err := checkValues(prices, 2); err != nil {
		return err
	}
	if prices[0] == 0 {
		return fmt.Errorf("%w: index 0 is 0", ErrPrice)
	}
	for i, p := range prices {
		if p < 0 {
			return fmt.Errorf("%w: index %d is %v", ErrPrice, i, p)
		}
	}
	return nil
}
