package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/urfave/cli/v2"
)

// columnFlags say which columns to look at and what they are.
func columnFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "format", Usage: "read the file as this `FORMAT` instead of recognising it: " + strings.Join(data.Formats(), ", ")},
		&cli.StringFlag{Name: "column", Usage: "only this `COLUMN`"},
		&cli.StringFlag{Name: "kind", Usage: "what the columns are, where the file does not say: price, flow, rate or level"},
		&cli.StringFlag{Name: "unit", Usage: "their unit, where the file does not say: usd, usd_m, usd_bn, fraction, percent, bp, coins, count, points"},
	}
}

// checkColumnFlags refuses what is wrong whatever the file holds.
func checkColumnFlags(c *cli.Context) error {
	if kind := c.String("kind"); kind != "" {
		if _, err := data.ParseKind(kind); err != nil {
			return fmt.Errorf("--kind: %w", err)
		}
	}
	if unit := c.String("unit"); unit != "" {
		if _, err := data.ParseUnit(unit); err != nil {
			return fmt.Errorf("--unit: %w", err)
		}
	}
	if from, to := c.Timestamp("from"), c.Timestamp("to"); from != nil && to != nil && to.Before(*from) {
		return fmt.Errorf("found --from %s after --to %s", from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	return nil
}

// A reading is a column of a table with the rows that were asked for.
type reading struct {
	name   string
	kind   data.Kind // "" if neither file nor user says
	unit   data.Unit // in the file; "" if neither file nor user says
	empty  bool      // no row has a value, so that there is no series
	absent int       // rows without a value
	// Without a kind or a unit the series holds the numbers of the file.
	series data.Series
}

// lacks names what has to be known to convert the numbers of r and is not.
func (r reading) lacks() string {
	switch {
	case r.kind == "" && r.unit == "":
		return "kind and unit"
	case r.kind == "":
		return "kind"
	case r.unit == "":
		return "unit"
	}
	return ""
}

// readColumns reads the columns that the user asks for, or all.
func readColumns(c *cli.Context, t *data.Table) ([]reading, error) {
	asked := c.String("column")
	var readings []reading
	var names []string
	var faults []error
	for _, column := range t.Columns() {
		names = append(names, column.Name)
		if asked != "" && !strings.EqualFold(column.Name, asked) {
			continue
		}
		r, err := readColumn(c, t, column)
		readings, faults = append(readings, r), append(faults, err)
	}
	if len(names) == 0 {
		return nil, noNumbers(t)
	}
	if len(readings) == 0 {
		return nil, unknown("column", asked, names)
	}
	return readings, errors.Join(faults...)
}

// noNumbers is the fault of a file that has dates and nothing that is written as a number.
func noNumbers(t *data.Table) error {
	return data.Faults{{File: t.File(), Found: "no number in any column beside the date", Expected: "numbers such as 93480.5, without currency, k or thousands separators"}}
}

// readColumn takes kind and unit from the flags where the file does not say
// them; those of a column that is asked for by name also replace the habit of
// its format.
func readColumn(c *cli.Context, t *data.Table, column data.Column) (reading, error) {
	r := reading{name: column.Name, kind: column.Kind, unit: column.Unit}
	named := c.IsSet("column")
	if kind := c.String("kind"); kind != "" && (named || r.kind == "") {
		r.kind = data.Kind(kind)
	}
	if unit := c.String("unit"); unit != "" && (named || r.unit == "") {
		r.unit = data.Unit(unit)
	}
	if r.kind == data.Price && r.unit == "" {
		r.unit = data.USD // a price has no other
	}
	request := data.Request{Column: r.name, Kind: r.kind, Unit: r.unit}
	if r.lacks() != "" {
		request.Kind, request.Unit = data.Level, data.Points // takes any number as it stands
	}
	inside := window(c.Timestamp("from"), c.Timestamp("to"))
	rows := 0
	for i := range t.Len() {
		_, ok := t.Value(r.name, i)
		switch {
		case !inside(t.Time(i)):
		case ok:
			rows++
		default:
			r.absent++
		}
	}
	if r.empty = rows == 0; r.empty {
		return r, nil
	}
	s, err := t.Series(request)
	if err == nil {
		r.series, err = within(s, inside)
	}
	return r, err
}

// window reports of a time whether it lies from the start of one date to the
// end of another; nil is no bound.
func window(from, to *time.Time) func(time.Time) bool {
	return func(t time.Time) bool {
		return (from == nil || !t.Before(*from)) && (to == nil || t.Before(to.AddDate(0, 0, 1)))
	}
}

// within keeps the rows of a series that are inside.
func within(s data.Series, inside func(time.Time) bool) (data.Series, error) {
	first, _ := s.At(0)
	last, _ := s.At(s.Len() - 1)
	outside := func(t time.Time) bool { return !inside(t) }
	if inside(first) && inside(last) && !slices.ContainsFunc(s.Absent(), outside) {
		return s, nil
	}
	m := data.Meta{Name: s.Name(), Kind: s.Kind(), Unit: s.Unit(), Lag: s.Lag(), Provenance: s.Provenance(), Notes: s.Notes()}
	var times []time.Time
	var values []float64
	for i := range s.Len() {
		if at, v := s.At(i); inside(at) {
			times, values = append(times, at), append(values, v)
		}
	}
	for _, at := range s.Absent() {
		if inside(at) {
			m.Absent = append(m.Absent, at)
		}
	}
	return data.NewSeries(m, times, values)
}

// A gathering joins the columns about which the same is said.
type gathering struct {
	all   int // columns that are looked at
	texts []string
	names [][]string // for each text
}

func (g *gathering) add(name, text string) {
	i := slices.Index(g.texts, text)
	if i < 0 {
		i = len(g.texts)
		g.texts, g.names = append(g.texts, text), append(g.names, nil)
	}
	g.names[i] = append(g.names[i], name)
}

// lines returns "IBIT, FBTC, BITB and 9 more: text".
func (g *gathering) lines() []string {
	const most = 3
	var lines []string
	for i, names := range g.names {
		who := strings.Join(names[:min(len(names), most)], ", ")
		if more := len(names) - most; more > 0 {
			who += fmt.Sprintf(" and %d more", more)
		}
		if len(names) == g.all && g.all > 1 {
			who = "every column"
		}
		lines = append(lines, who+": "+g.texts[i])
	}
	return lines
}

// unknowns says of which columns kind or unit is unknown, what was done
// instead, and how to give them.
func unknowns(columns []reading, instead string) []string {
	about := gathering{all: len(columns)}
	for _, r := range columns {
		if what := r.lacks(); what != "" {
			flags := "--" + strings.ReplaceAll(what, " and ", " and --")
			if len(columns) > 1 {
				flags += ", with --column for one column"
			}
			about.add(r.name, fmt.Sprintf("%s unknown, %s; give %s (see --help)", what, instead, flags))
		}
	}
	return about.lines()
}
