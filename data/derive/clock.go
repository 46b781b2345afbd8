package derive

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zones must not depend on the machine
)

// A Clock is a time of day in a zone, such as that at which a market closes.
type Clock struct {
	Hour, Minute int
	Zone         *time.Location
}

// ParseClock reads "16:00 America/New_York"; without a zone it is UTC.
func ParseClock(s string) (Clock, error) {
	words := strings.Fields(s)
	fault := fmt.Errorf("found %q, expected a time of day and a zone, such as 16:00 America/New_York", s)
	if len(words) < 1 || len(words) > 2 {
		return Clock{}, fault
	}
	at, err := time.Parse("15:04", words[0])
	if err != nil {
		return Clock{}, fault
	}
	c := Clock{at.Hour(), at.Minute(), time.UTC}
	if len(words) == 2 && words[1] != "Local" { // which would depend on the machine
		c.Zone, err = time.LoadLocation(words[1])
	} else if len(words) == 2 {
		err = fault
	}
	if err != nil {
		return Clock{}, fault
	}
	return c, nil
}

// On returns the instant of c on the date of day, in UTC.
func (c Clock) On(day time.Time) time.Time {
	y, m, d := day.Date()
	return time.Date(y, m, d, c.Hour, c.Minute, 0, 0, c.Zone).UTC()
}

// String gives c as it is written.
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d %v", c.Hour, c.Minute, c.Zone) }
