package rule

import (
	"math"
	"slices"
	"time"
)

// A Tape is what has been published so far. Values may be put on it ahead of
// time, a whole history at once: a rule sees only those published at or before
// [Tape.Now], so that one pass over a history serves any number of rules and
// cells of a grid, one after the other.
//
// What a window function gives is remembered until time moves on: a thousand
// cells that share sum(btc.etf_flow, 5d) sum it up once a moment. A Tape is not
// safe for concurrent use. Times count in whole microseconds.
type Tape struct {
	tracks  []track
	now     int64 // in microseconds of Unix time
	clock   time.Time
	moment  uint64 // changes with everything that may change an answer
	memo    map[question]*answer
	scratch []float64
}

// A track is one series of a tape.
type track struct {
	name    string
	step    int64 // microseconds between two values
	at      []int64
	value   []float64
	visible int    // values published by now
	edition uint64 // changes when a recursion over its values must start again
}

const never = math.MinInt64

// NewTape makes an empty tape of series such as "btc.price". The step is the time
// between two values of a series, where [Tape.SetStep] does not say otherwise.
// The methods count series from 0 in this list.
func NewTape(series []string, step time.Duration) *Tape {
	t := &Tape{tracks: make([]track, len(series)), now: never, moment: 1, memo: map[question]*answer{}}
	for i, name := range series {
		t.tracks[i] = track{name: name, step: step.Microseconds()}
	}
	return t
}

// SetStep says that a series has another step than the tape: a week, for flows
// that are published weekly. Windows are full by it, and ema and rsi count in it.
func (t *Tape) SetStep(series int, step time.Duration) {
	s := &t.tracks[series]
	s.step = step.Microseconds()
	s.edition++
	t.moment++
}

// Publish puts a value on the tape that becomes known at a time: a fund flow of
// Monday on Tuesday. Times ascend within a series; a value that comes late is put
// in its place. A value that is not finite is none and is left out.
func (t *Tape) Publish(series int, at time.Time, value float64) {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return
	}
	s, when := &t.tracks[series], at.UnixMicro()
	if when <= t.now {
		t.moment++
	}
	if n := len(s.at); n == 0 || s.at[n-1] <= when {
		s.at, s.value = append(s.at, when), append(s.value, value)
		s.see(t.now)
		return
	}
	i, _ := slices.BinarySearch(s.at, when+1)
	s.at, s.value = slices.Insert(s.at, i, when), slices.Insert(s.value, i, value)
	if i < s.visible {
		s.edition++
	}
	s.see(t.now)
}

// Now moves to the time of the next decision. It forgets what was computed for
// the last one.
func (t *Tape) Now(at time.Time) {
	t.now, t.clock = at.UnixMicro(), at.UTC()
	t.moment++
	for i := range t.tracks {
		t.tracks[i].see(t.now)
	}
}

// see moves what is visible to a time, in either direction.
func (s *track) see(now int64) {
	for s.visible < len(s.at) && s.at[s.visible] <= now {
		s.visible++
	}
	for s.visible > 0 && s.at[s.visible-1] > now {
		s.visible--
	}
}

func (t *Tape) holds(series int, name string) bool {
	return series < len(t.tracks) && t.tracks[series].name == name
}

// latest is the value of a series published last.
func (t *Tape) latest(series int) (float64, cause) {
	s := &t.tracks[series]
	if s.visible == 0 {
		return 0, unpublished
	}
	return s.value[s.visible-1], known
}

// latestTwo are the last two values published of a series.
func (t *Tape) latestTwo(series int) (before, latest float64, why cause) {
	s := &t.tracks[series]
	switch s.visible {
	case 0:
		return 0, 0, unpublished
	case 1:
		return 0, 0, few
	}
	return s.value[s.visible-2], s.value[s.visible-1], known
}
