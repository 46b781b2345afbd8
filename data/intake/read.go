package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// Options say what else to do to a file.
type Options struct {
	Only     []string // of the columns, or of the series of a file that holds many; nil for all
	Splits   []Split
	DropLast bool
}

// A Split is a stock split: before Date a price was Factor times as high.
type Split struct {
	Date   time.Time
	Factor float64
}

// An Import is what a file holds, and what was done to it.
type Import struct {
	File    string
	Mapping Mapping
	Rows    int // of data, those that were left out included
	Tables  []Table
	Rules   []Rule
	sources []string // each file with the hash of what is on disk
}

// A Table is one file in the making: columns over the same times, NaN where a value
// is absent. Times label the start of the period a row covers, UTC.
type Table struct {
	Key     string // which of several series the file holds; "" if one
	Group   string // of columns; "" if one
	Columns []Column
	Times   []time.Time
	Values  [][]float64 // of each column
	lines   []int
}

// Read does what m says. All faults of the file are returned at once, as
// [data.Faults]; so are questions that are still open.
func Read(name string, raw []byte, m Mapping, opt Options) (*Import, error) {
	s, err := newSource(name, raw)
	if err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, data.Faults{{File: name, Text: err.Error()}}
	}
	if f := unanswered(name, m); len(f) > 0 {
		return nil, f
	}
	r := &reader{source: s, mapping: m, opt: opt, faults: faults{file: name}}
	if r.report.noun = "line"; m.Separator == "json" {
		r.report.noun = "row"
	}
	r.zone, _ = m.Date.location()
	r.layouts, _ = layouts(m.Date.Layout)
	r.leaveOut()
	if err := s.rows(m, r.row); err != nil {
		return nil, err
	}
	if r.index == nil || r.read == 0 && len(r.faults.list) == 0 {
		return nil, s.fault("a header without rows", "rows of data")
	}
	if len(r.faults.list) > 0 {
		return nil, r.faults.list
	}
	imported := &Import{File: name, Mapping: m, Rows: r.count}
	for _, key := range r.keys {
		imported.Tables = append(imported.Tables, r.finish(key, r.series[key])...)
	}
	if len(r.faults.list) > 0 {
		return nil, r.faults.list
	}
	if len(imported.Tables) == 0 && len(opt.Only) > 0 {
		return nil, s.fault("no number in "+strings.Join(opt.Only, ", "), "one of "+shown(slices.DeleteFunc(append(m.names(), r.keys...), func(s string) bool { return s == "" }))+", after --only")
	}
	if len(imported.Tables) == 0 {
		return nil, s.fault("no column that holds a number", "at least one")
	}
	sum := sha256.Sum256(raw)
	imported.sources = []string{"file " + oneWord(filepath.Base(name)) + ", sha256 " + hex.EncodeToString(sum[:])}
	imported.Rules = r.report.rules
	return imported, nil
}

// unanswered makes faults of the questions of a mapping, one for all columns about
// which the same is asked.
func unanswered(name string, m Mapping) data.Faults {
	var list data.Faults
	if m.Date.Column == open {
		q := m.Questions()[0]
		return data.Faults{{File: name, Text: q.About, Found: counted(m.names()), Expected: q.Flag}}
	}
	columns, ask := map[string][]string{}, []string{}
	asked := map[string][]Question{}
	for _, q := range m.Questions() {
		asked[q.Column] = append(asked[q.Column], q)
	}
	for _, column := range append([]string{""}, m.names()...) {
		for _, q := range asked[column] {
			key := q.About + "\x00" + q.Flag
			if columns[key] == nil {
				ask = append(ask, key)
			}
			columns[key] = append(columns[key], column)
		}
	}
	for _, key := range ask {
		about, flag, _ := strings.Cut(key, "\x00")
		if names := columns[key]; names[0] != "" {
			about = counted(names) + ": " + about
			if len(m.Columns) > 1 {
				flag += "; for one column " + strings.Fields(flag)[0] + " " + names[0] + "=…"
			}
		}
		list = append(list, data.Fault{File: name, Text: about, Found: "nothing in the file that tells", Expected: flag})
	}
	return list
}

// counted names columns.
func counted(names []string) string {
	if len(names) == 1 {
		return "column " + names[0]
	}
	return "columns " + shown(names)
}

// A reader reads rows into series.
type reader struct {
	source  *source
	mapping Mapping
	opt     Options
	zone    *time.Location
	layouts []string
	columns []Column
	unread  []string // names of optional columns that are not known enough
	index   [][]int  // of each column: where its cells may be
	header  []string
	date    int
	by      []int
	keys    []string
	series  map[string]*series
	latest  time.Time // stamp of the file
	count   int       // of rows
	read    int       // of rows that hold data
	report  report
	faults  faults
}

