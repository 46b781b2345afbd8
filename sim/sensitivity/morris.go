package sensitivity

import (
	"cmp"
	"errors"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
)

// An Effect is what a parameter does to the outcome when it moves and the others do not, in
// units of the outcome for a move through the whole range.
type Effect struct {
	Parameter string         `json:"parameter"`
	Mu        stats.Estimate `json:"mu"`      // mean: with its sign, so that effects up and down cancel
	MuStar    stats.Estimate `json:"mu_star"` // mean size
	Sigma     stats.Estimate `json:"sigma"`   // standard deviation: large if the effect depends on where it is taken
}

// Effects are the elementary effects of parameters on an outcome.
type Effects struct {
	Runs
	Effects  []Effect `json:"effects"` // the largest mean size first; equal ones in the order given
	Warnings []string `json:"warnings,omitempty"`
}

// Morris finds elementary effects from outcomes at points of the unit cube in the order of
// Morris in package design: trajectories of k+1 points for k parameters, along which each coordinate
// moves once, from the point before or from the first point. An effect is the change of the
// outcome divided by that of the coordinate; mu and sigma (divisor n−1) are those of Morris
// (1991), Technometrics 33(2), mu* that of Campolongo, Cariboni and Saltelli (2007),
// Environmental Modelling & Software 22(10).
//
// The effects of a parameter that does nothing are 0. A sigma as large as mu* says that the
// effect is not linear or depends on other parameters; which of the two cannot be told.
func Morris(parameters []string, points [][]float64, outcomes []float64, o Options) (Effects, error) {
	k := len(parameters)
	err := errors.Join(checkNames(parameters), o.check())
	if k == 0 {
		return Effects{}, err
	}
	kept, runs, fault := o.blocks(outcomes, k+1, "trajectories")
	moves, badMoves := movesOf(points, len(outcomes), k)
	if err := errors.Join(err, fault, badMoves); err != nil {
		return Effects{Runs: runs}, err
	}
	e, err := newElementary(moves, outcomes, kept, k)
	if err != nil {
		return Effects{Runs: runs}, err
	}
	r := Effects{Runs: runs, Warnings: runs.warnings("trajectories")}
	all := o.estimate(e)
	var sizes []named
	for j, name := range parameters {
		r.Effects = append(r.Effects, Effect{name, all[j], all[k+j], all[2*k+j]})
	}
	slices.SortStableFunc(r.Effects, func(a, b Effect) int { return cmp.Compare(b.MuStar.Value, a.MuStar.Value) })
	for _, e := range r.Effects {
		sizes = append(sizes, named{e.Parameter, e.MuStar})
	}
	r.Warnings = append(r.Warnings, unsettled(sizes)...)
	return r, nil
}
