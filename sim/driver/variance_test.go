package driver_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat/distuv"
)

var tied = []driver.Correlation{{Between: []string{"btc", "eth"}, Value: .6}}

func together(t testing.TB, d sim.Driver, way string, steps int) sim.Driver {
	t.Helper()
	out, err := driver.Draw(d, way, steps)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Path 2k is the driver's own; path 2k+1 lies on the other side of the means, to
// rounding, and has the other innovations.
func TestAntithetic(t *testing.T) {
	const steps = 40
	e := env(steps)
	for name, c := range map[string]driver.Config{
		"gbm": &driver.GBM{Drift: .3, Correlation: tied}, "student": &driver.Student{DegreesOfFreedom: 3, Drift: -1},
		"merton": &driver.Merton{JumpsPerYear: 60, JumpDeviation: .05, CommonJumps: .5},
	} {
		plain := build(t, c, e)
		d := together(t, plain, driver.Antithetic, steps)
		if sim.GroupOf(d) != 2 || sim.GroupOf(plain) != 1 || sim.Alone(d) != plain || sim.Alone(plain) != plain || d.Name() != name {
			t.Errorf("%s: groups of %d, %d without", name, sim.GroupOf(d), sim.GroupOf(plain))
		}
		// the centre is half the sum, the same in every step and on every path
		centre := make([]float64, 2)
		for path := uint64(4); path < 10; path += 2 {
			own, ownIn := draw(plain, e, 7, path, steps)
			first, firstIn := draw(d, e, 7, path, steps)
			second, secondIn := draw(d, e, 7, path+1, steps)
			if diff := cmp.Diff(own, first) + cmp.Diff(ownIn, firstIn); diff != "" {
				t.Fatalf("%s, path %d: %s", name, path, diff)
			}
			for step := range steps {
				for a := range centre {
					half := (first[step][a] + second[step][a]) / 2
					if path == 4 && step == 0 {
						centre[a] = half
					}
					if !(math.Abs(half-centre[a]) < 1e-15) || first[step][a] == second[step][a] {
						t.Fatalf("%s, path %d, step %d: %v and %v about %v", name, path, step, first[step], second[step], centre)
					}
				}
				for i, v := range firstIn[step] {
					if secondIn[step][i] != -v {
						t.Fatalf("%s, step %d: innovations %v and %v", name, step, firstIn[step], secondIn[step])
					}
				}
			}
		}
	}
}

// The mirror image of a GARCH path has the same variances, and so the same squares of
// news about its own centre −h/2: from the sum of both paths one knows h.
func TestAntitheticGARCH(t *testing.T) {
	const steps, α, β, σ = 200, .1, .85, .03
	e := one(σ)
	d := together(t, build(t, &driver.GARCH{Alpha: α, Beta: β, DegreesOfFreedom: 5, Begin: driver.Unconditional}, e), driver.Antithetic, steps)
	first, _ := draw(d, e, 1, 6, steps)
	second, _ := draw(d, e, 1, 7, steps)
	h := σ * σ
	for step := range steps {
		if got := -(first[step][0] + second[step][0]); !(math.Abs(got/h-1) < 1e-9) {
			t.Fatalf("step %d: variance %v, want %v", step, got, h)
		}
		u := first[step][0] + h/2
		h = (1-α-β)*σ*σ + α*u*u + β*h
	}
}

// The sums of twenty paths in a row lie one in each twentieth of their distribution,
// in the direction of the first principal component; what is across has the law it had.
func TestStratified(t *testing.T) {
	const steps, paths = 50, 4000
	e := env(steps)
	e.Volatility = []float64{.03, .03} // of which the first component is the sum, the second the difference
	for name, c := range map[string]driver.Config{"gbm": &driver.GBM{Correlation: tied}, "student": &driver.Student{DegreesOfFreedom: 5, Correlation: tied}} {
		d := together(t, build(t, c, e), driver.Stratified, steps)
		if sim.GroupOf(d) != driver.Strata {
			t.Fatalf("groups of %d", sim.GroupOf(d))
		}
		across, early, square := make([]float64, paths), make([]float64, paths), make([]float64, paths)
		for i := range paths {
			news, innovations := draw(d, e, 3, uint64(i), steps)
			sum, difference := 0.0, 0.0
			for _, row := range news {
				sum += (row[0] + row[1] + .03*.03) / math.Sqrt(2*1.6*steps) / .03
				difference += (row[0] - row[1]) / math.Sqrt(2*.4*steps) / .03
			}
			if stratum := int(20 * distuv.UnitNormal.CDF(sum)); name == "gbm" && stratum != i%20 {
				t.Fatalf("path %d lies in stratum %d", i, stratum)
			}
			x := (news[0][0] + .03*.03/2) / .03
			across[i], early[i], square[i] = difference*difference, x, x*x
			if i == 33 {
				again, same := draw(d, e, 3, 33, steps)
				if diff := cmp.Diff(news, again) + cmp.Diff(innovations, same); diff != "" {
					t.Fatal(diff)
				}
			}
		}
		m, se := mean(across)
		within(t, name+", variance across", m, 1, se)
		m, se = mean(early)
		within(t, name+", mean of the first step", m, 0, se)
		m, se = mean(square)
		within(t, name+", variance of the first step", m, 1, se)
	}
}

func TestDrawFaults(t *testing.T) {
	e := env(5)
	for want, c := range map[string]struct {
		kind driver.Config
		way  string
	}{
		"jumps of mean -0.1":       {&driver.Merton{JumpsPerYear: 1, JumpMean: -.1}, driver.Antithetic},
		"news of bootstrap, which": {&driver.Bootstrap{BlockLength: 3}, driver.Antithetic},
		"news of none, which":      {&driver.None{}, driver.Antithetic},
		"news of merton, whose":    {&driver.Merton{JumpsPerYear: 1}, driver.Stratified},
		"news of garch, whose":     {defaults(t, "garch"), driver.Stratified},
		`found "both", expected`:   {&driver.GBM{}, "both"},
	} {
		if _, err := driver.Draw(build(t, c.kind, e), c.way, 5); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s…", err, want)
		}
	}
	if d := build(t, &driver.GBM{}, e); together(t, d, driver.Independent, 5) != d {
		t.Error("independent paths are not the driver's own")
	}
	if _, err := driver.NewTiltable(build(t, defaults(t, "garch"), e), 5); err == nil || !strings.HasPrefix(err.Error(), "news of garch") {
		t.Errorf("got %v", err)
	}
}

