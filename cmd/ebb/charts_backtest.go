package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/ebb-sim/ebb/sim/stats"
)

// trialSheet is what the charts of one backtest share.
type trialSheet struct {
	*trial.Trial
	line plots.Timeline
}

// trialCharts are the charts of a backtest, in the order of a memo. One that finds
// nothing to show draws nothing.
var trialCharts = []struct {
	name string
	draw func(trialSheet) (*plots.Figure, error)
}{
	{"equity", trialSheet.equity},
	{"monthly", trialSheet.monthly},
	{"drawdown_periods", trialSheet.drawdowns},
	{"rolling", trialSheet.rolling},
	{"distribution", trialSheet.distribution},
	{"walk_forward", trialSheet.walkForward},
	{"own_impact", trialSheet.ownImpact},
}

func drawTrial(t *trial.Trial) ([]chartPicture, error) {
	s := trialSheet{t, plots.Timeline{Times: t.Market.Times, Caption: unitOf(t.Market.Step)}}
	var list []chartPicture
	for _, c := range trialCharts {
		figure, err := c.draw(s)
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", c.name, err)
		}
		if figure != nil {
			list = append(list, chartPicture{chart{Name: c.name, Title: figure.Subtitle()}, picture{c.name, *figure}})
		}
	}
	return list, nil
}

func (s trialSheet) frame(title, subtitle string) plots.Frame {
	return plots.Frame{Title: s.Strategy.Title + ": " + title, Subtitle: subtitle, Source: s.Strategy.Source, Scenario: s.Strategy.Name, Kind: "Strategy",
		Hash: s.Strategy.Hash(), Status: statusOf(s.Panel)}
}

func drawn(f plots.Figure, err error) (*plots.Figure, error) { return &f, err }

func (s trialSheet) equity() (*plots.Figure, error) {
	closes := "daily close"
	if s.Market.Step != 24*time.Hour {
		closes = "close of each step"
	}
	d := plots.EquityData{Frame: s.frame("equity after costs", "USD, "+closes+"; exposure as a share of equity"), Timeline: s.line, Unit: plots.USD,
		Equity: s.Result.Equity, Benchmark: s.Trial.Benchmark.Equity, BenchmarkName: s.benchmarkName(), Exposure: s.Result.Net}
	for _, f := range s.Result.Fills {
		if f.Coins > 0 {
			d.Buys = append(d.Buys, f.Step)
		} else {
			d.Sells = append(d.Sells, f.Step)
		}
	}
	return drawn(plots.Equity(d))
}

// benchmarkName says what the benchmark holds.
func (s trialSheet) benchmarkName() string {
	if len(s.Weights) == 1 {
		for asset := range s.Weights {
			return upper(asset) + " held"
		}
	}
	return "assets held"
}

func (s trialSheet) monthly() (*plots.Figure, error) {
	if len(s.Months) == 0 {
		return nil, nil
	}
	return drawn(plots.Monthly(plots.MonthlyData{Frame: s.frame("returns by month", "after costs"), Months: s.Months}))
}

func (s trialSheet) drawdowns() (*plots.Figure, error) {
	return drawn(plots.DrawdownPeriods(plots.DrawdownPeriodsData{Frame: s.frame("worst drawdowns", "USD"), Timeline: s.line, Unit: plots.USD,
		Price: s.Result.Equity, Name: "equity"}))
}

// rollingDays is the window of the rolling figures; a shorter account has a third of
// its steps.
const rollingDays = 180

