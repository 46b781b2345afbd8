package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/scenarios/sweep"
	"github.com/urfave/cli/v2"
)

func sweepCommand() *cli.Command {
	return &cli.Command{
		Name:      "sweep",
		Usage:     "run a scenario at many points of its parameters",
		ArgsUsage: "FILE|NAME",
		Description: `Runs every cell on the same random numbers and leaves a table with one row a cell. A
cell that fails is reported with its cause, and the others go on. A sweep that is
stopped goes on where it was when it is typed again. With --shard, or as a task of a
job array (Slurm, AWS Batch, a Kubernetes Indexed Job with EBB_SHARDS), only one slice
of the cells is run; ebb merge makes the result of all slices, ebb cluster the jobs.

   ebb sweep redemption-loop --vary redemption.response=0..4bn/5 --vary market.btc.depth_1pct=1bn,3bn,9bn
   ebb sweep mine.yaml --vary market.btc.depth_1pct=1bn..9bn/log7 --paths 500 -o depth
   ebb sweep mine.yaml --design saltelli --points 64 --vary market.btc.depth_1pct=1bn..9bn/log --vary redemption.response=0..4bn`,
		Flags: append(sweptFlags(),
			shardFlag(),
			&cli.IntFlag{Name: "workers", Usage: "cells run side by side; 0 = all cores; changes no result"},
			formatFlag("format", "pictures"),
			&cli.BoolFlag{Name: "json", Usage: "print the summary as JSON"},
		),
		Action: sweepAction,
	}
}

// sweptFlags say which cells are run and where the result goes.
func sweptFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "vary", Usage: "`KEY=VALUES`: a list 0,1bn,2bn, or a range 0..4bn/5 or 1bn..9bn/log5; may be repeated"},
		&cli.StringFlag{Name: "design", Value: sweep.Grid, Usage: "where the cells lie: grid, lhs, sobol, or, to tell which parameter matters, oat (one at a time), morris or saltelli: `NAME`"},
		&cli.IntFlag{Name: "points", Usage: "`NUMBER` of cells (lhs, sobol), walks (morris) or blocks (saltelli, a power of two)"},
		&cli.Uint64Flag{Name: "design-seed", Value: 1, Usage: "`SEED` of the design"},
		&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "result `FOLDER` (default out/<name of the scenario>-sweep)"},
		&cli.StringSliceFlag{Name: "set", Usage: "change one entry of the scenario: `KEY=VALUE`; may be repeated"},
		outsideFlag(),
		&cli.StringFlag{Name: "seed", Usage: "`SEED` of the random numbers, instead of the scenario's"},
		&cli.StringFlag{Name: "paths", Usage: "`NUMBER` of paths of each cell, instead of the scenario's"},
	}
}

// asked is a sweep that can be run.
type asked struct {
	plan *sweep.Plan
	st   *study.Study
	hash string // of the cells and their data
	dir  string // where the result goes
}

// askedSweep reads what a command line says of a sweep.
func askedSweep(c *cli.Context) (asked, error) {
	name, err := oneArgument(c, "one scenario")
	if err != nil {
		return asked{}, err
	}
	set, err := overrides(c)
	if err != nil {
		return asked{}, err
	}
	s, err := readScenario(name, set)
	if err != nil {
		return asked{}, err
	}
	plan, err := sweepPlan(c, s)
	if err != nil {
		return asked{}, err
	}
	st, err := study.Ready(s, libraryOf(c, name, s.SetFiles()))
	if err != nil {
		return asked{}, err
	}
	hash, err := plan.Hash(st.DataHashes())
	if err != nil {
		return asked{}, err
	}
	dir := c.String("output")
	if dir == "" {
		dir = sweepFolder(s.Name)
	}
	return asked{plan, st, hash, dir}, checkTarget(dir)
}

// sweepFolder is where the sweep of a scenario goes that is not told where.
func sweepFolder(scenario string) string { return filepath.Join("out", scenario+"-sweep") }

func sweepAction(c *cli.Context) error {
	if c.Int("workers") < 0 {
		return usagef("sweep: --workers %d, expected 0 or more", c.Int("workers"))
	}
	part, err := shardOf(c)
	if err != nil {
		return err
	}
	as, err := askedFormats(c)
	if err != nil {
		return err
	}
	a, err := askedSweep(c)
	if err != nil {
		return err
	}
	if !part.whole() {
		return sweepShardAction(c, a, part)
	}
	var result sweepResult
	files, err := a.leave(c, part, a.dir, func(rows []sweep.Row) ([]file, error) {
		result = newSweepResult(headOf(a.plan, a.st), rows)
		return result.files(as)
	})
	if err != nil {
		return err
	}
	return result.show(c, a.dir, files)
}

