package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPIT(t *testing.T) {
	for _, c := range []struct {
		ensemble []float64
		y, want  float64
	}{
		{[]float64{3, 1, 2}, 0, .5 / 4}, {[]float64{3, 1, 2}, 1.5, 1.5 / 4}, {[]float64{3, 1, 2}, 9, 3.5 / 4},
		{[]float64{1, 2, 2, 4}, 2, (1 + 1.5) / 5}, {[]float64{5, 5}, 5, .5},
	} {
		got, err := PIT(c.ensemble, c.y)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "place", got, c.want, 1e-15)
	}
}

// Figures of scipy 1.17.1: chisquare and kstwobign.
func TestHistogram(t *testing.T) {
	places := []float64{.03, .11, .19, .22, .35, .41, .47, .52, .58, .66, .71, .83, .90, .97, .05, .31}
	h, err := NewHistogram(places, 4, 1, .95)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{5, 4, 4, 3}, h.Counts); diff != "" {
		t.Error(diff)
	}
	near(t, "χ²", h.ChiSquare.Statistic, .5, 1e-12)
	near(t, "its p", h.ChiSquare.P, .9188914116546758, 1e-9)
	near(t, "KS", h.KS.Statistic, .1075, 1e-12)
	near(t, "its p", h.KS.P, .988660022285587, 1e-9)
	if len(h.ChiSquare.Warnings) != 1 { // 4 in a part
		t.Errorf("warnings %q", h.ChiSquare.Warnings)
	}

	over, err := NewHistogram(places, 4, 4, .95)
	if err != nil {
		t.Fatal(err)
	}
	if over.ChiSquare.N != 4 || over.KS.Absent == "" || len(over.Warnings) != 1 || over.Even != 4 {
		t.Errorf("overlapping: %+v", over)
	}
	if over.Low > h.Low || over.High < h.High {
		t.Errorf("the band of overlapping forecasts, %v to %v, is not wider than %v to %v", over.Low, over.High, h.Low, h.High)
	}
	for _, bad := range [][]float64{nil, {1.2}, {math.NaN()}} {
		if _, err := NewHistogram(bad, 4, 1, .95); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
	if one, err := NewHistogram([]float64{.5}, 10, 1, .95); err != nil || one.ChiSquare.Absent == "" || !math.IsNaN(one.KS.P) {
		t.Errorf("one place: %+v, %v", one, err)
	}
}

// The band is that of the binomial law: scipy's quantiles.
func TestBinomialBand(t *testing.T) {
	for _, c := range []struct {
		n         int
		p, level  float64
		low, high int
	}{{100, .1, .95, 5, 16}, {20, .1, .9, 0, 4}, {1, .5, .95, 0, 1}} {
		if low, high := binomialBand(c.n, c.p, c.level); low != c.low || high != c.high {
			t.Errorf("%d at %v: %d to %d, want %d to %d", c.n, c.p, low, high, c.low, c.high)
		}
	}
}

// A right model is refused as often as the level says, a narrow one nearly always.
func TestUniformityTells(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	refused := func(spread float64) (share float64) {
		for range 200 {
			places := make([]float64, 120)
			for i := range places {
				ensemble := make([]float64, 99)
				for k := range ensemble {
					ensemble[k] = spread * rng.NormFloat64()
				}
				places[i], _ = PIT(ensemble, rng.NormFloat64())
			}
			h, err := NewHistogram(places, 10, 1, .95)
			if err != nil {
				t.Fatal(err)
			}
			if h.ChiSquare.P < .05 {
				share += 1. / 200
			}
		}
		return share
	}
	if right := refused(1); right > .1 {
		t.Errorf("a right model is refused in %v of runs, want about .05", right)
	}
	if narrow := refused(.6); narrow < .9 {
		t.Errorf("a model too narrow is refused in %v of runs only", narrow)
	}
}
