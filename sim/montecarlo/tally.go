package montecarlo

import (
	"fmt"
	"math"
	"math/big"
	"sync"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Tally is what is kept of an outcome on more paths than are kept one by one: how
// many have it, exact sums, and a histogram.
type Tally struct {
	mu           sync.Mutex
	sum, squares exactSum
	values       histogram
}

func newTally() *Tally { return &Tally{values: newHistogram()} }

// N is the number of paths on which the outcome exists.
func (t *Tally) N() int { return t.values.present }

// Absent is the number of paths on which it does not.
func (t *Tally) Absent() int { return t.values.absent }

// Range is the least and the greatest value, exact; NaN where there is none.
func (t *Tally) Range() (low, high float64) {
	if t.N() == 0 {
		return math.NaN(), math.NaN()
	}
	return t.values.min, t.values.max
}

// Flags counts the 1 of an outcome that is 0 or 1 on every path that has it.
func (t *Tally) Flags() (ones int, err error) {
	if ones, _, err = t.values.flags(); err != nil {
		return 0, fmt.Errorf("outcome%w", err)
	}
	return ones, nil
}

// At is the value of a rank, from 0 to N − 1 in ascending order, to [RelativeError].
func (t *Tally) At(rank int) float64 { return t.values.at(rank) }

// Moments are the mean and the variance: exact sums, rounded once.
func (t *Tally) Moments() stats.Moments {
	mean, variance := moments(t.N(), &t.sum, &t.sum, &t.squares)
	return stats.Moments{N: t.N(), Mean: mean, Variance: variance}
}

func (t *Tally) add(values []float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, v := range values {
		t.values.add(v)
		if v == v {
			t.sum.add(v)
			t.squares.addProduct(v, v)
		}
	}
}

func (t *Tally) merge(other *Tally) {
	t.sum.merge(&other.sum)
	t.squares.merge(&other.squares)
	t.values.merge(&other.values)
}

// negative is the tally of all values with the other sign.
func (t *Tally) negative() *Tally {
	n := &Tally{squares: t.squares, values: t.values.negative()}
	for i, limb := range t.sum.limbs {
		n.sum.limbs[i] = -limb
	}
	n.sum.pending, n.sum.up, n.sum.down = t.sum.pending, t.sum.down, t.sum.up
	return n
}

// moments are the mean of a and the sample covariance of a and b, from their sums
// and that of their products; NaN where there are too few of them, or one is
// infinite.
func moments(n int, a, b, products *exactSum) (mean, covariance float64) {
	sumA, finiteA := a.value()
	sumB, finiteB := b.value()
	sumAB, finite := products.value()
	if n == 0 || !finiteA || !finiteB {
		return math.NaN(), math.NaN()
	}
	count := newBig().SetInt64(int64(n))
	mean, _ = newBig().Quo(sumA, count).Float64()
	if n == 1 || !finite {
		return mean, math.NaN()
	}
	// (n·Σab − Σa·Σb) / n(n−1)
	spread := newBig().Sub(newBig().Mul(count, sumAB), newBig().Mul(sumA, sumB))
	covariance, _ = spread.Quo(spread, newBig().Mul(count, new(big.Float).SetInt64(int64(n-1)))).Float64()
	return mean, covariance
}
