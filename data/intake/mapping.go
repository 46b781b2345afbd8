package intake

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// A Mapping says what stands where in a file, and what it means. The word "?" in
// any of its values is a question that has to be answered before the file is read.
type Mapping struct {
	Format    string   `yaml:"format" doc:"name of the format, for the report"`
	Source    string   `yaml:"source" doc:"who published the numbers"`
	Encoding  string   `yaml:"encoding" oneof:"utf-8|utf-16|latin-1" doc:"how the text is stored"`
	Separator string   `yaml:"separator" oneof:"comma|tab|semicolon|bar|json" doc:"what stands between cells; json for a JSON file"`
	Decimal   string   `yaml:"decimal" oneof:"point|comma" doc:"the decimal sign of numbers"`
	Header    bool     `yaml:"header" doc:"whether the first row names the columns; without, they are called 1, 2, 3"`
	Rows      []string `yaml:"rows" doc:"where in a JSON file the rows are: keys with points between, * for each of a list"`
	Date      Date     `yaml:"date" required:"true" doc:"the column of dates"`
	Skip      []string `yaml:"skip" doc:"words in the date column that make a row no data"`
	By        []string `yaml:"by" doc:"column that names the series of a row, where a file holds many; the first that is not blank"`
	Calendar  string   `yaml:"calendar" oneof:"nyse" doc:"nyse: a zero flow on a day without a session in New York is absent"`
	Columns   []Column `yaml:"columns" required:"true" doc:"the columns to read; others are left out"`
}

// Date says how the times of a file are written and what they label.
type Date struct {
	Column string `yaml:"column" required:"true" doc:"name of the column"`
	Layout string `yaml:"layout" required:"true" doc:"such as YYYY-MM-DD, D MMM YYYY, M/D/YYYY, epoch_s or epoch_ms; a time of day may follow"`
	Zone   string `yaml:"zone" doc:"zone of times that have none: UTC, UTC+3, America/New_York"`
	Stamp  string `yaml:"stamp" required:"true" oneof:"day|open|close|snapshot|?" doc:"what a time labels: day, the day it lies in; open, the start of a period; close, its end; snapshot, a value taken at its end"`
	Ranges string `yaml:"ranges" oneof:"end" doc:"end: two dates with a dash between stand for the later"`
}

// Column is one series of a file.
type Column struct {
	From      []string `yaml:"from" required:"true" doc:"name of the column; of several the first that is not blank"`
	Name      string   `yaml:"name" required:"true" pattern:"^[a-z0-9][a-z0-9_.-]*$" doc:"its name from now on: lower-case letters, digits, _ . -"`
	Kind      string   `yaml:"kind" required:"true" oneof:"price|flow|rate|level|?" doc:"how the series behaves in time"`
	Unit      string   `yaml:"unit" required:"true" oneof:"usd|usd_k|usd_m|usd_bn|fraction|percent|bp|coins|count|points|?" doc:"what its numbers are measured in"`
	Per       string   `yaml:"per" oneof:"8h|day|?" doc:"of a funding rate: what a number is paid for; one for a day is the sum of three payments and divided by 3"`
	Zero      string   `yaml:"zero" oneof:"absent" doc:"absent: 0 means that there is no number"`
	Published string   `yaml:"published" doc:"how long after the end of its period a value is known, such as 1d"`
	File      string   `yaml:"file" pattern:"^[a-z0-9_]*$" doc:"columns of one name go into one file"`
	Optional  bool     `yaml:"optional" doc:"leave the column out where it is missing or a question about it is open"`
}

// open is the value of a mapping that only the user can know.
const open = "?"

// Defaults gives the values that a mapping file need not say.
func (m *Mapping) Defaults() {
	m.Encoding, m.Separator, m.Decimal, m.Header = "utf-8", "comma", "point", true
}

// A Question is what a file does not tell.
type Question struct {
	Column string // "" if it is about the dates
	Key    string // of the mapping
	Flag   string // with which it is answered
	About  string
}

// Questions lists what has to be answered before a file is read as m says, those
// about the columns that are read whatever the answer.
func (m Mapping) Questions() []Question {
	var asked []Question
	ask := func(value, column, key, flag, about string) {
		if value == open {
			asked = append(asked, Question{column, key, flag, about})
		}
	}
	if m.Date.Column == open {
		return []Question{{"", "date.column", "a column of dates, such as " + strings.Join(dateNames[:4], ", ") + ", or a mapping file that names it; a table without dates is a snapshot and no series", "no series"}}
	}
	ask(m.Date.Layout, "", "date.layout", "--dates M/D/YYYY or --dates D/M/YYYY, with the file's own signs between", "the order of day and month")
	ask(m.Date.Zone, "", "date.zone", "--zone UTC, --zone UTC+3 or --zone America/New_York", "the zone of the times")
	ask(m.Date.Stamp, "", "date.stamp", "--stamp open, --stamp close, --stamp snapshot or --stamp day", "what the times label: the start of a period or its end")
	for _, c := range m.Columns {
		if !c.Optional {
			asked = append(asked, c.questions()...)
		}
	}
	return asked
}

