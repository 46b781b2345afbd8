package main

import (
	"context"
	"errors"
	"fmt"
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
whole or not at all; an older result in the same place is replaced. With --shard, or as
a task of a job array (Slurm, AWS Batch, a Kubernetes Indexed Job with EBB_SHARDS), only
one slice of the paths is run; ebb merge makes the result of all slices.

   ebb run redemption-loop
   ebb run mine.yaml -o results/mine --paths 20000
   ebb run redemption-loop --set history.series.btc.price.file=BTCUSDT_1d.csv`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "result `FOLDER` (default out/<name of the scenario>)"},
			&cli.StringSliceFlag{Name: "set", Usage: "change one entry of the scenario: `KEY=VALUE`; may be repeated"},
			outsideFlag(),
			&cli.StringFlag{Name: "seed", Usage: "`SEED` of the random numbers, instead of the scenario's"},
			&cli.StringFlag{Name: "paths", Usage: "`NUMBER` of paths, instead of the scenario's"},
			&cli.IntFlag{Name: "workers", Usage: "paths run side by side; 0 = all cores; changes no result"},
			&cli.BoolFlag{Name: "keep-paths", Usage: "write every path to " + pathsName + ": every series at every step, prices of every comparison included"},
			shardFlag(),
			formatFlag("format", "pictures"),
			&cli.BoolFlag{Name: "json", Usage: "print the summary as JSON"},
		},
		Action: runAction,
	}
}

func runAction(c *cli.Context) error {
	if c.Int("workers") < 0 {
		return usagef("run: --workers %d, expected 0 or more", c.Int("workers"))
	}
	part, err := shardOf(c)
	if err != nil {
		return err
	}
	if !part.whole() && c.Bool("keep-paths") {
		return usagef("run: --keep-paths for shard %s; paths are kept by a run in one piece (--shard all)", part)
	}
	as, err := askedFormats(c)
	if err != nil {
		return err
	}
	a, err := askedToRun(c)
	if err != nil {
		return err
	}
	if !part.whole() {
		r, err := sliceable(a)
		if err != nil {
			return err
		}
		return runShardAction(c, r, part)
	}
	bar := newProgress(c.App.ErrWriter)
	opt := study.Options{Workers: c.Int("workers"), Progress: bar.show}
	st, err := study.Execute(c.Context, a.scenario, a.library, opt)
	bar.done()
	if err != nil {
		return err
	}
	return leaveRun(c, st, leaving{a.dir, as, c.Bool("keep-paths")}, opt)
}

// toRun is what a command line says of a run.
type toRun struct {
	name     string // of the scenario or of its file, as it was typed
	set      []scenarios.Override
	scenario *scenarios.Scenario
	library  library
	dir      string // where the result goes
}

func askedToRun(c *cli.Context) (a toRun, err error) {
	if a.name, err = oneArgument(c, "one scenario"); err != nil {
		return a, err
	}
	if a.set, err = overrides(c); err != nil {
		return a, err
	}
	if err := checkPaths(c, a.name, a.set); err != nil {
		return a, err
	}
	if a.scenario, err = readScenario(a.name, a.set); err != nil {
		return a, err
	}
	a.library = libraryOf(c, a.name, a.scenario.SetFiles())
	if a.dir = c.String("output"); a.dir == "" {
		a.dir = runFolder(a.scenario.Name)
	}
	return a, checkTarget(a.dir)
}

// runFolder is where the result of a scenario goes that is not told where.
func runFolder(scenario string) string { return filepath.Join("out", scenario) }

// leaving says where the result of a study goes, and what is in it beside what always is.
type leaving struct {
	dir       string
	formats   []format // of the charts
	keepPaths bool
}

// leaveRun puts a study in its folder and shows it.
func leaveRun(c *cli.Context, st *study.Study, l leaving, opt study.Options) error {
	bar := newProgress(c.App.ErrWriter)
	opt.Progress = bar.show
	files, err := leaveStudy(c.Context, st, l, opt)
	bar.done()
	if err != nil {
		return err
	}
	return show(c, files, func(w io.Writer) error {
		err := printStudy(w, st, l.dir, files)
		if err == nil && l.keepPaths {
			_, err = fmt.Fprintf(w, "all %s in %s\n", counted(st.Base.Ensemble.Paths, "path"), filepath.ToSlash(filepath.Join(l.dir, pathsName)))
		}
		return err
	})
}

// leaveStudy puts a study in its folder, with every path where they are kept, and returns
// what else is there.
func leaveStudy(ctx context.Context, st *study.Study, l leaving, opt study.Options) (files []file, err error) {
	u, err := beginFolder(l.dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, u.drop()) }()
	var onDisk []manifestFile
	if l.keepPaths {
		paths, err := u.stream(pathsName, func(w io.Writer) error { return writePaths(ctx, w, st, opt) })
		if err != nil {
			return nil, err
		}
		onDisk = append(onDisk, paths)
	}
	if files, err = resultFiles(st, l.formats, onDisk...); err != nil {
		return nil, err
	}
	return files, u.finish(ctx, files)
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
