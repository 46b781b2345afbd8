package data

import (
	"math"
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
	rows                 *csvFile // to tell where a cell stands, should it be a fault
	times                []instant
	columns              []column
	notes                []Note
}

// A column holds its cells row by row; a value counts only where the form
// says that there is one.
type column struct {
	Column
	index  int // in the file
	values []float64
	forms  []form // up to the last cell that is not plain
}

func (c *column) form(i int) form {
	if i < len(c.forms) {
		return c.forms[i]
	}
	return plain
}

func (c *column) has(i int) bool { return c.form(i) == plain }

func (c *column) hasAbsent() bool { return len(c.forms) > 0 }

func (c *column) mark(i int, f form) {
	if more := i + 1 - len(c.forms); more > 0 {
		c.forms = append(c.forms, make([]form, more)...)
	}
	c.forms[i] = f
}

// newTable decodes the cells of s as p says and checks them.
func newTable(s *csvFile, format string, p *plan, now time.Time) (*Table, error) {
	t := &Table{
		file: s.file, format: format, byDefault: p.byDefault,
		source: p.source, status: p.status, notes: p.notes,
		rows: s, columns: p.columns,
	}
	latest := instant(math.MaxInt64)
	if !now.IsZero() {
		latest = instantOf(now)
	}
	faults := t.decode(p, latest)
	if t.Len() == 0 && len(faults) == 0 {
		faults = Faults{{File: s.file, Found: "a header without rows", Expected: "rows of data"}}
	}
	for k := range t.columns {
		faults = append(faults, t.unfit(&t.columns[k], t.columns[k].Kind, t.columns[k].Unit)...)
	}
	if p.check != nil {
		faults = append(faults, p.check(t)...)
	}
	if faults.full() {
		faults = append(faults, Fault{File: s.file, Text: "more faults than are looked for: these are the first of each sort"})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return t, nil
}

// unfit returns a fault for every value of c, in unit u, that kind k does not
// allow.
func (t *Table) unfit(c *column, k Kind, u Unit) Faults {
	var faults Faults
	locator := locator{t: t}
	low, high := k.bounds()
	scale := u.scale()
	if scale.isBase() && within(c.values, low, high) {
		return nil
	}
	for i, v := range c.values {
		if faults.full() {
			break
		}
		if base := scale.toBase(v); base >= low && base <= high || !c.has(i) {
			continue
		}
		faults = append(faults, locator.fault(c, i, show(v), unfit(k, scale.toBase(v))))
	}
	return faults
}

// within reports whether all values are from low to high.
func within(values []float64, low, high float64) bool {
	for _, v := range values {
		if !(v >= low && v <= high) {
			return false
		}
	}
	return true
}

// A locator makes faults of cells by going over the file once more, because
// places kept for all cells would take as much memory as their values. It is meant
// for ascending rows.
type locator struct {
	t    *Table
	walk *walk
	row  int // that the walk is at
}

func (l *locator) fault(c *column, row int, found, expected string) Fault {
	if l.walk == nil || l.row > row {
		l.walk, l.row = l.t.rows.walk(), -1
	}
	for l.row < row && l.walk.step() {
		l.row++
	}
	return cellFault(l.t.file, l.walk.row.position(c.index), c.Name, found, expected)
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
func (t *Table) Time(i int) time.Time { return t.times[i].time() }

// Lines returns on which line of the file each row stands, counted from 1.
func (t *Table) Lines() []int {
	lines := make([]int, 0, t.Len())
	for w := t.rows.walk(); w.step(); {
		lines = append(lines, int(w.row.position(0).line))
	}
	return lines
}

// Dates reads a column of dates, such as those of expiry, which [Table.Columns] does
// not list because it holds no numbers. An empty cell is the zero time. A column that
// is not there or holds something else is an error, as [Faults].
func (t *Table) Dates(column string) ([]time.Time, error) {
	at := slices.IndexFunc(t.rows.header.texts, func(name string) bool { return strings.EqualFold(name, column) })
	if at < 0 {
		return nil, Faults{{
			File: t.file, Found: "columns " + joined(t.rows.header.texts),
			Expected: "column " + Quote(column) + DidYouMean(column, t.rows.header.texts),
		}}
	}
	dates := make([]time.Time, 0, t.Len())
	var faults Faults
	for w := t.rows.walk(); w.step(); {
		cell := w.row.cell(at)
		if len(strings.TrimSpace(string(cell))) == 0 {
			dates = append(dates, time.Time{})
			continue
		}
		date, _ := readInstant(cell)
		if date == never {
			faults = append(faults, cellFault(t.file, w.row.position(at), column, Quote(string(cell)), knownDates))
		}
		dates = append(dates, date.time())
	}
	return dates, faults.Err()
}

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
