package study

import (
	"context"
	"fmt"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/replay"
)

// attribute shares outcomes out among the news and the mechanisms: of the one
// path where nothing is random, and else of the mean and of the worst paths.
func (study *Study) attribute(ctx context.Context, opt Options) error {
	ask := study.Scenario.Attribute
	if ask == nil {
		return nil
	}
	base := study.Base.Case
	options := replay.AttributionOptions{Seed: seed(base), Workers: opt.Workers}
	if opt.Progress != nil {
		options.Progress = func(done, total int) { opt.Progress("attribution", done, total) }
	}
	var err error
	if study.Spread() {
		study.Attribution, err = replay.AttributeEnsemble(ctx, base.Plan, sim.Alone(base.Driver), study.Base.Ensemble.Paths, ask.Outcomes, options)
	} else {
		study.Attribution, err = replay.Attribute(ctx, base.Plan, base.Driver, uint64(study.Base.Chosen), ask.Outcomes, options)
	}
	if err != nil {
		return fmt.Errorf("attribution: %w", err)
	}
	for _, note := range study.Attribution.Notes {
		study.Warnings = append(study.Warnings, "attribution: "+note)
	}
	return nil
}

// attributable blames the file for outcomes that the scenario does not have.
func (study *Study) attributable() error {
	if study.Scenario.Attribute == nil {
		return nil
	}
	c := study.Base.Case
	var faults data.Faults
	for i, name := range study.Scenario.Attribute.Outcomes {
		if _, err := outcome.Resolve(c.Plan, name); err != nil {
			faults = append(faults, unknownOutcome(c, fmt.Sprintf("attribute.outcomes[%d]", i), err))
		}
	}
	if len(c.Plan.Entries) == 0 {
		f := c.At("attribute")
		f.Text, f.Found, f.Expected = "attribution", "no mechanism", "at least one to which an outcome may be due"
		faults = append(faults, f)
	}
	return faults.Err()
}
