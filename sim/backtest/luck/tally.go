package luck

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// A tally is what must be known of a stretch of returns to have the criteria of it and of
// any stretches joined in time. Wealth is in logarithms, 0 before the first return.
type tally struct {
	n, mean, squares float64 // squares: of the deviations from the mean
	least, most      float64
	growth           float64 // log wealth at the end
	high, low        float64 // of the log wealth, its beginning included
	fall             float64 // deepest fall of the log wealth from an earlier high, 0 or less
}

func tallyOf(simple []float64) tally {
	mean, variance := stat.PopMeanVariance(simple, nil)
	t := tally{
		n: float64(len(simple)), mean: mean, squares: variance * float64(len(simple)),
		least: floats.Min(simple), most: floats.Max(simple),
	}
	for _, r := range simple {
		t.growth += math.Log1p(r)
		t.high, t.low = max(t.high, t.growth), min(t.low, t.growth)
		t.fall = min(t.fall, t.growth-t.high)
	}
	return t
}

// then is the tally of a stretch and the one that follows (for the squares: Chan, Golub and
// LeVeque, 1983, American Statistician 37(3)).
func (t tally) then(next tally) tally {
	if t.n == 0 {
		return next
	}
	n, apart := t.n+next.n, next.mean-t.mean
	return tally{
		n:       n,
		mean:    t.mean + apart*next.n/n,
		squares: t.squares + next.squares + apart*apart*t.n*next.n/n,
		least:   min(t.least, next.least),
		most:    max(t.most, next.most),
		growth:  t.growth + next.growth,
		high:    max(t.high, t.growth+next.high),
		low:     min(t.low, t.growth+next.low),
		fall:    min(t.fall, next.fall, t.growth+next.low-t.high),
	}
}

// sd has ddof 1.
func (t tally) sd() float64 { return math.Sqrt(t.squares / (t.n - 1)) }
