package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/reconstruct"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/urfave/cli/v2"
)

func dataCommand() *cli.Command {
	form := &cli.StringFlag{Name: "format", Usage: "read the file as this `FORMAT` instead of recognising it: " + strings.Join(data.Formats(), ", ")}
	return &cli.Command{
		Name:  "data",
		Usage: "look at data files, and rebuild the bundled histories",
		Subcommands: []*cli.Command{
			{
				Name: "check", Usage: "read CSV files strictly; faults with line and column, then gaps and other oddities",
				ArgsUsage: "FILE...", Flags: []cli.Flag{form}, Action: eachTable("check", checkTable),
			},
			{
				Name: "describe", Usage: "what is in CSV files: columns, dates, ranges, sums",
				ArgsUsage: "FILE...", Action: eachTable("describe", describeTable),
				Flags: []cli.Flag{form,
					&cli.StringFlag{Name: "column", Usage: "only this `COLUMN`"},
					&cli.StringFlag{Name: "kind", Usage: "what the column is, where the file does not say: price, flow, rate or level"},
					&cli.StringFlag{Name: "unit", Usage: "its unit, where the file does not say: usd, usd_m, usd_bn, fraction, percent, bp, coins"},
					&cli.TimestampFlag{Name: "from", Layout: time.DateOnly, Timezone: time.UTC, Usage: "first `DATE`"},
					&cli.TimestampFlag{Name: "to", Layout: time.DateOnly, Timezone: time.UTC, Usage: "last `DATE`"}},
			},
			{
				Name: "reconstruct", Usage: "rebuild the bundled histories from the weekly facts, byte for byte",
				Flags: []cli.Flag{
					&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "histories", Usage: "`FOLDER` to write"},
					&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "seed of the bridge; another seed keeps the weekly facts and changes the days"}},
				Action: reconstructAction,
			},
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unknown("command", "data "+c.Args().First(), commandNames(c.Command.Subcommands))
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}

// eachTable is the action of a command that looks at several files, and goes on
// after one that cannot be read.
func eachTable(name string, look func(*cli.Context, *data.Table) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		if c.NArg() == 0 {
			return usagef("data %s: found no arguments, expected at least one file", name)
		}
		var faults []error
		for _, path := range c.Args().Slice() {
			t, err := data.Open(path, data.ReadOptions{Format: c.String("format"), Now: time.Now()})
			if err == nil {
				err = look(c, t)
			}
			if err != nil {
				faults = append(faults, place(path, err))
			}
		}
		return errors.Join(faults...)
	}
}

func checkTable(c *cli.Context, t *data.Table) error {
	fmt.Fprintf(c.App.Writer, "%s: valid, format %s, %d rows\n", t.File(), t.Format(), t.Len())
	for _, note := range t.Notes() {
		fmt.Fprintf(c.App.Writer, "  %s\n", note)
	}
	for _, column := range t.Columns() {
		s, err := t.Series(data.Request{Column: column.Name})
		if err != nil {
			fmt.Fprintf(c.App.Writer, "  %s: not checked as a series: %s\n", column.Name, firstLine(err))
			continue
		}
		for _, note := range data.Check(s, time.Now()) {
			fmt.Fprintf(c.App.Writer, "  %s: %s\n", column.Name, note)
		}
	}
	return nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func describeTable(c *cli.Context, t *data.Table) error {
	w := newTable()
	w.AppendHeader(table.Row{"column", "kind", "unit", "days", "first", "last", "rows", "absent", "min", "max", "sum"})
	asked := c.String("column")
	for _, column := range t.Columns() {
		if asked != "" && column.Name != asked {
			continue
		}
		s, err := t.Series(data.Request{Column: column.Name, Kind: data.Kind(c.String("kind")), Unit: data.Unit(c.String("unit"))})
		if err == nil {
			s, err = within(s, c.Timestamp("from"), c.Timestamp("to"))
		}
		if err != nil {
			if asked != "" {
				return err
			}
			w.AppendRow(table.Row{column.Name, firstLine(err)})
			continue
		}
		d := data.Describe(s)
		sum := "–"
		if d.Sum != nil {
			sum = figure(*d.Sum)
		}
		w.AppendRow(table.Row{column.Name, d.Kind, d.Unit, d.Calendar, d.First.Format(time.DateOnly), d.Last.Format(time.DateOnly),
			d.Rows, d.Absent, figure(d.Min) + " on " + d.MinAt.Format(time.DateOnly), figure(d.Max) + " on " + d.MaxAt.Format(time.DateOnly), sum})
	}
	if asked != "" && w.Length() == 0 {
		var names []string
		for _, column := range t.Columns() {
			names = append(names, column.Name)
		}
		return unknown("column", asked, names)
	}
	_, err := fmt.Fprintf(c.App.Writer, "%s: format %s, %d rows\n%s\n", t.File(), t.Format(), t.Len(), w.Render())
	return err
}

// figure is a number of a table that holds any unit.
func figure(x float64) string {
	if x >= 1e6 || x <= -1e6 {
		return signed(x/1e6, 1) + "m"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.6g", x), ".")
}

// within keeps the rows of a series from one date to another.
func within(s data.Series, from, to *time.Time) (data.Series, error) {
	var times []time.Time
	var values []float64
	for i := range s.Len() {
		at, v := s.At(i)
		if (from == nil || !at.Before(*from)) && (to == nil || !at.After(*to)) {
			times, values = append(times, at), append(values, v)
		}
	}
	return data.NewSeries(data.Meta{Name: s.Name(), Kind: s.Kind(), Unit: s.Unit(), Lag: s.Lag(), Provenance: s.Provenance()}, times, values)
}

func reconstructAction(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("data reconstruct: found %d arguments, expected none", c.NArg())
	}
	facts, err := data.ReadFacts(data.Bundled)
	if err != nil {
		return err
	}
	histories, err := reconstruct.Files(facts, c.Uint64("seed"))
	if err != nil {
		return err
	}
	dir := c.String("output")
	for _, h := range histories {
		path := filepath.Join(dir, h.Name)
		if err := replaceFile(path, h.Content); err != nil {
			return fmt.Errorf("%s: %w", path, bare(err))
		}
		fmt.Fprintf(c.App.Writer, "%s: %d bytes\n", filepath.ToSlash(path), len(h.Content))
	}
	return nil
}
