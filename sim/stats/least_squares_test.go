package stats_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

func regress(t testing.TB, y []float64, regressors ...[]float64) *stats.Regression {
	t.Helper()
	fit, err := stats.LeastSquares(y, regressors...)
	if err != nil {
		t.Fatal(err)
	}
	return fit
}

// The Longley data, the certified values of the National Institute of Standards and
// Technology (Statistical Reference Datasets): six regressors, nearly dependent, on which
// careless programs lose every digit.
func TestLongley(t *testing.T) {
	y := []float64{60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551}
	x := [][]float64{
		{83.0, 88.5, 88.2, 89.5, 96.2, 98.1, 99.0, 100.0, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9},
		{234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601, 518173, 554894},
		{2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007},
		{1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827},
		{107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368, 127852, 130081},
		{1947, 1948, 1949, 1950, 1951, 1952, 1953, 1954, 1955, 1956, 1957, 1958, 1959, 1960, 1961, 1962},
	}
	want := []struct{ value, se float64 }{
		{-3482258.63459582, 890420.383607373},
		{15.0618722713733, 84.9149257747669},
		{-0.358191792925910e-01, 0.334910077722432e-01},
		{-2.02022980381683, 0.488399681651699},
		{-1.03322686717359, 0.214274163161675},
		{-0.511041056535807e-01, 0.226073200069370},
		{1829.15146461355, 455.478499142212},
	}
	fit := regress(t, y, x...)
	list, err := fit.Estimates(.95)
	if err != nil {
		t.Fatal(err)
	}
	relative := func(what string, got, want, tolerance float64) {
		if !(math.Abs(got/want-1) <= tolerance) {
			t.Errorf("%s = %.15g, want %.15g", what, got, want)
		}
	}
	for j, w := range want {
		relative("coefficient", list[j].Value, w.value, 1e-8)
		relative("standard error", list[j].SE, w.se, 1e-8)
		relative("margin", list[j].High-list[j].Value, 2.262157162740992*w.se, 1e-8) // t with 9 degrees of freedom
		if list[j].N != 16 || list[j].Value != fit.Coefficients[j] || !warned(list[j].Estimate, "16 periods are few") {
			t.Errorf("coefficient %d: %+v", j, list[j])
		}
	}
	relative("R²", fit.R2, 0.995479004577296, 1e-12)
}

// y = 0, 0, 3 on x = 0, 1, 2: slope 1.5, constant -.5, residuals .5, -1, .5, and
// R² = 1 - 1.5/6. The weights of the slope are -½, 0, ½, so White's variance is
// 2·(¼)²; one lag adds nothing, as the middle product is 0, and two lags add
// 2·⅓·(-¼)(¼).
func TestLeastSquaresByHand(t *testing.T) {
	fit := regress(t, []float64{0, 0, 3}, []float64{0, 1, 2})
	near(t, "constant", fit.Coefficients[0], -.5)
	near(t, "slope", fit.Coefficients[1], 1.5)
	near(t, "R²", fit.R2, .75)
	for i, want := range []float64{.5, -1, .5} {
		near(t, "residual", fit.Residuals[i], want)
	}
	classical, err := fit.Estimates(.95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "classical", classical[1].SE, math.Sqrt(1.5*.5))
	near(t, "low", classical[1].Low, 1.5-12.706204736174694*math.Sqrt(.75)) // t with 1 degree of freedom
	for lags, variance := range map[int]float64{0: .125, 1: .125, 2: .125 - 1./24} {
		robust, err := fit.NeweyWest(lags, .95)
		if err != nil {
			t.Fatal(err)
		}
		near(t, "Newey–West", robust[1].SE, math.Sqrt(variance))
		near(t, "high", robust[1].High, 1.5+1.959963984540054*math.Sqrt(variance))
	}
}

