// Package mechanismtest holds the checks that every mechanism passes.
package mechanismtest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Subject is a mechanism under test.
type Subject struct {
	Assets []string
	Prices []float64 // starting closes, USD per coin
	Config func() mechanism.Config
	// Nothing is the same mechanism of size zero: it must change nothing.
	Nothing func() mechanism.Config
	// Beside is a mechanism whose series this one follows and which trades nothing
	// itself; nil where it follows none.
	Beside func() mechanism.Config
	// Drift is what a long flat history may leave of it: the largest log return
	// that it may cause in the second half of 4,000 steps without news.
	Drift float64
	// HoldsNoCoins says that there is nothing to count: it trades nothing, or what
	// it trades is not its own.
	HoldsNoCoins bool

	step time.Duration
}

const steps = 120

// Holder is a trader whose coins of the first asset can be counted.
type Holder interface {
	Coins(m *sim.Market) float64
}

// PortfolioHolder is a trader whose coins of every asset can be counted.
type PortfolioHolder interface {
	CoinsOf(m *sim.Market, asset int) float64
}

// coins counts what a trader holds of an asset, if it can be counted.
func coins(t sim.Trader, m *sim.Market, asset int) (held float64, counts bool) {
	switch holder := t.(type) {
	case PortfolioHolder:
		return holder.CoinsOf(m, asset), true
	case Holder:
		if asset == 0 {
			return holder.Coins(m), true
		}
	}
	return 0, false
}

// Check runs the whole suite, in steps of a day and of an hour.
func Check(t *testing.T, s Subject) {
	for _, s.step = range []time.Duration{24 * time.Hour, time.Hour} {
		t.Run(s.step.String(), func(t *testing.T) { all(t, s) })
	}
}

func all(t *testing.T, s Subject) {
	for name, check := range map[string]func(*testing.T, Subject){
		"zero size changes nothing":        zeroSize,
		"finite and adding up":             addsUp,
		"repeatable on a used runner":      repeatable,
		"concurrent paths are independent": concurrent,
		"a step can be run again":          rerun,
		"what is foretold comes":           foretold,
		"a path can be forked":             forked,
		"no drift in a flat market":        noDrift,
		"no drift there and back":          thereAndBack,
		"sold coins leave the holdings":    conserves,
		"beside another mechanism":         order,
		"no orders where it rests":         rests,
	} {
		t.Run(name, func(t *testing.T) { check(t, s) })
	}
}

// news is a hard year: fat-tailed returns with a crash in it, and innovations of
// the size the mechanism asks for, of flows 2e8 USD where it asks for none.
type news struct {
	rng   *rand.Rand
	crash int
	scale float64
	list  []sim.Innovation
	order []int // of the innovations by name, whoever asked first
}

func newNews(seed uint64, plan *sim.Plan) *news {
	n := &news{rng: rand.New(rand.NewPCG(seed, 7)), crash: 30, scale: .04, list: plan.Innovations}
	for i := range n.list {
		n.order = append(n.order, i)
	}
	slices.SortFunc(n.order, func(i, j int) int { return strings.Compare(n.list[i].Name, n.list[j].Name) })
	return n
}

func (n *news) Next(step int, returns, innovations []float64) {
	for a := range returns {
		returns[a] = n.scale * n.rng.NormFloat64()
		if step == n.crash {
			returns[a] -= .25
		}
	}
	for _, i := range n.order {
		sd := n.list[i].SD
		if sd == 0 {
			sd = 2e8
		}
		innovations[i] = sd * n.rng.NormFloat64()
	}
}

// named is a configuration with the name of its mechanism.
type named struct {
	name   string
	config mechanism.Config
}

func (s Subject) plan(t testing.TB, length int, configs ...mechanism.Config) *sim.Plan {
	t.Helper()
	var list []named
	for i, c := range configs {
		list = append(list, named{fmt.Sprintf("m%d", i), c})
	}
	return s.planOf(t, length, list...)
}

