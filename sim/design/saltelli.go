package design

import (
	"errors"
	"fmt"
)

// Saltelli is n blocks of dim+2 points for Sobol indices of first and total order: a point
// of a sample A; for each coordinate j in turn that point with coordinate j from B; the point of a
// second sample B (Saltelli et al., 2010, Computer Physics Communications 181(2), table 2;
// the order is that of SALib without second-order indices). A and B are the halves of
// one Sobol sequence in 2·dim dimensions, so that dim is at most [MostSobol]/2; n should be a
// power of two.
func Saltelli(n, dim int, s Scramble, seed uint64) (Design, error) {
	err := errors.Join(checkCount("coordinates of crossed samples", dim, 1, MostSobol/2),
		checkCount("blocks of crossed samples", n, 1, mostPoints/(max(dim, 1)+2)), s.check())
	if err != nil {
		return Design{}, err
	}
	both := sobol(2*dim, s, seed)
	return Design{fmt.Sprintf("%d crossings of Sobol points, %s", n, s.method(seed)), n * (dim + 2), dim, func(i int, x []float64) {
		pair := make([]float64, 2*dim)
		both(i/(dim+2), pair)
		a, b := pair[:dim], pair[dim:]
		switch j := i % (dim + 2); j {
		case dim + 1:
			copy(x, b)
		default:
			copy(x, a)
			if j > 0 {
				x[j-1] = b[j-1]
			}
		}
	}}, nil
}
