package montecarlo

import (
	"fmt"
	"strings"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// Ensemble is what came out of many paths.
type Ensemble struct {
	Plan   *sim.Plan
	Driver sim.Driver
	Seed   uint64
	Paths  int

	Outcomes []outcome.Outcome
	Values   [][]float64 // outcome × path; NaN = the outcome does not exist on this path
	Series   []Series    // the price of each asset, then what the mechanisms publish

	CappedPaths int // paths with a step that reached the cap on waves
	CappedSteps int // such steps of all paths

	capped []int // by path
}

// Series is one series on every path.
type Series struct {
	sim.Report             // a price is named "btc.price"
	Values     [][]float64 // (steps+1) × path, from the starting close; NaN = absent, as flows are at the start
}

func newEnsemble(plan *sim.Plan, driver sim.Driver, o Options) *Ensemble {
	e := &Ensemble{Plan: plan, Driver: driver, Seed: o.Seed, Paths: o.Paths, Outcomes: o.Outcomes,
		Values: sim.Matrix(len(o.Outcomes), o.Paths), capped: make([]int, o.Paths)}
	for _, a := range plan.Assets {
		e.Series = append(e.Series, Series{Report: sim.Report{Name: a.Name + ".price", Title: "Price of " + a.Name, Unit: sim.USDCoin, Kind: sim.Level}})
	}
	for _, r := range plan.Reports() {
		e.Series = append(e.Series, Series{Report: r})
	}
	for k := range e.Series {
		e.Series[k].Values = sim.Matrix(plan.Steps+1, o.Paths)
	}
	return e
}

func (e *Ensemble) source(path int) sim.Source { return e.Driver.Start(e.Seed, uint64(path)) }

// Replay runs one path of the ensemble again, with its ledger.
func (e *Ensemble) Replay(path int) (*sim.Path, error) {
	if path < 0 || path >= e.Paths {
		return nil, fmt.Errorf("found path %d, expected 0 to %d", path, e.Paths-1)
	}
	out := e.Plan.NewPath(true)
	if err := sim.NewRunner(e.Plan).Run(e.source(path), out); err != nil {
		return nil, fmt.Errorf("path %d of seed %d: %w", path, e.Seed, err)
	}
	return out, nil
}

// Outcome returns an outcome's values by path, NaN where it does not exist.
func (e *Ensemble) Outcome(name string) ([]float64, error) {
	names := make([]string, len(e.Outcomes))
	for k, o := range e.Outcomes {
		if o.Name == name {
			return e.Values[k], nil
		}
		names[k] = o.Name
	}
	return nil, &outcome.UnknownError{Name: name, Known: names}
}

// series finds a series by its name.
func (e *Ensemble) series(name string) (Series, error) {
	names := make([]string, len(e.Series))
	for k, s := range e.Series {
		if s.Name == name {
			return s, nil
		}
		names[k] = s.Name
	}
	return Series{}, fmt.Errorf("found series %q, expected one of %s", name, strings.Join(names, ", "))
}
