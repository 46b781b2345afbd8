package backtest_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/backtest"
)

// trial is a random market with random decisions, gaps in prices and time included.
type trial struct {
	market  backtest.Market
	plan    plan
	options backtest.Options
}

func draw(t *rapid.T) trial {
	n, steps := rapid.IntRange(1, 3).Draw(t, "assets"), rapid.IntRange(1, 25).Draw(t, "steps")
	c := trial{plan: plan{}}
	fraction := func(most float64, name string) float64 { return rapid.Float64Range(0, most).Draw(t, name) }
	for a := range n {
		asset := backtest.Asset{Name: string(rune('a' + a)), Fee: fraction(.02, "fee"), Spread: fraction(.02, "spread"), Borrow: fraction(.5, "borrow")}
		asset.Law = rapid.SampledFrom([]sim.Law{nil, linear{1e-5}, root{1e-4}, curved{linear{1e-5}}}).Draw(t, "law")
		c.market.Assets = append(c.market.Assets, asset)
		price := rapid.Float64Range(.1, 1000).Draw(t, "price")
		var rows [2][]float64
		for range 2 * steps {
			price *= math.Exp(rapid.Float64Range(-.3, .3).Draw(t, "return"))
			k := (len(rows[0]) + len(rows[1])) % 2
			if rapid.IntRange(0, 7).Draw(t, "gap") == 0 {
				rows[k] = append(rows[k], nan)
			} else {
				rows[k] = append(rows[k], price)
			}
		}
		c.market.Open, c.market.Close = append(c.market.Open, rows[0]), append(c.market.Close, rows[1])
	}
	c.market.Step = day
	at := start
	for range steps {
		c.market.Times = append(c.market.Times, at)
		at = at.AddDate(0, 0, rapid.IntRange(1, 3).Draw(t, "days"))
	}
	for k := 1; k <= steps; k++ {
		targets := make([]backtest.Target, n)
		for a := range targets {
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				targets[a] = weight(rapid.Float64Range(-2, 2).Draw(t, "weight"))
			case 1:
				targets[a] = usd(rapid.Float64Range(-2e3, 2e3).Draw(t, "usd"))
			case 2:
				targets[a] = coins(rapid.Float64Range(-3, 3).Draw(t, "coins"))
			case 3:
				targets[a] = weight(0)
			}
		}
		c.plan[k] = targets
	}
	c.options = backtest.Options{Capital: 1000, Yield: fraction(.2, "yield"), Rate: fraction(.3, "rate"), Fill: backtest.FillAt(rapid.IntRange(0, 1).Draw(t, "fill"))}
	if rapid.Bool().Draw(t, "limited") {
		c.options.Limits = backtest.Limits{Gross: fraction(2, "gross"), Position: fraction(1, "position"), Order: fraction(2000, "order")}
	}
	return c
}

// scale is what rounding errors of an account's numbers are relative to.
func scale(r *backtest.Result, k int) float64 {
	f := r.Flows[k]
	return max(1, math.Abs(r.Equity[k]), math.Abs(r.Cash[k]), math.Abs(f.Price), f.Costs(), r.Shortfall)
}

func TestEquityChangesByItsComponents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t)
		r, err := backtest.Run(c.market, c.plan, c.options)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for k := 1; k < len(r.Equity); k++ {
			change := r.Flows[k].Change()
			sum += change
			if k == r.Ruined {
				change += r.Shortfall
			}
			if got := r.Equity[k] - r.Equity[k-1]; !(math.Abs(got-change) <= 1e-9*scale(r, k)) {
				t.Fatalf("step %d: equity changed by %.17g, its components by %.17g", k, got, change)
			}
		}
		if !(math.Abs(r.Total.Change()-sum) <= 1e-9*max(1, math.Abs(sum), r.Total.Costs())) {
			t.Fatalf("the total is %v, the steps add up to %v", r.Total.Change(), sum)
		}
		if f := r.Total; min(f.Fees, f.Spread, f.Impact, f.Borrow) < 0 {
			t.Fatalf("a negative cost: %+v", f)
		}
		trades := r.Total.Interest
		for _, trade := range r.Trades {
			trades += trade.PnL
		}
		if !(math.Abs(trades-sum) <= 1e-9*max(1, math.Abs(sum), r.Total.Costs())) {
			t.Fatalf("trades and interest add up to %v, the steps to %v", trades, sum)
		}
	})
}

