package stats

// benchmarkTable says how it moves with the benchmark.
var benchmarkTable = []Statistic{
	{
		Name: "correlation", Title: "Correlation with the benchmark", Unit: unitRatio,
		Definition: "Pearson's correlation of the simple returns with those of the benchmark on the same steps",
		Source:     "definition",
		compute: ofBenchmark(func(simple, benchmark []float64, _ Sample) (float64, error) {
			return Correlation(simple, benchmark)
		}),
	},
	{
		Name: "r_squared", Title: "R² with the benchmark", Unit: unitFraction,
		Definition: "square of the correlation with the benchmark",
		Source:     "definition",
		compute:    ofBenchmark(rSquared),
	},
	{
		Name: "beta", Title: "Beta", Unit: unitRatio,
		Definition: "covariance of the simple returns with those of the benchmark / variance of these",
		Source:     "Sharpe (1964), Journal of Finance 19(3)",
		compute: ofBenchmark(func(simple, benchmark []float64, _ Sample) (float64, error) {
			return Beta(simple, benchmark)
		}),
	},
	{
		Name: "alpha", Title: "Alpha", Unit: unitPerYear,
		Definition: "(mean - β × mean of the benchmark) × p of simple returns above the risk-free one",
		Source:     "Jensen (1968), Journal of Finance 23(2)",
		compute:    ofBenchmark(alpha),
	},
	{
		Name: "treynor", Title: "Treynor ratio", Unit: unitRatio,
		Definition: "(annual return - risk-free rate) / beta",
		Source:     "Treynor (1965), Harvard Business Review 43",
		compute:    ofBenchmark(treynor),
	},
	{
		Name: "information_ratio", Title: "Information ratio", Unit: unitRatio,
		Definition: "mean / standard deviation (ddof 1) of the simple returns above those of the benchmark, of one step",
		Source:     "Goodwin (1998), Financial Analysts Journal 54(4)",
		compute:    ofBenchmark(informationRatio),
	},
	{
		Name: "capture", Title: "Capture ratio", Unit: unitRatio,
		Definition: "annual return / annual return of the benchmark",
		Source:     "as empyrical",
		compute:    ofBenchmark(capture),
	},
	{
		Name: "up_capture", Title: "Up capture", Unit: unitRatio,
		Definition: "mean return / mean return of the benchmark over the steps in which the benchmark rose",
		Source:     "definition",
		compute:    ofBenchmark(whereUp(meanCapture)),
	},
	{
		Name: "down_capture", Title: "Down capture", Unit: unitRatio,
		Definition: "mean return / mean return of the benchmark over the steps in which the benchmark fell",
		Source:     "definition",
		compute:    ofBenchmark(whereDown(meanCapture)),
	},
	{
		Name: "up_difference", Title: "Lead in rises of the benchmark", Unit: unitFraction,
		Definition: "mean of the return less that of the benchmark over the steps in which the benchmark rose",
		Source:     "as PerformanceSkew",
		compute:    ofBenchmark(whereUp(meanAhead)),
	},
	{
		Name: "down_difference", Title: "Lead in falls of the benchmark", Unit: unitFraction,
		Definition: "mean of the return less that of the benchmark over the steps in which the benchmark fell",
		Source:     "as PerformanceSkew",
		compute:    ofBenchmark(whereDown(meanAhead)),
	},
}
