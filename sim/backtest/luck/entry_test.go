package luck_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
)

func randomEntry(t *testing.T, r luck.RandomEntry, of luck.Holding, by luck.Criterion) *luck.Verdict {
	t.Helper()
	v, err := r.Test(of, by)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Held in steps 1 and 2 of 6. The sums of neighbouring returns round the history are, in per
// cent: 1+2 = 3, as observed, 2-2 = 0, -2+1 = -1, 1+3 = 4, 3+0 = 3, 0+1 = 1.
func TestAllRotations(t *testing.T) {
	of := luck.Holding{
		Weights: [][]float64{{0, 1, 1, 0, 0, 0}},
		Returns: [][]float64{{0, .01, .02, -.02, .01, .03}},
	}
	v := randomEntry(t, luck.RandomEntry{Draws: 99, Level: .95, Rotate: true}, of, luck.MeanReturn())
	near(t, "observed", v.Observed.Value, .03/6, 1e-15)
	// 3 (itself), 4 and 3 of 6 do as well.
	if v.P.Value != .5 || v.P.Low != .5 || v.P.High != .5 || v.P.N != 6 || !warned(v.Warnings, "6 placements at most") {
		t.Errorf("p %v, warnings %q", v.P, v.Warnings)
	}
	got := slices.Clone(v.Draws)
	slices.Sort(got)
	for i, want := range []float64{-1, 0, 1, 3, 3, 4} {
		near(t, "rotation", got[i], want/600, 1e-15)
	}
	// Costs of 1 % each way: a period that is cut in two is bought twice and sold once, and one
	// that ends with the history is not sold.
	of.Cost = []float64{.01}
	v = randomEntry(t, luck.RandomEntry{Draws: 99, Level: .95, Rotate: true}, of, luck.MeanReturn())
	near(t, "observed after costs", v.Observed.Value, .01/6, 1e-15)
	got = slices.Clone(v.Draws)
	slices.Sort(got)
	// 3-2, 0-2, -1-2, 4-1 at the end, 3-3 cut in two, 1-2.
	for i, want := range []float64{-3, -2, -1, 0, 1, 3} {
		near(t, "rotation after costs", got[i], want/600, 1e-15)
	}
	near(t, "p after costs", v.P.Value, 2./6, 1e-15)
}

// Two holding periods of different length and weight among three gaps: 2!·3! orders, tried in
// full here.
func TestOrdersAgainstEnumeration(t *testing.T) {
	returns := scaled(noise(15, 4), .1, 0)
	weights := []float64{0, 0, 1, 1, 1, 0, -.5, -.5, 0, 0, 0, 0, 0, 0, 0}
	of := luck.Holding{Weights: [][]float64{weights}, Returns: [][]float64{returns}, Cost: []float64{.001}}
	v := randomEntry(t, luck.RandomEntry{Draws: 9999, Seed: 2, Level: .997}, of, luck.TotalReturn())

	long, short := []float64{1, 1, 1}, []float64{-.5, -.5}
	gaps := [][]float64{make([]float64, 2), make([]float64, 1), make([]float64, 7)}
	var all []float64
	for _, g := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		for _, held := range [][2][]float64{{long, short}, {short, long}} {
			placed := slices.Concat(gaps[g[0]], held[0], gaps[g[1]], held[1], gaps[g[2]])
			wealth, before := 1., 0.
			for s, w := range placed {
				wealth *= 1 + w*returns[s] - .001*math.Abs(w-before)
				before = w
			}
			all = append(all, wealth-1)
		}
	}
	near(t, "observed", v.Observed.Value, all[0], 1e-12)
	hits := 0
	for _, f := range all {
		if f >= all[0]-1e-12 {
			hits++
		}
	}
	exact := float64(hits) / float64(len(all))
	if hits < 2 || hits == len(all) {
		t.Fatalf("%d of %d orders do as well: the test sees nothing", hits, len(all))
	}
	if v.P.Low > exact || v.P.High < exact || v.P.N != 9999 {
		t.Errorf("p %v, exact %v", v.P, exact)
	}
	// Every draw is one of the orders, and each comes up about as often: 833 ± 3·28.
	for _, f := range all {
		count := 0
		for _, d := range v.Draws {
			if math.Abs(d-f) < 1e-12 {
				count++
			}
		}
		if count < 745 || count > 921 {
			t.Errorf("total return %v came up %d times in 9,999", f, count)
		}
	}
	if !warned(v.Warnings, "12 placements at most") {
		t.Errorf("warnings %q", v.Warnings)
	}
}

