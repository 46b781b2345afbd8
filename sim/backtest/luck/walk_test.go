package luck_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Three cells, windows of two steps: the best mean of each training window by hand.
func TestWalk(t *testing.T) {
	returns := [][]float64{
		{.01, .01, .02, .02, 0, 0, -.05, .01},
		{.01, .01, .01, .01, .03, .03, .01, .01},
		{0, 0, .05, .03, .01, .01, .02, .02},
	}
	w, err := luck.Walk(returns, luck.Split{Train: 2, Test: 2}, luck.MeanReturn())
	if err != nil {
		t.Fatal(err)
	}
	figure := func(v float64) stats.Result { return stats.Result{Name: "mean", Unit: "fraction", Value: v} }
	window := func(at int) luck.Window {
		return luck.Window{Train: []luck.Range{{From: at - 2, To: at}}, Test: luck.Range{From: at, To: at + 2}}
	}
	want := []luck.Choice{
		{Window: window(2), Cell: 0, InSample: figure(.01), OutOfSample: figure(.02), Rank: 2, Ranked: 3}, // equal to cell 1, which comes later
		{Window: window(4), Cell: 2, InSample: figure(.04), OutOfSample: figure(.01), Rank: 2, Ranked: 3},
		{Window: window(6), Cell: 1, InSample: figure(.03), OutOfSample: figure(.01), Rank: 2, Ranked: 3},
	}
	if diff := cmp.Diff(want, w.Choices); diff != "" {
		t.Errorf("choices (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{-1, -1, 0, 0, 2, 2, 1, 1}, w.Schedule); diff != "" {
		t.Errorf("schedule (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{.02, .02, .01, .01, .01, .01}, w.Returns); diff != "" {
		t.Errorf("returns (-want +got):\n%s", diff)
	}
	if w.From != 2 || w.Switches != 2 {
		t.Errorf("from %d, %d switches", w.From, w.Switches)
	}
	near(t, "out of sample", w.OutOfSample.Value, .08/6, 1e-15)
	// Points (1, 2), (4, 1), (3, 1) in per cent: slope -5/14, by hand.
	near(t, "slope", w.Degradation.Slope, -5./14, 1e-12)
	near(t, "intercept", w.Degradation.Intercept, .04/3+5./14*.08/3, 1e-12)
}

// A cell that lost everything is not chosen any more, although its mean in the window is the
// best, and its later returns of 0 would be too; before that it is.
func TestWalkRuined(t *testing.T) {
	returns := [][]float64{
		{.5, .6, .4, -1, 0, 0, 0, 0},
		{-.1, -.2, -.1, -.2, -.1, -.2, -.1, -.2},
	}
	w, err := luck.Walk(returns, luck.Split{Train: 2, Test: 2, Anchored: true}, luck.MeanReturn())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{-1, -1, 0, 0, 1, 1, 1, 1}, w.Schedule); diff != "" {
		t.Errorf("schedule (-want +got):\n%s", diff)
	}
	if c := w.Choices[0]; c.Rank != 2 || c.Ranked != 2 {
		t.Errorf("the window of the ruin: %+v", c)
	}
	_, err = luck.Walk([][]float64{{0, -1, 0, 0}}, luck.Split{Train: 2, Test: 2}, luck.MeanReturn())
	if err == nil || !strings.Contains(err.Error(), "the account has lost everything") {
		t.Errorf("all ruined: %v", err)
	}
}

// A cell without a figure is not chosen, and where the chosen one has none out of sample that
// is said.
func TestWalkWithoutFigures(t *testing.T) {
	returns := [][]float64{
		{0, 0, 0, 0, 0, 0},
		{-.01, .005, 0, 0, -.01, .02},
	}
	w, err := luck.Walk(returns, luck.Split{Train: 2, Test: 2, Anchored: true}, luck.Sharpe(0, 365))
	if err != nil {
		t.Fatal(err)
	}
	first := w.Choices[0]
	if first.Cell != 1 || first.Rank != 0 || first.Ranked != 0 || !math.IsNaN(first.OutOfSample.Value) || first.OutOfSample.Reason == "" {
		t.Errorf("first window: %+v", first)
	}
	if second := w.Choices[1]; second.Cell != 1 || second.Rank != 1 || second.Ranked != 1 {
		t.Errorf("second window: %+v", second)
	}
	if w.Degradation != nil || !warned(w.Warnings, "in 1 of 2 test windows the chosen cell has no sharpe") || !warned(w.Warnings, "no line of degradation") {
		t.Errorf("degradation %+v, warnings %q", w.Degradation, w.Warnings)
	}
	_, err = luck.Walk(returns[:1], luck.Split{Train: 2, Test: 2}, luck.Sharpe(0, 365))
	wantError(t, "nothing to choose", err, stats.ErrConstant, "window 0", "no cell has a sharpe")
}

func TestWalkRefused(t *testing.T) {
	good := []float64{.01, .02, .03}
	split := luck.Split{Train: 1, Test: 1}
	_, err := luck.Walk(nil, split, luck.MeanReturn())
	wantError(t, "no cells", err, stats.ErrTooFew, "0 cells")
	_, err = luck.Walk([][]float64{good, {.01}, {0, math.NaN(), 0}, {0, 0, -1.5}, {math.Inf(1), 0, 0}}, split, luck.MeanReturn())
	wantError(t, "length", err, stats.ErrLength, "cell 1: ", "1 returns, and 3 of cell 0")
	wantError(t, "gap", err, stats.ErrGap, "cell 2: ", "step 1")
	wantError(t, "less than nothing", err, stats.ErrPrice, "cell 3: ", "step 2 is -1.5")
	wantError(t, "infinity", err, stats.ErrNotFinite, "cell 4: ")
	_, err = luck.Walk([][]float64{good}, split, luck.Criterion{})
	wantError(t, "no criterion", err, stats.ErrArgument)
	_, err = luck.Walk([][]float64{good}, luck.Split{Train: 3, Test: 1}, luck.MeanReturn())
	wantError(t, "short", err, stats.ErrTooFew)
}

// What is chosen before a step does not depend on what comes after it.
func TestWalkDoesNotLookAhead(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	returns := drawn(source, 10, 200)
	split := luck.Split{Train: 50, Test: 20, Purge: 5}
	before, err := luck.Walk(returns, split, luck.Sharpe(0, 365))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range returns {
		for s := 110; s < 200; s++ {
			row[s] = .05 * source.NormFloat64()
		}
	}
	after, err := luck.Walk(returns, split, luck.Sharpe(0, 365))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before.Schedule[:130], after.Schedule[:130]); diff != "" { // chosen from steps up to 105
		t.Errorf("choices up to step 130 changed with returns from step 110 on:\n%s", diff)
	}
	if cmp.Equal(before.Schedule, after.Schedule) {
		t.Error("nothing changed at all: the test sees nothing")
	}
}
