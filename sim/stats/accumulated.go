package stats

import (
	"errors"
	"math"
)

// Moments stand for outcomes that are no longer there one by one.
type Moments struct {
	N              int
	Mean, Variance float64 // the variance with n − 1
}

// EstimateMean is [EstimateMean] from the moments of the outcomes.
func (m Moments) EstimateMean(level float64) (Estimate, error) {
	return m.estimateMean(level, methodMean)
}

// EstimateMeanDifference is [EstimateMeanDifference] from the moments of the
// differences.
func (m Moments) EstimateMeanDifference(level float64) (Estimate, error) {
	return m.estimateMean(level, methodPaired)
}

func (m Moments) estimateMean(level float64, method string) (Estimate, error) {
	if err := m.check(level); err != nil {
		return failed(level, m.N, method, err)
	}
	e := estimate(m.Mean, level, m.N, method)
	if m.N == 1 {
		return e.warn("one path has no spread: no interval"), nil
	}
	margin := studentT(m.N-1, level) * math.Sqrt(m.Variance/float64(m.N))
	return e.warnFew().warnConstant(margin).within(e.Value-margin, e.Value+margin)
}

func (m Moments) check(level float64) error {
	if err := checkLevel(level); err != nil {
		return err
	}
	if err := checkCounts(0, m.N); err != nil {
		return err
	}
	_, err := finite(m.Mean)
	return err
}

// PairedMoments stand for paired outcomes that are no longer there one by one.
type PairedMoments struct {
	Above, Below Moments
	Covariance   float64 // with n − 1
}

// EstimateRatio is [EstimateRatio] from the moments of the outcomes.
func (m PairedMoments) EstimateRatio(level float64) (Estimate, error) {
	n := m.Above.N
	if err := errors.Join(m.Above.check(level), m.Below.check(level)); err != nil {
		return failed(level, n, methodRatio, err)
	}
	ratio, err := quotient(m.Above.Mean, m.Below.Mean)
	if err != nil {
		return failed(level, n, methodRatio, err)
	}
	e := estimate(ratio, level, n, methodRatio)
	if n == 1 {
		return e.warn("one path has no spread: no interval"), nil
	}
	down, up, bounded := fiellerRoots(n, m.Below.Mean, m.Below.Variance, m.Covariance-ratio*m.Below.Variance,
		math.Sqrt(max(0, m.Above.Variance-2*ratio*m.Covariance+ratio*ratio*m.Below.Variance)), level)
	return e.ratioWithin(down, up, bounded)
}

// EstimateOrderedQuantiles is [EstimateQuantiles] of n outcomes of which at gives
// that of a rank, from 0 to n − 1 in ascending order.
func EstimateOrderedQuantiles(n int, at func(rank int) float64, ps []float64, level float64) ([]Estimate, error) {
	all, faults := make([]Estimate, len(ps)), make([]error, len(ps))
	for i, p := range ps {
		if faults[i] = errors.Join(checkLevel(level), checkInner(p), checkCounts(0, n)); faults[i] != nil {
			all[i], _ = failed(level, n, methodQuantile, faults[i])
			continue
		}
		all[i], faults[i] = estimateOrderedQuantile(n, at, p, level)
	}
	return all, errors.Join(faults...)
}
