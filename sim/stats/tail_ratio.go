package stats

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// tailRatio is the size of the 95 % quantile over that of the 5 % quantile.
func tailRatio(simple []float64) (float64, error) {
	if err := checkValues(simple, 2); err != nil {
		return absent, err
	}
	ordered := sorted(simple)
	high, low := sortedQuantile(ordered, 1-worstShare), sortedQuantile(ordered, worstShare)
	return divide(math.Abs(high), math.Abs(low), "the 5 % quantile is 0")
}

// commonSense is profit factor × tail ratio.
func commonSense(simple []float64) (float64, error) {
	profit, err := profitFactor(simple)
	if err != nil {
		return absent, err
	}
	tail, err := tailRatio(simple)
	if err != nil {
		return absent, err
	}
	return finite(profit * tail)
}

// countedShortfall is the mean of the int((n-1)·share)+1 lowest returns.
func countedShortfall(simple []float64) (float64, error) {
	if err := checkTail(simple, worstShare); err != nil {
		return absent, err
	}
	worst := int(float64(len(simple)-1)*worstShare) + 1
	return finite(stat.Mean(sorted(simple)[:worst], nil))
}
