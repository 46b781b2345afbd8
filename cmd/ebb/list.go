package main

import (
	"fmt"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/urfave/cli/v2"
)

func listCommand() *cli.Command {
	return &cli.Command{
		Name:  "list",
		Usage: "list the bundled scenarios",
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return usagef("list: found %d arguments, expected none", c.NArg())
			}
			t := newTable()
			t.AppendHeader(table.Row{"scenario", "what it shows", "source"})
			for _, name := range scenarios.Names() {
				s, err := readScenario(name, nil)
				if err != nil {
					return err
				}
				t.AppendRow(table.Row{name, s.Title, s.Source})
			}
			_, err := fmt.Fprintln(c.App.Writer, t.Render())
			return err
		},
	}
}

// newTable is the one look of ebb's tables on a terminal.
func newTable() table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.Style().Format.Header = 0 // as written
	return t
}
