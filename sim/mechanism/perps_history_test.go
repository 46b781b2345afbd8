package mechanism_test

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// candle is one observed hour.
type candle struct {
	at                     time.Time
	open, high, low, close float64
	longs, shorts          float64 // liquidated, USD
	interest               float64 // open interest at the close, USD
}

// observed reads the hours of a vendor's file in order of time.
func observed(t *testing.T) []candle {
	t.Helper()
	read := func(name string) map[time.Time]float64 {
		return datatest.Column(t, "ismethanhtung__btc-liquidations-analysis/data/coinglass_BTC_regime_1h_1y.csv", "datetime_utc", name)
	}
	open, high, low, closes := read("price_open"), read("price_high"), read("price_low"), read("price_close")
	longs, shorts, interest := read("liquidation_long_usd"), read("liquidation_short_usd"), read("oi_close")
	var list []candle
	for at := range closes {
		list = append(list, candle{at, open[at], high[at], low[at], closes[at], longs[at], shorts[at], interest[at]})
	}
	slices.SortFunc(list, func(a, b candle) int { return a.at.Compare(b.at) })
	return list
}

// visits are the prices a candle goes through: its close, or its extremes in the
// order that its direction suggests.
func (c candle) visits(extremes bool) []float64 {
	switch {
	case !extremes:
		return []float64{c.close}
	case c.close < c.open:
		return []float64{c.open, c.high, c.low, c.close}
	}
	return []float64{c.open, c.low, c.high, c.close}
}

// flushed is one day of liquidations, $m, and the open interest at its end.
type flushed struct {
	day           string
	longs, shorts [2]float64 // simulated, observed
	interest      [2]float64
}

// The ladder along Bitcoin's real hours of 2025-12-04..2026-06-02: prices are
// given, orders move nothing, open interest goes back to its observed mean. The
// vendor's liquidations are those of a few exchanges; of the open interest, which
// holds hedged and unleveraged positions too, the share that fits their total
// stands in the log. The ladder must tell the days apart: that is asserted.
func TestLadderAlongRealHours(t *testing.T) {
	hours := observed(t)
	mean := 0.0
	for _, h := range hours {
		mean += h.interest / float64(len(hours))
	}
	for _, mode := range []struct {
		name     string
		extremes bool
		step     time.Duration
	}{{"closes", false, time.Hour}, {"open, high, low, close", true, 15 * time.Minute}} {
		days := along(t, hours, mode.extremes, mode.step, mean)
		side := func(pick func(flushed) [2]float64) (simulated, observed []float64, total [2]float64) {
			for _, d := range days {
				v := pick(d)
				simulated, observed = append(simulated, v[0]), append(observed, v[1])
				total[0], total[1] = total[0]+v[0], total[1]+v[1]
			}
			return simulated, observed, total
		}
		t.Logf("%s: %d days, open interest %.2fbn a side", mode.name, len(days), mean/1e9)
		for _, s := range []struct {
			name string
			rank float64
			pick func(flushed) [2]float64
		}{{"longs", .8, func(d flushed) [2]float64 { return d.longs }}, {"shorts", .75, func(d flushed) [2]float64 { return d.shorts }}} {
			simulated, seen, total := side(s.pick)
			rank := spearman(simulated, seen)
			t.Logf("  %s liquidated: $%.2fbn simulated, $%.2fbn observed, as would be with %.0f %% of the open interest; rank correlation by day %.3f",
				s.name, total[0]/1e3, total[1]/1e3, 100*total[1]/total[0], rank)
			if rank < s.rank {
				t.Errorf("%s: rank correlation by day %.3f, expected at least %v", s.name, rank, s.rank)
			}
			if share := total[1] / total[0]; share < .1 || share > 1 {
				t.Errorf("%s: observed over simulated liquidations %.3f, expected a share of the open interest between .1 and 1", s.name, share)
			}
		}
		slices.SortFunc(days, func(a, b flushed) int { return cmp.Compare(b.longs[1], a.longs[1]) })
		for _, d := range days[:8] {
			t.Logf("  %s: longs $%.0fm simulated, $%.0fm observed; shorts %.0f, %.0f; open interest %.2fbn, %.2fbn",
				d.day, d.longs[0], d.longs[1], d.shorts[0], d.shorts[1], d.interest[0], d.interest[1])
		}
	}
}