// A series is the rows of a file that belong together, in the order of the file.
type series struct {
	times  []time.Time
	lines  []int
	values [][]float64
}

// leaveOut takes out of the mapping what is optional and unknown, and what was not
// asked for.
func (r *reader) leaveOut() {
	var unknown []string
	for _, c := range r.mapping.Columns {
		asked := len(r.opt.Only) == 0 || len(r.mapping.By) > 0 || slices.Contains(r.opt.Only, c.Name)
		switch {
		case !asked:
		case len(c.questions()) > 0:
			unknown = append(unknown, c.Name)
			r.unread = append(r.unread, c.From...)
		default:
			r.columns = append(r.columns, c)
		}
	}
	if len(unknown) > 0 {
		r.report.say("%s left out: kind or unit is not in the file; --kind and --unit take one in, as in --unit %s=coins", counted(unknown), unknown[0])
	}
}

// row takes the header, or a row of data.
func (r *reader) row(x row) error {
	if r.index == nil {
		if err := r.take(x.cells); err != nil {
			return err
		}
		if r.mapping.Header {
			return nil
		}
	}
	if r.count++; r.count > maxRows {
		return data.Faults{{File: r.source.name, Line: x.line, Found: fmt.Sprintf("more than %d rows", maxRows), Expected: "at most that many"}}
	}
	cells := x.cells
	switch {
	case !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }):
		r.report.at(x.line, "blank rows left out")
		return nil
	case r.date < len(cells) && r.skipped(strings.TrimSpace(cells[r.date])):
		r.report.at(x.line, "row %s is no day and left out", strings.TrimSpace(cells[r.date]))
		return nil
	case len(cells) != len(r.header):
		if r.faults.add(x.line, "", fmt.Sprintf("%d cells", len(cells)), fmt.Sprintf("%d as in the first row", len(r.header))) {
			return r.faults.list
		}
		return nil
	}
	at, ok := r.time(x.line, strings.TrimSpace(cells[r.date]))
	key := r.key(cells)
	if len(r.mapping.By) > 0 && len(r.opt.Only) > 0 && !slices.ContainsFunc(r.opt.Only, func(o string) bool { return strings.EqualFold(o, key) }) {
		r.read++
		return nil
	}
	values := make([]float64, len(r.columns))
	for k := range r.columns {
		values[k] = r.value(k, x.line, cells)
	}
	if ok {
		r.add(key, at, x.line, values)
	}
	if len(r.faults.list) >= maxFaults {
		return r.faults.list
	}
	return nil
}

// take finds the columns of the mapping among those of the file.
func (r *reader) take(header []string) error {
	if r.mapping.Header {
		r.header = names(header)
	} else {
		r.header = names(make([]string, len(header)))
	}
	find := func(name string) int {
		i := indexOf(r.header, name)
		if i < 0 {
			r.faults.add(0, "", "columns "+shown(r.header), "column "+data.Quote(name)+data.DidYouMean(name, r.header))
		}
		return i
	}
	r.date = find(r.mapping.Date.Column)
	for _, name := range r.mapping.By {
		r.by = append(r.by, find(name))
	}
	r.index = make([][]int, len(r.columns))
	read := append([]int{r.date}, r.by...)
	for k, c := range r.columns {
		for _, name := range c.From {
			r.index[k] = append(r.index[k], find(name))
		}
		read = append(read, r.index[k]...)
	}
	if len(r.faults.list) > 0 {
		return r.faults.list
	}
	var left []string
	for i, name := range r.header {
		if !slices.Contains(read, i) && !slices.Contains(r.unread, name) {
			left = append(left, name)
		}
	}
	if len(left) > 0 {
		r.report.say("columns not read: %s", shown(left))
	}
	r.series = map[string]*series{}
	return nil
}

func (r *reader) skipped(cell string) bool {
	return slices.ContainsFunc(r.mapping.Skip, func(s string) bool { return strings.EqualFold(s, cell) })
}

