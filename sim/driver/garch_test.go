package driver_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/driver"
)

// The draws are those of student with variance 1, so its path tells every shock, and the
// recursion written out gives every return.
func TestGARCHRecursion(t *testing.T) {
	const α, β, ν, μ, n = .2, .7, 5., .5, 500
	list := []driver.Correlation{{Between: []string{"btc", "eth"}, Value: .6}}
	e := env(n)
	unit := env(n)
	unit.Volatility = []float64{1, 1}
	shocks, drawn := draw(build(t, &driver.Student{DegreesOfFreedom: ν, Correlation: list}, unit), unit, 7, 3, n)
	news, innovations := draw(build(t, &driver.GARCH{Alpha: α, Beta: β, DegreesOfFreedom: ν, Drift: μ, Begin: driver.Unconditional, Correlation: list}, e), e, 7, 3, n)
	for a, σ := range e.Volatility {
		h, highest := σ*σ, 0.
		for step := range news {
			u := math.Sqrt(h) * (shocks[step][a] + .5)
			if want := μ/365 - h/2 + u; math.Abs(news[step][a]-want) > 1e-12 {
				t.Fatalf("asset %d, step %d: %v, want %v", a, step, news[step][a], want)
			}
			h = (1-α-β)*σ*σ + α*u*u + β*h
			highest = max(highest, h)
		}
		if highest < 3*σ*σ {
			t.Errorf("asset %d: no storm in %d steps", a, n)
		}
	}
	for step := range innovations {
		if innovations[step][0] != drawn[step][0] || innovations[step][1] != drawn[step][1] {
			t.Fatalf("step %d: innovations %v, and %v under student", step, innovations[step], drawn[step])
		}
	}
}

func TestGARCHWithoutClustersIsStudent(t *testing.T) {
	e := env(100)
	news, _ := draw(build(t, &driver.GARCH{DegreesOfFreedom: 4, Drift: .1, Begin: driver.Unconditional}, e), e, 42, 1, 100)
	want, _ := draw(build(t, &driver.Student{DegreesOfFreedom: 4, Drift: .1}, e), e, 42, 1, 100)
	for step := range want {
		for a := range want[step] {
			if math.Abs(news[step][a]-want[step][a]) > 1e-15 {
				t.Fatalf("step %d, asset %d: %v, want %v", step, a, news[step][a], want[step][a])
			}
		}
	}
}

// From the unconditional variance the second step has E u₂² = σ², E u₂⁴ =
// K(1 + α²(K−1))σ⁴ and E u₁²u₂² = (1 + α(K−1))σ⁴, with K = 3(ν−2)/(ν−4) the kurtosis of
// the innovations.
func TestGARCHMoments(t *testing.T) {
	const paths, σ, α, ν = 200_000, .03, .4, 40.
	const K = 3 * (ν - 2) / (ν - 4)
	d := build(t, &driver.GARCH{Alpha: α, Beta: .5, DegreesOfFreedom: ν, Begin: driver.Unconditional}, one(σ))
	news := make([]float64, 1)
	square, fourth, product := make([]float64, paths), make([]float64, paths), make([]float64, paths)
	for i := range paths {
		source := d.Start(42, uint64(i))
		source.Next(0, news, nil)
		first := news[0] + σ*σ/2
		h := σ * σ * (.1 + .5)
		h += α * first * first
		source.Next(1, news, nil)
		second := news[0] + h/2
		first, second = first*first/(σ*σ), second*second/(σ*σ)
		square[i], fourth[i], product[i] = second, second*second, first*second
	}
	for _, c := range []struct {
		what   string
		sample []float64
		want   float64
	}{
		{"variance", square, 1},
		{"fourth moment", fourth, K * (1 + α*α*(K-1))},
		{"product of squares", product, 1 + α*(K-1)},
	} {
		m, se := mean(c.sample)
		within(t, c.what, m, c.want, se)
	}
}

// Unrolled, the variance after past deviations u₁ … u_n is
// β^n·σ² + Σ_k β^(n−k)·(ω + α·u_k²). The first shock is the same from either beginning.
func TestGARCHBeginsWhereTheHistoryEnds(t *testing.T) {
	const α, β = .1, .8
	e := env(1)
	at := func(begin string) []float64 {
		news, _ := draw(build(t, &driver.GARCH{Alpha: α, Beta: β, DegreesOfFreedom: 5, Begin: begin}, e), e, 1, 1, 1)
		return news[0]
	}
	filtered, unconditional := at(driver.Filtered), at(driver.Unconditional)
	n := len(e.Past)
	for a, σ := range e.Volatility {
		h := math.Pow(β, float64(n)) * σ * σ
		for k := range n {
			u := e.Past[k][a] - .0195*float64(1-2*a) // the past's mean is ±.0195
			h += math.Pow(β, float64(n-1-k)) * ((1-α-β)*σ*σ + α*u*u)
		}
		z := (unconditional[a] + σ*σ/2) / σ
		if want := math.Sqrt(h)*z - h/2; math.Abs(filtered[a]-want) > 1e-15 {
			t.Errorf("asset %d: %v, want %v", a, filtered[a], want)
		}
	}
}

func TestGARCHWarnsOfOtherSteps(t *testing.T) {
	e := one(.01)
	e.StepDays = 1. / 24
	all := strings.Join(build(t, defaults(t, "garch"), e).(driver.Warner).Warnings(), "\n")
	if want := "a step here is 0.04167 days"; !strings.Contains(all, want) {
		t.Errorf("%q, want it to contain %q", all, want)
	}
}

// The defaults are the maximum of the likelihood on Bitcoin's returns, to their digits:
// a quarter of a standard error to either side is worse.
func TestGARCHDefaultsFitBitcoin(t *testing.T) {
	r := returns(t, "btctree__btc-power/data/btc_daily.csv")
	if len(r) != 762 {
		t.Fatalf("%d returns, want 762", len(r))
	}
	c := defaults(t, "garch").(*driver.GARCH)
	best := []float64{.0614, .2603, c.Alpha, c.Beta, c.DegreesOfFreedom} // μ and ω in % and %²
	top := garchLikelihood(r, best)
	if math.Abs(top+1726.711) > .01 {
		t.Errorf("log likelihood %v, want -1726.711", top)
	}
	for i, se := range []float64{.072, .17, .0287, .0395, .569} {
		for _, sign := range []float64{-1, 1} {
			p := append([]float64(nil), best...)
			p[i] += sign * se / 4
			if l := garchLikelihood(r, p); !(l < top) {
				t.Errorf("%v has the log likelihood %v, above %v", p, l, top)
			}
		}
	}
}

// garchLikelihood is the log likelihood of returns in % under mean, ω, α, β and ν, from
// the sample variance.
func garchLikelihood(r, p []float64) float64 {
	_, se := mean(r)
	n := float64(len(r))
	h := se * se * n
	ν := p[4]
	above, _ := math.Lgamma((ν + 1) / 2)
	below, _ := math.Lgamma(ν / 2)
	sum := n * (above - below - math.Log(math.Pi*(ν-2))/2)
	for _, x := range r {
		u := x - p[0]
		sum -= math.Log(h)/2 + (ν+1)/2*math.Log1p(u*u/(h*(ν-2)))
		h = p[1] + p[2]*u*u + p[3]*h
	}
	return sum
}
