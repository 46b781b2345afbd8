// Package montecarlo answers one question: what could happen?
//
// [Run] runs many paths of one plan on all cores. Path i is a function of the
// seed and i alone, so an [Ensemble] does not depend on the number of workers
// or on scheduling, and any one of its paths can be run again with its ledger.
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

// MemoryLimit is the most memory an ensemble may take, in bytes.
const MemoryLimit = 2 << 30

// Options says what to run and what to keep of it.
type Options struct {
	Paths    int
	Seed     uint64
	Workers  int // 0 = one for each core
	Outcomes []outcome.Outcome
	// Progress is told how many paths are done: growing numbers, one call at a
	// time, from any goroutine, the last one with all paths. May be nil.
	Progress func(done int)
}

// Run runs the paths 0, 1, … and returns what came out of them. The plan has
// passed through [sim.Compile]. If paths fail, the error is that of the first
// of them, whatever the number of workers. When ctx ends, so does Run, after the
// paths in hand and with the cause of ctx.
func Run(ctx context.Context, plan *sim.Plan, driver sim.Driver, o Options) (*Ensemble, error) {
	if err := o.check(plan); err != nil {
		return nil, err
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	o.Workers = min(o.Workers, o.Paths)
	e := newEnsemble(plan, driver, o)
	work := newQueue(o)
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() { newWorker(e, work).run(ctx) })
	}
	workers.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if work.fault != nil {
		return nil, fmt.Errorf("path %d of seed %d: %w", work.failed.Load(), o.Seed, work.fault)
	}
	for _, n := range e.capped {
		if n > 0 {
			e.CappedPaths++
			e.CappedSteps += n
		}
	}
	return e, nil
}

func (o Options) check(plan *sim.Plan) error {
	var faults []error
	if o.Paths < 1 {
		faults = append(faults, fmt.Errorf("paths is %d, expected at least 1", o.Paths))
	}
	if o.Workers < 0 {
		faults = append(faults, fmt.Errorf("workers is %d, expected at least 1, or 0 for one for each core", o.Workers))
	}
	series := len(plan.Assets) + len(plan.Reports())
	perPath := 8 * (float64(series)*float64(plan.Steps+1) + float64(len(o.Outcomes)+1)) // +1: its capped steps
	if most := math.Floor(MemoryLimit / perPath); float64(o.Paths) > most {
		faults = append(faults, fmt.Errorf("%d paths of %d steps with %d series need %.1f GiB of memory, expected at most %d GiB: %.0f paths, or fewer steps",
			o.Paths, plan.Steps, series, float64(o.Paths)*perPath/(1<<30), MemoryLimit>>30, most))
	}
	return errors.Join(faults...)
}
