package replay

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// Observed is what happened in the steps of a plan. It is read step by step:
// what is found for a step depends on no later one.
type Observed struct {
	// LogPrice is the log close by asset × step, USD per coin; NaN where the asset
	// had none, such as a share at a weekend. Nothing is identified in such a step:
	// its news is 0, and mechanisms may move the price, until the next close brings
	// the news since. An asset whose observed close is carried over the weekend has
	// news instead, so much as takes back what mechanisms did.
	LogPrice [][]float64
	// Series are published series by name and step, in their unit, of those for
	// which the plan has an innovation of the same name: fund flows, a basis, a
	// premium. A value stands in the step in which it is booked; what mechanisms
	// make of it, and when, is their rule. Where it is NaN the innovation is 0, as
	// it is all along for a series that is not given.
	Series map[string][]float64
}

// Identified is a history taken apart. Shocks of its plan count as part of what
// happened: news and innovations are what remains beside them, and a run of
// another plan without those shocks tells what they did. To set a shock upon a
// history, identify it without the shock.
type Identified struct {
	News        [][]float64 // asset × step, log return
	Innovations [][]float64 // innovation of the plan × step, in the observable's unit
	Unexplained [][]float64 // asset × step, log return after the waves
	Path        *sim.Path   // the history run again, with its ledger
	Gaps        []Gap       // by step: closes with more than rounding unexplained, series that are missed
}

// Identify finds the news and the innovations of a history under a plan whose
// first step is the first one observed.
//
// A close rises with its asset's news, and a series with its innovation. So each
// unknown is bracketed, and the bracket narrowed until the log close is met to
// 1e-12, a flow to .001 USD and a rate to 1e-13: one unknown after the other,
// until all are met together. Where mechanisms are so odd that several answers
// lead to one close, any of them is taken.
func Identify(plan *sim.Plan, seen Observed) (*Identified, error) {
	if err := seen.check(plan); err != nil {
		return nil, err
	}
	s := newSearch(plan, seen)
	err := s.runner.Run(s, s.found.Path)
	if s.err != nil {
		return nil, s.err
	}
	if err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	return s.found, nil
}

// widest is beyond any log price.
const widest = 300

func (o Observed) check(plan *sim.Plan) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf("replay: "+format, args...)) }
	if len(o.LogPrice) != len(plan.Assets) {
		fault("closes of %d assets, expected %d", len(o.LogPrice), len(plan.Assets))
	}
	for a, closes := range o.LogPrice[:min(len(o.LogPrice), len(plan.Assets))] {
		name := plan.Assets[a].Name
		if len(closes) != plan.Steps {
			fault("%d closes of %s, expected one for each of %d steps", len(closes), name, plan.Steps)
		}
		for k, x := range closes {
			if math.Abs(x) >= widest {
				fault("step %d: the log close of %s is %v, expected a number or NaN", k+1, name, x)
			}
		}
	}
	for _, name := range o.names() {
		values, at := o.Series[name], innovation(plan, name)
		switch {
		case at < 0:
			fault("series %q has no innovation in the plan, expected one of %v", name, innovations(plan))
			continue
		case report(plan, name) < 0:
			fault("series %q is published by no mechanism of the plan", name)
		case len(values) != plan.Steps:
			fault("%d values of %s, expected one for each of %d steps", len(values), name, plan.Steps)
		}
		for k, v := range values[:min(len(values), plan.Steps)] {
			if math.IsInf(v, 0) {
				fault("step %d: %s is %v, expected a number or NaN", k+1, name, v)
			}
			if !math.IsNaN(v) && !plan.Innovations[at].Always && !plan.Session(k) {
				fault("step %d: %s is %v, expected NaN: no US session is booked in it", k+1, name, v)
			}
		}
	}
	return errors.Join(faults...)
}

// names are the observed series in a fixed order.
func (o Observed) names() []string { return slices.Sorted(maps.Keys(o.Series)) }

// innovations are the names of a plan's innovations, and innovation is the
// index of one, or -1.
func innovations(plan *sim.Plan) []string {
	var list []string
	for _, i := range plan.Innovations {
		list = append(list, i.Name)
	}
	return list
}

func innovation(plan *sim.Plan, name string) int {
	return slices.IndexFunc(plan.Innovations, func(i sim.Innovation) bool { return i.Name == name })
}

// report is the index of a published series, or -1.
func report(plan *sim.Plan, name string) int {
	return slices.IndexFunc(plan.Reports(), func(r sim.Report) bool { return r.Name == name })
}
