package plots

import (
	"math"
	"slices"
	"time"
)

// leveraged is a ladder along a path, as rough as a picture needs: every step a
// share of both sides is opened anew at leverages of 5 to 100, and what the path
// runs through is liquidated.
func leveraged(price []float64, edges []float64, opened float64) (d LiquidationsData) {
	buckets := len(edges) - 1
	long, short := make([]float64, buckets), make([]float64, buckets)
	put := func(side []float64, at, amount float64) {
		if k, _ := slices.BinarySearch(edges, at); k > 0 && k <= buckets {
			side[k-1] += amount
		}
	}
	hit := func(side []float64, gone func(k int) bool) float64 {
		sum := 0.
		for k := range side {
			if gone(k) {
				sum += side[k]
				side[k] = 0
			}
		}
		return sum
	}
	for _, p := range price {
		d.Longs = append(d.Longs, hit(long, func(k int) bool { return edges[k] > p }))
		d.Shorts = append(d.Shorts, hit(short, func(k int) bool { return edges[k+1] < p }))
		for k := range long {
			long[k] *= 1 - opened
			short[k] *= 1 - opened
		}
		for i, leverage := range []float64{5, 10, 25, 50, 100} {
			amount := 15e9 * opened * []float64{.25, .3, .25, .15, .05}[i]
			for _, away := range []float64{-.02, -.01, 0, .01, .02} {
				put(long, p*(1+away)*(1-1/leverage), amount/5)
				put(short, p*(1+away)*(1+1/leverage), amount/5*.8)
			}
		}
		d.LongLadder, d.ShortLadder = append(d.LongLadder, slices.Clone(long)), append(d.ShortLadder, slices.Clone(short))
		total := 0.
		for k := range long {
			total += long[k] + short[k]
		}
		d.OpenInterest = append(d.OpenInterest, total)
	}
	d.Price, d.Edges = price, edges
	return d
}

// geometric are n+1 edges of buckets of equal ratio.
func geometric(lo, hi float64, n int) []float64 {
	edges := make([]float64, n+1)
	for k := range edges {
		edges[k] = lo * math.Pow(hi/lo, float64(k)/float64(n))
	}
	return edges
}

// noisy multiplies by seeded noise.
func noisy(values []float64, size float64) []float64 {
	r, noise := random(), make([]float64, len(values))
	for i, v := range values {
		noise[i] = v * math.Exp(size*r.NormFloat64())
	}
	return noise
}

func liquidationsData() LiquidationsData {
	d := leveraged(bitcoin()[days-140:], geometric(40e3, 190e3, 120), .15)
	d.Frame = frame("Longs were liquidated in falls, shorts in rebounds", "Bitcoin perpetuals")
	d.Timeline = Timeline{Times: dates(days)[days-140:]}
	d.Events = []Event{{At: 48, Label: "21 Nov low"}, {At: 124, Label: "5 Feb"}}
	d.ObservedLongs, d.ObservedShorts = noisy(d.Longs, .5), noisy(d.Shorts, .5)
	d.ObservedOpenInterest = noisy(d.OpenInterest, .03)
	for i := range 20 {
		d.ObservedLongs[i], d.ObservedShorts[i], d.ObservedOpenInterest[i] = math.NaN(), math.NaN(), math.NaN()
	}
	return d
}

// hourlyData are 4,300 hours, with history that has no ladder.
func hourlyData() LiquidationsData {
	r, price := random(), []float64{91e3}
	for len(price) < 4300 {
		price = append(price, price[len(price)-1]*math.Exp(.0055*r.NormFloat64()-.00006))
	}
	d := leveraged(price, geometric(30e3, 200e3, 400), .02)
	d.Frame = frame("Half a year by the hour", "Bitcoin perpetuals")
	d.Frame.Size = HalfPage
	for i := range d.Price {
		d.Times = append(d.Times, time.Date(2025, 12, 4, 6+i, 0, 0, 0, time.UTC))
	}
	d.Start, d.OpenInterest = 700, nil
	for i := range d.Start {
		d.LongLadder[i], d.ShortLadder[i], d.Longs[i], d.Shorts[i] = nil, nil, math.NaN(), math.NaN()
	}
	return d
}

// lit is on where a value has been on the right side for so many points.
func lit(values []float64, on func(v float64) bool, points int) []float64 {
	light, run := nan(len(values)), 0
	for i, v := range values {
		switch {
		case math.IsNaN(v):
			continue
		case on(v):
			run++
		default:
			run = 0
		}
		light[i] = 0
		if run >= points {
			light[i] = 1
		}
	}
	return light
}

