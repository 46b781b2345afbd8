package study

import (
	"errors"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
)

// Reported is what was reported of a week of fund flows.
type Reported struct {
	Week          time.Time
	Flows         []data.Breakdown // the same flows, cut in several ways, USD
	Before, After data.Figure      // assets under management, USD; their Value is NaN where none is reported
}

// readReported reads the week that a scenario names; nil where it names none.
func readReported(s *scenarios.Scenario, files scenarios.Files) (*Reported, error) {
	facts, err := s.ReadFlowFacts(files)
	if err != nil || s.Facts == nil {
		return nil, err
	}
	r := &Reported{Week: s.Facts.Week}
	var faults [3]error
	r.Flows, faults[0] = facts.Flows(r.Week, "week")
	r.Before, faults[1] = facts.AUM(r.Week.AddDate(0, 0, -7))
	r.After, faults[2] = facts.AUM(r.Week)
	if err := errors.Join(faults[:]...); err != nil {
		f := s.At("facts.week")
		f.Text = err.Error()
		return nil, data.Faults{f}
	}
	return r, nil
}

// Flow finds the reported flow of one key of a dimension.
func (r *Reported) Flow(dimension, key string) (data.Figure, bool) {
	for _, b := range r.Flows {
		for _, f := range b.Figures {
			if b.Dimension == dimension && f.Key == key {
				return f, true
			}
		}
	}
	return data.Figure{}, false
}
