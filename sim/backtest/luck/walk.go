package luck

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
)

// A Choice is the cell that was best in one training window, and what became of it.
type Choice struct {
	Window      Window       `json:"window"`
	Cell        int          `json:"cell"`
	InSample    stats.Result `json:"in_sample"`
	OutOfSample stats.Result `json:"out_of_sample"`
	Rank        float64      `json:"rank,omitempty"` // out of sample, 1 the best, equals share; 0: no figure
	Ranked      int          `json:"ranked"`         // cells with a figure out of sample
}

// A WalkForward is a grid of parameters chosen in sample and judged out of sample.
type WalkForward struct {
	Criterion string   `json:"criterion"`
	Split     Split    `json:"split"`
	Choices   []Choice `json:"choices"`

	// Schedule is the cell in force in each step of the history, -1 in the steps before the
	// first test window. An engine that is run again with it pays what each switch costs.
	Schedule []int `json:"-"`
	// Returns are those of the chosen cells in their test windows, joined: the first is in
	// step From. Each cell brings the positions it had anyway at the border of a window, so
	// what it costs to trade from one cell's positions to the next one's is not in them.
	Returns []float64 `json:"-"`
	From    int       `json:"from"`

	OutOfSample stats.Result `json:"out_of_sample"`         // of Returns
	Degradation *Line        `json:"degradation,omitempty"` // over the windows; absent with a warning
	Switches    int          `json:"switches"`              // borders at which the cell changes
	Warnings    []string     `json:"warnings,omitempty"`
}

// Walk takes from each training window the cell that is best by the criterion, the first of
// equals, and judges it by the test window that follows. A cell that has lost everything before
// that is not chosen. A training window in which no other cell has a figure is an error.
func Walk(returns [][]float64, split Split, by Criterion) (*WalkForward, error) {
	if err := by.check(); err != nil {
		return nil, err
	}
	if err := checkMatrix(returns, 1, 1); err != nil {
		return nil, err
	}
	n := len(returns[0])
	windows, err := Windows(n, split)
	if err != nil {
		return nil, err
	}
	w := &WalkForward{Criterion: by.Name, Split: split, From: windows[0].Test.From, Schedule: slices.Repeat([]int{-1}, n)}
	for k, window := range windows {
		c, err := choose(returns, window, by)
		if err != nil {
			return nil, fmt.Errorf("window %d: %w", k, err)
		}
		if k > 0 && c.Cell != w.Choices[k-1].Cell {
			w.Switches++
		}
		w.Choices = append(w.Choices, c)
		for t := window.Test.From; t < window.Test.To; t++ {
			w.Schedule[t] = c.Cell
		}
		w.Returns = append(w.Returns, returns[c.Cell][window.Test.From:window.Test.To]...)
	}
	w.OutOfSample = by.result(w.Returns)
	w.warn(windows)
	return w, nil
}

// errRuined is why a cell is not chosen.
var errRuined = errors.New("the account has lost everything")

// ruined tells whether everything was lost, after which returns say nothing any more.
func ruined(simple []float64) bool {
	return slices.ContainsFunc(simple, func(r float64) bool { return r <= -1 })
}

func choose(returns [][]float64, window Window, by Criterion) (Choice, error) {
	inside, outside := make([]float64, len(returns)), make([]float64, len(returns))
	var reason error
	for c, row := range returns {
		var err error
		if inside[c], err = by.figure(joined(row, window.Train)); err == nil && ruined(row[:window.Test.From]) {
			inside[c], err = math.NaN(), errRuined
		}
		if err != nil && reason == nil {
			reason = err
		}
		outside[c], _ = by.figure(row[window.Test.From:window.Test.To]) // the chosen one's says why below
	}
	at := best(inside)
	if at < 0 {
		return Choice{}, fmt.Errorf("no cell has a %s in the training window; cell 0: %w", by.Name, reason)
	}
	chosen := Choice{
		Window: window, Cell: at,
		InSample:    stats.Result{Name: by.Name, Unit: by.Unit, Value: inside[at]},
		OutOfSample: by.result(returns[at][window.Test.From:window.Test.To]),
	}
	below, of := place(outside, at)
	chosen.Ranked = of
	if !math.IsNaN(outside[at]) {
		chosen.Rank = float64(of) + .5 - below
	}
	return chosen, nil
}

// warn also draws the line, which is absent for a reason.
func (w *WalkForward) warn(windows []Window) {
	var inside, outside []float64
	for _, c := range w.Choices {
		if !math.IsNaN(c.OutOfSample.Value) {
			inside, outside = append(inside, c.InSample.Value), append(outside, c.OutOfSample.Value)
		}
	}
	if lost := len(w.Choices) - len(inside); lost > 0 {
		w.Warnings = append(w.Warnings, fmt.Sprintf("in %d of %d test windows the chosen cell has no %s", lost, len(w.Choices), w.Criterion))
	}
	if last := windows[len(windows)-1].Test.Len(); last < w.Split.Test {
		w.Warnings = append(w.Warnings, fmt.Sprintf("the last test window has %d steps of %d", last, w.Split.Test))
	}
	line, err := lineOf(inside, outside)
	if err != nil {
		w.Warnings = append(w.Warnings, "no line of degradation: "+err.Error())
	}
	w.Degradation = line
}