// along runs the default ladder along given prices and adds up days.
func along(t *testing.T, hours []candle, extremes bool, step time.Duration, interest float64) []flushed {
	t.Helper()
	var prices []float64
	var of []int // hour of a step
	for i, h := range hours {
		for _, price := range h.visits(extremes) {
			prices, of = append(prices, price), append(of, i)
		}
	}
	var news []float64
	for k := 1; k < len(prices); k++ {
		news = append(news, math.Log(prices[k]/prices[k-1]))
	}
	c := leveraged()
	c.OpenInterest = interest
	path := play(t, c, prices[0], deep, len(news), script{news: news}, func(p *sim.Plan) {
		m, err := c.Build("subject", &mechanism.Env{Assets: []string{"btc"}, Step: step})
		if err != nil {
			t.Fatal(err)
		}
		p.Step, p.Entries = step, []sim.Entry{{Mechanism: m}}
	})
	longs, shorts, held := report(t, path, "btc.liquidated_longs"), report(t, path, "btc.liquidated_shorts"), report(t, path, "btc.open_interest_long")
	var days []flushed
	for k := range news {
		h := hours[of[k+1]]
		if day := h.at.Format(time.DateOnly); len(days) == 0 || days[len(days)-1].day != day {
			days = append(days, flushed{day: day})
		}
		d := &days[len(days)-1]
		d.longs[0], d.shorts[0] = d.longs[0]+longs[k]/1e6, d.shorts[0]+shorts[k]/1e6
		d.interest = [2]float64{held[k] / 1e9, h.interest / 1e9}
		if k+2 == len(prices) || of[k+2] != of[k+1] {
			d.longs[1], d.shorts[1] = d.longs[1]+h.longs/1e6, d.shorts[1]+h.shorts/1e6
		}
	}
	return days
}

// The winter of 2025 in real daily closes under the mechanical law, with the news
// identified so that each step lands on its close. A market's daily lows, and so
// its largest flushes, lie far below the closes.
func TestLadderAlongTheRealFall(t *testing.T) {
	closes := datatest.Column(t, "btctree__btc-power/data/btc_daily.csv", "date", "close")
	start, last := day("2025-08-31"), day("2026-02-20")
	logs := func(from, to time.Time) (list []float64) {
		for at := from; !at.After(to); at = at.AddDate(0, 0, 1) {
			price, known := closes[at]
			if !known {
				t.Fatalf("no close on %s", at.Format(time.DateOnly))
			}
			list = append(list, math.Log(price))
		}
		return list
	}
	past, targets := logs(start.AddDate(0, -3, 0), start.AddDate(0, 0, -1)), logs(start.AddDate(0, 0, 1), last)
	for _, tt := range []struct {
		name   string
		shares []float64
	}{{"default shares", leveraged().Shares}, {"even shares", []float64{.2, .2, .2, .2, .2}}} {
		c := leveraged()
		c.Shares = tt.shares
		m, err := c.Build("perps", &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		plan, err := sim.Compile(sim.Plan{Start: start, Step: 24 * time.Hour, Steps: len(targets), Entries: []sim.Entry{{Mechanism: m}}, Past: sim.Past{LogPrice: [][]float64{past}},
			Assets: []sim.Asset{{Name: "btc", Price: closes[start], Law: impact.Linear{Depth1Pct: 3e9}, Permanent: .3, Volatility: .025, VolatilityDecay: .94}}})
		if err != nil {
			t.Fatal(err)
		}
		path := plan.NewPath(true)
		if err := sim.NewRunner(plan).Run(script{news: identify(t, plan, targets)}, path); err != nil {
			t.Fatal(err)
		}
		for k, want := range targets {
			near(t, "log close", path.LogPrice[0][k+1], want, 1e-9)
		}
		longs, fund := report(t, path, "btc.liquidated_longs"), report(t, path, "btc.insurance_fund")
		for _, at := range []string{"2025-10-10", "2026-02-05"} {
			k := int(day(at).Sub(start).Hours()/24) - 1
			t.Logf("%s, %s: $%.2fbn of longs liquidated, news %.4f of a return of %.4f, insurance fund $%.2fbn",
				tt.name, at, longs[k]/1e9, path.Ledger.News[0][k], path.LogPrice[0][k+1]-path.LogPrice[0][k], fund[k]/1e9)
			if longs[k] < 1e9 || longs[k] > 1e10 {
				t.Errorf("%s: $%.2fbn of longs liquidated, expected 1 to 10", at, longs[k]/1e9)
			}
		}
	}
}

// identify finds, step by step, the news that lands on each log close.
func identify(t *testing.T, plan *sim.Plan, targets []float64) []float64 {
	t.Helper()
	r := sim.NewRunner(plan)
	r.Start()
	news := make([]float64, len(targets))
	for k, target := range targets {
		land := func(e float64) float64 {
			r.Try([]float64{e}, nil)
			return r.Market().LogPrice(0)
		}
		low, high := -.5, .5
		for range 60 {
			if middle := (low + high) / 2; land(middle) < target {
				low = middle
			} else {
				high = middle
			}
		}
		news[k] = high
		land(high)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
	}
	return news
}

// spearman is the rank correlation; equal values have their mean rank.
func spearman(a, b []float64) float64 {
	ra, rb := ranks(a), ranks(b)
	mean := float64(len(a)-1) / 2
	ab, aa, bb := 0.0, 0.0, 0.0
	for i := range ra {
		x, y := ra[i]-mean, rb[i]-mean
		ab, aa, bb = ab+x*y, aa+x*x, bb+y*y
	}
	return ab / math.Sqrt(aa*bb)
}

func ranks(v []float64) []float64 {
	r := make([]float64, len(v))
	for i, x := range v {
		for _, y := range v {
			if y < x {
				r[i]++
			} else if y == x {
				r[i] += .5
			}
		}
		r[i] -= .5 // itself
	}
	return r
}
