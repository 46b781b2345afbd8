package inspect

import (
	"time"

	"github.com/ebb-sim/ebb/data"
)

// closedDays looks at the rows of days on which the New York Stock Exchange has no
// session, if the column is one of an exchange's: its calendar is that of the
// exchange, or nearly all its weekends are filled with the same.
func closedDays(c *column, _ Options) []Finding {
	if c.series.Step() < 24*time.Hour || len(c.v) < 5 {
		return nil
	}
	if c.calendar == data.NYSE {
		return onHolidays(c)
	}
	return filledWeekends(c)
}

// onHolidays tells apart zeros of a flow on holidays, where there was none to
// report, and values that cannot be of that day.
func onHolidays(c *column) []Finding {
	accrues := c.kind == data.Flow || c.kind == "" && !c.moves
	mostlyZero := share(c.v, 0) > .5
	var zero, value []Place
	for i, at := range c.at {
		switch {
		case c.calendar.Open(at) || at.Year() < 1998: // where the calendar begins
		case c.v[i] == 0 && mostlyZero:
		case accrues && c.v[i] == 0:
			zero = append(zero, c.place(i, ""))
		default:
			value = append(value, c.place(i, number(c.v[i])))
		}
	}
	severity, text := Note, "a value on a day without a session of the NYSE"
	if c.kind == data.Flow {
		severity, text = Warning, "a flow on a day without a session of the NYSE; another day's?"
	}
	return append(
		c.found(Warning, "holiday", "0 on a holiday of the NYSE: closed, which is not a flow of 0", zero),
		c.found(severity, "holiday", text, value)...)
}

// share of the values that are x.
func share(v []float64, x float64) float64 {
	n := 0
	for _, y := range v {
		if x == y {
			n++
		}
	}
	return float64(n) / float64(len(v))
}

// filledWeekends finds a column of every day that stands still on weekends.
func filledWeekends(c *column) []Finding {
	days, zero, still, quiet := 0, 0, 0, 0 // quiet: zeros on other days
	var first Place
	for i, at := range c.at {
		if wd := at.Weekday(); wd != time.Saturday && wd != time.Sunday {
			if c.v[i] == 0 {
				quiet++
			}
			continue
		}
		if days++; days == 1 {
			first = c.run(i, len(c.v)-1, "")
		}
		if c.v[i] == 0 {
			zero++
		}
		if i > 0 && c.v[i] == c.v[i-1] {
			still++
		}
	}
	others := len(c.v) - days
	switch {
	case days < 8 || others == 0:
		return nil
	case 20*zero >= 19*days && 2*quiet < others:
		found := c.found(Warning, "weekend", "every weekend is filled with 0: closed, which is not a flow of 0", []Place{first})
		found[0].Count = zero
		return found
	case 20*still >= 19*days && zero < days/2:
		found := c.found(Note, "weekend", "every weekend repeats the Friday before", []Place{first})
		found[0].Count = still
		return found
	}
	return nil
}
