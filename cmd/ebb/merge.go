package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/scenarios/sweep"
	"github.com/urfave/cli/v2"
)

func mergeCommand() *cli.Command {
	return &cli.Command{
		Name:      "merge",
		Usage:     "make one result of the shards of a sweep",
		ArgsUsage: "FOLDER...",
		Description: `A folder is a shard, or holds shards. They must be all of the shards of one sweep, each
once, by this version of ebb; the result is that of the sweep in one piece, byte for
byte.

   ebb merge out/redemption-loop-sweep.16-shards`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "result `FOLDER` (default out/<name of the scenario>-sweep)"},
			&cli.StringFlag{Name: "sweep", Usage: "refuse shards of another sweep than the one with this `SHA256`"},
			&cli.DurationFlag{Name: "wait", Usage: "wait up to this `TIME`, such as 12h, until the shards are complete"},
			&cli.BoolFlag{Name: "json", Usage: "print the summary as JSON"},
		},
		Action: mergeAction,
	}
}

func mergeAction(c *cli.Context) error {
	if c.NArg() == 0 {
		return usagef("merge: found no folder, expected those of the shards")
	}
	if c.Duration("wait") < 0 {
		return usagef("merge: --wait %v, expected 0 or more", c.Duration("wait"))
	}
	if dir := c.String("output"); dir != "" {
		if err := checkTarget(dir); err != nil {
			return err
		}
	}
	shards, err := completeShards(c)
	if err != nil {
		return err
	}
	rows, err := mergedRows(shards)
	if err != nil {
		return err
	}
	result := newSweepResult(shards[0].Sweep, rows)
	files, err := result.files()
	if err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" {
		dir = sweepFolder(result.Scenario)
	}
	if err := writeFolder(c.Context, dir, files); err != nil {
		return err
	}
	return result.show(c, dir, files)
}

// The time between two looks at shards that are not complete doubles up to a bound.
const (
	firstPause   = 50 * time.Millisecond
	longestPause = 10 * time.Second
)

// completeShards are the shards in the folders that were given, which belong together.
func completeShards(c *cli.Context) ([]sweepShard, error) {
	late := time.Now().Add(c.Duration("wait"))
	said := ""
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		shards, err := findShards(c.Args().Slice())
		if err == nil {
			err = belong(shards, c.String("sweep"))
		}
		left := time.Until(late)
		if err == nil || left <= 0 {
			return shards, err
		}
		if said != err.Error() {
			said = err.Error()
			fmt.Fprintf(c.App.ErrWriter, "waiting: %s\n", said)
		}
		select {
		case <-c.Context.Done():
			return nil, c.Context.Err()
		case <-time.After(min(left, pause)):
		}
	}
}

// findShards reads each folder, or the shards that it holds.
func findShards(folders []string) ([]sweepShard, error) {
	var shards []sweepShard
	var faults []error
	for _, folder := range folders {
		s, err := readShard(folder)
		if err == nil {
			shards = append(shards, s)
			continue
		}
		inside := shardsIn(folder)
		if len(inside) == 0 {
			faults = append(faults, err)
		}
		shards = append(shards, inside...)
	}
	return shards, errors.Join(faults...)
}

// shardsIn are the shards that a folder holds, in the order of their names.
func shardsIn(folder string) []sweepShard {
	var shards []sweepShard
	entries, _ := os.ReadDir(folder) // none: the folder itself is the fault
	for _, e := range entries {
		if s, err := readShard(filepath.Join(folder, e.Name())); err == nil {
			shards = append(shards, s)
		}
	}
	return shards
}

// mergedRows are the cells of all shards, in their order.
func mergedRows(shards []sweepShard) ([]sweep.Row, error) {
	var all []sweep.Row
	var faults []error
	for _, s := range shards {
		rows, err := s.rows()
		if err != nil {
			faults = append(faults, err)
		}
		all = append(all, rows...)
	}
	slices.SortFunc(all, func(a, b sweep.Row) int { return cmp.Compare(a.Cell, b.Cell) })
	return all, errors.Join(faults...)
}
