package study

import (
	"context"
	"errors"
	"fmt"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/montecarlo/rare"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// Rare is how likely a rare event is in the base.
type Rare struct {
	rare.Question
	*rare.Answer
	Assets      []string // of the answer's shift
	Observables []string // of its tilt
	Refused     string   // why there is no answer; empty where there is one
}

// rare asks for the event that the scenario asks for.
func (study *Study) rare(ctx context.Context, opt Options) error {
	if study.Scenario.Rare == nil {
		return nil
	}
	ask, c := study.Scenario.Rare, study.Base.Case
	q, o, err := study.rareEvent()
	if err != nil {
		return err
	}
	o.Workers = opt.Workers
	if opt.Progress != nil {
		o.Progress = func(done int) { opt.Progress("rare event", done, ask.Paths) }
	}
	r := &Rare{Question: q, Assets: c.Assets()}
	for _, i := range c.Plan.Innovations {
		r.Observables = append(r.Observables, i.Name)
	}
	r.Answer, err = rare.Ask(ctx, c.Plan, c.Driver, q, o)
	switch {
	case errors.Is(err, rare.ErrCollapsed) || errors.Is(err, rare.ErrNoTilt):
		r.Answer, r.Refused = nil, err.Error()
	case err != nil:
		return fmt.Errorf("rare event: %w", err)
	}
	study.Rare = r
	return nil
}

// rareEvent is the question that the scenario asks, and how.
func (study *Study) rareEvent() (rare.Question, rare.Options, error) {
	ask, c := study.Scenario.Rare, study.Base.Case
	o := rare.Options{Paths: ask.Paths, Seed: seed(c), Level: Level, UntiltedEvery: ask.UntiltedEvery, LeastEffective: ask.LeastEffective, Also: study.Base.Outcomes}
	q := rare.Question{Threshold: ask.Threshold, AtMost: ask.Passes == "at most"}
	var faults []error
	fault := func(key, text, found, expected string) {
		f := c.At("rare." + key)
		f.Text, f.Found, f.Expected = text, found, expected
		faults = append(faults, data.Faults{f})
	}
	var err error
	if q.Outcome, err = outcome.Resolve(c.Plan, ask.Outcome); err != nil {
		faults = append(faults, data.Faults{unknownOutcome(c, "rare.outcome", err)})
	}
	tiltable, err := driver.NewTiltable(c.Driver, c.Plan.Steps)
	if err != nil {
		fault("outcome", "rare event: "+err.Error(), "", "")
	} else if ask.Tilt != nil {
		tilt := tiltable.Along(*ask.Tilt)
		o.Tilt = &tilt
	}
	switch every := ask.UntiltedEvery; {
	case every == 1:
		fault("untilted_every", "rare.untilted_every", "1, which leaves no path with the tilt", "0 for none, or at least 2")
	case every > 1 && ask.Paths%every != 0:
		fault("untilted_every", "rare.untilted_every", fmt.Sprintf("%d, and %d paths", every, ask.Paths), "paths that are a multiple of it")
	}
	return q, o, errors.Join(faults...)
}

// tiltable finds what is wrong with the question before anything runs.
func (study *Study) tiltable() error {
	if study.Scenario.Rare == nil {
		return nil
	}
	_, _, err := study.rareEvent()
	return err
}
