package main

import (
	"fmt"
	"path/filepath"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/reconstruct"
	"github.com/urfave/cli/v2"
)

func reconstructCommand() *cli.Command {
	return &cli.Command{
		Name: "reconstruct", Usage: "rebuild the bundled histories from the weekly facts, byte for byte",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "histories", Usage: "`FOLDER` to write"},
			&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "seed of the bridge; another seed keeps the weekly facts and changes the days"}},
		Action: reconstructAction,
	}
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
		if _, err := fmt.Fprintf(c.App.Writer, "%s: %d bytes\n", filepath.ToSlash(path), len(h.Content)); err != nil {
			return err
		}
	}
	return nil
}
