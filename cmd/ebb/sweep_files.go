package main

import (
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/scenarios/sweep"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/urfave/cli/v2"
)

// sweepResult is a finished sweep.
type sweepResult struct {
	sweepHead
	rows        []sweep.Row
	sensitivity []sweep.Sensitivity // by outcome; none where the design does not tell
}

func newSweepResult(head sweepHead, rows []sweep.Row) sweepResult {
	r := sweepResult{sweepHead: head, rows: rows}
	var outcomes []string
	for _, o := range head.Outcomes {
		outcomes = append(outcomes, o.Name)
	}
	if len(rows) == head.Cells {
		r.sensitivity = sweep.Sensitivities(head.Design, head.Axes, outcomes, rows)
	}
	return r
}

// sweepHead is what a result says of all cells of a sweep. A shard keeps it, so that
// shards are merged without the scenario and its data.
type sweepHead struct {
	Scenario   string                `json:"scenario"`
	Title      string                `json:"title"`
	Source     string                `json:"source,omitempty"`
	Hash       string                `json:"scenario_sha256"`
	Status     string                `json:"status,omitempty"`
	Design     sweep.Design          `json:"design"`
	Axes       []sweep.Axis          `json:"axes"`
	Cells      int                   `json:"cells"`
	Paths      int                   `json:"paths"` // of each cell
	Seed       uint64                `json:"seed"`
	Outcomes   []sweptOutcome        `json:"outcomes"`
	Parameters []scenarios.Parameter `json:"parameters"`
	Histories  []manifestHistory     `json:"histories,omitempty"`
}

type sweptOutcome struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Unit  string `json:"unit"`
}

func headOf(plan *sweep.Plan, st *study.Study) sweepHead {
	s := plan.Scenario
	paths, seed := st.Draws()
	h := sweepHead{Scenario: s.Name, Title: s.Title, Source: s.Source, Hash: s.Hash(), Status: status(st), Design: plan.Design, Axes: plan.Axes, Cells: plan.Len(), Paths: paths, Seed: seed, Parameters: s.Parameters()}
	for _, o := range st.Base.Outcomes {
		h.Outcomes = append(h.Outcomes, sweptOutcome{o.Name, o.Title, o.Unit})
	}
	if st.Panel != nil {
		h.Histories = historiesOf(st.Panel, s.History)
	}
	return h
}

// fits tells whether a row is a cell of the sweep, with all that the result shows of it.
func (h sweepHead) fits(row sweep.Row) error {
	if row.Cell < 0 || row.Cell >= h.Cells {
		return fmt.Errorf("cell %d, expected one from 0 to %d", row.Cell, h.Cells-1)
	}
	if len(row.Values) != len(h.Axes) || row.Failed == "" && len(row.Outcomes) != len(h.Outcomes) {
		return fmt.Errorf("cell %d has %d values and %d outcomes, expected %d and %d", row.Cell, len(row.Values), len(row.Outcomes), len(h.Axes), len(h.Outcomes))
	}
	return nil
}

// sweepOfCells is summary.json of a sweep.
type sweepOfCells struct {
	Scenario string         `json:"scenario"`
	Title    string         `json:"title"`
	Hash     string         `json:"hash"`
	Status   string         `json:"status,omitempty"`
	Design   sweep.Design   `json:"design"`
	Axes     []axisSummary  `json:"axes"`
	Paths    int            `json:"paths"` // of each cell
	Seed     uint64         `json:"seed"`
	Cells    int            `json:"cells"`
	Failed   int            `json:"failed"`
	Causes   []failed       `json:"causes,omitempty"`
	Warnings []string       `json:"warnings,omitempty"`
	Outcomes []extremesLine `json:"outcomes"`

	Sensitivity []sweep.Sensitivity `json:"sensitivity,omitempty"`
}

type axisSummary struct {
	Key    string   `json:"key"`
	Unit   string   `json:"unit"`
	Values []string `json:"values,omitempty"`
	Low    *float64 `json:"low,omitempty"`
	High   *float64 `json:"high,omitempty"`
	Log    bool     `json:"log,omitempty"`
}

type failed struct {
	Cell  int    `json:"cell"`
	Of    string `json:"of"`
	Cause string `json:"cause"`
}

// extremesLine is where the mean of an outcome is least and most.
type extremesLine struct {
	Name  string      `json:"name"`
	Title string      `json:"title"`
	Unit  string      `json:"unit"`
	Least *cellFigure `json:"least,omitempty"`
	Most  *cellFigure `json:"most,omitempty"`
}

type cellFigure struct {
	Cell int            `json:"cell"`
	Of   string         `json:"of"`
	Mean stats.Estimate `json:"mean"`
}

