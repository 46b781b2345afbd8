package driver_test

import (
	"math"
	"slices"
	"testing"

	"github.com/ebb-sim/ebb/sim/driver"
)

// crashes are twelve falls a year of 5 ± 8 %. Beside a diffusion of 50 % they make a
// market of 59.7 %.
func crashes() (*driver.Merton, float64) {
	c := &driver.Merton{JumpsPerYear: 12, JumpMean: -.05, JumpDeviation: .08}
	return c, math.Sqrt(c.Moments(.5, 1./365).Variance)
}

// The moments of one day, published to these digits in the model's table.
func TestMertonMoments(t *testing.T) {
	c, _ := crashes()
	m := c.Moments(.5, 1./365)
	for _, v := range []struct{ got, want, tolerance float64 }{
		{m.Variance, 9.775342e-4, 5e-11}, {m.Skewness, -1.167132, 5e-7}, {m.ExcessKurtosis, 7.745649, 5e-7},
		{m.Mean, (-.125 - 12*math.Expm1(-.05+.0032) - 12*.05) / 365, 1e-18},
	} {
		if math.Abs(v.got-v.want) > v.tolerance {
			t.Errorf("%.10g, want %.7g", v.got, v.want)
		}
	}
	still := (&driver.Merton{}).Moments(0, 1)
	if still.Variance != 0 || !math.IsNaN(still.Skewness) || !math.IsNaN(still.ExcessKurtosis) {
		t.Errorf("nothing moves, yet %+v", still)
	}
	year := c.Moments(.5, 1) // of sums: skewness falls with √n, excess kurtosis with n
	if math.Abs(year.Skewness*math.Sqrt(365)-m.Skewness) > 1e-12 || math.Abs(year.ExcessKurtosis*365-m.ExcessKurtosis) > 1e-12 {
		t.Errorf("a year: %+v", year)
	}
}

func TestMertonSimulatesItsMoments(t *testing.T) {
	const n = 400_000
	c, σ := crashes()
	c.CommonJumps, c.Drift = .4, .2
	want := c.Moments(.5, 1./365)
	news, _ := draw(build(t, c, one(σ)), one(σ), 42, 1, n)
	x, second, third, fourth, growth := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i, row := range news {
		z := (row[0] - want.Mean) / σ
		x[i], second[i], third[i], fourth[i], growth[i] = row[0], z*z, z*z*z, z*z*z*z, math.Exp(row[0])
	}
	for _, v := range []struct {
		what   string
		sample []float64
		want   float64
	}{
		{"mean", x, want.Mean},
		{"variance", second, 1},
		{"skewness", third, want.Skewness},
		{"kurtosis", fourth, 3 + want.ExcessKurtosis},
		{"growth of the expected price", growth, math.Exp(.2 / 365)},
	} {
		m, se := mean(v.sample)
		within(t, v.what, m, v.want, se)
	}
}

// Without jumps the driver is gbm, draw for draw; with them it is on every step without
// one, of which there are e^{−λΔt}.
func TestMertonIsGBMBetweenJumps(t *testing.T) {
	const n = 20_000
	e := env(n)
	list := []driver.Correlation{{Between: []string{"btc", "eth"}, Value: .8}}
	calm, _ := draw(build(t, &driver.GBM{Drift: .1, Correlation: list}, e), e, 42, 1, n)
	none, _ := draw(build(t, &driver.Merton{Drift: .1, CommonJumps: .7, Correlation: list}, e), e, 42, 1, n)
	c := &driver.Merton{JumpsPerYear: 36.5, JumpDeviation: .05, CommonJumps: 1, Correlation: list}
	jumps, _ := draw(build(t, c, e), e, 42, 1, n)
	still := make([]float64, n)
	for step := range calm {
		if !slices.Equal(calm[step], none[step]) {
			t.Fatalf("step %d: %v without jumps, %v under gbm", step, none[step], calm[step])
		}
		same := 0
		for a, σ := range e.Volatility {
			z := (calm[step][a] - .1/365 + σ*σ/2) / σ
			left := math.Sqrt(σ*σ - .1*.05*.05)
			if want := -.1*math.Expm1(.05*.05/2) - left*left/2 + left*z; math.Abs(jumps[step][a]-want) < 1e-12 {
				same++
			}
		}
		switch same {
		case 2:
			still[step] = 1
		case 1:
			t.Fatalf("step %d: one asset jumps alone, %v", step, jumps[step])
		}
	}
	m, se := mean(still)
	within(t, "share of steps without a jump", m, math.Exp(-.1), se)
}

