package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/urfave/cli/v2"
)

func checkCommand() *cli.Command {
	return &cli.Command{
		Name:      "check",
		Usage:     "check scenario, strategy and CSV files without running anything",
		ArgsUsage: "FILE...",
		Description: `A scenario is checked down to the histories it names and the plan they give, a
strategy (a file with rules) down to its rules and the prices it trades at; a CSV file is read by the format it is recognised as. All faults are printed.`,
		Flags: []cli.Flag{outsideFlag()},
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return usagef("check: found no arguments, expected at least one file")
			}
			var faults []error
			for _, name := range c.Args().Slice() {
				said, err := checkOne(c, name)
				if err != nil {
					faults = append(faults, err)
					continue
				}
				if _, err := fmt.Fprintf(c.App.Writer, "%s: %s\n", name, said); err != nil {
					return err
				}
			}
			return errors.Join(faults...)
		},
	}
}

// checkOne checks a file and tells what it is.
func checkOne(c *cli.Context, name string) (string, error) {
	if isFile(name) && !slices.Contains([]string{".yaml", ".yml"}, strings.ToLower(filepath.Ext(name))) {
		table, err := data.Open(name, data.ReadOptions{Now: time.Now()})
		if err != nil {
			return "", place(name, err)
		}
		return fmt.Sprintf("valid, format %s, %d rows", table.Format(), table.Len()), nil
	}
	if scenarios.IsStrategy(name) {
		return checkStrategy(c, name)
	}
	s, err := readScenario(name, nil)
	if err != nil {
		return "", err
	}
	st, err := study.Prepare(s, libraryOf(c, name, s.SetFiles()))
	if err != nil {
		return "", err
	}
	plan := st.Base.Case.Plan
	return fmt.Sprintf("valid scenario, %s, %s", counted(plan.Steps, "step"), counted(len(plan.Entries), "mechanism")), nil
}

func checkStrategy(c *cli.Context, name string) (string, error) {
	s, err := readStrategy(name, nil)
	if err != nil {
		return "", err
	}
	t, err := trial.Prepare(s, libraryOf(c, name, s.SetFiles()))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("valid strategy, %s, rules for %s", counted(len(t.Market.Times)-1, "step"), strings.Join(s.Assets(), ", ")), nil
}

// place makes a file that cannot be read a fault of the user's.
func place(name string, err error) error {
	var faults data.Faults
	if errors.As(err, &faults) {
		return err
	}
	return data.Faults{{File: name, Text: strings.TrimPrefix(err.Error(), name+": ")}}
}
