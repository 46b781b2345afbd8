package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// sampleRows are looked at to recognise a file.
const sampleRows = 200

// A sample is the start of a file.
type sample struct {
	header  []string // names, or positions where the file has none
	rows    [][]string
	decimal string
}

// index is the column of a name whatever its letter case, or -1.
func (s sample) index(name string) int { return indexOf(s.header, name) }

func indexOf(header []string, name string) int {
	return slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, name) })
}

// take reads the first rows of a file as m says they are cut.
func (s *source) take(m Mapping) (sample, error) {
	var found sample
	err := s.rows(m, func(r row) error {
		switch {
		case found.header == nil && m.Header:
			found.header = names(r.cells)
			return nil
		case found.header == nil:
			found.header = names(make([]string, len(r.cells)))
		}
		found.rows = append(found.rows, slices.Clone(r.cells))
		if len(found.rows) == sampleRows {
			return errStop
		}
		return nil
	})
	if err == nil && len(found.rows) == 0 {
		err = s.fault("a header without rows", "rows of data")
	}
	found.decimal = found.decimalSign()
	return found, err
}

// Recognise finds the mapping that reads the file, with "?" for what the file does
// not tell, and what a reader should know of its format.
func Recognise(name string, raw []byte) (Mapping, []string, error) {
	s, err := newSource(name, raw)
	if err != nil {
		return Mapping{}, nil, err
	}
	if err := s.foreign(); err != nil {
		return Mapping{}, nil, err
	}
	isJSON, err := s.isJSON()
	if err != nil {
		return Mapping{}, nil, err
	}
	if isJSON {
		return s.recogniseJSON()
	}
	return s.recogniseText()
}

// foreign refuses what is no vendor's file.
func (s *source) foreign() error {
	if strings.HasPrefix(string(s.raw[:min(len(s.raw), 64)]), "# ebb history") {
		return s.fault("a file in ebb's own format", "a vendor's file; this one is ready to use")
	}
	return nil
}

func (s *source) recogniseText() (Mapping, []string, error) {
	var m Mapping
	m.Defaults()
	var err error
	if m.Separator, err = s.separator(); err != nil {
		return m, nil, err
	}
	if text, err := s.text("utf-8"); err == nil {
		if _, ok := text.(*wide); ok {
			m.Encoding = "utf-16"
		}
	}
	m.Header = false
	found, err := s.take(m)
	if err != nil {
		return m, nil, err
	}
	if layoutOf([]string{strings.TrimSpace(found.rows[0][0])}) == "" {
		m.Header = true
		if found, err = s.take(m); err != nil {
			return m, nil, err
		}
	}
	for _, k := range formats {
		if k.rows == nil && k.fits(found, m.Header) {
			return s.complete(k, m, found)
		}
	}
	return s.complete(generic(found), m, found)
}

func (s *source) recogniseJSON() (Mapping, []string, error) {
	m := Mapping{Encoding: "utf-8", Separator: "json", Decimal: "point", Header: true}
	t, err := s.tree()
	if err != nil {
		return m, nil, err
	}
	for _, k := range formats {
		if k.rows == nil || !t.has(k.rows) {
			continue
		}
		m.Rows = k.rows
		if found, err := s.take(m); err == nil && k.fits(found, true) {
			return s.complete(k, m, found)
		}
	}
	path, ok := t.plainList()
	if !ok {
		return m, nil, s.fault("JSON without one plain list of rows", "a list of objects, or of lists; where it is can be said in a mapping file, as rows")
	}
	m.Rows = []string{path}
	found, err := s.take(m)
	if err != nil {
		return m, nil, err
	}
	return s.complete(generic(found), m, found)
}

// has reports whether there are rows at all the paths.
func (t *tree) has(paths []string) bool {
	for _, path := range paths {
		var steps []string
		if path != "" {
			steps = strings.Split(path, ".")
		}
		if len(t.find(steps, record{})) == 0 {
			return false
		}
	}
	return true
}

