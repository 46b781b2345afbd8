package main

import (
	"math"

	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
)

// trialSummary is summary.json of a backtest.
type trialSummary struct {
	Strategy    string                `json:"strategy"`
	Title       string                `json:"title"`
	Source      string                `json:"source,omitempty"`
	Hash        string                `json:"hash"`
	Status      string                `json:"status,omitempty"`
	Assumptions []string              `json:"assumptions,omitempty"`
	From        string                `json:"from"`
	To          string                `json:"to"`
	Step        string                `json:"step"`
	Steps       int                   `json:"steps"`
	Account     accountSummary        `json:"account"`
	Benchmark   accountSummary        `json:"benchmark"`
	Drawdowns   []stats.DatedDrawdown `json:"drawdowns,omitempty"`
	Months      []stats.Month         `json:"months,omitempty"`
	Lookahead   *lookaheadSummary     `json:"lookahead,omitempty"`
	Grid        *gridSummary          `json:"grid,omitempty"`
	WalkForward *forwardSummary       `json:"walk_forward,omitempty"`
	Luck        *luckSummary          `json:"luck,omitempty"`
	Simulated   *simulatedSummary     `json:"simulated,omitempty"`
	Warnings    []string              `json:"warnings"`
}

// accountSummary is what one account did and cost.
type accountSummary struct {
	Equity       float64       `json:"equity_usd"` // at the end
	Orders       int           `json:"orders"`
	RoundTrips   int           `json:"round_trips"`
	Turnover     float64       `json:"turnover"`       // bought and sold, as a multiple of equity
	TimeInMarket *float64      `json:"time_in_market"` // share of closes with a position
	Holding      *float64      `json:"holding_steps"`  // mean length of the round trips that ended
	Flow         flowSummary   `json:"flow"`
	Clipped      int           `json:"clipped,omitempty"`
	Statistics   stats.Summary `json:"statistics"`
}

// flowSummary is what changed equity, in USD; costs are positive.
type flowSummary struct {
	Price    float64 `json:"price"`
	Interest float64 `json:"interest"`
	Fees     float64 `json:"fees"`
	Spread   float64 `json:"spread"`
	Impact   float64 `json:"impact"`
	Borrow   float64 `json:"borrow"`
}

type lookaheadSummary struct {
	Cuts      int `json:"cuts"`
	Decisions int `json:"decisions"`
}

type gridSummary struct {
	Cells  int    `json:"cells"`
	Chosen string `json:"chosen,omitempty"` // the file's own
}

type forwardSummary struct {
	From      string         `json:"from"`
	Windows   []choiceLine   `json:"windows"`
	Account   accountSummary `json:"account"`
	Hindsight string         `json:"hindsight"` // the cell that was best over the whole history
	Best      accountSummary `json:"best"`
	Benchmark accountSummary `json:"benchmark"`
	Slope     *luck.Line     `json:"degradation,omitempty"`
	Warnings  []string       `json:"warnings,omitempty"`
	Criterion string         `json:"criterion"`
	Split     luck.Split     `json:"split"`
	Switches  int            `json:"switches"`
}

type choiceLine struct {
	From        string       `json:"from"`
	To          string       `json:"to"`
	Cell        string       `json:"cell"`
	InSample    stats.Result `json:"in_sample"`
	OutOfSample stats.Result `json:"out_of_sample"`
	Rank        float64      `json:"rank,omitempty"` // out of sample, 1 the best; none without a figure
	Ranked      int          `json:"ranked"`
}

type luckSummary struct {
	Alone       []luck.Verdict    `json:"against_nothing,omitempty"`
	Against     []luck.Verdict    `json:"against_benchmark,omitempty"`
	Timing      *luck.Verdict     `json:"random_entries,omitempty"`
	Overfitting *luck.Overfitting `json:"overfitting,omitempty"`
	Deflated    *luck.Deflated    `json:"deflated_sharpe,omitempty"`
	Best        *luck.Superiority `json:"best_cell,omitempty"`
	Absent      []string          `json:"absent,omitempty"`
}

