package sim_test

import (
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

// forking is a loop from whose state another path can go on.
type forking struct{ loop }

type forker struct{ looper }

func (f forking) Start(*sim.Market) sim.Trader { return &forker{looper{loop: f.loop}} }

func (f *forker) Fork() sim.Trader {
	c := *f
	return &c
}

// walk runs steps of r on news.
func walk(t *testing.T, r *sim.Runner, news ...float64) {
	t.Helper()
	for _, n := range news {
		r.Try([]float64{n}, nil)
		if err := r.Settle(); err != nil {
			t.Fatal(err)
		}
	}
}

// A fork goes on as its path would have, transient impact of either kernel, variance and
// depth included, and the path goes on as if there were none.
func TestFork(t *testing.T) {
	for name, kernel := range map[string]sim.Kernel{"exponential": {Decay: .7}, "power": {Power: .5}} {
		p := onePlan(6, impact.Linear{Depth1Pct: 1e9}, forking{loop{"loop", 1e10}})
		p.Assets[0].Permanent, p.Assets[0].Kernel, p.Assets[0].DepthExponent = .5, kernel, .5
		plan := compile(t, p)
		want := run(t, p, -.02, .01, -.05, .03, .02, -.01)
		stem, branch := sim.NewRunner(plan), sim.NewRunner(plan)
		stem.Start()
		walk(t, stem, -.02, .01, -.05)
		for range 2 { // a used branch is as good as a fresh one
			if err := branch.Fork(stem); err != nil {
				t.Fatal(err)
			}
			walk(t, branch, -.2, .1)
		}
		if err := branch.Fork(stem); err != nil {
			t.Fatal(err)
		}
		walk(t, stem, .03, .02, -.01)
		walk(t, branch, .03, .02, -.01)
		near(t, name+": the path's last close", stem.Market().Open(0), want.LogPrice[0][6], 0)
		near(t, name+": the fork's", branch.Market().Open(0), want.LogPrice[0][6], 0)
		near(t, name+": its step", float64(branch.Market().Step()), 6, 0)
		near(t, name+": its closes", float64(len(branch.Market().Closes(0))), 7, 0)
	}
}

func TestForkRefuses(t *testing.T) {
	plan := compile(t, onePlan(2, impact.Linear{Depth1Pct: 1e9}, loop{"loop", 1}))
	r := sim.NewRunner(plan)
	r.Start()
	for _, to := range []*sim.Runner{sim.NewRunner(plan), sim.NewRunner(compile(t, onePlan(2, impact.Linear{Depth1Pct: 1e9})))} {
		if err := to.Fork(r); err == nil {
			t.Error("no error: a trader that cannot fork, or another plan")
		}
	}
}
