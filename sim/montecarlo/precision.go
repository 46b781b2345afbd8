package montecarlo

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Sampling says how the paths were drawn, for estimates from their outcomes.
func (e *Ensemble) Sampling() stats.Sampling { return stats.Sampling{Group: sim.GroupOf(e.Driver)} }

// Precision is how narrow the interval of a mean is to be: half its width is at most
// Absolute, or at most the share Relative of the true mean. One of the two is 0.
type Precision struct {
	Outcome            outcome.Outcome
	Relative, Absolute float64
	Level              float64
}

// Stopped is where a run may stop.
type Stopped struct {
	Paths    int
	Reached  bool // otherwise Paths is the cap
	Estimate stats.Estimate
}

// Block is the number of paths after which, again and again, the interval is looked at.
const Block = 1000

// Enough finds how many paths give the precision asked for, up to o.Paths: it runs them
// in blocks until the interval is narrow enough (Chow and Robbins 1965, Annals of
// Mathematical Statistics 36(2)). A relative precision γ asks for half a width of
// γ/(1 + γ) of the mean found, so that it holds for the true mean as well (Law and
// Kelton 1982, Operations Research 30(1)).
//
// The number is a function of the seed, not of the number of workers. To stop when the
// interval happens to be narrow is to stop a little too often when the spread found is
// too small: the interval covers the truth somewhat less often than it says, the less
// so the more blocks it took (Glynn and Whitt 1992, Annals of Applied Probability 2(1)).
func Enough(ctx context.Context, plan *sim.Plan, driver sim.Driver, o Options, p Precision) (*Stopped, error) {
	if o.Paths < 1 {
		return nil, fmt.Errorf("a cap of %d paths, expected at least 1", o.Paths)
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	sampling := stats.Sampling{Group: sim.GroupOf(driver)}
	s := &Stopped{}
	var values []float64
	for s.Paths < o.Paths && !s.Reached {
		block := Options{Paths: min(Block, o.Paths-s.Paths), Seed: o.Seed, Workers: o.Workers, Outcomes: []outcome.Outcome{p.Outcome}, OutcomesOnly: true}
		if o.Progress != nil {
			before := s.Paths
			block.Progress = func(done int) { o.Progress(before + done) }
		}
		e, err := Run(ctx, plan, later{driver, uint64(s.Paths)}, block)
		if err != nil {
			if ctx.Err() == nil && s.Paths > 0 {
				err = fmt.Errorf("counted from path %d on: %w", s.Paths, err)
			}
			return nil, err
		}
		values = append(values, e.Values[0]...)
		s.Paths += block.Paths
		if s.Estimate, err = sampling.EstimateMean(values, p.Level); err != nil && !errors.Is(err, stats.ErrTooFew) {
			return nil, err
		}
		s.Reached = p.reached(s.Estimate)
	}
	return s, nil
}

func (p Precision) reached(e stats.Estimate) bool {
	half := (e.High - e.Low) / 2 // NaN without an interval
	return half <= p.Absolute || half <= p.Relative/(1+p.Relative)*math.Abs(e.Value)
}

func (p Precision) check() error {
	positive := func(v float64) bool { return v > 0 && !math.IsInf(v, 1) }
	if positive(p.Relative) == positive(p.Absolute) || p.Relative*p.Absolute != 0 {
		return fmt.Errorf("a precision of %v relative and %v absolute, expected one of them above 0 and the other 0", p.Relative, p.Absolute)
	}
	return nil
}

// later is a driver whose paths begin with a later one.
type later struct {
	sim.Driver
	from uint64
}

func (l later) Start(seed, path uint64) sim.Source { return l.Driver.Start(seed, l.from+path) }
