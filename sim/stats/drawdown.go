package stats

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"
)

// A Drawdown is one stay of a price path below its earlier high. The positions are
// indices into the prices.
type Drawdown struct {
	Depth     float64 // lowest price over the high, minus 1: -0.5 is a fall by half
	Peak      int     // last index at the high
	Trough    int     // first index of the lowest price
	End       int     // first index back at the high, or the last one of the path
	Recovered bool    // whether the path came back to the high
}

// Length is the number of steps from the peak to the end.
func (d Drawdown) Length() int { return d.End - d.Peak }

// MaxDrawdown is the deepest drawdown, the earlier of equals. A path that is never
// below its high has none: the zero Drawdown, of depth 0.
func MaxDrawdown(prices []float64) (Drawdown, error) {
	if err := checkPrices(prices); err != nil {
		return Drawdown{Depth: absent}, err
	}
	var deepest Drawdown
	for d := range drawdowns(prices) {
		if d.Depth < deepest.Depth {
			deepest = d
		}
	}
	return deepest, nil
}

// WorstDrawdowns lists at most k drawdowns, the deepest first, the earlier of equals
// before the later. They do not overlap.
func WorstDrawdowns(prices []float64, k int) ([]Drawdown, error) {
	if k < 0 {
		return nil, fmt.Errorf("%w: %d drawdowns", ErrArgument, k)
	}
	if err := checkPrices(prices); err != nil {
		return nil, err
	}
	all := slices.Collect(drawdowns(prices))
	slices.SortStableFunc(all, func(a, b Drawdown) int { return cmp.Compare(a.Depth, b.Depth) })
	return all[:min(k, len(all))], nil
}

// Underwater is the distance of each price from the highest so far, 0 at a high.
func Underwater(prices []float64) ([]float64, error) {
	if err := checkPrices(prices); err != nil {
		return nil, err
	}
	below := make([]float64, len(prices))
	high := prices[0]
	for i, p := range prices {
		high = max(high, p)
		below[i] = p/high - 1
	}
	return below, nil
}

// drawdowns yields every drawdown of checked prices, in order of time.
func drawdowns(prices []float64) iter.Seq[Drawdown] {
	return func(yield func(Drawdown) bool) {
		var d Drawdown
		for i, p := range prices {
			high := prices[d.Peak]
			switch {
			case p < high:
				d.End = i
				if depth := p/high - 1; depth < d.Depth {
					d.Depth, d.Trough = depth, i
				}
			case d.Depth < 0:
				d.End, d.Recovered = i, true
				if !yield(d) {
					return
				}
				fallthrough
			default:
				d = Drawdown{Peak: i, Trough: i, End: i}
			}
		}
		if d.Depth < 0 {
			yield(d)
		}
	}
}

// A DatedDrawdown is a Drawdown as a result file shows it.
type DatedDrawdown struct {
	Depth    float64    `json:"depth"`
	Peak     time.Time  `json:"peak"`
	Trough   time.Time  `json:"trough"`
	Recovery *time.Time `json:"recovery"` // null while the path is below its high
	Length   int        `json:"length"`   // steps from the peak to the recovery or to the end of the path
}

// Dated gives the drawdown the times of its prices.
func (d Drawdown) Dated(times []time.Time) (DatedDrawdown, error) {
	if min(d.Peak, d.Trough, d.End) < 0 || max(d.Peak, d.Trough, d.End) >= len(times) {
		return DatedDrawdown{}, fmt.Errorf("%w: %d times for a drawdown that ends at index %d", ErrLength, len(times), d.End)
	}
	dated := DatedDrawdown{Depth: d.Depth, Peak: times[d.Peak], Trough: times[d.Trough], Length: d.Length()}
	if d.Recovered {
		dated.Recovery = &times[d.End]
	}
	return dated, nil
}