func (s Subject) planOf(t testing.TB, length int, list ...named) *sim.Plan {
	t.Helper()
	env := &mechanism.Env{Assets: s.Assets, Step: s.step}
	if s.Beside != nil {
		list = append(slices.Clone(list), named{"z", s.Beside()})
	}
	for _, n := range list {
		env.Mechanisms = append(env.Mechanisms, n.name)
	}
	p := sim.Plan{Step: env.Step, Steps: length, Sessions: make([]bool, length)}
	for k := range p.Sessions {
		day, hour := k/int(24*time.Hour/s.step), k%int(24*time.Hour/s.step)
		p.Sessions[k] = day%7 < 5 && (s.step > time.Hour || hour == 21)
	}
	for i, name := range s.Assets {
		p.Assets = append(p.Assets, sim.Asset{Name: name, Price: s.Prices[i], Law: impact.Linear{Depth1Pct: 3e9},
			Permanent: .6, Kernel: sim.Kernel{Decay: .7}, Volatility: .03, VolatilityDecay: .94, DepthExponent: .5})
	}
	for _, n := range list {
		m, err := n.config.Build(n.name, env)
		if err != nil {
			t.Fatal(err)
		}
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
	}
	p.Innovations = env.Innovations
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func run(t testing.TB, r *sim.Runner, plan *sim.Plan, seed uint64) *sim.Path {
	t.Helper()
	path := plan.NewPath(true)
	if err := r.Run(newNews(seed, plan), path); err != nil {
		t.Fatal(err)
	}
	return path
}

// uneventful has returns and no innovations: those are flows of their own.
type uneventful struct{ *news }

func (u uneventful) Next(step int, returns, innovations []float64) {
	u.news.Next(step, returns, innovations)
	clear(innovations)
}

func zeroSize(t *testing.T, s Subject) {
	with := s.plan(t, steps, s.Nothing())
	path := with.NewPath(true)
	if err := sim.NewRunner(with).Run(uneventful{newNews(1, with)}, path); err != nil {
		t.Fatal(err)
	}
	for a := range s.Assets {
		x := path.LogPrice[a][0]
		for k := range steps {
			x += path.Ledger.News[a][k]
			if got := path.LogPrice[a][k+1]; math.Abs(got-x) > 1e-12 {
				t.Fatalf("step %d, %s: price moved by %g beyond the news", k, s.Assets[a], got-x)
			}
		}
	}
}

func addsUp(t *testing.T, s Subject) {
	plan := s.plan(t, steps, s.Config())
	for seed := range uint64(20) {
		path := run(t, sim.NewRunner(plan), plan, seed)
		for a := range s.Assets {
			for k := range steps {
				sum := path.Ledger.News[a][k]
				for row := range path.Ledger.Rows {
					sum += path.Ledger.Return[row][a][k]
				}
				if got := path.LogPrice[a][k+1] - path.LogPrice[a][k]; !(math.Abs(got-sum) <= 1e-12) {
					t.Fatalf("seed %d, step %d, %s: news + mechanisms = %v, return %v", seed, k, s.Assets[a], sum, got)
				}
			}
		}
		for i, report := range plan.Reports() {
			for k, v := range path.Reports[i] {
				if math.IsInf(v, 0) {
					t.Fatalf("seed %d, step %d: %s is infinite", seed, k, report.Name)
				}
			}
		}
	}
}

func repeatable(t *testing.T, s Subject) {
	plan := s.plan(t, steps, s.Config())
	used := sim.NewRunner(plan)
	run(t, used, plan, 99)
	same(t, run(t, sim.NewRunner(plan), plan, 3), run(t, used, plan, 3))
}

func concurrent(t *testing.T, s Subject) {
	plan := s.plan(t, steps, s.Config())
	paths := make([]*sim.Path, 8)
	var wait sync.WaitGroup
	for i := range paths {
		wait.Go(func() { paths[i] = run(t, sim.NewRunner(plan), plan, uint64(i)) })
	}
	wait.Wait()
	for i := range paths {
		same(t, run(t, sim.NewRunner(plan), plan, uint64(i)), paths[i])
	}
}

// rerun tries every step with a crash, a boom and other news first; neither the
// path nor what is published may show it.
func rerun(t *testing.T, s Subject) {
	plan := s.plan(t, steps, s.Config())
	straight := run(t, sim.NewRunner(plan), plan, 5)

	r, source, other := sim.NewRunner(plan), newNews(5, plan), newNews(6, plan)
	returns, innovations := make([]float64, len(s.Assets)), make([]float64, len(plan.Innovations))
	r.Start()
	for k := range steps {
		for _, shift := range []float64{-.4, .4, 0} {
			other.Next(k, returns, innovations)
			for a := range returns {
				returns[a] += shift
			}
			r.Try(returns, innovations)
		}
		source.Next(k, returns, innovations)
		r.Try(returns, innovations)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
		for a := range s.Assets {
			if got, want := r.Market().Open(a), straight.LogPrice[a][k+1]; got != want {
				t.Fatalf("step %d, %s: log price %v after a trial with other news, %v without", k, s.Assets[a], got, want)
			}
		}
		for i, report := range plan.Reports() {
			if got, want := r.Market().Published(i), straight.Reports[i][k]; got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("step %d: %s is %v after a trial with other news, %v without", k, report.Name, got, want)
			}
		}
	}
}

