package stats

import "math"

// shapeTable says how returns are distributed and follow one another.
var shapeTable = []Statistic{
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
		Name: "stability", Title: "Stability", Unit: unitFraction,
		Definition: "R² of a straight line through the cumulative log returns",
		Source:     "as empyrical, stability_of_timeseries",
		compute:    ofReturns(stability),
	},
}
