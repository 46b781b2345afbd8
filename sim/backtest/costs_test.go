package backtest_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/impact"
)

// TestCosts checks in closed form what is paid for a position worth all the
// capital: E/(P(1+h)(1+f)) coins, h half the spread.
func TestCosts(t *testing.T) {
	const fee, half, e = .001, .0005, 1000.
	m := daily(backtest.Asset{Name: "btc", Fee: fee, Spread: 2 * half}, 100, 100, 120, 120)
	r := run(t, m, plan{1: {weight(1)}, 3: {weight(0)}}, backtest.Options{})
	bought := e / (100 * (1 + half) * (1 + fee))
	end := bought * 120 * (1 - half) * (1 - fee)
	nearAll(t, "equity", r.Equity, []float64{e, bought * 100, bought * 120, end})
	nearAll(t, "coins", r.Coins[0], []float64{0, bought, bought, 0})
	near(t, "cash while in", r.Cash[1], 0)
	near(t, "price paid", r.Fills[0].Price, 100*(1+half))
	near(t, "notional", r.Fills[0].Notional, e/(1+fee))
	near(t, "price received", r.Fills[1].Price, 120*(1-half))
	near(t, "fees", r.Total.Fees, fee*(e/(1+fee)+end/(1-fee)))
	near(t, "spread", r.Total.Spread, half*bought*(100+120))
	near(t, "price P&L", r.Total.Price, bought*20)
	trade := r.Trades[0]
	near(t, "P&L of the trade", trade.PnL, end-e)
	near(t, "its return", trade.Return, (end-e)/(e/(1+fee)))
	if trade.Steps != 2 || trade.Open || r.Holding() != 2 {
		t.Errorf("trade %+v, want one of 2 steps that has ended", trade)
	}
}

// TestWeightAfterCosts checks E′ = E − c·|ΔV| in closed form for shares of equity
// that are reached by buying, by selling, and across two assets at once.
func TestWeightAfterCosts(t *testing.T) {
	const fee = .01
	m := market([]backtest.Asset{{Name: "btc", Fee: fee}, {Name: "eth"}},
		[][]float64{{100, 100, 200}, {10, 10, 10}}, [][]float64{{100, 100, 200}, {10, 10, 10}})
	r := run(t, m, plan{1: {weight(.5), weight(.5)}, 2: {weight(.25), weight(.75)}}, backtest.Options{})
	first := 1000 / (1 + fee*.5) // E′ = E − fee·E′/2
	near(t, "equity after entry", r.Equity[1], first)
	// Bitcoin has doubled: E = 1.5·E₁, sold down to E′/4: E′ = E − fee·(E₁ − E′/4).
	second := first * (1.5 - fee) / (1 - fee/4)
	near(t, "equity after the rotation", r.Equity[2], second)
	near(t, "bitcoin", r.Coins[0][2]*200, second/4)
	near(t, "ether", r.Coins[1][2]*10, second*3/4)
	near(t, "cash", r.Cash[2], 0)
	if len(r.Fills) != 4 || r.Fills[2].Coins >= 0 || r.Fills[3].Coins <= 0 {
		t.Errorf("fills %+v, want the sale before the purchase", r.Fills)
	}
}

// linear moves the price by share for each USD; root by share times the root.
type linear struct{ share float64 }

func (l linear) Return(usd float64, _ sim.Liquidity) float64 { return l.share * usd }
func (linear) Linear() bool                                  { return true }

type curved struct{ linear }

func (curved) Linear() bool { return false }

type root struct{ share float64 }

func (l root) Return(usd float64, _ sim.Liquidity) float64 {
	return math.Copysign(l.share*math.Sqrt(math.Abs(usd)), usd)
}
func (root) Linear() bool { return false }

// walked is the average of e^{x√u} over u from 0 to 1: Σ 2xⁿ/((n+2)·n!).
func walked(x float64) float64 {
	sum, term := 0.0, 1.0
	for n := 0.0; n < 20; n++ {
		sum += 2 * term / (n + 2)
		term *= x / (n + 1)
	}
	return sum
}

// TestImpact checks the average of e^{λq} over an order, (e^x − 1)/x, of a sale
// (1 − e^{−x})/x, and the same under the square-root law.
func TestImpact(t *testing.T) {
	const x = .02 // return of an order of 1000 USD
	for name, c := range map[string]struct {
		law       sim.Law
		buy, sell float64
	}{
		"linear":            {linear{x / 1000}, math.Expm1(x) / x, -math.Expm1(-x) / x},
		"linear, not known": {curved{linear{x / 1000}}, math.Expm1(x) / x, -math.Expm1(-x) / x},
		"square root":       {root{x / math.Sqrt(1000)}, walked(x), walked(-x)},
	} {
		t.Run(name, func(t *testing.T) {
			m := daily(backtest.Asset{Name: "btc", Law: c.law}, 100, 100, 100)
			r := run(t, m, plan{1: {usd(1000)}, 2: {usd(0)}}, backtest.Options{Capital: 5000})
			near(t, "bought at", r.Fills[0].Price, 100*c.buy)
			near(t, "sold at", r.Fills[1].Price, 100*c.sell)
			near(t, "impact", r.Total.Impact, 1000*(c.buy-c.sell))
			near(t, "equity", r.Equity[2], 5000-1000*(c.buy-c.sell))
		})
	}
}

