package plots

import (
	"math"
	"slices"
)

// The flows of the week reported on 26 January 2026 and the assets around it are
// those of data/facts; all other data are invented.
func breakdownData() BreakdownData {
	const m = 1e6
	one := func(name string, v float64) DimensionFlow { return DimensionFlow{Name: name, Value: v * m} }
	pending := func(name string, v float64) DimensionFlow {
		return DimensionFlow{Name: name, Value: v * m, Status: "pending"}
	}
	return BreakdownData{
		Frame: Frame{Title: "Bitcoin and the United States account for the exodus", Subtitle: "Flows of digital-asset funds, week reported on 26 January 2026",
			Source: "CoinShares, as the press reports it; the row “others” is invented", Scenario: "weekly-exodus", Hash: "4f9c2a71be03d8"},
		Dimensions: []Dimension{
			{"By asset", []DimensionFlow{
				{"Bitcoin", -1090 * m, Range{-1090 * m, -1000 * m}, "reported"},
				{"Ether", -630 * m, Range{-630 * m, -308 * m}, "conflicting"},
				one("Solana", 17.1), one("XRP", -18.2), one("Sui", -6), one("BNB", 4.6), one("Chainlink", 3.8), one("short Bitcoin", .5),
			}},
			{"By region", []DimensionFlow{
				{"United States", -1800 * m, Range{-1800 * m, -1600 * m}, "reported"},
				pending("Canada", 33.5), pending("Switzerland", 32.5), pending("Germany", 19.1), pending("Sweden", -11.1), one("Netherlands", -4.4),
			}},
			{"By issuer", []DimensionFlow{
				one("iShares", -951), one("Fidelity", -469), one("Grayscale", -270), one("Volatility Shares", 83), one("ProFunds", 37),
				{"others", math.NaN(), Range{}, "disputed"},
			}},
		},
	}
}

func bridgeData() AUMBridgeData {
	return AUMBridgeData{Frame: Frame{Title: "Prices, not redemptions, took most of the assets", Subtitle: "Assets under management of digital-asset funds, USD",
		Source: "CoinShares, as the press reports it", Scenario: "weekly-exodus", Hash: "4f9c2a71be03d8"},
		Before: 193e9, After: 178e9, BeforeName: "19 January", AfterName: "26 January", Flow: -1.73e9, FlowRange: Range{-1.73e9, -1.7e9}}
}

func waterfallData() WaterfallData {
	return WaterfallData{Frame: frame("A quarter of the fall was the market selling to itself", "Log return of Bitcoin by mechanism, October to February"), Unit: Percent,
		Steps: []Step{
			{Name: "news", Kind: "news", Value: -.392}, {Name: "ETF flow", Kind: "redemption.flow", Value: -.031, Range: Range{-.045, -.018}},
			{Name: "ETF response", Kind: "redemption.response", Value: -.062, Range: Range{-.081, -.04}}, {Name: "liquidations", Kind: "perps", Value: -.048},
			{Name: "treasuries", Kind: "treasury", Value: -.006}, {Name: "trend followers", Kind: "trend", Value: -.021},
			{Name: "dip buyers", Kind: "dip_buyers", Value: .037}, {Name: "unexplained", Kind: "unexplained", Value: .006},
		}, EndName: "log return", End: -.517}
}

func skewData() SkewData {
	return SkewData{Frame: frame("Bitcoin lagged shares most on days on which they fell", "Simple daily returns, 10 October 2025 to 10 February 2026, %"), Asset: "Bitcoin",
		Benchmarks: []Benchmark{
			{"Nasdaq-100", Conditional{-.0102, .0048, 38}, Conditional{-.0021, .0034, 44}},
			{"AI shares", Conditional{-.0097, .0045, 40}, Conditional{-.0034, .0036, 42}},
			{"software", Conditional{-.0024, .0040, 47}, Conditional{-.0068, .0031, 35}},
		}}
}

