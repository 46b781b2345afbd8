package replay_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/replay"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Without mechanisms the news is the return.
func TestNewsIsTheReturnWhereNobodyTrades(t *testing.T) {
	returns := []float64{-.02, .013, 0, -.4, .09}
	found := identify(t, textbook(5), replay.Observed{LogPrice: along(returns...)})
	for k, r := range returns {
		near(t, "news", found.News[0][k], r, 2e-15)
	}
}

// The linear loop: of a return r the news is (1−g)·r, and the next news is
// multiplied by 1/(1−g).
func TestLinearLoop(t *testing.T) {
	returns := []float64{-.04, .01, 0, -.2}
	for _, g := range []float64{0, .5, .9, -.5} {
		found := identify(t, textbook(4, loop(g)), replay.Observed{LogPrice: along(returns...)})
		fragility, err := found.Fragility()
		if err != nil {
			t.Fatal(err)
		}
		for k, r := range returns {
			near(t, "news", found.News[0][k], (1-g)*r, 1e-11)
			near(t, "feedback", found.Path.Ledger.Return[0][0][k], g*r, 1e-11)
			near(t, "unexplained", found.Unexplained[0][k], 0, 1e-11)
			near(t, "multiplier", fragility.Multiplier[0][k], 1/(1-g), 1e-6)
		}
		if _, tipped := fragility.Worst(0); tipped || len(found.Gaps) > 0 {
			t.Errorf("gain %v: tipped %v, gaps %+v", g, tipped, found.Gaps)
		}
	}
}

// A loop that multiplies by 4 and passes a gain of 1 below a return of −3 %: the
// step that ends just above it would have tipped, and is not multiplied more for
// that.
func TestTheStepThatWouldHaveTipped(t *testing.T) {
	flush := rule{"flush", func(r float64) float64 { return .75*r + 1.5*min(max(r+.03, -.02), 0) }}
	found := identify(t, textbook(3, flush), replay.Observed{LogPrice: along(-.01, -.029995, -.02)})
	fragility, err := found.Fragility()
	if err != nil {
		t.Fatal(err)
	}
	if step, tipped := fragility.Worst(0); step != 1 || !tipped {
		t.Errorf("worst step %d, tipped %v; want 1, true", step, tipped)
	}
	for k := range 3 {
		near(t, "multiplier", fragility.Multiplier[0][k], 4, 1e-5)
	}
	if len(found.Gaps) > 0 {
		t.Errorf("gaps %+v", found.Gaps)
	}
	found = identify(t, textbook(1, flush), replay.Observed{LogPrice: along(-.05)})
	near(t, "unexplained below it", found.Unexplained[0][0], -.02, 1e-6)
}

// Waves that reach their cap have no end, and no multiplier.
func TestEndlessWaves(t *testing.T) {
	p := textbook(2, rule{"loop", func(r float64) float64 { return max(r, -.02) }})
	p.MaxWaves = 50
	plan := compile(t, p)
	fragility, err := replay.Measure(plan, script{-.0001, -.03}, 0, 0, replay.Nudge)
	if err != nil {
		t.Fatal(err)
	}
	if a := fragility.Multiplier[0]; !math.IsInf(a[0], 1) || math.Abs(a[1]-1) > 1e-9 {
		t.Errorf("multipliers %v, want +Inf and 1", a)
	}
	if step, tipped := fragility.Worst(0); step != 0 || !tipped {
		t.Errorf("worst step %d, tipped %v; want 0, true", step, tipped)
	}
	if _, err := replay.Measure(plan, script{0, 0}, 0, 0, 0); err == nil || !strings.Contains(err.Error(), "the nudge is 0") {
		t.Errorf("got %v", err)
	}
}

// script is news written down in advance, the same on all paths.
type script []float64

func (s script) Name() string                     { return "script" }
func (s script) Start(_, _ uint64) sim.Source     { return s }
func (s script) Next(step int, news, _ []float64) { news[0] = s[step] }