func TestLeastSquaresRefuses(t *testing.T) {
	one := []float64{1, 1, 1, 1}
	y, x := []float64{1, 3, 2, 5}, []float64{1, 2, 4, 3}
	for name, c := range map[string]struct {
		y    []float64
		x    [][]float64
		want error
	}{
		"no regressor":        {y, nil, stats.ErrArgument},
		"one row":             {y[:1], [][]float64{x[:1]}, stats.ErrTooFew},
		"as many as unknowns": {y[:2], [][]float64{x[:2]}, stats.ErrTooFew},
		"lengths":             {y, [][]float64{x, x[1:]}, stats.ErrLength},
		"gap":                 {[]float64{1, nan, 2, 5}, [][]float64{x}, stats.ErrGap},
		"gap in a regressor":  {y, [][]float64{x, {1, nan, 2, 5}}, stats.ErrGap},
		"infinite":            {y, [][]float64{{1, 2, math.Inf(1), 3}}, stats.ErrNotFinite},
		"huge":                {y, [][]float64{{1, 2, 1e200, 3}}, stats.ErrNotFinite},
		"constant":            {one, [][]float64{x}, stats.ErrConstant},
		"constant regressor":  {y, [][]float64{one}, stats.ErrConstant},
		"a regressor twice":   {y, [][]float64{x, {-2, -4, -8, -6}}, stats.ErrCollinear},
	} {
		if fit, err := stats.LeastSquares(c.y, c.x...); fit != nil || !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, error %v, want %v", name, fit, err, c.want)
		}
	}
	fit := regress(t, y, x)
	for name, estimate := range map[string]func() ([]stats.Measured, error){
		"level":                 func() ([]stats.Measured, error) { return fit.Estimates(95) },
		"level of Newey–West":   func() ([]stats.Measured, error) { return fit.NeweyWest(1, 0) },
		"lags below 0":          func() ([]stats.Measured, error) { return fit.NeweyWest(-1, .95) },
		"as many lags as rows":  func() ([]stats.Measured, error) { return fit.NeweyWest(4, .95) },
		"zero Regression":       func() ([]stats.Measured, error) { return (&stats.Regression{}).Estimates(.95) },
		"no Regression":         func() ([]stats.Measured, error) { return (*stats.Regression)(nil).NeweyWest(0, .95) },
		"zero Regression, lags": func() ([]stats.Measured, error) { return (&stats.Regression{}).NeweyWest(0, .95) },
	} {
		if list, err := estimate(); list != nil || !errors.Is(err, stats.ErrArgument) {
			t.Errorf("%s: %v, error %v", name, list, err)
		}
	}
}

// An exact line has no residuals: there are values, and intervals of about no width.
func TestLeastSquaresOfALine(t *testing.T) {
	x := []float64{1, 2, 4, 8}
	fit := regress(t, []float64{1, 3, 7, 15}, x)
	list, err := fit.NeweyWest(2, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "constant", list[0].Value, -1)
	near(t, "slope", list[1].Value, 2)
	near(t, "standard error", list[1].SE, 0)
	near(t, "R²", fit.R2, 1)
}

// Residuals sum to 0 and are orthogonal to the regressors; units change coefficients in
// proportion and nothing else.
func TestLeastSquaresProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 40).Draw(t, "n")
		sample := rapid.SliceOfN(decimal(1), n, n)
		y, a, b := sample.Draw(t, "y"), sample.Draw(t, "a"), sample.Draw(t, "b")
		fit, err := stats.LeastSquares(y, a, b)
		if err != nil {
			t.Skip("constant or dependent")
		}
		size := 1 + math.Abs(fit.Coefficients[1]) + math.Abs(fit.Coefficients[2])
		var sum, alongA, alongB float64
		for i, e := range fit.Residuals {
			sum, alongA, alongB = sum+e, alongA+e*a[i], alongB+e*b[i]
		}
		if worst := max(math.Abs(sum), math.Abs(alongA), math.Abs(alongB)); worst > 1e-7*size {
			t.Errorf("residuals are not orthogonal: %v", worst)
		}
		if !(fit.R2 >= 0 && fit.R2 <= 1) {
			t.Errorf("R² = %v", fit.R2)
		}
		scaled := make([]float64, n)
		for i, v := range a {
			scaled[i] = 1e9*v + 7e9
		}
		again, err := stats.LeastSquares(y, scaled, b)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(again.Coefficients[1]*1e9-fit.Coefficients[1]) > 1e-6*size || math.Abs(again.R2-fit.R2) > 1e-6 {
			t.Errorf("%v and R² %v became %v and %v in other units", fit.Coefficients, fit.R2, again.Coefficients, again.R2)
		}
	})
}

// Where residuals come in runs, the classical interval of a slope on a slow regressor
// covers far too seldom; that of Newey and West does better. In 1,000 trials a share of
// 90 % has a standard error of 1 %.
func TestNeweyWestCovers(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 7))
	const trials, n = 1000, 300
	classical, robust := 0, 0
	slow := func(x []float64) {
		last := 0.
		for i := range x {
			last = .7*last + rng.NormFloat64()
			x[i] = last
		}
	}
	for range trials {
		x, y := make([]float64, n), make([]float64, n)
		slow(x)
		slow(y)
		fit := regress(t, y, x)
		one, err1 := fit.Estimates(.9)
		two, err2 := fit.NeweyWest(12, .9)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if one[1].Low <= 0 && 0 <= one[1].High {
			classical++
		}
		if two[1].Low <= 0 && 0 <= two[1].High {
			robust++
		}
	}
	if classical > 750 || robust < 830 || robust > 920 {
		t.Errorf("covered in %d and %d of %d trials", classical, robust, trials)
	}
}
