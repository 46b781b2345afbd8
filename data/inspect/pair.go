package inspect

import (
	"time"

	"github.com/ebb-sim/ebb/data"
)

// A pairing are the rows of two columns with the same date.
type pairing struct {
	a, b     *column
	i, k     []int // of the values of a and b, pair by pair
	relative bool  // both are above 0
}

// pair finds the rows of the same step. Of several in one step the first counts.
func pair(a, b *column, step time.Duration) pairing {
	p := pairing{a: a, b: b}
	slot := slots(step)
	k := 0
	for i := range a.v {
		at := slot(a.at[i])
		for k < len(b.v) && slot(b.at[k]).Before(at) {
			k++
		}
		if k < len(b.v) && slot(b.at[k]).Equal(at) {
			p.i, p.k = append(p.i, i), append(p.k, k)
			k++
		}
	}
	return p
}

// stepOf is the length of a row without the jitter that stamps of milliseconds leave
// in it.
func stepOf(s data.Series) time.Duration {
	if step := s.Step().Round(time.Minute); step > 0 {
		return step
	}
	return s.Step()
}

// slots returns what takes a time to the start of its step; stamps may jitter.
func slots(step time.Duration) func(time.Time) time.Time {
	return func(t time.Time) time.Time { return t.Truncate(step) }
}

// without are the values of c that are in no pair, inside the time of the other.
func without(c *column, paired []int, other []time.Time, step time.Duration) []Place {
	var places []Place
	slot := slots(step)
	first, last := slot(other[0]), slot(other[len(other)-1])
	next := 0
	for i, at := range c.at {
		if next < len(paired) && paired[next] == i {
			next++
			continue
		}
		if s := slot(at); !s.Before(first) && !s.After(last) {
			places = append(places, c.place(i, ""))
		}
	}
	return places
}
