package sensitivity_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/design"
	"github.com/ebb-sim/ebb/sim/sensitivity"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// effects gives them by parameter.
func effects(r sensitivity.Effects) (mu, muStar, sigma []stats.Estimate) {
	list := slices.Clone(r.Effects)
	slices.SortFunc(list, func(a, b sensitivity.Effect) int { return strings.Compare(a.Parameter, b.Parameter) })
	for _, e := range list {
		mu, muStar, sigma = append(mu, e.Mu), append(muStar, e.MuStar), append(sigma, e.Sigma)
	}
	return mu, muStar, sigma
}

// The effects of a linear model are its coefficients, wherever they are taken.
func TestEffectsOfLinearModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(1, 5).Draw(t, "k")
		c := rapid.SliceOfN(rapid.Float64Range(-10, 10), k, k).Draw(t, "coefficients")
		walk := rapid.SampledFrom([]design.Walk{design.Stairs, design.Radial}).Draw(t, "walk")
		points := must[design.Design](t)(design.Morris(4, k, 2*rapid.IntRange(1, 4).Draw(t, "half"), walk, rapid.Uint64().Draw(t, "seed"))).Points()
		outcomes := at(points, func(x []float64) float64 {
			y := 3.
			for j := range x {
				y += c[j] * x[j]
			}
			return y
		})
		mu, muStar, sigma := effects(must[sensitivity.Effects](t)(sensitivity.Morris(names(k), points, outcomes, usual)))
		for j := range k {
			if math.Abs(mu[j].Value-c[j]) > 1e-12 || math.Abs(muStar[j].Value-math.Abs(c[j])) > 1e-12 || sigma[j].Value > 1e-12 {
				t.Fatalf("x%d with coefficient %v has mu %v, mu* %v, sigma %v", j+1, c[j], mu[j], muStar[j], sigma[j])
			}
		}
	})
}

// On two levels the effect of x in x·y is y, 0 or 1 alike, and that of |x−½| is 0. On four
// levels that of (x−½)² is ±⅙, at every second level with either sign.
func TestEffectsOfCurvedModels(t *testing.T) {
	const r = 4000
	for _, walk := range []design.Walk{design.Stairs, design.Radial} {
		points := must[design.Design](t)(design.Morris(r, 3, 2, walk, 1)).Points()
		outcomes := at(points, func(x []float64) float64 { return x[0]*x[1] + math.Abs(x[2]-.5) })
		mu, muStar, sigma := effects(must[sensitivity.Effects](t)(sensitivity.Morris(names(3), points, outcomes, usual)))
		within := 4 * .5 / math.Sqrt(r)
		near(t, "mu", mu, []float64{.5, .5, 0}, within)
		near(t, "mu*", muStar, []float64{.5, .5, 0}, within)
		near(t, "sigma", sigma, []float64{.5, .5, 0}, within)

		points = must[design.Design](t)(design.Morris(r, 1, 4, walk, 1)).Points()
		outcomes = at(points, func(x []float64) float64 { return (x[0] - .5) * (x[0] - .5) })
		mu, muStar, sigma = effects(must[sensitivity.Effects](t)(sensitivity.Morris(names(1), points, outcomes, usual)))
		near(t, "mu", mu, []float64{0}, 4./3/math.Sqrt(r))
		near(t, "mu*", muStar, []float64{1. / 3}, 1e-12)
		near(t, "sigma", sigma, []float64{1. / 3}, 1e-3)
	}
}

// testdata/salib.json: sample.morris and analyze.morris, seed 1.
func TestMorrisIsThatOfSALib(t *testing.T) {
	for _, c := range golden(t).Morris {
		for _, x := range c.Points {
			for j := range x {
				x[j] /= float64(c.Levels - 1)
			}
		}
		mu, muStar, sigma := effects(must[sensitivity.Effects](t)(sensitivity.Morris(c.Parameters, c.Points, c.Outcomes, usual)))
		near(t, c.Name+": mu", mu, c.Mu, 1e-12)
		near(t, c.Name+": mu*", muStar, c.MuStar, 1e-12)
		near(t, c.Name+": sigma", sigma, c.Sigma, 1e-12)
	}
}