// Who sells 5 % worth at a fall of 2 % leaves a gap from −2 to −7 %.
func TestGap(t *testing.T) {
	stop := rule{"stop", func(r float64) float64 {
		if r <= -.02 {
			return -.05
		}
		return 0
	}}
	for _, c := range []struct{ seen, news, unexplained float64 }{
		{-.019, -.019, 0}, {-.04, -.02, -.02}, {-.06, -.02, .01}, {-.075, -.025, 0},
	} {
		found := identify(t, textbook(3, stop), replay.Observed{LogPrice: along(.01, c.seen, -.01)})
		near(t, "news", found.News[0][1], c.news, 1e-9)
		near(t, "unexplained", found.Unexplained[0][1], c.unexplained, 1e-9)
		near(t, "booked", found.Path.Ledger.Unexplained[0][1], found.Unexplained[0][1], 0)
		near(t, "news after it", found.News[0][2], -.01, 1e-12)
		if c.unexplained == 0 {
			if found.GapSteps() != 0 {
				t.Errorf("a return of %v leaves %+v", c.seen, found.Gaps)
			}
			continue
		}
		if len(found.Gaps) != 1 || found.GapSteps() != 1 {
			t.Fatalf("a return of %v leaves %+v", c.seen, found.Gaps)
		}
		g := found.Gaps[0]
		if g.Step != 1 || g.Asset != 0 || g.Series != "" || g.Cause != replay.Jump || g.Row != "stop" {
			t.Errorf("gap %+v", g)
		}
		near(t, "missed", g.Missed, c.unexplained, 1e-9)
		near(t, "jump", g.Above.Value-g.Below.Value, .05, 1e-8)
		near(t, "orders", g.Orders, -.05, 0)
		near(t, "edge", g.Above.News, -.02, 1e-9)
	}
}

// A share has no close at the weekend: its news is 0 there, what mechanisms do
// to it stays in the ledger, and Monday's news is the rest.
func TestNoClose(t *testing.T) {
	nan := math.NaN()
	p := textbook(5, rule{"seller", func(float64) float64 { return -.003 }})
	found := identify(t, p, replay.Observed{LogPrice: along(.01, nan, nan, -.02, .01)})
	for k, want := range []float64{.013, 0, 0, -.02 + .009, .013} {
		near(t, "news", found.News[0][k], want, 1e-12)
		near(t, "seller", found.Path.Ledger.Return[0][0][k], -.003, 1e-12)
		near(t, "unexplained", found.Unexplained[0][k], 0, 0)
	}
}

// Shocks of the plan have happened: the news is what remains beside them. A run
// without them tells what they did.
func TestShocksHaveHappened(t *testing.T) {
	p := textbook(3, loop(.5))
	p.Shocks = []sim.Shock{{Name: "fall", Asset: 0, Observe: -1, Steps: []int{1}, Amount: -.03}}
	found := identify(t, p, replay.Observed{LogPrice: along(-.04, -.08, .02)})
	near(t, "news beside the shock", found.News[0][1], -.01, 1e-11)
	near(t, "booked news", found.Path.Ledger.News[0][1], -.04, 1e-11)
	p.Shocks = nil
	calm := counterfactual(t, found, compile(t, p))
	near(t, "return without the shock", calm.LogPrice[0][3]-calm.LogPrice[0][0], -.04-.02+.02, 1e-10)
}

// weekdays are a run's sessions in days from a Monday.
func weekdays(steps int) []bool {
	list := make([]bool, steps)
	for k := range list {
		list[k] = k%7 < 5
	}
	return list
}

// scene is a plan of mechanisms on Bitcoin and Ether in days from a Monday.
func scene(t rapid.TB, steps int, law sim.Law, list ...mechanism.Config) sim.Plan {
	t.Helper()
	p := sim.Plan{Step: 24 * time.Hour, Steps: steps, Sessions: weekdays(steps), Past: sim.Past{LogPrice: make([][]float64, 2)}}
	env := &mechanism.Env{Step: p.Step, Assets: names, Prices: []float64{90e3, 3e3}}
	for a, price := range env.Prices {
		p.Assets = append(p.Assets, sim.Asset{Name: names[a], Price: price, Law: law, Permanent: .6, Kernel: sim.Kernel{Decay: .8}, Volatility: .03, VolatilityDecay: .94})
		for k := range 60 {
			p.Past.LogPrice[a] = append(p.Past.LogPrice[a], math.Log(price)+.05*math.Sin(float64(k)))
		}
	}
	for _, c := range list {
		env.Mechanisms = append(env.Mechanisms, kind(c))
	}
	for _, c := range list {
		m, err := c.Build(kind(c), env)
		if err != nil {
			t.Fatal(err)
		}
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
	}
	p.Innovations = env.Innovations
	return p
}

// known is news and innovations that are known, by step.
type known struct{ news, innovations [][]float64 }

func (k known) Next(step int, news, innovations []float64) {
	copy(news, k.news[step])
	copy(innovations, k.innovations[step])
}

