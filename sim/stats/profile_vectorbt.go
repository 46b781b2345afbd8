package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// vectorBTTable is the profile of the returns accessor of vectorbt. The library takes
// the risk-free return of one period, which here is (1 + annual rate)^(1/p) - 1, also as
// the return required by the Sortino ratio and the downside deviation. Its drawdowns
// begin with the wealth after the first return, so that a loss in it is missed.
var vectorBTTable = library("vectorbt 1.2.0",
	as("total_return", "total"),
	as("annual_return", "annualized"),
	as("volatility", "annualized_volatility"),
	as("downside_deviation", "downside_risk"),
	as("sharpe", "sharpe_ratio"),
	as("sortino", "sortino_ratio"),
	redefined("deflated_sharpe", "deflated_sharpe_ratio",
		"probability of a Sharpe ratio above the highest to be expected of that many trials without skill, with the skewness and kurtosis of the returns without correction",
		ofReturns(deflatedSharpe(momentSkewness, momentExcessKurtosis))),
	redefined("calmar", "calmar_ratio", "annual return / size of the maximum drawdown", calmarAfterFirst),
	as("omega", "omega_ratio"),
	redefined("max_drawdown", "max_drawdown", "lowest price / highest price so far - 1, from the second price on; negative",
		afterFirst(func(prices []float64) (float64, error) {
			d, err := MaxDrawdown(prices)
			return d.Depth, err
		})),
	redefined("longest_drawdown_length", "drawdowns.max_duration",
		"steps of the longest drawdown that end below its peak, from the second price on", afterFirst(longestUnder)),
	redefined("average_drawdown", "drawdowns.avg_drawdown", "mean depth of all drawdowns from the second price on; negative",
		afterFirst(averageDrawdown)),
	redefined("average_drawdown_length", "drawdowns.avg_duration",
		"mean number of steps of a drawdown that end below its peak, from the second price on",
		afterFirst(func(prices []float64) (float64, error) { return meanDrawdown(prices, underSteps) })),
	redefined("time_under_water", "drawdowns.coverage", "share of steps that end below the highest price so far, from the second price on",
		afterFirst(coverage)),
	redefined("ulcer_index", "ulcer_index", "√(Σd²/n) of the distance d from the highest price so far at the end of each of n steps, from the second price on",
		afterFirst(ulcerOfAll)),
	redefined("ulcer_performance_index", "martin_ratio", "(annual return - risk-free rate) / ulcer index", martin),
	as("var_5", "value_at_risk"),
	redefined("cvar_5", "cond_value_at_risk", countedWorst,
		ofReturns(func(simple []float64, _ Sample) (float64, error) { return countedShortfall(simple) })),
	as("tail_ratio", "tail_ratio"),
	redefined("common_sense_ratio", "common_sense_ratio", "tail ratio × (1 + annual return)", ofReturns(tailTimesGrowth)),
	as("skewness", "stats: pandas skew"),
	as("excess_kurtosis", "stats: pandas kurtosis"),
	as("beta", "beta"),
	redefined("alpha", "alpha", yearlyAlpha, ofBenchmark(compoundAlpha)),
	as("information_ratio", "information_ratio"),
	as("capture", "capture"),
	redefined("up_capture", "up_capture", captureWhere+"rose", ofBenchmark(whereUp(capture))),
	redefined("down_capture", "down_capture", captureWhere+"fell", ofBenchmark(whereDown(capture))),
)

// afterFirst makes a statistic of a sample from its prices without the first one.
func afterFirst(of func(prices []float64) (float64, error)) func(Sample) (float64, error) {
	return func(s Sample) (float64, error) {
		if err := checkPrices(s.Prices); err != nil {
			return absent, err
		}
		if len(s.Prices) < 3 {
			return absent, fmt.Errorf("%w: %d returns of at least 2", ErrTooFew, len(s.Prices)-1)
		}
		return of(s.Prices[1:])
	}
}

// underSteps counts the steps of a drawdown that end below its peak.
func underSteps(d Drawdown) float64 {
	if d.Recovered {
		return float64(d.Length() - 1)
	}
	return float64(d.Length())
}

func longestUnder(prices []float64) (float64, error) {
	if err := checkPrices(prices); err != nil {
		return absent, err
	}
	longest := 0.
	for d := range drawdowns(prices) {
		longest = max(longest, underSteps(d))
	}
	return longest, nil
}

func coverage(prices []float64) (float64, error) {
	share, err := timeUnderWater(prices)
	n := float64(len(prices))
	return share * (n - 1) / n, err
}

func ulcerOfAll(prices []float64) (float64, error) {
	below, err := Underwater(prices)
	if err != nil {
		return absent, err
	}
	return finite(floats.Norm(below, 2) / math.Sqrt(float64(len(below))))
}

func calmarAfterFirst(s Sample) (float64, error) {
	annual, err := AnnualReturn(s.Prices, s.PeriodsPerYear)
	if err != nil {
		return absent, err
	}
	return afterFirst(func(prices []float64) (float64, error) { return perDrawdown(annual, prices) })(s)
}

func martin(s Sample) (float64, error) {
	gain, err := aboveRiskFreeYear(s)
	if err != nil {
		return absent, err
	}
	index, err := afterFirst(ulcerOfAll)(s)
	if err != nil {
		return absent, err
	}
	return divide(gain, index, noDrawdown)
}

func tailTimesGrowth(simple []float64, s Sample) (float64, error) {
	tail, err := tailRatio(simple)
	if err != nil {
		return absent, err
	}
	annual, err := AnnualReturn(s.Prices, s.PeriodsPerYear)
	if err != nil {
		return absent, err
	}
	return finite(tail * (1 + annual))
}
