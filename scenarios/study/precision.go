package study

import (
	"context"
	"fmt"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// settle finds on how many paths the base is precise enough, and has all runs that it
// is compared with use as many: path is paired with path.
func (study *Study) settle(ctx context.Context, opt Options) error {
	if err := study.Base.settle(ctx, opt); err != nil {
		return err
	}
	return study.each(func(run *Run) error {
		run.paths = study.Base.paths
		return nil
	})
}

// settle does so for one run.
func (run *Run) settle(ctx context.Context, opt Options) error {
	if run.Case.Simulate == nil || run.Case.Simulate.Precision == nil {
		return nil
	}
	p, err := run.precision()
	if err != nil {
		return err
	}
	options := montecarlo.Options{Paths: paths(run.Case), Seed: seed(run.Case), Workers: opt.Workers}
	if opt.Progress != nil {
		options.Progress = func(done int) { opt.Progress(run.Label+", until precise enough", done, options.Paths) }
	}
	if run.Stopped, err = montecarlo.Enough(ctx, run.Case.Plan, run.Case.Driver, options, p); err != nil {
		return fmt.Errorf("%s: %w", run.Label, err)
	}
	run.paths = run.Stopped.Paths
	return nil
}

// precision is what the scenario asks for.
func (run *Run) precision() (montecarlo.Precision, error) {
	ask := run.Case.Simulate.Precision
	p := montecarlo.Precision{Relative: ask.Relative, Absolute: ask.Absolute, Level: Level}
	name, path := ask.Outcome, "simulate.precision.outcome"
	if name == "" && len(run.Case.Spec.Outcomes) > 0 {
		name, path = run.Case.Spec.Outcomes[0], "outcomes[0]"
	}
	var err error
	if p.Outcome, err = outcome.Resolve(run.Case.Plan, name); err != nil {
		return p, data.Faults{unknownOutcome(run.Case, path, err)}
	}
	return p, nil
}

// narrowable finds what is wrong with the precision asked for before anything runs.
func (study *Study) narrowable() error {
	c := study.Base.Case
	if c.Simulate == nil || c.Simulate.Precision == nil {
		return nil
	}
	if !random(c) {
		f := c.At("simulate.precision")
		f.Text, f.Found, f.Expected = "simulate.precision", "news that is not random", "a driver such as gbm: without chance there is no interval"
		return data.Faults{f}
	}
	if c.Simulate.Precision.Outcome == "" {
		return nil // the outcomes are checked by themselves
	}
	_, err := study.Base.precision()
	return err
}

// Imprecise says that a run ended at its cap of paths; "" where it did not.
func (run *Run) Imprecise() string {
	s := run.Stopped
	if s == nil || s.Reached {
		return ""
	}
	p, _ := run.precision() // it has run with it
	return fmt.Sprintf("%s: after all %d paths the mean of %s is %v: not as precise as asked for", run.Label, s.Paths, p.Outcome.Name, s.Estimate)
}
