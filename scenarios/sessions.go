package scenarios

import (
	"time"

	"github.com/ebb-sim/ebb/data"
)

// A fund's flow of a US session is booked in the step in which that session
// ends; a step of a day or more holds its sessions whole.

// closes is when New York closes, after midnight UTC: 16:00 there is 20:00 UTC
// in summer and 21:00 in winter, and the flow is known later still. The later
// of the two keeps a step from knowing a close that has not come.
const closes = 21 * time.Hour

// session tells whether a US session's flow is booked in the step that begins
// at a time.
func session(at time.Time, step time.Duration) bool {
	for date := at.Truncate(day); date.Before(at.Add(step)); date = date.Add(day) {
		end := date.Add(closes)
		if !end.Before(at) && end.Before(at.Add(step)) && data.NYSE.Open(date) {
			return true
		}
	}
	return false
}

// sessions marks the steps in which a US session's flow is booked. A run
// without dates begins on a Monday and knows no holidays.
func (b *builder) sessions() {
	b.plan.Sessions = make([]bool, b.plan.Steps)
	monday := time.Date(2018, 1, 22, 0, 0, 0, 0, time.UTC) // four weeks without a holiday
	const weeks = 4 * 7 * day
	passed := time.Duration(0) // of the four weeks
	for k := range b.plan.Sessions {
		at := b.plan.Time(k)
		if at.IsZero() {
			at = monday.Add(passed)
			passed = (passed + b.step%weeks) % weeks
		}
		b.plan.Sessions[k] = session(at, b.step)
	}
}