func (c Column) questions() []Question {
	var asked []Question
	for _, q := range []struct{ value, key, flag, about string }{
		{c.Kind, "kind", "--kind price, flow, rate or level", "the kind of series"},
		{c.Unit, "unit", "--unit " + strings.Join(units(data.Kind(c.Kind)), ", "), "the unit of the numbers"},
		{c.Per, "per", "--per 8h or --per day", "what a rate is paid for"},
		{c.Published, "published", "--published such as 45d", "how long after its date a number is known"},
	} {
		if q.value == open {
			asked = append(asked, Question{c.Name, q.key, q.flag, q.about})
		}
	}
	return asked
}

// units are those that a series of a kind may have.
func units(k data.Kind) []string {
	switch k {
	case data.Price:
		return []string{"usd", "usd_k"}
	case data.Rate:
		return []string{"fraction", "percent", "bp"}
	case data.Flow:
		return []string{"usd", "usd_k", "usd_m", "usd_bn", "coins", "count"}
	}
	return []string{"usd", "usd_k", "usd_m", "usd_bn", "fraction", "percent", "bp", "coins", "count", "points"}
}

// Answers are what the user says to the questions of a mapping. A key of a map is
// the name of a column, or "" for every column that is asked about.
type Answers struct {
	Layout, Zone, Stamp          string
	Kind, Unit, Per, Zero, Known map[string]string // Known is the publication lag
}

// Answer returns m with the answers in the place of the questions. An answer to
// what m knows replaces it only where it names a column or is about the dates.
func (m Mapping) Answer(a Answers) (Mapping, error) {
	m.Date.Layout = cmp.Or(a.Layout, m.Date.Layout)
	m.Date.Zone = cmp.Or(a.Zone, m.Date.Zone)
	m.Date.Stamp = cmp.Or(a.Stamp, m.Date.Stamp)
	m.Columns = slices.Clone(m.Columns)
	var unknown []string
	for _, given := range []map[string]string{a.Kind, a.Unit, a.Per, a.Zero, a.Known} {
		for name := range given {
			if name != "" && !slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Name == name }) {
				unknown = append(unknown, name)
			}
		}
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return m, fmt.Errorf("found column %q in a flag, expected one of %s%s", unknown[0], strings.Join(m.names(), ", "), data.DidYouMean(unknown[0], m.names()))
	}
	for i := range m.Columns {
		m.Columns[i].answer(a)
	}
	return m, nil
}

func (c *Column) answer(a Answers) {
	for _, x := range []struct {
		value *string
		given map[string]string
	}{{&c.Kind, a.Kind}, {&c.Unit, a.Unit}, {&c.Per, a.Per}, {&c.Published, a.Known}} {
		if *x.value == open {
			*x.value = cmp.Or(x.given[""], open)
		}
		*x.value = cmp.Or(x.given[c.Name], *x.value)
	}
	c.Zero = cmp.Or(a.Zero[c.Name], a.Zero[""], c.Zero)
	if c.Kind == string(data.Price) && c.Unit == open {
		c.Unit = string(data.USD) // as everywhere in ebb; thousands are said
	}
}

var lags = regexp.MustCompile(`^([0-9]{1,3}d|[0-9]{1,4}h|[0-9]{1,6}m)$`)

func (m Mapping) names() []string {
	names := make([]string, len(m.Columns))
	for i, c := range m.Columns {
		names[i] = c.Name
	}
	return names
}

// check finds what is wrong with a mapping whatever the file holds.
func (m Mapping) check() error {
	var seen []string
	for _, c := range m.Columns {
		if slices.Contains(seen, c.Name) {
			return fmt.Errorf("found column %s twice in the mapping, expected each name once", c.Name)
		}
		seen = append(seen, c.Name)
		if c.Published != "" && c.Published != open && !lags.MatchString(c.Published) {
			return fmt.Errorf("column %s: found publication lag %q, expected such as 45d, 12h or 30m", c.Name, c.Published)
		}
		if c.Kind == open || c.Unit == open {
			continue
		}
		if known := units(data.Kind(c.Kind)); !slices.Contains(known, c.Unit) {
			return fmt.Errorf("column %s: found a %s in %s, expected one of %s", c.Name, c.Kind, c.Unit, strings.Join(known, ", "))
		}
	}
	if _, err := m.Date.location(); err != nil {
		return err
	}
	if _, err := layouts(m.Date.Layout); err != nil {
		return err
	}
	if !slices.Contains([]string{"day", "open", "close", "snapshot", open}, m.Date.Stamp) {
		return fmt.Errorf("found stamp %q, expected day, open, close or snapshot", m.Date.Stamp)
	}
	return nil
}
