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
	to, block int
	next      atomic.Int64 // first path not yet handed out
	failed    atomic.Int64 // first path known to have failed

	mu       sync.Mutex
	fault    error // of that path
	subject  int   // to which that happened
	paths    int
	done     int
	told     int
	progress func(int)
}

func newQueue(o Options) *queue {
	const perWorker = 8 // blocks each, lest the last one keeps all others waiting
	paths := o.To - o.From
	q := &queue{to: o.To, block: max(1, min(largestBlock, paths/(o.Workers*perWorker))), paths: paths, progress: o.Progress}
	q.next.Store(int64(o.From))
	q.failed.Store(math.MaxInt64)
	return q
}

// take hands out the paths from ≤ i < to; none are left when from = to.
func (q *queue) take() (from, to int) {
	from = min(int(q.next.Add(int64(q.block)))-q.block, q.to)
	return from, min(from+q.block, q.to)
}

// stop hands out no more.
func (q *queue) stop() { q.next.Store(int64(q.to)) }

// pointless tells whether a path lies behind one that has failed. Those before
// it still run: one of them may fail as well, and then its error counts.
func (q *queue) pointless(path int) bool { return int64(path) > q.failed.Load() }

func (q *queue) fail(path, subject int, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if int64(path) < q.failed.Load() {
		q.failed.Store(int64(path))
		q.fault, q.subject = err, subject
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
