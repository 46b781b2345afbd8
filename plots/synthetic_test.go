package plots

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// The data of the golden pictures are invented. They have the shape of Bitcoin
// from August 2025 to February 2026: the path runs through round numbers near
// the real turning points with seeded noise between them.
var turns = []struct {
	day   int
	price float64
}{{0, 114e3}, {13, 122e3}, {30, 109e3}, {48, 117e3}, {56, 110e3}, {66, 125e3}, {70, 112e3}, {78, 107e3}, {87, 114e3},
	{96, 103e3}, {112, 84e3}, {125, 92e3}, {140, 87e3}, {155, 90e3}, {166, 97e3}, {178, 88e3}, {184, 77e3}, {188, 63e3}, {193, 70e3}, {203, 68e3}}

const (
	days  = 204
	flush = 70 // 10 October 2025
)

func dates(n int) []time.Time {
	times := make([]time.Time, n)
	for i := range times {
		times[i] = time.Date(2025, 8, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i)
	}
	return times
}

func random() *rand.Rand { return rand.New(rand.NewPCG(7, 11)) }

func bitcoin() []float64 {
	r, price := random(), make([]float64, days)
	for i := range price {
		k := 1
		for turns[k].day < i {
			k++
		}
		a, b := turns[k-1], turns[k]
		w := float64(i-a.day) / float64(b.day-a.day)
		noise := .018 * r.NormFloat64() * math.Sqrt(w*(1-w))
		price[i] = math.Exp((1-w)*math.Log(a.price) + w*math.Log(b.price) + noise)
	}
	return price
}

func frame(title, subtitle string) Frame {
	return Frame{Title: title, Subtitle: subtitle, Source: "ebb, invented data in the shape of Bitcoin", Scenario: "redemption-loop",
		Hash: "4f9c2a71be03d8", Status: "reconstructed, not market data"}
}

func shocks() []Event {
	return []Event{{At: flush, Label: "10 Oct flush"}, {At: 112, Label: "21 Nov low"}, {At: 166, Label: "rates", Until: 180}, {At: 188, Label: "5 Feb"}}
}

func priceData() PriceData {
	price := bitcoin()
	counter, observed := nan(days), nan(days)
	r, gap, drift := random(), 0., 0.
	for i := flush; i < days; i++ {
		if i > flush {
			gap -= .35 * min(0, math.Log(price[i]/price[i-1])+.004) * .25
			gap *= .995
			drift += .006 * r.NormFloat64()
		}
		counter[i], observed[i] = price[i]*math.Exp(gap), price[i]*math.Exp(drift)
	}
	return PriceData{
		Frame:    frame("Redemptions deepen the fall after October", "Bitcoin, USD per coin"),
		Timeline: Timeline{Times: dates(days), Start: flush}, Events: shocks()[1:],
		Price: price, Name: "with loop", Counterfactual: counter, Without: "without loop", Observed: observed,
	}
}

func flowsData() FlowsData {
	r, price, flow := random(), bitcoin(), nan(days)
	for i, at := range dates(days) {
		if w := at.Weekday(); i > 0 && w != time.Saturday && w != time.Sunday {
			flow[i] = 6e9*math.Log(price[i]/price[i-1]) + 220e6*r.NormFloat64() - 30e6
		}
	}
	return FlowsData{Frame: frame("The funds lost $1.7bn, most of it after November", "US spot Bitcoin ETFs"), Timeline: Timeline{Times: dates(days), Start: 90},
		Events: shocks(), Flow: flow, Name: "Daily net flow, USD"}
}

func ledgerData() LedgerData {
	r, price := random(), bitcoin()
	parts := make([][]float64, 6)
	for i := range parts {
		parts[i] = make([]float64, days)
	}
	for i := 1; i < days; i++ {
		ret := math.Log(price[i] / price[i-1])
		for k, share := range []float64{.08, .12, .1, -.07, .05} {
			parts[k][i] = share * (ret + .006*r.NormFloat64())
		}
		parts[2][i] += .3 * min(0, ret+.05)
		parts[5][i] = .001 * r.NormFloat64()
	}
	news := make([]float64, days)
	for i := 1; i < days; i++ {
		news[i] = math.Log(price[i] / price[i-1])
		for _, p := range parts {
			news[i] -= p[i]
		}
	}
	return LedgerData{Frame: frame("A quarter of the fall was the market selling to itself", "Bitcoin, attribution by mechanism"),
		Timeline: Timeline{Times: dates(days)}, Events: shocks(), Price: price, News: news,
		Parts: []Part{{"ETF flow", "redemption.flow", parts[0]}, {"ETF response", "redemption.response", parts[1]},
			{"liquidations", "perps", parts[2]}, {"dip buyers", "dip_buyers", parts[3]}, {"trend", "trend", parts[4]}},
		Unexplained: parts[5]}
}

