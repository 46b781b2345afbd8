package mechanism_test

import (
	"math"
	"slices"
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
	mechanismtest.Check(t, mechanismtest.Subject{HoldsNoCoins: true, Assets: []string{"eth", "btc"}, Prices: []float64{4000, 110e3},
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
	for _, want := range []string{`asset: found "doge"`, `us[1]: found "funds"`, `elsewhere[0]: found "perps", expected what is not among us, perps, funds`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

// Who presses where, if the file does not say: the scenario's funds and treasuries
// and its perps, whatever they are called, but for those that the other list
// names.
func TestPremiumDefaults(t *testing.T) {
	env := &mechanism.Env{Assets: []string{"btc"}, Step: dayLong, Mechanisms: []string{"treasury", "premium", "eth_funds", "redemption", "swaps", "btc_funds"},
		Kinds: []string{"treasury", "premium", "redemption", "collateral", "perps", "redemption"}}
	funds := []string{"btc_funds", "eth_funds"}
	for _, tt := range []struct{ us, elsewhere, want []string }{
		{nil, nil, []string{"btc_funds", "eth_funds", "treasury", "swaps"}},
		{[]string{"swaps"}, nil, []string{"swaps"}},
		{nil, []string{"treasury", "swaps"}, append(funds, "treasury", "swaps")},
		{nil, []string{}, append(funds, "treasury")},
		{[]string{}, []string{}, nil},
	} {
		c := coinbase()
		c.US, c.Elsewhere = tt.us, tt.elsewhere
		m, err := c.Build("premium", env)
		if err != nil {
			t.Errorf("us %q, elsewhere %q: %v", tt.us, tt.elsewhere, err)
			continue
		}
		if got := m.(sim.Follower).Follows(); !slices.Equal(got, tt.want) {
			t.Errorf("us %q, elsewhere %q: it follows %q, want %q", tt.us, tt.elsewhere, got, tt.want)
		}
	}
}

// A row counts on one side only, also where one list names the whole and the
// other a part of it.
func TestPremiumSides(t *testing.T) {
	env := &mechanism.Env{Assets: []string{"btc"}, Mechanisms: []string{"redemption", "perps"}, Step: dayLong}
	for _, tt := range [][2]string{{"redemption", "redemption.flow"}, {"redemption.flow", "redemption"}, {"redemption.flow", "redemption.flow"}} {
		c := coinbase()
		c.US, c.Elsewhere = tt[:1], tt[1:]
		if _, err := c.Build("premium", env); err == nil || !strings.Contains(err.Error(), "elsewhere[0]: found") {
			t.Errorf("us %s, elsewhere %s: got %v", tt[0], tt[1], err)
		}
	}
	c := coinbase()
	c.US, c.Elsewhere = []string{"redemption.flow"}, []string{"redemption.response"}
	if _, err := c.Build("premium", env); err != nil {
		t.Error(err)
	}
}

// A part that nobody has would be followed for ever without a sound: it is a
// fault. A mechanism that a variant leaves out has no orders, and is none.
func TestPartsThatNobodyHas(t *testing.T) {
	compile := func(names ...string) error {
		env := &mechanism.Env{Assets: []string{"btc"}, Mechanisms: []string{"redemption", "perps"}, Step: dayLong}
		c := coinbase()
		c.US, c.Elsewhere = names, []string{}
		carry := stillBasis()
		carry.Demand = names
		p := sim.Plan{Step: env.Step, Steps: 1, Assets: []sim.Asset{asset("btc", 1e5, deep)}}
		for name, c := range map[string]mechanism.Config{"premium": c, "carry": carry, "redemption": funds()} {
			m, err := c.Build(name, env)
			if err != nil {
				t.Fatal(err)
			}
			p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
		}
		p.Innovations = env.Innovations
		_, err := sim.Compile(p)
		return err
	}
	if err := compile("redemption", "redemption.flow", "perps.rebuild"); err != nil {
		t.Error(err)
	}
	err := compile("redemption.flwo")
	for _, want := range []string{"premium", "carry"} {
		if want = "mechanism " + want + ` follows "redemption.flwo", expected redemption or one of its parts ["flow" "response"]`; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
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
