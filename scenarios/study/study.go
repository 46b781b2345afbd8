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
	"github.com/ebb-sim/ebb/sim/replay"
)

// Options say how to run, never what comes out.
type Options struct {
	Workers  int                                 // 0 = all cores
	Progress func(label string, done, total int) // may be nil; called from several goroutines
	Gather   Gather                              // where the paths of the runs were run elsewhere; may be nil

	from, to int // the paths to run; all of them where both are 0
}

// A Study is a scenario with everything its run gave.
type Study struct {
	Scenario *scenarios.Scenario
	Panel    *data.Panel // nil without a history
	Base     Run
	Variants []Run
	Outcomes []Outcome
	Impulses []Impulse // of each asset; none without mechanisms
	// Identified is the history of a replay taken apart; nil where nothing is
	// replayed, or nobody trades.
	Identified  *replay.Identified
	Attribution *replay.Attribution // nil unless asked for
	Fragility   *replay.Fragility   // of the chosen path; nil without mechanisms
	Reverse     *Reverse            // nil unless asked for
	Rare        *Rare               // nil unless asked for
	Sweep       *Sweep              // nil unless asked for
	Skews       []Skew              // of the history; none unless asked for
	Forecast    *Forecast           // nil unless asked for
	Reported    *Reported           // nil unless asked for
	Watches     []Watch             // of the history; none without a monitor
	History     []Observed
	Warnings    []string

	swept   []Run              // of the sweep
	past    *replay.Identified // of the past from which news is drawn; nil where none is
	rolling *scenarios.Rolling // of the forecast
}

// Run is the scenario or one of its variants, run.
type Run struct {
	Label    string
	Case     *scenarios.Case
	Outcomes []outcome.Outcome // those this run has; a variant may lack some
	Ensemble *montecarlo.Ensemble
	Path     *sim.Path           // with its ledger: the base's most central path, and the same path of each variant
	Chosen   int                 // its index
	Stopped  *montecarlo.Stopped // where the base was precise enough; nil where no precision is asked for

	paths int // as many as the base was run on; 0 = as many as the scenario says
}

// Random tells whether chance is part of a study.
func (study *Study) Random() bool { return random(study.Base.Case) }

// Draws is how many paths the base is run on, and the seed of their random numbers.
func (study *Study) Draws() (int, uint64) {
	return paths(study.Base.Case), seed(study.Base.Case)
}

// Spread tells whether a study has several paths, so that there are quantiles
// and intervals.
func (study *Study) Spread() bool { return study.Base.Ensemble.Paths > 1 }

// Execute runs a scenario on its history.
func Execute(ctx context.Context, s *scenarios.Scenario, files scenarios.Files, opt Options) (*Study, error) {
	study, err := Ready(s, files)
	if err != nil {
		return nil, err
	}
	if err := study.Complete(ctx, opt); err != nil {
		return nil, err
	}
	return study, nil
}

// Complete does what remains of [Execute] to be done in a study that is [Ready].
func (study *Study) Complete(ctx context.Context, opt Options) error {
	if err := study.settle(ctx, opt); err != nil {
		return err
	}
	if err := study.simulate(ctx, opt); err != nil {
		return err
	}
	study.estimate()
	if err := study.sweep(ctx, opt); err != nil {
		return err
	}
	if err := study.replayChosen(); err != nil {
		return err
	}
	if err := study.respond(); err != nil {
		return err
	}
	if err := study.attribute(ctx, opt); err != nil {
		return err
	}
	if err := study.stress(ctx, opt); err != nil {
		return err
	}
	if err := study.rare(ctx, opt); err != nil {
		return err
	}
	if err := study.fragile(); err != nil {
		return err
	}
	if err := study.forecast(ctx, opt); err != nil {
		return err
	}
	var err error
	if study.History, err = observe(study.Panel); err != nil {
		return err
	}
	if study.Watches, err = watch(study.Scenario, study.Base.Case.Panel); err != nil {
		return err
	}
	study.warn()
	return nil
}

