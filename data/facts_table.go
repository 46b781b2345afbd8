package data

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io/fs"
	"reflect"
	"slices"
	"strings"

	"github.com/gocarina/gocsv"
)

// maxFacts is the largest table of facts that is read, in bytes: its cells are all kept as
// strings.
const maxFacts = 16 << 20

// A misfit is a cell that can be read but does not fit its row or the rows
// above.
type misfit struct{ column, found, expected string }

// A factRow tells which of its cells do not fit, given the rows above.
type factRow[T any] interface{ misfits(before []T) []misfit }

// readFactTable reads a whole table of facts strictly. gocsv turns cells into
// fields; columns, blank cells and places are checked here, because gocsv lets
// a missing column pass and loses count of lines.
func readFactTable[T factRow[T]](fsys fs.FS, file string) ([]T, Faults) {
	content, err := readFile(fsys, file, maxFacts)
	if err != nil {
		return nil, Faults{{File: file, Text: strings.TrimPrefix(err.Error(), file+": ")}}
	}
	s, err := readFactFile(file, content)
	if err != nil {
		return nil, faultsOf(file, err)
	}
	columns := factColumns[T]()
	if s.checkFactHeader(columns); len(s.faults) > 0 {
		return nil, s.faults
	}
	s.checkRequired(columns)
	var rows []T
	collect := func(e *csv.ParseError) bool { // counts records, the header being 1
		s.misfit(e.Line-2, e.Column-1, Quote(s.rows[e.Line-2].texts[e.Column-1]), e.Err.Error())
		return true
	}
	if err := gocsv.UnmarshalWithErrorHandler(bytes.NewReader(content), collect, &rows); err != nil {
		return nil, append(s.faults, faultsOf(file, err)...)
	}
	if len(s.faults) > 0 {
		return nil, s.faults
	}
	for i, row := range rows {
		for _, m := range row.misfits(rows[:i]) {
			s.misfit(i, slices.Index(s.header.texts, m.column), m.found, m.expected)
		}
	}
	return rows, s.faults
}

// A factFile is a small file with its cells as strings.
type factFile struct {
	*csvFile
	rows []factCells
}

type factCells struct {
	texts []string
	at    []position
}

func readFactFile(file string, content []byte) (*factFile, error) {
	s, err := cutFile(file, content)
	if err != nil {
		return nil, err
	}
	f := &factFile{csvFile: s}
	w := s.walk()
	for w.step() {
		f.rows = append(f.rows, factCells{w.row.strings(), w.row.positions()})
	}
	s.faults = append(s.cut, w.faults...)
	return f, nil
}

func faultsOf(file string, err error) Faults {
	if faults := (Faults)(nil); errors.As(err, &faults) {
		return faults
	}
	return Faults{{File: file, Text: err.Error()}}
}

// misfit adds the fault of a cell, given by its row and column from 0.
func (s *factFile) misfit(row, column int, found, expected string) {
	s.fault(s.rows[row].at[column], s.header.texts[column], found, expected)
}

// checkFactHeader asks for exactly these columns, in any order.
func (s *factFile) checkFactHeader(columns []factColumn) {
	if len(s.head) > 0 {
		s.fault(position{1, 1}, "", Quote(s.head[0]), "the header line")
	}
	s.checkHeader()
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.name
		if !slices.Contains(s.header.texts, column.name) {
			s.missing(column.name)
		}
	}
	for i, name := range s.header.texts {
		if !slices.Contains(names, name) {
			s.fault(s.header.at[i], "", "column "+Quote(name), "only columns of this table"+DidYouMean(name, names))
		}
	}
	if len(s.rows) == 0 && len(s.faults) == 0 {
		s.faults = append(s.faults, Fault{File: s.file, Found: "no rows", Expected: "at least one below the header"})
	}
}

// checkRequired finds blank cells of text columns that must say something; a
// blank cell elsewhere is for the cell's type to judge.
func (s *factFile) checkRequired(columns []factColumn) {
	for _, column := range columns {
		if !column.required {
			continue
		}
		j := slices.Index(s.header.texts, column.name)
		for i, row := range s.rows {
			if row.texts[j] == "" {
				s.misfit(i, j, "nothing", "a text")
			}
		}
	}
}

type factColumn struct {
	name     string
	required bool
}

// factColumns lists the columns of a row type from its tags.
func factColumns[T any]() []factColumn {
	t := reflect.TypeFor[T]()
	columns := make([]factColumn, t.NumField())
	for i := range columns {
		tag := t.Field(i).Tag
		columns[i] = factColumn{tag.Get("csv"), tag.Get("cell") == "required"}
	}
	return columns
}
