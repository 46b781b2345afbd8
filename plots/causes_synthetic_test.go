package plots

import "math"

// attributionData leads from the news of a winter to its fall by mechanisms.
func attributionData() WaterfallData {
	share := func(name, kind string, value float64) Step {
		return Step{Name: name, Kind: kind, Value: value, Range: Range{Low: value - .004, High: value + .004}}
	}
	return WaterfallData{Frame: Frame{Title: "Total return of BTC: what is news, and what the market did to itself",
		Subtitle: "Shapley value of each mechanism; mean of 1,000 paths", Source: "synthetic", Scenario: "golden", Hash: "0123456789ab"},
		Unit: Percent, StartName: "news", Start: -.375, EndName: "total", End: math.NaN(),
		Steps: []Step{share("dip buyers", "dip_buyers", .003), share("perps", "perps", -.012), share("redemption", "redemption", -.071),
			share("treasury", "treasury", .007), share("trend", "trend", -.006)}}
}

// fragilityData is a price and how much it multiplies the next bit of news.
func fragilityData() LevelsData {
	price := priceData()
	multiplier := make([]float64, len(price.Price))
	for i := range multiplier {
		multiplier[i] = 1.05 + .04*math.Sin(float64(i)/3) + .3*math.Exp(-math.Pow(float64(i-60)/4, 2))
	}
	for i := range price.Start {
		multiplier[i] = math.NaN()
	}
	return LevelsData{Frame: Frame{Title: "How much the market multiplied the next bit of news: BTC",
		Subtitle: "change of the close over the change of the step's news; replay", Source: "synthetic", Scenario: "golden", Hash: "0123456789ab"},
		Timeline: price.Timeline, Panels: []LevelPanel{
			{Heading: "Price, USD per coin", Unit: USD, Series: []LevelSeries{{Name: "with everything", Values: price.Price}}},
			{Heading: "Multiplier within the step; 1/(1−gain), without end where the gain reaches 1", Unit: Number,
				Series: []LevelSeries{{Kind: "redemption", Values: multiplier}}, Thresholds: []Threshold{{Name: "news alone", Value: 1}}}}}
}

// reverseData is a price under a found shock beside the path as it was.
func reverseData() PriceData {
	d := priceData()
	d.Title, d.Subtitle = "The smallest shock for max drawdown at most −50.00 %", "BTC, USD per coin, the most central of 10,000 paths"
	d.Name, d.Without, d.Between = "with the shock found", "with everything", "difference"
	return d
}
