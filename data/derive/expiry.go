package derive

import (
	"fmt"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// An Expiry tells when the contract of a row expires that closes at an instant.
type Expiry interface {
	// of returns the expiry of row i of the futures, false if the row has none.
	of(i int, end time.Time) (time.Time, bool)
	String() string
}

// Fixed is a contract that expires at one instant.
type Fixed time.Time

func (f Fixed) of(int, time.Time) (time.Time, bool) { return time.Time(f), true }

// String says when.
func (f Fixed) String() string { return "expiry " + time.Time(f).Format("2006-01-02 15:04 MST") }

// Dated are the expiries row by row, of a file that gives them in a column. A zero time
// is a row without one.
type Dated struct {
	Column string
	Times  []time.Time // of the rows of the futures
}

func (d Dated) of(i int, _ time.Time) (time.Time, bool) {
	if i >= len(d.Times) || d.Times[i].IsZero() {
		return time.Time{}, false
	}
	return d.Times[i], true
}

// String names the column.
func (d Dated) String() string { return "expiry of column " + d.Column }

// Rolling is the nearest contract of a continuous series: it expires on the last Friday
// of a month, or the session of the New York Stock Exchange before it if that is a
// holiday, as CME's bitcoin futures do (rulebook chapter 350; holidays of London, which
// also count there, are not known here).
type Rolling struct {
	Months int   // 1 for each month, 3 for March, June, September and December
	At     Clock // time of expiry, 16:00 in London at CME
}

func (r Rolling) of(_ int, end time.Time) (time.Time, bool) {
	for month := time.Date(end.Year(), end.Month(), 1, 0, 0, 0, 0, time.UTC); ; month = month.AddDate(0, 1, 0) {
		if int(month.Month())%r.Months != 0 {
			continue
		}
		if expiry := r.At.On(lastFriday(month)); !expiry.Before(end) {
			return expiry, true
		}
	}
}

// String says which contract.
func (r Rolling) String() string {
	name := "month"
	if r.Months == 3 {
		name = "quarter"
	}
	return fmt.Sprintf("nearest contract of a continuous series, expiry on the last Friday of the %s at %v", name, r.At)
}

// lastFriday of a month, or the last session before it.
func lastFriday(month time.Time) time.Time {
	d := month.AddDate(0, 1, -1)
	for d.Weekday() != time.Friday {
		d = d.AddDate(0, 0, -1)
	}
	for !data.NYSE.Open(d) {
		d = d.AddDate(0, 0, -1)
	}
	return d
}
