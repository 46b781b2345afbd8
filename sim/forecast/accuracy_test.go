package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
)

var (
	scoresA = []float64{.011, .024, .009, .031, .015, .022, .041, .008, .019, .027, .013, .035, .018, .010, .029, .021}
	scoresB = []float64{.014, .021, .013, .036, .011, .027, .039, .012, .024, .030, .010, .041, .022, .012, .033, .020}
)

// Figures worked out independently, with the autocovariances of statsmodels 0.15.0 and
// Student's law of scipy 1.17.1.
func TestDieboldMariano(t *testing.T) {
	one := DieboldMariano(scoresA, scoresB, 1)
	near(t, "DM", one.Statistic, -2.3624976928744728, 1e-10)
	near(t, "its p", one.P, .03208848314382491, 1e-9)
	if back := DieboldMariano(scoresB, scoresA, 1); back.Statistic != -one.Statistic || back.P != one.P {
		t.Errorf("the other way round: %+v", back)
	}
	for h, want := range map[int]float64{3: -3.54284125214933, 5: -3.6151496415353335} { // even weights give a variance below 0
		got := DieboldMariano(scoresA, scoresB, h)
		near(t, "DM with Bartlett weights", got.Statistic, want, 1e-9)
		if len(got.Warnings) != 2 {
			t.Errorf("warnings %q", got.Warnings)
		}
	}
	same := []float64{.1, .2, .3, .4}
	for name, c := range map[string]Test{"the same": DieboldMariano(same, same, 1), "lengths": DieboldMariano(same, same[:2], 1),
		"few": DieboldMariano(same, []float64{1, 2, 3, 9}, 3), "not a number": DieboldMariano(same, []float64{1, 2, math.NaN(), 9}, 1),
		"no horizon": DieboldMariano(same, []float64{1, 2, 3, 9}, 0), "a constant": DieboldMariano(same, []float64{1.1, 1.2, 1.3, 1.4}, 1)} {
		if c.Absent == "" || !math.IsNaN(c.P) || !math.IsNaN(c.Statistic) {
			t.Errorf("%s: %+v has a value", name, c)
		}
	}
}

// Even weights, worked out by hand: d = 1, 2, 3, 2, 1, 0, so mean 1.5, deviations
// −.5, .5, 1.5, .5, −.5, −1.5, γ₀ = 5.5/6, γ₁ = (−.25 + .75 + .75 − .25 + .75)/6.
func TestDieboldMarianoOverlap(t *testing.T) {
	got := DieboldMariano([]float64{1, 2, 3, 2, 1, 0}, make([]float64, 6), 2)
	v := (5.5/6 + 2*1.75/6) / 6
	near(t, "DM", got.Statistic, 1.5/math.Sqrt(v)*math.Sqrt((6+1-4+2./6)/6), 1e-12)
}

// Two models as good as each other are told apart about as often as the level says.
func TestDieboldMarianoSize(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	refused := 0
	for range 1000 {
		a, b := make([]float64, 120), make([]float64, 120)
		for i := range a {
			a[i], b[i] = rng.NormFloat64(), rng.NormFloat64()
		}
		if DieboldMariano(a, b, 1).P < .05 {
			refused++
		}
	}
	if refused < 30 || refused > 75 {
		t.Errorf("%d of 1000 refused, want about 50", refused)
	}
}

// statsmodels 0.15.0: OLS on a constant, HAC with 2 lags, no correction.
func TestMeanScore(t *testing.T) {
	e, err := MeanScore(scoresA, 3, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "mean", e.Value, .0208125, 1e-12)
	near(t, "low", e.Low, .0208125-1.959963984540054*.0012883599727059345, 1e-10)
	if few, err := MeanScore(scoresA[:4], 3, .95); err != nil || !math.IsNaN(few.Low) || len(few.Warnings) != 1 {
		t.Errorf("four scores over three lags: %+v, %v", few, err)
	}
	for _, bad := range [][]float64{nil, {math.NaN()}} {
		if e, err := MeanScore(bad, 1, .95); err == nil || !math.IsNaN(e.Value) {
			t.Errorf("%v: %+v", bad, e)
		}
	}
}
