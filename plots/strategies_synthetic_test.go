package plots

import (
	"fmt"
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim/stats"
)

// decade is a price of so many days from 2017 on, with seeded noise around a rise and two
// long falls.
func decade(n int) (times []time.Time, price []float64) {
	r := random()
	level := 0.
	for i := range n {
		times = append(times, time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i))
		level += .0011 + .0035*math.Sin(float64(i)/230) + .028*r.NormFloat64()
		price = append(price, 1000*math.Exp(level))
	}
	return times, price
}

// followed is what 100,000 USD become that are in the asset while its mean of a month is
// above that of a quarter, with the weights and the points at which they change.
func followed(price []float64, capital float64) (equity, weight []float64, buys, sells []int) {
	mean := func(i, n int) float64 {
		sum := 0.
		for k := i - n + 1; k <= i; k++ {
			sum += price[k] / float64(n)
		}
		return sum
	}
	equity, weight = make([]float64, len(price)), make([]float64, len(price))
	equity[0] = capital
	for i := 1; i < len(price); i++ {
		equity[i] = equity[i-1] * (1 + weight[i-1]*(price[i]/price[i-1]-1))
		if weight[i] = weight[i-1]; i < 60 {
			continue
		}
		switch up := mean(i, 20) > mean(i, 60); {
		case up && weight[i] == 0:
			weight[i], buys = 1, append(buys, i)
		case !up && weight[i] > 0:
			weight[i], sells = 0, append(sells, i)
		}
	}
	return equity, weight, buys, sells
}

func grown(price []float64, capital float64) []float64 {
	values := make([]float64, len(price))
	for i, p := range price {
		values[i] = capital * p / price[0]
	}
	return values
}

func equityData() EquityData {
	times, price := decade(1200)
	equity, weight, buys, sells := followed(price, 1e5)
	return EquityData{Frame: frame("The rule was out of the market in the second fall", "Trend rule on an invented asset, USD"),
		Timeline: Timeline{Times: times}, Unit: USD, Equity: equity, Name: "trend rule", Benchmark: grown(price, 1e5), BenchmarkName: "held",
		Exposure: weight, Buys: buys, Sells: sells, Events: []Event{{At: 700, Label: "the high"}}}
}

func monthlyData() MonthlyData {
	times, price := decade(3300)
	months, _ := stats.MonthlyReturns(times, price, times[len(times)-1].AddDate(0, 0, 1))
	return MonthlyData{Frame: frame("Four of the nine years to 2025 ended lower", "Invented asset, simple returns of calendar months"), Months: months}
}

func periodsData() DrawdownPeriodsData {
	times, price := decade(2400)
	return DrawdownPeriodsData{Frame: frame("The asset spent most of its time below an earlier high", "Invented asset, USD per coin"),
		Timeline: Timeline{Times: times}, Unit: USD, Price: price, Name: "price"}
}

func performanceData() RollingData {
	n := 900
	times, _ := decade(n)
	d := RollingData{Frame: frame("Risk fell by half, and the reward with it", "Trend rule, daily returns"), Timeline: Timeline{Times: times}, Window: "180 days"}
	sharpe, volatility, beta := nan(n), nan(n), nan(n)
	for i := 180; i < n; i++ {
		u := float64(i) / 150
		sharpe[i], volatility[i], beta[i] = 1.1*math.Sin(u)+.4, .5+.2*math.Cos(u), .6+.3*math.Sin(u+1)
	}
	d.Sharpe = Rolled{Value: sharpe, Levels: []Threshold{{"whole sample", .52}}}
	d.Volatility = Rolled{Value: volatility, Levels: []Threshold{{"whole sample", .513}}}
	d.Beta = Rolled{Value: beta, Levels: []Threshold{{"whole sample", .63}}}
	return d
}

func ownImpactData() OwnImpactData {
	r := random()
	d := OwnImpactData{Frame: frame("At this size a third of the profit is paid to the market", "Profit after a year, USD, 2,000 paths"), Unit: USD}
	for range 2000 {
		z := r.NormFloat64()
		d.Without = append(d.Without, 1.2e6+1.6e6*z)
		d.With = append(d.With, .8e6+1.5e6*z-.1e6*z*z)
	}
	return d
}

func walkForwardData() WalkForwardData {
	times, price := decade(1200)
	equity, _, _, _ := followed(price, 1e5)
	best := make([]float64, len(equity))
	for i, e := range equity {
		best[i] = e * math.Exp(.0006*float64(i))
	}
	d := WalkForwardData{Frame: frame("Out of sample little of the best result in hindsight is left", "Trend rule, parameters chosen each half year, USD"),
		Unit: USD, OutOfSample: equity, InSample: best, Benchmark: grown(price, 1e5), BenchmarkName: "held", Timeline: Timeline{Times: times}}
	for k, from := 0, 120; from < 1199; k, from = k+1, from+180 {
		d.Windows = append(d.Windows, WalkWindow{from, min(from+180, 1199), fmt.Sprintf("lookback %d, stop %d"+nbsp+"%%", 20+10*(k%3), 5+k%4)})
	}
	return d
}