// forked lets another runner go on from the middle of a path: with the same news it
// ends as the path does, with other news it leaves the path as it was.
func forked(t *testing.T, s Subject) {
	plan := s.plan(t, steps, s.Config())
	straight := run(t, sim.NewRunner(plan), plan, 5)
	returns, innovations := make([]float64, len(s.Assets)), make([]float64, len(plan.Innovations))
	walk := func(r *sim.Runner, source sim.Source, from, to int) {
		for k := from; k < to; k++ {
			source.Next(k, returns, innovations)
			r.Try(returns, innovations)
			if err := r.Settle(); err != nil {
				t.Fatal(err)
			}
		}
	}
	ends := func(what string, r *sim.Runner) {
		for a, asset := range s.Assets {
			if want, got := straight.LogPrice[a][steps], r.Market().Open(a); got != want {
				t.Errorf("%s: %s ends at %v, want %v", what, asset, got, want)
			}
		}
		for i, report := range plan.Reports() {
			if want, got := straight.Reports[i][steps-1], r.Market().Published(i); !cmp.Equal(want, got, cmpopts.EquateNaNs()) {
				t.Errorf("%s: %s ends at %v, want %v", what, report.Name, got, want)
			}
		}
	}
	for _, at := range []int{0, 1, steps / 2} { // before the crash and after it
		stem, source := sim.NewRunner(plan), newNews(5, plan)
		stem.Start()
		walk(stem, source, 0, at)
		branch := sim.NewRunner(plan)
		fork := func(source sim.Source) {
			if err := branch.Fork(stem); err != nil {
				t.Fatal(err)
			}
			walk(branch, source, at, steps)
		}
		fork(newNews(6, plan))
		same := newNews(5, plan)
		for k := range at {
			same.Next(k, returns, innovations)
		}
		fork(same)
		ends(fmt.Sprintf("forked after step %d", at), branch)
		fork(newNews(7, plan))
		walk(stem, source, at, steps)
		ends(fmt.Sprintf("after forks at step %d", at), stem)
	}
}

// foretold closes every step after it has asked what the close will publish.
func foretold(t *testing.T, s Subject) {
	plan := s.plan(t, steps, s.Config())
	r, source := sim.NewRunner(plan), newNews(5, plan)
	returns, innovations := make([]float64, len(s.Assets)), make([]float64, len(plan.Innovations))
	told := make([]float64, len(plan.Reports()))
	r.Start()
	for k := range steps {
		source.Next(k, returns, innovations)
		r.Try(returns, innovations)
		r.Foretell(told)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
		for i, report := range plan.Reports() {
			if got := r.Market().Published(i); !math.IsNaN(told[i]) && got != told[i] {
				t.Fatalf("step %d: %s is %v, foretold was %v", k, report.Name, got, told[i])
			}
		}
	}
}

type silence struct{}

func (silence) Next(_ int, returns, innovations []float64) { clear(returns); clear(innovations) }

func noDrift(t *testing.T, s Subject) {
	const long = 4000
	plan := s.plan(t, long, s.Config())
	path := plan.NewPath(false)
	if err := sim.NewRunner(plan).Run(silence{}, path); err != nil {
		t.Fatal(err)
	}
	for a, name := range s.Assets {
		if drift := path.LogPrice[a][long] - path.LogPrice[a][long/2]; !(math.Abs(drift) <= s.Drift) {
			t.Errorf("%s drifts by %g in the second half of a flat history, at most %g allowed", name, drift, s.Drift)
		}
	}
}

// returning is hard news that takes back in its second half what it did in the
// first, block after block.
type returning struct{ news [][]float64 } // step of the first half × asset

const halfBlock = 50

func newReturning(assets int) *returning {
	rng, r := rand.New(rand.NewPCG(11, 7)), &returning{}
	for range halfBlock {
		row := make([]float64, assets)
		for a := range row {
			row[a] = .03 * rng.NormFloat64()
		}
		r.news = append(r.news, row)
	}
	return r
}

func (r *returning) Next(step int, returns, innovations []float64) {
	clear(innovations)
	at, sign := step%(2*halfBlock), 1.0
	if at >= halfBlock {
		at, sign = at-halfBlock, -1
	}
	for a := range returns {
		returns[a] = sign * r.news[at][a]
	}
}