// What does nothing has effects of 0: a number, and not an absent one.
func TestEffectsOfConstantModel(t *testing.T) {
	points := must[design.Design](t)(design.Morris(10, 2, 4, design.Stairs, 1)).Points()
	r := must[sensitivity.Effects](t)(sensitivity.Morris(names(2), points, at(points, func([]float64) float64 { return 5 }), usual))
	for j, e := range r.Effects {
		for _, v := range []stats.Estimate{e.Mu, e.MuStar, e.Sigma} {
			if v.Value != 0 || v.Low != 0 || v.High != 0 || v.N != 10 {
				t.Errorf("%v", v)
			}
		}
		if e.Parameter != names(2)[j] {
			t.Errorf("place %d has %s", j, e.Parameter)
		}
	}
	if len(r.Warnings) > 0 {
		t.Errorf("warnings %q", r.Warnings)
	}
}

func TestFailedTrajectories(t *testing.T) {
	points := must[design.Design](t)(design.Morris(12, 3, 4, design.Radial, 1)).Points()
	outcomes := at(points, ishigami)
	holed := slices.Clone(outcomes)
	holed[0], holed[43] = math.NaN(), math.NaN()
	o := usual
	o.MostLost = .2
	got := must[sensitivity.Effects](t)(sensitivity.Morris(names(3), points, holed, o))
	want := must[sensitivity.Effects](t)(sensitivity.Morris(names(3), points[4:40], outcomes[4:40], o))
	wantRest := must[sensitivity.Effects](t)(sensitivity.Morris(names(3), slices.Concat(points[4:40], points[44:]), slices.Concat(outcomes[4:40], outcomes[44:]), o))
	if diff := cmp.Diff(wantRest.Effects, got.Effects); diff != "" || cmp.Equal(want.Effects, got.Effects) {
		t.Error(diff)
	}
	if runs := (sensitivity.Runs{Runs: 48, Failed: 2, Blocks: 12, Lost: 2}); got.Runs != runs {
		t.Errorf("runs %+v, want %+v", got.Runs, runs)
	}
	if _, err := sensitivity.Morris(names(3), points, holed, usual); err == nil || !strings.Contains(err.Error(), "2 of 48 runs failed, and with them 2 of 12 trajectories; expected at most a share of 0,") {
		t.Errorf("error %v", err)
	}
}

// What is found is sorted by mu*, and says that it may be another that matters most.
func TestEffectsAreSorted(t *testing.T) {
	points := must[design.Design](t)(design.Morris(8, 3, 4, design.Stairs, 1)).Points()
	outcomes := at(points, func(x []float64) float64 { return .01*x[0] + x[1]*x[2] - x[1] })
	r := must[sensitivity.Effects](t)(sensitivity.Morris(names(3), points, outcomes, usual))
	for j := range r.Effects[1:] {
		if r.Effects[j].MuStar.Value < r.Effects[j+1].MuStar.Value {
			t.Errorf("place %d has mu* %v, the next %v", j, r.Effects[j].MuStar, r.Effects[j+1].MuStar)
		}
	}
	want := []string{"8 trajectories: intervals from fewer than 10 are too narrow", "which matters most is not settled: the intervals of these overlap with that of x2: x3"}
	if !cmp.Equal(want, r.Warnings) && !cmp.Equal([]string{want[0], strings.NewReplacer("x2", "x3", "x3", "x2").Replace(want[1])}, r.Warnings) {
		t.Errorf("warnings %q", r.Warnings)
	}
}