// Under seed 42 path 101 has its first common jump in step 4, and a jump of ether alone in
// step 39.
func TestGoldenJumps(t *testing.T) {
	e := env(40)
	news, _ := draw(build(t, defaults(t, "merton"), e), e, 42, 101, 40)
	for step, want := range map[int][]float64{
		4:  {-0.009284145737998396, -0.009476095116252886},
		39: {-0.023386000290481435, -0.04587463728974363},
	} {
		for a := range want {
			if math.Abs(news[step][a]-want[a]) > 1e-14 {
				t.Errorf("step %d: %v, want %v", step, news[step], want)
			}
		}
	}
}

// Common jumps add c·λΔt·(μ_J² + ρδ²) to the covariance of two assets, and none of their
// variances changes with c.
func TestMertonCommonJumps(t *testing.T) {
	const n, ρ = 300_000, .6
	e := env(n)
	for _, share := range []float64{0, .5, 1} {
		c := &driver.Merton{JumpsPerYear: 36.5, JumpMean: -.02, JumpDeviation: .03, CommonJumps: share,
			Correlation: []driver.Correlation{{Between: []string{"eth", "btc"}, Value: ρ}}}
		jump := .1 * (.02*.02 + .03*.03)
		var diffusion, average []float64
		for _, σ := range e.Volatility {
			d := math.Sqrt(σ*σ - jump)
			diffusion = append(diffusion, d)
			average = append(average, c.Moments(d*math.Sqrt(365), 1./365).Mean)
		}
		news, _ := draw(build(t, c, e), e, 42, 1, n)
		product, square := make([]float64, n), make([]float64, n)
		for i, row := range news {
			product[i] = (row[0] - average[0]) * (row[1] - average[1])
			square[i] = (row[1] - average[1]) * (row[1] - average[1])
		}
		m, se := mean(product)
		within(t, "covariance", m, ρ*diffusion[0]*diffusion[1]+share*.1*(.02*.02+ρ*.03*.03), se)
		m, se = mean(square)
		within(t, "variance", m, .05*.05, se)
	}
}

// The defaults' sources: the count of extreme days of Bitcoin and Ether, and the size of
// jumps that is most likely at twelve a year.
func TestMertonDefaultsFitBitcoin(t *testing.T) {
	btc, eth := returns(t, "btctree__btc-power/data/btc_daily.csv"), returns(t, "btctree__btc-power/data/alt/ETHUSDT.csv")
	extremeBTC, extremeETH := extreme(btc, 3.5), extreme(eth, 3.5)
	var days, both, together int
	for i := range btc {
		if extremeBTC[i] {
			days++
			if extremeETH[i] {
				both++
				if btc[i]*eth[i] > 0 {
					together++
				}
			}
		}
	}
	if days != 22 || both != 15 || together != 15 {
		t.Errorf("%d extreme days, %d of them of Ether too, %d in one direction, want 22, 15, 15", days, both, together)
	}

	c := defaults(t, "merton").(*driver.Merton)
	likelihood := func(δ float64) float64 { return mertonLikelihood(btc, .0179, 40.53, c.JumpsPerYear, 100*δ) }
	top := likelihood(c.JumpDeviation)
	if math.Abs(top+1759.449) > .01 {
		t.Errorf("log likelihood %v, want -1759.449", top)
	}
	for _, δ := range []float64{.0645, .0695} { // a quarter of a standard error
		if l := likelihood(δ); !(l < top) {
			t.Errorf("δ = %v has the log likelihood %v, above %v", δ, l, top)
		}
	}
}

// mertonLikelihood is the log likelihood of daily returns in %: a mixture of normal laws
// over the number of jumps.
func mertonLikelihood(r []float64, mean, volatility, λ, δ float64) float64 {
	sum := 0.
	for _, x := range r {
		density, probability := 0., math.Exp(-λ/365)
		for k := range 10 {
			v := volatility*volatility/365 + float64(k)*δ*δ
			density += probability * math.Exp(-(x-mean)*(x-mean)/(2*v)) / math.Sqrt(2*math.Pi*v)
			probability *= λ / 365 / float64(k+1)
		}
		sum += math.Log(density)
	}
	return sum
}

// extreme tells the values further from the median than so many robust standard
// deviations, 1.4826 times the median distance from it.
func extreme(x []float64, limit float64) []bool {
	middle := func(x []float64) float64 { return slices.Sorted(slices.Values(x))[len(x)/2] }
	centre := middle(x)
	distance := make([]float64, len(x))
	for i, v := range x {
		distance[i] = math.Abs(v - centre)
	}
	sd := 1.4826 * middle(distance)
	found := make([]bool, len(x))
	for i, d := range distance {
		found[i] = d > limit*sd
	}
	return found
}
