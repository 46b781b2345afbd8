// Package bounded answers one question for fuzz targets: does a reader take more time
// or memory than the size of its input explains?
package bounded

import (
	"runtime/metrics"
	"testing"
	"time"
)

// By runs f and fails the test where it allocates more than so many bytes, all its
// allocations taken together, or takes longer than ten seconds, which is far more than
// any input of a fuzz target needs on a busy machine. Allocations of other goroutines
// count too.
func By(t testing.TB, bytes uint64, f func()) {
	t.Helper()
	started, before := time.Now(), allocated()
	f()
	if took := time.Since(started); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	if used := allocated() - before; used > bytes {
		t.Errorf("allocated %d bytes, expected at most %d", used, bytes)
	}
}

// allocated is how many bytes the program has taken from the heap since it began.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
