package stats

import "math"

const (
	unitFraction = "fraction"
	unitPerYear  = "fraction per year"
	unitRatio    = "ratio"
	unitSteps    = "steps"
)

// worstShare is the share of worst returns behind value at risk and expected shortfall.
const worstShare = 0.05

// table holds every statistic of a sample. Return statistics use simple returns, as
// the common performance libraries do, so that their numbers can be compared.
var table = []Statistic{
	{
		Name: "total_return", Title: "Total return", Unit: unitFraction,
		Definition: "last price / first price - 1",
		Source:     "definition",
		compute:    func(s Sample) (float64, error) { return TotalReturn(s.Prices) },
	},
	{
		Name: "annual_return", Title: "Annual return (CAGR)", Unit: unitPerYear,
		Definition: "(1 + total return)^(p/n) - 1 with n returns and p periods per year",
		Source:     "as empyrical, cagr",
		compute:    func(s Sample) (float64, error) { return AnnualReturn(s.Prices, s.PeriodsPerYear) },
	},
	{
		Name: "volatility", Title: "Volatility", Unit: unitPerYear,
		Definition: "standard deviation of simple returns (ddof 1) × √p with p periods per year",
		Source:     "as quantstats and empyrical",
		compute: ofReturns(func(simple []float64, s Sample) (float64, error) {
			return Volatility(simple, s.PeriodsPerYear)
		}),
	},
	{
		Name: "sharpe", Title: "Sharpe ratio", Unit: unitRatio,
		Definition: "mean / standard deviation (ddof 1) × √p of simple returns above (1 + annual risk-free rate)^(1/p) - 1",
		Source:     "Sharpe (1994), Journal of Portfolio Management 21(1)",
		compute: ofReturns(func(simple []float64, s Sample) (float64, error) {
			return Sharpe(simple, s.RiskFree, s.PeriodsPerYear)
		}),
	},
	{
		Name: "max_drawdown", Title: "Maximum drawdown", Unit: unitFraction,
		Definition: "lowest price / highest price so far - 1, from the first price on; negative",
		Source:     "as quantstats and empyrical",
		compute:    ofDrawdown(func(d Drawdown) float64 { return d.Depth }),
	},
	{
		Name: "max_drawdown_length", Title: "Length of the maximum drawdown", Unit: unitSteps,
		Definition: "steps from the peak of the maximum drawdown until the price is back at it, or until the path ends",
		Source:     "definition",
		compute:    ofDrawdown(func(d Drawdown) float64 { return float64(d.Length()) }),
	},
	{
		Name: "var_5", Title: "Value at risk, 5 %", Unit: unitFraction,
		Definition: "5 % quantile of simple returns of one step, historical, linear interpolation (type 7); negative for a loss",
		Source:     "Hyndman and Fan (1996), American Statistician 50(4); as empyrical",
		compute: ofReturns(func(simple []float64, _ Sample) (float64, error) {
			return ValueAtRisk(simple, worstShare)
		}),
	},
	{
		Name: "cvar_5", Title: "Expected shortfall (CVaR), 5 %", Unit: unitFraction,
		Definition: "mean of the simple returns at or below the 5 % value at risk; negative for a loss",
		Source:     "Acerbi and Tasche (2002), Journal of Banking and Finance 26(7), historical estimate",
		compute: ofReturns(func(simple []float64, _ Sample) (float64, error) {
			return ExpectedShortfall(simple, worstShare)
		}),
	},
	{
		Name: "skewness", Title: "Skewness", Unit: unitRatio,
		Definition: "bias-corrected skewness G1 of simple returns",
		Source:     "Joanes and Gill (1998), The Statistician 47(1); as pandas skew",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return Skewness(simple) }),
	},
	{
		Name: "excess_kurtosis", Title: "Excess kurtosis", Unit: unitRatio,
		Definition: "bias-corrected kurtosis G2 of simple returns, 0 for the normal law",
		Source:     "Joanes and Gill (1998), The Statistician 47(1); as pandas kurt",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return ExcessKurtosis(simple) }),
	},
	{
		Name: "autocorrelation", Title: "Autocorrelation", Unit: unitRatio,
		Definition: "autocorrelation of simple returns at a lag of one step, about one common mean",
		Source:     "Box and Jenkins (1976), Time Series Analysis, section 2.1",
		compute: ofReturns(func(simple []float64, _ Sample) (float64, error) {
			return Autocorrelation(simple, 1)
		}),
	},
	{
		Name: "autocorrelation_abs", Title: "Autocorrelation of size", Unit: unitRatio,
		Definition: "autocorrelation of the absolute simple returns at a lag of one step: positive when volatility clusters",
		Source:     "Cont (2001), Quantitative Finance 1(2)",
		compute: ofReturns(func(simple []float64, _ Sample) (float64, error) {
			for i, r := range simple {
				simple[i] = math.Abs(r)
			}
			return Autocorrelation(simple, 1)
		}),
	},
	{
		Name: "correlation", Title: "Correlation with the benchmark", Unit: unitRatio,
		Definition: "Pearson's correlation of the simple returns with those of the benchmark on the same steps",
		Source:     "definition",
		compute:    ofReturns(correlationWithBenchmark),
	},
}

func correlationWithBenchmark(simple []float64, s Sample) (float64, error) {
	if len(s.Benchmark) == 0 {
		return absent, ErrBenchmark
	}
	benchmark, err := SimpleReturns(s.Benchmark)
	if err != nil {
		return absent, err
	}
	return Correlation(simple, benchmark)
}

// ofReturns makes a statistic of a sample from one of its simple returns, which are
// its own to alter.
func ofReturns(of func(simple []float64, s Sample) (float64, error)) func(Sample) (float64, error) {
	return func(s Sample) (float64, error) {
		simple, err := SimpleReturns(s.Prices)
		if err != nil {
			return absent, err
		}
		return of(simple, s)
	}
}

// ofDrawdown makes a statistic of a sample from its deepest drawdown.
func ofDrawdown(of func(Drawdown) float64) func(Sample) (float64, error) {
	return func(s Sample) (float64, error) {
		deepest, err := MaxDrawdown(s.Prices)
		if err != nil {
			return absent, err
		}
		return of(deepest), nil
	}
}
