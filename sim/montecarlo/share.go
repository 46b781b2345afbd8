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
// share, with a warning. It is exact however many paths there are.
func (e *Ensemble) Share(series string, level float64) ([]stats.Estimate, error) {
	s, err := e.series(series)
	if err != nil {
		return nil, err
	}
	list, sampling := make([]stats.Estimate, s.steps()), e.Sampling()
	for step := range list {
		ones, present, err := s.flags(step)
		if err != nil {
			return nil, fmt.Errorf("%s, step %d%w", series, step, err)
		}
		if sampling.Group > 1 && s.digest == nil && s.counts == nil {
			list[step], err = sampling.EstimateProportion(s.Values[step], level)
		} else { // of counts, paths drawn together are taken for independent ones
			list[step], err = stats.EstimateProportion(ones, present, level)
		}
		if err != nil && !errors.Is(err, stats.ErrTooFew) {
			return nil, err
		}
	}
	return list, nil
}

// steps counts the starting close as one.
func (s Series) steps() int {
	switch {
	case s.digest != nil:
		return len(s.digest.flags)
	case s.counts != nil:
		return len(s.counts)
	}
	return len(s.Values)
}

// flags counts the 1 among 0 and 1. Its error continues a sentence.
func (s Series) flags(step int) (ones, present int, err error) {
	switch {
	case s.digest != nil:
		f := s.digest.flags[step]
		return f.ones, f.present, f.fault
	case s.counts != nil:
		return s.counts[step].flags()
	}
	for path, v := range s.Values[step] {
		switch {
		case math.IsNaN(v):
			continue
		case v == 1:
			ones++
		case v != 0:
			return 0, 0, fmt.Errorf(" of path %d: found %v, expected 0 or 1", path, v)
		}
		present++
	}
	return ones, present, nil
}

// flags reads 0 and 1 from their bins. None of the values is above 1, so that in the
// bin that begins with 1 there is nothing else.
func (h *histogram) flags() (ones, present int, err error) {
	if h.present == 0 {
		return 0, 0, nil
	}
	ones = h.count(1)
	if h.min < 0 || h.max > 1 || ones+h.count(0) != h.present {
		return 0, 0, fmt.Errorf(": found values from %v to %v, expected 0 and 1 only", h.min, h.max)
	}
	return ones, h.present, nil
}

// Last gives the last value of a series by path, NaN where it is absent: of the
// [Ensemble.Kept].
func (e *Ensemble) Last(series string) ([]float64, error) {
	s, err := e.series(series)
	if err != nil {
		return nil, err
	}
	if s.digest != nil {
		return nil, s.digest.lost(series)
	}
	return slices.Clone(s.Values[len(s.Values)-1]), nil
}
