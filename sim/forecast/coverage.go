package forecast

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Coverage is how often what came lay within an interval that claims to hold it with
// probability Nominal.
type Coverage struct {
	Nominal float64
	Share   stats.Estimate
}

// NewCoverage is the share of hits with Wilson's interval. Of hits that overlap, each
// with the overlap − 1 before it, all count for the share, and the interval is that of as
// many as stand apart.
func NewCoverage(hits []bool, nominal float64, overlap int, level float64) (Coverage, error) {
	c := Coverage{Nominal: nominal}
	if !(nominal > 0 && nominal < 1) || overlap < 1 {
		return c, fmt.Errorf("%w: an interval of %v, an overlap of %d", stats.ErrArgument, nominal, overlap)
	}
	n := len(hits)
	all, err := stats.EstimateProportion(trues(hits), n, level)
	if c.Share = all; err != nil || overlap == 1 {
		return c, err
	}
	alone := (n + overlap - 1) / overlap
	c.Share, err = stats.EstimateProportion(int(math.Round(all.Value*float64(alone))), alone, level)
	if err != nil {
		return c, err
	}
	c.Share.Value = all.Value
	c.Share.Low, c.Share.High = min(c.Share.Low, all.Value), max(c.Share.High, all.Value)
	c.Share.Warnings = append(c.Share.Warnings, fmt.Sprintf("share of %d forecasts that overlap; the interval is that of the %d that stand apart", n, alone))
	return c, nil
}

func trues(list []bool) int {
	n := 0
	for _, v := range list {
		if v {
			n++
		}
	}
	return n
}

// Kupiec tests whether as many violations came as claimed: the likelihood ratio of
// x violations in n at the claimed probability p and at the share x/n,
//
//	−2·ln( (1−p)^(n−x)·p^x / ((1−x/n)^(n−x)·(x/n)^x) )
//
// χ² with one degree of freedom (Kupiec, 1995, Journal of Derivatives 3(2), proportion of
// failures). It has a value at x = 0 and x = n too.
func Kupiec(violations []bool, p float64) Test {
	return kupiec(trues(violations), len(violations), p)
}

func kupiec(x, n int, p float64) Test {
	t := Test{Name: "Kupiec", N: n}
	switch {
	case !(p > 0 && p < 1):
		return t.absent("a probability of %v, expected more than 0 and less than 1", p)
	case n == 0:
		return t.absent("no forecasts")
	}
	if expected := float64(n) * min(p, 1-p); expected < leastExpected {
		t = t.warn("%.1f violations are expected, and %d would be few: the test has little power and its law is rough", expected, leastExpected)
	}
	return t.chiSquared(-2*(likelihood(n-x, x, p)-likelihood(n-x, x, float64(x)/float64(n))), 1)
}

// likelihood is the log likelihood of so many misses and hits at probability p, with
// 0·ln 0 = 0.
func likelihood(misses, hits int, p float64) float64 {
	sum := 0.0
	if misses > 0 {
		sum += float64(misses) * math.Log1p(-p)
	}
	if hits > 0 {
		sum += float64(hits) * math.Log(p)
	}
	return sum
}

// Christoffersen tests whether a violation makes another in the next forecast more or
// less likely (independence, χ² with one degree of freedom), and that together with the
// claimed number (conditional coverage, χ² with two): Christoffersen, 1998, International
// Economic Review 39(4). Both condition on the first forecast. Where no forecast follows
// on a violation, or none on a day without, neither has a value.
func Christoffersen(violations []bool, p float64) (independence, conditional Test) {
	var pairs [2][2]int // what came before × what came
	for i := 1; i < len(violations); i++ {
		pairs[index(violations[i-1])][index(violations[i])]++
	}
	return christoffersen(pairs, p)
}

func index(v bool) int {
	if v {
		return 1
	}
	return 0
}

func christoffersen(pairs [2][2]int, p float64) (independence, conditional Test) {
	after, before := pairs[0][1]+pairs[1][1], [2]int{pairs[0][0] + pairs[0][1], pairs[1][0] + pairs[1][1]}
	n := before[0] + before[1]
	independence, conditional = Test{Name: "Christoffersen: independence", N: n}, Test{Name: "Christoffersen: conditional coverage", N: n}
	both := func(format string, args ...any) (Test, Test) {
		return independence.absent(format, args...), conditional.absent(format, args...)
	}
	switch {
	case !(p > 0 && p < 1):
		return both("a probability of %v, expected more than 0 and less than 1", p)
	case n == 0:
		return both("no two forecasts in a row")
	case before[1] == 0:
		return both("no forecast follows on a violation: nothing tells whether they cluster")
	case before[0] == 0:
		return both("every forecast follows on a violation: nothing tells whether they cluster")
	}
	free := 0.0
	for i, row := range pairs {
		free += likelihood(row[0], row[1], float64(row[1])/float64(before[i]))
	}
	same := likelihood(n-after, after, float64(after)/float64(n))
	count := kupiec(after, n, p)
	if before[1] < leastExpected {
		independence = independence.warn("%d forecasts follow on a violation, and %d would be few: the law of the test is rough", before[1], leastExpected)
	}
	conditional.Warnings = append(conditional.Warnings, count.Warnings...)
	conditional.Warnings = append(conditional.Warnings, independence.Warnings...)
	independence = independence.chiSquared(-2*(same-free), 1)
	return independence, conditional.chiSquared(count.Statistic+independence.Statistic, 2)
}
