package montecarlo

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Share is the share of paths on which a series of 0 and 1 is 1, step by step
// from the starting close, with its interval at a level: the probability of
// recovery by then, if the series stays at 1 once it is there. Paths on which the
// series is absent do not count; where it is absent on all of them, so is the
// share, with a warning.
func (e *Ensemble) Share(series string, level float64) ([]stats.Estimate, error) {
	s, err := e.series(series)
	if err != nil {
		return nil, err
	}
	list := make([]stats.Estimate, len(s.Values))
	for step, values := range s.Values {
		ones, present := 0, 0
		for path, v := range values {
			switch {
			case math.IsNaN(v):
				continue
			case v == 1:
				ones++
			case v != 0:
				return nil, fmt.Errorf("%s, step %d of path %d: found %v, expected 0 or 1", series, step, path, v)
			}
			present++
		}
		if list[step], err = stats.EstimateProportion(ones, present, level); err != nil && !errors.Is(err, stats.ErrTooFew) {
			return nil, err
		}
	}
	return list, nil
}

// Last gives the last value of a series by path, NaN where it is absent.
func (e *Ensemble) Last(series string) ([]float64, error) {
	s, err := e.series(series)
	if err != nil {
		return nil, err
	}
	return slices.Clone(s.Values[len(s.Values)-1]), nil
}
