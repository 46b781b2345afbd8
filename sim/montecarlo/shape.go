package montecarlo

import (
	"errors"
	"fmt"
	"slices"
)

// shape is what parts of one run have in common.
type shape struct {
	Seed     uint64   `json:"seed"`
	Whole    int      `json:"whole"`
	Steps    int      `json:"steps"`
	Outcomes []string `json:"outcomes"`
	Paired   []bool   `json:"paired"`
	Series   []string `json:"series"`
}

func (e *Ensemble) shape() shape {
	s := shape{Seed: e.Seed, Whole: e.Whole, Steps: e.Plan.Steps, Outcomes: []string{}, Paired: []bool{}, Series: []string{}}
	for _, o := range e.Outcomes {
		s.Outcomes = append(s.Outcomes, o.Name)
	}
	for _, p := range e.Pairs {
		s.Paired = append(s.Paired, p != nil)
	}
	for _, series := range e.Series {
		s.Series = append(s.Series, series.Name)
	}
	return s
}

// differs tells in what a shape is not the one expected.
func (s shape) differs(found shape) error {
	var faults []error
	blame := func(what string, same bool, found, expected any) {
		if !same {
			faults = append(faults, fmt.Errorf("found %s %v, expected %v", what, found, expected))
		}
	}
	blame("seed", s.Seed == found.Seed, found.Seed, s.Seed)
	blame("a whole of paths", s.Whole == found.Whole, found.Whole, s.Whole)
	blame("steps", s.Steps == found.Steps, found.Steps, s.Steps)
	blame("outcomes", slices.Equal(s.Outcomes, found.Outcomes), found.Outcomes, s.Outcomes)
	blame("pairs", slices.Equal(s.Paired, found.Paired), found.Paired, s.Paired)
	blame("series", slices.Equal(s.Series, found.Series), found.Series, s.Series)
	return errors.Join(faults...)
}
