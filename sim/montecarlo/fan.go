package montecarlo

import (
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// Fan is how a series spreads over the paths, step by step.
type Fan struct {
	Probabilities []float64
	Quantiles     [][]float64 // (steps+1) × probability, from the starting close; NaN where no path has a value
	Present       []int       // by step: paths with a value
}

// Fan gives quantiles of a series (type 7 of Hyndman and Fan 1996) over the
// paths on which it exists.
func (e *Ensemble) Fan(series string, probabilities []float64) (*Fan, error) {
	return e.FanWhere(series, probabilities, nil)
}

// FanWhere is Fan over the paths that keep admits, or over all where it is nil:
// with [Ensemble.Last] those that end above a level, or in a state.
func (e *Ensemble) FanWhere(series string, probabilities []float64, keep func(path int) bool) (*Fan, error) {
	s, err := e.series(series)
	if err != nil {
		return nil, err
	}
	for _, p := range probabilities {
		if !(p >= 0 && p <= 1) {
			return nil, fmt.Errorf("found probability %v, expected 0 to 1", p)
		}
	}
	rows := len(s.Values)
	f := &Fan{Probabilities: slices.Clone(probabilities), Quantiles: sim.Matrix(rows, len(probabilities)), Present: make([]int, rows)}
	kept := make([]int, 0, e.Paths)
	for path := range e.Paths {
		if keep == nil || keep(path) {
			kept = append(kept, path)
		}
	}
	sorter, values := newSorter(len(kept)), make([]float64, len(kept))
	for step, all := range s.Values {
		for i, path := range kept {
			values[i] = all[path]
		}
		present := sorter.sort(values)
		f.Present[step] = len(present)
		for i, p := range probabilities {
			f.Quantiles[step][i] = quantile(present, p)
		}
	}
	return f, nil
}

// quantile is stats.Quantile of sorted values, NaN where there are none.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	whole, weight := math.Modf(float64(len(sorted)-1) * p)
	low := sorted[int(whole)]
	if weight == 0 {
		return low
	}
	high := sorted[int(whole)+1]
	if weight < .5 {
		return low + (high-low)*weight
	}
	return high - (high-low)*(1-weight)
}
