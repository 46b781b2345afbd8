// Package study answers one question: what did the scenario's run show?
//
// It runs a scenario and the variants it is compared with on the same news,
// and gathers outcomes with intervals, one path with its ledger, the response
// to a small shock, and what the history itself says. It writes nothing.
package study

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// Options say how to run, never what comes out.
type Options struct {
	Workers  int                                 // 0 = all cores
	Progress func(label string, done, total int) // may be nil; called from several goroutines
}

// A Study is a scenario with everything its run gave.
type Study struct {
	Scenario *scenarios.Scenario
	Panel    *data.Panel // nil without a history
	Base     Run
	Variants []Run
	Outcomes []Outcome
	Impulses []Impulse // of each asset; none without mechanisms
	History  []Observed
	Warnings []string
}

// Run is the scenario or one of its variants, run.
type Run struct {
	Label    string
	Case     *scenarios.Case
	Outcomes []outcome.Outcome // those this run has; a variant may lack some
	Ensemble *montecarlo.Ensemble
	Path     *sim.Path // with its ledger: the base's most central path, and the same path of each variant
	Chosen   int       // its index
}

// Random tells whether the paths of a study differ.
func (study *Study) Random() bool { return study.Base.Ensemble.Paths > 1 }

// Execute runs a scenario on its history.
func Execute(ctx context.Context, s *scenarios.Scenario, open scenarios.Opener, opt Options) (*Study, error) {
	panel, err := s.ReadHistory(open)
	if err != nil {
		return nil, err
	}
	base, err := s.Compile(panel)
	if err != nil {
		return nil, err
	}
	cases := []*scenarios.Case{base}
	labels := []string{"with everything"}
	for i, c := range s.Compare {
		variant, err := variant(s, i, panel, base)
		if err != nil {
			return nil, err
		}
		cases, labels = append(cases, variant), append(labels, c.Label())
	}
	study := &Study{Scenario: s, Panel: panel}
	for i, c := range cases {
		run, err := study.run(ctx, labels[i], c, opt)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			study.Base = *run
		} else {
			study.Variants = append(study.Variants, *run)
		}
	}
	study.estimate()
	if err := study.choose(); err != nil {
		return nil, err
	}
	if err := study.respond(); err != nil {
		return nil, err
	}
	if study.History, err = observe(panel); err != nil {
		return nil, err
	}
	study.warn()
	return study, nil
}

// variant compiles one comparison. It must run on the base's grid and news.
func variant(s *scenarios.Scenario, i int, panel *data.Panel, base *scenarios.Case) (*scenarios.Case, error) {
	changed, err := s.Variant(i)
	if err != nil {
		return nil, err
	}
	c, err := changed.CompileVariant(panel, base)
	if err != nil {
		return nil, err
	}
	if paths(c) != paths(base) || seed(c) != seed(base) || c.Plan.Steps != base.Plan.Steps || !slices.Equal(c.Assets(), base.Assets()) {
		f := s.At(fmt.Sprintf("compare[%d]", i))
		f.Text = "a comparison must keep the paths, seed, steps and assets of the scenario"
		return nil, data.Faults{f}
	}
	return c, nil
}

// paths is how many paths a case is worth: where nothing is random, one.
func paths(c *scenarios.Case) int {
	if name := c.Driver.Name(); name == "none" || name == "replay" {
		return 1
	}
	return c.Simulate.Paths
}

func seed(c *scenarios.Case) uint64 {
	if c.Simulate == nil {
		return 0
	}
	return c.Simulate.Seed
}

func (study *Study) run(ctx context.Context, label string, c *scenarios.Case, opt Options) (*Run, error) {
	run := &Run{Label: label, Case: c}
	var faults data.Faults
	for i, name := range study.Scenario.Spec.Outcomes {
		o, err := outcome.Resolve(c.Plan, name)
		switch {
		case err == nil:
			run.Outcomes = append(run.Outcomes, o)
		case study.Base.Case == nil: // a variant may be without what the outcome is of
			faults = append(faults, unknownOutcome(c, i, err))
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	options := montecarlo.Options{Paths: paths(c), Seed: seed(c), Workers: opt.Workers, Outcomes: run.Outcomes}
	if opt.Progress != nil {
		options.Progress = func(done int) { opt.Progress(label, done, options.Paths) }
	}
	var err error
	if run.Ensemble, err = montecarlo.Run(ctx, c.Plan, c.Driver, options); err != nil {
		return nil, fmt.Errorf("%s: %w", label, err)
	}
	return run, nil
}

// unknownOutcome points at the line that asks for an outcome which the plan
// does not have.
func unknownOutcome(c *scenarios.Case, i int, err error) data.Fault {
	f := c.At(fmt.Sprintf("outcomes[%d]", i))
	f.Text = err.Error()
	var unknown *outcome.UnknownError
	if errors.As(err, &unknown) {
		f.Text, f.Found, f.Expected = "unknown outcome", fmt.Sprintf("%q", unknown.Name), "one of "+strings.Join(unknown.Known, ", ")
	}
	return f
}

// choose replays one path of every run with its ledger: the most central of the
// base, so that all runs show the same news.
func (study *Study) choose() error {
	chosen := study.Base.Ensemble.CentralPath()
	var faults []error
	for _, run := range study.runs() {
		path, err := run.Ensemble.Replay(chosen)
		run.Path, run.Chosen = path, chosen
		faults = append(faults, err)
	}
	return errors.Join(faults...)
}

// runs are the base and its variants.
func (study *Study) runs() []*Run {
	list := []*Run{&study.Base}
	for i := range study.Variants {
		list = append(list, &study.Variants[i])
	}
	return list
}

// Runs are the base and its variants, in the order of the file.
func (study *Study) Runs() []Run { return append([]Run{study.Base}, study.Variants...) }

// warn gathers what a reader must know beside the numbers.
func (study *Study) warn() {
	seen := map[string]bool{}
	say := func(text string) {
		if text != "" && !seen[text] {
			seen[text] = true
			study.Warnings = append(study.Warnings, text)
		}
	}
	if study.Panel != nil {
		for _, note := range study.Panel.Notes() {
			if note.Text == data.CarriedForward {
				say(note.String())
			}
		}
		for _, name := range study.Panel.Names() {
			series, _ := study.Panel.Series(name)
			if status := series.Provenance().Status; status != "" {
				say(fmt.Sprintf("%s: %s", name, status))
			}
		}
	}
	if study.Base.Case.Driver.Name() == "student" {
		say("student: under fat-tailed log returns the expected price does not exist; read medians, a mean is that of these paths")
	}
	for _, run := range study.runs() {
		for _, note := range run.Case.Notes {
			say(note)
		}
		if n := run.Ensemble.CappedPaths; n > 0 {
			say(fmt.Sprintf("%s: the cap of %d waves was reached on %d of %d paths; their feedback is cut short",
				run.Label, run.Case.Plan.MaxWaves, n, run.Ensemble.Paths))
		}
	}
}