// Several assets move together: the account of a rule that holds one against the other.
func TestAssetsMoveTogether(t *testing.T) {
	a, b := scaled(noise(40, 8), .1, 0), scaled(noise(40, 9), .1, 0)
	long, short := make([]float64, 40), make([]float64, 40)
	for s := 10; s < 20; s++ {
		long[s], short[s] = 1, -1
	}
	pair := luck.Holding{Weights: [][]float64{long, short}, Returns: [][]float64{a, b}}
	spread := make([]float64, 40)
	for s := range spread {
		spread[s] = a[s] - b[s]
	}
	one := luck.Holding{Weights: [][]float64{long}, Returns: [][]float64{spread}}
	for _, rotate := range []bool{false, true} {
		r := luck.RandomEntry{Draws: 199, Seed: 3, Level: .95, Rotate: rotate}
		v, w := randomEntry(t, r, pair, luck.Sharpe(0, 365)), randomEntry(t, r, one, luck.Sharpe(0, 365))
		if v.P.Value != w.P.Value || len(v.Draws) != len(w.Draws) {
			t.Errorf("rotate %v: p %v, of the spread %v", rotate, v.P, w.P)
		}
		for i := range v.Draws {
			near(t, "draw", v.Draws[i], w.Draws[i], 1e-9)
		}
	}
}

// Positions that know nothing of the returns: all rotations of 60 steps give a p-value that is
// 1/60, …, 60/60 with equal chances, the orders nearly so. With 400 histories the share at or
// below .2 has a standard error of .02.
func TestRandomEntryUnderTheNull(t *testing.T) {
	source := rand.New(rand.NewPCG(21, 22))
	for _, rotate := range []bool{true, false} {
		const histories = 400
		low, sum := 0, 0.
		for i := range histories {
			weights := make([]float64, 60)
			for s := range weights {
				switch {
				case s > 0 && source.Float64() < .8:
					weights[s] = weights[s-1]
				case source.Float64() < .5:
					weights[s] = 1
				}
			}
			weights[30], weights[45], weights[46] = 1, 0, 1 // held at least twice
			of := luck.Holding{Weights: [][]float64{weights}, Returns: drawn(source, 1, 60)}
			v := randomEntry(t, luck.RandomEntry{Draws: 99, Seed: uint64(i), Level: .95, Rotate: rotate}, of, luck.Sharpe(0, 365))
			if sum += v.P.Value; v.P.Value <= .2 {
				low++
			}
		}
		if share := float64(low) / histories; math.Abs(share-.2) > .06 {
			t.Errorf("rotate %v: p ≤ .2 in %v of the histories", rotate, share)
		}
		if mean := sum / histories; math.Abs(mean-.51) > 3*.0145 { // 1/60, …, 1 have a mean of .508
			t.Errorf("rotate %v: mean p %v", rotate, mean)
		}
	}
}

// A rule that is in the market when it rises, and only then.
func TestRandomEntryOfSkill(t *testing.T) {
	returns := scaled(noise(200, 3), .1, 0)
	weights := make([]float64, 200)
	for s, r := range returns {
		if r > 0 {
			weights[s] = 1
		}
	}
	of := luck.Holding{Weights: [][]float64{weights}, Returns: [][]float64{returns}}
	if v := randomEntry(t, luck.RandomEntry{Draws: 999, Seed: 1, Level: .95}, of, luck.TotalReturn()); v.P.Value != .001 {
		t.Errorf("orders: p %v, want 1/1000", v.P)
	}
	if v := randomEntry(t, luck.RandomEntry{Draws: 999, Seed: 1, Level: .95, Rotate: true}, of, luck.TotalReturn()); v.P.Value != 1./200 {
		t.Errorf("rotations: p %v, want 1/200", v.P)
	}
	// More rotations than draws: drawn at random.
	if v := randomEntry(t, luck.RandomEntry{Draws: 99, Seed: 1, Level: .95, Rotate: true}, of, luck.TotalReturn()); v.P.N != 99 || v.P.Value > .03 {
		t.Errorf("random rotations: p %v", v.P)
	}
}