// Without a tilt the paths are the driver's; with one their likelihood ratios average
// 1, weighted sums have the mean of the driver, and unweighted ones that of the tilt.
func TestTilted(t *testing.T) {
	const steps, paths = 30, 20_000
	e := env(steps)
	for name, c := range map[string]driver.Config{"gbm": &driver.GBM{Drift: .2, Correlation: tied}, "student": &driver.Student{DegreesOfFreedom: 4, Correlation: tied}} {
		d := build(t, c, e)
		tiltable, err := driver.NewTiltable(together(t, d, driver.Antithetic, steps), steps)
		if err != nil {
			t.Fatal(err)
		}
		source := tiltable.Start(tiltable.None(), 5, 9)
		want, wantIn := draw(d, e, 5, 9, steps)
		for step := range steps {
			news, in := make([]float64, 2), make([]float64, 2)
			source.Next(step, news, in)
			if diff := cmp.Diff(want[step], news) + cmp.Diff(wantIn[step], in); diff != "" {
				t.Fatalf("%s, step %d: %s", name, step, diff)
			}
		}
		if log := source.LogRatio(tiltable.None()); log != 0 {
			t.Errorf("%s: log ratio %v without a tilt", name, log)
		}

		tilt := tiltable.Along(-.5)
		tilt.Innovations[0] = -.1
		if length := math.Hypot(tilt.News[0], tilt.News[1]) * math.Sqrt(steps); math.Abs(length-.5) > 1e-12 {
			t.Errorf("%s: tilt of length %v", name, length)
		}
		ratio, driven, shifted, observed := make([]float64, paths), make([]float64, paths), make([]float64, paths), make([]float64, paths)
		news, in := make([]float64, 2), make([]float64, 2)
		for i := range paths {
			source, sum := tiltable.Start(tilt, 5, uint64(i)), 0.0
			for step := range steps {
				source.Next(step, news, in)
				sum += news[1]
				observed[i] += in[0]
			}
			ratio[i], shifted[i] = math.Exp(source.LogRatio(tilt)), sum
			driven[i], observed[i] = ratio[i]*sum, ratio[i]*observed[i]
		}
		mean2 := (map[string]float64{"gbm": .2}[name]/365 - .05*.05/2) * steps
		m, se := mean(ratio)
		within(t, name+", likelihood ratio", m, 1, se)
		m, se = mean(driven)
		within(t, name+", weighted sum", m, mean2, se)
		m, se = mean(shifted)
		within(t, name+", sum", m, mean2+tiltable.Shift(tilt)[1], se)
		m, se = mean(observed)
		within(t, name+", weighted innovations", m, 0, se)
	}
}