// sweepShardAction leaves a shard of a sweep, unless it is there.
func sweepShardAction(c *cli.Context, a asked, part shard) error {
	folder := part.folder(a.dir)
	if err := checkTarget(folder); err != nil {
		return err
	}
	if s, err := readShard(folder); err == nil && s.is(part, a.hash) && s.Sweep != nil {
		if _, err := s.rows(); err == nil {
			return a.printShard(c, part, "finished before")
		}
	}
	_, err := a.leave(c, part, folder, func(rows []sweep.Row) ([]file, error) {
		return shardFiles(part, a.hash, headOf(a.plan, a.st), rows)
	})
	if err != nil {
		return err
	}
	return a.printShard(c, part, "finished")
}

func (a asked) printShard(c *cli.Context, part shard, state string) error {
	all := a.plan.Len()
	return printShard(c, part, a.dir, fmt.Sprintf("%d of %s: %s", part.size(all), counted(all, "cell"), state))
}

// printShard says what a shard of a result has left, and how the shards become it.
func printShard(c *cli.Context, part shard, dir, left string) error {
	folder := part.folder(dir)
	if c.Bool("json") {
		text, err := data.ReadFile(filepath.Join(folder, manifestName), maxManifest)
		if err != nil {
			return err
		}
		_, err = c.App.Writer.Write(text)
		return err
	}
	_, err := fmt.Fprintf(c.App.Writer, "shard %s, %s in %s\nwhen all shards are there: ebb merge %s -o %s\n", part, left,
		filepath.ToSlash(folder), filepath.ToSlash(shardsFolder(dir, part.Count)), filepath.ToSlash(dir))
	return err
}

// sweepPlan is what the command line asks for.
func sweepPlan(c *cli.Context, s *scenarios.Scenario) (*sweep.Plan, error) {
	var axes []sweep.Axis
	var faults []error
	for _, text := range c.StringSlice("vary") {
		a, err := sweep.ReadAxis(text, s)
		if err != nil {
			faults = append(faults, usagef("sweep: --vary %v", err))
		}
		axes = append(axes, a)
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	d := sweep.Design{Name: c.String("design"), N: c.Int("points"), Seed: c.Uint64("design-seed")}
	switch {
	case !d.Drawn() && (c.IsSet("points") || c.IsSet("design-seed")):
		return nil, usagef("sweep: --points or --design-seed with --design %s, which takes every value that is given", d.Name)
	case !d.Drawn():
		d.Seed = 0
	case d.N < 1:
		return nil, usagef("sweep: --design %s without --points, expected how many", d.Name)
	}
	plan, err := sweep.NewPlan(s, axes, d)
	if err != nil {
		return nil, usagef("sweep: %v", err)
	}
	return plan, nil
}

// leave runs the cells of a shard that are not in its journal yet, and puts what is
// made of them in place.
func (a asked) leave(c *cli.Context, part shard, dir string, made func([]sweep.Row) ([]file, error)) ([]file, error) {
	head := headOf(a.plan, a.st)
	j, err := openJournal(dir, a.hash, part, func(row sweep.Row) error {
		if err := head.fits(row); err != nil {
			return err
		}
		if !part.has(row.Cell) {
			return fmt.Errorf("cell %d is not one of shard %s", row.Cell, part)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	rows, err := a.run(c, part, j)
	if err != nil {
		return nil, errors.Join(err, j.close())
	}
	files, err := made(rows)
	if err == nil {
		err = writeFolder(c.Context, dir, files)
	}
	if err != nil {
		return nil, errors.Join(err, j.close())
	}
	return files, j.remove()
}

func (a asked) run(c *cli.Context, part shard, j *journal) ([]sweep.Row, error) {
	bar := newProgress(c.App.ErrWriter)
	bar.things = "cells"
	defer bar.done()
	bar.show(bar.things, len(j.Done()), part.size(a.plan.Len()))
	rows, err := a.plan.Run(c.Context, a.st, j, sweep.Options{Workers: c.Int("workers"), Cell: part.has, Progress: func(done, total int) { bar.show(bar.things, done, total) }})
	if errors.Is(err, context.Canceled) {
		err = fmt.Errorf("interrupted; %d of %s are finished and kept in %s: the same command goes on with the others", len(rows), counted(part.size(a.plan.Len()), "cell"), j.path)
	}
	return rows, err
}
