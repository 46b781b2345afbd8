package mechanism_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

func funds() *mechanism.Redemption {
	c := defaults[*mechanism.Redemption]("redemption")
	c.Asset, c.AUM = "btc", 150e9
	return c
}

func TestRedemptionSuite(t *testing.T) {
	mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc", "eth"}, Prices: []float64{110e3, 4000},
		Config:  func() mechanism.Config { c := funds(); c.SameDay = .3; return c },
		Nothing: func() mechanism.Config { c := funds(); c.Response = 0; return c },
		Drift:   1e-9})
}

// The lagged loop: a lasting fall is multiplied by (1−φ)/(1−φ−ΛΦ). Λ 3.36 % per
// $bn, Φ $.0287bn per percent, φ .443.
func TestLaggedLoopMultiplier(t *testing.T) {
	near(t, "closed form", mechanism.RedemptionMultiplier(.0336e-9, .443, 2.87e9), 1.2093762, 5e-8)

	c := funds()
	c.Persistence, c.Response = .443, 2.87e9
	path := play(t, c, 100e3, 1e9*.01/.0336, 200, script{news: []float64{-.02}})
	near(t, "after 200 sessions", (path.LogPrice[0][200]-path.LogPrice[0][0])/-.02, 1.2093762, 5e-8)

	if m := mechanism.RedemptionMultiplier(.5, .5, 1); !math.IsInf(m, 1) {
		t.Errorf("a loop with gain 1 has multiplier %v", m)
	}
}

// A share answered the same day builds up wave by wave: gain ΛΦ·same_day.
func TestRedemptionWaves(t *testing.T) {
	c := funds()
	c.Response, c.SameDay = 10e9, 1
	path := play(t, c, 100e3, 1e9*.01/.05, 1, script{news: []float64{-.02}})
	for wave, want := range map[int]float64{1: -.02, 2: -.03, 3: -.035, 10: -.0399609375} {
		near(t, "fall by wave", path.Trace[0][wave-1]-path.LogPrice[0][0], want, 1e-12)
	}
}

// Monday answers to Friday, Saturday and Sunday.
func TestMondayAnswersToTheWeekend(t *testing.T) {
	weekdays := func(p *sim.Plan) { p.Sessions = []bool{true, false, false, true, true} } // Friday to Tuesday
	path := play(t, funds(), 100e3, deep, 5, script{news: []float64{-.01, -.02, -.03, -.04}}, weekdays)
	flow := report(t, path, "btc.etf_flow")
	near(t, "Friday", flow[0], 0, 0)
	if !math.IsNaN(flow[1]) || !math.IsNaN(flow[2]) {
		t.Errorf("weekend flows are %v and %v, want absent", flow[1], flow[2])
	}
	near(t, "Monday", flow[3], -.06*2.82222e9, 1)
	near(t, "Tuesday", flow[4], .43489*flow[3]-.04*2.82222e9, 1)
}

// What was observed before the start goes on: the last flow persists, and the
// returns since it are answered.
func TestRedemptionRemembersTheHistory(t *testing.T) {
	past := func(p *sim.Plan) {
		p.Past.LogPrice = [][]float64{{math.Log(110e3), math.Log(108e3), math.Log(105e3)}} // then 100,000 at the start
		p.Past.Series = map[string][]float64{"btc.etf_flow": {1e8, 2e8, math.NaN()}}
	}
	path := play(t, funds(), 100e3, deep, 1, script{}, past)
	r := math.Log(100e3 / 108e3) // the last flow is two closes back: that day's return, and the start's
	near(t, "first flow", report(t, path, "btc.etf_flow")[0], .43489*2e8+2.82222e9*r, 1)
	near(t, "of which flow", path.Ledger.Orders[0][0][0], .43489*2e8, 1)
	near(t, "of which response", path.Ledger.Orders[1][0][0], 2.82222e9*r, 1)
}

// Sessions at the end of the history whose flow is not published yet are
// carried on by the equation, and their returns are not answered twice.
func TestRedemptionCarriesOnWhereTheHistoryHasNoFlow(t *testing.T) {
	closes := []float64{110e3, 108e3, 105e3, 107e3, 106e3, 103e3}
	past := func(p *sim.Plan) {
		logs := make([]float64, len(closes))
		for i, c := range closes {
			logs[i] = math.Log(c)
		}
		absent := math.NaN()
		p.Past.LogPrice = [][]float64{logs}                                                      // then 100,000 at the start
		p.Past.Series = map[string][]float64{"btc.etf_flow": {1e8, 2e8, absent, absent, absent}} // from 105,000 on
		p.Past.Sessions = []bool{true, true, true, false, true}
	}
	c := funds()
	c.SameDay = .25
	path := play(t, c, 100e3, deep, 1, script{}, past)
	const φ, Φ = .43489, 2.82222e9
	r := func(from, to float64) float64 { return math.Log(to / from) }
	first := φ*2e8 + Φ*(.75*r(105e3, 107e3)+.25*r(107e3, 106e3))                  // at 106,000; 2e8 was that of 107,000
	second := φ*first + Φ*(.75*r(107e3, 106e3)+r(106e3, 103e3)+.25*r(103e3, 1e5)) // at the start
	near(t, "first flow", report(t, path, "btc.etf_flow")[0], φ*second+Φ*.75*r(103e3, 1e5), 1)
}

