package montecarlo_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
)

func enough(t testing.TB, plan *sim.Plan, d sim.Driver, o montecarlo.Options, p montecarlo.Precision) *montecarlo.Stopped {
	t.Helper()
	p.Level, p.Outcome = .95, o.Outcomes[0]
	s, err := montecarlo.Enough(context.Background(), plan, d, o, p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// It stops at the first whole block whose interval, that of a run of so many paths, is
// narrow enough; at the cap otherwise.
func TestEnough(t *testing.T) {
	plan := compile(t, 20)
	pairs, err := driver.Draw(gbm(t), driver.Antithetic, 20)
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]sim.Driver{"independent": gbm(t), "antithetic": pairs} {
		o := options(t, plan, 7500, 1, "max_drawdown")
		for _, p := range []montecarlo.Precision{{Relative: .018}, {Absolute: .0016}, {Relative: 1e-6}} {
			got := enough(t, plan, d, o, p)
			limit := func(e stats.Estimate) float64 { return p.Absolute - p.Relative/(1+p.Relative)*e.Value }
			if reached := (got.Estimate.High-got.Estimate.Low)/2 <= limit(got.Estimate); reached != got.Reached || !reached && got.Paths != 7500 || reached != (p.Relative != 1e-6) {
				t.Errorf("%s, %+v: stopped at %+v", name, p, got)
			}
			for n := montecarlo.Block; n <= got.Paths; n += montecarlo.Block {
				o.Paths = n
				e := run(t, plan, d, o)
				mean, err := e.Sampling().EstimateMean(e.Values[0], .95)
				if err != nil {
					t.Fatal(err)
				}
				if narrow := (mean.High-mean.Low)/2 <= limit(mean); narrow != (got.Reached && n == got.Paths) {
					t.Errorf("%s, %+v: %v after %d paths, and it stops after %d", name, p, mean, n, got.Paths)
				}
				if n == got.Paths && cmp.Diff(mean, got.Estimate) != "" {
					t.Errorf("%s: %s", name, cmp.Diff(mean, got.Estimate))
				}
			}
			o.Paths = 7500
			for _, o.Workers = range []int{2, 8} {
				if diff := cmp.Diff(got, enough(t, plan, d, o, p)); diff != "" {
					t.Errorf("%s, %d workers: %s", name, o.Workers, diff)
				}
			}
			o.Workers = 1
		}
	}
}

// The mean final price of a GBM is known. Over 400 seeds the interval at which the run
// stops covers it nearly as often as it says.
func TestEnoughCoverage(t *testing.T) {
	const seeds = 400
	plan := compile(t, 4)
	covered, paths := 0.0, 0
	for seed := range seeds {
		o := options(t, plan, 20_000, 0, "final_price")
		o.Seed = uint64(seed)
		s := enough(t, plan, gbm(t), o, montecarlo.Precision{Relative: .0037})
		if s.Estimate.Low <= 100 && 100 <= s.Estimate.High {
			covered++
		}
		paths += s.Paths
		if !s.Reached {
			t.Fatalf("seed %d: %+v", seed, s)
		}
	}
	t.Logf("covered with %.3f of the seeds, %d paths in the mean", covered/seeds, paths/seeds)
	if share := covered / seeds; !(math.Abs(share-.95) < .035) { // three standard errors
		t.Errorf("the interval covers the mean with %.3f of the seeds", share)
	}
}

// The share of antithetic paths that end above the start has the interval of pairs,
// which never agree.
func TestShareOfPairs(t *testing.T) {
	pairs, err := driver.Draw(gbm(t), driver.Antithetic, 1)
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float64, 400)
	for i := range values {
		values[i] = float64(i & 1)
		if i < 8 {
			values[i] = 1
		}
	}
	e := flags(values)
	e.Driver = pairs
	got, err := e.Share("recovered", .95)
	want, fault := stats.Sampling{Group: 2}.EstimateProportion(values, .95)
	alone, _ := stats.EstimateProportion(204, 400, .95)
	if err != nil || fault != nil || cmp.Diff(want, got[0]) != "" || !(got[0].High-got[0].Low < .4*(alone.High-alone.Low)) {
		t.Errorf("%v, want %v, of independent paths %v: %v", got[0], want, alone, err)
	}
}

func TestEnoughFaults(t *testing.T) {
	plan := compile(t, 5)
	nowhere := outcome.Outcome{Name: "nowhere", Of: func(*sim.Path) float64 { return math.NaN() }}
	s, err := montecarlo.Enough(context.Background(), plan, gbm(t), options(t, plan, 1500, 0), montecarlo.Precision{Outcome: nowhere, Relative: .1, Level: .95})
	if err != nil || s.Reached || s.Paths != 1500 || len(s.Estimate.Warnings) == 0 {
		t.Errorf("an outcome on no path: %+v, %v", s, err)
	}
	for _, p := range []montecarlo.Precision{{}, {Relative: .1, Absolute: 1}, {Relative: -1}, {Absolute: math.Inf(1)}} {
		p.Outcome, p.Level = nowhere, .95
		if _, err := montecarlo.Enough(context.Background(), plan, gbm(t), options(t, plan, 10, 0), p); err == nil || !strings.Contains(err.Error(), "expected one of them above 0") {
			t.Errorf("%+v: %v", p, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := montecarlo.Enough(ctx, plan, gbm(t), options(t, plan, 10, 0), montecarlo.Precision{Outcome: nowhere, Relative: .1, Level: .95}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
