package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/urfave/cli/v2"
)

// Exit codes: what was asked is done; it failed; it was asked wrongly, or a
// file is not valid.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// run is the whole program: stdout is the result, stderr everything else.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	app := newApp(stdout, stderr)
	err := app.RunContext(ctx, flagsFirst(app, args))
	if err == nil {
		return exitDone
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintln(stderr, "ebb: interrupted, nothing was written")
		return exitFailed
	}
	complain(stderr, err)
	return exitCode(err)
}

// complain prints an error; faults of a file begin with the file and the line, as
// editors expect it.
func complain(w io.Writer, err error) {
	text := strings.TrimRight(err.Error(), "\n")
	if !faulty(err) {
		text = "ebb: " + text
	}
	fmt.Fprintln(w, text)
}

func faulty(err error) bool {
	var faults data.Faults
	var fault data.Fault
	return errors.As(err, &faults) || errors.As(err, &fault)
}

// usageError is a command line that says something it should not.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func exitCode(err error) int {
	var usage usageError
	if errors.As(err, &usage) || faulty(err) {
		return exitUsage
	}
	return exitFailed
}

// firstSteps is what ebb alone shows: what to do first. What all the commands are, ebb
// help tells.
const firstSteps = `ebb: how much of a fall is news, and how much is the market selling to itself?

First steps, each a command to type:

   ebb run redemption-loop                runs a bundled scenario: report.html, tables and charts in out/redemption-loop
   ebb list                               the bundled scenarios, a line each
   ebb show redemption-loop > mine.yaml   a scenario to change: then ebb check mine.yaml, ebb run mine.yaml -o out/mine
   ebb data check prices.csv              what ebb makes of a CSV file of yours, and what looks odd in it
   ebb stats prices.csv -o out/prices     its statistics and worst falls, with charts in out/prices

prices.csv may be as plain as two columns, date and close. Nothing but the folder in -o, or out, is written.

Help: ebb help (all commands) · ebb run --help (one of them) · ebb explain redemption (what stands in a file) · ebb man
`

func newApp(stdout, stderr io.Writer) *cli.App {
	app := &cli.App{
		Name:  "ebb",
		Usage: "how much of a fall is news, and how much is the market selling to itself?",
		Description: `ebb alone says what to do first, ebb COMMAND --help what a command takes, ebb explain
what may stand in a file, ebb man everything at once.`,
		Version:                   version(),
		Writer:                    stdout,
		ErrWriter:                 stderr,
		HideHelpCommand:           true,
		DisableSliceFlagSeparator: true, // --set values may hold commas
		Commands: []*cli.Command{
			runCommand(), sweepCommand(), mergeCommand(), clusterCommand(), backtestCommand(), statsCommand(), diffCommand(), listCommand(), showCommand(), checkCommand(), explainCommand(), calibrateCommand(), schemaCommand(), dataCommand(), manCommand(), completionCommand(), completeWordsCommand(),
		},
		// The library would exit by itself, and print usage errors to stdout.
		ExitErrHandler: func(*cli.Context, error) {},
		OnUsageError:   onUsageError,
		Action: func(c *cli.Context) error {
			if c.Args().Present() && c.Args().First() != "help" {
				return unknown("command", c.Args().First(), commandNames(c.App.Commands))
			}
			if c.Args().Present() {
				return cli.ShowAppHelp(c)
			}
			_, err := io.WriteString(c.App.Writer, firstSteps)
			return err
		},
	}
	for _, c := range app.Commands {
		prepare(c)
	}
	return app
}

// prepare makes a command report usage errors as ours.
func prepare(c *cli.Command) {
	c.OnUsageError = onUsageError
	c.HideHelpCommand = true
	for _, sub := range c.Subcommands {
		prepare(sub)
	}
}

func onUsageError(_ *cli.Context, err error, _ bool) error { return usageError{err} }

func commandNames(commands []*cli.Command) []string {
	var names []string
	for _, c := range commands {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

// unknown is the error of a name that nothing has.
func unknown(what, name string, known []string) error {
	return usagef("no %s %q; there are: %s", what, name, strings.Join(known, ", "))
}

// oneArgument is the only argument of a command.
func oneArgument(c *cli.Context, what string) (string, error) {
	if c.NArg() != 1 {
		return "", usagef("%s: found %d arguments, expected %s", c.Command.FullName(), c.NArg(), what)
	}
	return c.Args().First(), nil
}