// Prepare is Execute up to where the running begins: a study whose runs have
// their cases and no results. A scenario that it finds no fault with is valid.
func Prepare(s *scenarios.Scenario, files scenarios.Files) (*Study, error) {
	panel, err := s.ReadHistory(files)
	if err != nil {
		return nil, err
	}
	base, err := s.Compile(panel)
	if err != nil {
		return nil, err
	}
	study := &Study{Scenario: s, Panel: panel}
	known, err := resolve(base, s.Spec.Outcomes)
	study.Base = Run{Case: base}
	faults := []error{err, study.skew(), study.attributable(), study.stressable(), study.narrowable(), study.tiltable()}
	if study.rolling, err = s.Rolling(files); err != nil {
		faults = append(faults, err)
	}
	if study.Reported, err = readReported(s, files); err != nil {
		faults = append(faults, err)
	}
	study.Base = Run{Label: scenarios.BaseLabel, Case: base, Outcomes: known}
	for i, c := range s.Compare {
		run, err := study.varied(fmt.Sprintf("compare[%d]", i), c.Label(), func() (*scenarios.Scenario, error) { return s.Variant(i) })
		if err != nil {
			faults = append(faults, err)
			continue
		}
		study.Variants = append(study.Variants, run)
	}
	if err := errors.Join(append(faults, study.readySweep())...); err != nil {
		return nil, err
	}
	return study, nil
}

// varied readies the run of a changed scenario, which the base's file asks for at
// a path. It must run on the base's grid and news.
func (study *Study) varied(path, label string, change func() (*scenarios.Scenario, error)) (Run, error) {
	changed, err := change()
	if err != nil {
		return Run{}, err
	}
	base := study.Base.Case
	c, err := changed.CompileVariant(study.Panel, base)
	if err != nil {
		return Run{}, err
	}
	if random(c) != random(base) || paths(c) != paths(base) || seed(c) != seed(base) ||
		sim.GroupOf(c.Driver) != sim.GroupOf(base.Driver) || !c.Plan.Start.Equal(base.Plan.Start) ||
		c.Plan.Steps != base.Plan.Steps || !slices.Equal(c.Assets(), base.Assets()) {
		f := study.Scenario.At(path)
		f.Text = "a comparison must keep the paths, seed, start, steps and assets of the scenario"
		return Run{}, data.Faults{f}
	}
	known, _ := resolve(c, study.Scenario.Spec.Outcomes) // a variant may be without what an outcome is of
	return Run{Label: label, Case: c, Outcomes: known}, nil
}

// random tells whether chance is part of a case.
func random(c *scenarios.Case) bool {
	name := c.Driver.Name()
	return name != "none" && name != "replay"
}

// paths is how many paths a case is worth: where nothing is random, one.
func paths(c *scenarios.Case) int {
	if !random(c) {
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

// resolve finds the outcomes that a case has, and blames the file for the others.
func resolve(c *scenarios.Case, names []string) ([]outcome.Outcome, error) {
	var list []outcome.Outcome
	var faults data.Faults
	for i, name := range names {
		o, err := outcome.Resolve(c.Plan, name)
		if err != nil {
			faults = append(faults, unknownOutcome(c, fmt.Sprintf("outcomes[%d]", i), err))
			continue
		}
		list = append(list, o)
	}
	return list, faults.Err()
}

// unknownOutcome points at the line that asks for an outcome which the plan
// does not have.
func unknownOutcome(c *scenarios.Case, path string, err error) data.Fault {
	f := c.At(path)
	f.Text = err.Error()
	var unknown *outcome.UnknownError
	if errors.As(err, &unknown) {
		f.Text, f.Found, f.Expected = "unknown outcome", fmt.Sprintf("%q", unknown.Name), "one of "+strings.Join(unknown.Known, ", ")
	}
	return f
}

// replayChosen replays one path of every run with its ledger: the most central of the
// base, so that all runs show the same news.
func (study *Study) replayChosen() error {
	chosen := study.Base.Chosen
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
			if series, ok := study.Panel.Series(note.Series); ok && series.Kind() != data.Flow && (note.Text == data.CarriedForward || strings.HasPrefix(note.Text, data.Absent)) {
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
	runs := study.runs()
	for i := range study.swept {
		runs = append(runs, &study.swept[i])
	}
	if study.rolling != nil {
		for _, note := range study.rolling.Notes {
			say("forecast: " + note)
		}
	}
	for _, note := range study.kept() {
		say(note)
	}
	for _, run := range runs {
		for _, note := range run.Case.Notes {
			say(note)
		}
		say(run.Imprecise())
		if n := run.Ensemble.CappedPaths; n > 0 {
			say(fmt.Sprintf("%s: the cap of %d waves was reached on %d of %d paths; their feedback is cut short",
				run.Label, run.Case.Plan.MaxWaves, n, run.Ensemble.Paths))
		}
	}
	for _, impulse := range study.Impulses {
		for i, curve := range impulse.Curves {
			if curve.Capped {
				say(fmt.Sprintf("%s: the cap of %d waves was reached in the response of %s to a fall of 1 %%; its multiplier is cut short",
					curve.Run, study.Runs()[i].Case.Plan.MaxWaves, impulse.Asset))
			}
		}
	}
}
