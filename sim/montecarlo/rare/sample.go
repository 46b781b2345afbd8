package rare

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// sample is a number of paths under a tilt, with what came out of them.
type sample struct {
	plan     *sim.Plan
	source   *driver.Tiltable
	tilt     driver.Tilt
	untilted int // of how many paths the first has no tilt; 0 = none
	seed     uint64
	first    uint64 // index of the first path among those of the seed
	paths    int
	workers  int
	outcomes []outcome.Outcome
	progress func(int)

	values       [][]float64   // outcome × path
	log          []float64     // by path: logarithm of the likelihood under the driver over that under the tilt
	sums, counts []driver.Tilt // by path: of its normals
}

// block is the number of paths that a worker takes at a time.
const block = 16

func (s *sample) run(ctx context.Context) error {
	if s.workers == 0 {
		s.workers = runtime.GOMAXPROCS(0)
	}
	s.values, s.log = sim.Matrix(len(s.outcomes), s.paths), make([]float64, s.paths)
	s.sums, s.counts = make([]driver.Tilt, s.paths), make([]driver.Tilt, s.paths)
	var mu sync.Mutex
	next, done, told, failed := 0, 0, 0, s.paths
	var fault error
	take := func() (int, int) {
		mu.Lock()
		defer mu.Unlock()
		from := next
		if from > failed || ctx.Err() != nil {
			return 0, 0
		}
		next = min(next+block, s.paths)
		return from, next
	}
	finish := func(n, at int, err error) {
		mu.Lock()
		defer mu.Unlock()
		if err != nil && at < failed { // the first path that fails counts, whoever runs it
			failed, fault = at, err
		}
		if done += n; s.progress != nil && (done-told >= max(1, s.paths/200) || done == s.paths) {
			told = done
			s.progress(done)
		}
	}
	var workers sync.WaitGroup
	for range min(s.workers, s.paths) {
		workers.Go(func() {
			runner, path := sim.NewRunner(s.plan), s.plan.NewPath(false)
			for from, to := take(); from < to; from, to = take() {
				at, err := from, error(nil)
				for ; at < to && err == nil; at++ {
					err = s.one(at, runner, path)
				}
				finish(at-from, at-1, err)
			}
		})
	}
	workers.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if fault != nil {
		return fmt.Errorf("path %d of seed %d under the tilt: %w", s.first+uint64(failed), s.seed, fault)
	}
	return nil
}

// one runs path i.
func (s *sample) one(i int, runner *sim.Runner, path *sim.Path) error {
	tilt := s.tilt
	if s.untilted > 0 && i%s.untilted == 0 {
		tilt = s.source.None()
	}
	source := s.source.Start(tilt, s.seed, s.first+uint64(i))
	if err := runner.Run(source, path); err != nil {
		return err
	}
	for k, o := range s.outcomes {
		s.values[k][i] = o.Of(path)
	}
	s.log[i], s.sums[i], s.counts[i] = source.LogRatio(s.tilt), source.Sums, source.Counts
	return nil
}

// weights are the likelihoods of the paths under the driver over those under what they
// are drawn from: the tilt, or its mixture with the driver.
func (s *sample) weights() []float64 {
	weights, share := make([]float64, s.paths), 0.0
	if s.untilted > 0 {
		share = 1 / float64(s.untilted)
	}
	for i, log := range s.log {
		weights[i] = 1 / (share + (1-share)*math.Exp(-log))
	}
	return weights
}