// plainList finds the only list of rows: the whole, or what stands under one key.
func (t *tree) plainList() (path string, ok bool) {
	if t.form == '[' {
		return "", true
	}
	var lists, numbers []string
	for i, item := range t.items {
		if item.form == '[' && len(item.items) > 0 {
			if item.items[0].form == 0 {
				numbers = append(numbers, t.keys[i])
			} else {
				lists = append(lists, t.keys[i])
			}
		}
	}
	switch {
	case len(lists) == 1:
		return lists[0], true
	case len(lists) == 0 && len(numbers) > 1:
		return "", true // columns side by side
	}
	return "", false
}

// fits reports whether a sample has the signature.
func (k known) fits(s sample, header bool) bool {
	if k.order != nil {
		return !header && len(s.header) == len(k.order) && k.ordered(s)
	}
	for _, name := range k.header {
		if s.index(name) < 0 {
			return false
		}
	}
	if k.exact && len(s.header) != len(k.header) || !header {
		return false
	}
	return k.layout == "" || layoutOf(s.dates(s.index("date"))) == k.layout
}

// ordered reports whether the cells named high and low are the highest and the
// lowest of every row, and the first is a date.
func (k known) ordered(s sample) bool {
	at := func(row []string, name string) float64 {
		c, ok := readNumber(row[slices.Index(k.order, name)], "point")
		if !ok || c.blank {
			return -1
		}
		return c.value
	}
	for _, row := range s.rows {
		if len(row) != len(k.order) || layoutOf(row[:1]) == "" {
			return false
		}
		high, low := at(row, "high"), at(row, "low")
		for _, name := range []string{"open", "close"} {
			if v := at(row, name); v < 0 || v > high || v < low {
				return false
			}
		}
	}
	return true
}

// dates are the cells of a column that should hold dates.
func (s sample) dates(column int) []string {
	var cells []string
	for _, row := range s.rows {
		if column < len(row) {
			if c := strings.TrimSpace(row[column]); c != "" && !slices.Contains(summary, strings.ToLower(c)) {
				cells = append(cells, c)
			}
		}
	}
	return cells
}

// generic is the format of a file that no table knows: a column of dates by its
// name, and the numbers beside it.
func generic(s sample) known {
	k := known{mapping: Mapping{Format: "dates and values"}}
	for _, name := range dateNames {
		if i := s.index(name); i >= 0 {
			k.mapping.Date.Column = s.header[i]
			break
		}
	}
	date := s.index(k.mapping.Date.Column)
	for i, name := range s.header {
		if i == date || !s.numeric(i) || date >= 0 && len(s.dates(i)) > 0 && slices.Contains(dateNames, strings.ToLower(name)) {
			continue
		}
		k.mapping.Columns = append(k.mapping.Columns, usualColumn(name))
	}
	// Where some columns are known, the others are left out and not asked about.
	if slices.ContainsFunc(k.mapping.Columns, func(c Column) bool { return len(c.questions()) == 0 }) {
		for i := range k.mapping.Columns {
			k.mapping.Columns[i].Optional = true
		}
	}
	return k
}

// usualColumn is what a name tells of a column.
func usualColumn(name string) Column {
	for _, c := range usual {
		if slices.Contains(c.From, strings.ToLower(name)) {
			c.From = []string{name}
			return c
		}
	}
	return Column{From: []string{name}, Name: plainName(name), Kind: open, Unit: open}
}

// plainName makes a name of lower-case letters, digits and underscores.
func plainName(s string) string {
	const most = 80
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case b.Len() == most:
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return cmp.Or(strings.Trim(b.String(), "_."), "column")
}

// numeric reports whether most cells of a column that are not blank hold numbers, so
// far as the sample shows. A column without any cell may hold some later.
func (s sample) numeric(column int) bool {
	numbers, texts := 0, 0
	for _, row := range s.rows {
		if column >= len(row) {
			continue
		}
		switch c, ok := readNumber(row[column], s.decimal); {
		case !ok:
			texts++
		case !c.blank:
			numbers++
		}
	}
	return numbers >= texts
}

