package montecarlo

import (
	"math"
	"sync"
	"sync/atomic"
)

// largestBlock is the number of paths a worker takes at a time in a long run.
// The series lie step by step, so that a step of 64 neighbouring paths fills
// whole cache lines: two workers never write to the same one at a time.
const largestBlock = 64

// queue hands out the paths in ascending order, block by block.
type queue struct {
	paths, block int
	next         atomic.Int64 // first path not yet handed out
	failed       atomic.Int64 // first path known to have failed

	mu       sync.Mutex
	fault    error // of that path
	done     int
	told     int
	progress func(int)
}

func newQueue(o Options) *queue {
	const perWorker = 8 // blocks each, lest the last one keeps all others waiting
	q := &queue{paths: o.Paths, block: max(1, min(largestBlock, o.Paths/(o.Workers*perWorker))), progress: o.Progress}
	q.failed.Store(math.MaxInt64)
	return q
}

// take hands out the paths from ≤ i < to; none are left when from = to.
func (q *queue) take() (from, to int) {
	from = min(int(q.next.Add(int64(q.block)))-q.block, q.paths)
	return from, min(from+q.block, q.paths)
}

// pointless tells whether a path lies behind one that has failed. Those before
// it still run: one of them may fail as well, and then its error counts.
func (q *queue) pointless(path int) bool { return int64(path) > q.failed.Load() }

func (q *queue) fail(path int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if int64(path) < q.failed.Load() {
		q.failed.Store(int64(path))
		q.fault = err
	}
}

// finish counts paths that are done and tells so about two hundred times a run.
func (q *queue) finish(n int) {
	if q.progress == nil {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.done += n
	if q.done-q.told >= max(1, q.paths/200) || q.done == q.paths {
		q.told = q.done
		q.progress(q.done)
	}
}
