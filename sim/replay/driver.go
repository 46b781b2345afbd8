package replay

import (
	"errors"
	"fmt"

	"github.com/ebb-sim/ebb/sim"
)

// Driver replays the identified news, innovations and unexplained returns on a
// plan: on the identified one it gives the history back, on another the
// counterfactual. The plan begins with the same step; it may be shorter, have
// other mechanisms, parameters and shocks, lack some of the assets, and list
// them and its innovations in another order. Innovations that were not
// identified are 0. All paths are the same.
func (i *Identified) Driver(plan *sim.Plan) (sim.Driver, error) {
	from := i.Path.Plan
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("replay: "+format, args...)) }
	if !plan.Start.Equal(from.Start) || plan.Step != from.Step {
		fault("the run has steps of %v from %v, expected the identified ones of %v from %v", plan.Step, plan.Start, from.Step, from.Start)
	}
	if plan.Steps > from.Steps {
		fault("the run has %d steps, expected at most the %d identified", plan.Steps, from.Steps)
	}
	r := &rerun{found: i}
	for _, asset := range plan.Assets {
		at := -1
		for k, known := range from.Assets {
			if known.Name == asset.Name {
				at = k
			}
		}
		if at < 0 {
			fault("no news was identified for %s", asset.Name)
		}
		r.assets = append(r.assets, at)
	}
	for _, other := range plan.Innovations {
		r.innovations = append(r.innovations, innovation(from, other.Name))
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return r, nil
}

// rerun is an identified history as a driver of one plan; having no state, it is
// its own source.
type rerun struct {
	found       *Identified
	assets      []int // of the plan, in the identified one
	innovations []int // the same; -1 where it was not identified
}

// Name implements [sim.Driver].
func (*rerun) Name() string { return "replay" }

// Start implements [sim.Driver].
func (r *rerun) Start(_, _ uint64) sim.Source { return r }

// Next implements [sim.Source].
func (r *rerun) Next(step int, news, innovations []float64) {
	for a, at := range r.assets {
		news[a] = r.found.News[at][step]
	}
	for k, at := range r.innovations {
		innovations[k] = 0
		if at >= 0 {
			innovations[k] = r.found.Innovations[at][step]
		}
	}
}

// Unexplained implements [sim.Landing].
func (r *rerun) Unexplained(step int, returns []float64) {
	for a, at := range r.assets {
		returns[a] = r.found.Unexplained[at][step]
	}
}
