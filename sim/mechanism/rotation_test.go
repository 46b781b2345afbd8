package mechanism_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

func rotation(mode string, b ...mechanism.Basket) *mechanism.Rotation {
	c := defaults[*mechanism.Rotation]("rotation")
	c.Mode, c.Baskets = mode, b
	c.Speed, c.Sensitivity, c.Lookback = .2, 3, 2*dayLong
	return c
}

// cryptoAndAI is $60 in bitcoin and $40 in an AI basket.
func cryptoAndAI(mode string) *mechanism.Rotation {
	return rotation(mode, mechanism.Basket{Asset: "btc", Position: 60}, mechanism.Basket{Asset: "ai", Position: 40})
}

func TestRotationSuite(t *testing.T) {
	for _, mode := range []string{mechanism.RotationFlow, mechanism.RotationCommonShock} {
		for name, sessions := range map[string]bool{"around the clock": false, "in sessions": true} {
			t.Run(mode+" "+name, func(t *testing.T) {
				config := func(speed float64) mechanism.Config {
					c := rotation(mode, mechanism.Basket{Asset: "btc", Position: 20e9, Weight: ptr(.5)}, mechanism.Basket{Asset: "ai", Position: 10e9, Weight: ptr(.3)},
						mechanism.Basket{Asset: "silver", Position: 5e9, Weight: ptr(.2)})
					c.Speed, c.Sessions = speed, sessions
					return c
				}
				mechanismtest.Check(t, mechanismtest.Subject{HoldsNoCoins: mode == mechanism.RotationCommonShock, Assets: []string{"btc", "ai", "silver"}, Prices: []float64{90e3, 50, 40},
					Config: func() mechanism.Config { return config(.1) }, Nothing: func() mechanism.Config { return config(0) }, Drift: 1e-9})
			})
		}
	}
}

// Two days of momentum, then a fifth of the way: bitcoin has lost 10 %, the AI
// basket has gained as much, and today's news is a further 5 % for it.
func TestRotationByHand(t *testing.T) {
	news := scripts{{-.1, 0}, {0, .1}, {0, .05}}
	path := perform(t, stage(t, cryptoAndAI(mechanism.RotationFlow), 4, []sim.Asset{asset("btc", 100, deep), asset("ai", 10, deep)}), news)
	for k := range 2 {
		near(t, "flow before the look-back is full", report(t, path, "btc.rotation_flow")[k], 0, 0)
	}
	btc, ai := 60*math.Exp(-.1), 40*math.Exp(.15)
	up, down := .4*math.Exp(3*.1), .6*math.Exp(3*-.1)
	flow := .2 * ((btc+ai)*up/(up+down) - ai)
	near(t, "into AI", report(t, path, "ai.rotation_flow")[2], flow, 1e-12)
	near(t, "out of bitcoin", report(t, path, "btc.rotation_flow")[2], -flow, 1e-12)
	near(t, "bought", path.Ledger.Orders[0][1][2], flow, 1e-12)
	near(t, "weight of AI", report(t, path, "subject.ai_weight")[2], (ai+flow)/(ai+btc), 1e-12)

	// the next day the look-back has moved on: only AI's two gains are in it
	btc, ai = btc-flow, ai+flow
	up, down = .4*math.Exp(3*.15), .6
	near(t, "into AI a day later", report(t, path, "ai.rotation_flow")[3], .2*((btc+ai)*up/(up+down)-ai), 1e-12)
}

// A past at least as long as the look-back counts from the first step.
func TestMomentumOfThePast(t *testing.T) {
	past := func(p *sim.Plan) {
		p.Past.LogPrice = [][]float64{{0, math.Log(100) + .1, math.Log(100)}, {0, math.Log(10) - .1, math.Log(10)}}
	}
	path := perform(t, stage(t, cryptoAndAI(mechanism.RotationFlow), 1, []sim.Asset{asset("btc", 100, deep), asset("ai", 10, deep)}, past), scripts{})
	up, down := .4*math.Exp(3*.1), .6*math.Exp(3*-.1)
	near(t, "into AI", report(t, path, "ai.rotation_flow")[0], .2*(100*up/(up+down)-40), 1e-12)
}

