package stats

// drawdownTable says how far and how long it was below its high.
var drawdownTable = []Statistic{
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
		Name: "longest_drawdown_length", Title: "Length of the longest drawdown", Unit: unitSteps,
		Definition: "steps from the peak of the longest drawdown until the price is back at it, or until the path ends",
		Source:     "definition",
		compute:    func(s Sample) (float64, error) { return longestLength(s.Prices) },
	},
	{
		Name: "average_drawdown", Title: "Average drawdown", Unit: unitFraction,
		Definition: "mean depth of all drawdowns; negative",
		Source:     "definition",
		compute:    func(s Sample) (float64, error) { return averageDrawdown(s.Prices) },
	},
	{
		Name: "average_drawdown_length", Title: "Average length of a drawdown", Unit: unitSteps,
		Definition: "mean length of all drawdowns, one that has not ended included",
		Source:     "definition",
		compute:    func(s Sample) (float64, error) { return averageLength(s.Prices) },
	},
	{
		Name: "time_under_water", Title: "Time under water", Unit: unitFraction,
		Definition: "share of steps that end below the highest price so far",
		Source:     "definition",
		compute:    func(s Sample) (float64, error) { return timeUnderWater(s.Prices) },
	},
	{
		Name: "ulcer_index", Title: "Ulcer index", Unit: unitFraction,
		Definition: "√(Σd²/(n-1)) of the distance d from the highest price so far at the end of each of n steps",
		Source:     "Martin and McCann (1989), The Investor's Guide to Fidelity Funds; as quantstats",
		compute:    func(s Sample) (float64, error) { return ulcer(s.Prices) },
	},
	{
		Name: "ulcer_performance_index", Title: "Ulcer performance index", Unit: unitRatio,
		Definition: "(annual return - risk-free rate) / ulcer index",
		Source:     "Martin and McCann (1989), The Investor's Guide to Fidelity Funds",
		compute:    ulcerPerformance,
	},
	{
		Name: "serenity_index", Title: "Serenity index", Unit: unitRatio,
		Definition: "(annual return - risk-free rate) / (ulcer index × pitfall), pitfall being the historical expected shortfall at 5 % of the distances from the high / volatility",
		Source:     "as quantstats, made annual and historical",
		compute:    ofReturns(serenity),
	},
	{
		Name: "recovery_factor", Title: "Recovery factor", Unit: unitRatio,
		Definition: "sum of simple returns / size of the maximum drawdown, with its sign",
		Source:     "as quantstats",
		compute:    ofReturns(recovery),
	},
}
