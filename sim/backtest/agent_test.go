package backtest_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/impact"
)

// perUSD is the log return of one USD in the tests' market: λ.
const perUSD = 1e-5

// script is news written down in advance.
type script []float64

func (s script) Next(step int, news, _ []float64) {
	news[0] = 0
	if step < len(s) {
		news[0] = s[step]
	}
}

func strategy(taker bool, d func(*sim.Market) backtest.Decider) *backtest.Agent {
	return &backtest.Agent{Label: "strategy", Assets: []backtest.Asset{{Name: "btc"}}, Step: day, Taker: taker, Decider: d,
		Failed: func(error) {}, Options: backtest.Options{Capital: 10_000, Fill: backtest.FillClose}}
}

func compile(t *testing.T, steps int, s *backtest.Agent, law sim.Law) *sim.Plan {
	t.Helper()
	plan, err := sim.Compile(sim.Plan{Step: day, Steps: steps, Start: start, Tolerance: 1e-9, MaxWaves: 10, Entries: []sim.Entry{{Mechanism: s, ImpactScale: 1}},
		Assets: []sim.Asset{{Name: "btc", Price: 100, Law: law, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(plan); err != nil {
		t.Fatal(err)
	}
	return plan
}

func simulate(t *testing.T, plan *sim.Plan, news ...float64) *sim.Path {
	t.Helper()
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(script(news), path); err != nil {
		t.Fatal(err)
	}
	return path
}

func follows(p backtest.Decider) func(*sim.Market) backtest.Decider {
	return func(*sim.Market) backtest.Decider { return p }
}

// TestOwnImpact buys V dollars in step 1 and sells the coins in step 3, news of
// 10 % between. It pays (e^x − 1)/x with x = λV, marks at e^x, and its sale of
// y = λV·e^{x+.1} brings (1 − e^{−y})/y. A taker pays the same for the purchase, and
// sells at a price that its purchase has not lifted.
func TestOwnImpact(t *testing.T) {
	const v = 5000.
	p := plan{1: {usd(v)}, 3: {usd(0)}}
	law := impact.Linear{Depth1Pct: .01 / perUSD}
	x, e := perUSD*v, 10_000.
	bought := v * math.Expm1(x) / x

	path := simulate(t, compile(t, 3, strategy(false, follows(p)), law), 0, .1)
	worth := v * math.Exp(x+.1)
	y := perUSD * worth
	sold := -worth * math.Expm1(-y) / y
	near(t, "capital", path.Opening[0], e)
	nearAll(t, "equity", path.Reports[0], []float64{e - bought + v*math.Exp(x), e - bought + worth, e - bought + sold})
	nearAll(t, "price", []float64{path.Price(0, 1), path.Price(0, 3)}, []float64{100 * math.Exp(x), 100 * math.Exp(x+.1-y)})

	path = simulate(t, compile(t, 3, strategy(true, follows(p)), law), 0, .1)
	worth = v * math.Exp(.1)
	y = perUSD * worth
	sold = -worth * math.Expm1(-y) / y
	nearAll(t, "equity of a taker", path.Reports[0], []float64{e - bought + v, e - bought + worth, e - bought + sold})
	near(t, "price beside a taker", path.Price(0, 3), 100*math.Exp(.1))
}

// TestTakerIsABacktest: a taker in the simulation earns what the same decisions do
// on the finished path.
func TestTakerIsABacktest(t *testing.T) {
	p := plan{1: {weight(1)}, 3: {weight(-.5)}, 5: {weight(.3)}, 7: {weight(0)}}
	s := strategy(true, follows(p))
	s.Assets[0] = backtest.Asset{Name: "btc", Fee: .001, Spread: .002, Borrow: .1}
	s.Options.Rate = .1
	path := simulate(t, compile(t, 8, s, impact.SquareRoot{Y: 1, Volatility: .025, Volume: 1e8}), .01, -.02, .03, .01, -.05, .02, .01, .01)
	closes := make([]float64, 9)
	for k := range closes {
		closes[k] = path.Price(0, k)
	}
	asset := s.Assets[0]
	asset.Law = impact.SquareRoot{Y: 1, Volatility: .025, Volume: 1e8}
	o := s.Options
	r := run(t, daily(asset, closes...), p, o)
	nearAll(t, "equity", path.Reports[0], r.Equity[1:])
}

// TestStepRunAgain: a step that is tried with other news first ends as if it had
// not been, and is decided once.
func TestStepRunAgain(t *testing.T) {
	asked := 0
	p := rule(func(s *backtest.State, targets []backtest.Target) error {
		asked++
		targets[0] = weight(float64(s.Step%3) / 2)
		return nil
	})
	plan := compile(t, 6, strategy(false, follows(p)), impact.Linear{Depth1Pct: .01 / perUSD})
	news := script{.01, -.02, .03, .01, -.05, .02}
	want := simulate(t, plan, news...)
	if asked != 6 {
		t.Errorf("asked %d times, want once for each of 6 steps", asked)
	}
	r := sim.NewRunner(plan)
	r.Start()
	at := r.Market().Find("strategy.equity")
	for step, x := range news {
		for _, other := range []float64{-.5, .4, x} {
			r.Try([]float64{other}, nil)
		}
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
		if got := r.Market().Published(at); got != want.Reports[0][step] {
			t.Errorf("equity of step %d is %v after other trials, %v without", step, got, want.Reports[0][step])
		}
	}
	if asked != 12 {
		t.Errorf("asked %d times in all, want 12", asked)
	}
}

// TestAgentSeesTheLastClose: what a decider is told is as of the close before the
// step, and so is what it may read of the market.
func TestAgentSeesTheLastClose(t *testing.T) {
	news := []float64{.01, -.02, .03}
	s := strategy(false, func(m *sim.Market) backtest.Decider {
		return rule(func(s *backtest.State, _ []backtest.Target) error {
			x := 0.
			for _, r := range news[:s.Step-1] {
				x += r
			}
			near(t, "price", s.Positions[0].Price, 100*math.Exp(x))
			near(t, "close", m.Closes(0)[len(m.Closes(0))-1], math.Log(100)+x)
			if want := start.AddDate(0, 0, s.Step); !s.Time.Equal(want) {
				t.Errorf("step %d decided at %v, want %v", s.Step, s.Time, want)
			}
			return nil
		})
	})
	simulate(t, compile(t, 3, s, impact.Linear{Depth1Pct: 1e6}), news...)
}

// TestAgentRuin: an account that the news has taken everything from orders nothing.
func TestAgentRuin(t *testing.T) {
	s := strategy(false, follows(plan{1: {weight(3)}, 2: {weight(1)}, 3: {weight(1)}}))
	path := simulate(t, compile(t, 4, s, impact.Linear{Depth1Pct: 1e12}), 0, -.5, .5)
	if got := path.Reports[0]; !(got[0] > 0) || got[1] != 0 || got[3] != 0 {
		t.Errorf("equity %v, want 0 from step 2 on", got)
	}
	if got := path.Ledger.Orders[0][0]; !(got[0] > 0) || got[1] != 0 || got[2] != 0 {
		t.Errorf("orders %v, want one in step 1", got)
	}
}

func TestAgentFails(t *testing.T) {
	var told []error
	s := strategy(false, follows(rule(func(s *backtest.State, targets []backtest.Target) error {
		if s.Step == 2 {
			return errors.New("no such series")
		}
		return nil
	})))
	s.Failed = func(err error) { told = append(told, err) }
	path := simulate(t, compile(t, 4, s, impact.Linear{Depth1Pct: 1e6}))
	nearAll(t, "equity", path.Reports[0], []float64{10_000, nan, nan, nan})
	if len(told) != 1 || told[0].Error() != "strategy: decision for step 2: no such series" {
		t.Errorf("told of %v", told)
	}
}

func TestAgentFaults(t *testing.T) {
	plan := compile(t, 1, strategy(false, follows(plan{})), impact.Linear{Depth1Pct: 1e6})
	err := (&backtest.Agent{Assets: []backtest.Asset{{Name: "eth", Fee: 2}, {Name: "btc"}}}).Check(plan)
	want := []string{"no decider", "fill at the close", "the step is 0s, expected the plan's 24h0m0s", "2 assets, expected the plan's 1", "asset eth: fee is 2",
		`asset 0 is "eth", expected the plan's "btc"`, "capital is 0"}
	if err == nil {
		t.Fatal("no error")
	}
	got := strings.Split(err.Error(), "\n")
	if len(got) != len(want) {
		t.Fatalf("faults %q, want %d", got, len(want))
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("fault %q, want %q", got[i], want[i])
		}
	}
}