// Assets whose pasts are of different lengths: nobody rotates before each of them
// reaches back over the look-back.
func TestMomentumOfUnequalPasts(t *testing.T) {
	long, short := []float64{math.Log(90), math.Log(95), math.Log(100)}, []float64{math.Log(9)}
	for name, pasts := range map[string][][]float64{"second": {long, short}, "first": {short, long}, "none": {long, nil}} {
		path := perform(t, stage(t, cryptoAndAI(mechanism.RotationFlow), 3, []sim.Asset{asset("btc", 100, deep), asset("ai", 10, deep)},
			func(p *sim.Plan) { p.Past.LogPrice = pasts }), scripts{{.1, 0}, {.1, 0}, {.1, 0}})
		first := 1 // step
		if name == "none" {
			first = 2
		}
		for k, flow := range report(t, path, "btc.rotation_flow") {
			if rotates := flow != 0; rotates != (k >= first) {
				t.Errorf("%s is short: a flow of %v in step %d, expected the first one in step %d", name, flow, k, first)
			}
		}
	}
}

// Without news nobody moves; with weights given, capital goes to them.
func TestRotationAtRest(t *testing.T) {
	c := cryptoAndAI(mechanism.RotationFlow)
	assets := []sim.Asset{asset("btc", 100, deep), asset("ai", 10, deep)}
	for _, flow := range report(t, perform(t, stage(t, c, 20, assets), scripts{}), "btc.rotation_flow") {
		near(t, "flow at rest", flow, 0, 0)
	}
	c.Baskets[0].Weight, c.Baskets[1].Weight = ptr(.5), ptr(.5)
	path := perform(t, stage(t, c, 40, assets), scripts{})
	flows, weight := report(t, path, "btc.rotation_flow"), report(t, path, "subject.btc_weight")
	near(t, "first flow", flows[2], -2, 1e-12)
	near(t, "second flow", flows[3], -1.6, 1e-12)
	near(t, "weight in the end", weight[39], .5+.1*math.Pow(.8, 38), 1e-12)
}

// What is gone of the way after a day does not depend on the step, and in
// sessions nothing moves outside of them.
func TestRotationSpeed(t *testing.T) {
	weight := func(step time.Duration, sessions []bool) (w, flows []float64) {
		c := cryptoAndAI(mechanism.RotationFlow)
		c.Lookback, c.Sessions = step, sessions != nil
		c.Baskets[0].Weight, c.Baskets[1].Weight = ptr(.5), ptr(.5)
		past := func(p *sim.Plan) {
			p.Step, p.Sessions = step, sessions
			p.Past.LogPrice = [][]float64{{math.Log(100)}, {math.Log(10)}}
		}
		path := perform(t, stage(t, c, int(14*dayLong/step), []sim.Asset{asset("btc", 100, deep), asset("ai", 10, deep)}, past), scripts{})
		return report(t, path, "subject.btc_weight"), report(t, path, "btc.rotation_flow")
	}
	for _, step := range []time.Duration{time.Hour, dayLong, 7 * dayLong} {
		w, _ := weight(step, nil)
		near(t, fmt.Sprintf("after a fortnight in steps of %v", step), w[len(w)-1], .5+.1*math.Pow(.8, 14), 1e-12)
	}
	var sessions []bool
	for k := range 14 * 24 {
		sessions = append(sessions, k%24 == 21 && k/24%7 < 5)
	}
	w, flows := weight(time.Hour, sessions)
	near(t, "after ten sessions", w[len(w)-1], .5+.1*math.Pow(.8, 10), 1e-12)
	for k, flow := range flows {
		if math.IsNaN(flow) == sessions[k] {
			t.Errorf("hour %d: flow is %v, session %v", k, flow, sessions[k])
		}
	}
	w, _ = weight(7*dayLong, []bool{true, true})
	near(t, "after ten sessions in weeks", w[1], .5+.1*math.Pow(.8, 10), 1e-12)
}

