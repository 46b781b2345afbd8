package stats_test

import (
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
)

func TestBeta(t *testing.T) {
	for name, c := range map[string]struct {
		y, x []float64
		want float64
		err  error
	}{
		"by hand":            {[]float64{0, 0, 3}, []float64{0, 1, 2}, 1.5, nil},
		"a constant":         {[]float64{2, 2, 2}, []float64{0, 1, 2}, 0, nil},
		"constant benchmark": {[]float64{0, 0, 3}, []float64{2, 2, 2}, 0, stats.ErrConstant},
		"one row":            {[]float64{1}, []float64{1}, 0, stats.ErrTooFew},
		"lengths":            {ten, ten[1:], 0, stats.ErrLength},
		"gap":                {[]float64{1, nan}, []float64{1, 2}, 0, stats.ErrGap},
		"overflows":          {[]float64{1e300, -1e300}, []float64{1e-60, 2e-60}, 0, stats.ErrNotFinite},
	} {
		got, err := stats.Beta(c.y, c.x)
		if c.err != nil {
			wantError(t, name, got, err, c.err)
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		} else {
			near(t, name, got, c.want)
		}
	}
}
