package stats

import (
	"fmt"
	"slices"
	"time"
)

const (
	day          = 24 * time.Hour
	businessDays = 252 // of a US exchange in a year, by convention
)

// medianStep is the middle step between ascending times, the shorter of two.
func medianStep(times []time.Time) (time.Duration, error) {
	if len(times) < 2 {
		return 0, fmt.Errorf("%w: %d times of at least 2 to tell the step", ErrTooFew, len(times))
	}
	steps := make([]time.Duration, len(times)-1)
	for i := range steps {
		steps[i] = times[i+1].Sub(times[i])
		if steps[i] <= 0 {
			return 0, fmt.Errorf("%w: time %d does not come after the one before", ErrArgument, i+1)
		}
	}
	slices.Sort(steps)
	return steps[(len(steps)-1)/2], nil
}

// namedPeriods is the number of days, weeks, months, quarters or years in a year by
// convention, whichever the step is.
func namedPeriods(step time.Duration) (float64, error) {
	for _, named := range []struct{ shortest, longest, perYear float64 }{
		{1, 1, businessDays}, {7, 7, 52}, {28, 31, 12}, {89, 92, 4}, {365, 366, 1},
	} {
		if days := step.Hours() / 24; days >= named.shortest && days <= named.longest {
			return named.perYear, nil
		}
	}
	return absent, fmt.Errorf("%w: no number of periods per year is known for a step of %v", ErrArgument, step)
}

// calendarPeriods goes by the days on which there are prices.
func calendarPeriods(times []time.Time, step time.Duration) (float64, error) {
	week := times[len(times)-1].Sub(times[0]) >= 7*day
	switch {
	case step <= day && week && !slices.ContainsFunc(times, onWeekend):
		if step < day {
			return absent, fmt.Errorf("%w: steps of %v on business days alone leave the periods per year open", ErrArgument, step)
		}
		return businessDays, nil
	case step >= 28*day:
		if perYear, err := namedPeriods(step); err == nil {
			return perYear, nil
		}
	}
	return PeriodsPerYear(step)
}

func onWeekend(t time.Time) bool {
	d := t.UTC().Weekday()
	return d == time.Saturday || d == time.Sunday
}
