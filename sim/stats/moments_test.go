package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

func TestMoments(t *testing.T) {
	skewness, err1 := stats.Skewness(ten)
	kurtosis, err2 := stats.ExcessKurtosis(ten)
	correlation, err3 := stats.Correlation(ten, companion)
	first, err4 := stats.Autocorrelation(ten, 1)
	third, err5 := stats.Autocorrelation(ten, 3)
	byHand, err6 := stats.Autocorrelation([]float64{1, 2, 3, 4, 5}, 1) // (2+0+0+2)/10
	for _, err := range []error{err1, err2, err3, err4, err5, err6} {
		if err != nil {
			t.Error(err)
		}
	}
	near(t, "skewness", skewness, -0.8403123920892774)
	near(t, "excess kurtosis", kurtosis, 0.4400532218465618)
	near(t, "correlation", correlation, 0.9174044393849111)
	near(t, "autocorrelation 1", first, -0.39891739638621165)
	near(t, "autocorrelation 3", third, 0.040309260572151236)
	near(t, "autocorrelation by hand", byHand, 0.4)
}

// For 0, 0, 1 the deviations are -1/3, -1/3, 2/3: G1 = √3. For 0, 0, 0, 1, G2 = 4.
func TestMomentsByHand(t *testing.T) {
	skewness, err := stats.Skewness([]float64{0, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "skewness", skewness, math.Sqrt(3))
	kurtosis, err := stats.ExcessKurtosis([]float64{0, 0, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "excess kurtosis", kurtosis, 4)
}

func TestMomentsAbsent(t *testing.T) {
	for name, c := range map[string]struct {
		x                               []float64
		skewness, kurtosis, correlation error
	}{
		"none":     {nil, stats.ErrTooFew, stats.ErrTooFew, stats.ErrTooFew},
		"two":      {[]float64{1, 2}, stats.ErrTooFew, stats.ErrTooFew, nil},
		"three":    {[]float64{1, 2, 4}, nil, stats.ErrTooFew, nil},
		"constant": {[]float64{0.1, 0.1, 0.1, 0.1}, stats.ErrConstant, stats.ErrConstant, stats.ErrConstant},
		"zeros":    {make([]float64, 5), stats.ErrConstant, stats.ErrConstant, stats.ErrConstant},
		"gap":      {[]float64{1, 2, nan, 4}, stats.ErrGap, stats.ErrGap, stats.ErrGap},
		"huge":     {[]float64{-1e300, 1e300, 0, 1}, stats.ErrNotFinite, stats.ErrNotFinite, stats.ErrNotFinite},
	} {
		check := func(what string, got float64, err, want error) {
			if want != nil {
				wantError(t, name+": "+what, got, err, want)
			} else if err != nil {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
		got, err := stats.Skewness(c.x)
		check("skewness", got, err, c.skewness)
		got, err = stats.ExcessKurtosis(c.x)
		check("kurtosis", got, err, c.kurtosis)
		got, err = stats.Correlation(c.x, c.x)
		check("correlation", got, err, c.correlation)
	}
	got, err := stats.Correlation(ten, ten[:9])
	wantError(t, "correlation of unequal lengths", got, err, stats.ErrLength)
	for lag, want := range map[int]error{
		-1: stats.ErrArgument, 0: stats.ErrArgument, 9: stats.ErrTooFew, math.MaxInt: stats.ErrTooFew,
	} {
		got, err := stats.Autocorrelation(ten, lag)
		wantError(t, "autocorrelation", got, err, want)
	}
}

// decimal draws numbers between -bound and bound in steps of a millionth of it: the
// generator of rapid likes numbers whose squares are 0.
func decimal(bound float64) *rapid.Generator[float64] {
	return rapid.Map(rapid.IntRange(-1e6, 1e6), func(i int) float64 { return bound * float64(i) / 1e6 })
}

func TestMomentsIgnoreUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(decimal(1), 4, 40).Draw(t, "x")
		scale := math.Ldexp(1, rapid.IntRange(-20, 20).Draw(t, "scale")) // exact in binary
		scaled := make([]float64, len(x))
		for i, v := range x {
			scaled[i] = -scale * v
		}
		skewness, err := stats.Skewness(x)
		mirrored, err2 := stats.Skewness(scaled)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("errors %v and %v", err, err2)
		}
		if err != nil {
			t.Skip("constant")
		}
		if math.Abs(skewness+mirrored) > 1e-9*(1+math.Abs(skewness)) {
			t.Errorf("skewness %v of x, %v of -%v·x", skewness, mirrored, scale)
		}
		r, err := stats.Correlation(x, scaled)
		if err != nil || math.Abs(r+1) > 1e-9 {
			t.Errorf("correlation of x and -x = %v, error %v", r, err)
		}
	})
}
