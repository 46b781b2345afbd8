package mechanism_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"pgregory.net/rapid"
)

// builder makes a mechanism or a monitor.
type builder interface {
	Build(name string, env *mechanism.Env) (sim.Mechanism, error)
}

// player is one of a random plan.
type player struct {
	name   string
	config builder
	scale  float64
}

// scene is a random plan of those who trade, follow and watch each other, on
// assets of which one has a hyphen in its name.
type scene struct {
	step    time.Duration
	assets  []sim.Asset
	players []player
	past    sim.Past
	script  []scriptStep
}

type scriptStep struct {
	news []float64
	by   map[string]float64 // innovations by name
}

const sceneSteps = 40

var sceneAssets = []string{"btc", "wif-usd"}

// drawScene draws a plan; each player is in it or not.
func drawScene(t *rapid.T) scene {
	pick := func(name string, least, most float64) float64 {
		return rapid.OneOf(rapid.Just(least), rapid.Just(most), rapid.Float64Range(least, most)).Draw(t, name)
	}
	some := func(name string) bool { return rapid.IntRange(0, 4).Draw(t, name) > 0 }
	asset := func(name string) string { return rapid.SampledFrom(sceneAssets).Draw(t, name) }
	days := func(name string, most int) time.Duration {
		return time.Duration(rapid.IntRange(0, 24*most).Draw(t, name)) * time.Hour
	}
	var s scene
	s.step = rapid.SampledFrom([]time.Duration{time.Hour, dayLong, weekLong}).Draw(t, "step")
	add := func(name string, c builder) {
		s.players = append(s.players, player{name, c, pick("scale of "+name, .1, 10)})
	}

	for _, name := range []string{"trend", "fast money"} {
		if some(name) {
			c := followers(pick("capital", 0, 2e10))
			c.Asset, c.Latency, c.LookBack, c.VolatilityMemory = asset("asset"), days("latency", 3), days("look-back", 30)+time.Hour, days("memory", 60)+time.Hour
			c.Signal = rapid.SampledFrom([]string{mechanism.SignalTrend, mechanism.SignalNone}).Draw(t, "signal")
			c.AIShare, c.MaxWeight, c.LongOnly = pick("AI", 0, 1), pick("w", .1, 3), rapid.Bool().Draw(t, "long only")
			add(name, c)
		}
	}
	for _, name := range []string{"dip_buyers", "vultures"} {
		if some(name) {
			c := bargains(pick("cash", 0, 2e10))
			c.Asset, c.Response, c.Threshold, c.Memory = asset("asset"), pick("ρ", 0, 20), pick("threshold", 0, .3), days("memory", 400)+time.Hour
			if rapid.Bool().Draw(t, "fixed") {
				c.Value = ptr(pick("V", 1, 2e5))
			}
			add(name, c)
		}
	}
	for i, a := range sceneAssets {
		if some("level") {
			c := damping(pick("level", 1, 2e5), pick("damping", 0, 1))
			c.Asset = a
			add([]string{"level", "other-level"}[i], c)
		}
		if some("funds") {
			c := funds()
			c.Asset, c.AUM, c.Persistence, c.Response = a, pick("aum", 1e6, 2e11), pick("φ", 0, .9), pick("Φ", 0, 1e10)
			c.SameDay, c.Asymmetry, c.BasisArb = pick("same day", 0, 1), pick("asymmetry", 0, 2), pick("arb", 0, 1)
			c.Execution, c.InnovationSD = rapid.SampledFrom([]int{1, 3}).Draw(t, "execution"), 1e8
			add([]string{"redemption", "other-funds"}[i], c)
		}
		if some("carry") {
			c := defaults[*mechanism.Carry]("carry")
			c.Asset, c.Capacity, c.Speed, c.Depth = a, pick("κ", 0, 1e10), pick("speed", 0, 10), pick("depth", 1e6, 1e10)
			c.Reversion, c.Mean = pick("θ", 0, 5), pick("b̄", -.1, .3)
			c.Demand = []string{"redemption.response", "trend"}
			add([]string{"carry", "other-carry"}[i], c)
		}
		if some("premium") {
			c := coinbase()
			c.Asset, c.Reversion, c.Sensitivity = a, pick("κ", 1e-4, .9999), pick("λ", 0, 1)
			c.US, c.Elsewhere = []string{"redemption", "treasury.purchases"}, []string{"dip_buyers", "other-funds"}
			add([]string{"premium", "other-premium"}[i], c)
		}
		if some("watch") {
			c := recoveryOf(a)
			c.PremiumDays, c.FlowWeeks, c.BasisDays = rapid.IntRange(1, 9).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "k"), rapid.IntRange(15, 20).Draw(t, "m")
			add([]string{"recovery", "other-recovery"}[i], c)
		}
	}
	firms := some("treasury")
	if firms {
		h := strategy()
		h.Units, h.Debt, h.Preferred, h.Cash = pick("units", 1, 1e6), pick("debt", 0, 2e10), pick("preferred", 0, 1e9), pick("cash", 0, 1e9)
		h.Obligations, h.Runway = pick("obligations", 0, 1e9), pick("runway", 0, 3)
		h.MNAV, h.CovenantLTV = ptr(pick("mNAV", .1, 5)), ptr(pick("covenant", .01, .99))
		c := treasury(h)
		c.Asset, c.Definition = asset("firms"), rapid.SampledFrom([]string{mechanism.MarketCap, mechanism.EnterpriseValue}).Draw(t, "mnav")
		c.IssueSpeed, c.PremiumPersistence, c.PremiumSensitivity, c.Dilution = pick("issue", 0, .5), pick("ρ", 0, 1), pick("a", -3, 3), pick("dilution", 0, 5)
		add("treasury", c)
		if some("exposure") {
			b := bank()
			b.Value, b.PassThrough, b.Stop = pick("value", 1, 1e10), pick("pass", 0, 1), ptr(pick("stop", .01, .99))
			e := exposed(b)
			e.Asset = c.Asset
			add("exposure", e)
		}
	}
	if some("macro") {
		c := rates(0)
		c.RateSD = 1e-3
		c.Assets = map[string]mechanism.RateResponse{}
		for _, a := range sceneAssets {
			c.Assets[a] = mechanism.RateResponse{Beta: pick("β", -1, 1), Flow: pick("γ", -1e9, 1e9)}
		}
		add("macro", c)
	}

	laws := []sim.Law{impact.Linear{Depth1Pct: 3e9}, impact.SquareRoot{Y: 1, Volatility: .03, Volume: 3e10}, impact.Exponential{Depth: 1e11, Floor: .2}}
	for i, name := range sceneAssets {
		s.assets = append(s.assets, sim.Asset{Name: name, Price: []float64{9e4, 3}[i], Law: rapid.SampledFrom(laws).Draw(t, "law"),
			Permanent: pick("permanent", 0, 1), Kernel: sim.Kernel{Decay: pick("decay", 0, .99)}, Volatility: .03, VolatilityDecay: .94, DepthExponent: pick("a of depth", 0, 1)})
		closes := rapid.SliceOfN(rapid.Float64Range(-.1, .1), 12, 12).Draw(t, "past")
		x := math.Log(s.assets[i].Price)
		for k := range closes {
			x += closes[k]
			closes[k] = x
		}
		s.past.LogPrice = append(s.past.LogPrice, closes)
	}
	s.past.Series = map[string][]float64{"btc.etf_flow": {1e8, 2e8, math.NaN()}, "btc.basis": {.04, math.NaN(), math.NaN()}, "wif-usd.coinbase_premium": {.001, -.001}}
	s.past.Sessions = []bool{true, true, false}
	for range sceneSteps {
		step := scriptStep{by: map[string]float64{}}
		for range sceneAssets {
			step.news = append(step.news, rapid.Float64Range(-.2, .2).Draw(t, "news"))
		}
		for name, size := range map[string]float64{"btc.etf_flow": 1e9, "wif-usd.etf_flow": 1e9, "btc.basis": .05, "wif-usd.basis": .05,
			"btc.coinbase_premium": .002, "wif-usd.coinbase_premium": .002, "rate": .002} {
			step.by[name] = size * math.Sin(step.news[0]*1000+float64(len(name)))
		}
		s.script = append(s.script, step)
	}
	return s
}

