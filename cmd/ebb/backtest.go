package main

import (
	"fmt"
	"io"
	"path/filepath"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/urfave/cli/v2"
)

func backtestCommand() *cli.Command {
	return &cli.Command{
		Name:      "backtest",
		Usage:     "try a strategy on its history, and on the paths of a scenario",
		ArgsUsage: "FILE|NAME",
		Description: `Runs a strategy file, or a bundled strategy by name (ebb backtest --list), beside
its benchmark, and leaves tables and charts in a folder, which is written whole or not
at all. With --scenario the strategy also trades on the paths of a scenario, once at
prices that it does not move and once with its own orders in the market.

   ebb backtest recovery-lights
   ebb backtest mine.yaml --check-lookahead
   ebb backtest trend-target --scenario redemption-loop --set account.capital=2bn`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "list", Usage: "list the bundled strategies"},
			&cli.BoolFlag{Name: "show", Usage: "print the strategy's file, to read or to start your own from"},
			&cli.BoolFlag{Name: "check-lookahead", Usage: "run again on the history as it was at every close, and fail where a decision changes"},
			&cli.StringFlag{Name: "scenario", Usage: "also trade on the paths of a scenario: `FILE|NAME`"},
			&cli.StringFlag{Name: "paths", Usage: "`NUMBER` of paths, instead of the scenario's"},
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "result `FOLDER` (default out/<name of the strategy>)"},
			&cli.StringSliceFlag{Name: "set", Usage: "change one entry of the strategy: `KEY=VALUE`; may be repeated"},
			outsideFlag(),
			&cli.IntFlag{Name: "workers", Usage: "cells and paths run side by side; 0 = all cores; changes no result"},
			formatFlag("format", "pictures"),
			&cli.BoolFlag{Name: "json", Usage: "print the summary as JSON"},
		},
		Action: backtestAction,
	}
}

func backtestAction(c *cli.Context) error {
	if c.Bool("list") {
		return listStrategies(c)
	}
	name, err := oneArgument(c, "one strategy")
	if err != nil {
		return err
	}
	if c.Bool("show") {
		return showStrategy(c, name)
	}
	if c.Int("workers") < 0 {
		return usagef("backtest: --workers %d, expected 0 or more", c.Int("workers"))
	}
	as, err := askedFormats(c)
	if err != nil {
		return err
	}
	set, err := assignments(c)
	if err != nil {
		return err
	}
	s, err := readStrategy(name, set)
	if err != nil {
		return err
	}
	bar := newProgress(c.App.ErrWriter)
	options := trial.Options{Workers: c.Int("workers"), Lookahead: c.Bool("check-lookahead"), Progress: bar.show}
	if options.Scenario, options.Files, err = simulated(c); err != nil {
		return err
	}
	dir := c.String("output")
	if dir == "" {
		dir = filepath.Join("out", s.Name)
	}
	if err := checkTarget(dir); err != nil {
		return err
	}
	t, err := trial.Execute(c.Context, s, libraryOf(c, name, s.SetFiles()), options)
	bar.done()
	if err != nil {
		return err
	}
	if t.Lookahead != nil && t.Lookahead.Difference != nil {
		return lookaheadError(t)
	}
	files, err := trialFiles(t, trialFlags(c), as)
	if err != nil {
		return err
	}
	if err := writeFolder(c.Context, dir, files); err != nil {
		return err
	}
	return show(c, files, func(w io.Writer) error { return printTrial(w, t, dir, files) })
}

// trialFlags are the flags that change what a backtest shows, as they were typed.
func trialFlags(c *cli.Context) []string {
	var list []string
	if c.Bool("check-lookahead") {
		list = append(list, "--check-lookahead")
	}
	if name := c.String("scenario"); name != "" {
		if isFile(name) {
			name = filepath.Base(name)
		}
		list = append(list, "--scenario", shellWord(name))
	}
	if c.IsSet("paths") {
		list = append(list, "--paths", shellWord(c.String("paths")))
	}
	return list
}

// simulated is the scenario on whose paths the strategy trades too; nil for none.
func simulated(c *cli.Context) (*scenarios.Scenario, scenarios.Files, error) {
	name := c.String("scenario")
	if name == "" {
		if c.IsSet("paths") {
			return nil, nil, usagef("backtest: --paths without --scenario, expected a scenario that has paths")
		}
		return nil, nil, nil
	}
	var set []scenarios.Override
	if c.IsSet("paths") {
		set = append(set, scenarios.Override{Key: "simulate.paths", Value: c.String("paths")})
	}
	if err := checkPaths(c, name, nil); err != nil {
		return nil, nil, err
	}
	s, err := readScenario(name, set)
	if err != nil {
		return nil, nil, err
	}
	return s, libraryOf(c, name, s.SetFiles()), nil
}

// readStrategy finds a strategy by file or bundled name and decodes it.
func readStrategy(name string, set []scenarios.Override) (*scenarios.Strategy, error) {
	if scenarios.IsScenario(name) {
		return nil, usagef("%s is a scenario; try: ebb run %s", name, name)
	}
	if isFile(name) {
		return scenarios.LoadStrategy(name, set)
	}
	src, err := scenarios.OpenStrategy(name)
	if err != nil {
		return nil, usageError{err}
	}
	return scenarios.ParseStrategy(name+".yaml", src, set)
}

func showStrategy(c *cli.Context, name string) error {
	src, err := scenarios.OpenStrategy(name)
	if err != nil {
		return usageError{err}
	}
	_, err = c.App.Writer.Write(src)
	return err
}

func listStrategies(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("backtest --list: found %d arguments, expected none", c.NArg())
	}
	t := newTable()
	t.AppendHeader([]any{"strategy", "what it does", "source"})
	for _, name := range scenarios.StrategyNames() {
		s, err := readStrategy(name, nil)
		if err != nil {
			return err
		}
		t.AppendRow([]any{name, s.Title, s.Source})
	}
	_, err := fmt.Fprintln(c.App.Writer, t.Render())
	return err
}

// lookaheadError says which decision knew the future.
func lookaheadError(t *trial.Trial) error {
	d := t.Lookahead.Difference
	asset := t.Market.Assets[d.Asset].Name
	day := func(step int) string { return label(t.Market.Times[step], t.Market.Step) }
	text := fmt.Sprintf("%s looks ahead: at the close of %s it decides for %s, %s, with the whole history, and %s with the history up to %s",
		t.Strategy.File(), day(d.Step-1), asset, describeTarget(d.Full), describeTarget(d.Cut), day(d.Known-1))
	for _, name := range t.Ahead() {
		text += fmt.Sprintf("; it reads %s, which says that it is known before its period ends", name)
	}
	return fmt.Errorf("%s; nothing was written", text)
}