// observe runs known news and gives what an observer sees of it.
func observe(t rapid.TB, plan *sim.Plan, k known) replay.Observed {
	t.Helper()
	path := plan.NewPath(false)
	if err := sim.NewRunner(plan).Run(k, path); err != nil {
		t.Fatal(err)
	}
	seen := replay.Observed{Series: map[string][]float64{}}
	for a := range plan.Assets {
		seen.LogPrice = append(seen.LogPrice, path.LogPrice[a][1:])
	}
	for i, r := range plan.Reports() {
		if slices.ContainsFunc(plan.Innovations, func(n sim.Innovation) bool { return n.Name == r.Name }) {
			seen.Series[r.Name] = path.Reports[i]
		}
	}
	return seen
}

// Property: a path that known news made under any of the mechanisms is taken
// apart without a gap, and gives the closes, the flows, the basis and the
// premium back; where no jump lets two news lead to one close the news is the
// known one.
func TestKnownNewsComesBack(t *testing.T) {
	const steps = 25
	rapid.Check(t, func(t *rapid.T) {
		all := append(everybody(), rotating())
		var list []mechanism.Config
		for _, c := range all {
			if rapid.Bool().Draw(t, kind(c)) {
				list = append(list, c)
			}
		}
		if c, ok := find[*mechanism.Redemption](list); ok {
			c.SameDay, c.BasisArb = rapid.Float64Range(0, 1).Draw(t, "same day"), rapid.SampledFrom([]float64{0, .4}).Draw(t, "arbitrage")
		}
		depth := rapid.Float64Range(3e9, 3e10).Draw(t, "depth")
		plan := compile(t, scene(t, steps, impact.Linear{Depth1Pct: depth}, list...))
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var k known
		for step := range steps {
			news, innovations := []float64{.03 * rng.NormFloat64(), .04 * rng.NormFloat64()}, make([]float64, len(plan.Innovations))
			for i, n := range plan.Innovations {
				sd := n.SD
				if sd == 0 {
					sd = 2e8
				}
				if n.Always || plan.Session(step) {
					innovations[i] = sd * rng.NormFloat64()
				}
			}
			k.news, k.innovations = append(k.news, news), append(k.innovations, innovations)
		}
		seen := observe(t, plan, k)
		found, err := replay.Identify(plan, seen)
		if err != nil {
			t.Fatal(err)
		}
		agrees(t, found, seen)
		if len(found.Gaps) > 0 {
			t.Fatalf("gaps: %+v", found.Gaps)
		}
		for step := range steps {
			for a := range plan.Assets {
				if got, want := found.News[a][step], k.news[step][a]; math.Abs(got-want) > 1e-8 {
					t.Fatalf("step %d: news of %s is %v, was %v", step, names[a], got, want)
				}
			}
		}
	})
}

// Property: whatever was observed under whatever law, thin markets and cascades
// without end among them, the closes come back, the ledger adds up, and what is
// unexplained beyond rounding is reported.
func TestAnyHistoryComesBack(t *testing.T) {
	const steps = 8
	rapid.Check(t, func(t *rapid.T) {
		law := rapid.SampledFrom([]sim.Law{impact.Linear{Depth1Pct: 1e9}, impact.Linear{Depth1Pct: 2e8}, impact.SquareRoot{Y: 1, Volatility: .03, Volume: 1e10},
			impact.Exponential{Depth: 2e11, Floor: .3}, impact.Inelastic{Multiplier: 5, Supply: 2e7}}).Draw(t, "law")
		var list []mechanism.Config
		for _, c := range append(everybody(), rotating()) {
			if rapid.Bool().Draw(t, kind(c)) {
				list = append(list, c)
			}
		}
		p := scene(t, steps, law, list...)
		p.MaxWaves = 100
		plan := compile(t, p)
		seen := replay.Observed{LogPrice: [][]float64{nil, nil}, Series: map[string][]float64{}}
		for a, price := range []float64{90e3, 3e3} {
			for range steps {
				x := math.Log(price) + rapid.Float64Range(-.3, .3).Draw(t, "x")
				seen.LogPrice[a] = append(seen.LogPrice[a], rapid.SampledFrom([]float64{x, x, x, math.NaN()}).Draw(t, "close"))
			}
		}
		if _, ok := find[*mechanism.Redemption](list); ok {
			for k := range steps {
				flow := rapid.SampledFrom([]float64{math.NaN(), 0, 1e9, -3e9, -1e11}).Draw(t, "flow")
				if !plan.Session(k) {
					flow = math.NaN()
				}
				seen.Series["btc.etf_flow"] = append(seen.Series["btc.etf_flow"], flow)
			}
		}
		found, err := replay.Identify(plan, seen)
		if err != nil {
			if !strings.Contains(err.Error(), "has left the numbers") {
				t.Fatal(err)
			}
			return
		}
		agrees(t, found, seen)
		reported := map[[2]int]float64{}
		for _, g := range found.Gaps {
			reported[[2]int{g.Step, g.Asset}] = g.Missed
		}
		for a := range plan.Assets {
			for k, u := range found.Unexplained[a] {
				if missed, ok := reported[[2]int{k, a}]; ok && missed != u || !ok && math.Abs(u) > 1e-6 {
					t.Fatalf("step %d: %v of %s is unexplained, the gap reported is %v", k, u, names[a], missed)
				}
			}
		}
	})
}

