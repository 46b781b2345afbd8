package rule

import (
	"math"
	"slices"
)

// maxWindow bounds a window, and with it the time of an answer.
const maxWindow = 3660 // days

const microsecondsPerDay = 24 * 60 * 60 * 1e6

// A question is what a window function is asked; x and y are series, y is -1
// where there is one only.
type question struct {
	function *Function
	x, y     int
	length   int64 // microseconds
}

// An answer is the value of a window function at one moment, and what a recursion
// needs to go on from there.
type answer struct {
	moment uint64
	value  float64
	why    cause
	memory memory
}

// memory is where a recursion over all values of a series stands.
type memory struct {
	edition uint64
	seen    int // values taken in
	a, b    float64
}

// A window is what a window function sees: what was published in (now − d, now].
type window struct {
	x, y    part
	days    float64 // d
	memory  *memory
	scratch *[]float64
}

// A part is what a window holds of one series.
type part struct {
	at     []int64 // microseconds
	value  []float64
	before float64   // the value known at now − d
	past   []float64 // all values published by now
	steps  float64   // d in steps of the series
}

// latest is the last value of a part that has one.
func (p part) latest() float64 { return p.value[len(p.value)-1] }

// ask answers a question, once a moment.
func (t *Tape) ask(q question) (float64, cause) {
	a, asked := t.memo[q]
	if !asked {
		a = &answer{}
		t.memo[q] = a
	}
	if a.moment != t.moment {
		a.value, a.why = t.answer(q, &a.memory)
		a.moment = t.moment
	}
	return a.value, a.why
}

func (t *Tape) answer(q question, m *memory) (float64, cause) {
	w := window{days: float64(q.length) / microsecondsPerDay, memory: m, scratch: &t.scratch}
	var why cause
	if w.x, why = t.part(q.function, q.x, q.length); why != known {
		return 0, why
	}
	if q.y >= 0 {
		if w.y, why = t.part(q.function, q.y, q.length); why != known {
			return 0, why
		}
	}
	if s := &t.tracks[q.x]; m.edition != s.edition || m.seen > s.visible {
		*m = memory{edition: s.edition}
	}
	v, why := q.function.window(w)
	if why == known && (math.IsNaN(v) || math.IsInf(v, 0)) {
		why = large
	}
	return v, why
}

// part cuts a window out of a series, if it is full: an anchored function needs
// the value known at now − d, the others a first value published a step later at
// the latest.
func (t *Tape) part(f *Function, series int, length int64) (part, cause) {
	s := &t.tracks[series]
	if s.visible == 0 {
		return part{}, unpublished
	}
	at, from := s.at[:s.visible], t.now-length
	first, _ := slices.BinarySearch(at, from+1)
	p := part{at: at[first:], value: s.value[first:s.visible], past: s.value[:s.visible], before: math.NaN(), steps: float64(length) / float64(s.step)}
	if first > 0 {
		p.before = s.value[first-1]
	}
	switch {
	case f.anchored && first == 0, at[0] > from+s.step:
		return p, short
	case len(p.at) == 0 && !f.hollow:
		return p, empty
	case s.step <= 0 && f.paced:
		return p, stepless
	}
	return p, known
}