type simulatedSummary struct {
	Scenario  string         `json:"scenario"`
	Hash      string         `json:"scenario_sha256"`
	Paths     int            `json:"paths"`
	Seed      uint64         `json:"seed"`
	Taker     spreadSummary  `json:"without_own_impact"`
	Mover     spreadSummary  `json:"with_own_impact"`
	Hold      spreadSummary  `json:"benchmark"`
	OwnImpact stats.Estimate `json:"own_impact"`
}

type spreadSummary struct {
	Mean     stats.Estimate `json:"mean"`
	Median   stats.Estimate `json:"median"`
	Q05      stats.Estimate `json:"q05"`
	Q95      stats.Estimate `json:"q95"`
	Loss     stats.Estimate `json:"loss"`
	Drawdown stats.Estimate `json:"median_max_drawdown"`
}

func summariseTrial(t *trial.Trial) trialSummary {
	s, m := t.Strategy, t.Market
	last := len(m.Times) - 1
	out := trialSummary{Strategy: s.Name, Title: s.Title, Source: s.Source, Hash: s.Hash(), Status: statusOf(t.Panel), Assumptions: s.Assumptions,
		From: label(m.Times[0], m.Step), To: label(m.Times[last], m.Step), Step: m.Step.String(), Steps: last,
		Account: summariseAccount(t.Result, t.Statistics), Benchmark: summariseAccount(t.Benchmark, t.Compared),
		Drawdowns: t.Drawdowns, Months: t.Months, Warnings: append([]string{}, t.Warnings...)}
	if l := t.Lookahead; l != nil {
		out.Lookahead = &lookaheadSummary{l.Cuts, l.Decisions}
	}
	if g := t.Grid; g != nil {
		out.Grid = &gridSummary{Cells: len(g.Cells)}
		if g.Chosen >= 0 {
			out.Grid.Chosen = g.Label(g.Chosen)
		}
	}
	out.WalkForward, out.Luck, out.Simulated = summariseForward(t), summariseLuck(t.Luck), summariseSimulated(t.Simulated)
	return out
}

func summariseAccount(r *backtest.Result, statistics stats.Summary) accountSummary {
	return accountSummary{Equity: r.Equity[len(r.Equity)-1], Orders: r.Orders, RoundTrips: len(r.Trades), Turnover: total(r.Turnover),
		TimeInMarket: present(r.TimeInMarket()), Holding: present(r.Holding()), Flow: flowSummary(r.Total), Clipped: r.Clipped, Statistics: statistics}
}

func summariseForward(t *trial.Trial) *forwardSummary {
	f := t.Forward
	if f == nil {
		return nil
	}
	day := func(step int) string { return label(t.Market.Times[step], t.Market.Step) }
	out := &forwardSummary{From: day(f.First), Criterion: f.Criterion, Split: f.Split, Switches: f.Switches, Slope: f.Degradation, Warnings: f.Warnings,
		Hindsight: t.Grid.Label(f.Hindsight), Account: summariseAccount(f.Result, f.Statistics), Best: summariseAccount(f.Best, f.BestStatistics),
		Benchmark: summariseAccount(f.Benchmark, f.Compared)}
	for _, c := range f.Choices {
		out.Windows = append(out.Windows, choiceLine{From: day(c.Window.Test.From + 1), To: day(c.Window.Test.To), Cell: t.Grid.Label(c.Cell),
			InSample: c.InSample, OutOfSample: c.OutOfSample, Rank: c.Rank, Ranked: c.Ranked})
	}
	return out
}

func summariseLuck(l *trial.Luck) *luckSummary {
	if l == nil {
		return nil
	}
	return &luckSummary{l.Alone, l.Against, l.Timing, l.Overfitting, l.Deflated, l.Best, l.Absent}
}

func summariseSimulated(s *trial.Simulated) *simulatedSummary {
	if s == nil {
		return nil
	}
	sc := s.Study.Scenario
	return &simulatedSummary{Scenario: sc.Name, Hash: sc.Hash(), Paths: s.Paths, Seed: s.Seed, Taker: summariseSpread(s.Taker),
		Mover: summariseSpread(s.Mover), Hold: summariseSpread(s.Hold), OwnImpact: s.OwnImpact}
}

func summariseSpread(s trial.Spread) spreadSummary {
	return spreadSummary{s.Mean, s.Median, s.Low5, s.High95, s.Loss, s.Drawdown}
}

// present is a number for JSON, null where it is absent.
func present(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}