func fanData() FanData {
	price, history := bitcoin(), nan(days)
	copy(history, price[:flush+1])
	quantile := func(z float64) []float64 {
		q := nan(days)
		for i := flush; i < days; i++ {
			t := float64(i - flush)
			q[i] = price[flush] * math.Exp(-.0018*t+z*.022*math.Sqrt(t))
		}
		return q
	}
	counter := quantile(0)
	for i := flush; i < days; i++ {
		counter[i] *= math.Exp(.0008 * float64(i-flush))
	}
	observed := nan(days)
	copy(observed[flush:160], price[flush:]) // known only so far
	return FanData{Frame: frame("One path in twenty ends below $60k", "Bitcoin, USD per coin, 10,000 paths"),
		Timeline: Timeline{Times: dates(days), Start: flush}, Events: shocks()[1:], Unit: USD, History: history,
		Bands:  []Band{{"5–95 %", quantile(-1.645), quantile(1.645)}, {"10–90 %", quantile(-1.282), quantile(1.282)}, {"25–75 %", quantile(-.674), quantile(.674)}},
		Median: quantile(0), Kind: "redemption", Counterfactual: counter, Without: "median without loop", Observed: observed}
}

func drawdownData() DrawdownData {
	return DrawdownData{Frame: frame("Half of the price went in four months", "Bitcoin, distance from the highest close so far"),
		Timeline: Timeline{Times: dates(days), Start: 90}, Events: shocks(), Price: bitcoin()}
}

func treasuriesData() TreasuriesData {
	price := bitcoin()
	company := Holder{Name: "Company", AverageCost: make([]float64, days), UnrealisedPnL: make([]float64, days), Holdings: make([]float64, days)}
	fund := Holder{Name: "Fund", LiquidationPrice: make([]float64, days), HealthFactor: make([]float64, days),
		Holdings: make([]float64, days), UnrealisedPnL: make([]float64, days)}
	units, debt := 104e3, 5.6e9
	for i, p := range price {
		company.Holdings[i] = 630e3 + 500*float64(i)
		company.AverageCost[i] = 73e3 + 15*float64(i)
		company.UnrealisedPnL[i] = company.Holdings[i] * (p - company.AverageCost[i])
		if hf := units * p * .83 / debt; hf < 1.1 {
			sold := (1.1*debt - units*p*.83) / (p * (1.1 - .83))
			units, debt = units-sold, debt-sold*p
		}
		fund.HealthFactor[i], fund.LiquidationPrice[i] = units*p*.83/debt, debt/units/.83
		fund.Holdings[i], fund.UnrealisedPnL[i] = units, units*(p-92e3)
	}
	return TreasuriesData{Frame: frame("Treasuries went under water in February", "Two holders of Bitcoin"),
		Timeline: Timeline{Times: dates(days)}, Events: shocks(), Price: price, Holders: []Holder{company, fund}, TargetHealth: 1.1}
}

// goneData is ten holders: the two smallest are not drawn, the others are gone
// one after the other.
func goneData() TreasuriesData {
	price := bitcoin()
	d := TreasuriesData{Frame: frame("Holders leave one by one", "Ten holders of Bitcoin, 比特币"),
		Timeline: Timeline{Times: dates(days), Start: flush}, Events: shocks()[2:], Price: price}
	for k := range 10 {
		h := Holder{Name: string(rune('A' + k)), Holdings: nan(days), UnrealisedPnL: nan(days)}
		until := days
		if k > 0 {
			until = flush + 13*k
		}
		for i := flush; i < until; i++ {
			h.Holdings[i] = float64((k*7)%10+1) * 1e3 * (1 - .002*float64(i-flush))
			h.UnrealisedPnL[i] = h.Holdings[i] * (price[i] - 60e3 - 6e3*float64(k))
		}
		d.Holders = append(d.Holders, h)
	}
	return d
}

func wavesData() WavesData {
	move, sum, news := []float64{}, 0., -.02
	for range 11 {
		sum, news = sum+news, news/2
		move = append(move, sum)
	}
	return WavesData{Frame: frame("A fall of 2 % becomes one of 4 % within the day", "Cumulated log return after each wave, gain 0.5"),
		Move: move, Limit: -.04}
}

func distributionData() DistributionData {
	r := random()
	base, counter := make([]float64, 4000), make([]float64, 4000)
	for i := range base {
		z := r.NormFloat64()
		counter[i] = math.Exp(-.1+.3*z) - 1
		base[i] = math.Exp(-.17+.33*z-.03*z*z) - 1
	}
	sorted := slices.Sorted(slices.Values(base))
	tail := 0.
	for _, v := range sorted[:200] {
		tail += v / 200
	}
	return DistributionData{Frame: frame("The loop moves the whole distribution to the left", "Simple return to 20 February 2026, 4,000 paths"),
		Unit: Percent, Outcomes: base, Name: "with loop", Counterfactual: counter, Without: "without loop",
		Marks: []Statistic{{"median", sorted[2000]}, {"VaR 5 %", sorted[200]}, {"CVaR 5 %", tail}}}
}

func responseData() ResponseData {
	with, without, shock := []float64{}, []float64{}, []float64{}
	for i := range 31 {
		s := math.Min(1, float64(i))
		shock, without = append(shock, -.01*s), append(without, -.01*s*(1-.02*(1-math.Exp(-float64(i)/6))))
		with = append(with, -.01*s*(1+.2094*(1-math.Pow(.443, float64(i)))))
	}
	return ResponseData{Frame: frame("A shock of −1 % ends as −1.2 %", "Cumulative response of the log price"),
		Timeline: Timeline{Steps: 31, Caption: "days after the shock"}, With: with, Without: without, Shock: shock}
}
