package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// What --kind says of a column.
const (
	kindPrice  = "price"
	kindReturn = "return"
)

// pathRead is a column as a price path: the prices themselves, or the wealth of 1 invested
// before the first return.
type pathRead struct {
	series data.Series
	kind   string // price or return
	times  []time.Time
	prices []float64
	closes []time.Time // ends of the periods of times: when the prices are known
	next   time.Time   // when the next row would be due
	notes  []string
}

// readPath reads a column of a file, of the days that are inside.
func readPath(name string, asked columnAsked, inside func(time.Time) bool) (*pathRead, error) {
	t, err := library{folder: ".", anywhere: true}.Table(name, asked.format)
	if err != nil {
		return nil, place(name, err)
	}
	request, kind, err := settle(name, t, asked)
	if err != nil {
		return nil, err
	}
	whole, err := t.Series(request)
	if err != nil {
		return nil, place(name, err)
	}
	s, err := within(whole, inside)
	if err != nil {
		return nil, place(name, err)
	}
	p := &pathRead{series: s, kind: kind, next: due(s)}
	if column, _ := chosen(t, asked.column); asked.kind == "" && column.Kind == "" {
		p.notes = append(p.notes, fmt.Sprintf("column %s is taken for a price by its name; %s return says that it is none", column.Name, asked.flag))
	}
	for _, note := range append(whole.Notes(), data.Check(s, time.Time{})...) {
		note.Series = ""
		p.notes = append(p.notes, note.String())
	}
	if kind == kindReturn {
		return p, p.compound(name, asked.flag)
	}
	for i := range s.Len() {
		at, v := s.At(i)
		p.add(at, v)
	}
	return p, nil
}

// settle is what to ask of a file for the column: what the file calls a price is one, and
// nothing is told from the values.
func settle(name string, t *data.Table, asked columnAsked) (data.Request, string, error) {
	request := data.Request{Column: asked.column}
	column, found := chosen(t, asked.column)
	kind := asked.kind
	if kind == "" && found && (column.Kind == data.Price || column.Kind == "" && namesPrice(column.Name)) {
		kind = kindPrice
	}
	fault := func(found, expected string) error {
		return data.Faults{{File: name, Text: "column " + column.Name, Found: found, Expected: expected}}
	}
	switch {
	case len(t.Columns()) == 0:
		return request, "", noNumbers(t)
	case !found && asked.column == "":
		var names []string
		for _, c := range t.Columns() {
			names = append(names, c.Name)
		}
		return request, "", data.Faults{{File: name, Found: "columns " + strings.Join(names, ", "), Expected: "one of them, by " + asked.columnFlag()}}
	case !found: // the table says what is wrong
	case kind == "" && column.Kind == "":
		return request, "", fault("nothing that says what it is", asked.flag+" price or "+asked.flag+" return: values alone do not tell")
	case kind == "" && column.Kind == data.Rate:
		return request, "", fault("a rate", asked.flag+" return, if it is what was earned in each row")
	case kind == "" && column.Kind == data.Level:
		return request, "", fault("a level", asked.flag+" price, if it is what something was worth")
	case column.Fixed && column.Kind == data.Flow, kind == "":
		return request, "", fault("a "+string(column.Kind), "a price or a return")
	case kind == kindReturn && column.Fixed && column.Kind != data.Rate:
		return request, "", fault(asked.flag+" return", string(column.Kind)+", which the file or its format states")
	case kind == kindReturn:
		request.Kind, request.Unit = data.Rate, data.Unit(asked.unit)
		if asked.unit == "" && column.Unit == "" {
			request.Unit = data.Fraction
		}
	case column.Kind == data.Level && column.Fixed: // an index is worth what it is, as a price is
	default:
		request.Kind = data.Price
	}
	return request, kind, nil
}

// columnFlag is how to choose a column.
func (a columnAsked) columnFlag() string {
	if a.flag == "--benchmark-kind" {
		return "--benchmark FILE:COLUMN"
	}
	return "--column"
}

// namesPrice reports whether a header says of its column that it is a price.
func namesPrice(header string) bool {
	return slices.Contains([]string{"close", "price", "adj close", "adj_close"}, strings.ToLower(header))
}

// chosen is the column that a request without more than a name takes, if there is one.
func chosen(t *data.Table, name string) (data.Column, bool) {
	s, err := t.Series(data.Request{Column: name, Kind: data.Level, Unit: data.Points})
	if err == nil {
		name = s.Provenance().Column
	}
	columns := t.Columns()
	for _, c := range columns {
		if c.Name == name || name == "" && (len(columns) == 1 || c.Name == "close") {
			return c, true
		}
	}
	return data.Column{}, false
}

