package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/intake"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/urfave/cli/v2"
)

func dataImportCommand() *cli.Command {
	return &cli.Command{
		Name: "import", Usage: "turn vendors' files (CSV, TSV, JSON, gzip) into ebb's own CSV, and say what was done to them",
		ArgsUsage: "FILE...",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "imported", Usage: "`FOLDER` to write"},
			&cli.StringFlag{Name: "name", Usage: "begin the names of the files with `NAME` instead of that of the imported one"},
			&cli.BoolFlag{Name: "force", Usage: "replace files that are there"},
			&cli.StringFlag{Name: "map", Usage: "read the files as this mapping `FILE` says"},
			&cli.BoolFlag{Name: "show-mapping", Usage: "print how each file would be read, as a mapping file, and write nothing"},
			&cli.StringFlag{Name: "zone", Usage: "`ZONE` of times that have none: UTC, UTC+3, America/New_York"},
			&cli.StringFlag{Name: "stamp", Usage: "what a time labels: open, the start of a period; close, its end; snapshot, a value taken at its end; day, the day it lies in"},
			&cli.StringFlag{Name: "dates", Usage: "`LAYOUT` of the dates, such as M/D/YYYY or D.M.YYYY"},
			&cli.StringSliceFlag{Name: "kind", Usage: "price, flow, rate or level, where the file does not say; for one column `[COLUMN=]KIND`"},
			&cli.StringSliceFlag{Name: "unit", Usage: "usd, usd_m, fraction, percent, bp, coins, count, points, where the file does not say: `[COLUMN=]UNIT`"},
			&cli.StringSliceFlag{Name: "per", Usage: "of a funding rate, 8h or day (the sum of the day's payments): `[COLUMN=]PERIOD`"},
			&cli.StringSliceFlag{Name: "zero", Usage: "absent, where 0 means that there is no number: `[COLUMN=]absent`"},
			&cli.StringSliceFlag{Name: "published", Usage: "how long after its period a number is known, such as 45d: `[COLUMN=]LAG`"},
			&cli.StringSliceFlag{Name: "only", Usage: "only this `COLUMN`, or this series of a file that holds many; may be repeated"},
			&cli.StringSliceFlag{Name: "split", Usage: "a stock split, `DATE=N`: prices before it are divided by N, counts of shares multiplied"},
			&cli.BoolFlag{Name: "drop-last", Usage: "leave out the last row, whose period may not have been over"},
			&cli.BoolFlag{Name: "merge", Usage: "the files are of one series; where they differ the later one counts"},
		},
		Action: importAction,
	}
}

func importAction(c *cli.Context) error {
	if c.NArg() == 0 {
		return usagef("data import: found no arguments, expected at least one file")
	}
	asked, err := readImportFlags(c)
	if err != nil {
		return usagef("data import: %w", err)
	}
	if path := c.String("map"); path != "" {
		m, err := scenarios.LoadMapping(path)
		if err != nil {
			return place(path, err)
		}
		asked.mapping = &m
	}
	var list []*intake.Import
	var faults []error
	for _, path := range c.Args().Slice() {
		im, err := asked.read(path)
		if err != nil {
			faults = append(faults, place(path, err))
		}
		list = append(list, im)
	}
	if asked.show {
		_, err := io.WriteString(c.App.Writer, asked.shown.String())
		return errors.Join(append(faults, err)...)
	}
	if len(faults) > 0 {
		return errors.Join(faults...)
	}
	if c.Bool("merge") {
		merged, err := intake.Merge(list)
		if err != nil {
			return usagef("data import: %w", err)
		}
		list = []*intake.Import{merged}
	}
	return writeImports(c, list)
}

// importFlags are what the user says of the files.
type importFlags struct {
	mapping *intake.Mapping // nil to recognise them
	show    bool
	shown   *strings.Builder
	answers intake.Answers
	options intake.Options
}

