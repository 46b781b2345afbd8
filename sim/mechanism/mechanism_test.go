package mechanism_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

func defaults[C mechanism.Config](kind string) C {
	k, ok := mechanism.Lookup(kind)
	if !ok {
		panic("no mechanism " + kind)
	}
	return k.Default().(C)
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// script is news written down in advance, for one asset, and its innovations.
type script struct{ news, innovations []float64 }

func (s script) Next(step int, news, innovations []float64) {
	clear(news)
	clear(innovations)
	if step < len(s.news) {
		news[0] = s.news[step]
	}
	if step < len(s.innovations) {
		innovations[0] = s.innovations[step]
	}
}

// play runs one mechanism on one asset under a linear permanent law.
func play(t *testing.T, c mechanism.Config, price, depth1pct float64, steps int, s script, adjust ...func(*sim.Plan)) *sim.Path {
	t.Helper()
	env := &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour}
	m, err := c.Build("subject", env)
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Plan{Step: env.Step, Steps: steps, Entries: []sim.Entry{{Mechanism: m}}, Innovations: env.Innovations, Tolerance: 1e-6,
		Assets: []sim.Asset{{Name: "btc", Price: price, Law: impact.Linear{Depth1Pct: depth1pct}, Permanent: 1, Volatility: .025, VolatilityDecay: .94}}}
	for _, f := range adjust {
		f(&p)
	}
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(s, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// report is one published series of a path.
func report(t *testing.T, p *sim.Path, name string) []float64 {
	t.Helper()
	for i, r := range p.Plan.Reports() {
		if r.Name == name {
			return p.Reports[i]
		}
	}
	t.Fatalf("no report %q", name)
	return nil
}

// deep is a market that orders do not move.
const deep = 1e30
