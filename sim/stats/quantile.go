package stats

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/gonum/stat/distuv"
)

const methodQuantile = "order statistics"

// EstimateQuantile is the p-quantile (see Quantile) of one outcome per path. The
// interval lies between two order statistics and holds for every distribution: the
// number of values below the true quantile is binomial (David and Nagaraja, Order
// Statistics, 2003, section 7.1). With too few paths for the level an end does not
// exist: it is absent, and a warning says how many paths it needs.
//
// A median of the differences between paired runs is the EstimateQuantile of these
// differences; EstimateQuantileDifference is something else.
func EstimateQuantile(x []float64, p, level float64) (Estimate, error) {
	all, err := EstimateQuantiles(x, []float64{p}, level)
	return all[0], err
}

// EstimateQuantiles is EstimateQuantile for several p at the cost of one sort. Its
// result is as long as ps, also when there is an error.
func EstimateQuantiles(x, ps []float64, level float64) ([]Estimate, error) {
	all := make([]Estimate, len(ps))
	if err := checkQuantiles(x, ps, level); err != nil {
		for i := range all {
			all[i], _ = failed(level, len(x), methodQuantile, err)
		}
		return all, err
	}
	ordered := sorted(x)
	faults := make([]error, len(ps))
	for i, p := range ps {
		all[i], faults[i] = estimateSortedQuantile(ordered, p, level)
	}
	return all, errors.Join(faults...)
}

func checkQuantiles(x, ps []float64, level float64) error {
	if err := checkLevel(level); err != nil {
		return err
	}
	for _, p := range ps {
		if err := checkInner(p); err != nil {
			return err
		}
	}
	return checkValues(x, 1)
}

// checkInner leaves out 0 and 1: the ends of a distribution have no such interval.
func checkInner(p float64) error {
	if !(p > 0 && p < 1) {
		return fmt.Errorf("%w: quantile %v", ErrArgument, p)
	}
	return nil
}

func estimateSortedQuantile(ordered []float64, p, level float64) (Estimate, error) {
	return estimateOrderedQuantile(len(ordered), func(rank int) float64 { return ordered[rank] }, p, level)
}

func estimateOrderedQuantile(n int, at func(rank int) float64, p, level float64) (Estimate, error) {
	value, err := finite(orderedQuantile(n, at, p))
	if err != nil {
		return failed(level, n, methodQuantile, err)
	}
	e := estimate(value, level, n, methodQuantile)
	low, high := quantileRanks(n, p, level)
	if low >= 1 {
		e.Low = at(low - 1)
	} else {
		e = e.warn("too few paths for a %s quantile: its lower bound needs %.0f, there are %d", percent(p), pathsForBound(math.Log1p(-p), level), n)
	}
	if high <= n {
		e.High = at(high - 1)
	} else {
		e = e.warn("too few paths for a %s quantile: its upper bound needs %.0f, there are %d", percent(p), pathsForBound(math.Log(p), level), n)
	}
	return e, nil
}

// quantileRanks gives the ranks, from 1 to n, of the order statistics that miss the
// p-quantile with probability of at most (1-level)/2 on either side; rank 0 or n+1 means
// that no order statistic does. They always enclose the type 7 estimate: with few
// paths it may lie outside the binomial ranks, and widening them only adds cover.
func quantileRanks(n int, p, level float64) (low, high int) {
	count := distuv.Binomial{N: float64(n), P: p}
	miss := (1 - level) / 2
	// P(quantile < X(low)) = P(count < low), P(X(high) < quantile) ≤ P(count ≥ high).
	low = sort.Search(n, func(k int) bool { return count.CDF(float64(k)) > miss })
	high = 1 + sort.Search(n, func(k int) bool { return count.Survival(float64(k)) <= miss })
	below, weight := splitPosition(n, p)
	low = min(low, below+1)
	if weight > 0 {
		below++
	}
	return low, max(high, below+1)
}

// pathsForBound is the least n with pⁿ ≤ (1-level)/2, where p is the chance, given by
// its logarithm, that a path lies on the inner side of the quantile.
func pathsForBound(logP, level float64) float64 {
	return math.Ceil(math.Log((1-level)/2) / logP)
}
