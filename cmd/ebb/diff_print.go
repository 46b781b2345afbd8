package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
)

// remarks are what a reader must know beside the numbers.
func remarks(a, b *result, d comparison) []string {
	var notes []string
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	for _, only := range []struct {
		name string
		x, y *result
	}{{"A", a, b}, {"B", b, a}} {
		outcomes := only.x.outcomesNotIn(only.y)
		if len(outcomes) > 0 {
			note("outcomes in %s only: %s", only.name, strings.Join(outcomes, ", "))
		}
		if runs := missingFrom(only.x.summary.Run.Runs, only.y.summary.Run.Runs); len(runs) > 0 {
			note("runs in %s only: %s", only.name, strings.Join(runs, ", "))
		}
		if assets := missingFrom(only.x.assets(), only.y.assets()); len(assets) > 0 {
			note("assets in %s only: %s", only.name, strings.Join(assets, ", "))
		}
	}
	if d.Identical {
		return notes
	}
	if a.summary.Run.Paths > 1 && b.summary.Run.Paths > 1 && len(d.Outcomes) > 0 {
		note("intervals of B %s A take the two as independent, since a result does not keep its paths%s", minus, sharing(a, b))
	}
	if d.Paths != nil && d.Paths.A != d.Paths.B {
		note("the causes are those of path %d in A and of path %d in B, the most central of each: their news are not the same", d.Paths.A, d.Paths.B)
	}
	return notes
}

// sharing says what the intervals overlook where both drew the same random
// numbers.
func sharing(a, b *result) string {
	x, y := a.summary.Run, b.summary.Run
	if x.Seed != y.Seed || x.News != y.News {
		return ""
	}
	return fmt.Sprintf("; both drew from seed %d, so a difference may be real where they say no: put the change under compare in one scenario to compare path by path", x.Seed)
}

func (r *result) outcomesNotIn(other *result) []string {
	var names []string
	for _, o := range r.summary.Outcomes {
		if !slices.ContainsFunc(other.summary.Outcomes, o.same) {
			names = append(names, o.Title)
		}
	}
	return names
}

func (r *result) assets() []string {
	var names []string
	for _, asset := range r.summary.Path.Returns {
		names = append(names, asset.Asset)
	}
	return names
}

func missingFrom(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(name string) bool { return slices.Contains(other, name) })
}

// printComparison prints what a person wants to read first.
func printComparison(w io.Writer, d comparison) error {
	var b strings.Builder
	for _, side := range []struct {
		name string
		of   resultSummary
	}{{"A", d.A}, {"B", d.B}} {
		fmt.Fprintf(&b, "%s  %s: %s\n", side.name, printable(side.of.Folder), printable(side.of.Title))
	}
	fmt.Fprintf(&b, "%s\n", verdictOnFiles(d))
	if len(d.Input) > 0 {
		fmt.Fprintf(&b, "\n%s\n", changeTable(d.Input))
	}
	if !d.Identical && len(d.Outcomes) > 0 {
		fmt.Fprintf(&b, "\n%s\n", bridgeTable(d.Outcomes))
	}
	if !d.Identical && d.Paths != nil {
		fmt.Fprintf(&b, "\n%s\n", causeBridgeTable(d.Paths))
	}
	for _, text := range d.Notes {
		fmt.Fprintf(&b, "\nnote: %s", printable(text))
	}
	if len(d.Notes) > 0 {
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func verdictOnFiles(d comparison) string {
	switch {
	case d.Identical:
		return "nothing changed: the results are the same byte for byte, by the hashes in their manifests"
	case len(d.Input) == 0:
		return "nothing changed in the input, but these files differ: " + printable(strings.Join(d.Differing, ", "))
	case len(d.Differing) == 0:
		return "the input changed, and every file of the results is the same"
	}
	return "the input changed, and so did the results"
}

func changeTable(list []change) string {
	t := newTable()
	t.AppendHeader(table.Row{"changed", "", "A", "B"})
	what := ""
	for _, c := range list {
		label := c.What
		if c.What == what {
			label = ""
		}
		what = c.What
		x, y := excerpts(c.A, c.B)
		t.AppendRow(table.Row{label, printable(c.Name), printable(x), printable(y)})
	}
	return t.Render()
}

// widest is the longest value that a table shows whole.
const widest = 48

// excerpts are two values for a table; of long ones, the part in which they begin
// to differ.
func excerpts(a, b *string) (x, y string) {
	first, second := orDash(a), orDash(b)
	from := 0
	if max(len(first), len(second)) > widest {
		for from < min(len(first), len(second)) && first[from] == second[from] {
			from++
		}
		from = max(from-widest/4, 0) // with what stands before it
	}
	return excerpt(first, from), excerpt(second, from)
}

func orDash(text *string) []rune {
	if text == nil {
		return []rune("–")
	}
	return []rune(*text)
}

func excerpt(text []rune, from int) string {
	part := string(text[from:min(from+widest, len(text))])
	if from > 0 {
		part = "…" + part
	}
	if from+widest < len(text) {
		part += "…"
	}
	return part
}

// printable is a text from a file without what would move the cursor of a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return '\ufffd'
		}
		return r
	}, text)
}

// bridgeTable has the mean of each outcome, and the median where there is one.
func bridgeTable(outcomes []outcomeBridge) string {
	t := newTable()
	t.AppendHeader(table.Row{"outcome", "run", "", "A [95 %]", "B [95 %]", "B " + minus + " A [95 %]", "larger than chance"})
	for _, o := range outcomes {
		name := o.Title
		for _, run := range o.Runs {
			label := run.Run
			for _, row := range run.rows() {
				number, gap := showNumber(o.Unit), showDifference(o.Unit)
				between := interval(row.Difference, gap)
				if row.Verdict == verdictSame {
					between = gap(0)
				}
				t.AppendRow(table.Row{printable(name), printable(label), row.name, interval(row.A, number), interval(row.B, number), between, string(row.Verdict)})
				name, label = "", ""
			}
		}
	}
	return t.Render()
}

type namedBridge struct {
	name string
	estimateBridge
}

func (run runBridge) rows() []namedBridge {
	switch {
	case run.Mean.Verdict == verdictExact:
		return []namedBridge{{"value", run.Mean}}
	case run.Median.A.Value != run.Median.A.Value && run.Median.B.Value != run.Median.B.Value:
		return []namedBridge{{"mean", run.Mean}}
	}
	return []namedBridge{{"median", run.Median}, {"mean", run.Mean}}
}

// causeBridgeTable is the bridge of the log return on the chosen path.
func causeBridgeTable(p *pathBridge) string {
	t := newTable()
	t.AppendHeader(table.Row{"who moved the price on the path", "asset", "A", "B", "B " + minus + " A"})
	gap := showDifference("fraction")
	row := func(asset string, c causeBridge) {
		t.AppendRow(table.Row{printable(c.Cause), printable(asset), orAbsent(c.A), orAbsent(c.B), gap(c.Difference)})
	}
	for _, asset := range p.Assets {
		for _, c := range asset.Causes {
			if c.Cause == "news" || !nothing(c.A) || !nothing(c.B) {
				row(asset.Asset, c)
			}
		}
		asset.Return.Cause = "log return, their sum"
		row(asset.Asset, asset.Return)
	}
	return t.Render()
}

func nothing(v *float64) bool { return v == nil || *v == 0 }

func orAbsent(v *float64) string {
	if v == nil {
		return "–"
	}
	return percent(*v)
}
