package sensitivity_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/sensitivity"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Ishigami and Homma's variance is a²/8 + bπ⁴/5 + b²π⁸/18 + 1/2 = 13.8446 around a mean of a/2.
func TestIshigami(t *testing.T) {
	r := must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), crossed(t, 1<<14, 3, 1, ishigami), usual))
	first, total := inOrder(r)
	near(t, "first", first, []float64{.31390519, .44241114, 0}, 1e-3)
	near(t, "total", total, []float64{.55758886, .44241114, .24368366}, 1e-3)
	near(t, "sum", []stats.Estimate{r.FirstSum}, []float64{.75631634}, 1e-3)
	if math.Abs(r.Mean-3.5) > 1e-3 || math.Abs(r.Variance-13.844588) > .01 {
		t.Errorf("mean %v, variance %v", r.Mean, r.Variance)
	}
	order := []string{"x1", "x2", "x3"}
	for j, i := range r.Indices {
		if i.Parameter != order[j] {
			t.Errorf("place %d has %s", j, i.Parameter)
		}
	}
	if want := (sensitivity.Runs{Runs: 5 << 14, Blocks: 1 << 14}); r.Runs != want || r.Used() != 1<<14 || r.Indices[0].First.N != 1<<14 {
		t.Errorf("runs %+v, n = %d", r.Runs, r.Indices[0].First.N)
	}
}

func TestSobolG(t *testing.T) {
	r := must[sensitivity.Indices](t)(sensitivity.Sobol(names(8), crossed(t, 1<<13, 8, 3, sobolG), usual))
	first, total := inOrder(r)
	wantFirst, wantTotal := gIndices()
	near(t, "first", first, wantFirst, 2e-3)
	near(t, "total", total, wantTotal, 2e-3)
}

// Of Σ c_j·x_j the indices are c_j²/Σc², of first and total order alike.
func TestLinearModel(t *testing.T) {
	c := []float64{4, -2, 1, 0}
	model := func(x []float64) float64 { return 7 + c[0]*x[0] + c[1]*x[1] + c[2]*x[2] }
	r := must[sensitivity.Indices](t)(sensitivity.Sobol(names(4), crossed(t, 1<<12, 4, 1, model), usual))
	first, total := inOrder(r)
	want := []float64{16. / 21, 4. / 21, 1. / 21, 0}
	near(t, "first", first, want, 1e-3)
	near(t, "total", total, want, 1e-3)
	near(t, "sum", []stats.Estimate{r.FirstSum}, []float64{1}, 1e-3)
	for _, e := range []stats.Estimate{first[3], total[3]} {
		if e.Value != 0 || e.Low != 0 || e.High != 0 {
			t.Errorf("a parameter that is not in the model has %v", e)
		}
	}
}

// Of a sum of functions of one parameter each, first order is total order: here variances of
// 1/12 of x, 4/45 of x² and 1/2 of the sine.
func TestAdditiveModel(t *testing.T) {
	model := func(x []float64) float64 { return x[0] + x[1]*x[1] + math.Sin(2*math.Pi*x[2]) }
	r := must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), crossed(t, 1<<13, 3, 1, model), usual))
	first, total := inOrder(r)
	all := 1./12 + 4./45 + 1./2
	want := []float64{1 / 12. / all, 4 / 45. / all, 1 / 2. / all}
	near(t, "first", first, want, 1e-3)
	near(t, "total", total, want, 1e-3)
}

// A model that is interactions only has no indices of first order: (x−½)(y−½).
func TestInteraction(t *testing.T) {
	model := func(x []float64) float64 { return (x[0] - .5) * (x[1] - .5) }
	r := must[sensitivity.Indices](t)(sensitivity.Sobol(names(2), crossed(t, 1<<13, 2, 1, model), usual))
	first, total := inOrder(r)
	near(t, "first", first, []float64{0, 0}, 2e-3)
	near(t, "total", total, []float64{1, 1}, 2e-3)
}

func TestOneParameterDominates(t *testing.T) {
	model := func(x []float64) float64 { return 100*x[2] + x[0]*x[1] }
	r := must[sensitivity.Indices](t)(sensitivity.Sobol([]string{"a", "b", "c"}, crossed(t, 1<<10, 3, 1, model), usual))
	if top := r.Indices[0]; top.Parameter != "c" || top.First.Value < .99 || top.Total.Low < .9 {
		t.Errorf("first is %+v", top)
	}
	for _, w := range r.Warnings {
		if strings.Contains(w, "not settled") {
			t.Error(w)
		}
	}
}

