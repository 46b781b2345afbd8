package calibrate_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim/calibrate"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// funds are days with flows in five of seven that follow the flow equation, and prices
// that they move.
func funds(t testing.TB, seed uint64, n int, φ, Φ, Λ float64) calibrate.Input {
	t.Helper()
	start, err := time.Parse(time.DateOnly, "2024-01-07") // a Sunday
	if err != nil {
		t.Fatal(err)
	}
	in := calibrate.Input{Asset: "btc", Start: start, Step: 24 * time.Hour, PeriodsPerYear: 365, LogClose: make([]float64, n), Flow: make([]float64, n)}
	r := rand.New(rand.NewPCG(seed, 5))
	last, since := 0.0, 0.0
	in.LogClose[0], in.Flow[0] = 11, math.NaN()
	for k := 1; k < n; k++ {
		news := .02 * r.NormFloat64()
		in.Flow[k] = math.NaN()
		if k%7 >= 1 && k%7 <= 5 {
			in.Flow[k] = φ*last + Φ*since + 250e6*r.NormFloat64()
			last, since = in.Flow[k], 0
			news += Λ * last
		}
		in.LogClose[k] = in.LogClose[k-1] + news
		since += news
	}
	return in
}

func calibrated(t *testing.T, in calibrate.Input, opt calibrate.Options) *calibrate.Report {
	t.Helper()
	r, err := calibrate.Run(t.Context(), in, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Without noise in the flows the equation is found to the last digits: Monday answers to
// Friday, Saturday and Sunday.
func TestFlowEquationExactly(t *testing.T) {
	const φ, Φ = .4, 2e9
	in := funds(t, 1, 400, 0, 0, 0)
	last, since := 0.0, 0.0
	for k := range in.Flow {
		if !math.IsNaN(in.Flow[k]) {
			in.Flow[k] = 30e6 + φ*last + Φ*since
			last, since = in.Flow[k], 0
		}
		if k > 0 {
			since += in.LogClose[k] - in.LogClose[k-1]
		}
	}
	r := calibrated(t, in, withoutBootstrap("flow"))
	for name, want := range map[string]float64{"constant": 30e6, "persistence": φ, "response": Φ, "response_up": Φ, "response_down": Φ} {
		if got := find(t, r, "flow", name).Measured.Value; math.Abs(got/want-1) > 1e-9 {
			t.Errorf("%s = %v, want %v", name, got, want)
		}
	}
	if got := find(t, r, "flow", "response_difference").Measured.Value; math.Abs(got) > 1 {
		t.Errorf("difference of the responses %v, want 0", got)
	}
}

// Finer steps with the same closes of days give the same flow equation and impact.
func TestFinerStepsAgree(t *testing.T) {
	coarse := funds(t, 2, 300, .4, 2e9, 3e-11)
	const parts = 4
	fine := coarse
	fine.Step, fine.PeriodsPerYear, fine.LogClose, fine.Flow = 6*time.Hour, 4*365, nil, nil
	for k, close := range coarse.LogClose {
		for part := range parts {
			between, flow := close+.01*float64(part-3), math.NaN()
			if part == 3 {
				flow = coarse.Flow[k] // the session ends in the last quarter of the day
			}
			fine.LogClose, fine.Flow = append(fine.LogClose, between), append(fine.Flow, flow)
		}
	}
	opt := withoutBootstrap("flow", "impact", "projections", "loop")
	a, b := calibrated(t, coarse, opt), calibrated(t, fine, opt)
	for i, part := range a.Parts {
		for j, e := range part.Estimates {
			other := b.Parts[i].Estimates[j]
			if math.Abs(other.Measured.Value-e.Measured.Value) > 1e-9*math.Abs(e.Measured.Value) || other.Measured.N != e.Measured.N {
				t.Errorf("%s %s: %v in days, %v in quarters of a day", part.Name, e.Name, e.Measured, other.Measured)
			}
		}
	}
}

// Days that were not observed are left out, and the flow before a gap stays the one before.
func TestGapsAreLeftOut(t *testing.T) {
	in := funds(t, 3, 300, .4, 2e9, 3e-11)
	whole := find(t, calibrated(t, in, withoutBootstrap("impact")), "impact", "impact").Measured.N
	in.LogClose[100] = math.NaN() // a Tuesday: its own return and that of Wednesday
	r := calibrated(t, in, withoutBootstrap("impact", "volatility"))
	if n := find(t, r, "impact", "impact").Measured.N; n != whole-2 {
		t.Errorf("%d observations, want %d", n, whole-2)
	}
	if n := find(t, r, "volatility", "unconditional").Measured.N; n != 298 {
		t.Errorf("%d returns, want 298", n)
	}
	if !slices.Contains(r.Parts[1].Notes, "1 of 298 returns span steps without a price") {
		t.Errorf("the gap is not noted: %q", r.Parts[1].Notes)
	}
}

// The basis that the bundled weekly readings have: the defaults of the carry mechanism.
func TestWeeklyBasis(t *testing.T) {
	in := calibrate.Input{Asset: "btc", Start: date(t, "2025-08-01"), Step: 7 * 24 * time.Hour, PeriodsPerYear: 365. / 7}
	for _, v := range datatest.Fact(t, "weekly_market.csv", "btc_quarterly_basis_annual") {
		in.Basis, in.LogClose = append(in.Basis, v), append(in.LogClose, math.NaN())
	}
	r := calibrated(t, in, withoutBootstrap("basis"))
	published(t, "left of a gap after a week", find(t, r, "basis", "kept").Measured.Value, .579, 3)
	published(t, "reversion", find(t, r, "basis", "reversion").Measured.Value, .0781, 4)
	published(t, "volatility", find(t, r, "basis", "volatility").Measured.Value, .00644, 5)
	if e := find(t, r, "basis", "kept"); !slices.ContainsFunc(e.Measured.Warnings, func(w string) bool { return strings.Contains(w, "29 observations are few") }) {
		t.Errorf("no warning of 29 observations: %q", e.Measured.Warnings)
	}
}

// Every doubt is said where it holds.
func TestWarnings(t *testing.T) {
	walk := func(sd, kept float64, n int) []float64 {
		r, list := rand.New(rand.NewPCG(8, 8)), make([]float64, n)
		for k := 1; k < n; k++ {
			list[k] = kept*list[k-1] + sd*r.NormFloat64()
		}
		return list
	}
	basis := func(kept float64) calibrate.Input {
		in := funds(t, 4, 300, 0, 0, 0)
		in.Basis = walk(.01, kept, 300)
		return in
	}
	for what, c := range map[string]struct {
		in         calibrate.Input
		part, name string
		want       string
	}{
		"few":              {funds(t, 4, 100, .4, 4e9, 3e-11), "flow", "response", "70 observations are few"},
		"covers 0":         {funds(t, 4, 400, .4, 0, 3e-11), "flow", "response", "the interval covers 0"},
		"sign of response": {funds(t, 4, 400, .4, -4e9, 3e-11), "flow", "response", "below 0, where investors buy after rises"},
		"sign of φ":        {funds(t, 4, 400, -.4, 4e9, 3e-11), "flow", "persistence", "below 0, where flows come again"},
		"sign of impact":   {funds(t, 4, 400, .4, 4e9, -3e-11), "impact", "impact", "below 0, where buying moves a price up"},
		"near a unit root": {funds(t, 4, 100, 1, 0, 0), "flow", "persistence", "near a unit root"},
		"gain near 1":      {funds(t, 4, 700, .4, 18e9, 3e-11), "loop", "gain", "near 1 the loop tips"},
		"no upper end":     {funds(t, 4, 120, .4, 20e9, 3e-11), "loop", "multiplier", "the interval has no upper end"},
		"basis, unit root": {basis(1), "basis", "kept", "near a unit root"},
		"basis, covers 0":  {basis(0), "basis", "kept", "the interval covers 0"},
	} {
		e := find(t, calibrated(t, c.in, withoutBootstrap(c.part)), c.part, c.name)
		if !slices.ContainsFunc(e.Measured.Warnings, func(w string) bool { return strings.Contains(w, c.want) }) {
			t.Errorf("%s: %v, warnings %q, want %q", what, e.Measured, e.Measured.Warnings, c.want)
		}
	}
	if e := find(t, calibrated(t, funds(t, 4, 900, .4, 4e9, 3e-11), withoutBootstrap("flow")), "flow", "response"); len(e.Measured.Warnings) > 0 {
		t.Errorf("a clear response has warnings %q", e.Measured.Warnings)
	}
}

// Volatility that does not cluster, and tails that are normal, end on a boundary, and the
// report says so.
func TestGARCHWarnings(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 1))
	in := calibrate.Input{Asset: "btc", Start: date(t, "2024-01-01"), Step: 24 * time.Hour, PeriodsPerYear: 365}
	price, h := 11., 1e-4
	for k := range 1500 {
		u := math.Sqrt(h) * r.NormFloat64()
		price += u
		if k >= 500 {
			in.LogClose = append(in.LogClose, price)
		}
		h = 1e-7 + .08*u*u + .92*h // α + β = 1
	}
	report := calibrated(t, in, withoutBootstrap("garch"))
	if err := report.Err(); err != nil {
		t.Fatal(err)
	}
	if w := find(t, report, "garch", "persistence").Measured.Warnings; len(w) == 0 {
		t.Error("α + β = 1 has no warning")
	}
	if e := find(t, report, "garch", "degrees_of_freedom"); e.Measured.Value > 100 && len(e.Measured.Warnings) == 0 {
		t.Errorf("normal tails have no warning: %v", e.Measured)
	}
}

