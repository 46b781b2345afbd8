package luck_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
)

func overfit(t *testing.T, returns [][]float64, blocks int, by luck.Criterion) *luck.Overfitting {
	t.Helper()
	o, err := luck.PBO(returns, blocks, by)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// The numbers wanted are those of a loop over itertools.combinations with scipy's rankdata
// and numpy's polyfit, on 103 steps, which 4 and 8 do not divide.
func TestPBOAgainstPlainLoop(t *testing.T) {
	var returns [][]float64
	for k := range 5 {
		returns = append(returns, scaled(autoregressive(103, 50+uint64(k), .1), .02, .0002*float64(k)))
	}
	for _, c := range []struct {
		blocks                                 int
		by                                     luck.Criterion
		combinations                           int
		pbo, loss, slope, intercept, r2, logit float64
	}{
		{4, luck.Sharpe(0, 365), 6, 2. / 3, 1. / 6, -0.46768830335593214, 4.0177740218237865, 0.031749094025030504, -0.420954774051376},
		{4, luck.TotalReturn(), 6, 2. / 3, 1. / 6, -0.11257065253026691, 0.03515938994996111, 0.0034924157562503514, -0.420954774051376},
		{4, luck.Calmar(365), 6, 5. / 6, 1. / 6, 0.09506581112719283, 2.2619709370606986, 0.043082194406287584, -0.42095477405137594},
		{8, luck.Sharpe(0, 365), 70, 60. / 70, 23. / 70, -0.41251954762666343, 3.202322191977222, 0.03880328997649225, -0.630685297375438},
		{8, luck.TotalReturn(), 70, 59. / 70, 21. / 70, -0.19255448817764298, 0.0349326928872334, 0.01084167205291919, -0.5652359593844271},
		{8, luck.Calmar(365), 70, 57. / 70, 21. / 70, -0.09443939325823444, 9.864564735627683, 0.061069853272503596, -0.5553338568049992},
	} {
		o := overfit(t, returns, c.blocks, c.by)
		if o.Combinations != c.combinations || o.Undecided != 0 {
			t.Errorf("%s: %d combinations, %d undecided", c.by.Name, o.Combinations, o.Undecided)
		}
		near(t, c.by.Name+" PBO", o.PBO, c.pbo, 1e-12)
		near(t, c.by.Name+" loss", o.Loss, c.loss, 1e-12)
		near(t, c.by.Name+" slope", o.Degradation.Slope, c.slope, 1e-9)
		near(t, c.by.Name+" intercept", o.Degradation.Intercept, c.intercept, 1e-9)
		near(t, c.by.Name+" R²", o.Degradation.R2, c.r2, 1e-9)
		mean := 0.
		for _, a := range o.All {
			mean += a.Logit / float64(len(o.All))
		}
		near(t, c.by.Name+" mean logit", mean, c.logit, 1e-12)
	}
}

// What is added up by blocks is what the criterion says of the joined returns.
func TestCriteriaMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		cells := rapid.IntRange(2, 4).Draw(t, "cells")
		returns := drawn(source, cells, rapid.IntRange(12, 40).Draw(t, "steps"))
		if rapid.Bool().Draw(t, "ruin") {
			returns[0][source.IntN(len(returns[0]))] = -1
		}
		for _, by := range append(luck.Criteria(365), luck.Sharpe(.03, 365)) {
			merged, err := luck.PBO(returns, 6, by)
			if err != nil {
				t.Fatal(err)
			}
			joined, err := luck.PBO(returns, 6, luck.Criterion{Name: by.Name, Value: by.Value})
			if err != nil {
				t.Fatal(err)
			}
			for i, a := range merged.All {
				b := joined.All[i]
				if a.Cell != b.Cell || !same(a.Inside, b.Inside) || !same(a.Outside, b.Outside) || !same(a.Logit, b.Logit) {
					t.Fatalf("%s, combination %d:\nmerged %+v\njoined %+v", by.Name, i, a, b)
				}
			}
		}
	})
}

func same(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*max(1, math.Abs(b))
}

// One cell is better than the others in every step: it is the best of every half.
func TestPBOOfSkill(t *testing.T) {
	returns := drawn(rand.New(rand.NewPCG(1, 1)), 6, 96)
	for s := range returns[3] {
		returns[3][s] = .05 + .001*float64(s%3)
	}
	for _, by := range []luck.Criterion{luck.Sharpe(0, 365), luck.TotalReturn(), luck.MeanReturn()} {
		o := overfit(t, returns, 8, by)
		if o.PBO != 0 || o.Loss != 0 || o.Chosen[3] != 70 {
			t.Errorf("%s: PBO %v, loss %v, chosen %v", by.Name, o.PBO, o.Loss, o.Chosen)
		}
		// Rank 6 of 6: ω = 6/7, logit ln 6.
		near(t, "logit", o.All[0].Logit, math.Log(6), 1e-12)
	}
}

// Each cell gains in one block what it loses over the others: whoever has its good block in sample
// is best there and the worst outside.
func TestPBOOfNothingButLuck(t *testing.T) {
	const blocks, length = 8, 12
	returns := make([][]float64, blocks)
	for c := range returns {
		returns[c] = make([]float64, blocks*length)
		for s := range returns[c] {
			if returns[c][s] = -.01; s/length == c {
				returns[c][s] = .07 - .0001*float64(c)
			}
		}
	}
	o := overfit(t, returns, blocks, luck.MeanReturn())
	if o.PBO != 1 || o.Loss != 1 {
		t.Errorf("PBO %v, loss %v, want 1", o.PBO, o.Loss)
	}
	// In sample one good block of 4: (.07 - 3·.01)/4; outside -.01, shared with three others
	// that had theirs in sample too: rank 2.5 of 8.
	first := o.All[0]
	if first.Cell != 0 || !cmp.Equal(first.InSample, []bool{true, true, true, true, false, false, false, false}) {
		t.Errorf("first combination: %+v", first)
	}
	near(t, "inside", first.Inside, .01, 1e-12)
	near(t, "outside", first.Outside, -.01, 1e-12)
	near(t, "share", first.Share, 2.5/9, 1e-12)
}

