package rare_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/montecarlo/rare"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
)

// GBM with μ = .1, σ = .6, T = .5, S = 100 in 182 daily steps.
const (
	steps   = 182
	horizon = .5
	σ       = .6
)

func plan(t testing.TB, steps int, volatility float64) *sim.Plan {
	t.Helper()
	p, err := sim.Compile(sim.Plan{Step: 24 * time.Hour, Steps: steps,
		Assets: []sim.Asset{{Name: "btc", Price: 100, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: 1, Volatility: volatility, VolatilityDecay: .94}}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func gbm(t testing.TB) (*sim.Plan, sim.Driver) {
	t.Helper()
	dt := horizon / steps
	sd := σ * math.Sqrt(dt)
	d, err := (&driver.GBM{Drift: .1}).Build(&driver.Env{Assets: []string{"btc"}, Volatility: []float64{sd}, StepDays: dt * driver.YearDays})
	if err != nil {
		t.Fatal(err)
	}
	return plan(t, steps, sd), d
}

func lowest(t testing.TB, p *sim.Plan, threshold float64) rare.Question {
	t.Helper()
	return rare.Question{Outcome: named(t, p, "lowest_price"), Threshold: threshold, AtMost: true}
}

func named(t testing.TB, p *sim.Plan, name string) outcome.Outcome {
	t.Helper()
	o, err := outcome.Resolve(p, name)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func ask(t testing.TB, p *sim.Plan, d sim.Driver, q rare.Question, o rare.Options) *rare.Answer {
	t.Helper()
	a, err := rare.Ask(context.Background(), p, d, q, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// near checks an estimate of level .95 against the truth, four standard errors wide.
func near(t *testing.T, what string, e stats.Estimate, want float64) {
	t.Helper()
	if se := (e.High - e.Low) / 2 / 1.96; !(math.Abs(e.Value-want) < 4*se) {
		t.Errorf("%s: %v, want %v", what, e, want)
	}
}

// The probability of a daily close at or below a barrier, by a recursion of the density
// of the log price of the paths that have not touched it (Gauss–Legendre panels of 8 and
// of 4 standard deviations of a step, which agree to 1e-10). Of 80 the approximation of
// Broadie, Glasserman and Kou (1997) is .599736.
var touch = map[float64]float64{80: .5999718963, 40: .0339886612, 20: 1.8032217e-4}

func TestTouchByTilting(t *testing.T) {
	p, d := gbm(t)
	for barrier, want := range touch {
		for _, untilted := range []int{0, 5} {
			a := ask(t, p, d, lowest(t, p, barrier), rare.Options{Paths: 10_000, Seed: 7, Level: .95, UntiltedEvery: untilted, Also: []outcome.Outcome{named(t, p, "final_price")}})
			what := fmt.Sprintf("P(touch %v), one in %d untilted", barrier, untilted)
			near(t, what, a.Probability, want)
			near(t, what+", normalised", a.Normalised, want)
			near(t, what+", mean ratio", a.Ratio, 1)
			if !(a.Shift[0] < 0) || a.Passing == 0 || a.Probability.N != 10_000 || a.PilotPaths == 0 {
				t.Errorf("%s: %+v", what, a)
			}
			if least := map[float64]float64{80: 1, 40: 5, 20: 400}[barrier]; !(a.Gain > least) {
				t.Errorf("%s: as sharp as %.1f times as many plain paths, want more than %v", what, a.Gain, least)
			}
			t.Logf("%s: %.4g [%.4g, %.4g], %.1f times as many plain paths; %d pass and count as %.0f; tilt %.2f; then the final price %v", what,
				a.Probability.Value, a.Probability.Low, a.Probability.High, a.Gain, a.Passing, a.Effective, a.Shift[0], a.Given[0].Mean)
		}
	}
}

// Without a tilt the paths are those of the driver. A long plain run agrees with the
// tilted one, also in what comes with the event.
func TestLongPlainRun(t *testing.T) {
	if testing.Short() {
		t.Skip("50,000 paths")
	}
	p, d := gbm(t)
	also := []outcome.Outcome{named(t, p, "return")}
	none := driver.Tilt{News: []float64{0}, Innovations: []float64{}}
	plain := ask(t, p, d, lowest(t, p, 40), rare.Options{Paths: 50_000, Seed: 3, Level: .95, Tilt: &none, Also: also})
	tilted := ask(t, p, d, lowest(t, p, 40), rare.Options{Paths: 20_000, Seed: 4, Level: .95, UntiltedEvery: 5, Also: also})
	near(t, "plain", plain.Probability, touch[40])
	if plain.Ratio.Value != 1 || plain.Passing != int(plain.Effective) || !(math.Abs(plain.Gain-1) < 1e-3) || plain.Probability.Value != plain.Normalised.Value {
		t.Errorf("plain paths count as %+v", plain)
	}
	for what, pair := range map[string][2]stats.Estimate{
		"probability": {plain.Probability, tilted.Probability}, "mean return": {plain.Given[0].Mean, tilted.Given[0].Mean}, "median return": {plain.Given[0].Median, tilted.Given[0].Median},
	} {
		a, b := pair[0], pair[1]
		if apart := math.Abs(a.Value - b.Value); !(apart < 1.5*math.Hypot(a.High-a.Low, b.High-b.Low)/2) {
			t.Errorf("%s: %v of plain paths, %v of tilted ones", what, a, b)
		}
	}
}

// The same probability of touching 80 by paths drawn together: unbiased, with the
// interval that pairs and strata give.
func TestTouchTogether(t *testing.T) {
	p, d := gbm(t)
	touched := outcome.Outcome{Name: "touched", Of: func(path *sim.Path) float64 {
		if named(t, p, "lowest_price").Of(path) <= 80 {
			return 1
		}
		return 0
	}}
	const paths = 20_000
	var wide [2]float64 // of the intervals of independent paths
	for _, way := range []string{driver.Independent, driver.Antithetic, driver.Stratified} {
		drawn, err := driver.Draw(d, way, steps)
		if err != nil {
			t.Fatal(err)
		}
		e, err := montecarlo.Run(context.Background(), p, drawn, montecarlo.Options{Paths: paths, Seed: 11, Outcomes: []outcome.Outcome{touched, named(t, p, "final_price")}})
		if err != nil {
			t.Fatal(err)
		}
		s := stats.Sampling{Group: sim.GroupOf(drawn)}
		share, err := s.EstimateProportion(e.Values[0], .95)
		price, fault := s.EstimateMean(e.Values[1], .95)
		if err := errors.Join(err, fault); err != nil {
			t.Fatal(err)
		}
		near(t, way+", P(touch 80)", share, touch[80])
		near(t, way+", P(touch 80), the approximation", share, .599736)
		near(t, way+", mean price", price, 105.1271)
		width := [2]float64{share.High - share.Low, price.High - price.Low}
		if way == driver.Independent {
			wide = width
		}
		gain := [2]float64{math.Pow(wide[0]/width[0], 2), math.Pow(wide[1]/width[1], 2)}
		if least := map[string][2]float64{driver.Independent: {1, 1}, driver.Antithetic: {1.5, 4}, driver.Stratified: {2, 15}}[way]; gain[0] < least[0] || gain[1] < least[1] {
			t.Errorf("%s: variances %.2f and %.2f times smaller, want at least %v", way, gain[0], gain[1], least)
		}
		t.Logf("%s: %v, variance %.2f times smaller; mean price %v, %.2f times", way, share, gain[0], price, gain[1])
	}
}

// The tail of a sum of 20 Student steps, by the inversion of its characteristic
// function (Gil-Pelaez 1951). The normals alone are tilted, so that the gain is small
// where the tails are fat.
func TestStudentTail(t *testing.T) {
	const n, sd = 20, .03
	p := plan(t, n, sd)
	for degrees, want := range map[float64]float64{6: 9.773427e-5, 10: 4.845822e-5} {
		d, err := (&driver.Student{DegreesOfFreedom: degrees}).Build(&driver.Env{Assets: []string{"btc"}, Volatility: []float64{sd}, StepDays: 1})
		if err != nil {
			t.Fatal(err)
		}
		q := rare.Question{Outcome: named(t, p, "final_price"), Threshold: 100 * math.Exp(-4*sd*math.Sqrt(n)-n*sd*sd/2), AtMost: true}
		a := ask(t, p, d, q, rare.Options{Paths: 50_000, Seed: 2, Level: .95, UntiltedEvery: 5})
		near(t, fmt.Sprintf("%v degrees", degrees), a.Probability, want)
		near(t, fmt.Sprintf("%v degrees, mean ratio", degrees), a.Ratio, 1)
		t.Logf("%v degrees: %v, want %.5g; %.1f times as many plain paths", degrees, a.Probability, want, a.Gain)
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	p, d := gbm(t)
	o := rare.Options{Paths: 1000, Seed: 5, Level: .95, UntiltedEvery: 4, Workers: 1, Also: []outcome.Outcome{named(t, p, "return")}}
	text := func(a *rare.Answer) string {
		for i := range a.Given {
			a.Given[i].Of = nil
		}
		return fmt.Sprintf("%+v", a)
	}
	want := text(ask(t, p, d, lowest(t, p, 40), o))
	for _, o.Workers = range []int{2, 8, 0} {
		told := 0
		o.Progress = func(done int) { told = done }
		if diff := cmp.Diff(want, text(ask(t, p, d, lowest(t, p, 40), o))); diff != "" || told != 1000 {
			t.Errorf("%d workers, %d paths told: %s", o.Workers, told, diff)
		}
	}
}

func TestRefusals(t *testing.T) {
	p, d := gbm(t)
	far := driver.Tilt{News: []float64{-1}}
	for _, c := range []struct {
		what string
		q    rare.Question
		o    rare.Options
		want error
		text string
	}{
		{"a tilt that is too far", lowest(t, p, 80), rare.Options{Paths: 2000, Tilt: &far}, rare.ErrCollapsed, "2000 of 2000 paths pass, and by their weights they count as 1.2, expected at least 30"},
		{"few paths", lowest(t, p, 40), rare.Options{Paths: 100}, rare.ErrCollapsed, "expected at least 30"},
		{"a share of the paths", lowest(t, p, 40), rare.Options{Paths: 2000, LeastEffective: .9}, rare.ErrCollapsed, "expected at least 1800"},
		{"a price below 0", lowest(t, p, -1), rare.Options{Paths: 1000}, rare.ErrNoTilt, "a tenth of them comes to lowest_price of"},
		{"no number", lowest(t, p, math.NaN()), rare.Options{Paths: 10}, nil, "the threshold is NaN, expected a finite number"},
		{"groups", lowest(t, p, 40), rare.Options{Paths: 11, UntiltedEvery: 5}, nil, "one path in 5 without the tilt, expected 0 for none"},
		{"no paths", lowest(t, p, 40), rare.Options{}, nil, "found 0 paths"},
	} {
		c.o.Level, c.o.Seed = .95, 1
		if c.o.Tilt != nil {
			c.o.Tilt.Innovations = []float64{}
		}
		_, err := rare.Ask(context.Background(), p, d, c.q, c.o)
		if err == nil || c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v, want %q", c.what, err, c.text)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := rare.Ask(ctx, p, d, lowest(t, p, 40), rare.Options{Paths: 100, Level: .95}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
