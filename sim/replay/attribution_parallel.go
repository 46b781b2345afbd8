package replay

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

func checkWorkers(workers int) error {
	if workers < 0 {
		return fmt.Errorf("workers is %d, expected at least 1, or 0 for one for each core", workers)
	}
	return nil
}

// inParallel calls do(0), …, do(n−1) on several workers; 0 = one for each core.
// The error is that of the lowest call that fails, whatever their number. When
// ctx ends, no call begins any more, and the error is the cause of ctx.
func inParallel(ctx context.Context, workers, n int, do func(i int) error) error {
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next, failed atomic.Int64
	failed.Store(math.MaxInt64)
	var mu sync.Mutex
	var fault error
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := next.Add(1) - 1
				if i >= int64(n) || i > failed.Load() { // calls are handed out in ascending order
					return
				}
				err := do(int(i))
				if err == nil {
					continue
				}
				mu.Lock()
				if i < failed.Load() {
					failed.Store(i)
					fault = err
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fault
}
