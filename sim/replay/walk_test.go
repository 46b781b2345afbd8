package replay_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/replay"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// noisy is a history of closes and flows that no plan made.
func noisy(plan *sim.Plan) replay.Observed {
	rng := rand.New(rand.NewPCG(8, 8))
	seen := replay.Observed{LogPrice: sim.Matrix(2, plan.Steps), Series: map[string][]float64{"btc.etf_flow": make([]float64, plan.Steps)}}
	for k := range plan.Steps {
		for a, price := range []float64{90e3, 3e3} {
			seen.LogPrice[a][k] = math.Log(price) + .03*rng.NormFloat64()
		}
		seen.Series["btc.etf_flow"][k] = math.NaN()
		if plan.Session(k) {
			seen.Series["btc.etf_flow"][k] = 3e8 * rng.NormFloat64()
		}
	}
	return seen
}

func walk(t *testing.T, plan *sim.Plan, seen replay.Observed, lag int) *replay.Walk {
	t.Helper()
	w, err := replay.NewWalk(plan, seen, map[string]int{"btc.etf_flow": lag})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func to(t *testing.T, w *replay.Walk, steps int) replay.Known {
	t.Helper()
	known, err := w.To(steps)
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// A walk finds what an identification of all that was published finds: up to each
// close, with the flows of the last steps left out.
func TestWalkIsTheIdentification(t *testing.T) {
	const steps = 20
	plan := compile(t, scene(t, steps, impact.Linear{Depth1Pct: 3e9}, everybody()...))
	seen := noisy(plan)
	for _, lag := range []int{0, 1, 3} {
		w := walk(t, plan, seen, lag)
		for _, at := range []int{0, 2, 3, 10, steps} {
			known := to(t, w, at)
			published := replay.Observed{LogPrice: seen.LogPrice, Series: map[string][]float64{"btc.etf_flow": make([]float64, steps)}}
			for k, v := range seen.Series["btc.etf_flow"] {
				if published.Series["btc.etf_flow"][k] = v; k+lag >= at {
					published.Series["btc.etf_flow"][k] = math.NaN()
				}
			}
			want := identify(t, *plan, published)
			for a := range plan.Assets {
				if diff := cmp.Diff(want.News[a][:at], known.News[a], cmpopts.EquateApprox(0, 1e-9), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("lag %d, close %d, news of %s: %s", lag, at, names[a], diff)
				}
				if got, want := known.Runner.Market().Open(a), want.Path.LogPrice[a][at]; math.Abs(got-want) > 1e-9 {
					t.Errorf("lag %d, close %d: %s stands at %v, want %v", lag, at, names[a], got, want)
				}
			}
			for i := range plan.Reports() {
				if at == 0 {
					break
				}
				if got, want := known.Runner.Market().Published(i), want.Path.Reports[i][at-1]; !cmp.Equal(got, want, cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-6, 1e-6)) {
					t.Errorf("lag %d, close %d: %s is %v, want %v", lag, at, plan.Reports()[i].Name, got, want)
				}
			}
			if known.Published != max(at-lag, 0) {
				t.Errorf("lag %d, close %d: %d steps are published", lag, at, known.Published)
			}
		}
	}
}

// What comes after a close, and what of before is published after it, changes nothing
// of what is known at it.
func TestWalkReadsNoFuture(t *testing.T) {
	const steps, spike, lag = 20, 12, 2
	plan := compile(t, scene(t, steps, impact.Linear{Depth1Pct: 3e9}, everybody()...))
	seen, other := noisy(plan), noisy(plan)
	for k := spike; k < steps; k++ {
		other.LogPrice[0][k] -= .3
	}
	for k := spike - lag; k < steps; k++ {
		other.Series["btc.etf_flow"][k] -= 5e9
	}
	a, b := walk(t, plan, seen, lag), walk(t, plan, other, lag)
	for at := range steps + 1 {
		x, y := to(t, a, at), to(t, b, at)
		same := cmp.Equal(x.News, y.News) && cmp.Equal(x.Innovations, y.Innovations) && cmp.Equal(x.Unexplained, y.Unexplained) &&
			x.Runner.Market().Open(0) == y.Runner.Market().Open(0)
		if same != (at <= spike) {
			t.Errorf("close %d: the same %v", at, same)
		}
	}
}

func TestWalkRefuses(t *testing.T) {
	plan := compile(t, scene(t, 5, impact.Linear{Depth1Pct: 3e9}, everybody()...))
	w := walk(t, plan, noisy(plan), 1)
	to(t, w, 3)
	for _, steps := range []int{2, -1, 6} {
		if _, err := w.To(steps); err == nil {
			t.Errorf("to %d: no error", steps)
		}
	}
	if _, err := replay.NewWalk(plan, noisy(plan), map[string]int{"btc.etf_flow": -1}); err == nil {
		t.Error("published before its time: no error")
	}
	if _, err := replay.NewWalk(plan, replay.Observed{}, nil); err == nil {
		t.Error("nothing observed: no error")
	}
}
