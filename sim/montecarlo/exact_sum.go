package montecarlo

import (
	"math"
	"math/big"
	"math/bits"
)

// exactSum adds float64 without rounding, as one fixed-point number that is wide
// enough for all of them (Neal, 2015, Fast exact summation using small and large
// superaccumulators, arXiv:1505.05571, section 2). Its value depends neither on the
// order nor on the grouping of what is added.
type exactSum struct {
	limbs   [limbs]int64 // of 32 bits each, the lowest worth 2^-1074; between carries they hold more
	pending int          // additions since the last carry
	up      bool         // +∞ was added
	down    bool         // −∞ was added
}

const (
	limbs = 68 // 2098 bits of a float64 and 2^64 of them

	// mostPending keeps a limb, to which an addition gives less than 2^32, from
	// overflowing.
	mostPending = 1 << 30
)

// add adds a number that is not NaN.
func (s *exactSum) add(v float64) {
	exponent := int(math.Float64bits(v) >> 52 & 0x7ff)
	mantissa := math.Float64bits(v) & (1<<52 - 1)
	switch exponent {
	case 0x7ff:
		s.up, s.down = s.up || v > 0, s.down || v < 0
		return
	case 0: // subnormal: same place as exponent 1
	default:
		mantissa |= 1 << 52
		exponent--
	}
	at, shift := exponent>>5, uint(exponent&31)
	low, high := int64(mantissa<<shift&math.MaxUint32), int64(mantissa<<shift>>32)
	top := int64(mantissa >> (64 - shift)) // 0 where nothing is shifted
	if v < 0 {
		low, high, top = -low, -high, -top
	}
	s.limbs[at] += low
	s.limbs[at+1] += high
	s.limbs[at+2] += top
	if s.pending++; s.pending >= mostPending {
		s.carry()
	}
}

// addProduct adds a·b: the rounded product and what rounding left of it.
func (s *exactSum) addProduct(a, b float64) {
	product := a * b
	s.add(product)
	if rest := math.FMA(a, b, -product); !math.IsInf(product, 0) {
		s.add(rest)
	}
}

// carry brings all limbs but the last, which has the sign, to 0 … 2^32 − 1: one
// number, one form.
func (s *exactSum) carry() {
	for i := range limbs - 1 {
		s.limbs[i+1] += s.limbs[i] >> 32
		s.limbs[i] &= math.MaxUint32
	}
	s.pending = 1 // a limb that was carried is as large as one addition
}

func (s *exactSum) merge(other *exactSum) {
	s.carry()
	of := *other
	of.carry()
	for i, limb := range of.limbs {
		s.limbs[i] += limb
	}
	s.up, s.down = s.up || of.up, s.down || of.down
	s.carry()
}

// precision holds every exact sum, and the product of two.
const precision = 2*32*limbs + bits.UintSize

// value is the sum without rounding; not finite tells that it is none.
func (s *exactSum) value() (sum *big.Float, finite bool) {
	of := *s
	of.carry()
	sum = newBig()
	for i := limbs - 1; i >= 0; i-- {
		sum.Add(sum, newBig().SetMantExp(newBig().SetInt64(of.limbs[i]), 32*i-1074))
	}
	return sum, !s.up && !s.down
}

func newBig() *big.Float { return new(big.Float).SetPrec(precision) }
