package mechanism_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"pgregory.net/rapid"
)

const weekLong, dayLong = 7 * 24 * time.Hour, 24 * time.Hour

// cast is mechanisms by name.
type cast map[string]mechanism.Config

// together compiles mechanisms on Bitcoin at 100,000 and ether at 4,000 under a
// linear permanent law. Weekdays from the start have a session, in their last
// step; a week has one too.
func (c cast) together(t testing.TB, step time.Duration, steps int, depth1pct float64, adjust ...func(*sim.Plan)) *sim.Plan {
	t.Helper()
	env := &mechanism.Env{Assets: []string{"btc", "eth"}, Mechanisms: slices.Sorted(maps.Keys(c)), Step: step}
	p := sim.Plan{Step: step, Steps: steps}
	for _, name := range env.Mechanisms {
		m, err := c[name].Build(name, env)
		if err != nil {
			t.Fatal(err)
		}
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
	}
	p.Innovations = env.Innovations
	for i, name := range env.Assets {
		p.Assets = append(p.Assets, sim.Asset{Name: name, Price: []float64{100e3, 4e3}[i], Law: impact.Linear{Depth1Pct: depth1pct},
			Permanent: 1, Volatility: .025, VolatilityDecay: .94})
	}
	for k := range steps {
		end := time.Duration(k+1) * step
		p.Sessions = append(p.Sessions, step > dayLong || end%dayLong == 0 && end%weekLong != 0 && end%weekLong != 6*dayLong)
	}
	for _, f := range adjust {
		f(&p)
	}
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// toldByName is news of Bitcoin and innovations by name, step by step.
type toldByName struct {
	plan *sim.Plan
	news []float64
	by   map[string][]float64
}

func (s toldByName) Next(step int, news, innovations []float64) {
	clear(news)
	clear(innovations)
	if step < len(s.news) {
		news[0] = s.news[step]
	}
	for i, known := range s.plan.Innovations {
		if list := s.by[known.Name]; step < len(list) {
			innovations[i] = list[step]
		}
	}
}

func playOut(t testing.TB, plan *sim.Plan, news []float64, by map[string][]float64) *sim.Path {
	t.Helper()
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(toldByName{plan, news, by}, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// ordersOf is what a row of the ledger traded in an asset.
func ordersOf(t *testing.T, p *sim.Path, label string, asset int) []float64 {
	t.Helper()
	for k, row := range p.Ledger.Rows {
		if row.Label == label {
			return p.Ledger.Orders[k][asset]
		}
	}
	t.Fatalf("no row %q", label)
	return nil
}

// stillBasis is a trade whose basis moves by itself neither way.
func stillBasis() *mechanism.Carry {
	c := defaults[*mechanism.Carry]("carry")
	c.Asset, c.Reversion, c.Volatility = "btc", 0, 0
	return c
}

// steadyBuyer buys the same amount in every session.
func steadyBuyer(usd float64) *mechanism.Redemption {
	c := funds()
	c.Persistence, c.Response, c.Constant = 0, 0, usd
	return c
}

func TestCarrySuite(t *testing.T) {
	mechanismtest.Check(t, mechanismtest.Subject{Assets: []string{"btc", "eth"}, Prices: []float64{110e3, 4000},
		Config: func() mechanism.Config {
			c := defaults[*mechanism.Carry]("carry")
			c.Asset, c.Basis = "btc", ptr(.12)
			return c
		},
		Nothing: func() mechanism.Config { c := stillBasis(); c.Capacity = 0; return c },
		Drift:   0}) // hedged: it moves no price at all
}

func TestAnnualisedBasis(t *testing.T) {
	near(t, "70,300 over 70,000 in 30 days", mechanism.AnnualisedBasis(70300, 70000, 30), .0521429, 5e-8)
	near(t, "a future below spot", mechanism.AnnualisedBasis(69, 70, 365), -1./70, 1e-15)
	for _, none := range []float64{mechanism.AnnualisedBasis(70300, 70000, 0), mechanism.AnnualisedBasis(70300, 0, 30)} {
		if !math.IsNaN(none) {
			t.Errorf("a basis of %v out of nothing", none)
		}
	}
}

// The moments of an Ornstein–Uhlenbeck process with θ .1 and σ .02 that is at
// −.08, ten days later, of the basis and of the premium, whatever the step.
func TestOrnsteinUhlenbeckMoments(t *testing.T) {
	basis := stillBasis()
	basis.Capacity, basis.Mean, basis.Basis, basis.Reversion, basis.Volatility = 0, 0, ptr(-.08), .1, .02
	premium := defaults[*mechanism.Premium]("premium")
	premium.Asset, premium.Premium, premium.Reversion, premium.Volatility = "btc", -.08, -math.Expm1(-.1), .02
	for series, c := range map[string]mechanism.Config{"btc.basis": basis, "btc.coinbase_premium": premium} {
		for _, step := range []time.Duration{time.Hour, dayLong, 5 * dayLong} {
			t.Run(series+" "+step.String(), func(t *testing.T) {
				n := int(10 * dayLong / step)
				plan := cast{"subject": c}.together(t, step, n, deep)
				level := report(t, playOut(t, plan, nil, nil), series)
				near(t, "mean", level[n-1], -.0294304, 5e-8)

				kept, noise := level[n-1]/level[n-2], plan.Innovations[0]
				if !noise.Always || noise.Name != series {
					t.Errorf("innovation %+v, want one of %s around the clock", noise, series)
				}
				variance := 0.0
				for range n {
					variance = kept*kept*variance + noise.SD*noise.SD
				}
				near(t, "variance", variance, .00172933, 5e-9)
				near(t, "stationary standard deviation", noise.SD/math.Sqrt(1-kept*kept), .0447214, 5e-8)

				hit := report(t, playOut(t, plan, nil, map[string][]float64{series: {.01}}), series)
				near(t, "an innovation that comes", hit[0]-level[0], .01, 1e-15)
				near(t, "what is left of it", hit[n-1]-level[n-1], .01*math.Pow(kept, float64(n-1)), 1e-15)
			})
		}
	}
}

// Where the desks move nothing, K* = κ·max(b − r − c, 0), and each session
// closes 1 − e^{−θ} of the gap.
func TestCarryTarget(t *testing.T) {
	c := stillBasis()
	c.Depth, c.Basis, c.Position, c.RiskFree, c.Cost, c.Capacity = deep, ptr(.09), ptr(0), .04, .01, 2e9
	plan := cast{"carry": c}.together(t, dayLong, 400, deep)
	path := playOut(t, plan, nil, nil)
	share := -math.Expm1(-.14)
	position, flow := report(t, path, "btc.carry_position"), report(t, path, "btc.carry_flow")
	near(t, "first purchase", flow[0], share*8e9, 1)
	near(t, "second purchase", flow[1], share*(1-share)*8e9, 1)
	near(t, "size in the end", position[399], 8e9, 1)

	c.Basis, c.Position = ptr(.049), ptr(3e9)
	path = playOut(t, cast{"carry": c}.together(t, dayLong, 5, deep), nil, nil)
	near(t, "below the hurdle", report(t, path, "btc.carry_flow")[0], -share*3e9, 1)

	c.Position = nil
	path = playOut(t, cast{"carry": c}.together(t, dayLong, 1, deep), nil, nil)
	near(t, "nothing to hold below the hurdle", report(t, path, "btc.carry_position")[0], 0, 0)
}

// The desks' own trades take the basis away: with nothing else going on
// b + K/(100·depth) stands still, the size goes to its fixed point at the speed
// it is given, and there it is what the basis then pays, in steps of any length.
func TestCarryClosesTheBasis(t *testing.T) {
	c := stillBasis()
	c.Basis, c.Position, c.Depth = ptr(.20), ptr(1e9), 7e8
	hurdle := c.RiskFree + c.Cost
	sum := .20 + 1e9/c.Depth/100
	fixed := c.Capacity * 100 * (sum - hurdle) / (1 + c.Capacity/c.Depth)
	for _, step := range []time.Duration{time.Hour, dayLong, weekLong} {
		n := int(12 * weekLong / step)
		path := playOut(t, cast{"carry": c}.together(t, step, n, 1e9), nil, nil)
		position, basis := report(t, path, "btc.carry_position"), report(t, path, "btc.basis")
		for w := 1; w <= 12; w++ {
			at := int(time.Duration(w)*weekLong/step) - 1
			near(t, "size", position[at], fixed+(1e9-fixed)*math.Exp(-.14*5*float64(w)), 1)
			near(t, "basis and what was taken off it", basis[at]+position[at]/c.Depth/100, sum, 1e-12)
		}
		near(t, "size in the end", position[n-1], c.Capacity*100*(basis[n-1]-hurdle), 1e-3*fixed)
	}
}

// Hedged orders stand in the ledger and in the funds' flow, in sessions only,
// and not in the price.
func TestCarryMovesNoPrice(t *testing.T) {
	c := stillBasis()
	c.Basis, c.Position = ptr(.15), ptr(0)
	path := playOut(t, cast{"carry": c, "redemption": steadyBuyer(1e8)}.together(t, dayLong, 7, 1e8), nil, nil)
	bought, whole := ordersOf(t, path, "carry", 0), report(t, path, "btc.etf_flow")
	aum := 150e9
	for k := range 7 {
		for _, series := range []string{"btc.carry_flow", "btc.arbitrage_flow"} {
			if flow := report(t, path, series)[k]; k < 5 {
				near(t, series, flow, bought[k], 0)
			} else if !math.IsNaN(flow) || bought[k] != 0 {
				t.Errorf("day %d, a weekend: %s %v, bought %v", k+1, series, flow, bought[k])
			}
		}
		r := path.LogPrice[0][k+1] - path.LogPrice[0][k]
		aum *= math.Exp(r)
		if k < 5 {
			near(t, "return", r, .01, 1e-12) // of the 1e8 in the spot market
			near(t, "flow of the funds", whole[k], 1e8+bought[k], 1e-3)
			aum += whole[k]
		}
		near(t, "assets of the funds", report(t, path, "btc.etf_aum")[k], aum, 1)
		near(t, "return of the desks", path.Ledger.Return[0][0][k], 0, 0)
	}
	if bought[0] < 1e8 {
		t.Errorf("bought %v: the subject is too tame", bought[0])
	}
}

// Demand for leverage lifts the basis by its orders over depth; who it is may be
// left to the scenario, and a hedged order never is demand.
func TestDemandLiftsTheBasis(t *testing.T) {
	c := stillBasis()
	c.Capacity, c.Basis, c.Depth = 0, ptr(.05), 2e9
	longs := steadyBuyer(1e9)
	longs.BasisArb = .25
	for _, tt := range []struct {
		name   string
		demand []string
		want   float64
	}{
		{"perps by themselves", nil, .05 + (.75-.25)*.01/2},
		{"named", []string{"perps", "perps.flow"}, .05 + (.75-.25)*.01/2},
		{"nobody", []string{}, .05 - .25*.01/2},
	} {
		c.Demand = tt.demand
		path := playOut(t, cast{"carry": c, "perps": longs}.together(t, dayLong, 1, deep), nil, nil)
		near(t, tt.name, report(t, path, "btc.basis")[0], tt.want, 1e-15)
	}
	c.Asset = "eth"
	path := playOut(t, cast{"carry": c, "perps": longs}.together(t, dayLong, 1, deep), nil, nil)
	near(t, "of another asset", report(t, path, "eth.basis")[0], .05, 0)
}

// Perps are demand for futures under any label.
func TestPerpsAreDemandByAnyName(t *testing.T) {
	c := stillBasis()
	m, err := c.Build("carry", &mechanism.Env{Assets: []string{"btc"}, Step: dayLong,
		Mechanisms: []string{"swaps", "perps"}, Kinds: []string{"perps", "dip_buyers"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := m.(sim.Follower).Follows(); !slices.Equal(got, []string{"swaps"}) {
		t.Errorf("demand of %q, want that of swaps", got)
	}
}

// Property: beside desks that hold part of the funds, outflows of both stay within
// the assets: AUM' = AUM·e^r + flow, and the desks' shares are among them.
func TestDesksHoldPartOfTheFunds(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(name string, least, most float64) float64 { return rapid.Float64Range(least, most).Draw(rt, name) }
		c := defaults[*mechanism.Carry]("carry")
		c.Asset, c.Speed, c.Basis = "btc", pick("speed", 0, 5), ptr(pick("b", -.1, .2))
		f := funds()
		f.AUM, f.BasisArb, f.SameDay, f.Execution = pick("aum", 1e9, 1e10), pick("arb", 0, 1), pick("same day", 0, 1), rapid.IntRange(1, 3).Draw(rt, "execution")
		c.Position = ptr(f.AUM * pick("share", 0, 1))
		const steps = 20
		path := playOut(t, cast{"carry": c, "redemption": f}.together(t, dayLong, steps, deep), rapid.SliceOfN(rapid.Float64Range(-.3, .3), steps, steps).Draw(rt, "news"), map[string][]float64{
			"btc.basis":    rapid.SliceOfN(rapid.Float64Range(-.1, .1), steps, steps).Draw(rt, "innovations"),
			"btc.etf_flow": rapid.SliceOfN(rapid.Float64Range(-5e9, 1e9), steps, steps).Draw(rt, "flows"),
		})
		aum, flow, held := report(t, path, "btc.etf_aum"), report(t, path, "btc.etf_flow"), report(t, path, "btc.carry_position")
		before := f.AUM
		for k := range steps {
			want := before * math.Exp(path.LogPrice[0][k+1]-path.LogPrice[0][k])
			if !math.IsNaN(flow[k]) {
				want += flow[k]
			}
			if slack := 1e-9 * (f.AUM + math.Abs(flow[k])); want < 0 && want > -slack {
				want = 0
			}
			if !(math.Abs(aum[k]-want) <= 1e-9*(1e9+before)) || held[k] > aum[k]*(1+1e-9)+1 {
				rt.Fatalf("step %d: assets %v, want %v; the desks hold %v", k+1, aum[k], want, held[k])
			}
			before = aum[k]
		}
	})
}

// What was observed goes on: the last reading, reverted over the steps since.
func TestCarryRemembersTheHistory(t *testing.T) {
	c := stillBasis()
	c.Reversion, c.Mean, c.Basis, c.Capacity = .1, .05, ptr(.2), 0
	absent := math.NaN()
	path := playOut(t, cast{"carry": c}.together(t, dayLong, 1, deep, func(p *sim.Plan) {
		p.Past.Series = map[string][]float64{"btc.basis": {.01, .09, absent, absent}}
	}), nil, nil)
	near(t, "basis", report(t, path, "btc.basis")[0], .05+.04*math.Exp(-.3), 1e-15)
}

// Property: the desks hold no less than nothing, K' = K·e^r + ΔK in a market
// whose waves move no price, and the basis stays a number, whatever the parameters.
func TestCarryAddsUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		pick := func(name string, least, most float64) float64 {
			return rapid.OneOf(rapid.Just(least), rapid.Just(most), rapid.Float64Range(least, most)).Draw(rt, name)
		}
		c := defaults[*mechanism.Carry]("carry")
		c.Asset, c.Capacity, c.Depth, c.Speed = "btc", pick("κ", 0, 1e12), pick("depth", 1e6, 1e12), pick("speed", 0, 50)
		c.Reversion, c.Mean = pick("θ", 0, 50), pick("b̄", -1, 1)
		position := pick("position", 0, 1e11)
		c.Position = &position
		step := rapid.SampledFrom([]time.Duration{time.Hour, dayLong, weekLong}).Draw(rt, "step")
		const steps = 60
		plan := cast{"carry": c, "redemption": funds()}.together(t, step, steps, deep)
		path := playOut(t, plan, rapid.SliceOfN(rapid.Float64Range(-.3, .3), steps, steps).Draw(rt, "news"), map[string][]float64{
			"btc.basis":    rapid.SliceOfN(rapid.Float64Range(-.5, .5), steps, steps).Draw(rt, "innovations"),
			"btc.etf_flow": rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), steps, steps).Draw(rt, "flows"),
		})
		bought := ordersOf(t, path, "carry", 0)
		size, basis := report(t, path, "btc.carry_position"), report(t, path, "btc.basis")
		for k := range steps {
			grown := position * math.Exp(path.LogPrice[0][k+1]-path.LogPrice[0][k])
			if !(math.Abs(size[k]-grown-bought[k]) <= 1e-9*(1+grown+math.Abs(bought[k]))) || size[k] < 0 {
				rt.Fatalf("step %d: %v and %v of trades became %v", k+1, grown, bought[k], size[k])
			}
			if math.IsNaN(basis[k]) || math.IsInf(basis[k], 0) {
				rt.Fatalf("step %d: basis %v", k+1, basis[k])
			}
			position = size[k]
		}
	})
}

func TestCarryFaults(t *testing.T) {
	c := stillBasis()
	c.Asset, c.Demand = "doge", []string{"longs"}
	_, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Mechanisms: []string{"carry", "perps"}, Step: dayLong})
	for _, want := range []string{`asset: found "doge", expected one of btc`, `demand[0]: found "longs"`, "carry, perps"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

// A step makes no garbage.
func TestStepsDoNotAllocate(t *testing.T) {
	premium := defaults[*mechanism.Premium]("premium")
	premium.Asset = "btc"
	carry := defaults[*mechanism.Carry]("carry")
	carry.Asset = "btc"
	hedged := funds()
	hedged.BasisArb = .3
	plan := cast{"carry": carry, "premium": premium, "redemption": hedged, "macro": rates(1e9)}.together(t, dayLong, 200, 3e9)
	r := sim.NewRunner(plan)
	r.Start()
	news, innovations := []float64{-.02, .01}, make([]float64, len(plan.Innovations))
	for i := range innovations {
		innovations[i] = 1e-4
	}
	if n := testing.AllocsPerRun(100, func() {
		r.Try(news, innovations)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations in a step", n)
	}
}
