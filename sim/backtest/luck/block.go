package luck

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"github.com/ebb-sim/ebb/sim/stats"
)

// leastSteps is the shortest sample that is resampled: below it the tails are a handful of
// steps, as for the news of a scenario.
const leastSteps = 30

// insignificant is how many autocorrelations in a row have to be close to 0 for those before
// them to be all that count.
const insignificant = 5

// BlockLength is the mean length of a block, in steps and at least 1, with which the
// stationary bootstrap has the least mean squared error for the variance of the mean of x:
// Politis and White (2004), Econometric Reviews 23(1), as corrected by Patton, Politis and
// White (2009), Econometric Reviews 28(4),
//
//	b = (n·g²/σ⁴)^⅓,  g = Σ λ(k/m)·|k|·R(k),  σ² = Σ λ(k/m)·R(k),  -m ≤ k ≤ m
//
// with the autocovariances R, the flat-top window λ(s) = min(1, 2(1-|s|)), and m twice the
// first of 5 lags in a row whose autocorrelation is below 2·√(log₁₀n/n); no longer than
// ⌈min(3√n, n/3)⌉. That it is the first of them, and not the lag before, is as in
// arch.bootstrap.optimal_block_length, with which the numbers agree where they are above 1.
func BlockLength(x []float64) (float64, error) {
	if err := checkSample(x); err != nil {
		return math.NaN(), err
	}
	n := float64(len(x))
	deviations := append([]float64(nil), x...)
	floats.AddConst(-stat.Mean(x, nil), deviations)
	most := int(math.Ceil(math.Sqrt(n))) + insignificant
	m := bandwidth(deviations, most)
	g, variance := 0., covariance(deviations, 0)
	for k := 1; k <= m; k++ {
		weight := 2 * min(1, 2*(1-float64(k)/float64(m))) * covariance(deviations, k) // both signs of k
		g += weight * float64(k)
		variance += weight
	}
	longest := math.Ceil(min(3*math.Sqrt(n), n/3))
	if variance == 0 {
		return longest, nil
	}
	return max(1, min(longest, math.Cbrt(n*g*g/(variance*variance)))), nil
}

// checkSample accepts finite values that vary, enough of them to be resampled.
func checkSample(x []float64) error {
	if len(x) < leastSteps {
		return tooFew(len(x))
	}
	_, err := stats.Skewness(x) // its checks are those wanted here
	return err
}

// covariance is R(k) with divisor n.
func covariance(deviations []float64, k int) float64 {
	n := len(deviations)
	return floats.Dot(deviations[k:], deviations[:n-k]) / float64(n)
}

// bandwidth is m, at least 2 and no more than most, which it is where no lags are
// insignificant. As in arch, the autocorrelation at lag k is scaled by the sums of squares of
// the last and of the first n-k-1 values.
func bandwidth(deviations []float64, most int) int {
	n := len(deviations)
	limit := 2 * math.Sqrt(math.Log10(float64(n))/float64(n))
	row := 0
	for k := range most {
		early, late := deviations[:n-k-1], deviations[k+1:]
		product := math.Abs(floats.Dot(deviations[k:], deviations[:n-k]))
		if product >= limit*math.Sqrt(floats.Dot(early, early)*floats.Dot(late, late)) {
			row = 0
			continue
		}
		if row++; row == insignificant {
			return min(most, 2*max(1, k-insignificant+1))
		}
	}
	return most
}