func TestRandomEntryRefused(t *testing.T) {
	returns := [][]float64{scaled(noise(10, 1), .1, 0)}
	ones := slices.Repeat([]float64{1}, 10)
	some := []float64{0, 0, 0, 1, 1, 1, 1, 1, 1, 1}
	shuffle := luck.RandomEntry{Draws: 99, Level: .95}
	rotate := luck.RandomEntry{Draws: 99, Level: .95, Rotate: true}
	for _, c := range []struct {
		what  string
		r     luck.RandomEntry
		of    luck.Holding
		by    luck.Criterion
		want  error
		words string
	}{
		{"no assets", shuffle, luck.Holding{}, luck.MeanReturn(), stats.ErrLength, "weights of 0 assets"},
		{"always in", shuffle, luck.Holding{Weights: [][]float64{ones}, Returns: returns}, luck.MeanReturn(), stats.ErrTooFew, "1 holding periods and 0 gaps have one order only; rotate instead"},
		{"one period at the end", shuffle, luck.Holding{Weights: [][]float64{some}, Returns: returns}, luck.MeanReturn(), stats.ErrTooFew, "one order only"},
		{"never in", shuffle, luck.Holding{Weights: [][]float64{make([]float64, 10)}, Returns: returns}, luck.MeanReturn(), stats.ErrConstant, "nothing was ever held"},
		{"never in", shuffle, luck.Holding{Weights: [][]float64{make([]float64, 10)}, Returns: returns}, luck.Sharpe(0, 365), stats.ErrConstant, "the rule has no sharpe"},
		{"always in", rotate, luck.Holding{Weights: [][]float64{ones}, Returns: returns}, luck.MeanReturn(), stats.ErrConstant, "the same in every step"},
		{"draws", luck.RandomEntry{Level: .95}, luck.Holding{Weights: [][]float64{some}, Returns: returns}, luck.MeanReturn(), stats.ErrArgument, "0 draws"},
		{"cost", rotate, luck.Holding{Weights: [][]float64{some}, Returns: returns, Cost: []float64{-1}}, luck.MeanReturn(), stats.ErrArgument, "asset 0"},
		{"costs", rotate, luck.Holding{Weights: [][]float64{some}, Returns: returns, Cost: []float64{0, 0}}, luck.MeanReturn(), stats.ErrLength, "costs of 2 assets"},
		{"weights", rotate, luck.Holding{Weights: [][]float64{some[1:]}, Returns: returns}, luck.MeanReturn(), stats.ErrLength, "asset 0"},
		{"NaN", rotate, luck.Holding{Weights: [][]float64{{math.NaN(), 0, 0, 0, 0, 0, 0, 0, 0, 0}}, Returns: returns}, luck.MeanReturn(), stats.ErrNotFinite, "the weight in step 0 is NaN"},
		{"gap", rotate, luck.Holding{Weights: [][]float64{some}, Returns: [][]float64{slices.Repeat([]float64{math.NaN()}, 10)}}, luck.MeanReturn(), stats.ErrGap, "asset 0"},
		{"empty", rotate, luck.Holding{Weights: [][]float64{{}}, Returns: [][]float64{{}}}, luck.MeanReturn(), stats.ErrTooFew, "0 returns"},
		{"no criterion", rotate, luck.Holding{Weights: [][]float64{some}, Returns: returns}, luck.Criterion{}, stats.ErrArgument, "without a function"},
	} {
		_, err := c.r.Test(c.of, c.by)
		wantError(t, c.what, err, c.want, c.words)
	}
}
