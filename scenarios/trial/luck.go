package trial

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/backtest/luck"
)

// level is that of all intervals.
const level = .95

// fewOrders is below how many orders of its positions a strategy is judged by rotations:
// one position between two gaps has two orders, and a p-value of 1 or a half.
const fewOrders = 100

// Luck says how far chance explains what the strategy earned.
type Luck struct {
	// Alone asks whether the returns are above 0, Against whether they are above the
	// benchmark's, by the stationary bootstrap; nil where there are too few.
	Alone, Against []luck.Verdict
	// Timing holds the same positions at other times, for the same fees and spread.
	Timing *luck.Verdict
	// Overfitting, Deflated and Best are about the choice among the cells of the
	// grid; nil without one.
	Overfitting *luck.Overfitting
	Deflated    *luck.Deflated
	Best        *luck.Superiority

	Absent []string // what could not be said, and why
}

// tryLuck asks how much of the result is chance.
func (t *Trial) tryLuck(context.Context, Options) error {
	if t.Result.Held == 0 || t.Result.Ruined >= 0 {
		return nil
	}
	l, ask := &Luck{}, t.Strategy.Luck
	note := func(what string, err error) {
		if err != nil {
			l.Absent = append(l.Absent, what+": "+err.Error())
		}
	}
	var err error
	rule, benchmark := t.Result.Returns(), t.Benchmark.Returns()
	b := luck.Bootstrap{Draws: ask.Draws, Seed: ask.Seed, Level: level}
	l.Alone, err = b.Test(rule, nil, t.RiskFree, t.PeriodsPerYear)
	note("bootstrap of the returns", err)
	switch {
	case slices.Equal(rule, benchmark):
		note("bootstrap against the benchmark", errors.New("the strategy does what the benchmark does"))
	case t.Benchmark.Ruined < 0:
		l.Against, err = b.Test(rule, benchmark, t.RiskFree, t.PeriodsPerYear)
		note("bootstrap against the benchmark", err)
	}
	if t.Result.Held == len(rule) {
		note("entries at random", errors.New("a position is held at every close, so that there is no timing to judge"))
	} else {
		of := t.holding()
		entry := luck.RandomEntry{Draws: ask.Draws, Seed: ask.Seed, Level: level, Rotate: of.Orders() < fewOrders}
		l.Timing, err = entry.Test(of, luck.TotalReturn())
		note("entries at random", err)
	}
	if t.Grid != nil {
		t.tryGrid(l, b, benchmark, note)
	}
	t.Luck = l
	return nil
}

func (t *Trial) tryGrid(l *Luck, b luck.Bootstrap, benchmark []float64, note func(string, error)) {
	var err error
	returns, by := t.Grid.Returns(), t.criterion("sharpe")
	l.Overfitting, err = luck.PBO(returns, t.Strategy.Luck.Blocks, by)
	note("probability of overfitting", err)
	if chosen := t.Grid.best(returns, by); chosen < 0 {
		note("deflated Sharpe ratio", errors.New("no cell has a Sharpe ratio"))
	} else {
		l.Deflated, err = luck.Deflate(returns, chosen, t.RiskFree, t.PeriodsPerYear)
		note("deflated Sharpe ratio", err)
	}
	if t.Benchmark.Ruined < 0 {
		l.Best, err = b.TestBest(returns, benchmark)
		note("best cell against the benchmark", err)
	}
}

// holding is what the account held over each step and what the assets did, from
// close to close: with fills at the open the first step of a position counts from
// the close before it.
func (t *Trial) holding() luck.Holding {
	var h luck.Holding
	r, account, late := t.Result, t.Strategy.Account, 0
	if t.fill() == backtest.FillOpen {
		late = 1 // what the open of a step has made is held over the step
	}
	for a := range t.Market.Assets {
		closes := carried(t.Market.Close[a])
		n := len(closes) - 1
		weights, returns := make([]float64, n), make([]float64, n)
		for k := range n {
			if c := r.Coins[a][k+late]; c != 0 {
				weights[k] = c * closes[k] / r.Equity[k]
			}
			returns[k] = closes[k+1]/closes[k] - 1
		}
		h.Weights, h.Returns = append(h.Weights, weights), append(h.Returns, returns)
		h.Cost = append(h.Cost, account.Fee+account.Spread/2)
	}
	return h
}

// carried fills gaps with the last price; before the first one, with that one.
func carried(prices []float64) []float64 {
	list, last := make([]float64, len(prices)), 0
	for last < len(prices)-1 && math.IsNaN(prices[last]) {
		last++
	}
	for k, p := range prices {
		if !math.IsNaN(p) {
			last = k
		}
		list[k] = prices[last]
	}
	return list
}
