package design

import (
	"errors"
	"fmt"
)

// LatinOptions say where in the cells the points of a Latin hypercube lie, and which cells.
type LatinOptions struct {
	Seed     uint64
	Centred  bool // points in the middle of their cells; otherwise anywhere in them
	Exchange int  // exchanges tried to move points apart: a maximin design; 0: none
}

// mostCells bounds what a Latin hypercube keeps in memory: four bytes a coordinate.
const mostCells = 1 << 26

// LatinHypercube is n points of which each of n equal parts of every coordinate holds one
// (McKay, Beckman and Conover, 1979, Technometrics 21(2)).
//
// Exchange > 0 tries so many exchanges of the parts of two points along one coordinate, and
// keeps those that lower Σ d⁻¹⁶ over the distances d of all pairs of cells, which comes close
// to making the smallest distance large (Morris and Mitchell, 1995, Journal of Statistical
// Planning and Inference 43(3), φ with p = 16; they anneal, here no exchange for the worse is
// kept). The time of one exchange grows with n·dim.
func LatinHypercube(n, dim int, o LatinOptions) (Design, error) {
	err := errors.Join(
		checkCount("points of a Latin hypercube", n, 1, mostCells),
		checkCount("coordinates of a Latin hypercube", dim, 1, mostCells),
		checkCount("exchanges of a Latin hypercube", o.Exchange, 0, mostPoints))
	if err == nil && n > mostCells/dim {
		err = fmt.Errorf("design: found a Latin hypercube of %d × %d, expected at most %d coordinates in all", n, dim, mostCells)
	}
	if err != nil {
		return Design{}, err
	}
	cells := newLatin(n, dim, o.Seed)
	cells.spread(o.Seed, o.Exchange)
	return Design{o.method(), n, dim, func(i int, x []float64) {
		jitter := jittering.stream(o.Seed, i)
		for j := range x {
			within := .5
			if !o.Centred {
				within = jitter.Float64()
			}
			x[j] = (float64(cells.at(i, j)) + within) / float64(n)
		}
	}}, nil
}

func (o LatinOptions) method() string {
	text := "Latin hypercube"
	if o.Exchange > 0 {
		text += fmt.Sprintf(", maximin of %d exchanges", o.Exchange)
	}
	if o.Centred {
		text += ", centred"
	}
	return fmt.Sprintf("%s, seed %d", text, o.Seed)
}

// latin holds the parts of points, point by point.
type latin struct {
	n, dim int
	parts  []int32
}

func newLatin(n, dim int, seed uint64) latin {
	l := latin{n, dim, make([]int32, n*dim)}
	for j := range dim {
		for i := range n {
			l.parts[i*dim+j] = int32(i)
		}
		shuffling.stream(seed, j).Shuffle(n, func(a, b int) { l.exchange(a, b, j) })
	}
	return l
}

func (l latin) at(i, j int) int32 { return l.parts[i*l.dim+j] }

// exchange swaps part j of two points.
func (l latin) exchange(a, b, j int) {
	p := l.parts
	p[a*l.dim+j], p[b*l.dim+j] = p[b*l.dim+j], p[a*l.dim+j]
}