func lightsData() LightsData {
	r, premium, flows, spread := random(), make([]float64, days), nan(days), nan(days)
	level := 0.
	for i := range premium {
		level += -.05*level + .00025*r.NormFloat64()
		premium[i] = level
	}
	flow := flowsData().Flow
	for i := 28; i < days; i++ {
		sum := 0.
		for _, v := range flow[i-27 : i+1] {
			sum += ifAbsent(v, 0)
		}
		flows[i] = sum
	}
	for i := 40; i < days; i++ {
		spread[i] = .01 + .006*math.Sin(float64(i)/17) + .0006*r.NormFloat64()
	}
	d := LightsData{Frame: frame("The three lights were seldom on together", "Bitcoin"),
		Timeline: Timeline{Times: dates(days), Start: flush}, Events: shocks()[1:], Price: bitcoin(), Interval: "95 % interval",
		Lights: []Light{
			{Name: "Coinbase premium, %", Rule: "on after five days above 0", On: lit(premium, func(v float64) bool { return v > 0 }, 5), Value: premium},
			{Name: "ETF flows over four weeks, USD", Rule: "on above 0", On: lit(flows, func(v float64) bool { return v > 0 }, 1), Value: flows, Unit: USD},
			{Name: "Basis, standard deviation over 30 days, points a year", Rule: "on below 1 %", On: lit(spread, func(v float64) bool { return v < .01 }, 1), Value: spread, Threshold: .01},
		}}
	p, low, high := nan(days), nan(days), nan(days)
	for i := flush; i < days; i++ {
		p[i] = .62 * (1 - math.Exp(-float64(i-flush)/60))
		half := 1.96 * math.Sqrt(p[i]*(1-p[i])/400)
		low[i], high[i] = max(0, p[i]-half), p[i]+half
	}
	d.Recovery = []ProbabilityRun{{Name: "recovered", Values: p, Low: low, High: high}}
	return d
}

// rowsData are lights without values, over steps.
func rowsData() LightsData {
	d := lightsData()
	d.Timeline, d.Events = Timeline{Steps: days, Start: flush, Caption: "days"}, nil
	d.Frame.Title = "Lights alone"
	for i := range d.Lights {
		d.Lights[i].Value = nil
		d.Lights[i].Name = []string{"Coinbase premium", "ETF flows", "Basis"}[i]
	}
	d.Recovery = nil
	return d
}

func splitData() SplitData {
	flows := flowsData()
	d := SplitData{Frame: frame("Most of the outflow was arbitrage that no longer paid", "US spot Bitcoin ETFs"),
		Timeline: flows.Timeline, Events: shocks(), Discretionary: nan(days), Arbitrage: nan(days), Basis: nan(days), Hurdle: nan(days)}
	r, size := random(), 9e9
	for i := range days {
		d.Hurdle[i] = .046 - .004*float64(i)/days
		d.Basis[i] = .085 - .06*float64(i)/days + .006*math.Sin(float64(i)/9) + .002*r.NormFloat64()
		target := 1.6e11 * max(d.Basis[i]-d.Hurdle[i], 0)
		if !math.IsNaN(flows.Flow[i]) {
			d.Arbitrage[i] = .05*(target-size) + 20e6*r.NormFloat64()
			size += d.Arbitrage[i]
			d.Discretionary[i] = flows.Flow[i]
		}
	}
	return d
}

func reclaimData() ReclaimData {
	price, history := bitcoin(), nan(days)
	copy(history, price[:140])
	quantile := func(z, drift float64) []float64 {
		q := nan(days)
		for i := 139; i < days; i++ {
			t := float64(i - 139)
			q[i] = price[139] * math.Exp(drift*t+z*.012*math.Sqrt(t))
		}
		return q
	}
	group := func(share, drift float64) PathGroup {
		return PathGroup{share, quantile(0, drift), []Band{{"5–95 %", quantile(-1.645, drift), quantile(1.645, drift)},
			{"25–75 %", quantile(-.674, drift), quantile(.674, drift)}}}
	}
	return ReclaimData{Frame: frame("Four paths in ten reclaim $93k", "Bitcoin, USD per coin, 10,000 paths"),
		Timeline: Timeline{Times: dates(days), Start: 139}, Level: 93e3, History: history,
		Reclaimed: group(.38, .0023), Not: group(.62, -.0021)}
}

func probabilityData() ProbabilityData {
	run := func(name, kind string, most, speed float64) ProbabilityRun {
		r := ProbabilityRun{Name: name, Kind: kind}
		for i := range 181 {
			p := most * (1 - math.Exp(-float64(i)/speed))
			half := 1.96 * math.Sqrt(p*(1-p)/300)
			r.Values, r.Low, r.High = append(r.Values, p), append(r.Low, max(0, p-half)), append(r.High, min(1, p+half))
		}
		return r
	}
	return ProbabilityData{Frame: frame("With the loop, recovery takes longer", "Probability that all three lights have been on"),
		Timeline: Timeline{Steps: 181, Caption: "days"}, Interval: "95 % interval",
		Runs: []ProbabilityRun{run("with the loop", "redemption", .55, 80), run("without it", "counterfactual", .7, 60)}}
}

