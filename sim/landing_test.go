package sim_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

// landed is written news, and returns that nothing explains.
type landed struct{ script, rest script }

func (l landed) Next(step int, news, innovations []float64) { l.script.Next(step, news, innovations) }
func (l landed) Unexplained(step int, returns []float64) {
	if step < len(l.rest) {
		returns[0] = l.rest[step]
	}
}

// What is unexplained moves the close after the waves, once: nobody trades on it
// in its step, and the next one opens there.
func TestUnexplainedReturns(t *testing.T) {
	plan := compile(t, onePlan(3, impact.Linear{Depth1Pct: .01}, loop{"loop", .5}))
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(landed{script{-.02, .01}, script{-.03, 0, .004}}, path); err != nil {
		t.Fatal(err)
	}
	for k, want := range []float64{-.07, .02, .004} {
		near(t, "return", path.LogPrice[0][k+1]-path.LogPrice[0][k], want, 5e-9)
		near(t, "unexplained", path.Ledger.Unexplained[0][k], []float64{-.03, 0, .004}[k], 0)
		near(t, "loop", path.Ledger.Return[0][0][k], []float64{-.02, .01, 0}[k], 5e-9)
	}
}

// Another trial takes a shift back.
func TestShiftIsTakenBack(t *testing.T) {
	r := sim.NewRunner(compile(t, onePlan(2, impact.Linear{Depth1Pct: .01})))
	r.Start()
	r.Try([]float64{.01}, nil)
	r.Shift([]float64{.5})
	near(t, "shifted", r.Market().LogPrice(0)-math.Log(100), .51, 1e-14)
	r.Try([]float64{.01}, nil)
	near(t, "tried again", r.Market().LogPrice(0)-math.Log(100), .01, 1e-14)
	if err := r.Settle(); err != nil {
		t.Fatal(err)
	}
	near(t, "next open", r.Market().Open(0)-math.Log(100), .01, 1e-14)
}

// seer foretells what it will publish; teller does not.
type seer struct{ teller }

func (s seer) Start(m *sim.Market) sim.Trader { return &seeing{s.teller.Start(m).(*telling)} }

type seeing struct{ *telling }

func (s *seeing) Foretell(m *sim.Market, out []float64) {
	s.Report(m, out)
	out[0], out[1] = out[0]+10, out[1]+1
	out[4] = math.NaN()
}

// A series is foretold where all who publish it can tell.
func TestForetell(t *testing.T) {
	a := seer{teller{name: "a", flow: "flow", level: "a"}}
	z := teller{name: "z", flow: "flow", level: "z"}
	for _, c := range []struct {
		entries []sim.Mechanism
		flow    float64
	}{{[]sim.Mechanism{a}, 10}, {[]sim.Mechanism{a, z}, math.NaN()}} {
		plan := compile(t, onePlan(2, impact.Linear{Depth1Pct: 1}, c.entries...))
		r, told := sim.NewRunner(plan), make([]float64, len(plan.Reports()))
		r.Start()
		r.Try([]float64{0}, nil)
		r.Foretell(told)
		for i, report := range plan.Reports() {
			want, checked := map[string]float64{"flow": c.flow, "a": 1, "z": math.NaN(), "a.saw": math.NaN()}[report.Name]
			if checked && told[i] != want && !(math.IsNaN(told[i]) && math.IsNaN(want)) {
				t.Errorf("%s of %d mechanisms is foretold as %v, want %v", report.Name, len(c.entries), told[i], want)
			}
		}
	}
}
