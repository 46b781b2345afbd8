package study

import (
	"context"
	"fmt"
	"slices"

	"github.com/ebb-sim/ebb/scenarios"
)

// Vary runs the scenario with other values of some of its parameters, on the news of
// the base. Of the paths only the outcomes are kept. The study is [Ready]; it is not
// changed, so that several may be run side by side.
func (study *Study) Vary(ctx context.Context, label string, set []scenarios.Override, opt Options) (*Run, error) {
	run, err := study.varied("", label, func() (*scenarios.Scenario, error) { return study.Scenario.With(set) })
	if err != nil {
		return nil, err
	}
	if err := study.tell(&run); err != nil {
		return nil, fmt.Errorf("%s: %w", label, err)
	}
	if err := run.settle(ctx, opt); err != nil {
		return nil, err
	}
	if err := simulate(ctx, []*Run{&run}, opt, true, nil); err != nil {
		return nil, err
	}
	return &run, nil
}

// Estimates are an outcome of a run over its paths, and whether the run has it.
func (run *Run) Estimates(name string) (Estimates, bool) {
	for _, o := range run.Outcomes {
		if o.Name == name {
			return run.estimates(o), true
		}
	}
	return Estimates{}, false
}

// DataHashes are the SHA-256 of the history's files, one for each series in the order
// of their names.
func (study *Study) DataHashes() []string {
	if study.Panel == nil {
		return nil
	}
	var list []string
	names := slices.Sorted(slices.Values(study.Panel.Names()))
	for _, name := range names {
		series, _ := study.Panel.Series(name)
		list = append(list, name+" "+series.Provenance().SHA256)
	}
	return list
}
