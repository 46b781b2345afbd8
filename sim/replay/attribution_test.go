package replay_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/replay"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// feedback answers a step's log return at once: a gain of .5 doubles the news
// in a market that 1 USD moves by 1. It publishes what it traded, and how far
// below the start it is while it is there.
type feedback struct {
	name string
	gain float64
}

type feedbackLoop struct {
	feedback
	start, traded, depth float64
}

func (f feedback) Name() string { return f.name }
func (f feedback) Start(m *sim.Market) sim.Trader {
	return &feedbackLoop{feedback: f, start: m.Open(0)}
}
func (f feedback) Reports() []sim.Report {
	return []sim.Report{
		{Name: "btc." + f.name, Title: f.name, Unit: sim.USD, Kind: sim.Flow},
		{Name: f.name + ".depth", Title: f.name + ": depth", Unit: sim.Fraction, Kind: sim.Level},
	}
}
func (f *feedbackLoop) Begin(*sim.Market) { f.traded = 0 }
func (f *feedbackLoop) Trade(m *sim.Market, orders []float64) {
	want := f.gain * (m.LogPrice(0) - m.Open(0))
	orders[0] += want - f.traded
	f.traded = want
}
func (f *feedbackLoop) Settle(m *sim.Market) {
	if f.depth = m.LogPrice(0) - f.start; f.depth >= 0 {
		f.depth = math.NaN()
	}
}
func (f *feedbackLoop) Report(_ *sim.Market, out []float64) { out[0], out[1] = f.traded, f.depth }

