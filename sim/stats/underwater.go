package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// LongestDrawdown is the drawdown of most steps from peak to end, the earlier of
// equals. A path that is never below its high has none: the zero Drawdown.
func LongestDrawdown(prices []float64) (Drawdown, error) {
	if err := checkPrices(prices); err != nil {
		return Drawdown{Depth: absent}, err
	}
	var longest Drawdown
	for d := range drawdowns(prices) {
		if d.Length() > longest.Length() {
			longest = d
		}
	}
	return longest, nil
}

func longestLength(prices []float64) (float64, error) {
	longest, err := LongestDrawdown(prices)
	if err != nil {
		return absent, err
	}
	return float64(longest.Length()), nil
}

// meanDrawdown is the mean of a number over all drawdowns.
func meanDrawdown(prices []float64, of func(Drawdown) float64) (float64, error) {
	if err := checkPrices(prices); err != nil {
		return absent, err
	}
	all := slices.Collect(drawdowns(prices))
	if len(all) == 0 {
		return absent, fmt.Errorf("%w: %s", ErrTooFew, noDrawdown)
	}
	sum := 0.
	for _, d := range all {
		sum += of(d)
	}
	return finite(sum / float64(len(all)))
}

func averageDrawdown(prices []float64) (float64, error) {
	return meanDrawdown(prices, func(d Drawdown) float64 { return d.Depth })
}

func averageLength(prices []float64) (float64, error) {
	return meanDrawdown(prices, func(d Drawdown) float64 { return float64(d.Length()) })
}

// timeUnderWater is the share of the prices after the first that are below the high.
func timeUnderWater(prices []float64) (float64, error) {
	below, err := Underwater(prices)
	if err != nil {
		return absent, err
	}
	under := 0
	for _, d := range below {
		if d < 0 {
			under++
		}
	}
	return float64(under) / float64(len(below)-1), nil
}

// ulcer is Martin's index √(Σd²/(n-1)) of the distances d from the high at the end of
// each of n returns.
func ulcer(prices []float64) (float64, error) {
	below, err := Underwater(prices)
	if err != nil {
		return absent, err
	}
	if len(below) < 3 {
		return absent, fmt.Errorf("%w: %d returns of at least 2", ErrTooFew, len(below)-1)
	}
	return finite(floats.Norm(below[1:], 2) / math.Sqrt(float64(len(below)-2)))
}

// perUlcer divides by the ulcer index.
func perUlcer(gain float64, prices []float64) (float64, error) {
	index, err := ulcer(prices)
	if err != nil {
		return absent, err
	}
	return divide(gain, index, noDrawdown)
}

// aboveRiskFreeYear is the annual return above the annual risk-free rate.
func aboveRiskFreeYear(s Sample) (float64, error) {
	if _, err := periodRate(s.RiskFree, s.PeriodsPerYear); err != nil {
		return absent, err
	}
	annual, err := AnnualReturn(s.Prices, s.PeriodsPerYear)
	if err != nil {
		return absent, err
	}
	return annual - s.RiskFree, nil
}

func ulcerPerformance(s Sample) (float64, error) {
	gain, err := aboveRiskFreeYear(s)
	if err != nil {
		return absent, err
	}
	return perUlcer(gain, s.Prices)
}

// serenity is the annual return above the risk-free rate over ulcer index and pitfall,
// the expected shortfall of the drawdowns over the volatility.
func serenity(simple []float64, s Sample) (float64, error) {
	gain, err := aboveRiskFreeYear(s)
	if err != nil {
		return absent, err
	}
	volatility, err := Volatility(simple, s.PeriodsPerYear)
	if err != nil {
		return absent, err
	}
	below, err := Underwater(s.Prices)
	if err != nil {
		return absent, err
	}
	shortfall, err := ExpectedShortfall(below[1:], worstShare)
	if err != nil {
		return absent, err
	}
	return perPitfall(gain, shortfall, volatility, s.Prices)
}

// perPitfall divides by ulcer index and pitfall.
func perPitfall(gain, shortfall, spread float64, prices []float64) (float64, error) {
	gain, err := perUlcer(gain, prices)
	if err != nil {
		return absent, err
	}
	return divide(gain*spread, -shortfall, noDrawdown)
}
