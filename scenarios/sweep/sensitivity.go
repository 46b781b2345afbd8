package sweep

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/sensitivity"
)

// A Sensitivity says which parameters matter to the mean of an outcome. One of Indices
// and Effects is there, or Absent says why neither is.
type Sensitivity struct {
	Outcome string               `json:"outcome"`
	Indices *sensitivity.Indices `json:"indices,omitempty"` // of Sobol, in a Saltelli design
	Effects *sensitivity.Effects `json:"effects,omitempty"` // of Morris
	Absent  string               `json:"absent,omitempty"`
}

const (
	bootstraps = 1000
	mostLost   = .1 // share of walks or blocks that may be lost to cells that failed
)

// Sensitivities are those of a finished sweep, by outcome; none where its design does
// not tell them.
func Sensitivities(d Design, axes []Axis, outcomes []string, rows []Row) []Sensitivity {
	if d.Name != Morris && d.Name != Saltelli {
		return nil
	}
	names := make([]string, len(axes))
	for i, a := range axes {
		names[i] = a.Key
	}
	var list []Sensitivity
	for at, outcome := range outcomes {
		s, err := d.sensitivity(names, means(rows, at))
		if s.Outcome = outcome; err != nil {
			s.Absent = err.Error()
		}
		list = append(list, s)
	}
	return list
}

func (d Design) sensitivity(names []string, outcomes []float64) (Sensitivity, error) {
	o := sensitivity.Options{Level: study.Level, Draws: bootstraps, Seed: d.Seed, MostLost: mostLost}
	if d.Name == Saltelli {
		indices, err := sensitivity.Sobol(names, outcomes, o)
		if err != nil {
			return Sensitivity{}, fmt.Errorf("indices of Sobol: %w", err)
		}
		return Sensitivity{Indices: &indices}, nil
	}
	points, err := d.points(len(names))
	if err != nil {
		return Sensitivity{}, err
	}
	effects, err := sensitivity.Morris(names, points.Points(), outcomes, o)
	if err != nil {
		return Sensitivity{}, fmt.Errorf("effects of Morris: %w", err)
	}
	return Sensitivity{Effects: &effects}, nil
}

// means are those of an outcome, NaN where a cell has failed.
func means(rows []Row, outcome int) []float64 {
	list := make([]float64, len(rows))
	for i, row := range rows {
		if list[i] = math.NaN(); row.Failed == "" {
			list[i] = row.Outcomes[outcome].Mean.Value
		}
	}
	return list
}
