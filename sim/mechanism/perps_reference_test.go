package mechanism_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ebb-sim/ebb/sim/mechanism"
)

// The ladder, its insurance fund and its rebuilding against the same model
// written once more as a plain list of positions, wave after wave, that shares no
// code with it. News of 4 % a day and a crash and a rebound of 25 %; a fund that
// is empty, that runs dry, that never does; a market that orders do not move and
// the mechanical one.
func TestLadderAgainstPlainList(t *testing.T) {
	for name, tt := range map[string]struct{ insurance, turnover, rebuild, depth float64 }{
		"never dry":                {1e12, .3, .1, deep},
		"empty":                    {0, .3, .1, deep},
		"runs dry":                 {2e8, .6, .5, deep},
		"never dry, with feedback": {1e12, .3, .1, 3e9},
		"runs dry, with feedback":  {2e8, .6, .5, 3e9},
	} {
		t.Run(name, func(t *testing.T) {
			c := leveraged()
			c.Insurance, c.Turnover, c.Rebuild = tt.insurance, tt.turnover, tt.rebuild
			const steps = 60
			rng := rand.New(rand.NewPCG(11, 9))
			news := make([]float64, steps)
			for k := range news {
				news[k] = .04 * rng.NormFloat64()
			}
			news[20], news[40] = -.25, .25
			path := play(t, c, 100e3, tt.depth, steps, script{news: news})

			list := &plainList{c: c, x: math.Log(100e3), perUSD: .01 / tt.depth, fund: c.Insurance}
			for side := range list.side {
				list.open(side, c.OpenInterest/100e3)
			}
			liquidated := 0.
			for k := range news {
				list.step(news[k])
				price := math.Exp(list.x)
				agree := func(what string, got, want, tolerance float64) {
					if !(math.Abs(got-want) <= tolerance) {
						t.Fatalf("step %d: %s is %.6g, and %.6g in the plain list", k+1, what, got, want)
					}
				}
				const usd = 1e-3 * 15e9 // 150 positions a tier and step, and buckets of a thousandth
				agree("log price", path.LogPrice[0][k+1], list.x, 1e-4)
				agree("liquidated longs", report(t, path, "btc.liquidated_longs")[k], list.liquidated[0], usd)
				agree("liquidated shorts", report(t, path, "btc.liquidated_shorts")[k], list.liquidated[1], usd)
				agree("longs", report(t, path, "btc.open_interest_long")[k], list.held(0)*price, usd)
				agree("shorts", report(t, path, "btc.open_interest_short")[k], list.held(1)*price, usd)
				agree("fund", report(t, path, "btc.insurance_fund")[k], list.fund, usd/10)
				agree("auto-deleveraged", report(t, path, "btc.auto_deleveraged")[k], list.deleveraged, usd)
				agree("longs sold", path.Ledger.Orders[0][0][k], list.forced[0], usd)
				agree("shorts bought", path.Ledger.Orders[1][0][k], list.forced[1], usd)
				agree("rebuilt", path.Ledger.Orders[2][0][k], list.rebuilt, usd)
				liquidated += list.liquidated[0] + list.liquidated[1]
			}
			if liquidated < 15e9 {
				t.Errorf("%.3g USD liquidated: the subject is too tame", liquidated)
			}
		})
	}
}

// plainList is all positions one by one, longs and shorts.
type plainList struct {
	c      *mechanism.Perps
	x      float64 // log price
	perUSD float64 // log return
	side   [2][]plainPosition
	order  [2]float64 // coins, of the next step
	fund   float64

	liquidated  [2]float64 // USD in this step
	forced      [2]float64 // USD of orders, buy > 0
	rebuilt     float64
	deleveraged float64
}

type plainPosition struct{ liquidation, bankruptcy, coins float64 }

// open spreads positions around the price.
func (p *plainList) open(side int, coins float64) {
	const entries = 150
	for i, leverage := range p.c.Leverage {
		var list []plainPosition
		for k := range entries {
			entry := math.Exp(p.x + p.c.EntryWidth*(2*(float64(k)+.5)/entries-1))
			at, ruin := mechanism.LongLiquidation(entry, leverage, p.c.MaintenanceMargin), entry*(1-1/leverage)
			alive := at < math.Exp(p.x)
			if side == 1 {
				at, ruin = mechanism.ShortLiquidation(entry, leverage, p.c.MaintenanceMargin), entry*(1+1/leverage)
				alive = at > math.Exp(p.x)
			}
			if alive {
				list = append(list, plainPosition{at, ruin, 0})
			}
		}
		for k := range list {
			list[k].coins = coins * p.c.Shares[i] / float64(len(list))
		}
		p.side[side] = append(p.side[side], list...)
	}
}

func (p *plainList) held(side int) (coins float64) {
	for _, position := range p.side[side] {
		coins += position.coins
	}
	return coins
}

// keep leaves a share of every position, and forgets those of no size.
func (p *plainList) keep(side int, share float64) {
	var list []plainPosition
	for _, position := range p.side[side] {
		if position.coins *= share; position.coins > 1e-6 {
			list = append(list, position)
		}
	}
	p.side[side] = list
}

func (p *plainList) step(news float64) {
	p.liquidated, p.forced, p.deleveraged = [2]float64{}, [2]float64{}, 0
	for side, order := range p.order {
		if order < 0 {
			p.keep(side, 1+order/p.held(side))
		}
	}
	p.x += news
	p.rebuilt = (p.order[0] - p.order[1]) * math.Exp(p.x)
	for net := p.rebuilt; ; net = 0 {
		for side := range p.side {
			net += p.liquidate(side)
		}
		if p.x += p.perUSD * net; math.Abs(net) < 1 {
			break
		}
	}
	for side := range p.side {
		again := p.c.Turnover * p.held(side)
		p.keep(side, 1-p.c.Turnover)
		p.open(side, again+max(p.order[side], 0))
		p.order[side] = p.c.Rebuild * (p.c.OpenInterest/math.Exp(p.x) - p.held(side))
	}
}

// liquidate closes what the price has passed and gives the order.
func (p *plainList) liquidate(side int) float64 {
	price, sign := math.Exp(p.x), []float64{1, -1}[side]
	var alive []plainPosition
	coins, bankrupt, loss := 0., 0., 0.
	for _, position := range p.side[side] {
		if sign*price > sign*position.liquidation {
			alive = append(alive, position)
			continue
		}
		coins += position.coins
		left := sign * (price - position.bankruptcy) * position.coins
		if p.fund += left; left < 0 {
			bankrupt, loss = bankrupt+position.coins, loss-left
		}
	}
	p.side[side] = alive
	if p.fund < 0 {
		other := p.held(1 - side)
		closed := min(-p.fund/loss*bankrupt, other)
		if other > 0 {
			p.keep(1-side, 1-closed/other)
		}
		p.deleveraged, p.fund = p.deleveraged+closed*price, 0
		p.liquidated[side] += closed * price
		coins -= closed
	}
	p.liquidated[side] += coins * price
	p.forced[side] -= sign * coins * price
	return -sign * coins * price
}
