package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
	"golang.org/x/sync/errgroup"
)

// Grid is the strategy with every combination of the parameters that the file
// asks for, all at the same costs.
type Grid struct {
	Parameters []string // in the order of their names
	Cells      []Cell
	Chosen     int // the cell with the file's own values; −1 where none is
}

// Cell is one combination.
type Cell struct {
	Values []scenarios.Quantity // of the grid's parameters
	Equity []float64            // USD at each close
	Total  float64              // simple return
	Sharpe float64              // annualised; NaN where it is absent
	Worst  float64              // maximum drawdown
	Orders int
	Ruined bool
}

// Label writes the cell as in a file: "days: 5d, level: 90k".
func (g *Grid) Label(cell int) string {
	text := ""
	for i, name := range g.Parameters {
		if i > 0 {
			text += ", "
		}
		text += name + ": " + g.Cells[cell].Values[i].Text
	}
	return text
}

// Returns are the simple returns of every cell, 0 in a ruined account.
func (g *Grid) Returns() [][]float64 {
	list := make([][]float64, len(g.Cells))
	for i, c := range g.Cells {
		list[i] = make([]float64, len(c.Equity)-1)
		for k := range list[i] {
			if c.Equity[k] > 0 {
				list[i][k] = c.Equity[k+1]/c.Equity[k] - 1
			}
		}
	}
	return list
}

// best is the cell with the best figure over all steps, the first of equals, and a
// ruined one only where all are; −1 where none has a figure.
func (g *Grid) best(returns [][]float64, by luck.Criterion) int {
	survived := slices.Clone(returns)
	for i, c := range g.Cells {
		if c.Ruined {
			survived[i] = nil // without a figure
		}
	}
	if at := by.Best(survived); at >= 0 {
		return at
	}
	return by.Best(returns)
}

// runGrid runs all cells in one pass over the history: at each close the cells
// share what the windows of their rules give.
func (t *Trial) runGrid(parent context.Context, opt Options) error {
	s := t.Strategy
	if len(s.Grid) == 0 {
		return nil
	}
	g := &Grid{Parameters: slices.Sorted(maps.Keys(s.Grid)), Chosen: -1}
	for _, values := range combinations(s.Grid, g.Parameters) {
		g.Cells = append(g.Cells, Cell{Values: values})
		if slices.EqualFunc(values, g.Parameters, func(q scenarios.Quantity, name string) bool { return q.Value == s.Parameters[name].Value }) {
			g.Chosen = len(g.Cells) - 1
		}
	}
	group, ctx := errgroup.WithContext(parent)
	workers := opt.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	for cells := range slices.Chunk(g.Cells, (len(g.Cells)+workers-1)/workers) {
		group.Go(func() error { return t.runCells(ctx, g.Parameters, cells) })
	}
	if err := group.Wait(); err != nil {
		if context.Cause(parent) != nil {
			return context.Cause(parent)
		}
		return t.blame("grid", err)
	}
	t.Grid = g
	return nil
}

// combinations are all of the values of the named parameters; the last name
// changes fastest.
func combinations(of map[string][]scenarios.Quantity, names []string) [][]scenarios.Quantity {
	list := [][]scenarios.Quantity{nil}
	for _, name := range names {
		var longer [][]scenarios.Quantity
		for _, begun := range list {
			for _, v := range of[name] {
				longer = append(longer, append(slices.Clone(begun), v))
			}
		}
		list = longer
	}
	return list
}

func (t *Trial) runCells(ctx context.Context, names []string, cells []Cell) error {
	tape := tapeOf(t.Strategy.Names().Series, t.Panel)
	deciders := make([]backtest.Decider, len(cells))
	for i, c := range cells {
		parameters, err := t.parameters(c.parameters(names))
		if err != nil {
			return err
		}
		d := newDecider(t.Strategy, t.Market.Assets, tape, parameters)
		d.shared = true
		deciders[i] = d
	}
	results, err := backtest.RunAll(t.Market, deciders, t.options(backtest.RecordEquity), func(at time.Time) error {
		tape.Now(at)
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	for i, r := range results {
		if err := cells[i].judge(r, t.sample(r)); err != nil {
			return err
		}
	}
	return nil
}

// parameters are the cell's values by name.
func (c *Cell) parameters(names []string) map[string]float64 {
	by := map[string]float64{}
	for j, name := range names {
		by[name] = c.Values[j].Value
	}
	return by
}

// judge takes from a result what a grid keeps of it.
func (c *Cell) judge(r *backtest.Result, sample stats.Sample) error {
	c.Equity, c.Orders, c.Ruined = r.Equity, r.Orders, r.Ruined >= 0
	c.Total = r.Equity[len(r.Equity)-1]/r.Equity[0] - 1
	deepest, err := stats.MaxDrawdown(sample.Prices)
	if err != nil {
		return fmt.Errorf("drawdown of a cell: %w", err)
	}
	c.Worst = deepest.Depth
	simple, err := stats.SimpleReturns(sample.Prices)
	if err != nil {
		return err
	}
	c.Sharpe, err = stats.Sharpe(simple, sample.RiskFree, sample.PeriodsPerYear)
	if errors.Is(err, stats.ErrConstant) || errors.Is(err, stats.ErrTooFew) {
		return nil // an account that never traded has none
	}
	return err
}