// unitMarket is a market that 1 USD moves by a log return of 1.
func unitMarket(t testing.TB, steps int, mechanisms ...sim.Mechanism) *sim.Plan {
	t.Helper()
	p := sim.Plan{Step: 24 * time.Hour, Steps: steps, Tolerance: 1e-15,
		Assets: []sim.Asset{{Name: "btc", Price: 100, Law: impact.Linear{Depth1Pct: .01}, Permanent: 1, Volatility: .03, VolatilityDecay: .94}}}
	for _, m := range mechanisms {
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
	}
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// told is news written down in advance, for the first asset.
type told []float64

func (told) Name() string                      { return "told" }
func (n told) Start(uint64, uint64) sim.Source { return n }
func (n told) Next(step int, news, innovations []float64) {
	clear(news)
	clear(innovations)
	news[0] = n[step]
}

func attribute(t testing.TB, plan *sim.Plan, d sim.Driver, o replay.AttributionOptions, outcomes ...string) *replay.Attribution {
	t.Helper()
	a, err := replay.Attribute(context.Background(), plan, d, 3, outcomes, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// shapley is a player's share of an outcome.
func shapley(t testing.TB, a replay.Attributed, player string) float64 {
	t.Helper()
	i := slices.IndexFunc(a.Shares, func(s replay.Share) bool { return s.Player == player })
	if i < 0 {
		t.Fatalf("%s: no share of %s (%s)", a.Name, player, a.Refused)
	}
	return a.Shares[i].Shapley.Value
}

// efficient checks that news and shares add up to the total.
func efficient(t rapid.TB, a replay.Attributed) {
	t.Helper()
	sum, single := a.News.Value, 0.0
	for _, s := range a.Shares {
		sum += s.Shapley.Value
		single += s.Single.Value
	}
	scale := max(1, math.Abs(a.Total.Value), math.Abs(a.News.Value))
	nearly(t, a.Name+": news and shares", sum, a.Total.Value, 1e-9*scale)
	nearly(t, a.Name+": interaction", a.Interaction.Value, single-(a.Total.Value-a.News.Value), 1e-9*scale)
}

// The linear loop in closed form: news d, and d·g/(1−g) from the loop, in log
// return.
func TestLinearLoopAttribution(t *testing.T) {
	const d, g = -.02, .5
	a := attribute(t, unitMarket(t, 1, feedback{"loop", g}), told{d}, replay.AttributionOptions{}, "return").Outcomes[0]
	news, total := math.Log1p(a.News.Value), math.Log1p(a.Total.Value)
	nearly(t, "news", news, d, 1e-14)
	nearly(t, "loop", total-news, d*g/(1-g), 1e-12)
	nearly(t, "share", shapley(t, a, "loop"), math.Expm1(d/(1-g))-math.Expm1(d), 1e-12)
	nearly(t, "interaction of one", a.Interaction.Value, 0, 1e-15)
	if a.Total.Level != 1 || a.Total.Low != a.Total.Value || a.Total.High != a.Total.Value {
		t.Errorf("one path is certain: %v", a.Total)
	}
}

// Two loops amplify each other: v(S) = e^{d/(1−Σg)} − 1.
func TestTwoLoopsAttribution(t *testing.T) {
	const d, g, h = -.02, .3, .4
	v := func(gain float64) float64 { return math.Expm1(d / (1 - gain)) }
	o := attribute(t, unitMarket(t, 1, feedback{"a", g}, feedback{"b", h}), told{d}, replay.AttributionOptions{}, "return").Outcomes[0]
	nearly(t, "news", o.News.Value, v(0), 1e-12)
	nearly(t, "a", shapley(t, o, "a"), (v(g)-v(0)+v(g+h)-v(h))/2, 1e-12)
	nearly(t, "b", shapley(t, o, "b"), (v(h)-v(0)+v(g+h)-v(g))/2, 1e-12)
	nearly(t, "a switched off", o.Shares[0].Single.Value, v(g+h)-v(h), 1e-12)
	nearly(t, "interaction", o.Interaction.Value, (v(g+h)-v(h))+(v(g+h)-v(g))-(v(g+h)-v(0)), 1e-12)
	efficient(t, o)
}

func TestEqualAndIdleMechanisms(t *testing.T) {
	plan := unitMarket(t, 5, feedback{"left", .2}, feedback{"right", .2}, feedback{"idle", 0}, feedback{"other", .15})
	for _, o := range attribute(t, plan, told{-.02, .01, -.04, 0, .02}, replay.AttributionOptions{}, "return", "max_drawdown", "btc.left", "btc.idle").Outcomes[:2] {
		nearly(t, o.Name+": equal shares", shapley(t, o, "left"), shapley(t, o, "right"), 1e-12)
		nearly(t, o.Name+": no share", shapley(t, o, "idle"), 0, 0)
		if !(math.Abs(shapley(t, o, "left")) > 1e-3) {
			t.Errorf("%s: nothing is shared", o.Name)
		}
		efficient(t, o)
	}
}

// A flow that nobody makes is 0; a level that nobody publishes is absent.
func TestFlowsAndLevelsOfWhoIsOut(t *testing.T) {
	plan := unitMarket(t, 2, feedback{"a", .3}, feedback{"b", .4})
	list := attribute(t, plan, told{-.02, -.01}, replay.AttributionOptions{}, "btc.a", "btc.a.low", "a.depth.last", "return").Outcomes
	flow := list[0]
	nearly(t, "flow without its maker", flow.News.Value, 0, 0)
	// alone a trades g·d/(1−g) of all news d, with b it trades g·d/(1−g−h)
	alone, both := .3*-.03/.7, .3*-.03/.3
	nearly(t, "flow", flow.Total.Value, both, 1e-12)
	nearly(t, "a's share of its flow", shapley(t, flow, "a"), (alone+both)/2, 1e-12)
	nearly(t, "b's share of a's flow", shapley(t, flow, "b"), (both-alone)/2, 1e-12)
	nearly(t, "lowest flow without its maker", list[1].News.Value, 0, 0)
	if level := list[2]; level.Shares != nil || level.Refused != "a.depth.last has no value without a" ||
		!math.IsNaN(level.Interaction.Value) || math.IsNaN(level.Total.Value) {
		t.Errorf("a level is shared with those without whom it does not exist: %+v", level)
	}
	efficient(t, list[3])

	b, err := replay.MechanismPlayer(plan, "b")
	if err != nil {
		t.Fatal(err)
	}
	a := attribute(t, plan, told{-.02, -.01}, replay.AttributionOptions{Players: []replay.Player{b}}, "a.depth.last")
	nearly(t, "depth with a in every run", a.Outcomes[0].News.Value, -.03/.7, 1e-12)
	nearly(t, "b's share of it", shapley(t, a.Outcomes[0], "b"), -.03/.3+.03/.7, 1e-12)
	if d := cmp.Diff([]string{"a"}, a.Staying); d != "" || len(a.Notes) != 1 || !strings.HasPrefix(a.Notes[0], "a: on in every run") {
		t.Errorf("staying %s, notes %q", d, a.Notes)
	}
}

// build compiles real mechanisms on btc and eth.
func build(t testing.TB, steps int, configs map[string]mechanism.Config) (*sim.Plan, sim.Driver) {
	t.Helper()
	p := sim.Plan{Step: 24 * time.Hour, Steps: steps}
	for i, name := range []string{"btc", "eth"} {
		p.Assets = append(p.Assets, sim.Asset{Name: name, Price: []float64{1e5, 3e3}[i], Law: impact.Linear{Depth1Pct: []float64{3e9, 1e9}[i]},
			Permanent: .6, Kernel: sim.Kernel{Decay: .8}, Volatility: .03, VolatilityDecay: .94})
	}
	env := &mechanism.Env{Assets: []string{"btc", "eth"}, Prices: []float64{1e5, 3e3}, Step: p.Step}
	for name := range configs {
		env.Mechanisms = append(env.Mechanisms, name)
	}
	slices.Sort(env.Mechanisms)
	for _, name := range env.Mechanisms {
		m, err := configs[name].Build(name, env)
		if err != nil {
			t.Fatal(err)
		}
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m, ImpactScale: configs[name].Travels().ImpactScale})
	}
	p.Innovations = env.Innovations
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	d, err := (&driver.GBM{}).Build(&driver.Env{Assets: env.Assets, Volatility: []float64{.03, .04}, StepDays: 1, Innovations: plan.Innovations})
	if err != nil {
		t.Fatal(err)
	}
	return plan, d
}

// config is a kind's default, changed.
func config[C mechanism.Config](t testing.TB, kind string, change func(C)) mechanism.Config {
	t.Helper()
	k, ok := mechanism.Lookup(kind)
	if !ok {
		t.Fatalf("no mechanism %s", kind)
	}
	c := k.Default().(C)
	change(c)
	return c
}

func funds(t testing.TB, asset string, response, sd float64) mechanism.Config {
	return config(t, "redemption", func(c *mechanism.Redemption) {
		c.Asset, c.AUM, c.Response, c.InnovationSD, c.SameDay, c.ImpactScale = asset, 150e9, response, sd, .25, 10
	})
}

// crowd is a market with many mechanisms, among them two that never trade.
func crowd(t testing.TB, size float64) map[string]mechanism.Config {
	return map[string]mechanism.Config{
		"redemption": funds(t, "btc", 2.8e9*size, 3e8),
		"etherfunds": funds(t, "eth", 2e8*size, 1e7),
		"perps":      config(t, "perps", func(c *mechanism.Perps) { c.Asset, c.OpenInterest = "btc", 1e10*size }),
		"trend":      config(t, "trend", func(c *mechanism.Trend) { c.Asset, c.Capital = "btc", 1e10*size }),
		"dip_buyers": config(t, "dip_buyers", func(c *mechanism.DipBuyers) { c.Asset, c.Cash = "btc", 5e9*size }),
		"level":      config(t, "level", func(c *mechanism.Level) { c.Asset, c.Price = "btc", 93e3 }),
		"premium":    config(t, "premium", func(c *mechanism.Premium) { c.Asset = "btc" }),
	}
}

// without is the plan without some mechanisms, by hand.
func without(t rapid.TB, plan *sim.Plan, out ...string) *sim.Plan {
	t.Helper()
	p := *plan
	p.Entries = slices.DeleteFunc(slices.Clone(p.Entries), func(e sim.Entry) bool { return slices.Contains(out, e.Mechanism.Name()) })
	sub, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return sub
}

// value runs one path of a plan.
func value(t rapid.TB, plan *sim.Plan, d sim.Driver, seed, path uint64, name string) float64 {
	t.Helper()
	o, err := outcome.Resolve(plan, name)
	if err != nil {
		t.Fatal(err)
	}
	out := plan.NewPath(false)
	if err := sim.NewRunner(plan).Run(d.Start(seed, path), out); err != nil {
		t.Fatal(err)
	}
	return o.Of(out)
}

// In a market of real mechanisms of any size, drawn and replayed: the shares add
// up, news is the plan without those who trade, and a single switch-off is the
// plan without one.
func TestAttributionOfRandomPlans(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		all := crowd(t, rapid.Float64Range(.1, 2).Draw(r, "size"))
		names := []string{"dip_buyers", "etherfunds", "perps", "redemption", "trend"}
		players := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 4, rapid.ID).Draw(r, "players")
		slices.Sort(players)
		for _, name := range names {
			if !slices.Contains(players, name) {
				delete(all, name)
			}
		}
		plan, d := build(t, rapid.IntRange(1, 12).Draw(r, "steps"), all)
		o := replay.AttributionOptions{Seed: rapid.Uint64().Draw(r, "seed")}
		outcomes := []string{"return", "btc.max_drawdown", "eth.return"}
		if slices.Contains(players, "perps") {
			outcomes = append(outcomes, "btc.liquidated_longs")
		}
		a := attribute(t, plan, d, o, outcomes...)
		if diff := cmp.Diff(players, a.Players); diff != "" || a.Runs != 1<<len(players) {
			r.Fatalf("players %s, %d runs", diff, a.Runs)
		}
		for k, got := range a.Outcomes {
			efficient(r, got)
			nearly(r, got.Name+" in all", got.Total.Value, value(r, plan, d, o.Seed, 3, got.Name), 0)
			if k == 3 {
				nearly(r, "liquidated by the news", got.News.Value, 0, 0)
				continue
			}
			nearly(r, got.Name+" of the news", got.News.Value, value(r, without(r, plan, players...), d, o.Seed, 3, got.Name), 0)
			for _, s := range got.Shares {
				nearly(r, "single "+s.Player, s.Single.Value, got.Total.Value-value(r, without(r, plan, s.Player), d, o.Seed, 3, got.Name), 0)
			}
		}
	})
}

