package study

import (
	"context"
	"fmt"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/montecarlo"
)

// Gather puts together what the paths of a run gave elsewhere: of the run with this
// number among all that a study has, counted as [Study.RunSlice] does. The base is what
// the subject is compared with, nil where it is that itself.
type Gather func(number int, s montecarlo.Subject, base *montecarlo.Subject) (*montecarlo.Ensemble, error)

// Slice is the part i of n of the paths of a study, from ≤ path < to: paths that are
// drawn together stay together. A part is empty where there are fewer of them than
// parts.
func (study *Study) Slice(i, n int) (from, to int) {
	group := sim.GroupOf(study.Base.Case.Driver)
	groups := paths(study.Base.Case) / group
	return i * groups / n * group, (i + 1) * groups / n * group
}

// RunSlice runs some of the paths, and nothing of what a study asks besides: those of
// the base, of its variants and of the values of its sweep, in this order. Each run is
// handed on with its number when it is done, and then let go. The study is [Ready], and
// says how many paths it has: it asks for no precision.
func (study *Study) RunSlice(ctx context.Context, from, to int, opt Options, done func(number int, e *montecarlo.Ensemble) error) error {
	if from >= to {
		return fmt.Errorf("found no path from %d to before %d, expected at least one", from, to)
	}
	opt.from, opt.to = from, to
	each := func(runs []*Run, first int, outcomesOnly bool) error {
		return simulate(ctx, runs, opt, outcomesOnly, func(i int, e *montecarlo.Ensemble) error {
			runs[i].Ensemble = nil
			return done(first+i, e)
		})
	}
	runs := study.runs()
	if err := each(runs, 0, false); err != nil {
		return err
	}
	return each(study.sweptRuns(), len(runs), true)
}

// gather is simulate for paths that were run elsewhere.
func gather(ctx context.Context, runs []*Run, opt Options, done func(i int, e *montecarlo.Ensemble) error) error {
	var base *montecarlo.Subject
	for i, run := range runs {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s := run.subject()
		var err error
		if run.Ensemble, err = opt.Gather(i, s, base); err != nil {
			return fmt.Errorf("%s: %w", run.Label, err)
		}
		if i == 0 {
			base = &s
		}
		if done == nil {
			continue
		}
		if err := done(i, run.Ensemble); err != nil {
			return err
		}
	}
	return nil
}

// behind has the runs numbered from a later number on.
func (opt Options) behind(first int) Options {
	if of := opt.Gather; of != nil {
		opt.Gather = func(number int, s montecarlo.Subject, base *montecarlo.Subject) (*montecarlo.Ensemble, error) {
			return of(first+number, s, base)
		}
	}
	return opt
}
