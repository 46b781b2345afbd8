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
		Usage:     "make one result of the shards of a sweep or a run",
		ArgsUsage: "FOLDER...",
		Description: `A folder is a shard, or holds shards. They must be all of the shards of one sweep or
run, each once, by this version of ebb; the result is that of the work in one piece,
byte for byte. The merge of a run reads its scenario and data again, and computes what
does not come from the paths of the runs alone: attribution, stress, a rare event, a
forecast.

   ebb merge out/redemption-loop-sweep.16-shards
   ebb merge out/redemption-loop.4-shards`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "result `FOLDER` (default that of the work in one piece)"},
			&cli.StringFlag{Name: "sha256", Usage: "refuse shards of other work than that with this `HASH`"},
			&cli.StringFlag{Name: "scenario", Usage: "of a run: the scenario's `FILE`, where it no longer lies where the shards read it"},
			outsideFlag(),
			&cli.IntFlag{Name: "workers", Usage: "of a run: paths run side by side in what the merge computes; 0 = all cores; changes no result"},
			&cli.DurationFlag{Name: "wait", Usage: "wait up to this `TIME`, such as 12h, until the shards are complete"},
			formatFlag("format", "pictures"),
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
	if c.Int("workers") < 0 {
		return usagef("merge: --workers %d, expected 0 or more", c.Int("workers"))
	}
	if dir := c.String("output"); dir != "" {
		if err := checkTarget(dir); err != nil {
			return err
		}
	}
	as, err := askedFormats(c)
	if err != nil {
		return err
	}
	shards, err := completeShards(c)
	if err != nil {
		return err
	}
	if shards[0].Run != nil {
		return mergeRun(c, shards, as)
	}
	for _, flag := range []string{"scenario", "workers", "allow-outside"} {
		if c.IsSet(flag) {
			return usagef("merge: --%s, but these are shards of a sweep, whose merge computes nothing", flag)
		}
	}
	return mergeSweep(c, shards, as)
}

func mergeSweep(c *cli.Context, shards []workShard, as []format) error {
	rows, err := mergedRows(shards)
	if err != nil {
		return err
	}
	result := newSweepResult(*shards[0].Sweep, rows)
	files, err := result.files(as)
	if err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" {
		if s := result.Scenario; !filepath.IsLocal(s) || filepath.Base(s) != s {
			return usagef("merge: the shards are of a scenario %q, which is no name of a folder; name another with -o", s)
		}
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
func completeShards(c *cli.Context) ([]workShard, error) {
	late := time.Now().Add(c.Duration("wait"))
	said := ""
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		shards, err := findShards(c.Args().Slice())
		if err == nil {
			err = belong(shards, c.String("sha256"))
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
func findShards(folders []string) ([]workShard, error) {
	var shards []workShard
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
func shardsIn(folder string) []workShard {
	var shards []workShard
	entries, _ := os.ReadDir(folder) // none: the folder itself is the fault
	for _, e := range entries {
		if s, err := readShard(filepath.Join(folder, e.Name())); err == nil {
			shards = append(shards, s)
		}
	}
	return shards
}

// mergedRows are the cells of all shards, in their order.
func mergedRows(shards []workShard) ([]sweep.Row, error) {
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
