package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

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
stopped goes on where it was when it is typed again.

   ebb sweep redemption-loop --vary redemption.response=0..4bn/5 --vary market.btc.depth_1pct=1bn,3bn,9bn
   ebb sweep mine.yaml --vary market.btc.depth_1pct=1bn..9bn/log7 --paths 500 -o depth`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "vary", Usage: "`KEY=VALUES`: a list 0,1bn,2bn, or a range 0..4bn/5 or 1bn..9bn/log5; may be repeated"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "result `FOLDER` (default out/<name of the scenario>-sweep)"},
			&cli.StringSliceFlag{Name: "set", Usage: "change one entry of the scenario: `KEY=VALUE`; may be repeated"},
			&cli.StringFlag{Name: "seed", Usage: "`SEED` of the random numbers, instead of the scenario's"},
			&cli.StringFlag{Name: "paths", Usage: "`NUMBER` of paths of each cell, instead of the scenario's"},
			&cli.IntFlag{Name: "workers", Usage: "cells run side by side; 0 = all cores; changes no result"},
			&cli.BoolFlag{Name: "json", Usage: "print the summary as JSON"},
		},
		Action: sweepAction,
	}
}

func sweepAction(c *cli.Context) error {
	name, err := oneArgument(c, "one scenario")
	if err != nil {
		return err
	}
	if c.Int("workers") < 0 {
		return usagef("sweep: --workers %d, expected 0 or more", c.Int("workers"))
	}
	set, err := overrides(c)
	if err != nil {
		return err
	}
	s, err := readScenario(name, set)
	if err != nil {
		return err
	}
	plan, err := sweepPlan(c, s)
	if err != nil {
		return err
	}
	st, err := study.Ready(s, libraryOf(name))
	if err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" {
		dir = filepath.Join("out", s.Name+"-sweep")
	}
	if err := checkTarget(dir); err != nil {
		return err
	}
	rows, j, err := sweepRows(c, plan, st, dir)
	if err != nil {
		return err
	}
	result := sweepResult{plan, st, rows}
	files, err := result.files()
	if err != nil {
		return errors.Join(err, j.close())
	}
	if err := writeFolder(c.Context, dir, files); err != nil {
		return errors.Join(err, j.close())
	}
	if err := j.remove(); err != nil {
		return err
	}
	if c.Bool("json") {
		_, err = c.App.Writer.Write(files[0].Content)
		return err
	}
	return result.print(c.App.Writer, dir, files)
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
	plan, err := sweep.NewPlan(s, axes, sweep.Design{Name: sweep.Grid})
	if err != nil {
		return nil, usagef("sweep: %v", err)
	}
	return plan, nil
}

// sweepRows runs the cells that are not in the sweep's journal yet. Without an error
// the journal is still open.
func sweepRows(c *cli.Context, plan *sweep.Plan, st *study.Study, dir string) ([]sweep.Row, *journal, error) {
	hash, err := plan.Hash(st.DataHashes())
	if err != nil {
		return nil, nil, err
	}
	j, err := openJournal(dir, hash)
	if err != nil {
		return nil, nil, err
	}
	bar := newProgress(c.App.ErrWriter)
	bar.things = "cells"
	rows, err := plan.Run(c.Context, st, j, sweep.Options{Workers: c.Int("workers"), Progress: func(done, total int) { bar.show("cells", done, total) }})
	bar.done()
	if err != nil {
		if errors.Is(err, context.Canceled) {
			err = fmt.Errorf("interrupted; %d of %s are finished and kept in %s: the same command goes on with the others", len(rows), counted(plan.Len(), "cell"), j.path)
		}
		return nil, nil, errors.Join(err, j.close())
	}
	return rows, j, nil
}
