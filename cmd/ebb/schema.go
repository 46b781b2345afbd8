package main

import (
	"fmt"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/urfave/cli/v2"
)

func schemaCommand() *cli.Command {
	return &cli.Command{
		Name:  "schema",
		Usage: "print the JSON schema of scenario files, for editors",
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("schema: found %d arguments, expected none", c.NArg())
			}
			schema, err := scenarios.Schema()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.App.Writer, "%s\n", schema)
			return err
		},
	}
}
