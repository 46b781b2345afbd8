package study

import (
	"context"
	"errors"
	"fmt"

	"github.com/ebb-sim/ebb/data"
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
	Likelihood *replay.Likelihood // of such a shock in the driver's news; nil where the driver gives none
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
	correlation, degrees, known := base.NewsLaw()
	var spread *replay.Spread
	if known {
		spread, err = replay.SpreadOf(base.Plan, shocks, correlation, nil)
	}
	switch {
	case !ask.Nearest:
		found, err := s.Scale(ctx, replay.ScaleOptions{})
		if err != nil {
			return study.blameReverse("reverse", err)
		}
		r.Breaking, r.Factor = &found.Breaking, found.Factor
	case !known:
		return study.blameReverse("reverse.nearest", fmt.Errorf("the news is %s: the likeliest mixture is known for gbm and student", base.Driver.Name()))
	case err != nil:
		return study.blameReverse("reverse.nearest", err)
	default:
		found, err := s.Nearest(ctx, spread, replay.NearestOptions{})
		if err != nil {
			return study.blameReverse("reverse", err)
		}
		r.Breaking, r.Nearest = &found.Breaking, found
	}
	if spread != nil {
		var totals []float64
		for _, shock := range r.Shocks {
			totals = append(totals, shock.Total)
		}
		if l, err := spread.Likelihood(totals, degrees); err == nil { // shocks of several lengths have no common law
			r.Likelihood = &l
		}
	}
	if study.Spread() {
		f, err := s.Frequency(ctx, paths(base), opt.Workers, Level)
		if err != nil {
			return study.blameReverse("reverse", err)
		}
		r.Frequency = &f
	}
	study.Reverse = r
	return nil
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
