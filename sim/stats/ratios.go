package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// periodRate is the return of one period at an annual rate, (1+rate)^(1/p) - 1. A rate
// of 0 needs no p.
func periodRate(annual, periodsPerYear float64) (float64, error) {
	if annual == 0 {
		return 0, nil
	}
	if err := checkPeriods(periodsPerYear); err != nil {
		return absent, err
	}
	if !(annual > -1) || math.IsInf(annual, 0) {
		return absent, fmt.Errorf("%w: risk-free rate %v", ErrArgument, annual)
	}
	return finite(math.Pow(1+annual, 1/periodsPerYear) - 1)
}

// ofRounding is below what two prices can tell of a return: cash that earns the
// risk-free rate has nothing above it, and a ratio of what rounding leaves is noise.
const ofRounding = 1e-14

// aboveRiskFree subtracts the risk-free return of a period from a copy of the returns.
func aboveRiskFree(simple []float64, s Sample) ([]float64, error) {
	rate, err := periodRate(s.RiskFree, s.PeriodsPerYear)
	if err != nil {
		return nil, err
	}
	excess := make([]float64, len(simple))
	for i, r := range simple {
		if excess[i] = r - rate; math.Abs(excess[i]) < ofRounding {
			excess[i] = 0
		}
	}
	return excess, checkValues(excess, 2)
}

// downside is the downside deviation √(Σ min(e,0)²/N) of one step, over all N.
func downside(excess []float64) float64 {
	sum := 0.
	for _, e := range excess {
		sum += math.Pow(min(e, 0), 2)
	}
	return math.Sqrt(sum / float64(len(excess)))
}

func downsideDeviation(simple []float64, s Sample) (float64, error) {
	if err := checkPeriods(s.PeriodsPerYear); err != nil {
		return absent, err
	}
	excess, err := aboveRiskFree(simple, s)
	if err != nil {
		return absent, err
	}
	return finite(downside(excess) * math.Sqrt(s.PeriodsPerYear))
}

func sharpe(simple []float64, s Sample) (float64, error) {
	return Sharpe(simple, s.RiskFree, s.PeriodsPerYear)
}

// sortino is mean/downside deviation·√p above the risk-free return (Sortino and Price,
// 1994).
func sortino(simple []float64, s Sample) (float64, error) {
	if err := checkPeriods(s.PeriodsPerYear); err != nil {
		return absent, err
	}
	excess, err := aboveRiskFree(simple, s)
	if err != nil {
		return absent, err
	}
	ratio, err := divide(stat.Mean(excess, nil), downside(excess), "no return is below the risk-free one")
	if err != nil {
		return absent, err
	}
	return finite(ratio * math.Sqrt(s.PeriodsPerYear))
}

// omega is what is gained above the risk-free return over what is lost below it
// (Keating and Shadwick, 2002).
func omega(simple []float64, s Sample) (float64, error) {
	excess, err := aboveRiskFree(simple, s)
	if err != nil {
		return absent, err
	}
	gains, losses := gainsAndLosses(excess)
	return divide(gains, losses, "no return is below the risk-free one")
}

// gainToPain is Σr over the sum of losses (Schwager, 2012).
func gainToPain(simple []float64) (float64, error) {
	_, losses := gainsAndLosses(simple)
	return divide(floats.Sum(simple), losses, noLoss)
}

func calmar(s Sample) (float64, error) {
	annual, err := AnnualReturn(s.Prices, s.PeriodsPerYear)
	if err != nil {
		return absent, err
	}
	return perDrawdown(annual, s.Prices)
}

// perDrawdown divides by the size of the maximum drawdown.
func perDrawdown(gain float64, prices []float64) (float64, error) {
	deepest, err := MaxDrawdown(prices)
	if err != nil {
		return absent, err
	}
	return divide(gain, -deepest.Depth, noDrawdown)
}

// recovery is the sum of returns over the maximum drawdown, with its sign.
func recovery(simple []float64, s Sample) (float64, error) {
	return perDrawdown(floats.Sum(simple), s.Prices)
}

const (
	noLoss     = "no return is below 0"
	noDrawdown = "the path is never below its high"
)

// divide is absent with a reason where the denominator is 0.
func divide(numerator, denominator float64, reason string) (float64, error) {
	if denominator == 0 {
		return absent, fmt.Errorf("%w: %s", ErrZero, reason)
	}
	return finite(numerator / denominator)
}
