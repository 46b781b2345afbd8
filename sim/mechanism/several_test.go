package mechanism_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// scripts is news written down in advance, step × asset.
type scripts [][]float64

func (s scripts) Next(step int, news, innovations []float64) {
	clear(news)
	clear(innovations)
	if step < len(s) {
		copy(news, s[step])
	}
}

// asset has a linear permanent impact: depth is the USD that would move its
// price by a log return of 1.
func asset(name string, price, depth float64) sim.Asset {
	return sim.Asset{Name: name, Price: price, Law: impact.Linear{Depth1Pct: depth * .01}, Permanent: 1, Volatility: .03, VolatilityDecay: .94}
}

// stage readies a run of one mechanism on several assets, in days where adjust
// says nothing else.
func stage(t testing.TB, c mechanism.Config, steps int, assets []sim.Asset, adjust ...func(*sim.Plan)) *sim.Plan {
	t.Helper()
	p := sim.Plan{Step: 24 * time.Hour, Steps: steps, Assets: assets, Tolerance: 1e-9}
	for _, f := range adjust {
		f(&p)
	}
	env := &mechanism.Env{Step: p.Step}
	for _, a := range assets {
		env.Assets = append(env.Assets, a.Name)
	}
	m, err := c.Build("subject", env)
	if err != nil {
		t.Fatal(err)
	}
	p.Entries = append(p.Entries, sim.Entry{Mechanism: m, ImpactScale: c.Travels().ImpactScale})
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// perform runs a plan.
func perform(t testing.TB, plan *sim.Plan, s sim.Source) *sim.Path {
	t.Helper()
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(s, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// recorded notes a mechanism's orders wave by wave.
type recorded struct {
	sim.Mechanism
	waves [][]float64
}

func (r *recorded) Start(m *sim.Market) sim.Trader { return &recorder{r.Mechanism.Start(m), r} }

type recorder struct {
	sim.Trader
	to *recorded
}

func (r *recorder) Trade(m *sim.Market, orders []float64) {
	wave := make([]float64, len(orders))
	r.Trader.Trade(m, wave)
	r.to.waves = append(r.to.waves, wave)
	for i, q := range wave {
		orders[i] += q
	}
}

// record runs one step of a plan and gives its orders by wave.
func record(t *testing.T, plan *sim.Plan, news []float64) [][]float64 {
	t.Helper()
	p := *plan
	watched := &recorded{Mechanism: plan.Entries[0].Mechanism}
	p.Entries = []sim.Entry{{Mechanism: watched}}
	again, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	runner := sim.NewRunner(again)
	runner.Start()
	runner.Try(news, nil)
	return watched.waves
}

// unallocated fails where a longer run allocates more than a shorter one.
func unallocated(t *testing.T, c mechanism.Config, assets []sim.Asset) {
	t.Helper()
	allocations := func(steps int) float64 {
		plan := stage(t, c, steps, assets)
		runner, path := sim.NewRunner(plan), plan.NewPath(false)
		news := scripts{make([]float64, len(assets))}
		for len(news) < steps {
			next := make([]float64, len(assets))
			for a := range next {
				next[a] = .05 * math.Sin(float64(len(news)*(a+1)))
			}
			news = append(news, next)
		}
		return testing.AllocsPerRun(3, func() {
			if err := runner.Run(news, path); err != nil {
				t.Fatal(err)
			}
		})
	}
	if short, long := allocations(50), allocations(500); long > short {
		t.Errorf("%v allocations in 500 steps, %v in 50", long, short)
	}
}
