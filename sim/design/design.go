package design

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// A Design is a list of points in the unit cube. It is immutable and safe for concurrent
// use; the zero Design has no points.
type Design struct {
	Method string // how the points were chosen, seed included

	n, dim int
	point  func(i int, x []float64)
}

// Len is the number of points.
func (d Design) Len() int { return d.n }

// Dim is the number of coordinates of each point.
func (d Design) Dim() int { return d.dim }

// Point is point i from 0, Dim coordinates from 0 to 1.
func (d Design) Point(i int) ([]float64, error) {
	if i < 0 || i >= d.n {
		return nil, fmt.Errorf("design: found point %d, expected 0 to %d", i, d.n-1)
	}
	x := make([]float64, d.dim)
	d.point(i, x)
	return x, nil
}

// Points are all points in their order.
func (d Design) Points() [][]float64 {
	list := make([][]float64, d.n)
	for i := range list {
		list[i] = make([]float64, d.dim)
		d.point(i, list[i])
	}
	return list
}

// mostPoints of a design can be counted on every machine.
const mostPoints = math.MaxInt32

func checkCount(what string, found, least, most int) error {
	if found < least || found > most {
		return fmt.Errorf("design: found %d %s, expected %d to %d", found, what, least, most)
	}
	return nil
}

// A purpose sets the random numbers of one seed apart.
type purpose uint64

const (
	shuffling purpose = iota + 1
	jittering
	spreading
	walking
	scrambling
)

// stream is a generator of its own for thing i of a purpose.
func (p purpose) stream(seed uint64, i int) *rand.Rand {
	return rand.New(rand.NewPCG(seed, uint64(p)<<32|uint64(i)))
}
