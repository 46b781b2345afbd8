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

// Fan gives quantiles of a series (type 7 of Hyndman and Fan 1996) over the paths on
// which it exists: all of them, in a run of more than [ExactPaths] from histograms,
// whose order statistics are off by less than [RelativeError].
func (e *Ensemble) Fan(series string, probabilities []float64) (*Fan, error) {
	s, err := e.asked(series, probabilities)
	switch {
	case err != nil:
		return nil, err
	case s.digest != nil:
		return s.digest.pick(series, probabilities)
	case s.counts == nil:
		return s.fan(probabilities, nil), nil
	}
	f := newFan(len(s.counts), probabilities)
	for step, c := range s.counts {
		f.Present[step] = c.present
		for i, p := range probabilities {
			f.Quantiles[step][i] = quantileOf(c.present, c.at, p)
		}
	}
	return f, nil
}

// FanWhere is Fan, always exact, over those paths that keep admits of the
// [Ensemble.Kept] whose series are there one by one, or over all of these where it is
// nil: with [Ensemble.Last] those that end above a level, or in a state.
func (e *Ensemble) FanWhere(series string, probabilities []float64, keep func(path int) bool) (*Fan, error) {
	s, err := e.asked(series, probabilities)
	if err != nil {
		return nil, err
	}
	if s.digest != nil {
		return nil, s.digest.lost(series)
	}
	return s.fan(probabilities, keep), nil
}

func (e *Ensemble) asked(series string, probabilities []float64) (Series, error) {
	s, err := e.series(series)
	if err != nil {
		return s, err
	}
	for _, p := range probabilities {
		if !(p >= 0 && p <= 1) {
			return s, fmt.Errorf("found probability %v, expected 0 to 1", p)
		}
	}
	return s, nil
}

func newFan(rows int, probabilities []float64) *Fan {
	return &Fan{Probabilities: slices.Clone(probabilities), Quantiles: sim.Matrix(rows, len(probabilities)), Present: make([]int, rows)}
}

// fan is that of the paths kept, as far as keep admits them.
func (s Series) fan(probabilities []float64, keep func(path int) bool) *Fan {
	f := newFan(len(s.Values), probabilities)
	kept := make([]int, 0, s.kept())
	for path := range s.kept() {
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
	return f
}

// quantile is stats.Quantile of sorted values, NaN where there are none.
func quantile(sorted []float64, p float64) float64 {
	return quantileOf(len(sorted), func(rank int) float64 { return sorted[rank] }, p)
}

// quantileOf is quantile of n values of which at gives that of a rank.
func quantileOf(n int, at func(rank int) float64, p float64) float64 {
	if n == 0 {
		return math.NaN()
	}
	whole, weight := math.Modf(float64(n-1) * p)
	low := at(int(whole))
	if weight == 0 {
		return low
	}
	high := at(int(whole) + 1)
	if weight < .5 {
		return low + (high-low)*weight
	}
	return high - (high-low)*(1-weight)
}
