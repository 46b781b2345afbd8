package stats

import (
	"fmt"
	"time"
)

// A Month is what was earned in one calendar month, UTC.
type Month struct {
	Year   int        `json:"year"`
	Month  time.Month `json:"month"`
	Return float64    `json:"return"` // simple, from the last price before the month to the last in it
	Whole  bool       `json:"whole"`  // whether these prices are those at its beginning and its end
}

// MonthlyReturns are the simple returns of the calendar months in which a price path has
// a price after the first. Times are the dates of the prices and ascend; next is when
// the price after the last would be due, which tells whether the last month is over. A
// month is not whole if the path begins in it, if it is not over, or if the month before
// has no price.
func MonthlyReturns(times []time.Time, prices []float64, next time.Time) ([]Month, error) {
	if len(times) != len(prices) {
		return nil, fmt.Errorf("%w: %d times and %d prices", ErrLength, len(times), len(prices))
	}
	if err := checkPrices(prices); err != nil {
		return nil, err
	}
	var months []Month
	before := 0 // the price that the current month starts from
	for i := 1; i < len(prices); i++ {
		due := next
		if i+1 < len(times) {
			due = times[i+1]
		}
		if !times[i].After(times[i-1]) || !due.After(times[i]) {
			return nil, fmt.Errorf("%w: times do not ascend at index %d", ErrArgument, i)
		}
		if monthOf(due) == monthOf(times[i]) && i+1 < len(prices) {
			continue
		}
		if prices[before] == 0 {
			return nil, fmt.Errorf("%w: index %d is 0", ErrPrice, before)
		}
		r, err := finite(prices[i]/prices[before] - 1)
		if err != nil {
			return nil, err
		}
		at := times[i].UTC()
		months = append(months, Month{at.Year(), at.Month(), r, monthOf(times[before])+1 == monthOf(at) && monthOf(due) > monthOf(at)})
		before = i
	}
	return months, nil
}

// monthOf counts months since the year 0.
func monthOf(t time.Time) int {
	t = t.UTC()
	return 12*t.Year() + int(t.Month())
}