// TestImpactByBruteForce compares orders that move the price by up to a half with
// the midpoint rule on a million points.
func TestImpactByBruteForce(t *testing.T) {
	const v, points = 1000., 1_000_000
	for name, law := range map[string]sim.Law{
		"exponential": impact.Exponential{Depth: 1500},
		"with floor":  impact.Exponential{Depth: 1000, Floor: .4},
		"square root": impact.SquareRoot{Y: 1, Volatility: .7, Volume: v},
	} {
		for _, sign := range []float64{1, -1} {
			m := daily(backtest.Asset{Name: "btc", Law: law}, 100, 100)
			r := run(t, m, plan{1: {usd(sign * v)}}, backtest.Options{Capital: 1e5})
			mean := 0.0
			for i := range points {
				mean += math.Exp(law.Return(sign*v*(float64(i)+.5)/points, sim.Liquidity{Depth: 1, LogPrice: math.Log(100)})) / points
			}
			if got := r.Fills[0].Price / 100; !(math.Abs(got-mean) <= 1e-9) {
				t.Errorf("%s, %+.0f: average price %.12f, want %.12f", name, sign*v, got, mean)
			}
		}
	}
}

// TestAllInUnderImpact: all the cash buys coins worth V at the mid price with
// V·(e^{λV} − 1)/(λV) = E, so V = log(1+λE)/λ.
func TestAllInUnderImpact(t *testing.T) {
	const lambda, e = 1e-4, 5000.
	m := daily(backtest.Asset{Name: "btc", Law: linear{lambda}}, 100, 100)
	r := run(t, m, plan{1: {weight(1)}}, backtest.Options{Capital: e})
	near(t, "equity", r.Equity[1], math.Log1p(lambda*e)/lambda)
	near(t, "cash", r.Cash[1]/e, 0)
}

func TestShort(t *testing.T) {
	const fee, borrow = .001, .0365
	m := daily(backtest.Asset{Name: "btc", Fee: fee, Borrow: borrow}, 100, 100, 80, 90)
	r := run(t, m, plan{1: {coins(-5)}, 3: {coins(0)}}, backtest.Options{Yield: .073})
	// The open of step 3 is 80. Interest is on cash with the proceeds, after the
	// fill; borrow on the value at the open of step 1 and the close of step 1.
	cash := 1000 + 500*(1-fee)
	one := cash*(1+.073/365) - 500*borrow/365
	two := one*(1+.073/365) - 500*borrow/365
	three := (two - 400*(1+fee)) * (1 + .073/365)
	nearAll(t, "cash", r.Cash, []float64{1000, one, two, three})
	nearAll(t, "equity", r.Equity, []float64{1000, one - 500, two - 400, three})
	near(t, "borrow", r.Total.Borrow, 2*500*borrow/365)
	near(t, "net exposure", r.Net[1], -500/(one-500))
	trade := r.Trades[0]
	near(t, "P&L", trade.PnL, 500*(1-fee)-400*(1+fee)-2*500*borrow/365)
	near(t, "coins", trade.Coins, -5)
	near(t, "entry", trade.EntryPrice, 100)
	near(t, "exit", trade.ExitPrice, 80)
}

// TestLeverage: twice the capital in a coin that does not move owes 1000·(1+i)ⁿ
// after n steps.
func TestLeverage(t *testing.T) {
	const rate = .1
	closes := make([]float64, 31)
	for k := range closes {
		closes[k] = 50
	}
	m := daily(backtest.Asset{Name: "btc"}, closes...)
	r := run(t, m, plan{1: {weight(2)}}, backtest.Options{Rate: rate, Yield: .02})
	near(t, "equity", r.Equity[30], 2000-1000*math.Pow(1+rate/365, 30))
	near(t, "interest", r.Total.Interest, 1000-1000*math.Pow(1+rate/365, 30))
	m.Times[30] = m.Times[29].Add(4 * day) // a long weekend: 3 days more, then the last
	r = run(t, m, plan{1: {weight(2)}}, backtest.Options{Rate: rate, Yield: .02})
	near(t, "equity", r.Equity[30], 2000-1000*math.Pow(1+rate/365, 29)*(1+3*rate/365)*(1+rate/365))
	// Filled at the close, the first step is still in cash.
	r = run(t, m, plan{1: {weight(2)}}, backtest.Options{Rate: rate, Yield: .02, Fill: backtest.FillClose})
	near(t, "equity", r.Equity[30], (1000*(1+.02/365))*(2-math.Pow(1+rate/365, 28)*(1+4*rate/365)))
}
