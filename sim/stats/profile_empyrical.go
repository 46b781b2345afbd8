package stats

// empyricalTable is the profile of empyrical.stats. The library takes the risk-free
// return of one period, which here is (1 + annual rate)^(1/p) - 1, also as the return
// required by the Sortino ratio and the downside deviation.
var empyricalTable = library("empyrical-reloaded 0.7.1",
	as("total_return", "cum_returns_final"),
	as("annual_return", "annual_return"),
	as("best_week", "aggregate_returns, weekly"),
	as("worst_week", "aggregate_returns, weekly"),
	as("best_month", "aggregate_returns, monthly"),
	as("worst_month", "aggregate_returns, monthly"),
	as("volatility", "annual_volatility"),
	as("downside_deviation", "downside_risk"),
	as("sharpe", "sharpe_ratio"),
	as("sortino", "sortino_ratio"),
	as("calmar", "calmar_ratio"),
	as("omega", "omega_ratio"),
	as("max_drawdown", "max_drawdown"),
	as("var_5", "value_at_risk"),
	redefined("cvar_5", "conditional_value_at_risk", countedWorst,
		ofReturns(func(simple []float64, _ Sample) (float64, error) { return countedShortfall(simple) })),
	as("tail_ratio", "tail_ratio"),
	redefined("skewness", "SIMPLE_STAT_FUNCS: scipy.stats.skew", "skewness g1 = m₃/m₂^1.5 of simple returns, without correction",
		ofReturns(func(simple []float64, _ Sample) (float64, error) { return momentSkewness(simple) })),
	redefined("excess_kurtosis", "SIMPLE_STAT_FUNCS: scipy.stats.kurtosis", "kurtosis g2 = m₄/m₂² - 3 of simple returns, without correction",
		ofReturns(func(simple []float64, _ Sample) (float64, error) { return momentExcessKurtosis(simple) })),
	as("stability", "stability_of_timeseries"),
	as("beta", "beta"),
	redefined("alpha", "alpha", yearlyAlpha, ofBenchmark(compoundAlpha)),
	as("information_ratio", "excess_sharpe"),
	as("capture", "capture"),
	redefined("up_capture", "up_capture", captureWhere+"rose", ofBenchmark(whereUp(capture))),
	redefined("down_capture", "down_capture", captureWhere+"fell", ofBenchmark(whereDown(capture))),
)

const (
	countedWorst = "mean of the int((n-1) × 0.05) + 1 lowest simple returns"
	yearlyAlpha  = "(1 + mean - β × mean of the benchmark)^p - 1 of simple returns above the risk-free one"
	captureWhere = "ratio of the returns, compounded and annualised, over the steps in which the benchmark "
)
