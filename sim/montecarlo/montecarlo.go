// Package montecarlo answers one question: what could happen?
//
// [Run] runs many paths of one plan on all cores, [RunTogether] those of several
// plans on the same random numbers. Path i is a function of the seed and i alone, so
// an [Ensemble] does not depend on the number of workers or on scheduling, and any
// one of its paths can be run again with its ledger.
//
// # What is kept
//
// Nothing grows with the number of paths without an end. Up to [ExactPaths] paths of
// a run, if [MemoryLimit] has room for them, every series is kept at every step of
// every path, and what is read from it is exact. Of a longer run the series of the first [SampledPaths] are kept, and all
// paths are counted in a histogram for each step and series, from which quantiles
// come with an error below [RelativeError], and shares exactly. Outcomes are kept
// path by path up to [OutcomePaths]; of a longer run those of the first of them, and
// all are counted in a [Tally], which has exact sums beside its histogram. To compare
// runs path by path beyond that, they must run together, and the differences are
// counted in a [Pair]. Which of these a run has depends on how many paths and series
// the whole of it has, so that every part keeps what the whole does.
//
// # Parts
//
// Workers take blocks of paths. What a block adds is integers and exact sums, so that
// neither the order nor the grouping of what is added can be seen: parts of a run
// ([Options].From and To) that [Merge] puts together are bit for bit the run that
// does all paths at once, and so are the bytes that [Ensemble.Encode] gives.
package montecarlo

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// How many paths are kept one by one.
const (
	ExactPaths   = 1 << 14 // series, in a run that is not longer
	SampledPaths = 1 << 12 // series, in one that is
	OutcomePaths = 1 << 18 // outcomes
)

// MemoryLimit is the most memory, in bytes, that an ensemble may take for each of
// these: series kept, their histograms, outcomes kept.
const MemoryLimit = 2 << 30

// Options says what to run and what to keep of it.
type Options struct {
	Paths    int // of the whole run
	From, To int // the part of them to run: From ≤ path < To; all of them where both are 0
	Seed     uint64
	Workers  int // 0 = one for each core
	Outcomes []outcome.Outcome
	// OutcomesOnly leaves out the series.
	OutcomesOnly bool
	// Progress is told how many paths are done: growing numbers, one call at a
	// time, from any goroutine, the last one with all paths. May be nil.
	Progress func(done int)
}

// A Subject is one of several runs on the same random numbers.
type Subject struct {
	Label    string // in errors
	Plan     *sim.Plan
	Driver   sim.Driver
	Outcomes []outcome.Outcome
}

// Run runs the paths 0, 1, … and returns what came out of them. The plan has
// passed through [sim.Compile]. If paths fail, the error is that of the first
// of them, whatever the number of workers. When ctx ends, so does Run, after the
// paths in hand and with the cause of ctx.
func Run(ctx context.Context, plan *sim.Plan, driver sim.Driver, o Options) (*Ensemble, error) {
	list, err := run(ctx, []Subject{{Plan: plan, Driver: driver, Outcomes: o.Outcomes}}, o)
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// RunTogether is [Run] for several subjects, of which the first is the base of the
// comparison: every path is run for each of them before the next. Their outcomes
// stand in the subjects, not in the options. Where outcomes are not kept path by
// path, the ensembles of the others have their [Pair] with the base.
func RunTogether(ctx context.Context, subjects []Subject, o Options) ([]*Ensemble, error) {
	if len(o.Outcomes) > 0 {
		return nil, fmt.Errorf("found %d outcomes in the options of runs together, expected them in the subjects", len(o.Outcomes))
	}
	return run(ctx, subjects, o)
}

// settle fills in which paths are run, and tells all that is wrong.
func (o *Options) settle(subjects []Subject) error {
	if o.From == 0 && o.To == 0 {
		o.To = o.Paths
	}
	var faults []error
	for _, s := range subjects {
		if err := o.check(s); err != nil {
			faults = append(faults, s.blame(err))
		}
	}
	return errors.Join(faults...)
}

func run(ctx context.Context, subjects []Subject, o Options) ([]*Ensemble, error) {
	if err := o.settle(subjects); err != nil || len(subjects) == 0 {
		return nil, err
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	o.Workers = min(o.Workers, o.To-o.From)
	list := make([]*Ensemble, len(subjects))
	for i, s := range subjects {
		list[i] = newEnsemble(s, o)
		list[i].pairWith(list[0])
	}
	work := newQueue(o)
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() { newWorker(list, work).run(ctx) })
	}
	workers.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if work.fault != nil {
		return nil, subjects[work.subject].blame(fmt.Errorf("path %d of seed %d: %w", work.failed.Load(), o.Seed, work.fault))
	}
	for i, e := range list {
		if err := e.fits(); err != nil {
			return nil, subjects[i].blame(err)
		}
	}
	return list, nil
}

func (s Subject) blame(err error) error {
	if s.Label == "" {
		return err
	}
	return fmt.Errorf("%s: %w", s.Label, err)
}

func (o Options) check(s Subject) error {
	var faults []error
	if o.Paths < 1 {
		faults = append(faults, fmt.Errorf("paths is %d, expected at least 1", o.Paths))
	}
	if uint64(max(0, o.Paths)) > math.MaxUint32 { // what a bin can count
		faults = append(faults, fmt.Errorf("paths is %d, expected at most %d", o.Paths, uint32(math.MaxUint32)))
	}
	if o.Paths >= 1 && !(0 <= o.From && o.From < o.To && o.To <= o.Paths) {
		faults = append(faults, fmt.Errorf("found a part from path %d to before path %d, expected one within the %d paths", o.From, o.To, o.Paths))
	}
	if o.Workers < 0 {
		faults = append(faults, fmt.Errorf("workers is %d, expected at least 1, or 0 for one for each core", o.Workers))
	}
	return errors.Join(append(faults, o.checkMemory(s))...)
}

// checkMemory refuses what is known beforehand to be too large. How much room the
// histograms need shows only while they fill.
func (o Options) checkMemory(s Subject) error {
	if most := s.mostKept(); !o.OutcomesOnly && !o.exact(s) && SampledPaths > most {
		return fmt.Errorf("%d paths of %d steps with %d series need more than the %d GiB of memory that are allowed: expected at most %d paths, or fewer steps",
			o.Paths, s.Plan.Steps, s.series(), MemoryLimit>>30, min(most, ExactPaths))
	}
	if paths, most := o.outcomes(), MemoryLimit/(8*max(1, len(s.Outcomes))); paths > most {
		return fmt.Errorf("%d paths with %d outcomes need more than the %d GiB of memory that are allowed: expected at most %d paths, or fewer outcomes",
			o.Paths, len(s.Outcomes), MemoryLimit>>30, most)
	}
	return nil
}

func (s Subject) series() int { return len(s.Plan.Assets) + len(s.Plan.Reports()) }

// mostKept is the number of paths whose series have room in the memory.
func (s Subject) mostKept() int {
	return int(MemoryLimit / (8 * float64(s.series()) * float64(s.Plan.Steps+1)))
}

// exact tells whether the series of all paths of the whole run are kept.
func (o Options) exact(s Subject) bool { return o.Paths <= min(ExactPaths, s.mostKept()) }

// outcomes is the number of paths of the whole run whose outcomes are kept.
func (o Options) outcomes() int { return min(o.Paths, OutcomePaths) }
