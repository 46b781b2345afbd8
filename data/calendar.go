package data

import (
	"fmt"
	"math"
	"time"
)

// A Calendar says on which days a market trades and so on which days a series
// may have a value.
type Calendar int

const (
	// EveryDay is the calendar of crypto exchanges: open on each UTC day.
	EveryDay Calendar = iota
	// NYSE is the calendar of US exchange-traded funds: open on the sessions of
	// the New York Stock Exchange, early closes included. It holds from 1998,
	// when Martin Luther King Day became a holiday.
	NYSE
)

// String gives the calendar's name as it is written in files.
func (c Calendar) String() string {
	switch c {
	case EveryDay:
		return "every day"
	case NYSE:
		return "NYSE"
	}
	return fmt.Sprintf("Calendar(%d)", int(c))
}

// Open reports whether the market has a session on the UTC date of day. An
// unknown calendar has none.
func (c Calendar) Open(day time.Time) bool {
	switch c {
	case EveryDay:
		return true
	case NYSE:
		return nyseOpen(day)
	}
	return false
}

// DaysPerYear returns how many days with a price a year of c has, by the
// convention with which volatilities are stated: 365, and 252 of a US exchange.
// It is NaN for an unknown calendar.
func (c Calendar) DaysPerYear() float64 {
	switch c {
	case EveryDay:
		return 365
	case NYSE:
		return 252
	}
	return math.NaN()
}

func nyseOpen(day time.Time) bool {
	year, month, dom := day.UTC().Date()
	d := utcDate(year, month, dom) // drops the time of day
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return !nyseHoliday(d) && !nyseClosure(d)
}

// nyseHoliday follows NYSE Rule 7.2 for a midnight d that is a weekday.
func nyseHoliday(d time.Time) bool {
	year, _, _ := d.Date()
	switch d.Month() {
	case time.January:
		return observed(d, utcDate(year, time.January, 1)) || d.Equal(nthMonday(year, time.January, 3))
	case time.February:
		return d.Equal(nthMonday(year, time.February, 3))
	case time.March, time.April:
		return d.Equal(easter(year).AddDate(0, 0, -2))
	case time.May:
		return d.Weekday() == time.Monday && d.Day() > 24 // the last Monday
	case time.June:
		return year >= 2022 && observed(d, utcDate(year, time.June, 19))
	case time.July:
		return observed(d, utcDate(year, time.July, 4))
	case time.September:
		return d.Equal(nthMonday(year, time.September, 1))
	case time.November:
		return d.Weekday() == time.Thursday && d.Day() > 21 && d.Day() <= 28
	case time.December:
		return observed(d, utcDate(year, time.December, 25))
	}
	return false
}

// observed reports whether d is the day on which a fixed holiday is kept: the
// Friday before a Saturday, the Monday after a Sunday. A New Year's Day that is
// a Saturday is not kept at all, because the Friday ends the accounting year;
// nyseHoliday gets that right by asking only in January.
func observed(d, holiday time.Time) bool {
	switch holiday.Weekday() {
	case time.Saturday:
		holiday = holiday.AddDate(0, 0, -1)
	case time.Sunday:
		holiday = holiday.AddDate(0, 0, 1)
	}
	return d.Equal(holiday)
}

// nyseClosures are the full days without a session that no rule gives.
var nyseClosures = []time.Time{
	utcDate(2001, time.September, 11), // the attacks, to 14 September
	utcDate(2001, time.September, 12),
	utcDate(2001, time.September, 13),
	utcDate(2001, time.September, 14),
	utcDate(2004, time.June, 11),    // mourning for Ronald Reagan
	utcDate(2007, time.January, 2),  // mourning for Gerald Ford
	utcDate(2012, time.October, 29), // hurricane Sandy
	utcDate(2012, time.October, 30),
	utcDate(2018, time.December, 5), // mourning for George H. W. Bush
	utcDate(2025, time.January, 9),  // mourning for Jimmy Carter
}

func nyseClosure(d time.Time) bool {
	for _, closure := range nyseClosures {
		if d.Equal(closure) {
			return true
		}
	}
	return false
}

func nthMonday(year int, month time.Month, n int) time.Time {
	first := utcDate(year, month, 1)
	toMonday := (8 - int(first.Weekday())) % 7
	return first.AddDate(0, 0, toMonday+7*(n-1))
}

// easter is Easter Sunday in the Gregorian calendar, by the algorithm that
// Nature published anonymously in 1876 (Meeus, Astronomical Algorithms, ch. 8).
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return utcDate(year, time.Month(n/31), n%31+1)
}

func utcDate(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
