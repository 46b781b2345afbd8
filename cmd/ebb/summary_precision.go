package main

import (
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/stats"
)

// precisionSummary says what precision was asked for, and where the run stopped.
type precisionSummary struct {
	Relative float64        `json:"relative,omitempty"` // half the width of the interval, as a share of the mean
	Absolute float64        `json:"absolute,omitempty"` // or in the outcome's unit
	Most     int            `json:"most_paths"`
	Reached  bool           `json:"reached"`
	Mean     stats.Estimate `json:"mean"`
}

func summarisePrecision(st *study.Study) *precisionSummary {
	s := st.Base.Stopped
	if s == nil {
		return nil
	}
	ask := st.Base.Case.Simulate
	return &precisionSummary{ask.Precision.Relative, ask.Precision.Absolute, ask.Paths, s.Reached, s.Estimate}
}
