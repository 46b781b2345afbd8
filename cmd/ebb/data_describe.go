package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/urfave/cli/v2"
)

func describeCommand() *cli.Command {
	return &cli.Command{
		Name: "describe", Usage: "what is in CSV files: columns, dates, ranges, sums",
		ArgsUsage: "FILE...", Action: describeAction,
		Flags: append(columnFlags(),
			&cli.TimestampFlag{Name: "from", Layout: time.DateOnly, Timezone: time.UTC, Usage: "first `DATE`"},
			&cli.TimestampFlag{Name: "to", Layout: time.DateOnly, Timezone: time.UTC, Usage: "last `DATE`"}),
	}
}

// describeAction looks at several files, and goes on after one that cannot be read.
func describeAction(c *cli.Context) error {
	if c.NArg() == 0 {
		return usagef("data describe: found no arguments, expected at least one file")
	}
	if err := checkColumnFlags(c); err != nil {
		return usagef("data describe: %w", err)
	}
	var faults []error
	for _, path := range c.Args().Slice() {
		t, err := data.Open(path, data.ReadOptions{Format: c.String("format"), Now: time.Now()})
		var columns []reading
		if err == nil {
			columns, err = readColumns(c, t)
		}
		if err != nil {
			faults = append(faults, place(path, err))
			continue
		}
		if _, err := io.WriteString(c.App.Writer, describeTable(t, columns)); err != nil {
			return err
		}
	}
	return errors.Join(faults...)
}

func describeTable(t *data.Table, columns []reading) string {
	w := newTable()
	w.AppendHeader(table.Row{"column", "kind", "unit", "days", "first", "last", "rows", "absent", "min", "max", "sum"})
	for _, r := range columns {
		w.AppendRow(describeColumn(t, r))
	}
	text := fmt.Sprintf("%s: format %s, %d rows\n%s\n", t.File(), t.Format(), t.Len(), w.Render())
	for _, line := range unknowns(columns, "numbers as they stand in the file") {
		text += line + "\n"
	}
	return text
}

func describeColumn(t *data.Table, r reading) table.Row {
	const none = "–"
	kind, unit := cmp.Or(string(r.kind), none), cmp.Or(string(r.unit.Base()), none)
	if r.empty {
		return table.Row{r.name, kind, unit, none, none, none, 0, r.absent, none, none, none}
	}
	d := data.Describe(r.series)
	sum := none
	if d.Sum != nil {
		sum = figure(*d.Sum)
	}
	on := func(x float64, at time.Time) string { return figure(x) + " on " + label(at, d.Step) }
	return table.Row{r.name, kind, unit, d.Calendar, label(d.First, d.Step), label(d.Last, d.Step),
		d.Rows, d.Absent, on(d.Min, d.MinAt), on(d.Max, d.MaxAt), sum}
}

// label is the time of a row: a date, and the time of day where rows are finer
// than a day or stamped inside it.
func label(t time.Time, step time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case step >= day && t.Equal(t.Truncate(day)):
		return t.Format(time.DateOnly)
	case step >= time.Minute && t.Equal(t.Truncate(time.Minute)):
		return t.Format("2006-01-02 15:04")
	}
	return t.Format("2006-01-02 15:04:05.999")
}

// figure is a number of a table that holds any unit.
func figure(x float64) string {
	switch size := math.Abs(x); {
	case size >= 1e6 && size < 1e12:
		return signed(x/1e6, 1) + "m"
	case x == 0:
		return "0" // also where the file has -0.0
	}
	return strings.ReplaceAll(fmt.Sprintf("%.6g", x), "-", minus)
}