// What cannot be estimated is refused, not guessed.
func TestFitGARCHRefuses(t *testing.T) {
	random := make([]float64, 200)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range random {
		random[i] = r.NormFloat64()
	}
	gap := slices.Clone(random)
	gap[7] = math.NaN()
	for name, c := range map[string]struct {
		returns []float64
		want    error
	}{
		"few":      {random[:99], stats.ErrTooFew},
		"gap":      {gap, stats.ErrNotFinite},
		"constant": {make([]float64, 200), stats.ErrConstant},
		// Almost all returns are equal: the likelihood grows without end as ν falls to 2.
		"jumps": {append(make([]float64, 300), 1, -1), calibrate.ErrNotConverged},
	} {
		if g, err := calibrate.FitGARCH(c.returns); !errors.Is(err, c.want) {
			t.Errorf("%s: %+v, %v, want %v", name, g, err, c.want)
		}
	}
}

// Whatever the returns, there is a maximum with finite numbers or an error.
func TestFitGARCHNeverPanics(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed, scale := rapid.Uint64().Draw(t, "seed"), math.Pow(10, rapid.Float64Range(-12, 3).Draw(t, "scale"))
		power := rapid.Float64Range(.2, 6).Draw(t, "power")
		r, x := rand.New(rand.NewPCG(seed, 0)), make([]float64, 150)
		for i := range x {
			z := r.NormFloat64()
			x[i] = scale * math.Copysign(math.Pow(math.Abs(z), power), z)
		}
		g, err := calibrate.FitGARCH(x)
		if err != nil {
			return
		}
		for _, v := range []float64{g.Drift, g.Omega, g.Alpha, g.Beta, g.DegreesOfFreedom, g.LogLikelihood} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%+v", g)
			}
		}
	})
}