// Shares of no variance are absent, with the reason. So are they where outcomes differ by
// rounding only.
func TestConstantModel(t *testing.T) {
	for name, model := range map[string]func(x []float64) float64{
		"constant": func([]float64) float64 { return 5 },
		"zero":     func([]float64) float64 { return 0 },
		"rounding": func(x []float64) float64 { return 1e6 + 1e-9*math.Round(x[0]) },
	} {
		r := must[sensitivity.Indices](t)(sensitivity.Sobol(names(2), crossed(t, 16, 2, 1, model), usual))
		if r.Variance != 0 {
			t.Errorf("%s: variance %v", name, r.Variance)
		}
		for j, i := range r.Indices {
			if i.Parameter != names(2)[j] {
				t.Errorf("%s: place %d has %s", name, j, i.Parameter)
			}
			for _, e := range []stats.Estimate{i.First, i.Total, r.FirstSum} {
				if !math.IsNaN(e.Value) || !math.IsNaN(e.Low) || !math.IsNaN(e.High) || !slices.Equal(e.Warnings, []string{"the outcomes of both samples are equal: there is no variance to share"}) {
					t.Errorf("%s: %v", name, e)
				}
			}
		}
		if text, err := json.Marshal(r); err != nil || !strings.Contains(string(text), `"value":null`) {
			t.Errorf("%s: %s, %v", name, text, err)
		}
	}
}

// A block with a failed run is left out as a whole: the result is that of the other blocks.
func TestFailedRuns(t *testing.T) {
	const n, k = 64, 3
	outcomes := crossed(t, n, k, 1, ishigami)
	holed := slices.Clone(outcomes)
	holed[2*(k+2)], holed[2*(k+2)+4], holed[63*(k+2)+1] = math.NaN(), math.NaN(), math.NaN()
	without := slices.Concat(outcomes[:2*(k+2)], outcomes[3*(k+2):63*(k+2)])

	o := usual
	o.MostLost = .04
	got := must[sensitivity.Indices](t)(sensitivity.Sobol(names(k), holed, o))
	want := must[sensitivity.Indices](t)(sensitivity.Sobol(names(k), without, o))
	if diff := cmp.Diff(want.Indices, got.Indices); diff != "" {
		t.Error(diff)
	}
	if runs := (sensitivity.Runs{Runs: 320, Failed: 3, Blocks: 64, Lost: 2}); got.Runs != runs {
		t.Errorf("runs %+v, want %+v", got.Runs, runs)
	}
	warning := "3 of 320 runs failed: 2 of 64 blocks are left out, and the result describes the rest"
	if !slices.Contains(got.Warnings, warning) {
		t.Errorf("warnings %q", got.Warnings)
	}

	o.MostLost = .03
	_, err := sensitivity.Sobol(names(k), holed, o)
	fault := "sensitivity: 3 of 320 runs failed, and with them 2 of 64 blocks; expected at most a share of 0.03, and at least 2 left"
	if err == nil || err.Error() != fault {
		t.Errorf("error %v, want %s", err, fault)
	}
}

// Four blocks settle nothing, and the result says so.
func TestWarnings(t *testing.T) {
	r := must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), crossed(t, 4, 3, 2, ishigami), usual))
	for _, want := range []string{"4 blocks: intervals from fewer than 10 are too narrow", "not converged: the widest interval, of ", "which matters most is not settled"} {
		if !slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.HasPrefix(w, want) }) {
			t.Errorf("warnings %q lack %q", r.Warnings, want)
		}
	}
	first, _ := inOrder(must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), crossed(t, 256, 3, 2, ishigami), usual)))
	if e := first[2]; e.Value >= 0 || len(e.Warnings) != 1 || !strings.HasPrefix(e.Warnings[0], "negative, which no index is") {
		t.Errorf("the index of x3 is %v", e)
	}
	// f(B)·(f(AB)−f(A)) of outcomes that no model has: more than all of the variance.
	var odd []float64
	for i := range 20 {
		sign := float64(1 - 2*(i%2))
		odd = append(odd, -sign, sign, sign)
	}
	r = must[sensitivity.Indices](t)(sensitivity.Sobol(names(1), odd, usual))
	if r.Indices[0].First.Value != 2 || !slices.ContainsFunc(r.Warnings, func(w string) bool { return strings.HasPrefix(w, "the indices of first order add up to more than 1") }) {
		t.Errorf("%v, warnings %q", r.Indices[0].First, r.Warnings)
	}
}

