package study

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/replay"
)

// Ready is [Prepare] with the news told from feedback: a study whose base can be
// run, and other plans beside it.
func Ready(s *scenarios.Scenario, files scenarios.Files) (*Study, error) {
	study, err := Prepare(s, files)
	if err != nil {
		return nil, err
	}
	return study, study.identify()
}

// News is the driver of the study's base for a plan on the same grid with other
// mechanisms; it draws every path for itself.
func (study *Study) News(plan *sim.Plan) (sim.Driver, error) {
	if study.Identified != nil {
		return study.Identified.Driver(plan)
	}
	return sim.Alone(study.Base.Case.Driver), nil
}

// identify tells news from feedback where a study needs it: a replay runs on the
// news that its mechanisms leave of the history, and so do all runs that it is
// compared with; a bootstrap draws such news from the past.
func (study *Study) identify() error {
	base := study.Base.Case
	var err error
	switch {
	case base.Replays():
		if study.Identified, err = base.Identify(); err != nil {
			return err
		}
		study.gaps("the replay", study.Identified)
	case base.Draws():
		if study.past, err = base.Drawn(); err != nil {
			return err
		}
		study.gaps("the past from which news is drawn", study.past)
	}
	return study.each(study.tell)
}

// tell gives a run the news that was identified for the base.
func (study *Study) tell(run *Run) error {
	var err error
	switch {
	case study.Identified != nil:
		run.Case.Driver, err = study.Identified.Driver(run.Case.Plan)
	case study.past != nil:
		err = run.Case.DrawFrom(study.past)
	}
	return err
}

// each visits the base, its variants and the points of a sweep.
func (study *Study) each(visit func(*Run) error) error {
	for _, run := range study.runs() {
		if err := visit(run); err != nil {
			return fmt.Errorf("%s: %w", run.Label, err)
		}
	}
	for i := range study.swept {
		if err := visit(&study.swept[i]); err != nil {
			return fmt.Errorf("%s: %w", study.swept[i].Label, err)
		}
	}
	return nil
}

// gaps says how many steps no news explains, and why the worst of them is so.
func (study *Study) gaps(of string, found *replay.Identified) {
	steps := found.Path.Plan.Steps
	if len(found.Gaps) == 0 {
		study.Warnings = append(study.Warnings, fmt.Sprintf("%s: news explains every one of %d steps", of, steps))
		return
	}
	worst := found.Gaps[0]
	for _, g := range found.Gaps {
		if g.Asset >= 0 && (worst.Asset < 0 || math.Abs(g.Missed) > math.Abs(worst.Missed)) {
			worst = g
		}
	}
	what := "a series, " + worst.Series
	if worst.Asset >= 0 {
		what = fmt.Sprintf("%.2f %% of %s", 100*worst.Missed, found.Path.Plan.Assets[worst.Asset].Name)
	}
	by := ""
	if worst.Row != "" {
		by = ", by " + worst.Row
	}
	study.Warnings = append(study.Warnings, fmt.Sprintf("%s: %d of %d steps leave a gap that no news reaches; the largest is %s in step %d (%s%s)",
		of, found.GapSteps(), steps, what, worst.Step+1, worst.Cause, by))
}