// Cells that differ by chance alone have a PBO of ½ on average, exactly, for an even number of
// cells: the halves are independent. 300 histories; their mean is within 3 standard errors.
func TestPBOOfNoise(t *testing.T) {
	source := rand.New(rand.NewPCG(7, 7))
	const histories = 300
	var found []float64
	for range histories {
		found = append(found, overfit(t, drawn(source, 10, 64), 8, luck.Sharpe(0, 365)).PBO)
	}
	e, err := stats.EstimateMean(found, .997)
	if err != nil || e.Low > .5 || e.High < .5 {
		t.Errorf("mean PBO of noise: %v (%v), want .5", e, err)
	}
	if e.High-e.Low > .15 {
		t.Errorf("interval %v is too wide to say anything", e)
	}
}

func TestPBOIgnoresTheOrderOfCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		returns := drawn(source, 7, 48)
		a, err := luck.PBO(returns, 6, luck.Sharpe(0, 365))
		if err != nil {
			t.Fatal(err)
		}
		order := source.Perm(7)
		shuffled := make([][]float64, 7)
		for i, from := range order {
			shuffled[i] = returns[from]
		}
		b, err := luck.PBO(shuffled, 6, luck.Sharpe(0, 365))
		if err != nil {
			t.Fatal(err)
		}
		if a.PBO != b.PBO || a.Loss != b.Loss || math.Abs(a.Degradation.Slope-b.Degradation.Slope) > 1e-9 {
			t.Fatalf("PBO %v and %v, loss %v and %v", a.PBO, b.PBO, a.Loss, b.Loss)
		}
		for i, from := range order {
			if a.Chosen[from] != b.Chosen[i] {
				t.Fatalf("cell %d chosen %d times, and %d after reordering", from, a.Chosen[from], b.Chosen[i])
			}
		}
	})
}

// Equal cells: the first is chosen, and shares the middle rank.
func TestPBOOfEquals(t *testing.T) {
	row := scaled(noise(40, 1), .01, 0)
	o := overfit(t, [][]float64{row, row, row}, 4, luck.MeanReturn())
	if o.Chosen[0] != 6 || o.PBO != 1 {
		t.Errorf("chosen %v, PBO %v", o.Chosen, o.PBO)
	}
	for _, a := range o.All {
		if a.Logit != 0 || a.Share != .5 {
			t.Errorf("%+v", a)
		}
	}
	if !warned(o.Warnings, "6 combinations are few") {
		t.Errorf("warnings %q", o.Warnings)
	}
}

// A rule that was in the market in one block only has no Sharpe ratio in half of the halves.
func TestPBOUndecided(t *testing.T) {
	returns := make([][]float64, 2)
	for c := range returns {
		returns[c] = make([]float64, 40)
		copy(returns[c], scaled(noise(10, uint64(c)+1), .01, .001))
	}
	_, err := luck.PBO(returns, 4, luck.Sharpe(0, 365))
	wantError(t, "one block", err, stats.ErrConstant, "no combination")
	copy(returns[0][20:], scaled(noise(10, 5), .01, .001))
	copy(returns[1][20:], scaled(noise(10, 6), .01, .001))
	o := overfit(t, returns, 4, luck.Sharpe(0, 365))
	// Blocks 0 and 2 are on the same side in 2 of 6 combinations.
	if o.Undecided != 2 || !warned(o.Warnings, "2 of 6 combinations are left out") {
		t.Errorf("%d undecided, warnings %q", o.Undecided, o.Warnings)
	}
}

func TestPBORefused(t *testing.T) {
	returns := drawn(rand.New(rand.NewPCG(1, 1)), 2, 40)
	for _, blocks := range []int{-2, 0, 1, 3, 15, 18} {
		_, err := luck.PBO(returns, blocks, luck.MeanReturn())
		wantError(t, "blocks", err, stats.ErrArgument, "expected an even number from 2 to 16")
	}
	_, err := luck.PBO(returns[:1], 4, luck.MeanReturn())
	wantError(t, "one cell", err, stats.ErrTooFew, "1 cells, expected at least 2")
	_, err = luck.PBO(drawn(rand.New(rand.NewPCG(1, 1)), 2, 31), 16, luck.MeanReturn())
	wantError(t, "short", err, stats.ErrTooFew, "31 returns, expected at least 32")
	_, err = luck.PBO(returns, 4, luck.Sharpe(-2, 365))
	wantError(t, "risk-free rate", err, stats.ErrArgument, "risk-free rate -2")
	_, err = luck.PBO(returns, 4, luck.Calmar(-365))
	wantError(t, "periods", err, stats.ErrArgument, "-365 periods per year")
	_, err = luck.PBO(returns, 4, luck.Criterion{Name: "infinite", Value: func([]float64) (float64, error) { return math.Inf(1), nil }})
	wantError(t, "infinite", err, stats.ErrNotFinite)
}

// Every way to choose 8 of 16 blocks, of 100 cells × 800 steps.
func BenchmarkPBO(b *testing.B) {
	returns := drawn(rand.New(rand.NewPCG(1, 1)), 100, 800)
	for b.Loop() {
		o, err := luck.PBO(returns, 16, luck.Sharpe(0, 365))
		if err != nil || o.Combinations != 12870 {
			b.Fatal(o, err)
		}
	}
}
