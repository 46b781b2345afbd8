package replay_test

import (
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/replay"
	"pgregory.net/rapid"
)

// rule is a mechanism of the textbook: what it wants to have traded in a step,
// USD, is a function of the step's log return so far.
type rule struct {
	name string
	want func(r float64) float64
}

type ruled struct {
	rule
	traded float64
}

func (r rule) Name() string                 { return r.name }
func (r rule) Start(*sim.Market) sim.Trader { return &ruled{rule: r} }
func (r *ruled) Begin(*sim.Market)          { r.traded = 0 }
func (r *ruled) Settle(*sim.Market)         {}
func (r *ruled) Trade(m *sim.Market, orders []float64) {
	want := r.want(m.LogPrice(0) - m.Open(0))
	orders[0] += want - r.traded
	r.traded = want
}

// loop has a gain under the law of textbook.
func loop(gain float64) rule {
	return rule{"loop", func(r float64) float64 { return gain * r }}
}

// textbook is a market in which one dollar moves the log price by 1.
func textbook(steps int, list ...sim.Mechanism) sim.Plan {
	p := sim.Plan{Step: 24 * time.Hour, Steps: steps, Tolerance: 1e-14,
		Assets: []sim.Asset{{Name: "btc", Price: 100, Law: impact.Linear{Depth1Pct: .01}, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}}
	for _, m := range list {
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
	}
	return p
}

// along are log closes from 100 by their returns; a NaN is no close.
func along(returns ...float64) [][]float64 {
	x, list := math.Log(100), []float64{}
	for _, r := range returns {
		if math.IsNaN(r) {
			list = append(list, r)
			continue
		}
		x += r
		list = append(list, x)
	}
	return [][]float64{list}
}

func identify(t rapid.TB, p sim.Plan, seen replay.Observed) *replay.Identified {
	t.Helper()
	found, err := replay.Identify(compile(t, p), seen)
	if err != nil {
		t.Fatal(err)
	}
	agrees(t, found, seen)
	return found
}

func near(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

func compile(t rapid.TB, p sim.Plan) *sim.Plan {
	t.Helper()
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// kind is the key of a mechanism in a scenario file.
func kind(c mechanism.Config) string {
	switch c.(type) {
	case *mechanism.Redemption:
		return "redemption"
	case *mechanism.Perps:
		return "perps"
	case *mechanism.Collateral:
		return "collateral"
	case *mechanism.Treasury:
		return "treasury"
	case *mechanism.Trend:
		return "trend"
	case *mechanism.DipBuyers:
		return "dip_buyers"
	case *mechanism.Carry:
		return "carry"
	case *mechanism.Premium:
		return "premium"
	case *mechanism.Portfolio:
		return "portfolio"
	case *mechanism.Rotation:
		return "rotation"
	}
	panic("no kind")
}

// counterfactual replays what was found on a plan.
func counterfactual(t rapid.TB, found *replay.Identified, plan *sim.Plan) *sim.Path {
	t.Helper()
	driver, err := found.Driver(plan)
	if err != nil {
		t.Fatal(err)
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(driver.Start(1, 2), path); err != nil {
		t.Fatal(err)
	}
	return path
}

// agrees holds an identification, and its driver on the same plan, against what
// was observed: every close to 1e-9, every flow to 1 USD and other series to
// 1e-9, but for reported gaps of series; and the ledger adds up.
func agrees(t rapid.TB, found *replay.Identified, seen replay.Observed) {
	t.Helper()
	plan := found.Path.Plan
	again := counterfactual(t, found, plan)
	type place struct {
		step   int
		series string
	}
	missed := map[place]bool{}
	for _, g := range found.Gaps {
		missed[place{g.Step, g.Series}] = true
	}
	for what, path := range map[string]*sim.Path{"identified": found.Path, "replayed": again} {
		for a := range plan.Assets {
			for k, x := range seen.LogPrice[a] {
				got := path.LogPrice[a][k+1]
				if !math.IsNaN(x) && !(math.Abs(math.Expm1(got-x)) <= 1e-9) {
					t.Fatalf("%s, step %d: log close of %s is %v, observed %v", what, k, plan.Assets[a].Name, got, x)
				}
				sum := path.Ledger.News[a][k] + path.Ledger.Unexplained[a][k]
				for row := range path.Ledger.Rows {
					sum += path.Ledger.Return[row][a][k]
				}
				if r := got - path.LogPrice[a][k]; !(math.Abs(sum-r) <= 1e-12*max(1, math.Abs(got))) {
					t.Fatalf("%s, step %d: the ledger of %s adds up to %v, return %v", what, k, plan.Assets[a].Name, sum, r)
				}
			}
		}
		for i, report := range plan.Reports() {
			within := 1e-9
			if report.Unit == sim.USD {
				within = 1
			}
			for k, v := range seen.Series[report.Name] {
				if got := path.Reports[i][k]; !math.IsNaN(v) && !(math.Abs(got-v) <= within) && !missed[place{k, report.Name}] {
					t.Fatalf("%s, step %d: %s is %v, observed %v", what, k, report.Name, got, v)
				}
			}
		}
	}
}