// TestEquityIsThatOfItsFills recomputes the accounts from nothing but the fills:
// cash, coins, interest, borrow, marks.
func TestEquityIsThatOfItsFills(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t)
		r, err := backtest.Run(c.market, c.plan, c.options)
		if err != nil {
			t.Fatal(err)
		}
		m, cash, next := c.market, c.options.Capital, 0
		held, price := make([]float64, len(m.Assets)), make([]float64, len(m.Assets))
		pass := func(days float64) {
			paid := 0.0
			for a, n := range held {
				if n < 0 {
					paid += -n * price[a] * m.Assets[a].Borrow * days / 365
				}
			}
			if cash > 0 {
				cash += cash * c.options.Yield * days / 365
			} else {
				cash += cash * c.options.Rate * days / 365
			}
			cash -= paid
		}
		look := func(row [][]float64, k int) {
			for a := range row {
				if !math.IsNaN(row[a][k]) {
					price[a] = row[a][k]
				}
			}
		}
		trade := func(k int) {
			for ; next < len(r.Fills) && r.Fills[next].Step == k; next++ {
				f := r.Fills[next]
				cash -= f.Coins*f.Price + m.Assets[f.Asset].Fee*math.Abs(f.Coins)*f.Price
				held[f.Asset] += f.Coins
			}
		}
		look(m.Close, 0)
		for k := 1; k < len(m.Times); k++ {
			days := m.Times[k].Sub(m.Times[k-1]).Hours() / 24
			if c.options.Fill == backtest.FillOpen {
				pass(days - 1)
				look(m.Open, k)
				trade(k)
				pass(1)
				look(m.Close, k)
			} else {
				pass(days)
				look(m.Close, k)
				trade(k)
			}
			if k == r.Ruined {
				break
			}
			equity := cash
			for a := range held {
				equity += held[a] * price[a]
			}
			if !(math.Abs(equity-r.Equity[k]) <= 1e-9*scale(r, k)) {
				t.Fatalf("step %d: equity is %.17g, by its fills %.17g", k, r.Equity[k], equity)
			}
		}
		if next != len(r.Fills) {
			t.Fatalf("%d of %d fills belong to a step", next, len(r.Fills))
		}
	})
}

// TestWeightsAreReached: whatever the costs, an unlimited decision leaves each
// asset with its share of what equity is after the fill.
func TestWeightsAreReached(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t)
		c.options.Limits, c.options.Fill = backtest.Limits{}, backtest.FillClose
		for k, targets := range c.plan {
			for a := range targets {
				if targets[a].Kind != backtest.Weight {
					c.plan[k][a] = weight(rapid.Float64Range(-1, 1).Draw(t, "weight"))
				}
			}
		}
		r, err := backtest.Run(c.market, c.plan, c.options)
		if err != nil {
			t.Fatal(err)
		}
		for k := 1; k < len(r.Times); k++ {
			if k == r.Ruined {
				break
			}
			for a, closes := range c.market.Close {
				if math.IsNaN(closes[k]) {
					continue
				}
				got, want := r.Coins[a][k]*closes[k], c.plan[k][a].Value*r.Equity[k]
				if !(math.Abs(got-want) <= 1e-9*scale(r, k-1)) {
					t.Fatalf("step %d: %v USD of asset %d, want %v", k, got, a, want)
				}
			}
		}
	})
}

// TestLimitsHold: no order is larger than allowed, and what has grown by one is
// within the limits after all costs.
func TestLimitsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t)
		c.options.Fill = backtest.FillClose
		c.options.Limits = backtest.Limits{Gross: rapid.Float64Range(.1, 2).Draw(t, "gross"), Position: rapid.Float64Range(.1, 1).Draw(t, "position"), Order: rapid.Float64Range(10, 2000).Draw(t, "order")}
		r, err := backtest.Run(c.market, c.plan, c.options)
		if err != nil {
			t.Fatal(err)
		}
		l, clipped := c.options.Limits, 0
		for _, f := range r.Fills {
			if f.Clipped {
				clipped++
			}
			if f.Step == r.Ruined {
				continue
			}
			if usd := math.Abs(f.Coins) * f.Mid; usd > l.Order*(1+1e-9) {
				t.Fatalf("step %d: an order for %v USD, limit %v", f.Step, usd, l.Order)
			}
			now := r.Coins[f.Asset][f.Step]
			before := now - f.Coins
			if now*before >= 0 && math.Abs(now) <= math.Abs(before) {
				continue
			}
			tolerance := 1e-9 * scale(r, f.Step-1) / r.Equity[f.Step]
			if share := math.Abs(now) * f.Mid / r.Equity[f.Step]; share > l.Position+tolerance {
				t.Fatalf("step %d: %v of equity in asset %d, limit %v", f.Step, share, f.Asset, l.Position)
			}
			if gross := r.Gross[f.Step]; gross > l.Gross+tolerance {
				t.Fatalf("step %d: gross exposure %v, limit %v", f.Step, gross, l.Gross)
			}
		}
		if clipped > r.Clipped {
			t.Fatalf("%d fills are marked as clipped, %d counted", clipped, r.Clipped)
		}
	})
}

func TestRecordLevelsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := draw(t)
		var results [3]*backtest.Result
		for i := range results {
			c.options.Record = backtest.Record(i)
			var err error
			if results[i], err = backtest.Run(c.market, c.plan, c.options); err != nil {
				t.Fatal(err)
			}
		}
		all := results[0]
		for _, r := range results[1:] {
			for k := range all.Equity {
				if r.Equity[k] != all.Equity[k] {
					t.Fatalf("equity of step %d is %v, with everything recorded %v", k, r.Equity[k], all.Equity[k])
				}
			}
			if r.Total != all.Total || r.Orders != len(all.Fills) || r.Clipped != all.Clipped || r.Held != all.Held || r.Ruined != all.Ruined {
				t.Fatalf("totals or counts differ: %+v and %+v", r, all)
			}
		}
	})
}