// Who is left out takes its innovations along and leaves those of others in
// their place: nothing in the one market can move the other.
func TestInnovationsKeepTheirPlace(t *testing.T) {
	plan, d := build(t, 20, map[string]mechanism.Config{"a": funds(t, "btc", 0, 3e8), "b": funds(t, "eth", 0, 1e8)})
	list := attribute(t, plan, d, replay.AttributionOptions{Seed: 5}, "eth.return", "eth.etf_flow").Outcomes
	for _, o := range list {
		nearly(t, "bitcoin funds in "+o.Name, shapley(t, o, "a"), 0, 0)
		if !(math.Abs(shapley(t, o, "b")) > 1e-3) {
			t.Errorf("%s: no share of the ether funds", o.Name)
		}
	}
}

// redemption.response is a player of its own: the flow that comes anyway stays
// in and counts with the news.
func TestResponseIsAPlayer(t *testing.T) {
	plan, d := build(t, 30, crowd(t, 1))
	changed := crowd(t, 1)
	changed["redemption"] = funds(t, "btc", 0, 3e8)
	variant, _ := build(t, 30, changed)
	response, err := replay.VariantPlayer("redemption.response", plan, variant, "redemption")
	if err != nil {
		t.Fatal(err)
	}
	a := attribute(t, plan, d, replay.AttributionOptions{Players: []replay.Player{response}}, "return", "btc.etf_flow")
	for _, o := range a.Outcomes {
		nearly(t, o.Name+" without the response", o.News.Value, value(t, variant, d, 0, 3, o.Name), 0)
		nearly(t, o.Name+" of the response", shapley(t, o, "redemption.response"), value(t, plan, d, 0, 3, o.Name)-o.News.Value, 1e-12*math.Abs(o.Total.Value))
		if o.News.Value == o.Total.Value {
			t.Errorf("%s: the response does nothing", o.Name)
		}
	}
	if d := cmp.Diff([]string{"dip_buyers", "etherfunds", "perps", "redemption", "trend"}, a.Staying); d != "" {
		t.Error(d)
	}

	// beside the funds themselves it is nothing where they are out
	both := append(slices.Clone(replay.Mechanisms(plan)), response)
	for _, o := range attribute(t, plan, d, replay.AttributionOptions{Players: both}, "return").Outcomes {
		efficient(t, o)
		nearly(t, "news", o.News.Value, value(t, without(t, plan, "dip_buyers", "etherfunds", "perps", "redemption", "trend"), d, 0, 3, "return"), 0)
	}
}