// Neither the unit of the outcome, nor where its zero lies, nor the order of the parameters
// changes an index; outcomes may be huge or tiny.
func TestIndicesDoNotDependOnUnits(t *testing.T) {
	outcomes := crossed(t, 128, 3, 1, ishigami)
	want, wantTotal := inOrder(must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), outcomes, usual)))
	rapid.Check(t, func(t *rapid.T) {
		factor := math.Pow(10, rapid.Float64Range(-148, 147).Draw(t, "digits"))
		shift := factor * rapid.Float64Range(-100, 100).Draw(t, "shift")
		moved := make([]float64, len(outcomes))
		for i, y := range outcomes {
			moved[i] = shift + factor*y
		}
		got, gotTotal := inOrder(must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), moved, usual)))
		for j := range want {
			for _, pair := range [][2]stats.Estimate{{want[j], got[j]}, {wantTotal[j], gotTotal[j]}} {
				if a, b := pair[0], pair[1]; math.Abs(a.Value-b.Value) > 1e-10 || math.Abs(a.Low-b.Low) > 1e-10 || math.Abs(a.High-b.High) > 1e-10 {
					t.Fatalf("x%d: %v, want %v", j+1, b, a)
				}
			}
		}
	})
}

// Intervals of independent points hold the true index about as often as they say; those of
// scrambled Sobol points more often.
func TestIntervalsCover(t *testing.T) {
	const runs, n = 200, 256
	truth := []float64{.31390519, .44241114, 0, .55758886, .44241114, .24368366}
	o := usual
	o.Draws = 200
	count := func(sample func(seed uint64) []float64) float64 {
		held := 0
		for seed := range uint64(runs) {
			first, total := inOrder(must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), sample(seed), o)))
			for j, e := range append(first, total...) {
				if e.Low <= truth[j] && truth[j] <= e.High {
					held++
				}
			}
		}
		return float64(held) / float64(runs*len(truth))
	}
	independent := count(func(seed uint64) []float64 { return at(independentBlocks(n, 3, seed), ishigami) })
	even := count(func(seed uint64) []float64 { return crossed(t, n, 3, seed, ishigami) })
	t.Logf("intervals at 95 %% hold the index in %.3f of independent samples, %.3f of Sobol samples", independent, even)
	if independent < .92 || independent > .97 || even < .97 {
		t.Error("they do not hold it as often as they should")
	}
}

// The sample of testdata/salib.json and its indices are those of SALib: sample.sobol,
// analyze.sobol, calc_second_order=False, seed 1; the names say which function, far from zero
// is the g function plus 1000.
func TestSobolIsThatOfSALib(t *testing.T) {
	for _, c := range golden(t).Sobol {
		first, total := inOrder(must[sensitivity.Indices](t)(sensitivity.Sobol(c.Parameters, c.Outcomes, usual)))
		within := 1e-12
		if c.Name == "far from zero" { // the sum of 1000 and the outcome has lost three digits
			within = 1e-10
		}
		near(t, c.Name+": first", first, c.First, within)
		near(t, c.Name+": total", total, c.Total, within)
	}
}

type goldenFile struct {
	Sobol []struct {
		Name                   string
		Parameters             []string
		Outcomes, First, Total []float64
	}
	Morris []struct {
		Name                string
		Parameters          []string
		Levels              int
		Points              [][]float64 // as numbers of levels
		Outcomes, Mu, Sigma []float64
		MuStar              []float64 `json:"mu_star"`
	}
}

func golden(t *testing.T) goldenFile {
	t.Helper()
	var g goldenFile
	text := must[[]byte](t)(os.ReadFile(filepath.Join("testdata", "salib.json")))
	if err := json.Unmarshal(text, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Sobol) != 3 || len(g.Morris) != 2 {
		t.Fatalf("%d and %d cases", len(g.Sobol), len(g.Morris))
	}
	return g
}

// Results are those of the seed, and another seed moves the intervals only.
func TestBootstrapSeed(t *testing.T) {
	outcomes := crossed(t, 64, 3, 1, ishigami)
	one := must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), outcomes, usual))
	if diff := cmp.Diff(one, must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), outcomes, usual))); diff != "" {
		t.Error(diff)
	}
	o := usual
	o.Seed++
	two := must[sensitivity.Indices](t)(sensitivity.Sobol(names(3), outcomes, o))
	if a, b := one.Indices[0].Total, two.Indices[0].Total; a.Value != b.Value || a.Low == b.Low || a.High == b.High {
		t.Errorf("%v and %v under two seeds", a, b)
	}
}

func BenchmarkSobol(b *testing.B) {
	outcomes := crossed(b, 4096, 10, 1, ishigami)
	o := usual
	o.Draws = 1000
	for b.Loop() {
		if _, err := sensitivity.Sobol(names(10), outcomes, o); err != nil {
			b.Fatal(err)
		}
	}
}

// independentBlocks are crossed samples of independent points.
func independentBlocks(n, k int, seed uint64) [][]float64 {
	var points [][]float64
	source := rand.New(rand.NewPCG(seed, 0))
	for range n {
		a, b := make([]float64, k), make([]float64, k)
		for j := range k {
			a[j], b[j] = source.Float64(), source.Float64()
		}
		points = append(points, a)
		for j := range k {
			ab := slices.Clone(a)
			ab[j] = b[j]
			points = append(points, ab)
		}
		points = append(points, b)
	}
	return points
}
