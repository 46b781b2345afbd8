package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Names of the methods, as they stand in results.
const (
	methodMean       = "Student t"
	methodPaired     = "Student t on paired differences"
	methodRatio      = "Fieller, paired"
	methodProportion = "Wilson score"
)

// fewPaths is where the t interval of a skewed outcome begins to be trusted.
const fewPaths = 30

// EstimateMean is the mean of one outcome per path with Student's t interval.
func EstimateMean(x []float64, level float64) (Estimate, error) {
	return estimateMean(x, level, methodMean)
}

// EstimateMeanDifference is mean(a) - mean(b) with Student's t interval of the
// differences a[i] - b[i]. Path i must have had the same random numbers in both
// runs: what they share then cancels, which is why the interval is narrow.
func EstimateMeanDifference(a, b []float64, level float64) (Estimate, error) {
	if err := checkPairs(a, b, 1); err != nil {
		return failed(level, len(a), methodPaired, err)
	}
	differences := make([]float64, len(a))
	for i := range a {
		differences[i] = a[i] - b[i]
	}
	return estimateMean(differences, level, methodPaired)
}

func estimateMean(x []float64, level float64, method string) (Estimate, error) {
	n := len(x)
	if err := checkLevel(level); err != nil {
		return failed(level, n, method, err)
	}
	if err := checkValues(x, 1); err != nil {
		return failed(level, n, method, err)
	}
	e := estimate(stat.Mean(x, nil), level, n, method)
	if n == 1 {
		return e.warn("one path has no spread: no interval"), nil
	}
	margin := studentT(n-1, level) * stat.StdDev(x, nil) / math.Sqrt(float64(n))
	return e.warnFew().warnConstant(margin).within(e.Value-margin, e.Value+margin)
}

// EstimateRatio is mean(above)/mean(below) of paired outcomes, such as the fall with
// a mechanism over the fall without it, with Fieller's interval (Fieller, 1954,
// Journal of the Royal Statistical Society B 16). When the denominator cannot be told
// from 0 at this level the set of likely ratios is unbounded: there is a value and a
// warning, but no interval.
func EstimateRatio(above, below []float64, level float64) (Estimate, error) {
	n := len(above)
	if err := checkLevel(level); err != nil {
		return failed(level, n, methodRatio, err)
	}
	if err := checkPairs(above, below, 1); err != nil {
		return failed(level, n, methodRatio, err)
	}
	denominator := stat.Mean(below, nil)
	ratio, err := quotient(stat.Mean(above, nil), denominator)
	if err != nil {
		return failed(level, n, methodRatio, err)
	}
	e := estimate(ratio, level, n, methodRatio)
	if n == 1 {
		return e.warn("one path has no spread: no interval"), nil
	}
	down, up, bounded := fieller(above, below, ratio, denominator, level)
	return e.ratioWithin(down, up, bounded)
}

// ratioWithin closes the estimate of a ratio with the distances to its ends.
func (e Estimate) ratioWithin(down, up float64, bounded bool) (Estimate, error) {
	if !bounded {
		return e.warnFew().warn("the denominator cannot be told from 0 at this level: the interval is unbounded"), nil
	}
	return e.warnFew().warnConstant(up-down).within(e.Value+down, e.Value+up)
}

func quotient(above, below float64) (float64, error) {
	if below == 0 {
		return absent, ErrZeroMean
	}
	if _, err := finite(below); err != nil {
		return absent, err
	}
	return finite(above / below)
}

// fieller solves for the distances from the ratio m to the ends of its interval: the
// ratios m+d for which mean(above) - (m+d)·mean(below) differs from 0 by no more than
// t standard errors. With the residuals e = above - m·below, whose mean is 0, and
// k = t²/n this is
//
//	(mean² - k·var(below))·d² + 2k·cov(below, e)·d - k·var(e) ≤ 0
//
// which has one root on each side of 0 whenever the first coefficient is positive.
func fieller(above, below []float64, m, mean, level float64) (down, up float64, bounded bool) {
	n := len(above)
	residuals := make([]float64, n)
	for i := range residuals {
		residuals[i] = above[i] - m*below[i]
	}
	return fiellerRoots(n, mean, stat.Variance(below, nil), stat.Covariance(below, residuals, nil), stat.StdDev(residuals, nil), level)
}

// fiellerRoots solves it from the moments: mean and variance of below, its covariance
// with the residuals, and their standard deviation.
func fiellerRoots(n int, mean, variance, covariance, deviation, level float64) (down, up float64, bounded bool) {
	t := studentT(n-1, level)
	k := t * t / float64(n)
	square := mean*mean - k*variance
	if square <= 0 {
		return absent, absent, false
	}
	half := k * covariance
	root := math.Hypot(half, math.Sqrt(square*k)*deviation)
	return (-half - root) / square, (-half + root) / square, true
}

// EstimateProportion is the share of trials that were successes with Wilson's score
// interval (Wilson, 1927, Journal of the American Statistical Association 22), which
// stays inside 0 and 1 and is not empty when nothing happened.
func EstimateProportion(successes, trials int, level float64) (Estimate, error) {
	if err := checkLevel(level); err != nil {
		return failed(level, trials, methodProportion, err)
	}
	if err := checkCounts(successes, trials); err != nil {
		return failed(level, trials, methodProportion, err)
	}
	n := float64(trials)
	share := float64(successes) / n
	z := normal(level)
	scale := 1 / (1 + z*z/n)
	centre := scale * (share + z*z/(2*n))
	margin := scale * z / n * math.Sqrt(float64(successes)*(1-share)+z*z/4)
	// At 0 and 1 the end is the share itself, which rounding may miss.
	return estimate(share, level, trials, methodProportion).
		within(max(0, min(share, centre-margin)), min(1, max(share, centre+margin)))
}

func checkCounts(successes, trials int) error {
	if trials < 1 {
		return fmt.Errorf("%w: %d of at least 1", ErrTooFew, trials)
	}
	if successes < 0 || successes > trials {
		return fmt.Errorf("%w: %d successes in %d trials", ErrArgument, successes, trials)
	}
	return nil
}

// normal is the multiple of the standard error that reaches from the middle to both
// ends of an interval, under the normal law.
func normal(level float64) float64 { return distuv.UnitNormal.Quantile((1 + level) / 2) }

// studentT is the same under Student's law.
func studentT(degrees int, level float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(degrees)}.Quantile((1 + level) / 2)
}

func (e Estimate) warnFew() Estimate {
	if e.N < fewPaths {
		return e.warn("%d paths are few: the interval trusts that means are close to normal", e.N)
	}
	return e
}

func (e Estimate) warnConstant(width float64) Estimate {
	if width == 0 {
		return e.warn("no spread between the paths: the interval has no width")
	}
	return e
}
