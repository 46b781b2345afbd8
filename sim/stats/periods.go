package stats

import (
	"fmt"
	"slices"
	"time"
)

// A span is a kind of calendar period into which returns are compounded. A return
// belongs to the period of the price it ends with, in UTC.
type span struct {
	name   string
	length time.Duration // the longest there is
	key    func(time.Time) [2]int
}

var (
	byDay   = span{"day", day, func(t time.Time) [2]int { return [2]int{t.Year(), t.YearDay()} }}
	byMonth = span{"month", 31 * day, func(t time.Time) [2]int { return [2]int{t.Year(), int(t.Month())} }}

	// byWeek are the weeks of ISO 8601, Monday to Sunday, also across New Year.
	byWeek = span{"week", 7 * day, func(t time.Time) [2]int {
		year, week := t.ISOWeek()
		return [2]int{year, week}
	}}

	// byWeekOfYear pairs the number of the ISO week with the year of the date: the first
	// days of January join the last ones of December of the same year.
	byWeekOfYear = span{"week", 7 * day, func(t time.Time) [2]int {
		_, week := t.ISOWeek()
		return [2]int{t.Year(), week}
	}}
)

// best is the highest return of a calendar period, parts at the ends included.
func best(p span) func(Sample) (float64, error) { return extreme(p, slices.Max) }

// worst is the lowest one.
func worst(p span) func(Sample) (float64, error) { return extreme(p, slices.Min) }

func extreme(p span, of func([]float64) float64) func(Sample) (float64, error) {
	return ofReturns(func(simple []float64, s Sample) (float64, error) {
		growth, err := p.growth(simple, s.Times)
		if err != nil {
			return absent, err
		}
		return finite(of(growth) - 1)
	})
}

// growth is the product of 1+r over each period, in order of time.
func (p span) growth(simple []float64, times []time.Time) ([]float64, error) {
	groups, err := p.groups(simple, times)
	if err != nil {
		return nil, err
	}
	growth := make([]float64, len(groups))
	for i, group := range groups {
		growth[i] = 1
		for _, r := range group {
			growth[i] *= 1 + r
		}
	}
	return growth, nil
}

// groups divides the returns by period.
func (p span) groups(simple []float64, times []time.Time) ([][]float64, error) {
	step, err := checkTimes(times, len(simple)+1)
	if err != nil {
		return nil, err
	}
	if step > p.length {
		return nil, fmt.Errorf("%w: a step of %v is longer than a %s", ErrTimes, step, p.name)
	}
	var groups [][]float64
	place := map[[2]int]int{}
	for i, r := range simple {
		key := p.key(times[i+1].UTC())
		at, known := place[key]
		if !known {
			at = len(groups)
			place[key], groups = at, append(groups, nil)
		}
		groups[at] = append(groups[at], r)
	}
	return groups, nil
}

// checkTimes accepts ascending times, one a price, and gives their median step.
func checkTimes(times []time.Time, prices int) (time.Duration, error) {
	if len(times) == 0 {
		return 0, ErrTimes
	}
	if len(times) != prices {
		return 0, fmt.Errorf("%w: %d times for %d prices", ErrLength, len(times), prices)
	}
	return medianStep(times)
}
