package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/jedib0t/go-pretty/v6/table"
)

// printTrial prints what a person wants to read first.
func printTrial(w io.Writer, t *trial.Trial, dir string, files []file) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", t.Strategy.Title)
	if text := statusOf(t.Panel); text != "" {
		fmt.Fprintf(&b, "%s\n", text)
	}
	fmt.Fprintf(&b, "%s\n", describeTrial(t))
	if text := describeLookahead(t); text != "" {
		fmt.Fprintf(&b, "%s\n", text)
	}
	for _, text := range trialTables(t) {
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	for i, text := range t.Warnings {
		if i == 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "note: %s\n", text)
	}
	fmt.Fprintf(&b, "\n%s\n", whatIsIn(dir, files))
	_, err := io.WriteString(w, b.String())
	return err
}

// describeTrial says on what the strategy was tried.
func describeTrial(t *trial.Trial) string {
	m := t.Market
	last := len(m.Times) - 1
	return fmt.Sprintf("%d %s, %s to %s; %s at the start; orders fill at the next %s", last, unitOf(m.Step), label(m.Times[0], m.Step), label(m.Times[last], m.Step),
		money(t.Strategy.Account.Capital), t.Strategy.Account.Fill)
}

// describeLookahead says what a check of look-ahead found; "" where none was made.
func describeLookahead(t *trial.Trial) string {
	l := t.Lookahead
	if l == nil {
		return ""
	}
	return fmt.Sprintf("no look-ahead: run again on %s, %s compared, none differs", grouped(l.Cuts)+" shortened histories", counted(l.Decisions, "decision"))
}

// trialTables are the tables of a backtest.
func trialTables(t *trial.Trial) []*printed {
	tables := []*printed{accountsTable(t)}
	if t.Forward != nil {
		tables = append(tables, forwardTable(t))
	}
	if t.Luck != nil {
		tables = append(tables, luckTable(t))
	}
	if t.Simulated != nil {
		tables = append(tables, simulatedTable(t.Simulated))
	}
	return tables
}

// shownOfAccount are the statistics that a terminal shows; the summary has all.
var shownOfAccount = []string{"total_return", "annual_return", "volatility", "sharpe", "sortino", "calmar", "max_drawdown", "time_under_water", "var_5", "cvar_5",
	"win_rate", "profit_factor", "probabilistic_sharpe", "beta", "alpha", "information_ratio"}

// accountsTable sets the strategy beside its benchmark.
func accountsTable(t *trial.Trial) *printed {
	w := captioned("The strategy beside its benchmark")
	w.AppendHeader(table.Row{"", "strategy", "benchmark"})
	for _, name := range shownOfAccount {
		s, ok := stats.EBB.Lookup(name)
		if !ok {
			continue
		}
		own, other := statisticText(t.Statistics, name), statisticText(t.Compared, name)
		w.AppendRow(table.Row{s.Title, own, other})
	}
	w.AppendSeparator()
	for _, row := range []struct {
		title string
		of    func(*backtest.Result) string
	}{
		{"Equity at the end", func(r *backtest.Result) string { return money(r.Equity[len(r.Equity)-1]) }},
		{"Orders", func(r *backtest.Result) string { return grouped(r.Orders) }},
		{"Round trips", func(r *backtest.Result) string { return grouped(len(r.Trades)) }},
		{"Mean holding", func(r *backtest.Result) string { return span(r.Holding()) }},
		{"Time in the market", func(r *backtest.Result) string { return percent(r.TimeInMarket()) }},
		{"Turnover, multiple of equity", func(r *backtest.Result) string { return signed(total(r.Turnover), 2) }},
		{"Fees, spread, impact", func(r *backtest.Result) string { return money(r.Total.Fees + r.Total.Spread + r.Total.Impact) }},
		{"Interest less borrowing", func(r *backtest.Result) string { return money(r.Total.Interest - r.Total.Borrow) }},
	} {
		w.AppendRow(table.Row{row.title, row.of(t.Result), row.of(t.Benchmark)})
	}
	return w
}

// statisticText is a statistic of a summary as a person reads it.
func statisticText(s stats.Summary, name string) string {
	for _, r := range s.Statistics {
		if r.Name == name {
			return showNumber(unitName(r.Unit))(r.Value)
		}
	}
	return "–"
}

// unitName is the unit of a statistic as numbers are shown by it.
func unitName(unit string) string {
	if strings.HasPrefix(unit, "fraction") {
		return "fraction"
	}
	return unit
}

