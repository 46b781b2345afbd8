package mechanism_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

func coinbase() *mechanism.Premium {
	c := defaults[*mechanism.Premium]("premium")
	c.Asset = "btc"
	return c
}

func TestPremiumSuite(t *testing.T) {
	mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"eth", "btc"}, Prices: []float64{4000, 110e3},
		Config:  func() mechanism.Config { return coinbase() },
		Nothing: func() mechanism.Config { return coinbase() },
		Drift:   0})
}

// Under constant orders the premium goes to λU/(κV). In hourly steps they come
// once a day: it is its mean over the day that does.
func TestPremiumSteadyState(t *testing.T) {
	everyDay := func(p *sim.Plan) {
		for k := range p.Sessions {
			p.Sessions[k] = time.Duration(k+1)*p.Step%dayLong == 0
		}
	}
	c := coinbase()
	c.Reversion, c.Sensitivity, c.Volume = .2, 5e-4, 2e9
	want := 5e-4 * (3e8 - 1e8) / (.2 * 2e9)
	for _, step := range []time.Duration{time.Hour, dayLong} {
		perDay := int(dayLong / step)
		plan := cast{"premium": c, "redemption": steadyBuyer(3e8), "perps": steadyBuyerOf("eth", 1e8)}.together(t, step, 200*perDay, deep, everyDay)
		if rows := plan.Rows(); len(rows) != 4 {
			t.Errorf("rows %v: a premium has none", rows)
		}
		// perps trade another asset: they press on no price of this one
		level := report(t, playOut(t, plan, nil, nil), "btc.coinbase_premium")
		near(t, step.String(), meanOf(level[199*perDay:]), want*3/2, 1e-15)

		c := *c
		c.US, c.Elsewhere = []string{"buyers", "buyers.flow"}, []string{"sellers.response", "sellers.flow"}
		plan = cast{"premium": &c, "buyers": steadyBuyer(3e8), "sellers": quietBuyer(1e8)}.together(t, step, 200*perDay, deep, everyDay)
		level = report(t, playOut(t, plan, nil, nil), "btc.coinbase_premium")
		near(t, step.String()+" against others", meanOf(level[199*perDay:]), want, 1e-15)
	}
}

// One day: π' = (1−κ)π + λU/V + innovation, of orders that press on the price.
func TestPremiumOfADay(t *testing.T) {
	c := coinbase()
	c.Reversion, c.Sensitivity, c.Volume, c.Premium = .25, 4e-4, 1e9, .002
	hedged := steadyBuyer(-5e8)
	hedged.BasisArb = .4
	plan := cast{"premium": c, "redemption": hedged}.together(t, dayLong, 1, deep)
	path := playOut(t, plan, nil, map[string][]float64{"btc.coinbase_premium": {1e-4}})
	near(t, "premium", report(t, path, "btc.coinbase_premium")[0], .75*.002-4e-4*.6*.5+1e-4, 1e-15)
}

func TestPremiumRemembersTheHistory(t *testing.T) {
	c := coinbase()
	c.Reversion, c.Premium = .5, .1
	path := playOut(t, cast{"premium": c}.together(t, dayLong, 1, deep, func(p *sim.Plan) {
		p.Past.Series = map[string][]float64{"btc.coinbase_premium": {.009, -.004, math.NaN()}}
	}), nil, nil)
	near(t, "premium", report(t, path, "btc.coinbase_premium")[0], -.001, 1e-15)
}

// Property: the premium is linear in orders and innovations, whatever they are.
func TestPremiumIsLinear(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := coinbase()
		c.Reversion, c.Sensitivity = rapid.Float64Range(1e-4, .9999).Draw(rt, "κ"), rapid.Float64Range(0, 1).Draw(rt, "λ")
		step := rapid.SampledFrom([]time.Duration{time.Hour, dayLong, weekLong}).Draw(rt, "step")
		const steps = 30
		flows := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), steps, steps).Draw(rt, "flows")
		noise := rapid.SliceOfN(rapid.Float64Range(-.01, .01), steps, steps).Draw(rt, "innovations")
		run := func(flows, noise []float64) []float64 {
			plan := cast{"premium": c, "redemption": steadyBuyer(0)}.together(t, step, steps, deep)
			return report(t, playOut(t, plan, nil, map[string][]float64{"btc.etf_flow": flows, "btc.coinbase_premium": noise}), "btc.coinbase_premium")
		}
		both, orders, innovations := run(flows, noise), run(flows, nil), run(nil, noise)
		for k := range steps {
			if sum := orders[k] + innovations[k]; !(math.Abs(both[k]-sum) <= 1e-10*(1+math.Abs(sum))) { // the sizes of orders differ by nine digits
				rt.Fatalf("step %d: %v, and %v in two", k+1, both[k], sum)
			}
		}
	})
}

func TestPremiumFaults(t *testing.T) {
	c := coinbase()
	c.Asset, c.US, c.Elsewhere = "doge", []string{"perps", "funds"}, []string{"perps"}
	_, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Mechanisms: []string{"perps", "x"}, Step: dayLong})
	for _, want := range []string{`asset: found "doge"`, `us[1]: found "funds"`, `elsewhere[0]: found "perps", expected a mechanism that is not among us`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

func steadyBuyerOf(asset string, usd float64) *mechanism.Redemption {
	c := steadyBuyer(usd)
	c.Asset = asset
	return c
}

func meanOf(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// quietBuyer is a buyer that publishes nothing, so that it can stand beside
// another on the same asset.
func quietBuyer(usd float64) mechanism.Config { return quietOne{steadyBuyer(usd)} }

type quietOne struct{ mechanism.Config }

func (s quietOne) Build(name string, env *mechanism.Env) (sim.Mechanism, error) {
	m, err := s.Config.Build(name, env)
	return struct{ sim.Parted }{m.(sim.Parted)}, err
}