func (s trialSheet) rolling() (*plots.Figure, error) {
	returns, benchmark := s.Result.Returns(), s.Trial.Benchmark.Returns()
	n := len(returns)
	window := min(int(math.Round(rollingDays*s.PeriodsPerYear/365)), n/3)
	if window < 20 {
		return nil, nil
	}
	d := plots.RollingData{Frame: s.frame("rolling performance", "annualised; beta on "+s.benchmarkName()), Timeline: s.line, Window: fmt.Sprintf("%d %s", window, unitOf(s.Market.Step))}
	over := func(of func(own, other []float64) (float64, error)) plots.Rolled {
		r := plots.Rolled{Value: missing(n + 1)}
		for end := window; end <= n; end++ {
			if v, err := of(returns[end-window:end], benchmark[end-window:end]); err == nil {
				r.Value[end] = v
			}
		}
		if v, err := of(returns, benchmark); err == nil {
			r.Levels = []plots.Threshold{{Name: "all steps", Value: v}}
		}
		return r
	}
	d.Sharpe = over(func(own, _ []float64) (float64, error) {
		return stats.Sharpe(own, s.RiskFree, s.PeriodsPerYear)
	})
	d.Volatility = over(func(own, _ []float64) (float64, error) { return stats.Volatility(own, s.PeriodsPerYear) })
	d.Beta = over(stats.Beta)
	return drawn(plots.Rolling(d))
}

// held tells whether there was a position at the close of one of two steps.
func (s trialSheet) held(k, next int) bool {
	return slices.ContainsFunc(s.Result.Coins, func(coins []float64) bool { return coins[k] != 0 || coins[next] != 0 })
}

func (s trialSheet) distribution() (*plots.Figure, error) {
	var list []float64
	for k, r := range s.Result.Returns() {
		if s.held(k, k+1) && !math.IsNaN(r) { // steps in cash would be one bar
			list = append(list, r)
		}
	}
	if len(list) < 10 {
		return nil, nil
	}
	d := plots.DistributionData{Frame: s.frame("returns", fmt.Sprintf("Simple returns of %s with a position", counted(len(list), "step"))), Unit: plots.Percent,
		Outcomes: list, Of: "returns", Name: "returns"}
	for _, m := range []struct {
		name string
		of   func([]float64, float64) (float64, error)
	}{{"VaR 5 %", stats.ValueAtRisk}, {"CVaR 5 %", stats.ExpectedShortfall}} {
		if v, err := m.of(list, .05); err == nil {
			d.Marks = append(d.Marks, plots.Statistic{Name: m.name, Value: v})
		}
	}
	return drawn(plots.Distribution(d))
}

// criterionTitles say what a walk forward chooses by.
var criterionTitles = map[string]string{"sharpe": "Sharpe ratio", "total_return": "total return", "calmar": "Calmar ratio"}

func (s trialSheet) walkForward() (*plots.Figure, error) {
	f := s.Forward
	if f == nil {
		return nil, nil
	}
	d := plots.WalkForwardData{Frame: s.frame("walk forward", "USD, parameters chosen by "+criterionTitles[f.Criterion]+" in the window before"), Unit: plots.USD,
		Timeline: plots.Timeline{Times: s.Market.Times[f.First:], Caption: s.line.Caption}, OutOfSample: f.Result.Equity, InSample: f.Best.Equity,
		Benchmark: f.Benchmark.Equity, BenchmarkName: s.benchmarkName()}
	for _, c := range f.Choices {
		d.Windows = append(d.Windows, plots.WalkWindow{From: c.Window.Test.From - f.First, To: c.Window.Test.To - f.First, Cell: s.Grid.Label(c.Cell)})
	}
	return drawn(plots.WalkForward(d))
}

func (s trialSheet) ownImpact() (*plots.Figure, error) {
	if s.Simulated == nil || s.Simulated.Paths == 1 {
		return nil, nil
	}
	sc, plan := s.Simulated.Study.Scenario, s.Simulated.Study.Base.Case.Plan
	return drawn(plots.OwnImpact(plots.OwnImpactData{Frame: s.frame("what its own orders do", fmt.Sprintf("Simple return over %d %s on %s of %s, %s of capital",
		plan.Steps, unitOf(plan.Step), counted(s.Simulated.Paths, "path"), sc.Name, money(s.Strategy.Account.Capital))),
		Unit: plots.Percent, Without: s.Simulated.Taker.Returns, With: s.Simulated.Mover.Returns}))
}