// recoveryOf is the recovery monitor of an asset.
func recoveryOf(asset string) *monitor.Recovery {
	k, ok := monitor.Lookup("recovery")
	if !ok {
		panic("no monitor recovery")
	}
	c := k.Default().(*monitor.Recovery)
	c.Asset = asset
	return c
}

// compile makes the plan with the players in an order.
func (s scene) compile(t *rapid.T, order []int) *sim.Plan {
	t.Helper()
	env := &mechanism.Env{Assets: sceneAssets, Step: s.step, Mechanisms: []string{"trend", "fast money", "dip_buyers", "vultures", "redemption", "other-funds", "treasury"}}
	p := sim.Plan{Step: s.step, Steps: sceneSteps, Assets: s.assets, Past: s.past, MaxWaves: 40}
	for k := range sceneSteps {
		p.Sessions = append(p.Sessions, k%4 != 1)
	}
	for _, i := range order {
		m, err := s.players[i].config.Build(s.players[i].name, env)
		if err != nil {
			t.Fatal(err)
		}
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m, ImpactScale: s.players[i].scale})
	}
	p.Innovations = env.Innovations
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// toldScene is the scene's news for a plan, whatever the order of its innovations.
type toldScene struct {
	scene
	plan *sim.Plan
}

func (s toldScene) Next(step int, news, innovations []float64) {
	copy(news, s.script[step].news)
	for i, known := range s.plan.Innovations {
		innovations[i] = s.script[step].by[known.Name]
	}
}