// time reads the date of a row, as it is stamped.
func (r *reader) time(line int, cell string) (time.Time, bool) {
	d := r.mapping.Date
	text := cell
	if from, to, ok := rangeOfDates(cell); ok && d.Ranges == "end" {
		_, starts := readStamp(from, d.Layout, r.layouts)
		if starts {
			r.report.at(line, "a range of dates stands for its last day")
			text = to
		}
	}
	s, ok := readStamp(text, d.Layout, r.layouts)
	if closed := spaced.ReplaceAllString(text, "/"); !ok && closed != text {
		if s, ok = readStamp(closed, d.Layout, r.layouts); ok {
			r.report.at(line, "a space inside a date taken out")
		}
	}
	if !ok {
		r.faults.add(line, r.header[r.date], data.Quote(cell), "a date as "+d.Layout)
		return time.Time{}, false
	}
	if s.clock && !s.zoned && r.zone == nil {
		r.faults.add(line, r.header[r.date], data.Quote(cell)+", a time without a zone", "--zone UTC, --zone UTC+3 or --zone America/New_York")
		return time.Time{}, false
	}
	at := s.in(r.zone)
	if r.mapping.Date.Stamp == "day" && s.clock {
		local := s.at
		if s.zoned && r.zone != nil {
			local = s.at.In(r.zone)
		}
		r.report.at(line, "the time of day left out: a row stands for its day")
		return time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC), true
	}
	if s.clock && !s.zoned && !at.Equal(s.at) {
		r.report.at(line, "times taken from %s to UTC", d.Zone)
	}
	return at, true
}

// key names the series that a row belongs to.
func (r *reader) key(cells []string) string {
	for _, i := range r.by {
		if text := strings.TrimSpace(cells[i]); text != "" {
			return text
		}
	}
	return ""
}

// value reads the cell of column k, NaN if it is absent.
func (r *reader) value(k, line int, cells []string) float64 {
	c := r.columns[k]
	for n, i := range r.index[k] {
		x, ok := readNumber(cells[i], r.mapping.Decimal)
		if ok && x.form&percent != 0 && c.Unit != "percent" {
			r.faults.add(line, r.header[i], data.Quote(cells[i]), "a number in "+c.Unit+", not in percent")
			return math.NaN()
		}
		if !ok || math.IsInf(x.value, 0) {
			r.faults.add(line, r.header[i], data.Quote(cells[i]), "a number")
			return math.NaN()
		}
		if x.blank {
			continue
		}
		for _, f := range formNames {
			if x.form&f.form != 0 {
				r.report.at(line, "%s", f.text)
			}
		}
		if n > 0 {
			r.report.at(line, "column %s stands under another name: taken from %s", c.Name, r.header[i])
		}
		r.compare(c, line, cells, r.index[k][n+1:], x.value)
		return r.checked(c, line, x.value)
	}
	return math.NaN()
}

// compare points at another column of the same series that says something else.
func (r *reader) compare(c Column, line int, cells []string, others []int, v float64) {
	for _, i := range others {
		if x, ok := readNumber(cells[i], r.mapping.Decimal); ok && !x.blank && x.value != v {
			r.report.at(line, "column %s: %s says another number, which is not read", c.Name, r.header[i])
		}
	}
}

// Prices beyond these are no histories: see [data.NewSeries].
const minPrice, maxPrice = 1e-12, 1e12

// checked applies what the mapping says of a value.
func (r *reader) checked(c Column, line int, v float64) float64 {
	switch {
	case v == 0 && c.Zero == "absent":
		r.report.at(line, "column %s: 0 means no data, made absent", c.Name)
		return math.NaN()
	case c.Kind == "price" && v <= 0:
		r.faults.add(line, c.Name, fmt.Sprint(v), "a price above 0; if 0 means no data: --zero "+c.Name+"=absent")
	case c.Kind == "price" && !(data.Unit(c.Unit).ToBase(v) >= minPrice && data.Unit(c.Unit).ToBase(v) <= maxPrice):
		r.faults.add(line, c.Name, fmt.Sprint(v), "a price from 1e-12 to 1e12 USD")
	case c.Per == "day":
		r.report.say("column %s: a day's sum of funding divided by its 3 payments", c.Name)
		return v / 3
	}
	return v
}

// Limits of what one file may hold: 19 years of minutes, as [data.Align] has it.
const (
	maxSeries = 2000
	maxRows   = 10_000_000
)

func (r *reader) add(key string, at time.Time, line int, values []float64) {
	s := r.series[key]
	if s == nil && len(r.keys) == maxSeries {
		r.faults.add(line, r.header[r.by[0]], "series "+data.Quote(key)+" after "+fmt.Sprint(maxSeries)+" others", "a column that names the series of a row")
		return
	}
	if s == nil {
		s = &series{values: make([][]float64, len(r.columns))}
		r.series[key], r.keys = s, append(r.keys, key)
	}
	r.read++
	if at.After(r.latest) {
		r.latest = at
	}
	s.times, s.lines = append(s.times, at), append(s.lines, line)
	for k, v := range values {
		s.values[k] = append(s.values[k], v)
	}
}
