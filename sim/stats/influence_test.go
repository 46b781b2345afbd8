package stats_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
)

// The influences give the errors of NeweyWest back, and add up to 0, as residuals do.
func TestInfluence(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	x, y := make([]float64, 80), make([]float64, 80)
	for i := range x {
		x[i] = r.NormFloat64()
		y[i] = 1 + 2*x[i] + r.NormFloat64()
	}
	fit := regress(t, y, x)
	list, err := fit.NeweyWest(4, .95)
	if err != nil {
		t.Fatal(err)
	}
	for j, m := range list {
		influence := fit.Influence(j)
		se, err := stats.NeweyWestError(influence, 4)
		if err != nil || se != m.SE {
			t.Errorf("coefficient %d: error %v (%v), want %v", j, se, err, m.SE)
		}
		sum := 0.
		for _, u := range influence {
			sum += u
		}
		near(t, "sum of the influences", sum, 0)
	}
	if fit.Influence(2) != nil || fit.Influence(-1) != nil || (*stats.Regression)(nil).Influence(0) != nil {
		t.Error("a coefficient that is not there has influences")
	}
	for _, lags := range []int{-1, 80} {
		if _, err := stats.NeweyWestError(x, lags); !errors.Is(err, stats.ErrArgument) {
			t.Errorf("%d lags: %v", lags, err)
		}
	}
	if _, err := stats.NeweyWestError(nil, 0); !errors.Is(err, stats.ErrTooFew) {
		t.Errorf("no influences: %v", err)
	}
}
