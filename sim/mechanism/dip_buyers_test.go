package mechanism_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

func bargains(cash float64) *mechanism.DipBuyers {
	c := defaults[*mechanism.DipBuyers]("dip_buyers")
	c.Asset, c.Cash = "btc", cash
	return c
}

func TestDipBuyersSuite(t *testing.T) {
	for name, config := range map[string]func(cash float64) mechanism.Config{
		"of a fixed value": func(cash float64) mechanism.Config {
			c := bargains(cash)
			c.Response, c.Value = 4, ptr(95e3)
			return c
		},
		"of the average": func(cash float64) mechanism.Config {
			c := bargains(cash)
			c.Threshold, c.Memory = 0, 30*dayLong
			return c
		},
	} {
		t.Run(name, func(t *testing.T) {
			mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc"}, Prices: []float64{90e3},
				Config:  func() mechanism.Config { return config(5e9) },
				Nothing: func() mechanism.Config { return config(0) },
				Drift:   1e-9})
		})
	}
}

// Value 100,000, cash $1bn, response 2, threshold 5 %: a fall of 15 % and the
// way back in three steps.
func TestDipBuyersByHand(t *testing.T) {
	c := bargains(1e9)
	c.Response, c.Value = 2, ptr(100e3)
	path := play(t, c, 100e3, deep, 5, script{news: []float64{-.15, .07, .08, .04, .01}})
	orders, cash, held := path.Ledger.Orders[0][0], report(t, path, "btc.subject_cash"), report(t, path, "btc.subject_held")
	bought := 2 * 1e9 * (.15 - .05)
	coins := bought / (100e3 * math.Exp(-.15))
	near(t, "bought at a gap of 15 %", orders[0], bought, 1e-3)
	near(t, "cash left", cash[0], 1e9-bought, 1e-3)
	near(t, "traded at 8 %, within the thresholds", orders[1], 0, 0)
	near(t, "held at 8 %", held[1], coins*100e3*math.Exp(-.08), 1e-3)
	near(t, "sold at value: half", orders[2], -coins/2*100e3, 1e-3)
	near(t, "sold at 4 % above: to a tenth", orders[3], -.4*coins*100e3*math.Exp(.04), 1e-3)
	near(t, "sold at 5 % above: the rest", orders[4], -.1*coins*100e3*math.Exp(.05), 1e-2)
	near(t, "held", held[4], 0, 1e-2)
	near(t, "cash with the profit", cash[4], 1e9-bought+coins*100e3*(.5+.4*math.Exp(.04)+.1*math.Exp(.05)), 1e-2)
	near(t, "value", report(t, path, "btc.subject_value")[4], 100e3, 1e-6)
}

// They spend what they have and no more, however far the price falls.
func TestDipBuyersCap(t *testing.T) {
	c := bargains(1e9)
	c.Value = ptr(100e3)
	path := play(t, c, 100e3, deep, 2, script{news: []float64{-2, -1}})
	near(t, "bought", path.Ledger.Orders[0][0][0], 1e9, 0)
	near(t, "bought without cash", path.Ledger.Orders[0][0][1], 0, 0)
	near(t, "cash", report(t, path, "btc.subject_cash")[1], 0, 0)
}

// At the start they hold what the starting close asks for, so nothing is bought
// without news.
func TestDipBuyersStart(t *testing.T) {
	c := bargains(1e9)
	c.Value = ptr(100e3)
	price := 100e3 * math.Exp(-.25)
	path := play(t, c, price, deep, 2, script{news: []float64{0, -.1}})
	near(t, "first day", path.Ledger.Orders[0][0][0], 0, 0)
	near(t, "cash", report(t, path, "btc.subject_cash")[0], .8e9, 1e-3)
	near(t, "held", report(t, path, "btc.subject_held")[0], .2e9, 1e-3)
	near(t, "second day", path.Ledger.Orders[0][0][1], .1e9, 1e-3)
}

