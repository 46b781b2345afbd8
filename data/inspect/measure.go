package inspect

import (
	"math"
	"slices"
)

// consistency makes the median absolute deviation of a normal sample its standard
// deviation: 1/Φ⁻¹(3/4). Hampel, The influence curve and its role in robust
// estimation, JASA 69 (1974).
const consistency = 1.4826

// median of xs, which it sorts; NaN of none.
func median(xs []float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	slices.Sort(xs)
	n := len(xs)
	return xs[(n-1)/2] + (xs[n/2]-xs[(n-1)/2])/2
}

// robust returns the median of xs and their dispersion: 1.4826 times the median
// absolute deviation, or where more than half are the same 1.2533 times the mean
// absolute deviation, as Iglewicz and Hoaglin, How to detect and handle outliers
// (1993), advise. It leaves xs as they are.
func robust(xs []float64) (centre, scale float64) {
	centre = median(slices.Clone(xs))
	away, sum := make([]float64, len(xs)), 0.0
	for i, x := range xs {
		away[i] = math.Abs(x - centre)
		sum += away[i]
	}
	if scale = consistency * median(away); scale == 0 && len(xs) > 0 {
		scale = 1.2533 * sum / float64(len(xs))
	}
	return centre, scale
}

func logs(xs []float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = math.Log(x)
	}
	return out
}

// positive reports whether all of xs are greater than 0.
func positive(xs []float64) bool {
	return !slices.ContainsFunc(xs, func(x float64) bool { return !(x > 0) })
}

// correlation of two samples of one length; NaN where one does not vary.
func correlation(a, b []float64) float64 {
	n := float64(len(a))
	var ma, mb float64
	for i := range a {
		ma, mb = ma+a[i]/n, mb+b[i]/n
	}
	var saa, sbb, sab float64
	for i := range a {
		x, y := a[i]-ma, b[i]-mb
		saa, sbb, sab = saa+x*x, sbb+y*y, sab+x*y
	}
	return sab / math.Sqrt(saa*sbb)
}

// powerOfTen returns by which power of ten, from 100, a ratio may be explained within
// a fifth: 1000 for 998 and 1/1000 for 0.0011; 0 if by none.
func powerOfTen(ratio float64) float64 {
	e := math.Round(math.Log10(ratio))
	power := math.Pow(10, e)
	if math.Abs(e) < 2 || math.Abs(math.Log(ratio/power)) > .2 {
		return 0
	}
	return power
}

// times writes a ratio: "1,000 times", "1/1000 of".
func times(ratio float64) string {
	if ratio < 1 {
		return "1/" + number(math.Round(1/ratio)) + " of"
	}
	return number(math.Round(ratio)) + " times"
}
