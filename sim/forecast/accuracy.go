package forecast

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// MeanScore is the mean of scores in their order in time, with the normal interval of an
// error that allows for scores correlated over at least overlap − 1 forecasts (Newey and
// West, 1987), and over 4·(n/100)^(2/9), their rule of thumb of 1994: storms last longer
// than a forecast.
func MeanScore(scores []float64, overlap int, level float64) (stats.Estimate, error) {
	n := len(scores)
	absent := stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: level, N: n}
	switch {
	case !(level > 0 && level < 1) || overlap < 1:
		return absent, fmt.Errorf("%w: level %v, an overlap of %d", stats.ErrArgument, level, overlap)
	case n == 0:
		return absent, fmt.Errorf("%w: no scores", stats.ErrTooFew)
	}
	if err := finite(scores...); err != nil {
		return absent, err
	}
	e := absent
	e.Value = stat.Mean(scores, nil)
	lags := max(overlap-1, int(4*math.Pow(float64(n)/100, 2./9)))
	e.Method = fmt.Sprintf("Newey–West with Bartlett weights and %d lags, normal", lags)
	if n <= 2*lags {
		e.Warnings = append(e.Warnings, fmt.Sprintf("%d scores are too few for an interval that allows for %d lags", n, lags))
		return e, nil
	}
	influence := make([]float64, n)
	for i, s := range scores {
		influence[i] = (s - e.Value) / float64(n)
	}
	se, err := stats.NeweyWestError(influence, lags)
	if err != nil {
		return absent, err
	}
	margin := distuv.UnitNormal.Quantile((1+level)/2) * se
	e.Low, e.High = e.Value-margin, e.Value+margin
	return e, nil
}

// DieboldMariano tests whether two models forecast equally well, from their scores of the
// same forecasts in their order in time: Diebold and Mariano, 1995, Journal of Business &
// Economic Statistics 13(3), with the correction for few forecasts of Harvey, Leybourne
// and Newbold, 1997, International Journal of Forecasting 13(2). With d = a − b, n of them,
// and autocovariances γ of d over h = overlap forecasts,
//
//	mean(d) / √((γ₀ + 2·Σ_{k<h} γₖ)/n) · √((n + 1 − 2h + h(h−1)/n)/n)
//
// against Student's t with n − 1 degrees of freedom; below 0, a is the better. Where the
// variance so found is not positive, Bartlett weights take its place, with a warning.
func DieboldMariano(a, b []float64, overlap int) Test {
	n, h := len(a), overlap
	t := Test{Name: "Diebold–Mariano", N: n}
	switch {
	case len(b) != n:
		return t.absent("%d scores and %d, expected as many", n, len(b))
	case h < 1:
		return t.absent("an overlap of %d, expected at least 1", h)
	case n < 2*h || n < leastScores:
		return t.absent("%d forecasts, expected at least %d", n, max(2*h, leastScores))
	case finite(a...) != nil || finite(b...) != nil:
		return t.absent("a score is not a number")
	}
	d := make([]float64, n)
	for i := range d {
		d[i] = a[i] - b[i]
	}
	mean := stat.Mean(d, nil)
	spread := 0.0
	for i := range d {
		spread = max(spread, math.Abs(d[i]-mean))
		d[i] -= mean
	}
	if spread <= 1e-12*math.Abs(mean) || spread == 0 {
		return t.absent("the scores differ by the same amount in every forecast: there is no spread to judge it by")
	}
	variance := longRun(d, h, func(int) float64 { return 1 })
	if variance <= 0 {
		variance = longRun(d, h, func(k int) float64 { return 1 - float64(k)/float64(h) })
		t = t.warn("the variance with even weights is not positive: Bartlett weights instead")
	}
	if n < fewScores {
		t = t.warn("%d forecasts are few", n)
	}
	size := float64(n)
	small := (size + 1 - 2*float64(h) + float64(h*(h-1))/size) / size
	return t.studentT(mean/math.Sqrt(variance/size)*math.Sqrt(small), n-1)
}

const (
	leastScores = 3
	fewScores   = 30
)

// longRun is the long-run variance of deviations from their mean, over h − 1 lags.
func longRun(d []float64, h int, weight func(lag int) float64) float64 {
	n := len(d)
	sum := 0.0
	for k := range h {
		covariance := 0.0
		for i := k; i < n; i++ {
			covariance += d[i] * d[i-k]
		}
		covariance /= float64(n)
		if k == 0 {
			sum += covariance
			continue
		}
		sum += 2 * weight(k) * covariance
	}
	return sum
}