func rotating() *mechanism.Rotation {
	c := defaults[*mechanism.Rotation]("rotation")
	c.Speed, c.Sensitivity, c.Baskets = .05, 2, []mechanism.Basket{{Asset: "btc", Position: 4e9}, {Asset: "eth", Position: 2e9}}
	return c
}

func find[C mechanism.Config](list []mechanism.Config) (C, bool) {
	for _, c := range list {
		if found, ok := c.(C); ok {
			return found, true
		}
	}
	var none C
	return none, false
}

// What is found for a step depends on nothing after it: with another future,
// closes and flows, not a bit of it moves.
func TestNoFutureIsRead(t *testing.T) {
	const steps, spike = 20, 12
	plan := compile(t, scene(t, steps, impact.Linear{Depth1Pct: 3e9}, everybody()...))
	seen := replay.Observed{LogPrice: [][]float64{nil, nil}, Series: map[string][]float64{"btc.etf_flow": nil}}
	rng := rand.New(rand.NewPCG(4, 4))
	for k := range steps {
		for a, price := range []float64{90e3, 3e3} {
			seen.LogPrice[a] = append(seen.LogPrice[a], math.Log(price)+.03*rng.NormFloat64())
		}
		flow := math.NaN()
		if plan.Session(k) {
			flow = 3e8 * rng.NormFloat64()
		}
		seen.Series["btc.etf_flow"] = append(seen.Series["btc.etf_flow"], flow)
	}
	before := identify(t, *plan, seen)
	for k := spike; k < steps; k++ {
		seen.LogPrice[0][k] -= .3
		seen.Series["btc.etf_flow"][k] -= 5e9
	}
	after := identify(t, *plan, seen)
	for a := range plan.Assets {
		if diff := cmp.Diff(before.News[a][:spike], after.News[a][:spike]); diff != "" {
			t.Errorf("news of %s: %s", names[a], diff)
		}
		if diff := cmp.Diff(before.Unexplained[a][:spike], after.Unexplained[a][:spike]); diff != "" {
			t.Errorf("unexplained of %s: %s", names[a], diff)
		}
	}
	for i := range plan.Innovations {
		if diff := cmp.Diff(before.Innovations[i][:spike], after.Innovations[i][:spike]); diff != "" {
			t.Errorf("%s: %s", plan.Innovations[i].Name, diff)
		}
	}
	if before.News[0][spike] == after.News[0][spike] {
		t.Error("the spike was not seen at all")
	}
}

// Nothing can flow out that is not there: what was observed beyond it is a gap.
func TestOutflowsCannotExceedTheAssets(t *testing.T) {
	c := defaults[*mechanism.Redemption]("redemption")
	c.Asset, c.AUM = "btc", 1e9
	p := scene(t, 3, impact.Linear{Depth1Pct: 3e9}, c)
	flat := [][]float64{{math.Log(90e3), math.Log(90e3), math.Log(90e3)}, {math.Log(3e3), math.Log(3e3), math.Log(3e3)}}
	found := identify(t, p, replay.Observed{LogPrice: flat, Series: map[string][]float64{"btc.etf_flow": {-2e8, -5e9, 0}}})
	if len(found.Gaps) != 1 {
		t.Fatalf("gaps %+v", found.Gaps)
	}
	g := found.Gaps[0]
	if g.Step != 1 || g.Asset != -1 || g.Series != "btc.etf_flow" || g.Cause != replay.OutOfReach {
		t.Errorf("gap %+v", g)
	}
	near(t, "missed", g.Missed, -5e9+8e8, 1)
}

