package main

import (
	"github.com/urfave/cli/v2"
)

func dataCommand() *cli.Command {
	return &cli.Command{
		Name:  "data",
		Usage: "look at data files, make series from them, and rebuild the bundled histories",
		Subcommands: []*cli.Command{
			dataImportCommand(),
			dataCheckCommand(),
			describeCommand(),
			premiumCommand(),
			basisCommand(),
			reconstructCommand(),
		},
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unknown("command", "data "+c.Args().First(), commandNames(c.Command.Subcommands))
			}
			return cli.ShowSubcommandHelp(c)
		},
	}
}
