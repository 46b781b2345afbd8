package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves a command's flags before its arguments, because people write
// `ebb run redemption-loop -o folder` and the library stops at the first
// argument. What follows "--" stays an argument.
func flagsFirst(app *cli.App, args []string) []string {
	if len(args) < 2 {
		return args
	}
	done, commands := args[:1], app.Commands
	rest := args[1:]
	var flags []cli.Flag
	for len(rest) > 0 {
		at := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(rest[0]) })
		if at < 0 {
			break
		}
		done = append(done[:len(done):len(done)], rest[0])
		if commands[at].SkipFlagParsing {
			return args // its words are those of another command line
		}
		flags, commands, rest = commands[at].Flags, commands[at].Subcommands, rest[1:]
	}
	if len(done) == 1 {
		return args
	}
	var options, arguments []string
	for i := 0; i < len(rest); i++ {
		switch word := rest[i]; {
		case word == "--":
			arguments = append(arguments, rest[i+1:]...)
			i = len(rest)
		case len(word) < 2 || word[0] != '-':
			arguments = append(arguments, word)
		default:
			options = append(options, word)
			if takesValue(flags, word) {
				if i+1 == len(rest) {
					return append(done, options...) // the library says what is missing
				}
				i++
				options = append(options, rest[i])
			}
		}
	}
	done = append(done, options...)
	return append(append(done, "--"), arguments...)
}

// takesValue tells whether the word after a flag belongs to it.
func takesValue(flags []cli.Flag, word string) bool {
	name := strings.TrimLeft(word, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			_, isSwitch := f.(*cli.BoolFlag)
			return !isSwitch
		}
	}
	return false
}
