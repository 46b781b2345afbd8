package stats

// tailTable says how bad the worst steps are.
var tailTable = []Statistic{
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
		Name: "tail_ratio", Title: "Tail ratio", Unit: unitRatio,
		Definition: "size of the 95 % quantile / size of the 5 % quantile of simple returns, linear interpolation (type 7)",
		Source:     "as empyrical",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return tailRatio(simple) }),
	},
	{
		Name: "common_sense_ratio", Title: "Common sense ratio", Unit: unitRatio,
		Definition: "profit factor × tail ratio",
		Source:     "as quantstats",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return commonSense(simple) }),
	},
	{
		Name: "tail_index", Title: "Tail index of losses", Unit: unitRatio,
		Definition: "α of P(loss > x) ~ x^-α by Hill, from the worst 5 % of simple returns, at least two",
		Source:     "Hill (1975), Annals of Statistics 3(5)",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return lossTailIndex(simple) }),
	},
}