// decimalSign is point, or comma where that makes numbers of cells that are none
// with a point, such as 1.234,5, and never the other way round.
func (s sample) decimalSign() string {
	comma := false
	for _, row := range s.rows {
		for _, text := range row {
			_, byPoint := readNumber(text, "point")
			_, byComma := readNumber(text, "comma")
			if byPoint && !byComma {
				return "point"
			}
			comma = comma || byComma && !byPoint
		}
	}
	if comma {
		return "comma"
	}
	return "point"
}

// complete fits the mapping of a format to the file at hand: its own names of the
// columns, how its dates are written, and what they do not say.
func (s *source) complete(k known, cut Mapping, found sample) (Mapping, []string, error) {
	m := k.mapping
	m.Encoding, m.Separator, m.Header = cut.Encoding, cut.Separator, cut.Header
	m.Decimal, m.Rows, m.Skip = found.decimal, cut.Rows, summary
	if date := found.index(m.Date.Column); date >= 0 {
		m.Date.Column = found.header[date]
		if err := s.completeDates(&m, found, date); err != nil {
			return m, nil, err
		}
	} else {
		m.Date = Date{Column: open, Layout: open, Stamp: open}
	}
	m.By = present(found, m.By)
	m.Columns = found.columns(m.Columns, append(m.By, m.Date.Column))
	if len(m.Columns) == 0 {
		return m, nil, s.fault("columns "+shown(found.header), "a column of numbers beside the dates")
	}
	return m, k.notes, nil
}

func shown(header []string) string {
	const most = 20
	if more := len(header) - most; more > 0 {
		return strings.Join(header[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(header, ", ")
}

// completeDates settles the layout and asks for a zone and a stamp where times of
// day are written and nothing tells.
func (s *source) completeDates(m *Mapping, found sample, date int) error {
	cells := found.dates(date)
	if m.Date.Layout == "" {
		m.Date.Layout = layoutOf(cells)
	}
	if m.Date.Layout == "" {
		at := ""
		if len(cells) > 0 {
			at = cells[0]
		}
		return data.Faults{{File: s.name, Text: "column " + m.Date.Column, Found: data.Quote(at) + " among its first rows",
			Expected: "dates in one layout, such as 2025-10-06, 6 Oct 2025 or epoch milliseconds; another can be given with --dates or a mapping file"}}
	}
	layout := m.Date.Layout
	if layout == open {
		layout = "M/D/YYYY" // only for the time of day
	}
	written, err := layouts(layout)
	if err != nil {
		return err
	}
	clock, zoned := false, true
	for _, c := range cells {
		if _, to, ok := rangeOfDates(c); ok {
			c = to
		}
		if st, ok := readStamp(c, layout, written); ok && st.clock {
			clock, zoned = true, zoned && st.zoned
		}
	}
	switch {
	case clock && !zoned && strings.HasSuffix(strings.ToLower(m.Date.Column), "utc"):
		m.Date.Zone = "UTC"
	case clock && !zoned:
		m.Date.Zone = open
	}
	switch {
	case !clock && m.Date.Stamp != open:
		m.Date.Stamp = "day"
	case m.Date.Stamp == "":
		m.Date.Stamp = open
	}
	return nil
}

// present are the names that the file has, as it writes them.
func present(s sample, wanted []string) []string {
	var found []string
	for _, name := range wanted {
		if i := s.index(name); i >= 0 {
			found = append(found, s.header[i])
		}
	}
	return found
}

// columns are those of a format that the file has. Every other column of numbers
// stands in the place of the one that asks for it.
func (s sample) columns(wanted []Column, taken []string) []Column {
	for _, c := range wanted {
		taken = append(taken, present(s, c.From)...)
	}
	var found []Column
	for _, c := range wanted {
		if c.From[0] != anyOther {
			if c.From = present(s, c.From); len(c.From) > 0 {
				found = append(found, c)
			}
			continue
		}
		for k, name := range s.header {
			if slices.Contains(taken, name) || !s.numeric(k) {
				continue
			}
			other := c
			other.From, other.Name = []string{name}, plainName(name[strings.LastIndexByte(name, '.')+1:])
			found = append(found, other)
		}
	}
	return found
}
