package study

import (
	"cmp"
	"context"
	"fmt"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/montecarlo"
)

// Quantiles are those that can be asked of the series of every run.
var Quantiles = []float64{.01, .05, .1, .25, .5, .75, .9, .95, .99}

// simulate runs the base and its variants, and chooses the base's most central path.
// After that only the prices and flags of the base are kept path by path, by which
// groups of paths are told apart; of all else quantiles and shares are, so that one
// run at a time is in memory.
func (study *Study) simulate(ctx context.Context, opt Options) error {
	condense := func(i int, e *montecarlo.Ensemble) error {
		if i > 0 {
			return e.Condense(Quantiles)
		}
		var err error
		if study.Base.Chosen, err = e.CentralPath(); err != nil {
			return err
		}
		var grouping []string
		for a, s := range e.Series {
			if a < len(e.Plan.Assets) || s.Unit == sim.Flag {
				grouping = append(grouping, s.Name)
			}
		}
		return e.Condense(Quantiles, grouping...)
	}
	return simulate(ctx, study.runs(), opt, false, condense)
}

// simulate runs several cases on the same random numbers, and hands on each as it is
// done, unless done is nil: one after the other as long as their outcomes can be
// compared path by path afterwards, and else together.
func simulate(ctx context.Context, runs []*Run, opt Options, outcomesOnly bool, done func(i int, e *montecarlo.Ensemble) error) error {
	if len(runs) == 0 {
		return nil
	}
	if opt.Gather != nil {
		return gather(ctx, runs, opt, done)
	}
	first := runs[0].Case
	o := montecarlo.Options{Paths: cmp.Or(runs[0].paths, paths(first)), From: opt.from, To: opt.to, Seed: seed(first), Workers: opt.Workers, OutcomesOnly: outcomesOnly}
	atOnce := 1
	if o.Paths > montecarlo.OutcomePaths {
		atOnce = len(runs)
	}
	for from := 0; from < len(runs); from += atOnce {
		group := runs[from : from+atOnce]
		if err := simulateTogether(ctx, group, opt.told(o, labelled(group))); err != nil {
			return err
		}
		for i, run := range group {
			if done == nil {
				continue
			}
			if err := done(from+i, run.Ensemble); err != nil {
				return err
			}
		}
	}
	return nil
}

func labelled(runs []*Run) string {
	if len(runs) > 1 {
		return fmt.Sprintf("%d runs", len(runs))
	}
	return runs[0].Label
}

// told is o with the progress told under a label.
func (opt Options) told(o montecarlo.Options, label string) montecarlo.Options {
	if opt.Progress != nil {
		all := o.Paths
		if o.To > 0 {
			all = o.To - o.From
		}
		o.Progress = func(done int) { opt.Progress(label, done, all) }
	}
	return o
}

func simulateTogether(ctx context.Context, runs []*Run, o montecarlo.Options) error {
	var subjects []montecarlo.Subject
	for _, run := range runs {
		subjects = append(subjects, run.subject())
	}
	list, err := montecarlo.RunTogether(ctx, subjects, o)
	if err != nil {
		return err
	}
	for i, run := range runs {
		run.Ensemble = list[i]
	}
	return nil
}

func (run *Run) subject() montecarlo.Subject {
	return montecarlo.Subject{Label: run.Label, Plan: run.Case.Plan, Driver: run.Case.Driver, Outcomes: run.Outcomes}
}

// kept says what of the results is not from the values of all paths.
func (study *Study) kept() []string {
	var notes []string
	e := study.Base.Ensemble
	if !e.Exact() {
		notes = append(notes, fmt.Sprintf("on %d paths the quantiles of series are counted in histograms: they are off by less than %.1g %% of their value; "+
			"the path that is shown is the most central of the first %d paths, and groups of paths are told apart among these", e.Paths, 100*montecarlo.RelativeError, e.Kept()))
	}
	if !e.Listed() {
		notes = append(notes, fmt.Sprintf("on %d paths the outcomes are counted: means and their intervals are from exact sums, quantiles are off by less than %.1g %% of their value, "+
			"and what needs outcomes path by path is from the first %d paths", e.Paths, 100*montecarlo.RelativeError, montecarlo.OutcomePaths))
	}
	return notes
}