// Property: those who trade, follow and watch each other add up in the ledger,
// publish numbers or nothing, and give the same bytes on a used runner, with
// their entries in another order, and where every step was tried with other news
// first.
func TestTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawScene(t)
		if len(s.players) == 0 {
			return
		}
		order := make([]int, len(s.players))
		for i := range order {
			order[i] = i
		}
		plan := s.compile(t, order)
		runner, path := sim.NewRunner(plan), plan.NewPath(true)
		if err := runner.Run(toldScene{s, plan}, path); err != nil {
			if !strings.Contains(err.Error(), "has left the numbers") {
				t.Fatal(err)
			}
			return
		}
		checkLedger(t, path)
		checkReports(t, path)

		again := plan.NewPath(true)
		if err := runner.Run(toldScene{s, plan}, again); err != nil {
			t.Fatal(err)
		}
		alike(t, "on a used runner", path, again)

		permuted := s.compile(t, rapid.Permutation(order).Draw(t, "order"))
		other := permuted.NewPath(true)
		if err := sim.NewRunner(permuted).Run(toldScene{s, permuted}, other); err != nil {
			t.Fatal(err)
		}
		alike(t, "in another order", path, other)

		s.retry(t, plan, path)
	})
}

// retry runs each step with other news before its own.
func (s scene) retry(t *rapid.T, plan *sim.Plan, want *sim.Path) {
	r, source := sim.NewRunner(plan), toldScene{s, plan}
	news, innovations := make([]float64, len(sceneAssets)), make([]float64, len(plan.Innovations))
	r.Start()
	for k := range sceneSteps {
		source.Next((k+7)%sceneSteps, news, innovations)
		for a := range news {
			news[a] = .3 - 2*news[a]
		}
		r.Try(news, innovations)
		source.Next(k, news, innovations)
		r.Try(news, innovations)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
		for a := range sceneAssets {
			if got := r.Market().Open(a); got != want.LogPrice[a][k+1] {
				t.Fatalf("step %d, %s: log price %v after a trial with other news, %v without", k+1, sceneAssets[a], got, want.LogPrice[a][k+1])
			}
		}
		for i, report := range plan.Reports() {
			if got := r.Market().Published(i); !identical(got, want.Reports[i][k]) {
				t.Fatalf("step %d: %s is %v after a trial with other news, %v without", k+1, report.Name, got, want.Reports[i][k])
			}
		}
	}
}

func checkLedger(t *rapid.T, path *sim.Path) {
	t.Helper()
	for a := range path.LogPrice {
		for k := range path.Plan.Steps {
			sum, size := path.Ledger.News[a][k], 1.0
			for row := range path.Ledger.Rows {
				sum += path.Ledger.Return[row][a][k]
				size = max(size, math.Abs(path.Ledger.Return[row][a][k]))
			}
			if r := path.LogPrice[a][k+1] - path.LogPrice[a][k]; !(math.Abs(sum-r) <= 1e-12*max(size, math.Abs(path.LogPrice[a][k]))) {
				t.Fatalf("step %d, %s: news + mechanisms = %v, return %v", k+1, sceneAssets[a], sum, r)
			}
		}
	}
}

func checkReports(t *rapid.T, path *sim.Path) {
	t.Helper()
	within := map[string][2]float64{".units": {0, math.Inf(1)}, ".cash": {0, math.Inf(1)}, "_cash": {0, math.Inf(1)}, ".etf_aum": {0, math.Inf(1)},
		".carry_position": {0, math.Inf(1)}, ".activity": {0, 1}, ".share_price": {0, math.Inf(1)}, ".mnav": {0, math.Inf(1)}}
	for i, r := range path.Plan.Reports() {
		for k, v := range append([]float64{path.Opening[i]}, path.Reports[i]...) {
			if math.IsInf(v, 0) {
				t.Fatalf("step %d: %s is %v", k, r.Name, v)
			}
			for suffix, bound := range within {
				if strings.HasSuffix(r.Name, suffix) && (v < bound[0] || v > bound[1]) {
					t.Fatalf("step %d: %s is %v", k, r.Name, v)
				}
			}
			if r.Kind == sim.Flow && k == 0 && !math.IsNaN(v) {
				t.Fatalf("%s has a flow of %v before the first step", r.Name, v)
			}
		}
	}
}

func identical(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) }

// alike asks for the same bits in prices, reports and the ledger.
func alike(t *rapid.T, where string, want, got *sim.Path) {
	t.Helper()
	compare := func(what string, x, y [][]float64) {
		t.Helper()
		for i := range x {
			if !slices.EqualFunc(x[i], y[i], identical) {
				t.Fatalf("%s, %s %d:\n%v\n%v", where, what, i, x[i], y[i])
			}
		}
	}
	compare("price", want.LogPrice, got.LogPrice)
	for i, r := range want.Plan.Reports() {
		at := slices.IndexFunc(got.Plan.Reports(), func(o sim.Report) bool { return o.Name == r.Name })
		compare(r.Name, want.Reports[i:i+1], got.Reports[at:at+1])
	}
	for row := range want.Ledger.Rows {
		compare(want.Ledger.Rows[row].Label, want.Ledger.Return[row], got.Ledger.Return[row])
		compare(want.Ledger.Rows[row].Label, want.Ledger.Orders[row], got.Ledger.Orders[row])
	}
}