// Without a fixed value the anchor follows the closes, those of the past
// included, with the memory as centre of mass.
func TestDipBuyersAnchor(t *testing.T) {
	c := bargains(1e9)
	c.Memory = 9 * dayLong
	past := []float64{math.Log(100), math.Log(100) + .2}
	path := play(t, c, 100, deep, 2, script{news: []float64{-.3, 0}}, func(p *sim.Plan) { p.Past.LogPrice = [][]float64{past} })
	before := .9*.9*0 + .9*.1*.2 + .1*0 // of the log closes 0, .2, 0 above that of 100
	near(t, "bought", path.Ledger.Orders[0][0][0], 1e9*(before+.3-.05), 1e-3)
	near(t, "value at the close", report(t, path, "btc.subject_value")[0], 100*math.Exp(.9*before-.1*.3), 1e-9)
}

// While they buy they leave 1/(1 + λ·ρ·W) of small news, also where a whole order
// would move the price far beyond.
func TestDipBuyersStabilise(t *testing.T) {
	const cash, news = 1e9, -1e-8
	for _, gain := range []float64{.5, 1, 3, 40} {
		c := bargains(cash)
		c.Response, c.Value = 2, ptr(1.)
		λ := gain / 2 / cash
		path := play(t, c, math.Exp(-.2), .01/λ, 1, script{news: []float64{news}}, func(p *sim.Plan) { p.Tolerance = 1e-12 })
		near(t, fmt.Sprintf("share of the news left at a gain of −%v", gain), (path.LogPrice[0][1]-path.LogPrice[0][0])/news, 1/(1+gain), 1e-6)
	}
}

// A large fall in a thin market: the waves reach the one price at which they want
// no more, though a whole order would move it far beyond value.
func TestDipBuyersInAThinMarket(t *testing.T) {
	c := bargains(1e12)
	c.Value = ptr(95e3)
	path := play(t, c, 90e3, 3e9, 3, script{news: []float64{-.3, .1, .2}}, func(p *sim.Plan) { p.Tolerance = 1 })
	value, start, gain := math.Log(95e3), math.Log(90e3), 1e12*.01/3e9
	// x = start + news + gain·(value − threshold − x), less what was bought before the start
	want := (start - .3 + gain*(value-.05) - gain*(value-.05-start)) / (1 + gain)
	near(t, "log price after the fall", path.LogPrice[0][1], want, 1e-10)
	near(t, "unsettled steps", float64(path.Capped), 0, 0)
}

// Property: cash and coins never fall below nothing, whatever happens.
func TestDipBuyersLimits(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := bargains(rapid.SampledFrom([]float64{0, 1e8, 1e11}).Draw(rt, "W"))
		c.Response, c.Threshold = rapid.Float64Range(0, 100).Draw(rt, "ρ"), rapid.Float64Range(0, .5).Draw(rt, "threshold")
		c.Memory = time.Duration(rapid.Int64Range(1, 1e16).Draw(rt, "memory"))
		if rapid.Bool().Draw(rt, "fixed") {
			c.Value = ptr(rapid.Float64Range(1e4, 1e6).Draw(rt, "V"))
		}
		s := script{news: rapid.SliceOfN(rapid.Float64Range(-.5, .5), 30, 30).Draw(rt, "news")}
		path := play(t, c, 90e3, 3e9, 30, s, func(p *sim.Plan) { p.MaxWaves = 20 })
		for k := range s.news {
			if cash, held := report(t, path, "btc.subject_cash")[k], report(t, path, "btc.subject_held")[k]; !(cash >= 0 && held >= 0) {
				rt.Fatalf("day %d: cash %v, coins worth %v", k, cash, held)
			}
		}
	})
}

// Half the change in a day at a damping of a half, in steps of a day and of an
// hour alike.
func TestDampedDipBuyers(t *testing.T) {
	c := bargains(1e9)
	c.Threshold, c.Value = 0, ptr(100e3)
	for _, step := range []time.Duration{dayLong, time.Hour} {
		perDay := int(dayLong / step)
		path := play(t, inStepsOf{c, step}, 100e3, deep, 3*perDay, script{news: []float64{-.4}}, beside(t, damping(1e6, .5), step))
		cash := report(t, path, "btc.subject_cash")
		for d := range 3 {
			near(t, fmt.Sprintf("spent in %d days", d+1), 1e9-cash[(d+1)*perDay-1], .4e9*(1-math.Pow(.5, float64(d+1))), 1)
		}
	}
}