func levelsData() LevelsData {
	split := splitData()
	r, with, without, seen, share := random(), nan(days), nan(days), nan(days), nan(days)
	for i, b := range split.Basis {
		with[i], seen[i] = b, b+.004*r.NormFloat64()
		if i >= 90 {
			without[i] = b + .0002*float64(i-90)
		}
		share[i] = 1.9 - .006*float64(i) + .03*r.NormFloat64()
	}
	premium := lightsData().Lights[0].Value
	return LevelsData{Frame: frame("Basis and premium fell together", "Bitcoin"), Timeline: split.Timeline, Events: shocks(),
		Panels: []LevelPanel{
			{Heading: "Futures basis, % a year", Series: []LevelSeries{{Name: "observed", Values: seen, Observed: true},
				{Name: "without carry", Kind: "counterfactual", Values: without, Beside: true}, {Name: "with carry", Kind: "carry", Values: with}},
				Thresholds: []Threshold{{"hurdle", .046}}},
			{Heading: "Coinbase premium, % of the price", Zero: true, Series: []LevelSeries{{Name: "premium", Kind: "premium", Values: premium}}},
			{Heading: "mNAV, market value over coins held", Unit: Number, Series: []LevelSeries{{Name: "Company", Kind: "treasury", Values: share}},
				Thresholds: []Threshold{{"issues above", 1}}},
		}}
}

// systems are the charts of single systems from a shape, as figures builds the
// others.
func (s shape) systems(f Frame, line Timeline, events []Event) map[string]func() (Figure, error) {
	v, none := s.values(1), nan(s.n)
	size, on, share := make([]float64, s.n), make([]float64, s.n), make([]float64, s.n)
	_, top := reach(v)
	for i, x := range v {
		size[i], on[i], share[i] = math.Abs(x), x, x
		if !math.IsNaN(x) {
			on[i], share[i] = float64(i%2), max(0, min(1, x/top)) // all switches at once
		}
		if math.IsNaN(share[i]) && !math.IsNaN(x) {
			share[i] = 0
		}
	}
	run := ProbabilityRun{Name: "a run", Values: share, Low: share, High: share}
	charts := map[string]func() (Figure, error){
		"lights": func() (Figure, error) {
			return Lights(LightsData{Frame: f, Timeline: line, Events: events, Price: none, Recovery: []ProbabilityRun{run, {Values: none}}, Interval: "interval",
				Lights: []Light{{Name: "flickers", On: on}, {Name: "has a value", Rule: "on above 0", On: on, Value: v, Unit: USD}, {Name: "is never known", On: none, Value: none}}})
		},
		"split": func() (Figure, error) {
			return Split(SplitData{Frame: f, Timeline: line, Events: events, Discretionary: v, Arbitrage: s.values(-.5), Basis: v, Hurdle: s.values(.99)})
		},
		"split of one part": func() (Figure, error) {
			return Split(SplitData{Frame: f, Timeline: line, Events: events, Discretionary: none, Arbitrage: v})
		},
		"probability": func() (Figure, error) {
			return Probability(ProbabilityData{Frame: f, Timeline: line, Events: events, Runs: []ProbabilityRun{run, {Name: "the same", Values: share}}})
		},
		"levels": func() (Figure, error) {
			return Levels(LevelsData{Frame: f, Timeline: line, Events: events, Panels: []LevelPanel{
				{Heading: "A level, USD", Unit: USD, Zero: true, Series: []LevelSeries{{Name: "level", Values: v}, {Name: "observed", Values: v, Observed: true}}, Thresholds: []Threshold{{"none", math.NaN()}, {"", 1}}},
				{Heading: "Nothing", Series: []LevelSeries{{Values: none}}},
				{Heading: "A ratio", Unit: Number, Series: []LevelSeries{{Name: "with", Values: v}, {Name: "without", Values: s.values(-1), Beside: true}}}}})
		},
	}
	if s.signed {
		return charts
	}
	group := PathGroup{Share: .5, Median: v, Bands: []Band{{"5–95 %", v, v}, {"absent", none, none}}}
	charts["reclaim"] = func() (Figure, error) {
		return Reclaim(ReclaimData{Frame: f, Timeline: line, Events: events, Level: top, History: v, Reclaimed: group, Not: group, Observed: v, Log: true})
	}
	charts["reclaim of no path"] = func() (Figure, error) {
		return Reclaim(ReclaimData{Frame: f, Timeline: line, Level: top, Not: PathGroup{Share: 1, Median: v}})
	}
	ladder := make([][]float64, s.n)
	for i := range ladder {
		if i%5 > 0 || s.n == 1 {
			ladder[i] = []float64{size[i], math.NaN(), 0, 1}
		}
	}
	edges := []float64{top / 2, top, top * 2, top * 2.5, top * 3}
	charts["liquidations"] = func() (Figure, error) {
		return Liquidations(LiquidationsData{Frame: f, Timeline: line, Events: events, Price: v, Edges: edges, LongLadder: ladder, Longs: size, Shorts: none,
			ObservedLongs: size, ObservedShorts: size, OpenInterest: none, ObservedOpenInterest: size})
	}
	charts["liquidations of nothing"] = func() (Figure, error) {
		return Liquidations(LiquidationsData{Frame: f, Timeline: Timeline{Steps: s.n}, Price: v, Edges: edges[:2], LongLadder: slices.Repeat([][]float64{{0}}, s.n)})
	}
	return charts
}