// Aum: 193bn falls with a market return and a flow at the close to 178bn.
func TestAUMIdentity(t *testing.T) {
	c := funds()
	c.AUM, c.Response = 193e9, 0
	market := (178.+1.73)/193 - 1
	near(t, "flow at the close", market, -.0687565, 5e-8)
	near(t, "flow at the open", 178/(193-1.73)-1, -.0693784, 5e-8)
	path := play(t, c, 100e3, deep, 1, script{news: []float64{math.Log1p(market)}, innovations: []float64{-1.73e9}})
	near(t, "assets", report(t, path, "btc.etf_aum")[0], 178e9, 1)
}

func TestExecutionSpreadsTheTrade(t *testing.T) {
	c := funds()
	c.Response, c.Persistence, c.Execution = 0, 0, 4
	path := play(t, c, 100e3, deep, 6, script{innovations: []float64{-4e8, -8e8}})
	for k, want := range []float64{-1e8, -3e8, -3e8, -3e8, -2e8, 0} {
		near(t, "sold", path.Ledger.Orders[0][0][k], want, 1e-3)
	}
}

// Property: outflows never exceed the assets, whatever the news, and the
// response alone vanishes with the parameter.
func TestOutflowWithinAssets(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := funds()
		c.AUM = rapid.Float64Range(0, 2e9).Draw(rt, "aum")
		c.Response = rapid.Float64Range(0, 60e9).Draw(rt, "Φ")
		c.SameDay = rapid.Float64Range(0, 1).Draw(rt, "same day")
		c.Asymmetry = rapid.Float64Range(0, 2).Draw(rt, "asymmetry")
		s := script{news: rapid.SliceOfN(rapid.Float64Range(-.3, .3), 20, 20).Draw(rt, "news"),
			innovations: rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 20, 20).Draw(rt, "η")}
		path := play(t, c, 100e3, 30e9, 20, s)
		before := c.AUM
		flow, aum := report(t, path, "btc.etf_flow"), report(t, path, "btc.etf_aum")
		for k := range 20 {
			grown := before * math.Exp(path.LogPrice[0][k+1]-path.LogPrice[0][k])
			if flow[k] < -grown*(1+1e-9)-1 || aum[k] < 0 {
				rt.Fatalf("step %d: flow %v of assets %v, left %v", k, flow[k], grown, aum[k])
			}
			if want := grown + flow[k]; math.Abs(aum[k]-want) > 1e-6*(1+grown)+1e-12*math.Abs(flow[k]) {
				rt.Fatalf("step %d: assets %v, want %v", k, aum[k], want)
			}
			before = aum[k]
		}
	})
}

// A hedged share leaves the flow as it is, takes as much off what reaches the
// spot price, and stands in a row of its own.
func TestHedgedShareOfTheFlow(t *testing.T) {
	s := script{news: []float64{-.05, .02, -.01}, innovations: []float64{-3e8, 0, 2e8}}
	c := funds()
	c.Execution, c.SameDay = 2, .5
	whole := play(t, c, 100e3, deep, 6, s)
	if rows := whole.Plan.Rows(); len(rows) != 2 {
		t.Errorf("rows %v without a hedged share", rows)
	}
	c.BasisArb = .4
	split := play(t, c, 100e3, deep, 6, s)
	for k := range 6 {
		flow := report(t, whole, "btc.etf_flow")[k]
		near(t, "flow", report(t, split, "btc.etf_flow")[k], flow, 1e-3)
		near(t, "assets", report(t, split, "btc.etf_aum")[k], report(t, whole, "btc.etf_aum")[k], 1e-3)
		near(t, "hedged flow", report(t, split, "btc.arbitrage_flow")[k], .4*flow, 1e-3)
		traded := 0.0
		for part := range 2 {
			near(t, "in the spot market", split.Ledger.Orders[part][0][k], .6*whole.Ledger.Orders[part][0][k], 1e-3)
			traded += whole.Ledger.Orders[part][0][k]
		}
		near(t, split.Plan.Rows()[2].Label, split.Ledger.Orders[2][0][k], .4*traded, 1e-3)
	}
}

// The loop's gain scales with what is not hedged: multiplier
// (1−φ)/(1−φ−(1−a)ΛΦ).
func TestHedgedShareDampsTheLoop(t *testing.T) {
	const φ, Φ, Λ = .443, 2.87e9, .0336e-9
	for _, share := range []float64{0, .25, .5, 1} {
		c := funds()
		c.Persistence, c.Response, c.BasisArb = φ, Φ, share
		path := play(t, c, 100e3, .01/Λ, 200, script{news: []float64{-.02}})
		want := (1 - φ) / (1 - φ - (1-share)*Λ*Φ)
		near(t, "closed form", mechanism.RedemptionMultiplier((1-share)*Λ, φ, Φ), want, 1e-12)
		near(t, "after 200 sessions", (path.LogPrice[0][200]-path.LogPrice[0][0])/-.02, want, 5e-8)
	}
}

func TestHedgedRedemptionSuite(t *testing.T) {
	mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc", "eth"}, Prices: []float64{110e3, 4000},
		Config:  func() mechanism.Config { c := funds(); c.SameDay, c.BasisArb = .3, .35; return c },
		Nothing: func() mechanism.Config { c := funds(); c.Response, c.BasisArb = 0, .35; return c },
		Drift:   1e-9})
}
