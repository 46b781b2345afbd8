package montecarlo

import "math"

// RelativeError bounds what a histogram does to a value: an order statistic read
// from it is off by less than this part of itself. Below 2^−1022, where float64 thins
// out, it is off by less than 2^−1031. Quantiles between two values of one sign keep
// to it; inside a bin they are interpolated, so that in the thick of a distribution
// they are some thirty times nearer.
const RelativeError = 1. / binsPerOctave

const (
	binsPerOctave = 1 << mantissaBits
	mantissaBits  = 9
	binBits       = 52 - mantissaBits // of a float64 that a bin leaves open
)

// An octave counts the values of one sign and one binary exponent.
type octave [binsPerOctave]uint32

const octaveBytes = 4 * binsPerOctave

// histogram counts values by the leading bits of their float64: sign, exponent and
// nine bits of the mantissa. No range has to be known beforehand, and to merge two
// is to add integers, so that neither order nor grouping can be seen in the sum.
// What no value needs takes no memory. The least and the greatest value are exact.
type histogram struct {
	groups   [64]*[64]*octave // of the 4096 pairs of sign and exponent, ascending
	present  int
	absent   int // NaN
	min, max float64
}

func newHistogram() histogram { return histogram{min: math.Inf(1), max: math.Inf(-1)} }

// ascending gives bits whose order as integers is that of the numbers.
func ascending(v float64) uint64 {
	bits := math.Float64bits(v)
	if bits&sign != 0 {
		return ^bits
	}
	return bits | sign
}

// number is the inverse of ascending.
func number(key uint64) float64 {
	if key&sign != 0 {
		return math.Float64frombits(key &^ sign)
	}
	return math.Float64frombits(^key)
}

// add counts a value and tells how many bytes of memory that took.
func (h *histogram) add(v float64) (grown int) {
	if v != v {
		h.absent++
		return 0
	}
	v += 0 // no −0, which would lie in a bin of its own
	h.present++
	if v < h.min {
		h.min = v
	}
	if v > h.max {
		h.max = v
	}
	bin := ascending(v) >> binBits
	group := h.groups[bin>>(mantissaBits+6)]
	if group == nil {
		return h.grow(bin)
	}
	o := group[bin>>mantissaBits&63]
	if o == nil {
		return h.grow(bin)
	}
	o[bin%binsPerOctave]++
	return 0
}

// grow counts the first value of an octave.
func (h *histogram) grow(bin uint64) (grown int) {
	o, grown := h.octave(int(bin >> mantissaBits))
	o[bin%binsPerOctave]++
	return grown
}

// octave finds an octave or makes room for it.
func (h *histogram) octave(at int) (o *octave, grown int) {
	group := &h.groups[at>>6]
	if *group == nil {
		*group = new([64]*octave)
		grown += 8 * 64
	}
	if (*group)[at&63] == nil {
		(*group)[at&63] = new(octave)
		grown += octaveBytes
	}
	return (*group)[at&63], grown
}

// each visits the octaves that have values, in ascending order, until visit returns
// false.
func (h *histogram) each(visit func(at int, o *octave) bool) {
	for i, group := range h.groups {
		if group == nil {
			continue
		}
		for k, o := range group {
			if o != nil && !visit(i<<6|k, o) {
				return
			}
		}
	}
}

// merge adds what another has counted.
func (h *histogram) merge(other *histogram) (grown int) {
	h.present += other.present
	h.absent += other.absent
	h.min, h.max = min(h.min, other.min), max(h.max, other.max)
	other.each(func(at int, from *octave) bool {
		into, bytes := h.octave(at)
		grown += bytes
		for bin, n := range from {
			into[bin] += n
		}
		return true
	})
	return grown
}

// at is the order statistic of a rank, from 0 to present − 1, to [RelativeError]; the
// first and the last are exact.
func (h *histogram) at(rank int) float64 {
	switch rank {
	case 0:
		return h.min
	case h.present - 1:
		return h.max
	}
	v, below := h.max, 0
	h.each(func(at int, o *octave) bool {
		for bin, count := range o {
			if n := int(count); rank >= below+n {
				below += n
				continue
			}
			v = within(uint64(at<<mantissaBits|bin), (float64(rank-below)+.5)/float64(count))
			return false
		}
		return true
	})
	return max(h.min, min(h.max, v))
}

// within is the value at a fraction of a bin: inside it the bits of a float64 are
// linear in the number.
func within(bin uint64, fraction float64) float64 {
	low := bin << binBits
	if low == sign {
		return 0 // the bin of 0 has room for nothing else but the smallest subnormal numbers
	}
	return number(low + uint64(fraction*(1<<binBits)))
}

// negative counts all values with the other sign. The bins on both sides of 0 mirror
// each other, but for that of 0 itself, which stays.
func (h *histogram) negative() histogram {
	n := histogram{present: h.present, absent: h.absent, min: -h.max + 0, max: -h.min + 0}
	h.each(func(at int, from *octave) bool {
		for bin, count := range from {
			to := (1<<(64-binBits) - 1) &^ (at<<mantissaBits | bin)
			if at<<mantissaBits|bin == sign>>binBits {
				to = sign >> binBits
			}
			if count > 0 {
				o, _ := n.octave(to >> mantissaBits)
				o[to%binsPerOctave] += count
			}
		}
		return true
	})
	return n
}

// count is the number of values in the bin that begins at v.
func (h *histogram) count(v float64) int {
	bin := ascending(v) >> binBits
	if group := h.groups[bin>>(mantissaBits+6)]; group != nil {
		if o := group[bin>>mantissaBits&63]; o != nil {
			return int(o[bin%binsPerOctave])
		}
	}
	return 0
}