// wander is how far holdings that depend on the way may leave the price off, in log
// terms; a mechanism of the suite's size that only sells leaves it there in a month.
const wander = .06

// thereAndBack moves the market and brings it back, again and again. Who buys as
// much as he sells leaves a price that does not wander; who only ever sells drags it.
func thereAndBack(t *testing.T, s Subject) {
	const long = 40 * 2 * halfBlock
	plan := s.plan(t, long, s.Config())
	path := plan.NewPath(false)
	if err := sim.NewRunner(plan).Run(newReturning(len(s.Assets)), path); err != nil {
		t.Fatal(err)
	}
	for a, name := range s.Assets {
		if drift := path.LogPrice[a][long] - path.LogPrice[a][long/2]; !(math.Abs(drift) <= wander) {
			t.Errorf("%s drifts by %g over %d steps there and back, at most %g allowed", name, drift, long/2, wander)
		}
	}
}

// conserves counts coins: what a mechanism's orders bought or sold, at the
// prices of the step's waves, is the change of its holdings.
func conserves(t *testing.T, s Subject) {
	plan := s.plan(t, steps, s.Config())
	runner := sim.NewRunner(plan)
	runner.Start()
	market := runner.Market()
	trader, counted := plan.Entries[0].Mechanism.Start(market), 0
	for asset := range s.Assets {
		if _, counts := coins(trader, market, asset); counts {
			conservesOne(t, plan, asset)
			counted++
		}
	}
	if counted == 0 {
		if !s.HoldsNoCoins {
			t.Error("its coins cannot be counted: give the trader Coins or CoinsOf, or say that it HoldsNoCoins")
		}
	}
}

func conservesOne(t *testing.T, plan *sim.Plan, asset int) {
	watched := &watch{Mechanism: plan.Entries[0].Mechanism, asset: asset}
	entries := slices.Clone(plan.Entries)
	entries[0].Mechanism = watched
	p := *plan
	p.Entries = entries
	again, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	path := again.NewPath(false)
	if err := sim.NewRunner(again).Run(newNews(2, again), path); err != nil {
		t.Fatal(err)
	}
	if watched.trader.traded == 0 {
		t.Errorf("it never traded asset %d: the check has seen nothing", asset)
	}
	if watched.trader.fault != "" {
		t.Error(watched.trader.fault)
	}
}

// watch stands between the engine and a mechanism and counts coins.
type watch struct {
	sim.Mechanism
	asset  int
	trader *watcher
}

type watcher struct {
	sim.Trader
	asset        int
	low, high    float64 // log prices of the step's waves
	bought, sold float64 // USD in the step
	traded       float64
	held         float64
	fault        string
}

func (w *watch) Parts() []string {
	if parted, ok := w.Mechanism.(sim.Parted); ok {
		return parted.Parts()
	}
	return []string{""}
}

func (w *watch) Hedged(part int) bool {
	h, ok := w.Mechanism.(sim.Hedger)
	return ok && h.Hedged(part)
}

func (w *watch) Start(m *sim.Market) sim.Trader {
	w.trader = &watcher{Trader: w.Mechanism.Start(m), asset: w.asset}
	w.trader.held, _ = coins(w.trader.Trader, m, w.asset)
	return w.trader
}

// Reprice passes on what the trader reprices, if it does.
func (w *watcher) Reprice(m *sim.Market, returns []float64) {
	if r, ok := w.Trader.(sim.Repricer); ok {
		r.Reprice(m, returns)
	}
}

func (w *watcher) Begin(m *sim.Market) {
	w.bought, w.sold = 0, 0
	w.low, w.high = m.LogPrice(w.asset), m.LogPrice(w.asset)
	w.Trader.Begin(m)
}

func (w *watcher) Trade(m *sim.Market, orders []float64) {
	before := 0.0
	for i := w.asset; i < len(orders); i += m.Assets() {
		before -= orders[i]
	}
	w.Trader.Trade(m, orders)
	for i := w.asset; i < len(orders); i += m.Assets() {
		before += orders[i]
	}
	w.low, w.high = min(w.low, m.LogPrice(w.asset)), max(w.high, m.LogPrice(w.asset))
	w.bought += max(before, 0)
	w.sold += max(-before, 0)
	w.traded += math.Abs(before)
}

