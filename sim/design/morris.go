package design

import (
	"errors"
	"fmt"
	"math/rand/v2"
)

// A Walk is how the points of a trajectory follow each other.
type Walk int

const (
	// Stairs moves on from the point before (Morris, 1991, Technometrics 33(2)).
	Stairs Walk = iota
	// Radial moves one coordinate of the first point each time (Campolongo, Saltelli and
	// Cariboni, 2011, Computer Physics Communications 182(4); theirs begins at Sobol points and
	// moves by steps of any length, this one on the levels of Stairs).
	Radial
)

// Morris is trajectories of dim+1 points each, along which every coordinate moves once, in
// random order. A trajectory begins on one of so many levels of each coordinate, equally
// spaced from 0 to 1, and moves by levels/(2·(levels−1)), up or down. levels is even, so that
// every level is as likely as any other; Morris took 4.
func Morris(trajectories, dim, levels int, walk Walk, seed uint64) (Design, error) {
	faults := []error{
		checkCount("coordinates of trajectories", dim, 1, mostPoints-1),
		checkCount("trajectories", trajectories, 1, mostPoints/max(dim+1, 1)),
		checkCount("levels", levels, 2, mostPoints),
	}
	if levels%2 != 0 {
		faults = append(faults, fmt.Errorf("design: found %d levels, expected an even number", levels))
	}
	if walk != Stairs && walk != Radial {
		faults = append(faults, fmt.Errorf("design: found walk %d, expected %d or %d", walk, Stairs, Radial))
	}
	if err := errors.Join(faults...); err != nil {
		return Design{}, err
	}
	name := [...]string{"stairs", "radial"}[walk]
	return Design{fmt.Sprintf("%d trajectories, %s, on %d levels, seed %d", trajectories, name, levels, seed),
		trajectories * (dim + 1), dim, func(i int, x []float64) {
			trajectory(walking.stream(seed, i/(dim+1)), walk, levels, i%(dim+1), x)
		}}, nil
}

// trajectory finds the point after so many steps. Where a coordinate stands before its move
// decides which way that goes: the upper half of the levels moves down.
func trajectory(source *rand.Rand, walk Walk, levels, steps int, x []float64) {
	at := make([]int, len(x))
	for j := range at {
		at[j] = source.IntN(levels)
	}
	order := source.Perm(len(x))
	for s := range steps {
		if walk == Stairs || s == steps-1 {
			j := order[s]
			at[j] = (at[j] + levels/2) % levels
		}
	}
	for j := range x {
		x[j] = level(at[j], levels)
	}
}
