package main

import (
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/urfave/cli/v2"
)

func showCommand() *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "print a bundled scenario's file, to read or to start your own from",
		ArgsUsage: "NAME",
		Action: func(c *cli.Context) error {
			name, err := oneArgument(c, "the name of a bundled scenario")
			if err != nil {
				return err
			}
			if scenarios.IsStrategy(name) {
				return usagef("%s is a strategy; try: ebb backtest %s --show", name, name)
			}
			src, err := scenarios.Open(name)
			if err != nil {
				return usageError{err}
			}
			_, err = c.App.Writer.Write(src)
			return err
		},
	}
}
