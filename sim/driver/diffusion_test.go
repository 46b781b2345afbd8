package driver_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim/driver"
)

// GBM with μ = .1, σ = .6, T = .5, S = 100: moments, P(S<80) and the
// probability of touching 80 (Broadie, Glasserman and Kou 1997 for the daily
// watch). Between two closes the path touches with the probability of a
// Brownian bridge, which makes the continuous probability exact.
func TestGBMMoments(t *testing.T) {
	const paths, steps, horizon, σ = 40_000, 182, .5, .6
	dt := horizon / steps
	e := one(σ * math.Sqrt(dt))
	e.StepDays = dt * driver.YearDays
	d := build(t, &driver.GBM{Drift: .1}, e)
	barrier := math.Log(.8)

	price, squares, below, touched, watched := make([]float64, paths), make([]float64, paths), make([]float64, paths), make([]float64, paths), make([]float64, paths)
	news := make([]float64, 1)
	for i := range paths {
		source := d.Start(42, uint64(i))
		x, missed := 0.0, 1.0
		for step := range steps {
			source.Next(step, news, nil)
			from := x
			x += news[0]
			if x <= barrier {
				watched[i], missed = 1, 0
			} else if missed > 0 {
				missed *= -math.Expm1(-2 * (from - barrier) * (x - barrier) / (σ * σ * dt))
			}
		}
		price[i], touched[i] = 100*math.Exp(x), 1-missed
		squares[i] = (price[i] - 105.1271) * (price[i] - 105.1271)
		if x < barrier {
			below[i] = 1
		}
	}
	for _, c := range []struct {
		what   string
		sample []float64
		want   float64
	}{
		{"mean", price, 105.1271},
		{"variance", squares, 2179.589},
		{"P(S<80)", below, .3329894},
		{"P(touch 80)", touched, .6284356},
		{"P(touch 80) at the close", watched, .599736},
	} {
		m, se := mean(c.sample)
		within(t, c.what, m, c.want, se)
	}
}

// Student-t news keeps the market's variance; with 10 degrees of freedom its
// kurtosis is 3 + 6/(10−4) = 4, and P(|t₄| > 4) is that of the t distribution.
func TestStudentMoments(t *testing.T) {
	const n, σ = 400_000, .03
	sample := func(df float64) []float64 {
		news, _ := draw(build(t, &driver.Student{DegreesOfFreedom: df}, one(σ)), one(σ), 42, 1, n)
		x := make([]float64, n)
		for i := range x {
			x[i] = (news[i][0] + σ*σ/2) / σ
		}
		return x
	}
	apply := func(x []float64, f func(float64) float64) (m, se float64) {
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = f(v)
		}
		return mean(y)
	}
	x := sample(10)
	m, se := mean(x)
	within(t, "mean", m, 0, se)
	m, se = apply(x, func(v float64) float64 { return v * v })
	within(t, "variance", m, 1, se)
	m, se = apply(x, func(v float64) float64 { return v * v * v * v })
	within(t, "kurtosis", m, 4, se)

	// x·√2 has the t distribution with 4 degrees of freedom
	m, se = apply(sample(4), func(v float64) float64 {
		if math.Abs(v)*math.Sqrt2 > 4 {
			return 1
		}
		return 0
	})
	within(t, "P(|t₄| > 4)", m, .0161301, se)
}

// Both drivers give the correlation asked for, in the file's order of the pair
// or the other; Student steps of independent assets still come together.
func TestCorrelation(t *testing.T) {
	const n = 200_000
	list := []driver.Correlation{{Between: []string{"sol", "btc"}, Value: .8}, {Between: []string{"btc", "eth"}, Value: -.3}}
	e := env(n)
	e.Assets, e.Volatility = []string{"btc", "eth", "sol"}, []float64{.03, .05, .1}
	want := [3][3]float64{{1, -.3, .8}, {-.3, 1, 0}, {.8, 0, 1}}
	for name, c := range map[string]driver.Config{
		"gbm": &driver.GBM{Correlation: list}, "student": &driver.Student{DegreesOfFreedom: 12, Correlation: list},
	} {
		news, _ := draw(build(t, c, e), e, 42, 1, n)
		product := make([]float64, n)
		for a := range 3 {
			for b := range a + 1 {
				for i, row := range news {
					product[i] = (row[a]/e.Volatility[a] + e.Volatility[a]/2) * (row[b]/e.Volatility[b] + e.Volatility[b]/2)
				}
				m, se := mean(product)
				within(t, name+" correlation of "+e.Assets[a]+" and "+e.Assets[b], m, want[a][b], se)
			}
		}
		// one chi-square for all: E[x²y²] = 1 under gbm, (ν−2)/(ν−4) = 1.25 under student
		for i, row := range news {
			x, y := row[1]/e.Volatility[1], row[2]/e.Volatility[2]
			product[i] = x * x * y * y
		}
		m, se := mean(product)
		within(t, name+" mean of x²y²", m, map[string]float64{"gbm": 1, "student": 1.25}[name], se)
	}
}
