package study

import (
	"context"
	"errors"
	"fmt"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/replay"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Reverse is the smallest shock with which an outcome passes a threshold, on the
// chosen path.
type Reverse struct {
	*replay.Breaking
	Factor     float64            // all shocks by this factor; 0 where each is sought for itself
	Nearest    *replay.Nearest    // nil where one factor is sought
	Likelihood *replay.Likelihood // of such a shock in the driver's news; nil where there is none
	Unlikened  string             // why there is no likelihood; empty where there is one
	Frequency  *stats.Estimate    // of paths that pass the threshold without the shock; nil where nothing is random
}

// stress looks for the shock that the scenario asks for.
func (study *Study) stress(ctx context.Context, opt Options) error {
	ask := study.Scenario.Reverse
	if ask == nil {
		return nil
	}
	base := study.Base.Case
	shocks, err := replay.ShocksNamed(base.Plan, ask.Scale...)
	if err != nil {
		return study.blameReverse("reverse.scale", err)
	}
	s := replay.Stress{Plan: base.Plan, Driver: base.Driver, Seed: seed(base), Path: uint64(study.Base.Chosen), Shocks: shocks,
		Limit: replay.Limit{Outcome: ask.Outcome, Threshold: ask.Threshold, Passing: replay.Passing(ask.Passes)}}
	r := &Reverse{}
	spread, degrees, err := spreadOf(base, shocks)
	switch {
	case !ask.Nearest:
		found, err := s.Scale(ctx, replay.ScaleOptions{})
		if err != nil {
			return study.blameReverse("reverse", err)
		}
		r.Breaking, r.Factor = &found.Breaking, found.Factor
	case err != nil:
		return study.blameReverse("reverse.nearest", err)
	default:
		found, err := s.Nearest(ctx, spread, replay.NearestOptions{})
		if err != nil {
			return study.blameReverse("reverse", err)
		}
		r.Breaking, r.Nearest = &found.Breaking, found
	}
	if err == nil {
		r.Likelihood, err = likelihood(spread, r.Shocks, degrees)
	}
	if err != nil {
		r.Unlikened = err.Error()
	}
	if study.Spread() {
		s.Driver = sim.Alone(base.Driver) // its interval is that of independent paths
		f, err := s.Frequency(ctx, study.Base.Ensemble.Paths, opt.Workers, Level)
		if err != nil {
			return study.blameReverse("reverse", err)
		}
		r.Frequency = &f
	}
	study.Reverse = r
	return nil
}

// spreadOf is the spread of the shocks in the driver's news, and the degrees of
// freedom of its tails.
func spreadOf(c *scenarios.Case, shocks []int) (*replay.Spread, float64, error) {
	correlation, degrees, known := c.NewsLaw()
	if !known {
		return nil, 0, fmt.Errorf("the news is %s: how news of several steps spreads is known for gbm and student", c.Driver.Name())
	}
	spread, err := replay.SpreadOf(c.Plan, shocks, correlation, nil)
	return spread, degrees, err
}

// likelihood is that of the totals of the shocks found.
func likelihood(spread *replay.Spread, shocks []replay.BrokenShock, degrees float64) (*replay.Likelihood, error) {
	var totals []float64
	for _, s := range shocks {
		totals = append(totals, s.Total)
	}
	l, err := spread.Likelihood(totals, degrees)
	if err != nil {
		return nil, err
	}
	return &l, nil
}

// blameReverse gives an error the line of the file that asks for what failed.
func (study *Study) blameReverse(path string, err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	f := study.Scenario.At(path)
	f.Text = "reverse stress: " + err.Error()
	return data.Faults{f}
}

// stressable finds what is wrong with the question before anything runs.
func (study *Study) stressable() error {
	ask := study.Scenario.Reverse
	if ask == nil {
		return nil
	}
	c := study.Base.Case
	var faults []error
	if _, err := outcome.Resolve(c.Plan, ask.Outcome); err != nil {
		faults = append(faults, data.Faults{unknownOutcome(c, "reverse.outcome", err)})
	}
	if _, err := replay.ShocksNamed(c.Plan, ask.Scale...); err != nil {
		faults = append(faults, study.blameReverse("reverse.scale", err))
	}
	return errors.Join(faults...)
}
