package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

// TotalReturn is the simple return from the first price to the last.
func TotalReturn(prices []float64) (float64, error) {
	if err := checkPrices(prices); err != nil {
		return absent, err
	}
	return finite(prices[len(prices)-1]/prices[0] - 1)
}

// AnnualReturn is the compound annual growth rate (1+total)^(p/n) - 1, n being the
// number of returns and p the periods per year.
func AnnualReturn(prices []float64, periodsPerYear float64) (float64, error) {
	if err := checkPeriods(periodsPerYear); err != nil {
		return absent, err
	}
	if err := checkPrices(prices); err != nil {
		return absent, err
	}
	n := len(prices) - 1
	return finite(math.Pow(prices[n]/prices[0], periodsPerYear/float64(n)) - 1)
}

// Volatility is the annualised standard deviation of returns, sd·√p with ddof 1.
func Volatility(returns []float64, periodsPerYear float64) (float64, error) {
	if err := checkPeriods(periodsPerYear); err != nil {
		return absent, err
	}
	if err := checkValues(returns, 2); err != nil {
		return absent, err
	}
	return finite(stat.StdDev(returns, nil) * math.Sqrt(periodsPerYear))
}

// Sharpe is mean/sd·√p (ddof 1) of the simple returns in excess of the risk-free
// return of one period, (1+riskFree)^(1/p) - 1; riskFree is annual. It is absent
// for constant returns.
func Sharpe(simple []float64, riskFree, periodsPerYear float64) (float64, error) {
	if err := checkPeriods(periodsPerYear); err != nil {
		return absent, err
	}
	if !(riskFree > -1) || math.IsInf(riskFree, 0) {
		return absent, fmt.Errorf("%w: risk-free rate %v", ErrArgument, riskFree)
	}
	if err := checkVaries(simple, 2); err != nil {
		return absent, err
	}
	mean, sd := stat.MeanStdDev(simple, nil)
	excess := mean - (math.Pow(1+riskFree, 1/periodsPerYear) - 1)
	return finite(excess / sd * math.Sqrt(periodsPerYear))
}
