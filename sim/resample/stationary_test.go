package resample_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/ebb-sim/ebb/sim/resample"
)

// Blocks are geometric: their mean length is what was asked for, and every row is drawn
// as often as any other.
func TestStationary(t *testing.T) {
	const n, length = 100_000, 10.
	rows := make([]int, n)
	resample.Stationary(rand.New(rand.NewPCG(3, 4)), rows, 1/length)
	blocks, sum := 1., 0.
	for i, row := range rows {
		if row < 0 || row >= n {
			t.Fatalf("row %d of %d", row, n)
		}
		if i > 0 && row != (rows[i-1]+1)%n {
			blocks++
		}
		sum += float64(row)
	}
	if got := n / blocks; math.Abs(got-length) > .3 {
		t.Errorf("mean length of a block %.2f, want %v", got, length)
	}
	// 10,000 blocks: the mean row has a standard error of n/√(12·10,000), twice that of
	// blocks of equal length at most.
	if got := sum / n; math.Abs(got-n/2) > 3*2*n/math.Sqrt(12*n/length) {
		t.Errorf("mean row %.0f, want about %d", got, n/2)
	}
}

func TestStationaryEnds(t *testing.T) {
	source := rand.New(rand.NewPCG(1, 2))
	resample.Stationary(source, nil, .1)
	one := []int{7}
	resample.Stationary(source, one, .1)
	if one[0] != 0 {
		t.Errorf("the only row is %d, want 0", one[0])
	}
	if got := resample.Next(source, 4, 5, 0); got != 0 {
		t.Errorf("after the last row comes %d, want the first", got)
	}
}
