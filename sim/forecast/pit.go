package forecast

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// PIT is the place of what came in an ensemble of m: the probability integral transform
// by mid-ranks, (members below + half of those equal + 1/2)/(m + 1). Nothing is drawn:
// with a right model and no ties it is one of the middles of m + 1 equal parts of 0 to 1,
// each as likely (Dawid, 1984, Journal of the Royal Statistical Society A 147(2); ranks:
// Hamill, 2001, Monthly Weather Review 129(3)).
func PIT(ensemble []float64, y float64) (float64, error) {
	sorted, err := ordered(ensemble, y, 1)
	if err != nil {
		return math.NaN(), err
	}
	return place(sorted, y), nil
}

func place(sorted []float64, y float64) float64 {
	below := sort.SearchFloat64s(sorted, y)
	equal := sort.Search(len(sorted)-below, func(i int) bool { return sorted[below+i] > y })
	return (float64(below) + (float64(equal)+1)/2) / float64(len(sorted)+1)
}

// A Histogram counts places in equal parts of 0 to 1. Where the model is right each part
// is as likely.
type Histogram struct {
	Counts    []int
	N         int
	Even      float64 // count of each part where all are the same
	Low, High float64 // band in which the count of one part lies with probability of at least Level
	Level     float64
	ChiSquare Test // Pearson's, of all parts together
	KS        Test // Kolmogorov and Smirnov's, of the places themselves
	Warnings  []string
}

// leastExpected is the count from which on Pearson's statistic is close to its law
// (Cochran, 1954, Biometrics 10(4)).
const leastExpected = 5

// NewHistogram counts places in so many parts. Of places that overlap, each with the
// overlap − 1 before it, all are counted; the band is that of as many as stand apart, and
// the tests are made on those.
func NewHistogram(places []float64, parts, overlap int, level float64) (Histogram, error) {
	h := Histogram{N: len(places), Level: level, ChiSquare: Test{Name: "PIT: χ²"}, KS: Test{Name: "PIT: Kolmogorov–Smirnov"}}
	switch {
	case parts < 2 || overlap < 1 || !(level > 0 && level < 1):
		return h, fmt.Errorf("%w: %d parts, an overlap of %d, level %v", stats.ErrArgument, parts, overlap, level)
	case len(places) == 0:
		return h, fmt.Errorf("%w: no places", stats.ErrTooFew)
	}
	for _, u := range places {
		if !(u >= 0 && u <= 1) {
			return h, fmt.Errorf("%w: place %v", stats.ErrArgument, u)
		}
	}
	h.Counts, h.Even = count(places, parts), float64(len(places))/float64(parts)
	alone := apart(places, overlap)
	scale := float64(len(places)) / float64(len(alone))
	low, high := binomialBand(len(alone), 1/float64(parts), level)
	h.Low, h.High = scale*float64(low), scale*float64(high)
	if overlap > 1 {
		h.Warnings = append(h.Warnings, fmt.Sprintf("forecasts overlap: band and tests are those of the %d of %d that stand apart", len(alone), len(places)))
	}
	h.ChiSquare, h.KS = pearson(h.ChiSquare, alone, parts), kolmogorov(h.KS, alone)
	return h, nil
}

func count(places []float64, parts int) []int {
	counts := make([]int, parts)
	for _, u := range places {
		counts[min(int(u*float64(parts)), parts-1)]++
	}
	return counts
}

// apart are every so many values, from the first: those whose spans do not overlap.
func apart[T any](values []T, overlap int) []T {
	var list []T
	for i := 0; i < len(values); i += overlap {
		list = append(list, values[i])
	}
	return list
}

// binomialBand are the counts between which a binomial one lies: at most (1 − level)/2 is
// left on either side.
func binomialBand(n int, p, level float64) (low, high int) {
	b, side := distuv.Binomial{N: float64(n), P: p}, (1-level)/2
	for low < n && b.CDF(float64(low)) <= side {
		low++
	}
	for high = low; high < n && 1-b.CDF(float64(high)) > side; {
		high++
	}
	return low, high
}

func pearson(t Test, places []float64, parts int) Test {
	t.N = len(places)
	expected := float64(t.N) / float64(parts)
	if t.N < parts {
		return t.absent("%d forecasts for %d parts, expected at least one for each", t.N, parts)
	}
	sum := 0.0
	for _, n := range count(places, parts) {
		d := float64(n) - expected
		sum += d * d / expected
	}
	if expected < leastExpected {
		t = t.warn("%.1f forecasts are expected in a part, and the law asks for %d: read the p-value with care", expected, leastExpected)
	}
	return t.chiSquared(sum, parts-1)
}

// kolmogorov compares the places with the even law; the p-value is Stephens' (1970,
// Journal of the Royal Statistical Society B 32(1)).
func kolmogorov(t Test, places []float64) Test {
	t.N, t.Law = len(places), "Kolmogorov, with the correction of Stephens"
	if t.N < leastExpected {
		return t.absent("%d forecasts, expected at least %d", t.N, leastExpected)
	}
	sorted := slices.Clone(places)
	slices.Sort(sorted)
	n := float64(t.N)
	for i, u := range sorted {
		t.Statistic = max(t.Statistic, u-float64(i)/n, float64(i+1)/n-u)
	}
	root := math.Sqrt(n)
	t.P = kolmogorovTail(t.Statistic * (root + .12 + .11/root))
	return t
}

// kolmogorovTail is 2·Σ (−1)^(k−1)·e^(−2k²x²) from k = 1, the probability of more than x;
// near 0 the series is slow, and the probability 1.
func kolmogorovTail(x float64) float64 {
	if x < .2 {
		return 1
	}
	sum, sign := 0.0, 2.0
	for k := 1.0; k <= 100; k++ {
		term := sign * math.Exp(-2*k*k*x*x)
		sum += term
		if math.Abs(term) < 1e-16 {
			break
		}
		sign = -sign
	}
	return min(max(sum, 0), 1)
}
