package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/inspect"
	"github.com/urfave/cli/v2"
)

// compareAction holds two sources of one series against each other.
func compareAction(c *cli.Context, o inspect.Options) error {
	if c.NArg() != 1 {
		return usagef("data check --against: found %d files beside it, expected one", c.NArg())
	}
	a, b, err := twoSources(c, o.Now)
	if err != nil {
		return err
	}
	compared, err := inspect.Compare(a.table, b.table, a.series, b.series)
	if err != nil {
		return usagef("data check: %w", err)
	}
	if c.Bool("json") {
		err = printJSON(c.App.Writer, compared)
	} else {
		_, err = fmt.Fprint(c.App.Writer, comparisonText(compared))
	}
	if err != nil {
		return err
	}
	return failing(c, compared.B.File, compared.Findings)
}

// A comparand is a column of a file, to compare.
type comparand struct {
	table   *data.Table
	request data.Request
	series  data.Series
}

// twoSources reads the column that is asked for of each file, or the one that is meant
// if none is. Where one file does not say what its numbers are, they are taken for what
// those of the other are; where neither does, they are compared as they stand.
func twoSources(c *cli.Context, now time.Time) (a, b comparand, err error) {
	second := c.String("against-column")
	if second == "" {
		second = c.String("column")
	}
	if a, err = openSource(c, c.Args().First(), c.String("column"), now); err != nil {
		return a, b, err
	}
	if b, err = openSource(c, c.String("against"), second, now); err != nil {
		return a, b, err
	}
	adopt(&a.request, b.request)
	adopt(&b.request, a.request)
	for _, s := range []*comparand{&a, &b} {
		switch r := &s.request; {
		case r.Kind == data.Price && r.Unit == "":
			r.Unit = data.USD // a price has no other
		case r.Kind == "" || r.Unit == "":
			r.Kind, r.Unit = data.Level, data.Points // takes any number as it stands
		}
		if s.series, err = s.table.Series(s.request); err != nil {
			return a, b, place(s.table.File(), err)
		}
	}
	return a, b, nil
}

// openSource reads a file and what it, or the user, says of the column.
func openSource(c *cli.Context, path, column string, now time.Time) (comparand, error) {
	t, err := data.Open(path, data.ReadOptions{Format: c.String("format"), Now: now})
	if err != nil {
		return comparand{}, place(path, err)
	}
	known, err := t.Choose(column)
	if err != nil {
		return comparand{}, place(path, err)
	}
	s := comparand{table: t, request: data.Request{Column: known.Name, Kind: known.Kind, Unit: known.Unit}}
	if kind := c.String("kind"); kind != "" && !known.Fixed {
		s.request.Kind = data.Kind(kind)
	}
	if unit := c.String("unit"); unit != "" && !known.Fixed {
		s.request.Unit = data.Unit(unit)
	}
	return s, nil
}

// adopt fills in what r does not say.
func adopt(r *data.Request, from data.Request) {
	if r.Kind == "" {
		r.Kind = from.Kind
	}
	if r.Unit == "" {
		r.Unit = from.Unit
	}
}

func comparisonText(c inspect.Comparison) string {
	text := ""
	for _, s := range []inspect.Source{c.A, c.B} {
		text += fmt.Sprintf("%s, %s: %s, %s..%s\n", s.File, s.Column, counted(s.Rows, "row"), showDay(s.First), showDay(s.Last))
	}
	text += fmt.Sprintf("  %s in common, %s the same%s\n", grouped(c.Common), grouped(c.Same), tally(c.Findings))
	what, show := "second − first", func(v float64) string { return strings.ReplaceAll(fmt.Sprintf("%.6g", v), "-", minus) }
	if c.Relative {
		what, show = "second / first − 1", func(v float64) string { return signed(100*v, 3) + " %" }
	}
	text += fmt.Sprintf("  %s: mean %s, mean absolute %s, largest %s on %s\n", what, show(c.Bias), show(c.MeanAbsolute), show(c.MaxAbsolute), showDay(c.MaxAt))
	misfit := "1 − correlation"
	if c.Relative {
		misfit = "median absolute deviation of the changes of the ratio"
	}
	var lags []string
	for _, l := range c.Lags {
		lags = append(lags, fmt.Sprintf("%s %.2g", strings.ReplaceAll(fmt.Sprintf("%+d", l.Rows), "-", minus), l.Misfit))
	}
	text += fmt.Sprintf("  misfit if the second is that many rows late (%s): %s\n", misfit, strings.Join(lags, ", "))
	return text + findingLines(c.Findings)
}

func showDay(t time.Time) string { return data.Range{From: t, To: t}.String() }
