package forecast

import (
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// CRPS is the continuous ranked probability score of an ensemble taken for the whole
// distribution,
//
//	E|X − y| − E|X − X′|/2
//
// with X and X′ drawn from it independently; the smaller, the better, in the unit of y
// (Gneiting and Raftery, 2007, Journal of the American Statistical Association 102(477),
// equation 21).
func CRPS(ensemble []float64, y float64) (float64, error) {
	sorted, err := ordered(ensemble, y, 1)
	if err != nil {
		return math.NaN(), err
	}
	m := float64(len(sorted))
	return scored(sorted, y, m*m), nil
}

// FairCRPS is the score of an ensemble taken for a sample of the distribution: its
// expectation is the score of the distribution, however small the sample, so that
// ensembles of different sizes compare (Ferro, 2014, Quarterly Journal of the Royal
// Meteorological Society 140). It needs two members, and may fall below 0.
func FairCRPS(ensemble []float64, y float64) (float64, error) {
	sorted, err := ordered(ensemble, y, 2)
	if err != nil {
		return math.NaN(), err
	}
	m := float64(len(sorted))
	return scored(sorted, y, m*(m-1)), nil
}

// scored is the score of sorted members. pairs divides the sum of |x − x′| over all
// ordered pairs of members, which is 2·Σ (2i − m − 1)·x[i] with i from 1 to m.
func scored(sorted []float64, y, pairs float64) float64 {
	m := len(sorted)
	near, apart := 0.0, 0.0
	for i, x := range sorted {
		near += math.Abs(x - y)
		apart += float64(2*i+1-m) * (x - sorted[0]) // less the least, lest large numbers cancel
	}
	return near/float64(m) - apart/pairs
}

// NormalCRPS is the score of a normal distribution in closed form (Gneiting and Raftery,
// 2007, section 4.2).
func NormalCRPS(mean, sd, y float64) (float64, error) {
	if err := finite(mean, sd, y); err != nil {
		return math.NaN(), err
	}
	if !(sd > 0) {
		return math.NaN(), fmt.Errorf("%w: standard deviation %v", stats.ErrArgument, sd)
	}
	z := (y - mean) / sd
	return sd * (z*(2*distuv.UnitNormal.CDF(z)-1) + 2*distuv.UnitNormal.Prob(z) - 1/math.Sqrt(math.Pi)), nil
}

// ordered are the members in ascending order.
func ordered(ensemble []float64, y float64, least int) ([]float64, error) {
	if len(ensemble) < least {
		return nil, fmt.Errorf("%w: %d members of at least %d", stats.ErrTooFew, len(ensemble), least)
	}
	if err := finite(append([]float64{y}, ensemble...)...); err != nil {
		return nil, err
	}
	sorted := slices.Clone(ensemble)
	slices.Sort(sorted)
	return sorted, nil
}

func finite(values ...float64) error {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: %v", stats.ErrNotFinite, v)
		}
	}
	return nil
}
