package replay

import "math"

// trial is a value of an unknown and by how much what it leads to misses.
type trial struct{ at, miss float64 }

// side is a trial as it is reported.
func (x trial) side(t *target) Side { return Side{News: x.at, Value: t.want + x.miss} }

// at tries a value of an unknown, the others as they stand. A price that has
// left the numbers lies on the side to which the unknown was moved.
func (s *search) at(t *target, value float64) trial {
	from := *t.unknown
	*t.unknown = value
	s.try()
	if math.IsNaN(t.miss) {
		t.miss = math.Copysign(math.Inf(1), value-from)
	}
	return trial{value, t.miss}
}

// approach moves one unknown, the others as they stand, to where its target is
// met. Where a jump leaves it out of reach, the side that ends nearer is taken.
// It tells whether the unknown has moved.
func (s *search) approach(t *target) bool {
	start, same := trial{*t.unknown, t.miss}, t.fine
	if math.IsNaN(start.miss) {
		start.miss = math.Copysign(math.Inf(1), start.at)
	}
	t.cause = ""
	if low, high, found := s.bracket(t, start); found {
		s.narrow(t, low, high)
	}
	if math.Abs(t.miss) <= t.hole {
		t.cause = ""
	} else {
		same = t.edge
	}
	return math.Abs(*t.unknown-start.at) > same
}

// The search for a bracket ends after so many trials, or at a return of so much.
const (
	expansions = 60
	farthest   = 20
)

// bracket looks for two values, one that ends below what is wanted and one that
// ends above. It finds none where a trial meets it, or where nothing goes beyond
// it: then the nearest is taken.
func (s *search) bracket(t *target, last trial) (low, high trial, found bool) {
	start, best := last.at, last
	move := -last.miss / t.slope
	for range expansions {
		if math.IsInf(move, 0) {
			move = math.Copysign(1, move)
		}
		next := s.at(t, last.at+move)
		switch {
		case t.met():
			t.learn(last, next)
			return low, high, false
		case last.miss < 0 && next.miss > 0:
			return last, next, true
		case last.miss > 0 && next.miss < 0:
			return next, last, true
		}
		if math.Abs(next.miss) < math.Abs(best.miss) {
			best = next
		}
		if t.asset >= 0 && math.Abs(next.at-start) > farthest {
			break
		}
		if math.Abs(next.miss) <= math.Abs(last.miss)/2 {
			t.learn(last, next)
			move = -next.miss / t.slope
		} else {
			move *= 2
		}
		last = next
	}
	s.at(t, best.at)
	t.cause, t.sides = OutOfReach, [2]Side{best.side(t), best.side(t)}
	return low, high, false
}

// flattest is the least slope that is taken for more than a plateau: most are
// about 1.
const flattest = .01

// learn keeps the slope between two trials for the next search.
func (t *target) learn(a, b trial) {
	if slope := (b.miss - a.miss) / (b.at - a.at); slope > flattest && !math.IsInf(slope, 1) {
		t.slope = slope
	}
}

// suspicion is how many trials may fail to halve the miss before nothing but
// bisection is done: there may be a jump.
const suspicion = 4

// narrow closes a bracket by regula falsi with the Illinois weights (Dowell and
// Jarratt 1971, BIT 11), and by bisection after a trial that has not halved the
// miss.
func (s *search) narrow(t *target, low, high trial) {
	below, above := low.miss, high.miss // weighted
	best, side, slow, bisect := math.Inf(1), 0, 0, false
	for !t.one(low, high) {
		x := low.at - below*(high.at-low.at)/(above-below)
		if bisect || slow > suspicion || !(x > min(low.at, high.at) && x < max(low.at, high.at)) {
			x = low.at + (high.at-low.at)/2
			if x == low.at || x == high.at {
				break
			}
		}
		next := s.at(t, x)
		if t.met() {
			t.learn(low, high)
			return
		}
		if next.miss < 0 {
			if low, below = next, next.miss; side < 0 {
				above /= 2
			}
			side = -1
		} else {
			if high, above = next, next.miss; side > 0 {
				below /= 2
			}
			side = 1
		}
		if bisect = math.Abs(next.miss) > best/2; bisect {
			slow++
		}
		best = min(best, math.Abs(next.miss))
	}
	near := low
	if high.miss < -low.miss {
		near = high
	}
	s.at(t, near.at)
	t.cause, t.sides = Jump, [2]Side{low.side(t), high.side(t)}
}

// one tells whether no number worth a trial lies between two.
func (t *target) one(low, high trial) bool {
	width := math.Abs(high.at - low.at)
	return width <= t.fine || width <= t.edge && high.miss-low.miss > t.hole
}
