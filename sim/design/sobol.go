package design

import (
	"errors"
	"math/bits"
)

// MostSobol is the number of dimensions that [Sobol] has direction numbers for.
const MostSobol = len(directionNumbers)

// Sobol is the first n points of the Sobol sequence in Gray code order, with the direction
// numbers of Joe and Kuo (2008, SIAM Journal on Scientific Computing 30(5),
// new-joe-kuo-6.21201). dim is at most [MostSobol]. The points are at their most even when n
// is a power of two, so that the first of them is needed too (Owen, 2020, On dropping the
// first Sobol' point, arXiv:2008.08051): scramble it, rather than leave it out.
//
// Without scrambling the points are those of scipy.stats.qmc.Sobol, the first in the corner
// at 0, and seed has no effect.
func Sobol(n, dim int, s Scramble, seed uint64) (Design, error) {
	err := errors.Join(checkCount("points of a Sobol sequence", n, 1, mostPoints),
		checkCount("dimensions of a Sobol sequence", dim, 1, MostSobol), s.check())
	if err != nil {
		return Design{}, err
	}
	return Design{"Sobol points, " + s.method(seed), n, dim, sobol(dim, s, seed)}, nil
}

// sobol finds points of the sequence.
func sobol(dim int, s Scramble, seed uint64) func(i int, x []float64) {
	directions, digits := make([][sobolBits]uint32, dim), make([]scrambler, dim)
	for j := range directions {
		directions[j] = directionNumbers[j].expand()
		digits[j] = s.scrambler(seed, j)
	}
	return func(i int, x []float64) {
		gray := uint32(i) ^ uint32(i)>>1
		for j := range x {
			var v uint32
			for g := gray; g != 0; g &= g - 1 {
				v ^= directions[j][bits.TrailingZeros32(g)]
			}
			x[j] = digits[j](v)
		}
	}
}

const sobolBits = 32

// A direction is a primitive polynomial modulo 2, its coefficients as binary digits, both
// ends included, and the direction numbers m₁, m₂, … that it begins with, one for each
// degree.
type direction struct {
	polynomial uint32
	first      []uint32
}

// expand finds the direction numbers v = m·2⁻ᵏ as digits behind the binary point, by the
// recurrence of Joe and Kuo's equation (2).
func (d direction) expand() (v [sobolBits]uint32) {
	degree := len(d.first)
	for k := range v {
		if k < degree {
			v[k] = d.first[k] << (sobolBits - 1 - k)
			continue
		}
		v[k] = v[k-degree] ^ v[k-degree]>>degree
		for i := 1; i < degree; i++ {
			if d.polynomial>>(degree-i)&1 == 1 {
				v[k] ^= v[k-i]
			}
		}
	}
	return v
}
