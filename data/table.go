package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Table is the checked content of one CSV file: times, and for each column
// the values that are there, in the file's units. It is immutable.
type Table struct {
	file, format, sha256 string
	source, status       string
	byDefault            string
	times                []time.Time
	columns              []column
	notes                []Note
}

// A column holds its cells row by row; a value counts only where the form
// says that there is one.
type column struct {
	Column
	values []float64
	forms  []form
	at     []position
}

func (c *column) has(i int) bool { return c.forms[i] == plain }

// newTable decodes the cells of s as p says and checks them.
func newTable(s *csvFile, format string, p *plan, now time.Time) (*Table, error) {
	t := &Table{
		file: s.file, format: format, byDefault: p.byDefault,
		source: p.source, status: p.status, notes: p.notes,
	}
	records, err := decode(s, p.date, p.columns)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	if len(records) == 0 && len(s.faults) == 0 {
		s.faults = append(s.faults, Fault{File: s.file, Found: "a header without rows", Expected: "rows of data"})
	}
	t.times = takeTimes(s, p.date, records, now)
	t.notes = append(t.notes, noteOffsets(s.file, records)...)
	for k, c := range p.columns {
		t.columns = append(t.columns, takeColumn(s, c, k, records, p.accounting))
	}
	for k := range t.columns {
		s.faults = append(s.faults, t.unfit(&t.columns[k], t.columns[k].Kind, t.columns[k].Unit)...)
	}
	if p.check != nil {
		s.faults = append(s.faults, p.check(t)...)
	}
	if len(s.faults) > 0 {
		return nil, s.faults
	}
	return t, nil
}

// takeTimes takes the dates out of the records and adds faults for those
// that cannot be read, lie after now, or are not in ascending order.
func takeTimes(s *csvFile, date int, records []record, now time.Time) []time.Time {
	name := s.header.texts[date]
	times := make([]time.Time, len(records))
	for i, r := range records {
		times[i] = r.When.time
		at, text := s.rows[i].at[date], s.rows[i].texts[date]
		switch {
		case !r.When.known:
			s.fault(at, name, quote(text), knownDates)
		case !now.IsZero() && r.When.time.After(now):
			s.fault(at, name, quote(text), "a date not after today, "+now.UTC().Format(time.DateOnly))
		}
	}
	checkOrder(s, date, records)
	return times
}

// noteOffsets notes the rows whose day may not be the one that is written.
func noteOffsets(file string, records []record) []Note {
	d := diary{series: file, step: day}
	for _, r := range records {
		if r.When.known && r.When.offset {
			d.add("times with an offset were taken to UTC", r.When.time)
		}
	}
	return d.notes
}

// checkOrder compares each date with the last readable one before it. A file
// that runs backwards throughout is one fault, not one on every line.
func checkOrder(s *csvFile, date int, records []record) {
	var wrong Faults
	prev, steps := -1, 0
	for i, r := range records {
		if !r.When.known {
			continue
		}
		if prev >= 0 {
			steps++
			if last := records[prev].When.time; !r.When.time.After(last) {
				found, expected := quote(s.rows[i].texts[date])+" after "+quote(s.rows[prev].texts[date]), "ascending dates"
				if r.When.time.Equal(last) {
					found = fmt.Sprintf("%s again, as on line %d", quote(s.rows[i].texts[date]), s.rows[prev].at[date].line)
					expected = "each date once"
				}
				wrong = append(wrong, cellFault(s.file, s.rows[i].at[date], s.header.texts[date], found, expected))
			}
		}
		prev = i
	}
	if steps > 1 && len(wrong) == steps && !records[prev].When.time.Equal(records[0].When.time) {
		wrong = wrong[:1]
		wrong[0].Expected = "ascending dates; all of this file runs from new to old"
	}
	s.faults = append(s.faults, wrong...)
}

// takeColumn takes the k-th column out of the records and adds a fault for
// every cell that is not a number.
func takeColumn(s *csvFile, p planned, k int, records []record, accountants bool) column {
	c := column{
		Column: p.Column,
		values: make([]float64, len(records)),
		forms:  make([]form, len(records)),
		at:     make([]position, len(records)),
	}
	for i, r := range records {
		n := r.Cells[k]
		c.at[i] = s.rows[i].at[p.index]
		c.values[i], c.forms[i] = n.value, n.form
		switch {
		case n.form == accounting && accountants:
			c.forms[i] = plain
		case n.form == dash && accountants:
			c.forms[i] = absent
		case n.form == accounting:
			s.fault(c.at[i], p.Name, quote(s.rows[i].texts[p.index]), "a number without parentheses or thousands separators")
		case n.form == dash || n.form == broken:
			s.fault(c.at[i], p.Name, quote(s.rows[i].texts[p.index]), "a number")
		}
	}
	return c
}

// unfit returns a fault for every value of c, in unit u, that kind k does not
// allow.
func (t *Table) unfit(c *column, k Kind, u Unit) Faults {
	var faults Faults
	for i, v := range c.values {
		if wanted := unfit(k, u.ToBase(v)); wanted != "" && c.has(i) {
			faults = append(faults, t.cellFault(c, i, show(v), wanted))
		}
	}
	return faults
}

func (t *Table) cellFault(c *column, i int, found, expected string) Fault {
	return cellFault(t.file, c.at[i], c.Name, found, expected)
}

func show(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// column returns the named column, whatever its letter case, or nil.
func (t *Table) column(name string) *column {
	for i := range t.columns {
		if strings.EqualFold(t.columns[i].Name, name) {
			return &t.columns[i]
		}
	}
	return nil
}

// File returns the name the table was read under.
func (t *Table) File() string { return t.file }

// Format returns the name of the format the file was read as.
func (t *Table) Format() string { return t.format }

// Len returns the number of rows.
func (t *Table) Len() int { return len(t.times) }

// Time returns the label of row i, in UTC.
func (t *Table) Time(i int) time.Time { return t.times[i] }

// Columns returns what is known of the columns that hold numbers, in the
// order of the file.
func (t *Table) Columns() []Column {
	out := make([]Column, len(t.columns))
	for i, c := range t.columns {
		out[i] = c.Column
	}
	return out
}

// Value returns the cell of the named column in row i, in the file's unit, and
// whether there is one.
func (t *Table) Value(column string, i int) (float64, bool) {
	c := t.column(column)
	if c == nil || i < 0 || i >= len(t.times) || !c.has(i) {
		return 0, false
	}
	return c.values[i], true
}

// Notes returns what was skipped or looks odd in the file.
func (t *Table) Notes() []Note { return slices.Clone(t.notes) }
