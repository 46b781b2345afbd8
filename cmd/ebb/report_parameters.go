package main

import (
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	memo "github.com/ebb-sim/ebb/plots/report"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/ebb-sim/ebb/sim/param"
)

// saidElsewhere are the keys of a file that have their place in a report: texts, data,
// comparisons.
var saidElsewhere = []string{"name", "title", "source", "text", "assumptions", "compare", "charts"}

// parameterTables have what a file says, defaults included: a table for each key at its
// top, and one for each mechanism and monitor.
func parameterTables(list []scenarios.Explained) []memo.Block {
	var blocks []memo.Block
	var last *memo.Table
	group := ""
	flush := func() {
		if last != nil {
			blocks = append(blocks, withoutEmpty(*last))
		}
	}
	for _, p := range list {
		top, rest, _ := cutPath(p.Path)
		if slices.Contains(saidElsewhere, top) || strings.HasPrefix(p.Path, "history.series.") {
			continue
		}
		key, below, source := top, rest, ""
		if top == "mechanisms" || top == "monitors" {
			name, inner, _ := cutPath(rest)
			key, below = top+"."+name, inner
		}
		if key != group || last == nil {
			flush()
			group = key
			last = &memo.Table{Caption: captionOf(top, strings.TrimPrefix(key, top+"."), p),
				Head: []string{"parameter", "value", "unit", "set", "what it is", "source of the default"}}
			if below == "" && top != key {
				continue // its kind, which the caption tells
			}
		}
		if below == "" {
			below = p.Path
		}
		set := "given"
		if !p.Given {
			set, source = "default", p.Source
		}
		last.Rows = append(last.Rows, []string{below, p.Value, strings.ReplaceAll(p.Unit, "_", " "), set, p.Doc, source})
	}
	flush()
	return blocks
}

// withoutEmpty leaves out the columns that hold nothing.
func withoutEmpty(t memo.Table) memo.Table {
	for i := len(t.Head) - 1; i > 0; i-- {
		if slices.ContainsFunc(t.Rows, func(row []string) bool { return row[i] != "" }) {
			continue
		}
		t.Head = slices.Delete(t.Head, i, i+1)
		for k := range t.Rows {
			t.Rows[k] = slices.Delete(t.Rows[k], i, i+1)
		}
	}
	return t
}

// cutPath takes the first key off the path of a parameter.
func cutPath(path string) (first, rest string, found bool) {
	i := strings.IndexAny(path, ".[")
	if i < 0 {
		return path, "", false
	}
	if path[i] == '[' && i == 0 { // a name with dots, or a place: up to the bracket that ends it
		if end := strings.Index(path, "]"); end >= 0 {
			return path[:end+1], strings.TrimPrefix(path[end+1:], "."), true
		}
	}
	return path[:i], strings.TrimPrefix(path[i:], "."), true
}

// captionOf names a table of parameters: of a mechanism with what it is and where its
// rule comes from, as its catalogue knows it.
func captionOf(top, name string, p scenarios.Explained) string {
	title := func(what, title, source string) string {
		text := what + " " + name
		if name != p.Value {
			text += " (" + p.Value + ")"
		}
		return text + ": " + title + ". Source of the rule: " + source
	}
	switch top {
	case "mechanisms":
		for _, k := range mechanism.Kinds() {
			if k.Name == p.Value {
				return title("Mechanism", k.Title, k.Source)
			}
		}
	case "monitors":
		for _, k := range monitor.Kinds() {
			if k.Name == p.Value {
				return title("Monitor", k.Title, k.Source)
			}
		}
	}
	return upperFirst(top)
}

// dataBlocks say where the numbers come from.
func dataBlocks(panel *data.Panel, spec *scenarios.History, notes []string) []memo.Block {
	if panel == nil {
		return []memo.Block{memo.Paragraph("No history was read: prices, sizes and volatilities at the start are those that the scenario states.")}
	}
	series := memo.Table{Caption: "Series", Head: []string{"series", "column, kind and unit", "rows", "first", "last", "known after its period", "status"}}
	files := memo.Table{Caption: "Files", Head: []string{"file", "series", "format", "source", "SHA-256"}}
	for _, h := range historiesOf(panel, spec) {
		rows, first, last := extent(panel, h.Series)
		known, s := "at once", h.Status
		if lag, err := param.ParseDuration(h.Lag); err != nil || lag > 0 {
			known = "after " + h.Lag
		}
		if s == "" {
			s = "as the file has it"
		}
		of, _ := panel.Series(h.Series)
		series.Rows = append(series.Rows, []string{h.Series, h.Column + ", " + string(of.Kind()) + ", " + h.Unit, grouped(rows), label(first, panel.Step()), label(last, panel.Step()), known, s})
		files.Rows = append(files.Rows, []string{h.File, h.Series, h.Format, h.Source, h.SHA256})
	}
	list := []memo.Block{series, withoutEmpty(files)}
	if len(notes) > 0 {
		list = append(list, memo.Paragraph("What was filled, dropped or left absent:"), memo.List(notes))
	}
	return list
}

// extent is how many values a series has in the window of the panel, and the first and
// the last step that has one.
func extent(panel *data.Panel, name string) (rows int, first, last time.Time) {
	for i := range panel.Len() {
		if _, ok := panel.Value(name, i); !ok || panel.Carried(name, i) {
			continue
		}
		if rows++; rows == 1 {
			first = panel.Time(i)
		}
		last = panel.Time(i)
	}
	return rows, first, last
}

// notesOfData are the notes of a study's history, with files named as in the scenario.
func notesOfData(st *study.Study) []string {
	if st.Panel == nil {
		return nil
	}
	var list []string
	for _, note := range st.Panel.Notes() {
		list = append(list, asNamed(st, note.String()))
	}
	return list
}
