package trial

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Forward is a walk forward over the grid: in each window the cell that was best
// in the window before it.
type Forward struct {
	*luck.WalkForward
	First     int              // step of the market at whose close the account of Result begins
	Result    *backtest.Result // one account that goes from cell to cell, and pays for it
	Hindsight int              // the cell that was best over the whole history
	Best      *backtest.Result // that cell over the same days: what nobody could have known
	Benchmark *backtest.Result // over the same days

	Statistics, BestStatistics, Compared stats.Summary
}

// walkForward chooses among the grid's cells window by window, and runs one
// account along the choices.
func (t *Trial) walkForward(context.Context, Options) error {
	ask := t.Strategy.WalkForward
	if ask == nil {
		return nil
	}
	returns, by := t.Grid.Returns(), t.criterion(ask.Choose)
	steps := func(d time.Duration) int { return int((d + t.Market.Step - 1) / t.Market.Step) }
	walk, err := luck.Walk(returns, luck.Split{Train: steps(ask.Train), Test: steps(ask.Test), Purge: steps(ask.Purge),
		Embargo: steps(ask.Embargo), Anchored: ask.Anchored}, by)
	if err != nil {
		return t.blame("walk_forward", err)
	}
	f := &Forward{WalkForward: walk, First: walk.From, Hindsight: t.Grid.best(returns, by)}
	if f.Hindsight < 0 {
		return t.blame("walk_forward", fmt.Errorf("no cell has a %s over the whole history", by.Name))
	}
	cells, err := t.cellsOf(walk, f.Hindsight)
	if err != nil {
		return t.blame("walk_forward", err)
	}
	m, o := t.between(f.First, len(t.Market.Times)), t.options(backtest.RecordAll)
	var closes [][]float64
	for _, own := range t.Market.Close {
		closes = append(closes, carried(own))
	}
	run := func(schedule []int) (*backtest.Result, error) {
		return backtest.Run(m, &follower{cells: cells, schedule: schedule, closes: closes, first: f.First, last: -1}, o)
	}
	if f.Result, err = run(walk.Schedule); err != nil {
		return t.blame("walk_forward", err)
	}
	if f.Best, err = run(slices.Repeat([]int{f.Hindsight}, len(walk.Schedule))); err != nil {
		return t.blame("walk_forward", err)
	}
	if f.Benchmark, err = backtest.Run(m, t.hold(), o); err != nil {
		return t.blame("benchmark", err)
	}
	f.Statistics, f.BestStatistics, f.Compared = t.describe(f.Result, f.Benchmark), t.describe(f.Best, f.Benchmark), t.describe(f.Benchmark, nil)
	t.Forward = f
	return nil
}

// criterion is what is best, by its name in the file.
func (t *Trial) criterion(name string) luck.Criterion {
	switch name {
	case "total_return":
		return luck.TotalReturn()
	case "calmar":
		return luck.Calmar(t.PeriodsPerYear)
	}
	return luck.Sharpe(t.RiskFree, t.PeriodsPerYear)
}

// cellsOf runs the cells that a walk chose, and one more, with their decisions.
func (t *Trial) cellsOf(walk *luck.WalkForward, more int) (map[int]*backtest.Result, error) {
	results := map[int]*backtest.Result{}
	wanted := []int{more}
	for _, c := range walk.Choices {
		wanted = append(wanted, c.Cell)
	}
	for _, c := range wanted {
		if results[c] != nil {
			continue
		}
		d, err := t.decider(t.Panel, t.Grid.Cells[c].parameters(t.Grid.Parameters))
		if err != nil {
			return nil, err
		}
		if results[c], err = backtest.Run(t.Market, d, t.options(backtest.RecordAll)); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// follower does what the cell of a schedule does, and takes over its position
// where the schedule goes from one cell to another.
type follower struct {
	cells    map[int]*backtest.Result
	schedule []int       // by return of the whole history: that of step k is k−1
	closes   [][]float64 // asset × step of the whole history, the last known where there is none
	first    int         // step of the whole history that is step 0 of this account
	last     int         // cell that is in force
}

// Decide implements [backtest.Decider].
func (f *follower) Decide(s *backtest.State, targets []backtest.Target) error {
	k := f.first + s.Step // of the whole history
	if k > len(f.schedule) {
		return nil // the decision after the last close, which nothing fills
	}
	cell := f.schedule[k-1]
	r := f.cells[cell]
	if cell != f.last {
		for a := range targets {
			targets[a] = backtest.Target{Kind: backtest.Weight, Value: weight(r, a, k-1, f.closes[a][k-1]), Reason: "switch"}
		}
		f.last = cell
	}
	at, _ := slices.BinarySearchFunc(r.Decisions, k, func(d backtest.Decision, step int) int { return d.Step - step })
	for ; at < len(r.Decisions) && r.Decisions[at].Step == k; at++ {
		targets[r.Decisions[at].Asset] = r.Decisions[at].Target
	}
	return nil
}

// weight is an account's position in an asset at the close of a step.
func weight(r *backtest.Result, asset, step int, price float64) float64 {
	if r.Coins[asset][step] == 0 {
		return 0
	}
	return r.Coins[asset][step] * price / r.Equity[step]
}
