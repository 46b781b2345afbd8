package stats_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Windows of three over a series with a gap and a standstill.
func TestRolling(t *testing.T) {
	x := []float64{0, 1, 2, 4, nan, 1, 1, 1, 2}
	y := []float64{0, 0, 3, -1, 2, 3, 4, 5, 7}
	reasons := []error{stats.ErrTooFew, stats.ErrTooFew, nil, nil, stats.ErrGap, stats.ErrGap, stats.ErrGap, stats.ErrConstant, nil}
	// 0, 0, 3 on 0, 1, 2: slope 1.5, r = √.75; 0, 3, -1 on 1, 2, 4: slope -8/14, r = -8/√(14·26);
	// 4, 5, 7 on 1, 1, 2: slope 2.5, r = 2.5·√(2/3)/√(14/3)
	correlation := []float64{nan, nan, math.Sqrt(.75), -8 / math.Sqrt(14*26), nan, nan, nan, nan, 2.5 / math.Sqrt(7)}
	beta := []float64{nan, nan, 1.5, -8. / 14, nan, nan, nan, nan, 2.5}
	for name, c := range map[string]struct {
		of   func(x, y []float64, window int) (stats.Rolling, error)
		want []float64
	}{
		"correlation": {stats.RollingCorrelation, correlation},
		"beta":        {stats.RollingBeta, beta},
	} {
		r, err := c.of(y, x, 3)
		if err != nil {
			t.Fatal(err)
		}
		for i, reason := range reasons {
			if reason != nil {
				wantError(t, name, r.Values[i], r.Reasons[i], reason)
			} else if r.Reasons[i] != nil {
				t.Errorf("%s, index %d: %v", name, i, r.Reasons[i])
			} else {
				near(t, name, r.Values[i], c.want[i])
			}
		}
		for fault, bad := range map[string]struct {
			x, y   []float64
			window int
			want   error
		}{
			"lengths":     {x, y[1:], 3, stats.ErrLength},
			"window of 1": {x, y, 1, stats.ErrArgument},
			"window of 0": {x, y, 0, stats.ErrArgument},
			"short":       {x[:2], y[:2], 3, stats.ErrTooFew},
			"none":        {nil, nil, 3, stats.ErrTooFew},
			"vast window": {x, y, math.MaxInt, stats.ErrTooFew},
		} {
			if r, err := c.of(bad.x, bad.y, bad.window); !errors.Is(err, bad.want) || r.Values != nil {
				t.Errorf("%s, %s: %v, error %v", name, fault, r, err)
			}
		}
	}
}

// A value uses nothing after its own step.
func TestRollingDoesNotLookAhead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 30).Draw(t, "n")
		sample := rapid.SliceOfN(decimal(1), n, n)
		x, y := sample.Draw(t, "x"), sample.Draw(t, "y")
		window := rapid.IntRange(2, n-1).Draw(t, "window")
		whole, err1 := stats.RollingCorrelation(x, y, window)
		part, err2 := stats.RollingCorrelation(x[:n-1], y[:n-1], window)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		for i, v := range part.Values {
			if v != whole.Values[i] && !(math.IsNaN(v) && math.IsNaN(whole.Values[i])) {
				t.Errorf("index %d: %v, and %v with one row more", i, v, whole.Values[i])
			}
		}
	})
}