// A shock can be a player too.
func TestShockIsAPlayer(t *testing.T) {
	p := *unitMarket(t, 2, feedback{"loop", .5})
	p.Shocks = []sim.Shock{{Name: "crash", Asset: 0, Observe: -1, Steps: []int{1}, Amount: -.1}}
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	crash := replay.Player{Name: "crash", Off: func(s *replay.Setting) { s.Plan.Shocks = nil }}
	o := attribute(t, plan, told{0, 0}, replay.AttributionOptions{Players: append(replay.Mechanisms(plan), crash)}, "return").Outcomes[0]
	nearly(t, "no news", o.News.Value, 0, 0)
	once, twice := math.Expm1(-.1), math.Expm1(-.2)
	nearly(t, "crash", shapley(t, o, "crash"), (once+twice)/2, 1e-12)
	nearly(t, "loop", shapley(t, o, "loop"), (twice-once)/2, 1e-12)
}

// So can a part of the news: what is unexplained in a replay is neither news nor
// a mechanism's.
func TestNewsIsAPlayer(t *testing.T) {
	const d, later, g = -.02, -.05, .5
	plan := unitMarket(t, 2, feedback{"loop", g})
	second := replay.Player{Name: "second step", Off: func(s *replay.Setting) { s.Driver = told{d, 0} }}
	o := attribute(t, plan, told{d, later}, replay.AttributionOptions{Players: append(replay.Mechanisms(plan), second)}, "return").Outcomes[0]
	v := func(news, gain float64) float64 { return math.Expm1(news / (1 - gain)) }
	nearly(t, "first step", o.News.Value, v(d, 0), 1e-12)
	nearly(t, "second step", shapley(t, o, "second step"), (v(d+later, 0)-v(d, 0)+v(d+later, g)-v(d, g))/2, 1e-12)
	efficient(t, o)
}