func forwardTable(t *trial.Trial) *printed {
	f, w := t.Forward, captioned("Walk-forward")
	day := func(step int) string { return label(t.Market.Times[step], t.Market.Step) }
	w.AppendHeader(table.Row{"walk forward", "chosen before it", criterionTitles[f.Criterion] + " in sample", "out of sample", "rank of " + grouped(len(t.Grid.Cells))})
	for _, c := range f.Choices {
		rank := "–"
		if c.Rank > 0 {
			rank = fmt.Sprintf("%g", c.Rank)
		}
		number := showNumber(unitName(c.InSample.Unit))
		w.AppendRow(table.Row{day(c.Window.Test.From+1) + " to " + day(c.Window.Test.To), t.Grid.Label(c.Cell), number(c.InSample.Value), number(c.OutOfSample.Value), rank})
	}
	w.AppendRow(table.Row{"one account over all windows", "", "", statisticText(f.Statistics, "total_return") + ", Sharpe " + statisticText(f.Statistics, "sharpe"), ""})
	w.AppendRow(table.Row{"best cell in hindsight", t.Grid.Label(f.Hindsight), "", statisticText(f.BestStatistics, "total_return") + ", Sharpe " + statisticText(f.BestStatistics, "sharpe"), ""})
	w.AppendRow(table.Row{"benchmark", "", "", statisticText(f.Compared, "total_return") + ", Sharpe " + statisticText(f.Compared, "sharpe"), ""})
	w.below = notesOf("walk forward", f.Warnings)
	return w
}

// notesOf are the lines below a table that say what a figure in it is not.
func notesOf(what string, warnings []string) string {
	text := ""
	for _, warning := range warnings {
		text += "\nnote: " + what + ": " + warning
	}
	return text
}

// luckTable says how much of the result chance explains.
func luckTable(t *trial.Trial) *printed {
	l, w, notes := t.Luck, captioned("Was it luck?"), ""
	w.AppendHeader(table.Row{"is it luck?", "found [95 %]", "p", "chance of as much if"})
	verdict := func(title string, v luck.Verdict, what string) {
		number := showNumber(unitName(v.Observed.Unit))
		found := number(v.Observed.Value)
		if v.Interval != nil {
			found = interval(*v.Interval, number)
		}
		w.AppendRow(table.Row{title, found, probability(v.P.Value), what})
		notes += notesOf(title, slices.Concat(v.Warnings, v.P.Warnings))
		if v.Interval != nil {
			notes += notesOf(title, v.Interval.Warnings)
		}
	}
	for _, v := range l.Alone {
		verdict(verdictTitles[v.Observed.Name], v, "it were 0")
	}
	for _, v := range l.Against {
		verdict(verdictTitles[v.Observed.Name], v, "it earned what the benchmark earns")
	}
	if l.Timing != nil {
		verdict("total return, by its timing", *l.Timing, "its positions stood at random times")
	}
	if o := l.Overfitting; o != nil {
		title := "choice among " + counted(o.Cells, "cell")
		w.AppendRow(table.Row{title, "", probability(o.PBO), "(the best of one half is below the median of the other: PBO)"})
		notes += notesOf(title, o.Warnings)
	}
	if d := l.Deflated; d != nil {
		w.AppendRow(table.Row{"best cell, " + t.Grid.Label(d.Cell), "Sharpe " + signed(d.Sharpe, 2), probability(1 - d.DSR), fmt.Sprintf("it were the luckiest of %d without skill (deflated Sharpe)", d.Trials)})
		notes += notesOf("deflated Sharpe ratio", d.Warnings)
	}
	if s := l.Best; s != nil {
		const title = "best cell, standard errors above the benchmark"
		verdict(title, s.Consistent, "no cell beat the benchmark (Hansen)")
		notes += notesOf(title, s.Warnings)
	}
	for _, a := range l.Absent {
		w.below += "\nnot known: " + a
	}
	w.below += notes
	return w
}

// verdictTitles are the figures of a bootstrap.
var verdictTitles = map[string]string{"mean": "mean return a step", "sharpe": "Sharpe ratio", "total_return": "total return",
	"mean_difference": "mean return a step, more than the benchmark", "sharpe_difference": "Sharpe ratio, more than the benchmark",
	"total_return_difference": "total return, more than the benchmark"}

func probability(p float64) string {
	if math.IsNaN(p) {
		return "–"
	}
	return signed(p, 3)
}

func simulatedTable(s *trial.Simulated) *printed {
	w := captioned("On the paths of the scenario")
	w.AppendHeader(table.Row{fmt.Sprintf("on %s of %s", counted(s.Paths, "path"), s.Study.Scenario.Name), "mean [95 %]", "median", "5 %", "95 %", "loses on", "median drawdown"})
	number := showNumber("fraction")
	for _, row := range []struct {
		name string
		of   trial.Spread
	}{{"strategy, without its own impact", s.Taker}, {"strategy, with its own impact", s.Mover}, {"benchmark held", s.Hold}} {
		w.AppendRow(table.Row{row.name, interval(row.of.Mean, number), number(row.of.Median.Value), number(row.of.Low5.Value), number(row.of.High95.Value),
			number(row.of.Loss.Value), number(row.of.Drawdown.Value)})
	}
	w.AppendRow(table.Row{"its own impact, path by path", interval(s.OwnImpact, showDifference("fraction"))})
	return w
}