// The two modes are alike in prices, whatever the law where they are alone and
// with depth that withdraws; only one of them has orders.
func TestPricesCannotTell(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	news := make(scripts, 300)
	for k := range news {
		news[k] = []float64{.03 * rng.NormFloat64(), .02 * rng.NormFloat64(), .01 * rng.NormFloat64()}
	}
	for name, law := range map[string]sim.Law{"linear": impact.Linear{Depth1Pct: 3e9}, "square-root": impact.SquareRoot{Y: 1, Volatility: .03, Volume: 3e10},
		"exponential": impact.Exponential{Depth: 1e12, Floor: .3}, "inelastic": impact.Inelastic{Multiplier: 5, Supply: 2e10}} {
		t.Run(name, func(t *testing.T) {
			run := func(mode string) *sim.Path {
				c := rotation(mode, mechanism.Basket{Asset: "btc", Position: 40e9}, mechanism.Basket{Asset: "ai", Position: 30e9},
					mechanism.Basket{Asset: "silver", Position: 10e9})
				c.ImpactScale = 1.5
				var assets []sim.Asset
				for i, name := range []string{"btc", "ai", "silver"} {
					a := asset(name, float64(100*(i+1)), 1)
					a.Law, a.DepthExponent = law, 1
					assets = append(assets, a)
				}
				return perform(t, stage(t, c, len(news), assets), news)
			}
			flow, shock := run(mechanism.RotationFlow), run(mechanism.RotationCommonShock)
			moved := 0.
			for a := range flow.LogPrice {
				nearAll(t, "log price", shock.LogPrice[a], flow.LogPrice[a], 1e-9)
				nearAll(t, "return of the row", shock.Ledger.Return[0][a], flow.Ledger.Return[0][a], 1e-9)
				for k := range news {
					moved += math.Abs(flow.Ledger.Return[0][a][k])
					near(t, "order under a common shock", shock.Ledger.Orders[0][a][k], 0, 0)
				}
			}
			for _, v := range report(t, shock, "ai.rotation_flow") {
				near(t, "flow under a common shock", v, 0, 0)
			}
			if moved < .1 {
				t.Errorf("prices moved by %v in all: the subject is too tame", moved)
			}
		})
	}
}