func TestFaults(t *testing.T) {
	sobol := func(parameters []string, outcomes []float64, o sensitivity.Options) error {
		_, err := sensitivity.Sobol(parameters, outcomes, o)
		return err
	}
	morris := func(k int, points [][]float64, outcomes ...float64) error {
		_, err := sensitivity.Morris(names(k), points, outcomes, usual)
		return err
	}
	none, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"nothing": {sobol(nil, nil, sensitivity.Options{MostLost: 1}), []string{"sensitivity: found no parameters, expected at least 1",
			"sensitivity: found level 0, expected more than 0 and less than 1", "sensitivity: found a share of 1 blocks that may be left out, expected 0 to less than 1"}},
		"draws": {sobol(names(1), make([]float64, 6), sensitivity.Options{Level: .99, Draws: 399, MostLost: none}), []string{
			"sensitivity: found 399 draws, expected at least 400, so that two lie outside each end of an interval at level 0.99",
			"sensitivity: found a share of NaN blocks that may be left out, expected 0 to less than 1"}},
		"names": {sobol([]string{"a", "", "a"}, make([]float64, 10), usual), []string{"sensitivity: found parameters[1] without a name",
			`sensitivity: found parameters[2] "a", which parameters[0] is too`}},
		"parts of a block": {sobol(names(1), make([]float64, 7), usual), []string{"sensitivity: found 7 outcomes, expected whole blocks of 3, at least 2 of them"}},
		"one block":        {sobol(names(1), make([]float64, 3), usual), []string{"sensitivity: found 3 outcomes, expected whole blocks of 3, at least 2 of them"}},
		"all failed":       {sobol(names(1), []float64{none, none, none, 0, none, 0}, sensitivity.Options{Level: .5, Draws: 8, MostLost: .99}), []string{"sensitivity: 4 of 6 runs failed, and with them 2 of 2 blocks; expected at most a share of 0.99, and at least 2 left"}},
		"infinite": {sobol(names(1), []float64{inf, 0, 0, -inf, 1e151, 0}, usual), []string{"sensitivity: found outcomes[0] +Inf, expected a number within ±1e+150, or NaN for a run that failed",
			"sensitivity: found outcomes[3] -Inf, expected a number within ±1e+150, or NaN for a run that failed", "sensitivity: found outcomes[4] 1e+151, expected a number within ±1e+150, or NaN for a run that failed"}},
		"points":      {morris(1, [][]float64{{0}, {1}}, 1, 2, 3, 4), []string{"sensitivity: found 2 points and 4 outcomes, expected as many"}},
		"coordinates": {morris(1, [][]float64{{0}, {1}, {0, 1}, {1}}, 1, 2, 3, 4), []string{"sensitivity: found point 2 of 2 coordinates, expected 1"}},
		"outside":     {morris(1, [][]float64{{0}, {1}, {none}, {1}}, 1, 2, 3, 4), []string{"sensitivity: found point 2 with coordinate 0 at NaN, expected 0 to 1"}},
		"moves": {morris(2, [][]float64{{0, 0}, {1, 1}, {1, 0}, {0, 0}, {1, 0}, {.5, 0}}, 1, 2, 3, 4, 5, 6), []string{
			"sensitivity: point 1 differs from the point before and from point 0, the first of its trajectory, by other than one coordinate",
			"sensitivity: point 5 moves coordinate 0 a second time in the trajectory from point 3"}},
		"no move":      {morris(1, [][]float64{{0}, {0}, {1}, {0}}, 1, 2, 3, 4), []string{"sensitivity: point 1 differs from the point before and from point 0, the first of its trajectory, by other than one coordinate"}},
		"huge effects": {morris(1, [][]float64{{0}, {1e-9}, {1}, {0}}, 0, 1e150, 0, 1), []string{"sensitivity: found an effect of 1e+159, expected at most 1e+150"}},
	} {
		if c.err == nil || c.err.Error() != strings.Join(c.want, "\n") {
			t.Errorf("%s: error\n%v\nwant\n%s", name, c.err, strings.Join(c.want, "\n"))
		}
	}
	if err := sobol(names(1), slices.Repeat([]float64{inf}, 9), usual); err == nil || !strings.HasSuffix(err.Error(), "\nsensitivity: and 4 more outcomes beyond ±1e+150") {
		t.Errorf("error %v", err)
	}
	if err := morris(1, slices.Repeat([][]float64{{0}}, 14), make([]float64, 14)...); err == nil || !strings.HasSuffix(err.Error(), "\nsensitivity: and 2 more trajectories that are none") {
		t.Errorf("error %v", err)
	}
}

// Whatever the outcomes, indices are found or refused; nothing is infinite.
func TestOddOutcomes(t *testing.T) {
	values := []float64{math.NaN(), 0, 1, -1, 1e150, -1e150, 5e-324, 1e-300, .5}
	rapid.Check(t, func(t *rapid.T) {
		outcomes := rapid.SliceOfN(rapid.SampledFrom(values), 12, 12).Draw(t, "outcomes")
		o := sensitivity.Options{Level: .5, Draws: 8, MostLost: .9}
		var list []stats.Estimate
		if r, err := sensitivity.Sobol(names(2), outcomes, o); err == nil {
			for _, i := range r.Indices {
				list = append(list, i.First, i.Total)
			}
			list = append(list, r.FirstSum, stats.Estimate{Value: r.Mean, Low: r.Variance})
		}
		points := must[design.Design](t)(design.Morris(4, 2, 4, design.Stairs, 1)).Points()
		if r, err := sensitivity.Morris(names(2), points, outcomes, o); err == nil {
			for _, e := range r.Effects {
				list = append(list, e.Mu, e.MuStar, e.Sigma)
			}
		}
		for _, e := range list {
			for _, v := range []float64{e.Value, e.Low, e.High} {
				if math.IsInf(v, 0) {
					t.Fatalf("%v", e)
				}
			}
			if math.IsNaN(e.Value) && len(e.Warnings) == 0 {
				t.Fatalf("absent without a reason: %v", e)
			}
		}
	})
}
