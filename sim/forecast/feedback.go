package forecast

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/replay"
)

// Feedback forecasts by a plan with its mechanisms. They stand at the origin as the
// history up to it has left them, and go on from there, on every path, with news drawn by
// the stationary bootstrap from what they left of past returns, and with innovations of
// the observed series drawn from those of the past, each for itself and less their mean:
// in the calibration of the impact what is left of the return does not move with the flow.
type Feedback struct {
	Label    string
	Plan     *sim.Plan
	Walk     *replay.Walk
	Traded   []bool // by step: whether every asset has a close of its own at both ends
	Observed []bool // by innovation of the plan: whether its series was observed; of the others the plan's SD is drawn
	Asset    int
	Config   driver.Bootstrap
	Seed     uint64
	Workers  int // paths run side by side

	capped int
}

// Name implements [Model].
func (f *Feedback) Name() string { return f.Label }

// CappedSteps counts the steps so far, over all paths, that reached the cap on waves.
func (f *Feedback) CappedSteps() int { return f.capped }

// Draw implements [Model].
func (f *Feedback) Draw(ctx context.Context, origin int, horizons []int, out [][]float64) error {
	known, err := f.Walk.To(origin)
	if err != nil {
		return err
	}
	var names []string
	for _, a := range f.Plan.Assets {
		names = append(names, a.Name)
	}
	source, err := resampled(&f.Config, names, f.rows(known, origin))
	if err != nil {
		return err
	}
	pools := f.pools(known)
	workers := max(1, f.Workers)
	faults, capped := make([]error, workers), make([]int, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			b := newBranch(f, pools)
			for i := w; i < len(out[0]) && faults[w] == nil && ctx.Err() == nil; i += workers {
				faults[w] = b.run(known.Runner, source, stream(origin, i), horizons, func(at int, x float64) { out[at][i] = x })
			}
			capped[w] = b.capped
		})
	}
	wait.Wait()
	for _, n := range capped {
		f.capped += n
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return errors.Join(faults...)
}

// rows are the news of the past by step, with what no news explains; nil where an asset
// was not traded.
func (f *Feedback) rows(known replay.Known, origin int) [][]float64 {
	rows := make([][]float64, origin)
	for k := range rows {
		if !f.Traded[k] {
			continue
		}
		for a := range known.News {
			rows[k] = append(rows[k], known.News[a][k]+known.Unexplained[a][k])
		}
	}
	return rows
}

// pools are the innovations of the past from which are drawn, less their mean.
func (f *Feedback) pools(known replay.Known) [][]float64 {
	pools := make([][]float64, len(f.Plan.Innovations))
	for i, observable := range f.Plan.Innovations {
		if !f.Observed[i] {
			continue
		}
		mean := 0.0
		for k, v := range known.Innovations[i][:known.Published] {
			if observable.Always || f.Plan.Session(k) {
				pools[i] = append(pools[i], v)
				mean += v
			}
		}
		for k := range pools[i] {
			pools[i][k] -= mean / float64(len(pools[i]))
		}
	}
	return pools
}

// branch runs paths from an origin, one after the other.
type branch struct {
	*Feedback
	pools             [][]float64
	runner            *sim.Runner
	pcg               rand.PCG
	news, innovations []float64
	capped            int // steps
}

func newBranch(f *Feedback, pools [][]float64) *branch {
	return &branch{Feedback: f, pools: pools, runner: sim.NewRunner(f.Plan),
		news: make([]float64, len(f.Plan.Assets)), innovations: make([]float64, len(f.Plan.Innovations))}
}

// ofInnovations sets their random stream apart from that of the news.
const ofInnovations = 0x696e6e6f76617465

func (b *branch) run(from *sim.Runner, source sim.Driver, path uint64, horizons []int, keep func(at int, x float64)) error {
	if err := b.runner.Fork(from); err != nil {
		return err
	}
	b.pcg.Seed(b.Seed^ofInnovations, path)
	news, rng, market := source.Start(b.Seed, path), rand.New(&b.pcg), b.runner.Market()
	start, at := market.Open(b.Asset), 0
	for k := range horizons[len(horizons)-1] {
		news.Next(k, b.news, nil)
		b.draw(rng, market.Step())
		if b.runner.Try(b.news, b.innovations); b.runner.Capped() {
			b.capped++
		}
		if err := b.runner.Settle(); err != nil {
			return fmt.Errorf("%s: %w", b.Label, err)
		}
		if k+1 == horizons[at] {
			keep(at, market.Open(b.Asset)-start)
			at++
		}
	}
	return nil
}

// draw sets the innovations of a step of the plan. Each takes its draw whether or not
// the step has a session, so that what is drawn does not depend on the calendar.
func (b *branch) draw(rng *rand.Rand, step int) {
	for i, observable := range b.Plan.Innovations {
		v := 0.0
		switch pool := b.pools[i]; {
		case len(pool) > 0:
			v = pool[rng.IntN(len(pool))]
		case observable.SD > 0:
			v = observable.SD * rng.NormFloat64()
		}
		if !observable.Always && !b.Plan.Session(step) {
			v = 0
		}
		b.innovations[i] = v
	}
}