func readImportFlags(c *cli.Context) (importFlags, error) {
	f := importFlags{show: c.Bool("show-mapping"), shown: &strings.Builder{}}
	f.answers = intake.Answers{Layout: c.String("dates"), Zone: c.String("zone"), Stamp: c.String("stamp")}
	f.options = intake.Options{Only: c.StringSlice("only"), DropLast: c.Bool("drop-last")}
	var faults []error
	for _, x := range []struct {
		name  string
		given *map[string]string
		check func(string) error
	}{
		{"kind", &f.answers.Kind, func(s string) error { _, err := data.ParseKind(s); return err }},
		{"unit", &f.answers.Unit, func(s string) error { _, err := data.ParseUnit(s); return err }},
		{"per", &f.answers.Per, oneOf("8h", "day")},
		{"zero", &f.answers.Zero, oneOf("absent")},
		{"published", &f.answers.Known, func(string) error { return nil }},
	} {
		*x.given = map[string]string{}
		for _, text := range c.StringSlice(x.name) {
			column, value, ok := strings.Cut(text, "=")
			if !ok {
				column, value = "", text
			}
			if err := x.check(value); err != nil {
				faults = append(faults, fmt.Errorf("--%s: %w", x.name, err))
			}
			(*x.given)[column] = value
		}
	}
	for _, text := range c.StringSlice("split") {
		split, err := readSplit(text)
		f.options.Splits, faults = append(f.options.Splits, split), append(faults, err)
	}
	if name := c.String("name"); name != "" && name != filepath.Base(name) || name == ".." || name == "." {
		faults = append(faults, fmt.Errorf("--name %q, expected a name without a folder", name))
	}
	return f, errors.Join(faults...)
}

func oneOf(known ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(known, s) {
			return fmt.Errorf("found %q, expected %s", s, strings.Join(known, " or "))
		}
		return nil
	}
}

// readSplit reads 2024-08-08=10, or 2024-08-08=1/10 for a reverse split.
func readSplit(text string) (intake.Split, error) {
	date, factor, _ := strings.Cut(text, "=")
	at, err := time.Parse(time.DateOnly, date)
	over, isOver := strings.CutPrefix(factor, "1/")
	n, bad := strconv.ParseFloat(over, 64)
	if isOver {
		n = 1 / n
	}
	if err != nil || bad != nil || !(n > 0) || math.IsInf(n, 0) {
		return intake.Split{}, fmt.Errorf("--split: found %q, expected DATE=N such as 2024-08-08=10, or =1/10 for a reverse split", text)
	}
	return intake.Split{Date: at, Factor: n}, nil
}

// read imports one file; with --show-mapping it only writes down the mapping.
func (f importFlags) read(path string) (*intake.Import, error) {
	raw, err := data.ReadFile(path, intake.MaxSize)
	if err != nil {
		return nil, err
	}
	var m intake.Mapping
	var notes []string
	if f.mapping != nil {
		m = *f.mapping
	} else if m, notes, err = intake.Recognise(path, raw); err != nil {
		return nil, err
	}
	if m, err = m.Answer(f.answers); err != nil {
		return nil, err
	}
	if f.show {
		fmt.Fprintf(f.shown, "# how ebb reads %s\n%s", filepath.Base(path), m)
		return nil, nil
	}
	im, err := intake.Read(path, raw, m, f.options)
	if err != nil {
		return nil, err
	}
	for _, note := range notes {
		im.Rules = append(im.Rules, intake.Rule{Text: note})
	}
	return im, nil
}

// writeImports writes all files or none, and reports.
func writeImports(c *cli.Context, list []*intake.Import) error {
	var files []file
	from := map[string]string{}
	var report strings.Builder
	for _, im := range list {
		written, err := im.Files(c.String("name"))
		if err != nil {
			return err
		}
		fmt.Fprintf(&report, "%s: %s, %s\n", im.File, im.Mapping.Format, counted(im.Rows, "row"))
		for _, r := range im.Rules {
			fmt.Fprintf(&report, "  %s\n", r)
		}
		for i, w := range written {
			if other, twice := from[w.Name]; twice {
				return usagef("data import: %s and %s would both be written to %s; expected --merge for files of one series, or one call each with --name", other, im.File, w.Name)
			}
			from[w.Name] = im.File
			files = append(files, file(w))
			fmt.Fprintf(&report, "  wrote %s: %s\n", filepath.ToSlash(filepath.Join(c.String("output"), w.Name)), describeImported(im.Tables[i]))
		}
	}
	if err := placeFiles(c.String("output"), files, c.Bool("force")); err != nil {
		return err
	}
	_, err := io.WriteString(c.App.Writer, report.String())
	return err
}

// describeImported says what a written file holds.
func describeImported(t intake.Table) string {
	var columns []string
	for _, c := range t.Columns {
		columns = append(columns, c.Name+" "+c.Kind+" "+c.Unit)
	}
	const most = 5
	if more := len(columns) - most; more > 0 {
		columns = append(columns[:most], fmt.Sprintf("%d more", more))
	}
	first, last := t.Times[0], t.Times[len(t.Times)-1]
	step := cmp.Or(last.Sub(first)/time.Duration(max(1, len(t.Times)-1)), 24*time.Hour)
	return fmt.Sprintf("%s, %s..%s, %s", counted(len(t.Times), "row"), label(first, step), label(last, step), strings.Join(columns, ", "))
}
