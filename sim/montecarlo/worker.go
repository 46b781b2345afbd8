package montecarlo

import (
	"context"
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// worker runs blocks of paths for all subjects.
type worker struct {
	queue *queue
	runs  []*running // by subject
	room  []float64
}

// running is a subject in the hands of a worker: a runner, and what a block gives
// before it goes into the ensemble.
type running struct {
	ensemble *Ensemble
	runner   *sim.Runner
	path     *sim.Path
	outcomes [][]float64 // outcome × path of the block
	series   [][]float64 // series × (path of the block × step)

	cappedPaths, cappedSteps int
}

func newWorker(list []*Ensemble, q *queue) *worker {
	w := &worker{queue: q, room: make([]float64, q.block)}
	for _, e := range list {
		w.runs = append(w.runs, newRunning(e, q.block))
	}
	return w
}

func newRunning(e *Ensemble, block int) *running {
	return &running{ensemble: e, runner: sim.NewRunner(e.Plan), path: e.Plan.NewPath(false),
		outcomes: sim.Matrix(len(e.Outcomes), block), series: sim.Matrix(len(e.Series), block*(e.Plan.Steps+1))}
}

func (w *worker) run(ctx context.Context) {
	for {
		from, to := w.queue.take()
		if from == to {
			return
		}
		for i := from; i < to; i++ {
			if ctx.Err() != nil || w.queue.pointless(i) {
				return
			}
			for k, r := range w.runs {
				if err := r.runner.Run(r.ensemble.source(i), r.path); err != nil {
					w.queue.fail(i, k, err)
					return
				}
				r.keep(i - from)
			}
			w.queue.finish(1)
		}
		for k, r := range w.runs {
			if r.write(from, to); r.ensemble.grown.Load() > MemoryLimit {
				w.queue.stop()
				return
			}
			if k > 0 {
				w.pair(r, to-from)
			}
		}
	}
}

// keep puts the outcomes and the series of a path into the block.
func (r *running) keep(place int) {
	e, rows := r.ensemble, r.ensemble.Plan.Steps+1
	for k, o := range e.Outcomes {
		r.outcomes[k][place] = o.Of(r.path)
	}
	if r.path.Capped > 0 {
		r.cappedPaths++
		r.cappedSteps += r.path.Capped
	}
	for k := range e.Series {
		into := r.series[k][place*rows : (place+1)*rows]
		if a := k - len(r.path.LogPrice); a >= 0 {
			into[0] = r.path.Opening[a]
			copy(into[1:], r.path.Reports[a])
			continue
		}
		for step, x := range r.path.LogPrice[k] {
			into[step] = math.Exp(x)
		}
	}
}

// write moves the block into the ensemble, which lies step by step.
func (r *running) write(from, to int) {
	e, rows := r.ensemble, r.ensemble.Plan.Steps+1
	for k, values := range r.outcomes {
		if at := from - e.From; at < len(e.Values[k]) {
			copy(e.Values[k][at:], values[:to-from])
		}
		if e.tallies != nil {
			e.tallies[k].add(values[:to-from])
		}
	}
	for k, series := range e.Series {
		kept := min(series.kept(), to-e.From) - (from - e.From)
		for step, values := range series.Values {
			for place := range kept {
				values[from-e.From+place] = r.series[k][place*rows+step]
			}
		}
		for step, counts := range series.counts {
			e.grown.Add(counts.add(r.series[k][step:], rows, to-from))
		}
	}
	e.mu.Lock()
	e.CappedPaths += r.cappedPaths
	e.CappedSteps += r.cappedSteps
	e.mu.Unlock()
	r.cappedPaths, r.cappedSteps = 0, 0
}

// add counts n values that lie a stride apart.
func (c *counted) add(values []float64, stride, n int) (grown int64) {
	c.Lock()
	defer c.Unlock()
	for i := range n {
		grown += int64(c.histogram.add(values[i*stride]))
	}
	return grown
}

// pair compares a block of a subject with that of the base.
func (w *worker) pair(r *running, n int) {
	base := w.runs[0]
	for k, p := range r.ensemble.Pairs {
		if p != nil {
			of := base.ensemble.place(r.ensemble.Outcomes[k].Name)
			p.add(base.outcomes[of][:n], r.outcomes[k][:n], w.room)
		}
	}
}
