package stats

import (
	"time"

	"gonum.org/v1/gonum/floats"
)

// quantStatsTable is the profile of quantstats.stats for a series of returns. The
// library subtracts the risk-free rate of a year from returns of the whole sample in
// some ratios; they say so.
var quantStatsTable = library("quantstats 0.0.86",
	as("total_return", "comp"),
	as("annual_return", "cagr"),
	redefined("best_day", "best", "highest simple return of a step", ofReturns(highest)),
	redefined("worst_day", "worst", "lowest simple return of a step", ofReturns(lowest)),
	redefined("best_week", "best, aggregate \"eow\"", weekOfYear, best(byWeekOfYear)),
	redefined("worst_week", "worst, aggregate \"eow\"", weekOfYear, worst(byWeekOfYear)),
	as("best_month", "best, aggregate \"eom\""),
	as("worst_month", "worst, aggregate \"eom\""),
	as("volatility", "volatility"),
	as("sharpe", "sharpe"),
	redefined("smart_sharpe", "smart_sharpe", "Sharpe ratio / autocorrelation penalty", ofReturns(penalised(sharpe, unsignedPenalty))),
	as("sortino", "sortino"),
	redefined("smart_sortino", "smart_sortino", "Sortino ratio / autocorrelation penalty", ofReturns(penalised(sortino, unsignedPenalty))),
	redefined("autocorrelation_penalty", "autocorr_penalty",
		"√(1 + 2 Σ (1 - k/n) |ρ|^k) over lags k below the number n of returns, with Pearson's correlation ρ of the returns with those before",
		ofReturns(unsignedPenalty)),
	as("probabilistic_sharpe", "probabilistic_sharpe_ratio"),
	as("calmar", "calmar"),
	as("omega", "omega"),
	redefined("gain_to_pain", "gain_to_pain_ratio", "sum of simple returns / size of the sum of those below 0, steps shorter than a day first added up to days in UTC",
		ofReturns(gainToPainOfDays)),
	as("max_drawdown", "max_drawdown"),
	redefined("longest_drawdown_length", "drawdown_details, column days",
		"days from the first below the high to the last below it, both included; a return belongs to the time of its later price",
		longestDays).in(unitDays),
	as("average_drawdown", "drawdown_details, column max drawdown"),
	redefined("average_drawdown_length", "drawdown_details, column days",
		"mean over all drawdowns of the days from the first below the high to the last below it, both included",
		averageDays).in(unitDays),
	as("ulcer_index", "ulcer_index"),
	redefined("ulcer_performance_index", "ulcer_performance_index", "(total return - annual risk-free rate) / ulcer index",
		totalPerUlcer),
	redefined("serenity_index", "serenity_index",
		"(sum of simple returns - annual risk-free rate) / (ulcer index × pitfall), pitfall being the expected shortfall at 5 % of the distances from the high, taken for normal, / standard deviation of a step",
		ofReturns(serenityOfSum)),
	redefined("recovery_factor", "recovery_factor", "size of (sum of simple returns - annual risk-free rate) / size of the maximum drawdown",
		ofReturns(unsignedRecovery)),
	as("win_rate", "win_rate"),
	as("payoff", "payoff_ratio"),
	as("profit_factor", "profit_factor"),
	as("kelly", "kelly_criterion"),
	redefined("var_5", "value_at_risk", "5 % quantile of a normal law with the mean and standard deviation (ddof 1) of simple returns",
		ofReturns(func(simple []float64, _ Sample) (float64, error) { return normalValueAtRisk(simple) })),
	redefined("cvar_5", "cvar", "expected shortfall at 5 % of a normal law with the mean and standard deviation (ddof 1) of simple returns",
		ofReturns(func(simple []float64, _ Sample) (float64, error) { return normalShortfall(simple) })),
	as("tail_ratio", "tail_ratio"),
	as("common_sense_ratio", "common_sense_ratio"),
	as("skewness", "skew"),
	as("excess_kurtosis", "kurtosis"),
	as("r_squared", "r_squared"),
	as("beta", "greeks"),
	redefined("alpha", "greeks", "(mean - β × mean of the benchmark) × p of simple returns, whatever the risk-free rate",
		ofBenchmark(alphaOfReturns)),
	redefined("treynor", "treynor_ratio", "(total return - annual risk-free rate) / beta", ofBenchmark(totalPerBeta)),
	as("information_ratio", "information_ratio"),
)

const weekOfYear = "compound return of the dates of one calendar year in weeks of one ISO number, so that days at both ends of a year may join; highest for best, lowest for worst"

func highest(simple []float64, _ Sample) (float64, error) { return finite(floats.Max(simple)) }

func lowest(simple []float64, _ Sample) (float64, error) { return finite(floats.Min(simple)) }

func totalAboveRiskFree(s Sample) (float64, error) {
	total, err := TotalReturn(s.Prices)
	if err != nil {
		return absent, err
	}
	return finite(total - s.RiskFree)
}

func totalPerUlcer(s Sample) (float64, error) {
	gain, err := totalAboveRiskFree(s)
	if err != nil {
		return absent, err
	}
	return perUlcer(gain, s.Prices)
}

func totalPerBeta(simple, benchmark []float64, s Sample) (float64, error) {
	gain, err := totalAboveRiskFree(s)
	if err != nil {
		return absent, err
	}
	return perBeta(gain, simple, benchmark)
}

func unsignedRecovery(simple []float64, s Sample) (float64, error) {
	gain := floats.Sum(simple) - s.RiskFree
	return perDrawdown(max(gain, -gain), s.Prices)
}

func serenityOfSum(simple []float64, s Sample) (float64, error) {
	spread, err := Volatility(simple, 1)
	if err != nil {
		return absent, err
	}
	below, err := Underwater(s.Prices)
	if err != nil {
		return absent, err
	}
	shortfall, err := normalShortfall(below[1:])
	if err != nil {
		return absent, err
	}
	return perPitfall(floats.Sum(simple)-s.RiskFree, shortfall, spread, s.Prices)
}

func alphaOfReturns(simple, benchmark []float64, s Sample) (float64, error) {
	s.RiskFree = 0
	return alpha(simple, benchmark, s)
}

// gainToPainOfDays adds up steps that are shorter than a day.
func gainToPainOfDays(simple []float64, s Sample) (float64, error) {
	if step, err := medianStep(s.Times); err == nil && step >= day || len(s.Times) == 0 {
		return gainToPain(simple)
	}
	groups, err := byDay.groups(simple, s.Times)
	if err != nil {
		return absent, err
	}
	days := make([]float64, len(groups))
	for i, group := range groups {
		days[i] = floats.Sum(group)
	}
	return gainToPain(days)
}

// underDays counts the days under water, from the time of the first return that ends
// below the high to that of the last one.
func underDays(d Drawdown, times []time.Time) float64 {
	last := d.End
	if d.Recovered {
		last--
	}
	return float64(times[last].Sub(times[d.Peak+1])/day) + 1
}

func longestDays(s Sample) (float64, error) {
	if _, err := checkTimes(s.Times, len(s.Prices)); err != nil {
		return absent, err
	}
	if err := checkPrices(s.Prices); err != nil {
		return absent, err
	}
	longest := 0.
	for d := range drawdowns(s.Prices) {
		longest = max(longest, underDays(d, s.Times))
	}
	return longest, nil
}

func averageDays(s Sample) (float64, error) {
	if _, err := checkTimes(s.Times, len(s.Prices)); err != nil {
		return absent, err
	}
	return meanDrawdown(s.Prices, func(d Drawdown) float64 { return underDays(d, s.Times) })
}
