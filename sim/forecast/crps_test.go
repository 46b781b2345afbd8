package forecast

import (
	"errors"
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s is %.15g, want %.15g", what, got, want)
	}
}

// The closed form, as properscoring 0.1 gives it; the first three stand in the design.
func TestNormalCRPS(t *testing.T) {
	for _, c := range []struct{ mean, sd, y, want float64 }{
		{0, 1, 0, .23369497725510913}, {0, 1, 1, .6024413576276163}, {0, 1, 2, 1.4527918216859033}, {.01, .025, -.08, .07589721596158343},
	} {
		got, err := NormalCRPS(c.mean, c.sd, c.y)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "score", got, c.want, 1e-12)
	}
	for _, sd := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if v, err := NormalCRPS(0, sd, 0); err == nil || !math.IsNaN(v) {
			t.Errorf("standard deviation %v: score %v, error %v", sd, v, err)
		}
	}
}

func TestCRPS(t *testing.T) {
	ensemble := []float64{-.031, .012, .004, -.055, .027, .012, .081, -.014} // with a tie
	for _, c := range []struct {
		name        string
		ensemble    []float64
		y           float64
		plain, fair float64
	}{
		{"one member: the absolute error", []float64{3}, 1, 2, math.NaN()},
		{"two, in the middle", []float64{0, 1}, .5, .25, 0},
		{"two, outside", []float64{0, 1}, 2, 1.25, 1},
		{"three by hand", []float64{0, 1, 3}, 1, 1 - 12./18, 1 - 12./12}, // Σ|x − x′| over ordered pairs is 2·(1+2+3) = 12
		{"all the same", []float64{2, 2, 2}, 5, 3, 3},
		{"properscoring", ensemble, -.02, .015250000000000003, .012285714285714292},
		{"properscoring, a member", ensemble, .012, .00775, .004785714285714289},
		{"properscoring, above", ensemble, .2, .17475, .1717857142857143},
		{"properscoring, below", ensemble, -.3, .28375, .2807857142857143},
	} {
		plain, err := CRPS(c.ensemble, c.y)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name, plain, c.plain, 1e-12)
		fair, err := FairCRPS(c.ensemble, c.y)
		if math.IsNaN(c.fair) {
			if !errors.Is(err, stats.ErrTooFew) {
				t.Errorf("%s: error %v", c.name, err)
			}
			continue
		}
		near(t, c.name+", fair", fair, c.fair, 1e-12)
	}
}

// A large ensemble of quantiles of the normal law has nearly its score.
func TestCRPSApproachesTheClosedForm(t *testing.T) {
	const m = 20000
	ensemble := make([]float64, m)
	for i := range ensemble {
		ensemble[i] = distuv.UnitNormal.Quantile((float64(i) + .5) / m)
	}
	for _, y := range []float64{-1.5, 0, 1, 2} {
		want, _ := NormalCRPS(0, 1, y)
		got, err := CRPS(ensemble, y)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "score", got, want, 1e-4)
	}
}

// The score is that of the definition by all pairs, is moved by no shift and scales
// with its unit.
func TestCRPSProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1, 1), 2, 40).Draw(t, "ensemble")
		y := rapid.Float64Range(-2, 2).Draw(t, "y")
		m := float64(len(x))
		distance, pairs := 0.0, 0.0
		for _, a := range x {
			distance += math.Abs(a-y) / m
			for _, b := range x {
				pairs += math.Abs(a - b)
			}
		}
		plain, _ := CRPS(x, y)
		fair, _ := FairCRPS(x, y)
		if math.Abs(plain-(distance-pairs/(2*m*m))) > 1e-12 || math.Abs(fair-(distance-pairs/(2*m*(m-1)))) > 1e-12 || plain < -1e-12 {
			t.Fatalf("plain %v, fair %v", plain, fair)
		}
		moved := make([]float64, len(x))
		for i := range x {
			moved[i] = 1000 - 3*x[i]
		}
		if other, _ := CRPS(moved, 1000-3*y); math.Abs(other-3*plain) > 1e-9 {
			t.Fatalf("moved: %v, want %v", other, 3*plain)
		}
	})
}

func TestCRPSRefuses(t *testing.T) {
	for _, c := range []struct {
		ensemble []float64
		y        float64
		want     error
	}{
		{nil, 0, stats.ErrTooFew}, {[]float64{1, math.NaN()}, 0, stats.ErrNotFinite}, {[]float64{1, 2}, math.NaN(), stats.ErrNotFinite},
		{[]float64{1, math.Inf(-1)}, 0, stats.ErrNotFinite},
	} {
		for _, score := range []func([]float64, float64) (float64, error){CRPS, FairCRPS, PIT} {
			if v, err := score(c.ensemble, c.y); !errors.Is(err, c.want) || !math.IsNaN(v) {
				t.Errorf("%v, %v: %v, error %v", c.ensemble, c.y, v, err)
			}
		}
	}
}
