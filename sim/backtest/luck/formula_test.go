package luck

import (
	"math"
	"testing"
)

// The two ends of the length of a block.
func TestBootstrapVarianceEnds(t *testing.T) {
	x := []float64{1, -2, 4, 0, 3}
	// Blocks of one step: the plain bootstrap, whose variance is that of the sample.
	if got, want := bootstrapVariance(x, 1), 4.56; math.Abs(got-want) > 1e-12 {
		t.Errorf("variance %v, want %v", got, want)
	}
	// Blocks without end: every draw is the whole sample, rotated.
	if got := bootstrapVariance(x, 0); math.Abs(got) > 1e-12 {
		t.Errorf("variance %v, want 0", got)
	}
}
