package main

import (
	"fmt"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/urfave/cli/v2"
)

func schemaCommand() *cli.Command {
	return &cli.Command{
		Name:      "schema",
		Usage:     "print the JSON schema of scenario or strategy files, for editors",
		ArgsUsage: "[scenario|strategy]",
		Action: func(c *cli.Context) error {
			of := scenarios.Schema
			switch {
			case c.NArg() > 1:
				return usagef("schema: found %d arguments, expected scenario, strategy, or none for scenario", c.NArg())
			case c.Args().First() == "strategy":
				of = scenarios.StrategySchema
			case c.NArg() == 1 && c.Args().First() != "scenario":
				return unknown("schema of", c.Args().First(), []string{"scenario", "strategy"})
			}
			schema, err := of()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.App.Writer, "%s\n", schema)
			return err
		},
	}
}
