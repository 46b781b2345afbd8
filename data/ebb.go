package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ebbFormat is the format ebb writes: the head states what the numbers are,
// so that a request need not.
//
//	# ebb history 1
//	# status: reconstructed, not market data
//	# source: weekly facts, bridged
//	# column total: flow usd_m published 1d
//	date,total
//	2025-08-04,12.3
//	2025-08-05,-4
//
// The head may also hold "# note:" lines. A column line gives kind, unit and,
// if it is not 0, the publication lag.
var ebbFormat = format{
	name:      "ebb",
	about:     "a head that starts with \"# ebb history 1\", then date and values",
	recognise: func(s *csvFile) bool { return len(s.head) > 0 },
	plan:      planEbb,
}

// plainFormat is a date column and numbers, without a word on what they are;
// a request must give kind and unit.
//
//	date,fng
//	2018-02-01,30
//	2018-02-02,15
var plainFormat = format{
	name:      "plain",
	about:     "a date column (" + strings.Join(dateNames, ", ") + ") and any others; kind and unit come with the request",
	recognise: func(s *csvFile) bool { return s.find(dateNames...) >= 0 },
	plan:      planPlain,
}

const ebbHead = "# ebb history "

func planEbb(s *csvFile) *plan {
	p := planPlain(s)
	if len(s.head) == 0 || !strings.HasPrefix(s.head[0], ebbHead) {
		found := s.header.texts[0]
		if len(s.head) > 0 {
			found = s.head[0]
		}
		s.fault(position{1, 1}, "", Quote(found), Quote(ebbHead+"1"))
		return p
	}
	if version := strings.TrimSpace(s.head[0][len(ebbHead):]); version != "1" {
		s.fault(position{1, 1}, "", "version "+Quote(version), "version 1, the only one this program knows")
		return p
	}
	for i, line := range s.head[1:] {
		planHeadLine(s, p, position{int32(i + 2), 1}, line)
	}
	if declaresBars(p) {
		p.check = checkBars
	}
	return p
}

// declaresBars reports whether all prices of a bar are declared as prices.
func declaresBars(p *plan) bool {
	n := 0
	for _, c := range p.columns {
		if c.Kind == Price && slices.Contains(barPrices, c.Name) {
			n++
		}
	}
	return n == len(barPrices)
}

// planHeadLine reads one "# key: value" line into p.
func planHeadLine(s *csvFile, p *plan, at position, line string) {
	key, value, ok := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), ":")
	value = strings.TrimSpace(value)
	name, isColumn := strings.CutPrefix(key, "column ")
	switch {
	case !ok || value == "":
		s.fault(at, "", Quote(line), `"# key: value"`)
	case key == "status":
		p.status = value
	case key == "source":
		p.source = value
	case key == "note":
		p.notes = append(p.notes, Note{Series: s.file, Text: value})
	case isColumn:
		declare(s, p, at, strings.TrimSpace(name), value)
	default:
		known := []string{"status", "source", "note", "column"}
		s.fault(at, "", "key "+Quote(key), "status, source, note or column NAME"+DidYouMean(key, known))
	}
}

// declare gives a column of p what a column line of the head says.
func declare(s *csvFile, p *plan, at position, name, value string) {
	i := slices.IndexFunc(p.columns, func(c column) bool { return c.Name == name })
	if i < 0 {
		s.fault(at, "", "column "+Quote(name)+" in the head only", "a column of the header"+DidYouMean(name, s.header.texts))
		return
	}
	c := &p.columns[i]
	if c.Fixed {
		s.fault(at, "", "column "+Quote(name)+" twice", "each column once")
		return
	}
	kind, unit, lag, err := parseDeclaration(value)
	if err != nil {
		s.faults = append(s.faults, Fault{File: s.file, Line: int(at.line), Text: "column " + name + ": " + err.Error()})
		return
	}
	c.Kind, c.Unit, c.Lag, c.Fixed = kind, unit, lag, true
}

func parseDeclaration(s string) (kind Kind, unit Unit, lag time.Duration, err error) {
	words := strings.Fields(s)
	if len(words) != 2 && (len(words) != 4 || words[2] != "published") {
		return "", "", 0, fmt.Errorf(`found %s, expected "KIND UNIT" or "KIND UNIT published 1d"`, Quote(s))
	}
	if kind, err = ParseKind(words[0]); err != nil {
		return
	}
	if unit, err = ParseUnit(words[1]); err != nil {
		return
	}
	if !kind.admits(unit) {
		return "", "", 0, fmt.Errorf("a %s cannot be in %s", kind, unit)
	}
	if len(words) == 4 {
		lag, err = parseLag(words[3])
	}
	return
}

// parseLag reads "1d", or hours and minutes as Go writes them.
func parseLag(s string) (lag time.Duration, err error) {
	const most = 3650
	if days, ok := strings.CutSuffix(s, "d"); ok {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 64)
		lag = time.Duration(min(n, most+1)) * day
	} else {
		lag, err = time.ParseDuration(s)
	}
	if err != nil || lag < 0 || lag > most*day {
		return 0, fmt.Errorf("found lag %s, expected such as 1d, 12h or 30m", Quote(s))
	}
	return lag, nil
}

// planPlain takes every column but the date for numbers. In a file without a
// head a column without a single number is text and left out with a note.
func planPlain(s *csvFile) *plan {
	p := &plan{date: s.find(dateNames...)}
	if p.date < 0 {
		s.missing("date")
		return p
	}
	var text []bool
	if len(s.head) == 0 {
		text = textColumns(s, p.date)
	}
	for i, name := range s.header.texts {
		switch {
		case i == p.date:
		case text != nil && text[i]:
			p.notes = append(p.notes, Note{Series: s.file, Text: "column " + name + " is text and not read"})
		default:
			p.columns = append(p.columns, column{Column: Column{Name: name}, index: i})
		}
	}
	switch {
	case len(s.header.texts) == 1:
		s.fault(s.header.at[0], "", "no other column than "+Quote(s.header.texts[0]), "a column of numbers")
	case s.find("close") >= 0:
		p.byDefault = "close"
	case len(p.columns) == 1:
		p.byDefault = p.columns[0].Name
	}
	return p
}

// textColumns tells which columns other than date have text in them and no
// number at all.
func textColumns(s *csvFile, date int) []bool {
	text := make([]bool, len(s.header.texts))
	var open []int // columns in which no number was seen yet
	for i := range text {
		if i != date {
			open = append(open, i)
		}
	}
	for w := s.walk(); len(open) > 0 && w.step(); {
		open = slices.DeleteFunc(open, func(i int) bool {
			_, form := readNumber(w.row.cell(i))
			text[i] = form != plain && form != accounting && (text[i] || form == broken)
			return form == plain || form == accounting
		})
	}
	return text
}
