package sim_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// loop is the textbook mechanism: it wants gain times the step's return.
type loop struct {
	name string
	usd  float64 // wanted per unit log return
}

type looper struct {
	loop
	traded float64
}

func (l loop) Name() string                 { return l.name }
func (l loop) Start(*sim.Market) sim.Trader { return &looper{loop: l} }
func (l *looper) Begin(*sim.Market)         { l.traded = 0 }
func (l *looper) Settle(*sim.Market)        {}
func (l *looper) Trade(m *sim.Market, o []float64) {
	want := l.usd * (m.LogPrice(0) - m.Open(0))
	o[0] += want - l.traded
	l.traded = want
}

// burst trades given amounts, one a step, in the first wave.
type burst struct {
	name string
	usd  []float64
}

type burster struct {
	burst
	done bool
}

func (b burst) Name() string                 { return b.name }
func (b burst) Start(*sim.Market) sim.Trader { return &burster{burst: b} }
func (b *burster) Begin(*sim.Market)         { b.done = false }
func (b *burster) Settle(*sim.Market)        {}
func (b *burster) Trade(m *sim.Market, o []float64) {
	if !b.done && m.Step() < len(b.usd) {
		o[0] += b.usd[m.Step()]
	}
	b.done = true
}

// script is news written down in advance.
type script []float64

func (s script) Next(step int, news, _ []float64) {
	news[0] = 0
	if step < len(s) {
		news[0] = s[step]
	}
}