// Σ flow = 0 in every step and wave, nobody sells what it does not have, and the
// order of the baskets and of the assets does not matter.
func TestRotationProperties(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(name string, least, most float64) float64 {
			return rapid.OneOf(rapid.Just(least), rapid.Just(most), rapid.Float64Range(least, most)).Draw(rt, name)
		}
		names := []string{"btc", "sol", "ai", "silver"}
		var list []mechanism.Basket
		for _, name := range names {
			list = append(list, mechanism.Basket{Asset: name, Position: pick("position", 1e3, 1e11)})
		}
		speed, sensitivity := pick("speed", 0, 1), pick("sensitivity", 0, 50)
		depth := pick("depth", 1e12, 1e15)
		steps := rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Range(-.5, .5), 4, 4), 10, 10).Draw(rt, "news")
		run := func(order []int) *sim.Path {
			var assets []sim.Asset
			var baskets []mechanism.Basket
			news := make(scripts, len(steps))
			for _, a := range order {
				assets = append(assets, asset(names[a], float64(100*(a+1)), depth))
				baskets = append(baskets, list[a])
				for k := range steps {
					news[k] = append(news[k], steps[k][a])
				}
			}
			c := rotation(mechanism.RotationFlow, baskets...)
			c.Speed, c.Sensitivity = speed, sensitivity
			return perform(t, stage(t, c, len(steps), assets), news)
		}
		straight := run([]int{0, 1, 2, 3})
		order := rapid.Permutation([]int{0, 1, 2, 3}).Draw(rt, "order")
		turned := run(order)
		for i, a := range order {
			for k, want := range straight.LogPrice[a] {
				if got := turned.LogPrice[i][k]; math.Abs(got-want) > 1e-9 {
					rt.Fatalf("%s, step %d: log price %v in another order, %v before", names[a], k, got, want)
				}
			}
		}
		for k := range steps {
			sum, capital, weights := 0., 0., 0.
			for a, name := range names {
				sum += straight.Ledger.Orders[0][a][k]
				capital += list[a].Position
				w := report(t, straight, "subject."+name+"_weight")[k]
				weights += w
				if w < 0 || math.IsInf(w, 0) {
					rt.Fatalf("step %d: weight of %s is %v", k+1, name, w)
				}
			}
			for _, news := range steps[:k+1] {
				capital *= math.Exp(-max(-news[0], -news[1], -news[2], -news[3], 0)) // at least that much is left but for impact
			}
			if !(math.Abs(sum) <= 1e-9*capital) || math.Abs(weights-1) > 1e-9 {
				rt.Fatalf("step %d: flows add up to %v of a capital of %v, weights to %v", k+1, sum, capital, weights)
			}
		}
	})
}

// In each wave, too.
func TestRotationTradesOnce(t *testing.T) {
	c := cryptoAndAI(mechanism.RotationFlow)
	c.Baskets[0].Weight, c.Baskets[1].Weight = ptr(.5), ptr(.5)
	past := func(p *sim.Plan) {
		p.Past.LogPrice = [][]float64{{0, 0, math.Log(100)}, {0, 0, math.Log(10)}}
	}
	waves := record(t, stage(t, c, 1, []sim.Asset{asset("btc", 100, 1000), asset("ai", 10, 1000)}, past), []float64{-.1, .1})
	if len(waves) != 2 {
		t.Fatalf("%d waves, want one with orders and one without", len(waves))
	}
	if sum := waves[0][0] + waves[0][1]; math.Abs(sum) > 1e-13 || waves[0][0] == 0 {
		t.Errorf("orders %v add up to %v", waves[0], sum)
	}
	nearAll(t, "second wave", waves[1], []float64{0, 0}, 0)
}

func TestRotationFaults(t *testing.T) {
	c := rotation("both", mechanism.Basket{Asset: "doge", Position: 1, Weight: ptr(.5)}, mechanism.Basket{Asset: "eth", Weight: ptr(.2)},
		mechanism.Basket{Asset: "eth", Position: 1})
	c.Lookback = 36 * time.Hour
	faults(t, c, `mode: found "both", expected flow or common_shock`, "lookback: found 36h, expected whole steps of 1d",
		`baskets[0].asset: found "doge", expected one of btc, eth`, `baskets[2].asset: found "eth" twice`, "baskets[2].weight: found none, expected a weight for each basket")
	faults(t, rotation(mechanism.RotationFlow, mechanism.Basket{Asset: "btc", Weight: ptr(.5)}, mechanism.Basket{Asset: "eth", Weight: ptr(.4)}),
		"baskets: found weights with a sum of 0.9, expected a sum of 1")
	faults(t, rotation(mechanism.RotationFlow, mechanism.Basket{Asset: "btc"}),
		"baskets: found 1 of them, expected at least two", "baskets[0].weight: found neither a weight nor a position, expected one of them above 0")
}

func TestRotationAllocatesNothing(t *testing.T) {
	for _, mode := range []string{mechanism.RotationFlow, mechanism.RotationCommonShock} {
		unallocated(t, cryptoAndAI(mode), []sim.Asset{asset("btc", 100, 1e4), asset("ai", 10, 1e4)})
	}
}
