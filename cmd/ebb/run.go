package main

import (
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/urfave/cli/v2"
)

func runCommand() *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run a scenario and leave its tables and charts in a folder",
		ArgsUsage: "FILE|NAME",
		Description: `Runs a scenario file, or a bundled scenario by name. The result folder is written
whole or not at all; an older result in the same place is replaced.

   ebb run redemption-loop
   ebb run mine.yaml -o results/mine --paths 20000
   ebb run redemption-loop --set history.series.btc.price.file=BTCUSDT_1d.csv`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "result `FOLDER` (default out/<name of the scenario>)"},
			&cli.StringSliceFlag{Name: "set", Usage: "change one entry of the scenario: `KEY=VALUE`; may be repeated"},
			&cli.StringFlag{Name: "seed", Usage: "`SEED` of the random numbers, instead of the scenario's"},
			&cli.StringFlag{Name: "paths", Usage: "`NUMBER` of paths, instead of the scenario's"},
			&cli.IntFlag{Name: "workers", Usage: "paths run side by side; 0 = all cores; changes no result"},
			&cli.BoolFlag{Name: "json", Usage: "print the summary as JSON"},
		},
		Action: runAction,
	}
}

func runAction(c *cli.Context) error {
	name, err := oneArgument(c, "one scenario")
	if err != nil {
		return err
	}
	set, err := overrides(c)
	if err != nil {
		return err
	}
	if c.Int("workers") < 0 {
		return usagef("run: --workers %d, expected 0 or more", c.Int("workers"))
	}
	if err := checkPaths(c, name, set); err != nil {
		return err
	}
	s, err := readScenario(name, set)
	if err != nil {
		return err
	}
	if err := checkCharts(s); err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" {
		dir = filepath.Join("out", s.Name)
	}
	if err := checkTarget(dir); err != nil {
		return err
	}
	bar := newProgress(c.App.ErrWriter)
	st, err := study.Execute(c.Context, s, libraryOf(name), study.Options{Workers: c.Int("workers"), Progress: bar.show})
	bar.done()
	if err != nil {
		return err
	}
	files, err := resultFiles(st)
	if err != nil {
		return err
	}
	if err := writeFolder(c.Context, dir, files); err != nil {
		return err
	}
	return show(c, files, func(w io.Writer) error { return printStudy(w, st, dir, files) })
}

// show prints a result that is in place: its summary, the first of its files, where
// JSON is asked for, and else what a person wants to read.
func show(c *cli.Context, files []file, print func(io.Writer) error) error {
	if c.Bool("json") {
		_, err := c.App.Writer.Write(files[0].Content)
		return err
	}
	return print(c.App.Writer)
}

// overrides are the entries of the scenario that the command line changes.
func overrides(c *cli.Context) ([]scenarios.Override, error) {
	set, err := assignments(c)
	if err != nil {
		return nil, err
	}
	if c.IsSet("seed") {
		set = append(set, scenarios.Override{Key: "simulate.seed", Value: c.String("seed")})
	}
	if c.IsSet("paths") {
		set = append(set, scenarios.Override{Key: "simulate.paths", Value: c.String("paths")})
	}
	return set, nil
}

// checkPaths refuses --paths for a replay, unless the entries that are set make it a
// simulation.
func checkPaths(c *cli.Context, name string, set []scenarios.Override) error {
	if !c.IsSet("paths") || slices.ContainsFunc(set, func(o scenarios.Override) bool { return o.Key == "simulate.steps" || o.Key == "simulate" }) {
		return nil
	}
	if s, err := readScenario(name, nil); err == nil && s.Simulate == nil {
		return usagef("%s: --paths, but %s is a replay, which has one path", c.Command.Name, s.Name)
	}
	return nil
}

// assignments are the entries that --set changes.
func assignments(c *cli.Context) ([]scenarios.Override, error) {
	var set []scenarios.Override
	for _, text := range c.StringSlice("set") {
		key, value, ok := strings.Cut(text, "=")
		if !ok || key == "" {
			return nil, usagef("%s: --set %q, expected KEY=VALUE", c.Command.Name, text)
		}
		set = append(set, scenarios.Override{Key: key, Value: value})
	}
	return set, nil
}