// The same input gives the same report; another seed moves the bootstrap alone.
func TestSameReport(t *testing.T) {
	in := funds(t, 6, 300, .4, 3e9, 3e-11)
	opt := calibrate.DefaultOptions()
	opt.Draws = 99
	text := func() string {
		b, err := json.Marshal(calibrated(t, in, opt))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	first := text()
	if diff := cmp.Diff(first, text()); diff != "" {
		t.Errorf("twice (-first +second):\n%s", diff)
	}
	before := find(t, calibrated(t, in, opt), "flow", "response")
	opt.Seed = 2
	after := find(t, calibrated(t, in, opt), "flow", "response")
	if before.Measured.Value != after.Measured.Value || *before.Bootstrap == *after.Bootstrap {
		t.Errorf("seed 1: %v %v, seed 2: %v %v", before.Measured, before.Bootstrap, after.Measured, after.Bootstrap)
	}
}

// The bootstrap agrees with the errors where these are right.
func TestBootstrapAgrees(t *testing.T) {
	r := calibrated(t, funds(t, 7, 900, .4, 3e9, 3e-11), func() calibrate.Options {
		opt := calibrate.DefaultOptions()
		opt.Parts = []string{"flow", "impact", "loop"}
		return opt
	}())
	for _, p := range r.Parts {
		for _, e := range p.Estimates {
			if e.Bootstrap == nil {
				continue
			}
			if ratio := (e.Bootstrap.High - e.Bootstrap.Low) / (e.Measured.High - e.Measured.Low); ratio < .8 || ratio > 1.25 {
				t.Errorf("%s %s: bootstrap %v, errors %v", p.Name, e.Name, *e.Bootstrap, e.Measured)
			}
		}
	}
}

// A part that cannot be tried says why, and the others stand.
func TestSkippedAndFailed(t *testing.T) {
	in := funds(t, 9, 60, .4, 3e9, 3e-11)
	r := calibrated(t, in, withoutBootstrap())
	said := map[string]string{}
	for _, p := range r.Parts {
		said[p.Name] = p.Skipped + p.Failed
	}
	want := map[string]string{"flow": "", "impact": "", "projections": "", "loop": "", "volatility": "", "momentum": "",
		"garch": "found 59 log returns, expected at least 100", "basis": "no series of the basis", "premium": "no series of the Coinbase premium"}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := r.Err(); err != nil {
		t.Errorf("skipped parts are no error: %v", err)
	}
	for k := range in.Flow {
		if !math.IsNaN(in.Flow[k]) {
			in.Flow[k] = 1e6 // never varies
		}
	}
	if err := calibrated(t, in, withoutBootstrap()).Err(); err == nil || !strings.Contains(err.Error(), "flow: ") || !strings.Contains(err.Error(), "all values are equal") {
		t.Errorf("flows that do not vary: %v", err)
	}
}

// All faults of the input and of the options come back at once.
func TestRunRefuses(t *testing.T) {
	in := calibrate.Input{LogClose: []float64{1, 2}, Flow: []float64{1}, Basis: []float64{1, math.Inf(1)}, Given: calibrate.Given{AUM: -1}}
	_, err := calibrate.Run(t.Context(), in, calibrate.Options{Level: 1, Lags: -1, Horizon: -1, LookBacks: []int{0}, Draws: 5, Parts: []string{"flows"}})
	if err == nil {
		t.Fatal("no error")
	}
	want := `found no name of the asset, expected one such as btc
found a step of 0s, expected more than 0
found 0 periods per year, expected a positive number
found 1 steps of the flow and 2 of the log close, expected as many
found +Inf in the basis of step 1, expected a finite number or NaN
found a given AUM of -1, expected a positive number, or 0 where it is unknown
found level 1, expected more than 0 and less than 1
found -1 lags, expected 0 or more
found a horizon of -1 days, expected 0 or more
found a look-back of 0 days, expected 1 or more
found 5 draws of the bootstrap, expected 0 or at least 99
found blocks of 0 observations, expected at least 1
found part "flows", expected one of flow, impact, projections, loop, volatility, garch, momentum, basis, premium`
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	empty := calibrated(t, calibrate.Input{Asset: "btc", Step: time.Hour, PeriodsPerYear: 1}, calibrate.DefaultOptions())
	if err := empty.Err(); err != nil || len(empty.Parts) != 9 {
		t.Errorf("no data: %d parts, %v", len(empty.Parts), err)
	}
}

// A value that no scenario may have stands in a comment with what is expected.
func TestFragmentLeavesOutWhatIsOutOfBounds(t *testing.T) {
	text := string(calibrated(t, funds(t, 4, 400, -.4, -4e9, 3e-11), withoutBootstrap()).Fragment())
	for _, want := range []string{"\n      # persistence: -0.4", " left out, expected at least 0 and less than 1; se ", "\n      # response: -", "\n      # aum is needed"} {
		if !strings.Contains(text, want) {
			t.Errorf("the fragment lacks %q:\n%s", want, text)
		}
	}
}

// A context that has ended ends the run.
func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := calibrate.Run(ctx, funds(t, 4, 400, .4, 4e9, 3e-11), calibrate.DefaultOptions()); !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", r, err)
	}
}
