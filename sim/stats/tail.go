package stats

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Quantile is the p-quantile of x in any order, 0 ≤ p ≤ 1, with linear
// interpolation between the order statistics around (n-1)p: type 7 of Hyndman and
// Fan (1996), the default of R, NumPy and pandas. (The linear interpolation of
// gonum is type 4.)
func Quantile(x []float64, p float64) (float64, error) {
	if !(p >= 0 && p <= 1) {
		return absent, fmt.Errorf("%w: quantile %v", ErrArgument, p)
	}
	if err := checkValues(x, 1); err != nil {
		return absent, err
	}
	return finite(sortedQuantile(sorted(x), p))
}

// ValueAtRisk is the historical value at risk: the tail-quantile of the returns,
// negative for a loss. With tail 0.05, one return in twenty is worse.
func ValueAtRisk(returns []float64, tail float64) (float64, error) {
	if err := checkTail(returns, tail); err != nil {
		return absent, err
	}
	return Quantile(returns, tail)
}

// ExpectedShortfall (CVaR) is the mean of the returns at or below ValueAtRisk.
func ExpectedShortfall(returns []float64, tail float64) (float64, error) {
	if err := checkTail(returns, tail); err != nil {
		return absent, err
	}
	ordered := sorted(returns)
	limit, err := finite(sortedQuantile(ordered, tail))
	if err != nil {
		return absent, err
	}
	beyond, found := slices.BinarySearch(ordered, limit)
	for found && beyond < len(ordered) && ordered[beyond] == limit {
		beyond++
	}
	return finite(stat.Mean(ordered[:beyond], nil))
}

// checkTail asks for two returns: the quantile of a single one says nothing of a tail.
func checkTail(returns []float64, tail float64) error {
	if !(tail > 0 && tail < 1) {
		return fmt.Errorf("%w: tail %v", ErrArgument, tail)
	}
	return checkValues(returns, 2)
}

// sortedQuantile is Quantile for values already checked and sorted. The
// interpolation runs from the nearer end, as in NumPy, so that it is monotonic and
// equal neighbours give their own value.
func sortedQuantile(ordered []float64, p float64) float64 {
	return orderedQuantile(len(ordered), func(rank int) float64 { return ordered[rank] }, p)
}

// orderedQuantile is sortedQuantile of n values of which at gives that of a rank.
func orderedQuantile(n int, at func(rank int) float64, p float64) float64 {
	below, weight := splitPosition(n, p)
	if weight == 0 {
		return at(below)
	}
	low, high := at(below), at(below+1)
	if weight < 0.5 {
		return low + (high-low)*weight
	}
	return high - (high-low)*(1-weight)
}

// splitPosition divides the type 7 position (n-1)p into an index and the weight of
// the next value; a weight above 0 has a next value.
func splitPosition(n int, p float64) (below int, weight float64) {
	whole, weight := math.Modf(float64(n-1) * p)
	return int(whole), weight
}

func sorted(x []float64) []float64 {
	ordered := slices.Clone(x)
	slices.Sort(ordered)
	return ordered
}