func (p *pathRead) add(at time.Time, price float64) {
	p.times, p.prices, p.closes = append(p.times, at), append(p.prices, price), append(p.closes, at.Add(p.series.Step()))
}

// compound makes a path of returns. One that is not known cannot be skipped: what was
// earned over it would be taken for nothing.
func (p *pathRead) compound(name, flag string) error {
	s := p.series
	if gone := s.Absent(); len(gone) > 0 {
		return data.Faults{{File: name, Text: "column " + s.Provenance().Column,
			Found:    fmt.Sprintf("%s without a return, the first on %s", counted(len(gone), "row"), p.date(gone[0])),
			Expected: "a return in every row; choose a stretch with --from and --to, or write what was earned"}}
	}
	wealth := 1.
	p.add(before(s), wealth)
	for i := range s.Len() {
		at, r := s.At(i)
		if r < -1 {
			return data.Faults{{File: name, Text: fmt.Sprintf("column %s on %s", s.Provenance().Column, p.date(at)),
				Found: "a return of " + percent(r), Expected: "at least −100 %; give --unit percent if the file is in percent, " + flag + " price if it holds prices"}}
		}
		wealth *= 1 + r
		p.add(at, wealth)
	}
	return nil
}

// before is the date on which the period of the first row begins: the one of the row
// before it, had the file one.
func before(s data.Series) time.Time {
	first, _ := s.At(0)
	if sessions(s) {
		at := first.AddDate(0, 0, -1)
		for range 10 {
			if data.NYSE.Open(at) {
				break
			}
			at = at.AddDate(0, 0, -1)
		}
		return at
	}
	if s.Len() < 2 {
		return first.Add(-s.Step())
	}
	second, _ := s.At(1)
	return first.Add(first.Sub(second))
}

// due is when the row after the last would be.
func due(s data.Series) time.Time {
	last, _ := s.At(s.Len() - 1)
	if sessions(s) {
		at := last.AddDate(0, 0, 1)
		for range 10 {
			if data.NYSE.Open(at) {
				break
			}
			at = at.AddDate(0, 0, 1)
		}
		return at
	}
	if s.Len() < 2 {
		return last.Add(s.Step())
	}
	earlier, _ := s.At(s.Len() - 2)
	return last.Add(last.Sub(earlier))
}

// sessions tells whether a series has a row for each session of the US exchange.
func sessions(s data.Series) bool {
	if s.Len() < 2 || data.CalendarOf(s) != data.NYSE {
		return false
	}
	first, _ := s.At(0)
	last, _ := s.At(s.Len() - 1)
	return last.Sub(first) < time.Duration(s.Len())*2*24*time.Hour // not weekly ones
}

func (p *pathRead) label() string {
	return p.series.Provenance().File
}

func (p *pathRead) date(at time.Time) string { return label(at, p.series.Step()) }

func (p *pathRead) source() sourceJSON {
	from, n := p.series.Provenance(), p.series.Len()
	first, _ := p.series.At(0)
	last, _ := p.series.At(n - 1)
	return sourceJSON{File: from.File, SHA256: from.SHA256, Column: from.Column, Kind: p.kind, Unit: string(from.Unit), Rows: n,
		First: p.date(first), Last: p.date(last), Source: from.Source, Status: from.Status}
}

// joined are two paths at the dates that both have.
type joined struct {
	times          []time.Time
	own, benchmark []float64
	at             []int // of the own path
	dropped        int   // own dates between them that the benchmark does not have
	outside        int   // own dates before or after all of them
}

// join keeps the prices of both paths at common closes, so that a return of a pair spans
// the same time and none is lost: what was earned over a weekend is in the next pair.
func join(own, benchmark *pathRead) joined {
	there := map[int64]int{}
	for k, at := range benchmark.closes {
		there[at.Unix()] = k
	}
	var j joined
	for i, at := range own.closes {
		if k, ok := there[at.Unix()]; ok {
			j.times, j.at = append(j.times, own.times[i]), append(j.at, i)
			j.own, j.benchmark = append(j.own, own.prices[i]), append(j.benchmark, benchmark.prices[k])
		}
	}
	if n := len(j.at); n > 0 {
		j.dropped = j.at[n-1] - j.at[0] + 1 - n
		j.outside = len(own.times) - n - j.dropped
	}
	return j
}
