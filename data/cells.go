package data

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/gocarina/gocsv"
)

// gocsv decodes every cell, and its own conversions are never used: it turns
// an empty cell into 0, reads "42,123" as 42.123 and lets NaN pass. The cell
// types below decide instead, and because gocsv stops at the first error and
// counts lines wrongly after a blank one, they keep what they saw; the table
// turns that into faults with the places it knows.

// A record is one row as gocsv decodes it.
type record struct {
	When  stamp    `csv:"date"`
	Cells []number `csv:"-"` // as many as the file has columns
}

// dateKey is the name under which the table hands gocsv its date column.
const dateKey = "date"

// UnmarshalCSVWithFields implements [gocsv.TypeUnmarshalCSVWithFields]. Cells
// come in the order of the columns.
func (r *record) UnmarshalCSVWithFields(key, text string) error {
	if key == dateKey {
		return r.When.UnmarshalCSV(text)
	}
	if r.Cells == nil {
		r.Cells = make([]number, 0, 12) // a kline; few files are wider
	}
	r.Cells = append(r.Cells, number{})
	return r.Cells[len(r.Cells)-1].UnmarshalCSV(text)
}

// decode reads the date column and the given other columns of s.
func decode(s *csvFile, date int, columns []planned) ([]record, error) {
	var records []record
	err := gocsv.UnmarshalDecoder(selection{s, date, columns}, &records)
	return records, err
}

// A selection is the part of a file that is decoded.
type selection struct {
	*csvFile
	date    int
	columns []planned
}

// GetCSVRows implements [gocsv.Decoder].
func (s selection) GetCSVRows() ([][]string, error) {
	rows := make([][]string, 1, len(s.rows)+1)
	rows[0] = []string{dateKey}
	for _, c := range s.columns {
		rows[0] = append(rows[0], "column "+c.Name) // so that none is called date
	}
	for _, row := range s.rows {
		cells := make([]string, 1, len(rows[0]))
		cells[0] = row.texts[s.date]
		for _, c := range s.columns {
			cells = append(cells, row.texts[c.index])
		}
		rows = append(rows, cells)
	}
	return rows, nil
}

// A form is how a number is written.
type form uint8

const (
	absent     form = iota // an empty cell
	plain                  // -1234.5 or 1e-04
	accounting             // (1,234.5), 1,234.5, or a typographic minus
	dash                   // a lone dash, which accountants write for no value
	broken                 // anything else
)

// A number is a cell that should hold one.
type number struct {
	value float64
	form  form
}

// UnmarshalCSV implements [gocsv.TypeUnmarshaller]. It never fails: what it
// cannot read it keeps as broken.
func (n *number) UnmarshalCSV(text string) error {
	n.value, n.form = readNumber(strings.TrimSpace(text))
	return nil
}

func readNumber(s string) (float64, form) {
	switch s {
	case "":
		return 0, absent
	case "-", "–", "—", "−":
		return 0, dash
	}
	if v, ok := parseNumber(s); ok {
		return v, plain
	}
	if v, ok := parseAccounting(s); ok {
		return v, accounting
	}
	return 0, broken
}

var grouped = regexp.MustCompile(`^\d{1,3}(,\d{3})+(\.\d*)?$`)

// parseAccounting reads parentheses or a minus sign of any kind around a
// number that may have thousands separators.
func parseAccounting(s string) (float64, bool) {
	sign := 1.0
	if inner, ok := strings.CutPrefix(s, "("); ok {
		if inner, ok = strings.CutSuffix(inner, ")"); !ok {
			return 0, false
		}
		sign, s = -1, inner
	} else if inner, ok := strings.CutPrefix(strings.Replace(s, "−", "-", 1), "-"); ok {
		sign, s = -1, inner
	}
	if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	if s == "" || s[0] == '-' || s[0] == '+' {
		return 0, false
	}
	v, ok := parseNumber(s)
	return sign * v, ok
}

// A stamp is a cell that should hold a date or a time.
type stamp struct {
	time   time.Time // in UTC
	known  bool
	offset bool // it was written with an offset from UTC
}

// UnmarshalCSV implements [gocsv.TypeUnmarshaller]; like number, it keeps
// what it cannot read.
func (w *stamp) UnmarshalCSV(text string) error {
	t, known := parseTime(strings.TrimSpace(text))
	_, seconds := t.Zone()
	w.time, w.known, w.offset = t.UTC(), known, seconds != 0
	return nil
}

// layouts are the ways of writing a date that have one meaning only;
// 3/4/2026 has two. A time without a zone is UTC.
var layouts = []string{
	time.DateOnly,
	"2 Jan 2006",
	time.DateTime,
	"2006-01-02 15:04:05 UTC",
	"2006-01-02 15:04:05Z07:00",
	"2006-01-02T15:04:05",
	time.RFC3339,
}

const knownDates = "a date such as 2025-10-06, 6 Oct 2025, 2025-10-06T00:00:00Z, or epoch seconds or milliseconds"

// parseTime reads a date in one of the layouts, or an epoch, and keeps the
// offset it is written with. Years outside 1900..2199 are taken for a mistake.
func parseTime(s string) (time.Time, bool) {
	if t, ok := parseEpoch(s); ok {
		return t, plausible(t)
	}
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t, plausible(t)
		}
	}
	return time.Time{}, false
}

func plausible(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 2200 }

// parseEpoch tells the unit by the number of digits: between 2001 and 2286
// seconds have 10, milliseconds 13 and microseconds 16.
func parseEpoch(s string) (time.Time, bool) {
	if strings.Trim(s, "0123456789") != "" {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	switch len(s) {
	case 10:
		return time.Unix(n, 0).UTC(), true
	case 13:
		return time.UnixMilli(n).UTC(), true
	case 16:
		return time.UnixMicro(n).UTC(), true
	}
	return time.Time{}, false
}
