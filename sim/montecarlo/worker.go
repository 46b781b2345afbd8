package montecarlo

import (
	"context"
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// worker runs blocks of paths. It owns a runner and writes only what belongs to
// its paths.
type worker struct {
	ensemble *Ensemble
	queue    *queue
	runner   *sim.Runner
	path     *sim.Path
	block    [][]float64 // series × (path of the block × step)
}

func newWorker(e *Ensemble, q *queue) *worker {
	w := &worker{ensemble: e, queue: q, runner: sim.NewRunner(e.Plan), path: e.Plan.NewPath(false)}
	for range e.Series {
		w.block = append(w.block, make([]float64, q.block*(e.Plan.Steps+1)))
	}
	return w
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
			if err := w.runner.Run(w.ensemble.source(i), w.path); err != nil {
				w.queue.fail(i, err)
				return
			}
			w.keep(i, i-from)
			w.queue.finish(1)
		}
		w.write(from, to)
	}
}

// keep notes the outcomes of a path and puts its series into the block.
func (w *worker) keep(i, place int) {
	e, rows := w.ensemble, w.ensemble.Plan.Steps+1
	for k, o := range e.Outcomes {
		e.Values[k][i] = o.Of(w.path)
	}
	e.capped[i] = w.path.Capped
	for k := range e.Series {
		into := w.block[k][place*rows : (place+1)*rows]
		if a := k - len(w.path.LogPrice); a >= 0 {
			into[0] = w.path.Opening[a]
			copy(into[1:], w.path.Reports[a])
			continue
		}
		for step, x := range w.path.LogPrice[k] {
			into[step] = math.Exp(x)
		}
	}
}

// write moves the block into the ensemble, which lies step by step.
func (w *worker) write(from, to int) {
	rows := w.ensemble.Plan.Steps + 1
	for k, series := range w.ensemble.Series {
		for step, values := range series.Values {
			for place := range to - from {
				values[from+place] = w.block[k][place*rows+step]
			}
		}
	}
}
