package stats

// winsTable says how often and how much a step wins.
var winsTable = []Statistic{
	{
		Name: "win_rate", Title: "Win rate", Unit: unitFraction,
		Definition: "share of returns above 0 among those that are not 0",
		Source:     "as quantstats",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return winRate(simple) }),
	},
	{
		Name: "payoff", Title: "Payoff ratio", Unit: unitRatio,
		Definition: "mean return above 0 / size of the mean return below 0",
		Source:     "definition",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return payoff(simple) }),
	},
	{
		Name: "profit_factor", Title: "Profit factor", Unit: unitRatio,
		Definition: "sum of returns above 0 / size of the sum of those below 0",
		Source:     "definition",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return profitFactor(simple) }),
	},
	{
		Name: "kelly", Title: "Kelly fraction", Unit: unitFraction,
		Definition: "w - (1 - w)/b with win rate w and payoff ratio b",
		Source:     "Kelly (1956), Bell System Technical Journal 35(4)",
		compute:    ofReturns(func(simple []float64, _ Sample) (float64, error) { return kelly(simple) }),
	},
}
