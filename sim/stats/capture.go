package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
)

type ofPairs = func(simple, benchmark []float64, s Sample) (float64, error)

// capture is the annual return over that of the benchmark.
func capture(simple, benchmark []float64, s Sample) (float64, error) {
	if err := checkPeriods(s.PeriodsPerYear); err != nil {
		return absent, err
	}
	own, err := compounded(simple, s.PeriodsPerYear)
	if err != nil {
		return absent, err
	}
	market, err := compounded(benchmark, s.PeriodsPerYear)
	if err != nil {
		return absent, fmt.Errorf("benchmark: %w", err)
	}
	return divide(own, market, "the benchmark's annual return is 0")
}

// compounded is the annual return of returns that need not follow one another.
func compounded(simple []float64, periodsPerYear float64) (float64, error) {
	product := 1.
	for _, r := range simple {
		product *= 1 + r
	}
	return finite(math.Pow(product, periodsPerYear/float64(len(simple))) - 1)
}

// meanCapture is the mean return over that of the benchmark.
func meanCapture(simple, benchmark []float64, _ Sample) (float64, error) {
	return divide(stat.Mean(simple, nil), stat.Mean(benchmark, nil), "the benchmark's mean return is 0")
}

// meanAhead is the mean return above the benchmark's.
func meanAhead(simple, benchmark []float64, _ Sample) (float64, error) {
	return finite(stat.Mean(simple, nil) - stat.Mean(benchmark, nil))
}

// whereUp restricts a statistic to the periods in which the benchmark rose.
func whereUp(of ofPairs) ofPairs {
	return where("rose", func(b float64) bool { return b > 0 }, of)
}

// whereDown restricts a statistic to the periods in which the benchmark fell.
func whereDown(of ofPairs) ofPairs {
	return where("fell", func(b float64) bool { return b < 0 }, of)
}

func where(moved string, in func(b float64) bool, of ofPairs) ofPairs {
	return func(simple, benchmark []float64, s Sample) (float64, error) {
		var r, b []float64
		for i, x := range benchmark {
			if in(x) {
				r, b = append(r, simple[i]), append(b, x)
			}
		}
		if len(r) == 0 {
			return absent, fmt.Errorf("%w: no period in which the benchmark %s", ErrTooFew, moved)
		}
		return of(r, b, s)
	}
}