func sensitivityData() SensitivityData {
	d := SensitivityData{Frame: frame("Amplification rises faster than the share of algorithmic money", "Mean fall with trend followers over that without them"),
		Parameter: "share of algorithmic money", ValueUnit: Percent, Unit: Number, Interval: "95 % interval over paths",
		Marks: []Statistic{{"default", .1}}, References: []Statistic{{"no amplification", 1}}}
	for i, gain := range []float64{1.1, 1.7} {
		s := SensitivitySeries{Name: []string{"calm market", "thin market"}[i], Kind: "trend"}
		for k := range 9 {
			v := float64(k) * .05
			y := 1 / (1 - gain*v)
			s.Outcome, s.Low, s.High = append(s.Outcome, y), append(s.Low, y*(1-.25*v)), append(s.High, y*(1+.3*v))
			if i == 0 {
				d.Values = append(d.Values, v)
			}
		}
		d.Series = append(d.Series, s)
	}
	return d
}

func exposureData() ExposureData {
	price, value := bitcoin(), make([]float64, days)
	for i, p := range price {
		value[i] = 96.6e6 * math.Pow(p/price[0], 1.6)
	}
	loss := value[days-1] - value[0]
	return ExposureData{Frame: frame("A treasury's share loses more than the coin it holds", "A bank's holding of a treasury's shares"),
		Timeline: Timeline{Times: dates(days)}, Events: shocks(), Value: value, Name: "Value of the shares",
		Steps: []Step{{Name: "price of the coin", Kind: "price", Value: .62 * loss}, {Name: "mNAV", Kind: "premium", Value: .27 * loss},
			{Name: "leverage", Kind: "treasury", Value: loss - .62*loss - .27*loss}}}
}

func relativeData() RelativeData {
	return RelativeData{Frame: Frame{Title: "Solana gains little money, but much for its size", Subtitle: "Flows of digital-asset funds in the week reported on 26 January 2026",
		Source: "CoinShares, as the press reports it; assets are invented", Scenario: "high-beta-rotation", Hash: "4f9c2a71be03d8"},
		Assets: []AssetFlow{{"Bitcoin", -1090e6, 150e9}, {"Ether", -630e6, 26e9}, {"Solana", 17.1e6, 3.4e9}, {"XRP", -18.2e6, 2.6e9}, {"Chainlink", 3.8e6, 90e6}, {"Sui", -6e6, math.NaN()}}}
}

func coMovementData() CoMovementData {
	r, price := random(), bitcoin()
	silver, other, otherSilver, flow := make([]float64, days), make([]float64, days), make([]float64, days), make([]float64, days)
	correlation := nan(days)
	for i := range price {
		silver[i] = 38 * math.Exp(.0032*float64(i)-.3*math.Log(price[i]/price[0])+.012*r.NormFloat64())
		other[i], otherSilver[i] = price[i]*math.Exp(.003*r.NormFloat64()), silver[i]*math.Exp(.004*r.NormFloat64())
		flow[i] = 9e6 * (1 + r.NormFloat64())
		if i >= 30 {
			correlation[i] = -.3 + .25*math.Sin(float64(i)/20)
		}
	}
	otherCorrelation := slices.Clone(correlation)
	for i := range otherCorrelation {
		otherCorrelation[i] += .02 * r.NormFloat64()
	}
	return CoMovementData{Frame: frame("Prices cannot tell a rotation from a common shock", "Two runs that end alike"),
		Timeline: Timeline{Times: dates(days)}, A: "Bitcoin", B: "silver", Window: "30 days",
		Runs: []Run{{"rotation", price, silver, flow, correlation}, {"common shock", other, otherSilver, make([]float64, days), otherCorrelation}}}
}

func rollingData() RollingData {
	rho, beta := Rolled{nan(days), nan(days), nan(days), nil}, Rolled{nan(days), nan(days), nan(days), nil}
	for i := 59; i < days; i++ {
		v := .35 + .3*math.Sin(float64(i)/25)
		rho.Value[i], rho.Low[i], rho.High[i] = v, v-.25*(1-v*v), v+.2*(1-v*v)
		beta.Value[i], beta.Low[i], beta.High[i] = 2.4*v, 2.4*v-.6, 2.4*v+.6
	}
	return RollingData{Frame: frame("Bitcoin moved with shares in the fall", "Bitcoin and the Nasdaq-100, daily log returns"),
		Timeline: Timeline{Times: dates(days)}, Events: shocks(), Window: "60 days", Interval: "95 % interval", Correlation: rho, Beta: beta}
}