func (r sweepResult) summary() sweepOfCells {
	out := sweepOfCells{Scenario: r.Scenario, Title: r.Title, Hash: r.Hash, Status: r.Status, Design: r.Design, Paths: r.Paths, Seed: r.Seed, Cells: r.Cells, Sensitivity: r.sensitivity}
	for _, a := range r.Axes {
		line := axisSummary{Key: a.Key, Unit: a.Unit, Values: a.Values, Log: a.Log}
		if a.Range() {
			line.Low, line.High = &a.Low, &a.High
		}
		out.Axes = append(out.Axes, line)
	}
	for _, row := range r.rows {
		if row.Failed != "" {
			out.Failed++
			out.Causes = append(out.Causes, failed{row.Cell, sweep.Label(r.Axes, row.Values), row.Failed})
		}
		if row.Warning != "" {
			out.Warnings = append(out.Warnings, fmt.Sprintf("cell %d, %s", row.Cell, row.Warning))
		}
	}
	for i, o := range r.Outcomes {
		line := extremesLine{Name: o.Name, Title: o.Title, Unit: o.Unit}
		for _, row := range r.rows {
			if row.Failed != "" || math.IsNaN(row.Outcomes[i].Mean.Value) {
				continue
			}
			f := &cellFigure{row.Cell, sweep.Label(r.Axes, row.Values), row.Outcomes[i].Mean}
			if line.Least == nil || f.Mean.Value < line.Least.Mean.Value {
				line.Least = f
			}
			if line.Most == nil || f.Mean.Value > line.Most.Mean.Value {
				line.Most = f
			}
		}
		out.Outcomes = append(out.Outcomes, line)
	}
	return out
}

// sweepManifest is manifest.json of a sweep.
type sweepManifest struct {
	Ebb        string                `json:"ebb"` // version
	Command    string                `json:"command"`
	Scenario   string                `json:"scenario"`
	Hash       string                `json:"scenario_sha256"`
	Seed       uint64                `json:"seed"`
	Paths      int                   `json:"paths"`
	Parameters []scenarios.Parameter `json:"parameters"`
	Histories  []manifestHistory     `json:"histories,omitempty"`
	Files      []manifestFile        `json:"files"`
}

// files are all the files of a sweep, the summary first and the manifest last.
func (r sweepResult) files(as []format) ([]file, error) {
	text, err := encode(r.summary())
	if err != nil {
		return nil, err
	}
	tables, err := r.tables()
	if err != nil {
		return nil, err
	}
	charts, err := r.charts(as)
	if err != nil {
		return nil, err
	}
	files := slices.Concat([]file{{"summary.json", text}}, tables, charts)
	text, err = encode(sweepManifest{Ebb: version(), Command: "sweep", Scenario: r.Scenario, Hash: r.Hash, Seed: r.Seed, Paths: r.Paths, Parameters: r.Parameters, Histories: r.Histories, Files: filesOf(files)})
	return append(files, file{manifestName, text}), err
}

// A sweptColumn is one column of the table of cells: texts or numbers.
type sweptColumn struct {
	name    string
	texts   []string
	numbers []float64
}

// columns are those of the table of cells, which has one row a cell.
func (r sweepResult) columns() []sweptColumn {
	number := func(name string, of func(sweep.Row) float64) sweptColumn {
		c := sweptColumn{name: name}
		for _, row := range r.rows {
			c.numbers = append(c.numbers, of(row))
		}
		return c
	}
	list := []sweptColumn{number("cell", func(row sweep.Row) float64 { return float64(row.Cell) })}
	for i, a := range r.Axes {
		list = append(list, number(a.Key, func(row sweep.Row) float64 {
			v, err := a.Value(row.Values[i])
			if err != nil {
				return math.NaN()
			}
			return v
		}))
	}
	for i, o := range r.Outcomes {
		for _, figure := range []struct {
			name string
			of   func(sweep.Figures) float64
		}{
			{"mean", func(f sweep.Figures) float64 { return f.Mean.Value }}, {"mean_low", func(f sweep.Figures) float64 { return f.Mean.Low }},
			{"mean_high", func(f sweep.Figures) float64 { return f.Mean.High }}, {"median", func(f sweep.Figures) float64 { return f.Median.Value }},
			{"q05", func(f sweep.Figures) float64 { return f.Q05.Value }}, {"q95", func(f sweep.Figures) float64 { return f.Q95.Value }},
			{"n", func(f sweep.Figures) float64 { return float64(f.Mean.N) }},
		} {
			list = append(list, number(o.Name+"."+figure.name, func(row sweep.Row) float64 {
				if row.Failed != "" {
					return math.NaN()
				}
				return figure.of(row.Outcomes[i])
			}))
		}
	}
	why, warning := sweptColumn{name: "failed"}, sweptColumn{name: "warning"}
	for _, row := range r.rows {
		why.texts, warning.texts = append(why.texts, row.Failed), append(warning.texts, row.Warning)
	}
	return append(list, why, warning)
}

