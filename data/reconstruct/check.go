package reconstruct

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// check finds what would keep a bridge from passing through the facts.
func (s source) check() error {
	const fewest = 4 // to tell how much a series moves
	if len(s.weeks) < fewest {
		return fmt.Errorf("weekly facts: found %d weeks, expected at least %d", len(s.weeks), fewest)
	}
	var faults []error
	for _, c := range columns() {
		faults = append(faults, c.check(s.weeks))
	}
	for k, week := range s.weeks {
		if friday := s.day((k+1)*daysPerWeek - 1); !week.End.Equal(friday) || friday.Weekday() != time.Friday {
			faults = append(faults, fmt.Errorf("weekly facts: found row %d for the week ending %s, expected consecutive Fridays", k+1, week.End))
		}
		if week.BTCLow <= 0 || slices.ContainsFunc(followers, func(f follower) bool { return f.closes.value(week) <= 0 }) {
			faults = append(faults, fmt.Errorf("week ending %s: found a price of 0 or less, expected prices above 0", week.End))
		}
		if err := s.bitcoinWeek(k).check(); err != nil {
			faults = append(faults, fmt.Errorf("week ending %s: %w", week.End, err))
		}
		if len(s.sessions(data.NYSE, k)) == 0 {
			faults = append(faults, fmt.Errorf("week ending %s: found no session of the US funds, expected one to hold close and flow", week.End))
		}
	}
	return errors.Join(faults...)
}

// check says where the facts on a week contradict each other.
func (w bitcoinWeek) check() error {
	if w.low >= w.high {
		return fmt.Errorf("found low %d and high %d, expected a range", w.low, w.high)
	}
	if w.open != 0 && (w.open < w.low || w.open > w.high) {
		return fmt.Errorf("found %d on the Friday before, expected it between low %d and high %d", w.open, w.low, w.high)
	}
	for i, k := range w.knots {
		if i > 0 && w.knots[i-1].day == k.day {
			return fmt.Errorf("found two facts on the close of day %d, expected one", k.day+1)
		}
		if k.low > k.high || k.low < w.low || k.high > w.high {
			return fmt.Errorf("found a close from %d to %d on day %d, expected it between low %d and high %d", k.low, k.high, k.day+1, w.low, w.high)
		}
	}
	return nil
}
