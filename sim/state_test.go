package sim_test

import (
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

func compile(t *testing.T, p sim.Plan) *sim.Plan {
	t.Helper()
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// The price of a step without news is the same number before and after a trial
// with other news.
func TestTrialsLeaveNoTrace(t *testing.T) {
	for _, price := range []float64{100, 113_212.79, 3, 1e5} {
		p := onePlan(1, impact.Linear{Depth1Pct: 1e9})
		p.Assets[0].Price = price
		r := sim.NewRunner(compile(t, p))
		r.Start()
		r.Try([]float64{0}, nil)
		before := r.Market().Price(0)
		r.Try([]float64{-.1}, nil)
		r.Market().Price(0)
		r.Try([]float64{0}, nil)
		if after := r.Market().Price(0); after != before {
			t.Errorf("price %v before a trial, %v after it", before, after)
		}
	}
}

// A compiled plan may be changed and compiled again: nothing of the old shocks
// is left, and the first plan is as it was.
func TestCompileAgain(t *testing.T) {
	p := onePlan(2, impact.Linear{Depth1Pct: 1e9})
	p.Shocks = []sim.Shock{{Name: "fall", Asset: 0, Observe: -1, Steps: []int{1}, Amount: -.3}}
	first := compile(t, p)
	changed := *first
	changed.Shocks = nil
	changed.Assets[0].Law = nil
	if _, err := sim.Compile(changed); err == nil {
		t.Error("a plan without a law was taken")
	}
	changed.Assets[0].Law = impact.Linear{Depth1Pct: 1e9}
	path := run(t, changed)
	near(t, "return without the shock", path.LogPrice[0][2]-path.LogPrice[0][0], 0, 0)

	p.Assets[0].Price = -1 // the caller's own
	path = first.NewPath(false)
	if err := sim.NewRunner(first).Run(script{}, path); err != nil {
		t.Fatal(err)
	}
	near(t, "return with the shock", path.LogPrice[0][2]-path.LogPrice[0][0], -.3, 1e-15)
}

// A market so thin that one dollar moves it by a percent is simulated as exactly
// as a deep one.
func TestThinMarket(t *testing.T) {
	p := onePlan(1, impact.Linear{Depth1Pct: 1}, loop{"loop", 50}) // gain .5
	p.Tolerance = 0                                                // the default
	path := run(t, p, -.02)
	near(t, "return", path.LogPrice[0][1]-path.LogPrice[0][0], -.04, 2e-6)
	if path.Capped != 0 {
		t.Error("capped")
	}
}

func TestNewDay(t *testing.T) {
	days := func(p sim.Plan, steps int) (list []int) {
		r := sim.NewRunner(compile(t, p))
		r.Start()
		for k := range steps {
			r.Try(make([]float64, 1), nil)
			if r.Market().NewDay() {
				list = append(list, k)
			}
			if err := r.Settle(); err != nil {
				t.Fatal(err)
			}
		}
		return list
	}
	same := func(what string, got, want []int) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%s: days begin at %v, want %v", what, got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s: days begin at %v, want %v", what, got, want)
			}
		}
	}
	p := onePlan(60, impact.Linear{Depth1Pct: 1})
	same("daily", days(p, 3), []int{0, 1, 2})
	p.Step = time.Hour
	same("hourly without dates", days(p, 60), []int{0, 24, 48})
	p.Start = time.Date(2026, 2, 5, 20, 0, 0, 0, time.UTC) // the hour from 20:00 has closed
	same("hourly from 21:00", days(p, 60), []int{3, 27, 51})
	p.Step = 7 * time.Hour
	same("every seven hours from 03:00", days(p, 5), []int{0, 3})
}