// tables are the cells as CSV and as Parquet.
func (r sweepResult) tables() ([]file, error) {
	columns := r.columns()
	header := make([]string, len(columns))
	p := newParquetTable(r.Status, len(r.rows))
	for i, c := range columns {
		if header[i] = c.name; c.texts != nil {
			p.text(c.name, c.texts)
		} else {
			p.number(c.name, c.numbers)
		}
	}
	w := newTableFile(r.Status, header...)
	for i := range r.rows {
		for _, c := range columns {
			if c.texts != nil {
				w.text(c.texts[i])
			} else {
				w.numbers(c.numbers[i])
			}
		}
		w.end()
	}
	binary, err := p.file("cells.parquet")
	return []file{w.file("cells.csv"), binary}, err
}

// mostShown is how many cells a terminal shows.
const mostShown = 30

// show prints the result that lies in a folder.
func (r sweepResult) show(c *cli.Context, dir string, files []file) error {
	return show(c, files, func(w io.Writer) error { return r.print(w, dir, files) })
}

func (r sweepResult) print(w io.Writer, dir string, files []file) error {
	var b strings.Builder
	s := r.summary()
	fmt.Fprintf(&b, "%s\n", s.Title)
	if s.Status != "" {
		fmt.Fprintf(&b, "%s\n", s.Status)
	}
	fmt.Fprintf(&b, "%s of %s each, all on the same random numbers (seed %d)\n\n", counted(s.Cells, "cell"), counted(s.Paths, "path"), s.Seed)
	for _, text := range r.sensitivityTables() {
		fmt.Fprintf(&b, "%s\n\n", text)
	}
	if s.Cells <= mostShown {
		fmt.Fprintf(&b, "%s\n", r.cells())
	} else {
		fmt.Fprintf(&b, "%s\n", extremesTable(s))
	}
	var causes []string
	for _, f := range s.Causes {
		causes = append(causes, fmt.Sprintf("cell %d failed, %s: %s", f.Cell, f.Of, f.Cause))
	}
	for _, list := range [][]string{causes, s.Warnings} {
		for i, text := range list {
			if i == 5 {
				fmt.Fprintf(&b, "\nand %s more of which cells.csv says as much\n", counted(len(list)-i, "cell"))
				break
			}
			fmt.Fprintf(&b, "\n%s\n", text)
		}
	}
	fmt.Fprintf(&b, "\n%s in %s\n", counted(len(files), "file"), filepath.ToSlash(dir))
	_, err := io.WriteString(w, b.String())
	return err
}

// sensitivityTables say which parameters matter to each outcome.
func (r sweepResult) sensitivityTables() []string {
	var list []string
	for i, s := range r.sensitivity {
		o, t := r.Outcomes[i], newTable()
		var warnings []string
		switch {
		case s.Indices != nil:
			t.AppendHeader(table.Row{o.Title, "alone: first-order index [95 %]", "with interactions: total index [95 %]"})
			for _, x := range s.Indices.Indices {
				t.AppendRow(table.Row{x.Parameter, interval(x.First, showNumber("")), interval(x.Total, showNumber(""))})
			}
			warnings = s.Indices.Warnings
		case s.Effects != nil:
			t.AppendHeader(table.Row{o.Title, "mean size of the effect [95 %]", "its standard deviation [95 %]"})
			for _, x := range s.Effects.Effects {
				number := showDifference(o.Unit)
				t.AppendRow(table.Row{x.Parameter, interval(x.MuStar, number), interval(x.Sigma, number)})
			}
			warnings = s.Effects.Warnings
		default:
			list = append(list, o.Title+": no sensitivity: "+s.Absent)
			continue
		}
		text := t.Render()
		for _, w := range warnings {
			text += "\nnote: " + w
		}
		list = append(list, text)
	}
	return list
}

// cells is the table of all cells: the mean of each outcome with its interval.
func (r sweepResult) cells() string {
	t := newTable()
	header := table.Row{}
	for _, a := range r.Axes {
		header = append(header, a.Key)
	}
	for _, o := range r.Outcomes {
		header = append(header, o.Title+", mean [95 %]")
	}
	t.AppendHeader(header)
	for _, row := range r.rows {
		line := table.Row{}
		for _, v := range row.Values {
			line = append(line, v)
		}
		for i, o := range r.Outcomes {
			if row.Failed != "" {
				line = append(line, "failed")
				continue
			}
			line = append(line, interval(row.Outcomes[i].Mean, showNumber(o.Unit)))
		}
		t.AppendRow(line)
	}
	return t.Render()
}

func extremesTable(s sweepOfCells) string {
	t := newTable()
	t.AppendHeader(table.Row{"outcome", "mean [95 %]", "at"})
	for _, o := range s.Outcomes {
		name := o.Title
		for _, f := range slices.DeleteFunc([]*cellFigure{o.Least, o.Most}, func(f *cellFigure) bool { return f == nil }) {
			t.AppendRow(table.Row{name, interval(f.Mean, showNumber(o.Unit)), f.Of})
			name = ""
		}
	}
	return t.Render()
}
