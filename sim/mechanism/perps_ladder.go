package mechanism

import (
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// A ladder's bucket is a thousandth of a log price wide; a power of two keeps
// the arithmetic of buckets exact.
const (
	bucketsPerUnit = 1024
	bucketWidth    = 1. / bucketsPerUnit
)

// ladder is a histogram of coins over y, the log price at which they are
// liquidated; for shorts y is its negative, so that both sides are liquidated
// as y falls. Within a bucket coins are spread evenly up to its end, or to the
// front if that lies in it. It holds the jumps between neighbours rather than
// the buckets, so that a band of any width is added in four places.
type ladder struct {
	jumps []float64 // of a bucket above the next higher one, coins over scale
	base  int       // number of the first bucket; bucket b begins at y = b·bucketWidth
	scale float64
	front float64 // nothing lies above it
	price float64 // at the front
	top   int     // bucket above which all are empty
	sign  float64 // of y against the log price

	step, mean float64 // of the price, along a bucket
}

func bucketOf(y float64) int { return int(math.Floor(y * bucketsPerUnit)) }

// newLadder is an empty ladder with room for some way around the log price x.
func newLadder(x, sign, reach float64) ladder {
	y := sign * x
	low, high := bucketOf(y-reach)-1, bucketOf(y+reach)
	return ladder{jumps: make([]float64, high-low+1), base: low, scale: 1, front: y, price: math.Exp(x), top: low - 1, sign: sign,
		step: along(sign * bucketWidth), mean: meanAlong(sign * bucketWidth)}
}

// add opens coins at y, spread over bands, of which the first reaches farthest.
// The front must not lie below y.
func (l *ladder) add(y, coins float64, bands []band) {
	l.grow(bucketOf(y-bands[0].far)-1, bucketOf(y))
	for i := range bands {
		b := &bands[i]
		d := coins * b.density / l.scale
		l.top = max(l.top, l.jump(y-b.near, d))
		l.jump(y-b.far, -d)
	}
}

// jump adds d coins to each whole bucket below y, which lies in the one it gives.
func (l *ladder) jump(y, d float64) int {
	at := y * bucketsPerUnit
	below := math.Floor(at)
	i, part := int(below)-l.base, d*(at-below)
	l.jumps[i] += part
	l.jumps[i-1] += d - part
	return int(below)
}

// grow makes room for the buckets low to high.
func (l *ladder) grow(low, high int) {
	end := l.base + len(l.jumps)
	if low >= l.base && high < end {
		return
	}
	spare := len(l.jumps) / 2
	if low < l.base {
		low -= spare
	}
	if high >= end {
		high += spare
	}
	low, high = min(low, l.base), max(high, end-1)
	was, first := len(l.jumps), l.base-low
	l.jumps = slices.Grow(l.jumps, high-low+1-was)[:high-low+1]
	copy(l.jumps[first:], l.jumps[:was])
	clear(l.jumps[:first])
	clear(l.jumps[first+was:])
	l.base = low
}

// smallest is the scale below which the buckets take it over.
const smallest = 1e-60

// shrink leaves the share keep of all coins.
func (l *ladder) shrink(keep float64) {
	l.scale *= keep
	if !(l.scale > smallest) {
		for i := range l.jumps {
			l.jumps[i] *= l.scale
		}
		l.scale = 1
	}
}

// sweep is how far y has fallen through a ladder in a step. The ladder itself
// stays as it was until the sweep is settled.
type sweep struct {
	at    float64 // y reached
	price float64 // there; 0 before it has moved: then what follows is not set

	from    int     // bucket where it began
	bucket  int     // bucket reached
	content float64 // of it before the step, coins over scale
	density float64 // of it, content per unit of y
}

// begin puts a sweep where the coins begin; without any it never moves.
func (l *ladder) begin(s *sweep) {
	at := math.Inf(-1)
	if l.top >= l.base {
		if at = float64(l.top+1) * bucketWidth; l.front < at {
			at = l.front
		}
	}
	s.at, s.price = at, 0
}

// enter readies a sweep for its first move.
func (l *ladder) enter(s *sweep) {
	s.bucket = min(bucketOf(l.front), l.top)
	s.from, s.price = s.bucket, l.price
	if s.at < l.front {
		s.price = sim.Exp(l.sign * s.at)
	}
	if s.bucket < l.base {
		return
	}
	s.content = l.jumps[s.bucket-l.base]
	if bottom := float64(s.bucket) * bucketWidth; s.at > bottom {
		s.density = s.content / (s.at - bottom)
	}
}

// take lets y fall and gives the coins passed on the way, over scale, with
// their value at their own liquidation prices.
func (l *ladder) take(s *sweep, y float64) (coins, value float64) {
	if !(y < s.at) {
		return 0, 0
	}
	if s.price == 0 {
		l.enter(s)
	}
	at, price, bucket, content, density := s.at, s.price, s.bucket, s.content, s.density // in registers
	for at > y && bucket >= l.base {
		end := float64(bucket) * bucketWidth
		if end < y {
			end = y
		}
		passed, mean, step := content, l.mean, l.step
		if h := at - end; h < bucketWidth {
			passed, mean, step = density*h, meanAlong(l.sign*h), along(l.sign*h)
		}
		coins += passed
		value += passed * price * mean
		price *= step
		if at = end; end == y {
			break
		}
		if bucket--; bucket >= l.base {
			content += l.jumps[bucket-l.base]
			density = content * bucketsPerUnit
		}
	}
	s.at, s.price, s.bucket, s.content, s.density = at, price, bucket, content, density
	if y < s.at { // below all buckets
		s.at, s.price = y, math.Exp(l.sign*y)
	}
	return coins, value
}

// along is e^−h, and meanAlong its mean from 0 to h, within a bucket.
func along(h float64) float64     { return 1 - h*(1-h*(1./2-h*(1./6-h*(1./24)))) }
func meanAlong(h float64) float64 { return 1 - h*(1./2-h*(1./6-h*(1./24))) }

// settle takes out what a sweep has passed. The front is where y stands at the close,
// of that price, or where the last wave has left the sweep.
func (l *ladder) settle(s *sweep, y, price float64) {
	l.front, l.price = y, price
	if s.at > y || s.price != 0 { // in most steps it has not moved
		l.remove(s, y)
	}
}

// remove is what settle does after a sweep that has moved, or should have.
func (l *ladder) remove(s *sweep, y float64) {
	if s.at > y {
		l.front, l.price = s.at, math.Exp(l.sign*s.at)
	}
	if s.price == 0 {
		return
	}
	l.top = s.bucket
	i := s.bucket - l.base
	clear(l.jumps[max(i+1, 0):max(s.from-l.base+1, 0)])
	if i < 0 {
		return
	}
	left := s.density * (s.at - float64(s.bucket)*bucketWidth)
	l.jumps[i] = left
	if i > 0 {
		l.jumps[i-1] += s.content - left
	}
}