func (w *watcher) Settle(m *sim.Market) {
	w.low, w.high = min(w.low, m.LogPrice(w.asset)), max(w.high, m.LogPrice(w.asset))
	w.Trader.Settle(m)
	held, _ := coins(w.Trader, m, w.asset)
	change := held - w.held
	w.held = held
	low, high := math.Exp(w.low), math.Exp(w.high)
	least, most := w.bought/high-w.sold/low, w.bought/low-w.sold/high
	slack := 1e-9 * (math.Abs(held) + math.Abs(change) + 1)
	if w.fault == "" && (change < least-slack || change > most+slack) {
		w.fault = fmt.Sprintf("step %d, asset %d: purchases of %.6g and sales of %.6g USD are %.6g to %.6g coins, the holdings changed by %.6g",
			m.Step(), w.asset, w.bought, w.sold, least, most, change)
	}
}

// order puts the mechanism beside a second one. The file's order changes
// nothing; the order of the names, by which the engine adds up, no more than
// rounding.
func order(t *testing.T, s Subject) {
	funds := func() mechanism.Config {
		k, _ := mechanism.Lookup("redemption")
		c := k.Default().(*mechanism.Redemption)
		c.Asset, c.AUM, c.SameDay = s.Assets[0], 150e9, .5
		return c
	}
	play := func(list ...named) *sim.Path {
		for i := range list {
			// two redemptions on one asset would publish the same series
			list[i].config = quiet{list[i].config}
		}
		plan := s.planOf(t, steps, list...)
		path := plan.NewPath(false)
		if err := sim.NewRunner(plan).Run(newNews(8, plan), path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first := play(named{"a", funds()}, named{"b", s.Config()})
	same(t, first, play(named{"b", s.Config()}, named{"a", funds()}))
	renamed := play(named{"b", funds()}, named{"a", s.Config()})
	near := cmp.Comparer(func(x, y float64) bool { return math.Abs(x-y) <= 1e-9 })
	if diff := cmp.Diff(first.LogPrice, renamed.LogPrice, near); diff != "" {
		t.Errorf("under other names:\n%s", diff)
	}
}

// rests asks a mechanism in every wave, also where it rests: nothing changes.
func rests(t *testing.T, s Subject) {
	play := func(c mechanism.Config) *sim.Path {
		plan := s.planOf(t, steps, named{"a", c})
		path := plan.NewPath(false)
		if err := sim.NewRunner(plan).Run(newNews(9, plan), path); err != nil {
			t.Fatal(err)
		}
		return path
	}
	same(t, play(quiet{restless{s.Config()}}), play(quiet{s.Config()}))
}

// restless is a mechanism that never rests.
type restless struct{ mechanism.Config }

func (r restless) Build(name string, env *mechanism.Env) (sim.Mechanism, error) {
	m, err := r.Config.Build(name, env)
	return &sleepless{watch{Mechanism: m}}, err
}

type sleepless struct{ watch }

func (s *sleepless) Start(m *sim.Market) sim.Trader {
	return &awake{watcher{Trader: s.Mechanism.Start(m)}}
}

type awake struct{ watcher }

func (a *awake) Begin(m *sim.Market)  { a.Trader.Begin(m) }
func (a *awake) Settle(m *sim.Market) { a.Trader.Settle(m) }

func (a *awake) Trade(m *sim.Market, orders []float64) {
	a.Trader.Trade(m, orders)
	m.Rest(0, math.Inf(1), math.Inf(-1))
}

// quiet is a mechanism without its reports.
type quiet struct{ mechanism.Config }

func (q quiet) Build(name string, env *mechanism.Env) (sim.Mechanism, error) {
	m, err := q.Config.Build(name, env)
	return &unreported{m}, err
}

type unreported struct{ sim.Mechanism }

func (u *unreported) Parts() []string      { return (&watch{Mechanism: u.Mechanism}).Parts() }
func (u *unreported) Hedged(part int) bool { return (&watch{Mechanism: u.Mechanism}).Hedged(part) }

func same(t *testing.T, want, got *sim.Path) {
	t.Helper()
	if diff := cmp.Diff(want.LogPrice, got.LogPrice); diff != "" {
		t.Errorf("prices differ:\n%s", diff)
	}
	alike := cmp.Comparer(func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) })
	if diff := cmp.Diff(want.Reports, got.Reports, alike); diff != "" {
		t.Errorf("reports differ:\n%s", diff)
	}
	if diff := cmp.Diff(want.Opening, got.Opening, alike); diff != "" {
		t.Errorf("reports of the starting close differ:\n%s", diff)
	}
}
