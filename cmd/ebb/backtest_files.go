package main

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/ebb-sim/ebb/sim/backtest"
)

// trialManifest is manifest.json of a backtest.
type trialManifest struct {
	Ebb        string                `json:"ebb"` // version
	Command    string                `json:"command"`
	Strategy   string                `json:"strategy"`
	Hash       string                `json:"strategy_sha256"`
	Scenario   string                `json:"scenario,omitempty"` // on whose paths it traded
	Parameters []scenarios.Parameter `json:"parameters"`         // all that the strategy says, defaults included
	Histories  []manifestHistory     `json:"histories"`
	Files      []manifestFile        `json:"files"`
}

// trialFiles are all the files of a backtest, the summary first and the manifest
// last. flags are those that change what it shows.
func trialFiles(t *trial.Trial, flags []string, as []format) ([]file, error) {
	text, err := encode(summariseTrial(t))
	if err != nil {
		return nil, err
	}
	files := []file{{"summary.json", text}, equityTable(t), fillTable(t), tradeTable(t)}
	if t.Grid != nil {
		files = append(files, gridFile(t))
	}
	if t.Simulated != nil {
		files = append(files, simulatedFile(t.Simulated))
	}
	charts, err := drawTrial(t)
	if err != nil {
		return nil, err
	}
	painted, pictures, err := paintCharts(charts, as)
	if err != nil {
		return nil, err
	}
	report, err := reportFiles(trialReport(t, pictures, flags))
	if err != nil {
		return nil, err
	}
	files = append(append(files, painted...), report...)
	m := trialManifest{Ebb: version(), Command: "backtest", Strategy: t.Strategy.Name, Hash: t.Strategy.Hash(),
		Parameters: t.Strategy.Listed(), Histories: historiesOf(t.Panel, t.Strategy.History)}
	if t.Simulated != nil {
		m.Scenario = t.Simulated.Study.Scenario.Name
	}
	m.Files = filesOf(files)
	text, err = encode(m)
	return append(files, file{manifestName, text}), err
}

// equityTable has one row a step: the account and its benchmark at the close. It says
// of itself what it holds, so that `ebb stats` reads it.
func equityTable(t *trial.Trial) file {
	r, declared := t.Result, []string{}
	if r.Ruined < 0 { // what falls to 0 is no price
		declared = append(declared, "equity_usd")
	}
	if t.Benchmark.Ruined < 0 {
		declared = append(declared, "benchmark_usd")
	}
	header := []string{"date", "equity_usd", "benchmark_usd", "cash_usd", "gross", "net", "turnover", "interest_usd", "costs_usd"}
	for _, a := range t.Market.Assets {
		header = append(header, a.Name+".coins", scenarios.PriceSeries(a.Name))
		declared = append(declared, scenarios.PriceSeries(a.Name))
	}
	w := newHistoryFile(statusOf(t.Panel), declared, header...)
	for k, at := range t.Market.Times {
		w.text(label(at, t.Market.Step))
		w.numbers(r.Equity[k], t.Benchmark.Equity[k], r.Cash[k], r.Gross[k], r.Net[k], r.Turnover[k], r.Flows[k].Interest, r.Flows[k].Costs())
		for a := range t.Market.Assets {
			w.numbers(r.Coins[a][k], t.Market.Close[a][k])
		}
		w.end()
	}
	return w.file("equity.csv")
}

func fillTable(t *trial.Trial) file {
	w := newTableFile(statusOf(t.Panel), "decided", "filled", "asset", "reason", "coins", "mid_usd", "price_usd", "notional_usd", "fee_usd", "spread_usd", "impact_usd", "clipped")
	for _, f := range t.Result.Fills {
		w.text(closeOf(f.Decided, t), filledAt(f.Filled, t), t.Market.Assets[f.Asset].Name, f.Reason)
		w.numbers(f.Coins, f.Mid, f.Price, f.Notional, f.Fee, f.Spread, f.Impact)
		w.text(strconv.FormatBool(f.Clipped))
		w.end()
	}
	return w.file("fills.csv")
}

func tradeTable(t *trial.Trial) file {
	w := newTableFile(statusOf(t.Panel), "asset", "entered", "left", "why", "why_left", "open", "coins", "entry_price_usd", "exit_price_usd", "fees_usd", "borrow_usd", "pnl_usd", "return", "steps")
	for _, x := range t.Result.Trades {
		left := filledAt(x.Exit, t)
		if x.Open {
			left = closeOf(x.Exit, t) // the last close, at which it is marked
		}
		w.text(t.Market.Assets[x.Asset].Name, filledAt(x.Enter, t), left, x.Why, x.WhyLeft, strconv.FormatBool(x.Open))
		w.numbers(x.Coins, x.EntryPrice, x.ExitPrice, x.Fees, x.Borrow, x.PnL, x.Return, float64(x.Steps))
		w.end()
	}
	return w.file("trades.csv")
}

// closeOf is the label of the step that closes at a time.
func closeOf(at time.Time, t *trial.Trial) string {
	return label(at.Add(-t.Market.Step), t.Market.Step)
}

// filledAt is the label of the step in which an order was filled at a time, its open
// or its close.
func filledAt(at time.Time, t *trial.Trial) string {
	if t.Strategy.Account.Fill == scenarios.AtClose {
		return closeOf(at, t)
	}
	return label(at, t.Market.Step)
}

// gridFile has one row a cell.
func gridFile(t *trial.Trial) file {
	w := newTableFile(statusOf(t.Panel), append(append([]string{}, t.Grid.Parameters...), "total_return", "sharpe", "max_drawdown", "orders", "ruined")...)
	for _, c := range t.Grid.Cells {
		for _, v := range c.Values {
			w.text(v.Text)
		}
		w.numbers(c.Total, c.Sharpe, c.Worst, float64(c.Orders))
		w.text(strconv.FormatBool(c.Ruined))
		w.end()
	}
	return w.file("grid.csv")
}

// simulatedFile has one row a path.
func simulatedFile(s *trial.Simulated) file {
	w := newTableFile(statusOf(s.Study.Panel), "path", "without_own_impact.return", "without_own_impact.max_drawdown", "with_own_impact.return", "with_own_impact.max_drawdown", "benchmark.return", "benchmark.max_drawdown")
	for i := range s.Taker.Returns {
		w.text(strconv.Itoa(i))
		w.numbers(s.Taker.Returns[i], s.Taker.Drawdowns[i], s.Mover.Returns[i], s.Mover.Drawdowns[i], s.Hold.Returns[i], s.Hold.Drawdowns[i])
		w.end()
	}
	return w.file("simulated.csv")
}

// describeTarget says what a decision wants, for a person.
func describeTarget(t backtest.Target) string {
	switch t.Kind {
	case backtest.Weight:
		return fmt.Sprintf("%s to %s of equity", t.Reason, percent(t.Value))
	case backtest.USD:
		return fmt.Sprintf("%s to %s", t.Reason, money(t.Value))
	case backtest.Coins:
		return fmt.Sprintf("%s to %s coins", t.Reason, signed(t.Value, 4))
	}
	return "nothing"
}

// span is the length of steps in days, where they are days or more.
func span(steps float64) string {
	if math.IsNaN(steps) {
		return "–"
	}
	return signed(steps, 1) + " steps"
}