func TestFaultsOfTheObserved(t *testing.T) {
	c := defaults[*mechanism.Redemption]("redemption")
	c.Asset, c.AUM = "btc", 1e9
	p := scene(t, 7, impact.Linear{Depth1Pct: 3e9}, c)
	p.Innovations = append(p.Innovations, sim.Innovation{Name: "rate"})
	plan := compile(t, p)
	closes := [][]float64{{1, 1, 1, 1, 1, 1, 90e3}, {1}}
	_, err := replay.Identify(plan, replay.Observed{LogPrice: closes, Series: map[string][]float64{
		"btc.etf_flow": {0, math.Inf(1), 0, 0, 0, 0, math.NaN()}, "btc.basis": nil, "rate": nil}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"step 7: the log close of btc is 90000", "1 closes of eth, expected one for each of 7 steps", "step 2: btc.etf_flow is +Inf",
		"step 6: btc.etf_flow is 0, expected NaN", `series "btc.basis" has no innovation`, `series "rate" is published by no mechanism`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
	if _, err := replay.Identify(plan, replay.Observed{}); err == nil || !strings.Contains(err.Error(), "closes of 0 assets, expected 2") {
		t.Errorf("got %v", err)
	}
}

// A series that its mechanism cannot tell before the close is no target.
func TestUntoldSeries(t *testing.T) {
	p := textbook(2, silent{})
	p.Innovations = []sim.Innovation{{Name: "s", Always: true}}
	_, err := replay.Identify(compile(t, p), replay.Observed{LogPrice: along(0, 0), Series: map[string][]float64{"s": {1, 2}}})
	if err == nil || !strings.Contains(err.Error(), "step 1: s was observed, but the mechanisms cannot tell it before the step closes") {
		t.Errorf("got %v", err)
	}
}

// silent publishes a series and cannot foretell it.
type silent struct{ rule }

func (silent) Start(*sim.Market) sim.Trader { return mute{} }
func (silent) Reports() []sim.Report        { return []sim.Report{{Name: "s", Kind: sim.Level}} }

type mute struct{}

func (mute) Begin(*sim.Market)                      {}
func (mute) Trade(*sim.Market, []float64)           {}
func (mute) Settle(*sim.Market)                     {}
func (mute) Report(_ *sim.Market, values []float64) { values[0] = 1 }

// Assets and innovations are matched by name, whatever their order; those that
// are new get none.
func TestDriverMatchesNames(t *testing.T) {
	const steps = 10
	base := scene(t, steps, impact.Linear{Depth1Pct: 3e9}, everybody()...)
	plan := compile(t, base)
	rng := rand.New(rand.NewPCG(9, 9))
	var k known
	for range steps {
		innovations := make([]float64, len(plan.Innovations))
		for i := range innovations {
			innovations[i] = max(plan.Innovations[i].SD, 1e-3) * rng.NormFloat64()
		}
		k.news, k.innovations = append(k.news, []float64{.03 * rng.NormFloat64(), .03 * rng.NormFloat64()}), append(k.innovations, innovations)
	}
	found, err := replay.Identify(plan, observe(t, plan, k))
	if err != nil {
		t.Fatal(err)
	}
	other := base
	other.Assets = []sim.Asset{base.Assets[1], base.Assets[0]}
	other.Past.LogPrice = [][]float64{base.Past.LogPrice[1], base.Past.LogPrice[0]}
	other.Entries = nil
	other.Steps, other.Sessions = steps-1, base.Sessions[:steps-1]
	other.Innovations = []sim.Innovation{{Name: "rate"}, base.Innovations[2], base.Innovations[0]}
	driver, err := found.Driver(compile(t, other))
	if err != nil {
		t.Fatal(err)
	}
	if driver.Name() != "replay" {
		t.Errorf("the driver's name is %q", driver.Name())
	}
	news, innovations := make([]float64, 2), []float64{7, 7, 7}
	for step := range steps - 1 {
		driver.Start(3, 4).Next(step, news, innovations)
		want := []float64{found.News[1][step], found.News[0][step], 0, found.Innovations[2][step], found.Innovations[0][step]}
		if diff := cmp.Diff(want, append(slices.Clone(news), innovations...)); diff != "" {
			t.Errorf("step %d: %s", step, diff)
		}
	}

	other.Assets[0].Name, other.Step, other.Steps, other.Sessions = "sol", time.Hour, steps+1, nil
	if _, err = found.Driver(compile(t, other)); err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"steps of 1h0m0s", "11 steps, expected at most the 10 identified", "no news was identified for sol"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}
