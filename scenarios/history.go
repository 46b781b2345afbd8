package scenarios

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/param"
)

// Files reads data files as a scenario names them.
type Files interface {
	Table(file, format string) (*data.Table, error)
	FlowFacts(file string) ([]data.FlowFact, error)
}

// ReadHistory reads and aligns the observed series. It returns nil where the
// scenario has no history. Every fault comes back at once: those of the files
// with their own lines, files that cannot be read with the scenario's line.
func (s *Scenario) ReadHistory(files Files) (*data.Panel, error) {
	if s.History == nil {
		return nil, nil
	}
	var faults data.Faults
	var list []data.Series
	tables := map[[2]string]*data.Table{}
	for _, name := range slices.Sorted(maps.Keys(s.History.Series)) {
		spec := s.History.Series[name]
		series, err := spec.read(name, files, tables)
		if err != nil {
			faults = append(faults, s.blameFile("history.series."+name+".file", err)...)
			continue
		}
		list = append(list, series)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	panel, err := data.Align(list, data.AlignOptions{From: s.History.From, To: s.lastStep(s.History.To, s.History.Step), Step: s.History.Step})
	if err != nil {
		return nil, s.blameFile("history", err)
	}
	return panel, nil
}

func (spec Series) read(name string, files Files, tables map[[2]string]*data.Table) (data.Series, error) {
	key := [2]string{spec.File, spec.Format}
	table := tables[key]
	if table == nil {
		var err error
		if table, err = files.Table(spec.File, spec.Format); err != nil {
			return data.Series{}, err
		}
		tables[key] = table
	}
	return table.Series(data.Request{Name: name, Column: spec.Column, Kind: spec.Kind, Unit: spec.Unit,
		Lag: spec.Published, Source: spec.Source, Status: spec.Status})
}

// SetFiles lists the data files that overrides name, and not the scenario's file.
func (s *Scenario) SetFiles() []string {
	var files []string
	add := func(n *node) {
		if n != nil && n.form == scalar && n.source.name != s.File {
			files = append(files, n.text)
		}
	}
	for _, e := range s.root.get("history").get("series").pairs() {
		add(e.value.get("file"))
	}
	add(s.root.get("facts").get("file"))
	return files
}

// ReadFlowFacts reads the reported flows that the scenario names. Facts are empty
// where it names none.
func (s *Scenario) ReadFlowFacts(files Files) (data.Facts, error) {
	if s.Facts == nil {
		return data.Facts{}, nil
	}
	list, err := files.FlowFacts(s.Facts.File)
	if err != nil {
		return data.Facts{}, s.blameFile("facts.file", err)
	}
	return data.Facts{FlowFacts: list}, nil
}

// blameFile keeps faults that know their place and gives the scenario's line to
// those that do not.
func (s *Scenario) blameFile(path string, err error) data.Faults {
	var known data.Faults
	if errors.As(err, &known) && !slices.ContainsFunc(known, func(f data.Fault) bool { return f.Line == 0 }) {
		return known
	}
	return data.Faults{s.fault(path, err.Error(), "", "")}
}

// fault points at a path of the scenario file.
func (s *Scenario) fault(path, text, found, expected string) data.Fault {
	f := s.At(path)
	f.Text, f.Found, f.Expected = text, found, expected
	return f
}

// startRow finds the row of the starting close.
func (s *Scenario) startRow(panel *data.Panel) (int, error) {
	if s.Simulate == nil {
		return 0, nil
	}
	if s.Simulate.From.IsZero() {
		return panel.Len() - 1, nil
	}
	from := s.lastStep(s.Simulate.From, panel.Step())
	for i := range panel.Len() {
		if panel.Time(i).Equal(from) {
			return i, nil
		}
	}
	return 0, data.Faults{s.fault("simulate.from", "the starting close", param.FormatDate(s.Simulate.From),
		fmt.Sprintf("a step of the history, %s to %s", param.FormatDate(panel.Time(0)), param.FormatDate(panel.Time(panel.Len()-1))))}
}

// lastStep is the step in which a date ends; a time of day is that of a step.
func (s *Scenario) lastStep(date time.Time, step time.Duration) time.Time {
	if !date.IsZero() && step < day && date.Equal(date.Truncate(day)) {
		return date.Add(day - step)
	}
	return date
}
