package bounded_test

import (
	"testing"

	"github.com/ebb-sim/ebb/data/datatest/bounded"
)

// recorder takes the faults of a test that should have some.
type recorder struct {
	testing.TB
	faults int
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(string, ...any) { r.faults++ }

var kept []byte

func TestBy(t *testing.T) {
	for size, want := range map[int]int{1 << 10: 0, 64 << 20: 1} {
		r := &recorder{TB: t}
		bounded.By(r, 16<<20, func() { kept = make([]byte, size) })
		if r.faults != want {
			t.Errorf("%d bytes: %d faults, expected %d", size, r.faults, want)
		}
	}
}
