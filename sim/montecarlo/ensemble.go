package montecarlo

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// Ensemble is what came out of many paths, or of a part of them.
type Ensemble struct {
	Plan   *sim.Plan
	Driver sim.Driver
	Seed   uint64
	Paths  int // in it
	From   int // the first of them; 0 unless it is a part
	Whole  int // paths of the whole run

	Outcomes []outcome.Outcome
	Values   [][]float64 // outcome × path, of those kept one by one; NaN = the outcome does not exist on this path
	Pairs    []*Pair     // by outcome, with the base it was run together with; nil where outcomes are [Ensemble.Listed], or there is no base, or it has not the outcome
	Series   []Series    // the price of each asset, then what the mechanisms publish; none where only outcomes are kept

	CappedPaths int // paths with a step that reached the cap on waves
	CappedSteps int // such steps of all paths

	tallies []*Tally     // by outcome, over all paths; nil where all are kept one by one
	exact   bool         // the series of all paths are kept
	mu      sync.Mutex   // of the capped
	grown   atomic.Int64 // bytes in histograms of series
}

// Series is one series on every path.
type Series struct {
	sim.Report             // a price is named "btc.price"
	Values     [][]float64 // (steps+1) × path kept, from the starting close; NaN = absent, as flows are at the start

	counts []*counted // by step, over all paths; nil where all are kept
	digest *digest    // of what was condensed
}

// counted is a histogram that several workers fill.
type counted struct {
	sync.Mutex
	histogram
}

func newEnsemble(s Subject, o Options) *Ensemble {
	e := &Ensemble{Plan: s.Plan, Driver: s.Driver, Seed: o.Seed, Paths: o.To - o.From, From: o.From, Whole: o.Paths, Outcomes: s.Outcomes}
	e.Values = sim.Matrix(len(s.Outcomes), e.among(o.outcomes()))
	if o.Paths > o.outcomes() {
		for range s.Outcomes {
			e.tallies = append(e.tallies, newTally())
		}
	}
	if o.OutcomesOnly {
		return e
	}
	kept := o.Paths
	if e.exact = o.exact(s); !e.exact {
		kept = min(kept, SampledPaths)
	}
	for _, r := range reports(s.Plan) {
		series := Series{Report: r, Values: sim.Matrix(s.Plan.Steps+1, e.among(kept))}
		if !e.exact {
			for range s.Plan.Steps + 1 {
				series.counts = append(series.counts, &counted{histogram: newHistogram()})
			}
		}
		e.Series = append(e.Series, series)
	}
	return e
}

// reports are the series of a plan.
func reports(plan *sim.Plan) []sim.Report {
	var list []sim.Report
	for _, a := range plan.Assets {
		list = append(list, sim.Report{Name: a.Name + ".price", Title: "Price of " + a.Name, Unit: sim.USDCoin, Kind: sim.Level})
	}
	return append(list, plan.Reports()...)
}

// among is how many of the first paths of the run are in the ensemble.
func (e *Ensemble) among(first int) int { return max(0, min(e.From+e.Paths, first)-e.From) }

// pairWith readies the pairs with a base, where they are needed.
func (e *Ensemble) pairWith(base *Ensemble) {
	if e == base || e.tallies == nil {
		return
	}
	e.Pairs = make([]*Pair, len(e.Outcomes))
	for k, o := range e.Outcomes {
		if base.place(o.Name) >= 0 {
			e.Pairs[k] = newPair()
		}
	}
}

// fits tells whether the histograms have stayed within the memory.
func (e *Ensemble) fits() error {
	if e.grown.Load() <= MemoryLimit {
		return nil
	}
	return fmt.Errorf("the histograms of %d series at %d steps need more than %d GiB of memory: expected fewer series, steps or paths",
		len(e.Series), e.Plan.Steps+1, MemoryLimit>>30)
}

// Kept is the number of paths whose series are there one by one: the first ones.
func (e *Ensemble) Kept() int {
	if len(e.Series) == 0 {
		return 0
	}
	return e.Series[0].kept()
}

func (s Series) kept() int {
	if len(s.Values) == 0 {
		return 0
	}
	return len(s.Values[0])
}

// Exact tells whether quantiles of series are read from the values of all paths, not
// from histograms.
func (e *Ensemble) Exact() bool { return e.exact }

func (e *Ensemble) source(path int) sim.Source { return e.Driver.Start(e.Seed, uint64(path)) }

// Replay runs one path of the ensemble again, with its ledger.
func (e *Ensemble) Replay(path int) (*sim.Path, error) {
	if path < e.From || path >= e.From+e.Paths {
		return nil, fmt.Errorf("found path %d, expected %d to %d", path, e.From, e.From+e.Paths-1)
	}
	out := e.Plan.NewPath(true)
	if err := sim.NewRunner(e.Plan).Run(e.source(path), out); err != nil {
		return nil, fmt.Errorf("path %d of seed %d: %w", path, e.Seed, err)
	}
	return out, nil
}

// Outcome returns an outcome's values by path, NaN where it does not exist: of the
// first [OutcomePaths] where there are more.
func (e *Ensemble) Outcome(name string) ([]float64, error) {
	if at := e.place(name); at >= 0 {
		return e.Values[at], nil
	}
	names := make([]string, len(e.Outcomes))
	for k, o := range e.Outcomes {
		names[k] = o.Name
	}
	return nil, &outcome.UnknownError{Name: name, Known: names}
}

// Tally is an outcome, by its place among the outcomes, over all paths.
func (e *Ensemble) Tally(place int) *Tally {
	if e.tallies != nil {
		return e.tallies[place]
	}
	t := newTally()
	t.add(e.Values[place])
	return t
}

// Listed tells whether outcomes are kept path by path for all paths.
func (e *Ensemble) Listed() bool { return e.tallies == nil }

// place is the index of an outcome, −1 where the ensemble has it not.
func (e *Ensemble) place(name string) int {
	for k, o := range e.Outcomes {
		if o.Name == name {
			return k
		}
	}
	return -1
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
