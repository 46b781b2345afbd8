package sensitivity

import (
	"errors"
	"fmt"
)

// A move is from one point to another, along one coordinate.
type move struct {
	from, to  int // points
	parameter int
	by        float64
}

// movesOf finds the k moves of every trajectory, or says what is not one.
func movesOf(points [][]float64, outcomes, k int) ([]move, error) {
	if len(points) != outcomes {
		return nil, fmt.Errorf("sensitivity: found %d points and %d outcomes, expected as many", len(points), outcomes)
	}
	for i, x := range points {
		if err := checkPoint(i, x, k); err != nil {
			return nil, err
		}
	}
	var moves []move
	var faults []error
	bad := 0
	for first := 0; first+k < len(points); first += k + 1 {
		of, err := trajectory(points, first, k)
		if err == nil {
			moves = append(moves, of...)
		} else if bad++; bad <= mostReported {
			faults = append(faults, err)
		}
	}
	if bad > mostReported {
		faults = append(faults, fmt.Errorf("sensitivity: and %d more trajectories that are none", bad-mostReported))
	}
	return moves, errors.Join(faults...)
}

func checkPoint(i int, x []float64, k int) error {
	if len(x) != k {
		return fmt.Errorf("sensitivity: found point %d of %d coordinates, expected %d", i, len(x), k)
	}
	for j, u := range x {
		if !(u >= 0 && u <= 1) {
			return fmt.Errorf("sensitivity: found point %d with coordinate %d at %v, expected 0 to 1", i, j, u)
		}
	}
	return nil
}

// trajectory finds the moves of the one that begins with point first.
func trajectory(points [][]float64, first, k int) ([]move, error) {
	moved := make([]bool, k)
	var moves []move
	for to := first + 1; to <= first+k; to++ {
		m, ok := single(points, to-1, to)
		if !ok {
			m, ok = single(points, first, to)
		}
		if !ok {
			return nil, fmt.Errorf("sensitivity: point %d differs from the point before and from point %d, the first of its trajectory, by other than one coordinate", to, first)
		}
		if moved[m.parameter] {
			return nil, fmt.Errorf("sensitivity: point %d moves coordinate %d a second time in the trajectory from point %d", to, m.parameter, first)
		}
		moved[m.parameter] = true
		moves = append(moves, m)
	}
	return moves, nil
}

// single is the move from a point to another if they differ by one coordinate.
func single(points [][]float64, from, to int) (m move, ok bool) {
	for j, x := range points[to] {
		if by := x - points[from][j]; by != 0 {
			if ok {
				return m, false
			}
			m, ok = move{from, to, j, by}, true
		}
	}
	return m, ok
}
