package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/jedib0t/go-pretty/v6/table"
)

// printStudy prints what a person wants to read first.
func printStudy(w io.Writer, st *study.Study, dir string, files []file) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", st.Scenario.Title)
	if text := status(st); text != "" {
		fmt.Fprintf(&b, "%s\n", text)
	}
	fmt.Fprintf(&b, "%s\n\n", describeRun(st))
	fmt.Fprintf(&b, "%s\n", outcomeTable(st))
	if len(st.Variants) > 0 {
		fmt.Fprintf(&b, "\n%s\n", differenceTable(st))
	}
	if len(st.Impulses) > 0 {
		fmt.Fprintf(&b, "\n%s\n", impulseTable(st))
	}
	if len(st.Base.Path.Ledger.Rows) > 0 {
		fmt.Fprintf(&b, "\n%s\n", causeTable(st))
	}
	for _, text := range askedTables(st) {
		fmt.Fprintf(&b, "\n%s\n", text)
	}
	for _, text := range st.Warnings {
		fmt.Fprintf(&b, "\nnote: %s", text)
	}
	if len(st.Warnings) > 0 {
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "\n%s\n", whatIsIn(dir, files))
	_, err := io.WriteString(w, b.String())
	return err
}

// whatIsIn says where a result with a report is, and what is in it.
func whatIsIn(dir string, files []file) string {
	pictures, others := picturesAmong(files)
	return fmt.Sprintf("%d charts, %d tables, %s and %s in %s", pictures, others-2, reportName, memoName, filepath.ToSlash(dir))
}

func describeRun(st *study.Study) string {
	plan := st.Base.Case.Plan
	text := fmt.Sprintf("%d %s", plan.Steps, unitOf(plan.Step))
	if start := stamp(plan, -1); start != "" {
		text += " from the close of " + start
	}
	if st.Random() {
		return text + fmt.Sprintf(", %s, news: %s, seed %d", describePaths(st), st.Base.Case.Driver.Name(), st.Base.Ensemble.Seed)
	}
	return text + ", news: " + st.Base.Case.Driver.Name()
}

// describePaths says how many paths there are, how they were drawn, and why no more.
func describePaths(st *study.Study) string {
	ask, paths := st.Base.Case.Simulate, st.Base.Ensemble.Paths
	text := counted(paths, strings.TrimSpace(ask.Variance+" path"))
	if st.Base.Stopped != nil && st.Base.Stopped.Reached {
		text += fmt.Sprintf(" of at most %s, precise enough", grouped(ask.Paths))
	}
	return text
}

func outcomeTable(st *study.Study) *printed {
	t := captioned("Outcomes of each run")
	if st.Spread() {
		t.AppendHeader(table.Row{"outcome", "run", "median [95 %]", "mean [95 %]", "5 %", "95 %"})
	} else {
		t.AppendHeader(table.Row{"outcome", "run", "value"})
	}
	for _, o := range st.Outcomes {
		number := showNumber(o.Unit)
		for i, c := range o.Cases {
			name := o.Title
			if i > 0 {
				name = ""
			}
			if st.Spread() {
				run := c.Run
				if n := c.Mean.N; n < st.Base.Ensemble.Paths {
					run += fmt.Sprintf(" (on %s of the paths)", grouped(n))
				}
				t.AppendRow(table.Row{name, run, interval(c.Median, number), interval(c.Mean, number), number(c.Low5.Value), number(c.High95.Value)})
			} else {
				t.AppendRow(table.Row{name, c.Run, number(c.Mean.Value)})
			}
		}
	}
	return t
}

// interval is an estimate with the bounds that it has.
func interval(e stats.Estimate, number func(float64) string) string {
	if math.IsNaN(e.Value) {
		return "–"
	}
	if e.N == 1 || math.IsNaN(e.Low) || math.IsNaN(e.High) {
		return number(e.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", number(e.Value), number(e.Low), number(e.High))
}

// differenceTable says what the feedback did: the base less each variant, on
// the same news.
func differenceTable(st *study.Study) *printed {
	t := captioned("What each comparison changes, on the same news")
	t.AppendHeader(table.Row{st.Base.Label + " minus", "outcome", "median", "mean", "ratio of means"})
	for _, run := range st.Variants {
		label := run.Label
		for _, o := range st.Outcomes {
			at := slices.IndexFunc(o.Differences, func(d study.Difference) bool { return d.Against == run.Label })
			if at < 0 {
				continue
			}
			d, number, ratio := o.Differences[at], showDifference(o.Unit), "–"
			if d.Ratio != nil {
				ratio = interval(*d.Ratio, showNumber(""))
			}
			t.AppendRow(table.Row{label, o.Title, interval(d.Median, number), interval(d.Mean, number), ratio})
			label = ""
		}
	}
	return t
}

// impulseTable says what a small fall becomes.
func impulseTable(st *study.Study) *printed {
	t := captioned("What a small fall becomes")
	t.AppendHeader(table.Row{"news of −1 % becomes", "run", "log return", "multiplier"})
	for _, i := range st.Impulses {
		name := upper(i.Asset)
		for _, c := range i.Curves {
			multiplier := signed(c.Multiplier, 4)
			if !c.Settled {
				multiplier = "not settled after " + counted(len(c.Response)-1, "step")
			}
			t.AppendRow(table.Row{name, c.Run, percent(c.Response[len(c.Response)-1]), multiplier})
			name = ""
		}
	}
	return t
}

// causeTable says who moved the price on the chosen path.
func causeTable(st *study.Study) *printed {
	t := captioned("Who moved the price")
	which := "this path"
	if st.Spread() {
		which = "the most central path"
	}
	t.AppendHeader(table.Row{"who moved the price on " + which, "asset", "log return", "orders"})
	for _, c := range summarisePath(st).Ledger {
		if c.Cause != "news" && math.Abs(c.Return) < 5e-7 && c.OrdersUSD == 0 { // less than is shown
			continue
		}
		orders := "–"
		if c.Cause != "news" {
			orders = money(c.OrdersUSD)
		}
		t.AppendRow(table.Row{c.Cause, c.Asset, percent(c.Return), orders})
	}
	return t
}