// sameAttribution ignores what cannot be compared.
var sameAttribution = cmp.Options{cmpopts.IgnoreFields(outcome.Outcome{}, "Of"), cmpopts.EquateNaNs()}

func ensemble(t testing.TB, plan *sim.Plan, d sim.Driver, paths int, o replay.AttributionOptions, outcomes ...string) *replay.Attribution {
	t.Helper()
	a, err := replay.AttributeEnsemble(context.Background(), plan, d, paths, outcomes, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAttributionOnAnyNumberOfWorkers(t *testing.T) {
	plan, d := build(t, 10, crowd(t, 1))
	for _, o := range []replay.AttributionOptions{{Seed: 1}, {Seed: 1, Permutations: 2}} {
		o.Workers = 1
		path, mean := attribute(t, plan, d, o, "return", "btc.liquidated_longs"), ensemble(t, plan, d, 40, o, "return", "btc.liquidated_longs")
		for _, o.Workers = range []int{2, 7} {
			if d := cmp.Diff(path, attribute(t, plan, d, o, "return", "btc.liquidated_longs"), sameAttribution); d != "" {
				t.Errorf("%d workers, one path: %s", o.Workers, d)
			}
			if d := cmp.Diff(mean, ensemble(t, plan, d, 40, o, "return", "btc.liquidated_longs"), sameAttribution); d != "" {
				t.Errorf("%d workers, many paths: %s", o.Workers, d)
			}
		}
	}
}

// The attribution of an ensemble is the mean of those of its paths, and the worst
// are the lowest of the run with everybody.
func TestEnsembleAttribution(t *testing.T) {
	plan, d := build(t, 10, crowd(t, 1))
	const paths = 60
	o := replay.AttributionOptions{Seed: 9, Worst: "btc.max_drawdown"}
	a := ensemble(t, plan, d, paths, o, "return", "btc.liquidated_longs")
	run, err := montecarlo.Run(context.Background(), plan, d, montecarlo.Options{Paths: paths, Seed: 9, Outcomes: []outcome.Outcome{mustResolve(t, plan, "return"), mustResolve(t, plan, "btc.max_drawdown")}})
	if err != nil {
		t.Fatal(err)
	}
	total, err := stats.EstimateMean(run.Values[0], .95)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(total, a.Outcomes[0].Total); d != "" {
		t.Errorf("mean return: %s", d)
	}
	limit, err := stats.Quantile(run.Values[1], .05)
	if err != nil {
		t.Fatal(err)
	}
	var worst []int
	for i, v := range run.Values[1] {
		if v <= limit {
			worst = append(worst, i)
		}
	}
	if d := cmp.Diff(worst, a.Worst.Paths); d != "" || len(worst) != 3 || a.Worst.At != limit || a.Worst.By != o.Worst {
		t.Errorf("worst paths %s, at %v, want %v", d, a.Worst.At, limit)
	}
	over := func(list []replay.Attributed, paths []int) {
		for k, got := range list {
			efficient(t, got)
			for i, s := range got.Shares {
				sum := 0.0
				for _, path := range paths {
					one, err := replay.Attribute(context.Background(), plan, d, uint64(path), []string{got.Name}, replay.AttributionOptions{Seed: 9})
					if err != nil {
						t.Fatal(err)
					}
					sum += one.Outcomes[0].Shares[i].Shapley.Value
				}
				nearly(t, fmt.Sprint(k, s.Player), s.Shapley.Value, sum/float64(len(paths)), 1e-12*max(1, math.Abs(got.Total.Value)))
				if s.Shapley.N != len(paths) || s.Shapley.Level != .95 {
					t.Errorf("%s: %v", s.Player, s.Shapley)
				}
			}
		}
	}
	over(a.Worst.Outcomes, worst)
	over(a.Outcomes[:1], allOf(paths))
}

func allOf(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func mustResolve(t testing.TB, plan *sim.Plan, name string) outcome.Outcome {
	t.Helper()
	o, err := outcome.Resolve(plan, name)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// One pair of orders on each path is enough for a mean: the same share within its
// error, with an interval that is hardly wider.
func TestSampledEnsembleMatchesExact(t *testing.T) {
	plan, d := build(t, 10, crowd(t, 1))
	exact := ensemble(t, plan, d, 200, replay.AttributionOptions{}, "return").Outcomes[0]
	sampled := ensemble(t, plan, d, 200, replay.AttributionOptions{Permutations: 2}, "return")
	if sampled.Permutations != 2 || sampled.Runs > 200*(2+5+2*4) {
		t.Errorf("%d orders, %d runs", sampled.Permutations, sampled.Runs)
	}
	efficient(t, sampled.Outcomes[0])
	for i, s := range sampled.Outcomes[0].Shares {
		want, half := exact.Shares[i].Shapley, (s.Shapley.High-s.Shapley.Low)/2
		if !(math.Abs(s.Shapley.Value-want.Value) <= half/2) || !(half <= 1.1*(want.High-want.Low)/2) {
			t.Errorf("%s: sampled %v, exact %v", s.Player, s.Shapley, want)
		}
		if d := cmp.Diff(exact.Shares[i].Single, s.Single); d != "" {
			t.Errorf("%s: single switch-off: %s", s.Player, d)
		}
	}
}

// Ten loops of gains .015 to .15, on one path.
func TestSampledPathHasIntervals(t *testing.T) {
	var loops []sim.Mechanism
	for i := range 10 {
		loops = append(loops, feedback{fmt.Sprint("loop", i), .015 * float64(i+1)})
	}
	plan, news := unitMarket(t, 3, loops...), told{-.02, -.01, .005}
	exact := attribute(t, plan, news, replay.AttributionOptions{}, "return").Outcomes[0]
	a := attribute(t, plan, news, replay.AttributionOptions{Permutations: 60}, "return")
	o := a.Outcomes[0]
	efficient(t, o)
	if a.Permutations != 60 || a.Runs >= 1024 {
		t.Errorf("%d orders, %d runs", a.Permutations, a.Runs)
	}
	for i, s := range o.Shares {
		e, want := s.Shapley, exact.Shares[i].Shapley.Value
		if e.N != 30 || e.Level != .95 || len(e.Warnings) != 0 || !(e.Low < e.Value && e.Value < e.High) || !(math.Abs(e.Value-want) < e.High-e.Low) {
			t.Errorf("%s: %v, exact %v", s.Player, e, want)
		}
	}
	few := attribute(t, plan, news, replay.AttributionOptions{Permutations: 4}, "return").Outcomes[0].Shares[0].Shapley
	if len(few.Warnings) != 1 || !strings.HasPrefix(few.Warnings[0], "2 pairs of orders of arrival are few") {
		t.Errorf("%v", few)
	}
	one := attribute(t, plan, news, replay.AttributionOptions{Permutations: 2}, "return").Outcomes[0].Shares[0].Shapley
	if math.IsNaN(one.Value) || !math.IsNaN(one.Low) || len(one.Warnings) != 1 {
		t.Errorf("%v", one)
	}
}

// A level that is absent on some paths is attributed on the others, and says so.
func TestEnsembleLeavesOutAbsentPaths(t *testing.T) {
	plan := unitMarket(t, 3, feedback{"a", .3}, feedback{"b", .2})
	b, err := replay.MechanismPlayer(plan, "b")
	if err != nil {
		t.Fatal(err)
	}
	d, err := (&driver.GBM{}).Build(&driver.Env{Assets: []string{"btc"}, Volatility: []float64{.03}, StepDays: 1})
	if err != nil {
		t.Fatal(err)
	}
	a := ensemble(t, plan, d, 100, replay.AttributionOptions{Players: []replay.Player{b}}, "a.depth.last", "return")
	depth, total := a.Outcomes[0], a.Outcomes[1]
	if n := depth.Total.N; n <= 20 || n >= 80 || !strings.Contains(strings.Join(depth.Total.Warnings, ";"), fmt.Sprintf("left out: %d of 100 paths", 100-n)) || total.Total.N != 100 {
		t.Errorf("%v; %v", depth.Total, total.Total)
	}
	efficient(t, depth)
	nearly(t, "depth of b over depth", shapley(t, depth, "b")/depth.News.Value, .7/.5-1, 1e-9)

	ranked := ensemble(t, plan, d, 100, replay.AttributionOptions{Worst: "a.depth.last"}, "return")
	if want := fmt.Sprintf("the worst paths are those of the lowest a.depth.last, which has no value on %d of 100 paths", 100-depth.Total.N); len(ranked.Notes) != 1 || ranked.Notes[0] != want ||
		!(ranked.Worst.Outcomes[0].Total.Value < total.Total.Value) {
		t.Errorf("notes %q, worst %v", ranked.Notes, ranked.Worst.Outcomes[0].Total)
	}

	refused := ensemble(t, plan, d, 100, replay.AttributionOptions{}, "a.depth.last").Outcomes[0]
	if refused.Shares != nil || !strings.HasPrefix(refused.Refused, "no path has it in every run; on the first of them a.depth.last has no value") || !math.IsNaN(refused.Total.Value) {
		t.Errorf("%+v", refused)
	}
}

func TestBudget(t *testing.T) {
	plan, d := build(t, 10, crowd(t, 1)) // 5 players: 32 runs of 10 steps a path, or 15 with one pair of orders
	for _, c := range []struct {
		budget       float64
		permutations int
		paths        int
		orders       int
		notes        []string
	}{
		{200 * 320, 0, 200, 0, nil},
		{200*320 - 1, 0, 200, 2, []string{"shares from 2 sampled orders of arrival on each path: all subsets of 5 players would take 6.4e+04 steps, more than the budget of 6.4e+04"}},
		{120 * 150, 0, 120, 2, []string{"shares from 2 sampled orders", "attributed on the first 120 of 200 paths: all of them would take 3e+04 steps, more than the budget of 1.8e+04"}},
		{120 * 150, 2, 120, 2, []string{"attributed on the first 120 of 200 paths"}},
	} {
		a := ensemble(t, plan, d, 200, replay.AttributionOptions{Budget: c.budget, Permutations: c.permutations}, "return")
		if a.Paths != c.paths || a.Permutations != c.orders || len(a.Notes) != len(c.notes) || a.Outcomes[0].Total.N != c.paths || float64(a.Runs*10) > c.budget {
			t.Errorf("budget %v: %d paths, %d orders, %d runs, notes %q", c.budget, a.Paths, a.Permutations, a.Runs, a.Notes)
			continue
		}
		for i, want := range c.notes {
			if !strings.HasPrefix(a.Notes[i], want) {
				t.Errorf("note %q, want %q", a.Notes[i], want)
			}
		}
	}
	for want, budget := range map[string]float64{"5 players and 100 paths of 10 steps take up to 1.5e+04 steps": 99 * 150, "budget is -1 steps": -1, "budget is NaN": math.NaN()} {
		if _, err := replay.AttributeEnsemble(context.Background(), plan, d, 200, []string{"return"}, replay.AttributionOptions{Budget: budget}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("found %v, expected %q", err, want)
		}
	}
	if _, err := replay.Attribute(context.Background(), plan, d, 0, []string{"return"}, replay.AttributionOptions{Budget: 319}); err == nil || !strings.Contains(err.Error(), "expected at most the budget of 319") {
		t.Errorf("found %v", err)
	}
}

func TestCapIsNoted(t *testing.T) {
	p := *unitMarket(t, 1, feedback{"a", .6}, feedback{"b", .6})
	p.MaxWaves = 20
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	a := attribute(t, plan, told{-.001}, replay.AttributionOptions{}, "return")
	if len(a.Notes) != 1 || a.Notes[0] != "the cap of 20 waves was reached in 3 of 4 runs; their feedback is cut short" {
		t.Errorf("%q", a.Notes)
	}
}

func TestAttributionErrors(t *testing.T) {
	plan := unitMarket(t, 2, feedback{"a", .3}, feedback{"b", .2})
	news := told{-.01, -.01}
	named := func(name string, off func(*replay.Setting)) []replay.Player {
		return []replay.Player{{Name: name, Off: off}}
	}
	nothing := func(*replay.Setting) {}
	for _, c := range []struct {
		want     string
		o        replay.AttributionOptions
		outcomes []string
	}{
		{`found outcome "x"`, replay.AttributionOptions{}, []string{"return", "x"}},
		{`found outcome "y"`, replay.AttributionOptions{Worst: "y"}, []string{"return"}},
		{"found no outcome", replay.AttributionOptions{}, nil},
		{`two players are named "p"`, replay.AttributionOptions{Players: append(named("p", nothing), named("p", nothing)...)}, []string{"return"}},
		{"player 0 (\"p\") lacks", replay.AttributionOptions{Players: named("p", nil)}, []string{"return"}},
		{"without p: found no driver, or a plan with other steps", replay.AttributionOptions{Players: named("p", func(s *replay.Setting) { s.Plan.Steps = 1 })}, []string{"return"}},
		{"without p: tolerance is -1", replay.AttributionOptions{Players: named("p", func(s *replay.Setting) { s.Plan.Tolerance = -1 })}, []string{"return"}},
		{"found 64 players", replay.AttributionOptions{Players: many(64)}, []string{"return"}},
	} {
		if _, err := replay.Attribute(context.Background(), plan, news, 0, c.outcomes, c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("found %v, expected %q", err, c.want)
		}
	}
	if _, err := replay.AttributeEnsemble(context.Background(), plan, news, 0, []string{"return"}, replay.AttributionOptions{}); err == nil || !strings.Contains(err.Error(), "paths is 0") {
		t.Errorf("found %v", err)
	}
	if _, err := replay.MechanismPlayer(plan, "c"); err == nil || err.Error() != `found mechanism "c", expected one of a, b` {
		t.Errorf("found %v", err)
	}
	for want, p := range map[string]*sim.Plan{`expected one of b`: without(t, plan, "a"), "innovations": func() *sim.Plan {
		p := *plan
		p.Innovations = []sim.Innovation{{Name: "flow"}}
		return &p
	}()} {
		if _, err := replay.VariantPlayer("a.gain", plan, p, "a"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("found %v, expected %q", err, want)
		}
	}
}

func many(n int) []replay.Player {
	var list []replay.Player
	for i := range n {
		list = append(list, replay.Player{Name: fmt.Sprint(i), Off: func(*replay.Setting) {}})
	}
	return list
}

// What stabilises may be all that keeps a loop within limits: the error says
// where it was missing, whatever the number of workers.
func TestFailingSubset(t *testing.T) {
	plan := unitMarket(t, 3, feedback{"a", 3}, feedback{"b", -2.5}, feedback{"c", .1})
	for _, workers := range []int{1, 2, 7} {
		_, err := replay.AttributeEnsemble(context.Background(), plan, told{-.01, -.01, -.01}, 30, []string{"return"}, replay.AttributionOptions{Workers: workers})
		if err == nil || !strings.HasPrefix(err.Error(), "path 0 of seed 0, without b, c: step 1: the price of btc has left the numbers") {
			t.Errorf("%d workers: %v", workers, err)
		}
	}
}

func TestAttributionEndsWithItsContext(t *testing.T) {
	plan, d := build(t, 10, crowd(t, 1))
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	last := 0
	_, err := replay.AttributeEnsemble(ctx, plan, d, 1000, []string{"return"}, replay.AttributionOptions{Workers: 2, Progress: func(done, total int) {
		if done <= last || total != 32000 {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		if last = done; done > 100 {
			cancel(enough)
		}
	}})
	if !errors.Is(err, enough) || last > 300 {
		t.Errorf("%v after %d runs", err, last)
	}
}

func TestAttributionProgress(t *testing.T) {
	plan, d := build(t, 2, crowd(t, 1))
	for _, o := range []replay.AttributionOptions{{}, {Permutations: 2}} {
		last, of := 0, 0
		o.Progress = func(done, total int) { last, of = done, total }
		if a := ensemble(t, plan, d, 50, o, "return"); last != of || last != a.Runs {
			t.Errorf("%d of %d, %d runs", last, of, a.Runs)
		}
	}
}
