package design

import "fmt"

// A Scramble is how the digits of Sobol points are made random. Scrambled points are as even
// as the plain ones, and each is uniform on the open unit cube, so that means over them have no bias.
type Scramble int

const (
	// Owen chooses anew at every binary digit, by all digits before it, whether to turn it
	// over: nested uniform scrambling (Owen, 1995, in Monte Carlo and Quasi-Monte Carlo Methods
	// in Scientific Computing). The choices are hashes of seed, dimension and digits, as in
	// Burley (2020), Journal of Computer Graphics Techniques 9(4), but one hash for every digit.
	Owen Scramble = iota
	// Shift turns over the same digits of all points: a random digital shift. It is cheaper,
	// and means over it vary more from seed to seed.
	Shift
	// Plain leaves the points as they are, on multiples of a power of two, 0 included.
	Plain
)

func (s Scramble) check() error {
	if s < Owen || s > Plain {
		return fmt.Errorf("design: found scrambling %d, expected %d to %d", int(s), Owen, Plain)
	}
	return nil
}

func (s Scramble) method(seed uint64) string {
	switch s {
	case Owen:
		return fmt.Sprintf("Owen scrambling, seed %d", seed)
	case Shift:
		return fmt.Sprintf("digital shift, seed %d", seed)
	}
	return "not scrambled"
}

// A scrambler turns the digits of a coordinate into a number of the unit interval.
type scrambler func(digits uint32) float64

func (s Scramble) scrambler(seed uint64, dimension int) scrambler {
	key := scrambling.stream(seed, dimension).Uint64()
	switch s {
	case Owen:
		return func(digits uint32) float64 { return open(nested(digits, key)) }
	case Shift:
		return func(digits uint32) float64 { return open(uint64(digits)<<randomBits ^ key>>(64-openBits)) }
	}
	return func(digits uint32) float64 { return float64(digits) / (1 << sobolBits) }
}

const (
	openBits   = 52
	randomBits = openBits - sobolBits // digits that are 0 in a Sobol number, and random in a scrambled one
)

// nested turns over digits by hashes of those before. The first digit of before is a 1, so
// that it tells 0 from 00.
func nested(digits uint32, key uint64) uint64 {
	var scrambled uint64
	before := uint64(1)
	for b := sobolBits - 1; b >= 0; b-- {
		digit := uint64(digits >> b & 1)
		scrambled = scrambled<<1 | (digit ^ hash(key, before)>>63)
		before = before<<1 | digit
	}
	return scrambled<<randomBits | hash(key, before)>>(64-randomBits)
}

// open is the middle of one of 2⁵² parts of the unit interval, and so never an end.
func open(part uint64) float64 { return float64(2*part+1) / (1 << (openBits + 1)) }

// hash is number at of the SplitMix64 sequence that begins at key: Steele, Lea and Flood,
// 2014, Fast splittable pseudorandom number generators, OOPSLA.
func hash(key, at uint64) uint64 {
	z := key + at*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