func onePlan(steps int, law sim.Law, entries ...sim.Mechanism) sim.Plan {
	p := sim.Plan{Step: 24 * time.Hour, Steps: steps, Tolerance: 1e-9,
		Assets: []sim.Asset{{Name: "btc", Price: 100, Law: law, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}}
	for _, m := range entries {
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
	}
	return p
}

func run(t *testing.T, p sim.Plan, news ...float64) *sim.Path {
	t.Helper()
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(script(news), path); err != nil {
		t.Fatal(err)
	}
	return path
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

// The linear loop: news −2 %, gain .5.
func TestLinearLoop(t *testing.T) {
	law := impact.Linear{Depth1Pct: .01} // 1 USD moves the price by 1
	path := run(t, onePlan(1, law, loop{"loop", .5}), -.02)
	near(t, "return", path.LogPrice[0][1]-path.LogPrice[0][0], -.04, 2e-9)
	for wave, want := range map[int]float64{1: -.02, 2: -.03, 3: -.035, 10: -.0399609375} {
		near(t, "fall by wave", path.Trace[0][wave-1]-path.LogPrice[0][0], want, 1e-12)
	}
	near(t, "news", path.Ledger.News[0][0], -.02, 0)
	near(t, "loop", path.Ledger.Return[0][0][0], -.02, 2e-9)
}

// A loop with a gain of 1 has no end: the cap stops it and is reported.
func TestWaveCapIsReported(t *testing.T) {
	p := onePlan(3, impact.Linear{Depth1Pct: .01}, loop{"loop", 1})
	p.MaxWaves = 10
	path := run(t, p, -.02, 0, -.02)
	if path.Capped != 2 || path.Waves[0] != 10 {
		t.Errorf("capped steps %d, waves %v; want 2 and 10 in the first step", path.Capped, path.Waves)
	}
}

// The propagator (1+t)^−.5: ten unit trades, then ten steps of decay.
func TestPropagator(t *testing.T) {
	ones := make([]float64, 10)
	for i := range ones {
		ones[i] = 1
	}
	p := onePlan(20, impact.Linear{Depth1Pct: .01}, burst{"unit", ones})
	p.Assets[0].Permanent, p.Assets[0].Kernel = 0, sim.Kernel{Power: .5}
	path := run(t, p)
	near(t, "after ten trades", path.LogPrice[0][10]-path.LogPrice[0][0], 5.0209979, 5e-8)
	near(t, "ten steps later", path.LogPrice[0][20]-path.LogPrice[0][0], 2.5742571, 5e-8)
}

// Obizhaeva–Wang: after k quiet steps ρ^k of the transient share is left, and
// the reversal is booked to the mechanism that traded.
func TestExponentialKernel(t *testing.T) {
	p := onePlan(4, impact.Linear{Depth1Pct: .01}, burst{"sale", []float64{-.1}})
	p.Assets[0].Permanent, p.Assets[0].Kernel = .3, sim.Kernel{Decay: .5}
	path := run(t, p)
	for k, want := range []float64{-.1, -.065, -.0475, -.03875} {
		near(t, "impact", path.LogPrice[0][k+1]-path.LogPrice[0][0], want, 1e-15)
	}
	if diff := cmp.Diff([]float64{-.1, .035, .0175, .00875}, path.Ledger.Return[0][0], approximately(1e-15)); diff != "" {
		t.Errorf("booked to the sale: %s", diff)
	}
}

// Depth withdraws as volatility rises: with a = 2 it goes with 1/variance.
func TestDepthWithdraws(t *testing.T) {
	p := onePlan(2, impact.Linear{Depth1Pct: .01}, burst{"sale", []float64{0, -.01}})
	p.Assets[0].DepthExponent = 2
	path := run(t, p, -.1)
	variance := .94*.025*.025 + .06*.1*.1
	near(t, "impact in the thinner market", path.Ledger.Return[0][0][1], -.01*variance/(.025*.025), 1e-14)
}

func TestShocksAddToNews(t *testing.T) {
	p := onePlan(3, impact.Linear{Depth1Pct: 1e9})
	p.Shocks = []sim.Shock{{Name: "a", Asset: 0, Observe: -1, Steps: []int{1, 2}, Amount: -.02}, {Name: "b", Asset: 0, Observe: -1, Steps: []int{2}, Amount: .01}}
	path := run(t, p, .001, .002, .003)
	if diff := cmp.Diff([]float64{.001, -.018, -.007}, path.Ledger.News[0], approximately(1e-15)); diff != "" {
		t.Error(diff)
	}
}

// Under every law, with transient impact, capped waves and orders that cancel:
// news + Σ mechanisms = return in every row of the ledger.
func TestLedgerAddsUp(t *testing.T) {
	laws := []sim.Law{impact.Linear{Depth1Pct: .01}, impact.SquareRoot{Y: 1, Volatility: .025, Volume: 1},
		impact.Exponential{Depth: 1, Floor: .2}, impact.Inelastic{Multiplier: 2, Supply: .1}}
	rapid.Check(t, func(t *rapid.T) {
		usd := rapid.Float64Range(-.2, .2)
		var entries []sim.Mechanism
		for i := range rapid.IntRange(1, 11).Draw(t, "mechanisms") {
			name := string(rune('a' + i))
			if i%3 == 0 {
				entries = append(entries, loop{name, usd.Draw(t, "gain")})
			} else {
				entries = append(entries, burst{name, rapid.SliceOfN(usd, 6, 6).Draw(t, "orders")})
			}
		}
		p := onePlan(8, rapid.SampledFrom(laws).Draw(t, "law"), entries...)
		p.MaxWaves = 40
		p.Assets[0].Permanent = rapid.Float64Range(0, 1).Draw(t, "permanent")
		p.Assets[0].DepthExponent = rapid.Float64Range(0, 2).Draw(t, "exponent")
		if rapid.Bool().Draw(t, "power law") {
			p.Assets[0].Kernel.Power = rapid.Float64Range(.1, 2).Draw(t, "β")
		} else {
			p.Assets[0].Kernel.Decay = rapid.Float64Range(0, .99).Draw(t, "ρ")
		}
		plan, err := sim.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		path := plan.NewPath(true)
		news := script(rapid.SliceOfN(rapid.Float64Range(-.1, .1), 8, 8).Draw(t, "news"))
		if err := sim.NewRunner(plan).Run(news, path); err != nil {
			t.Skip("left the numbers: " + err.Error())
		}
		for k := range 8 {
			sum := path.Ledger.News[0][k]
			for row := range path.Ledger.Rows {
				sum += path.Ledger.Return[row][0][k]
			}
			got := path.LogPrice[0][k+1] - path.LogPrice[0][k]
			if math.Abs(sum-got) > 1e-12*math.Max(1, math.Abs(path.LogPrice[0][k])) {
				t.Fatalf("step %d: news + mechanisms = %v, return %v", k, sum, got)
			}
		}

		// The order of the file does not matter, and without a ledger the prices are the same.
		for i, j := 0, len(p.Entries)-1; i < j; i, j = i+1, j-1 {
			p.Entries[i], p.Entries[j] = p.Entries[j], p.Entries[i]
		}
		other, err := sim.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		again := other.NewPath(false)
		if err := sim.NewRunner(other).Run(news, again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(path.LogPrice, again.LogPrice); diff != "" {
			t.Fatalf("another order of mechanisms, no ledger: %s", diff)
		}
	})
}

func TestPriceThatLeavesTheNumbers(t *testing.T) {
	plan, err := sim.Compile(onePlan(1, impact.Linear{Depth1Pct: .01}, burst{"whale", []float64{-1e9}}))
	if err != nil {
		t.Fatal(err)
	}
	err = sim.NewRunner(plan).Run(script{}, plan.NewPath(false))
	if err == nil || !strings.Contains(err.Error(), "step 1: the price of btc has left the numbers") || !strings.Contains(err.Error(), "whale") {
		t.Errorf("got %v", err)
	}
}

// secret buys far more than anybody else, hedged.
type secret struct{ burst }

func (secret) Hedged(int) bool { return true }

// Who is named for a lost price is the one that pressed most on it: neither who
// trades most without a trace, nor who trades more with less weight.
func TestWhoLostThePrice(t *testing.T) {
	p := onePlan(1, impact.Linear{Depth1Pct: .01}, secret{burst{"hedged", []float64{1e12}}}, burst{"light", []float64{2e6}}, burst{"heavy", []float64{1e6}})
	p.Entries[2].ImpactScale = 10
	plan := compile(t, p)
	err := sim.NewRunner(plan).Run(script{}, plan.NewPath(false))
	if err == nil || !strings.Contains(err.Error(), "heavy: 1e+06 USD") {
		t.Errorf("got %v", err)
	}
}

func TestCompileNamesEveryFault(t *testing.T) {
	p := onePlan(0, nil, loop{"a", 1}, loop{"a", 1})
	p.Assets[0].Price, p.Assets[0].Permanent, p.Assets[0].Kernel.Decay = -1, 2, 1
	p.Assets[0].DepthExponent = math.Inf(1)
	p.Past.LogPrice = [][]float64{{math.NaN(), 4, math.Inf(1), 4}}
	p.Shocks = []sim.Shock{{Name: "s", Asset: 3, Observe: -1, Steps: []int{7}, Amount: math.NaN()}}
	_, err := sim.Compile(p)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"steps is 0", "price is -1", "no impact law", "permanent share is 2", "decay is 1", "depth exponent is +Inf",
		"asset btc: the log price 2 steps before the start is +Inf", "shock s: expected one asset", "step 7 is outside", "amount is NaN"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

func approximately(tolerance float64) cmp.Option {
	return cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= tolerance })
}
