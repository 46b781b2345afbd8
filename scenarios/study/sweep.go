package study

import (
	"context"
	"slices"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// A Sweep is what the outcomes are at each value of one parameter, on the same
// news.
type Sweep struct {
	scenarios.Sweep
	Outcomes []SweptOutcome
}

// SweptOutcome is one outcome along a sweep.
type SweptOutcome struct {
	outcome.Outcome
	Points      []Estimates  // by value; their Run is the value as the file writes it
	Differences []Difference // of each later value from the first, path by path
}

// Amplified tells whether the outcome is a loss on every path at every value, so
// that its ratio to the first has a meaning.
func (o SweptOutcome) Amplified() bool {
	return len(o.Differences) > 0 && !slices.ContainsFunc(o.Differences, func(d Difference) bool { return d.Ratio == nil })
}

// readySweep compiles a run for each value.
func (study *Study) readySweep() error {
	asked := study.Scenario.Sweep
	if asked == nil {
		return nil
	}
	study.Sweep = &Sweep{Sweep: *asked}
	for i, point := range asked.Points {
		run, err := study.varied("sweep", asked.Key+" = "+point.Value, func() (*scenarios.Scenario, error) { return study.Scenario.Swept(i) })
		if err != nil {
			return err
		}
		study.swept = append(study.swept, run)
	}
	return nil
}

func (study *Study) sweptRuns() []*Run {
	runs := make([]*Run, len(study.swept))
	for i := range runs {
		runs[i] = &study.swept[i]
	}
	return runs
}

// sweep runs the scenario at each value. Of the paths only the outcomes are kept.
func (study *Study) sweep(ctx context.Context, opt Options) error {
	runs := study.sweptRuns()
	if err := simulate(ctx, runs, opt.behind(len(study.runs())), true, nil); err != nil {
		return err
	}
	for _, o := range study.Base.Outcomes {
		if swept, ok := study.along(o); ok {
			study.Sweep.Outcomes = append(study.Sweep.Outcomes, swept)
		}
	}
	return nil
}

// along is an outcome along the sweep, unless a value takes it away.
func (study *Study) along(o outcome.Outcome) (SweptOutcome, bool) {
	swept := SweptOutcome{Outcome: o}
	for i := range study.swept {
		run, points := &study.swept[i], study.Sweep.Points
		if run.place(o) < 0 {
			return swept, false
		}
		point := run.estimates(o)
		point.Run = points[i].Value
		swept.Points = append(swept.Points, point)
		if i > 0 {
			d := run.less(&study.swept[0], o, func() *montecarlo.Pair { return run.pair(o).Reversed() })
			d.Against = points[0].Value
			swept.Differences = append(swept.Differences, d)
		}
	}
	return swept, len(swept.Points) > 0
}
