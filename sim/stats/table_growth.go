package stats

// growthTable says how much was earned.
var growthTable = []Statistic{
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
		Name: "best_day", Title: "Best day", Unit: unitFraction,
		Definition: "highest compound return of a day in UTC, parts at the ends included; a return belongs to the time of its later price",
		Source:     "definition",
		compute:    best(byDay),
	},
	{
		Name: "worst_day", Title: "Worst day", Unit: unitFraction,
		Definition: "lowest compound return of a day in UTC, parts at the ends included; a return belongs to the time of its later price",
		Source:     "definition",
		compute:    worst(byDay),
	},
	{
		Name: "best_week", Title: "Best week", Unit: unitFraction,
		Definition: "highest compound return of a week of ISO 8601, Monday to Sunday in UTC, parts at the ends included; a return belongs to the time of its later price",
		Source:     "definition",
		compute:    best(byWeek),
	},
	{
		Name: "worst_week", Title: "Worst week", Unit: unitFraction,
		Definition: "lowest compound return of a week of ISO 8601, Monday to Sunday in UTC, parts at the ends included; a return belongs to the time of its later price",
		Source:     "definition",
		compute:    worst(byWeek),
	},
	{
		Name: "best_month", Title: "Best month", Unit: unitFraction,
		Definition: "highest compound return of a calendar month in UTC, parts at the ends included; a return belongs to the time of its later price",
		Source:     "definition",
		compute:    best(byMonth),
	},
	{
		Name: "worst_month", Title: "Worst month", Unit: unitFraction,
		Definition: "lowest compound return of a calendar month in UTC, parts at the ends included; a return belongs to the time of its later price",
		Source:     "definition",
		compute:    worst(byMonth),
	},
}
