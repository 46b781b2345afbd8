package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

const methodQuantileDifference = "Bahadur, paired, Hall–Sheather bandwidth"

// EstimateQuantileDifference is the p-quantile of a minus the p-quantile of b, for
// paired runs with common random numbers; p = 0.5 compares medians. It is not the
// p-quantile of the differences.
//
// The interval is asymptotic. By Bahadur's representation (1966, Annals of
// Mathematical Statistics 37) the error of a quantile q is the mean of
// (p - 1{x ≤ q})/f(q) over the paths, so the spread of the paired terms of a and b
// gives the error of the difference. The sparsity 1/f(q) is a difference quotient of
// the quantile function with the bandwidth of Hall and Sheather (1988, Journal of the
// Royal Statistical Society B 50). When the bandwidth does not fit between 0 and 1
// there are too few paths: a value and a warning, but no interval.
func EstimateQuantileDifference(a, b []float64, p, level float64) (Estimate, error) {
	n := len(a)
	if err := checkQuantilePairs(a, b, p, level); err != nil {
		return failed(level, n, methodQuantileDifference, err)
	}
	orderedA, orderedB := sorted(a), sorted(b)
	qa, qb := sortedQuantile(orderedA, p), sortedQuantile(orderedB, p)
	difference, err := finite(qa - qb)
	if err != nil {
		return failed(level, n, methodQuantileDifference, err)
	}
	e := estimate(difference, level, n, methodQuantileDifference)
	h := hallSheather(n, p, level)
	if p-h <= 0 || p+h >= 1 {
		return e.warn("too few paths for the interval of a difference of %s quantiles: %d", percent(p), n), nil
	}
	sparsityA, sparsityB := sparsity(orderedA, p, h), sparsity(orderedB, p, h)
	terms := make([]float64, n)
	for i := range terms {
		if a[i] <= qa {
			terms[i] -= sparsityA
		}
		if b[i] <= qb {
			terms[i] += sparsityB
		}
	}
	margin := normal(level) * stat.StdDev(terms, nil) / math.Sqrt(float64(n))
	return e.warnConstant(margin).within(e.Value-margin, e.Value+margin)
}

func checkQuantilePairs(a, b []float64, p, level float64) error {
	if err := checkLevel(level); err != nil {
		return err
	}
	if err := checkInner(p); err != nil {
		return err
	}
	return checkPairs(a, b, 1)
}

// sparsity is the slope of the quantile function at p, from p-h to p+h.
func sparsity(ordered []float64, p, h float64) float64 {
	return (sortedQuantile(ordered, p+h) - sortedQuantile(ordered, p-h)) / (2 * h)
}

// hallSheather is the bandwidth that makes the cover of a studentised quantile most
// exact, for a distribution near the normal.
func hallSheather(n int, p, level float64) float64 {
	z := distuv.UnitNormal.Quantile(p)
	density := distuv.UnitNormal.Prob(z)
	shape := 1.5 * density * density / (2*z*z + 1)
	return math.Cbrt(normal(level) * normal(level) * shape / float64(n))
}
