package montecarlo_test

import (
	"context"
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/stats"
)

// flags is an ensemble with one series of 0 and 1.
func flags(rows ...[]float64) *montecarlo.Ensemble {
	return &montecarlo.Ensemble{Paths: len(rows[0]), Series: []montecarlo.Series{{Report: sim.Report{Name: "recovered"}, Values: rows}}}
}

func TestShare(t *testing.T) {
	nan := math.NaN()
	e := flags([]float64{nan, nan, nan, nan}, []float64{0, nan, 0, 1}, []float64{1, 0, 0, 1})
	got, err := e.Share("recovered", .95)
	if err != nil {
		t.Fatal(err)
	}
	for step, want := range []struct {
		share float64
		n     int
	}{{nan, 0}, {1. / 3, 3}, {.5, 4}} {
		if s := got[step]; s.N != want.n || !(s.Value == want.share || math.IsNaN(s.Value) && math.IsNaN(want.share)) || (len(s.Warnings) > 0) != (want.n == 0) {
			t.Errorf("step %d: %v, want %v of %d", step, s, want.share, want.n)
		}
	}
	if want, _ := stats.EstimateProportion(2, 4, .95); got[2].Low != want.Low || got[2].High != want.High {
		t.Errorf("interval of %v, want that of %v", got[2], want)
	}
}

func TestShareFaults(t *testing.T) {
	for want, try := range map[string]func() ([]stats.Estimate, error){
		`found series "x", expected one of recovered`: func() ([]stats.Estimate, error) { return flags([]float64{1}).Share("x", .95) },
		"recovered, step 1 of path 1: found 0.5, expected 0 or 1": func() ([]stats.Estimate, error) {
			return flags([]float64{1, 1}, []float64{1, .5}).Share("recovered", .95)
		},
		stats.ErrArgument.Error() + ": level 1":       func() ([]stats.Estimate, error) { return flags([]float64{1}).Share("recovered", 1) },
		`found series "y", expected one of recovered`: func() ([]stats.Estimate, error) { _, err := flags([]float64{1}).Last("y"); return nil, err },
		`found series "z", expected one of recovered`: func() ([]stats.Estimate, error) {
			_, err := flags([]float64{1}).FanWhere("z", nil, nil)
			return nil, err
		},
	} {
		if _, err := try(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// The paths that end above the start and those that do not are all the paths, and
// the one fan lies above the other at the end; of one path alone the fan is that
// path, of none it is empty.
func TestFanWhere(t *testing.T) {
	plan := compile(t, 20)
	e, err := montecarlo.Run(context.Background(), plan, gbm(t), montecarlo.Options{Paths: 700, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	last, err := e.Last("btc.price")
	if err != nil {
		t.Fatal(err)
	}
	fan := func(keep func(int) bool) *montecarlo.Fan {
		f, err := e.FanWhere("btc.price", []float64{0, .5, 1}, keep)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	up, down := fan(func(p int) bool { return last[p] > 100 }), fan(func(p int) bool { return !(last[p] > 100) })
	if up.Present[20]+down.Present[20] != 700 || up.Present[20] == 0 || down.Present[20] == 0 {
		t.Errorf("%d and %d paths, want 700 together", up.Present[20], down.Present[20])
	}
	if up.Quantiles[20][0] <= 100 || down.Quantiles[20][2] > 100 {
		t.Errorf("those above 100 end from %v, those below up to %v", up.Quantiles[20][0], down.Quantiles[20][2])
	}
	alone, none := fan(func(p int) bool { return p == 7 }), fan(func(int) bool { return false })
	for step, q := range alone.Quantiles {
		if want := e.Series[0].Values[step][7]; q[0] != want || q[1] != want || q[2] != want {
			t.Errorf("step %d: quantiles %v, want %v", step, q, want)
		}
		if !math.IsNaN(none.Quantiles[step][1]) || none.Present[step] != 0 {
			t.Errorf("step %d: %v of no path", step, none.Quantiles[step])
		}
	}
}
