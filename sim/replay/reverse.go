package replay

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// Stress asks on one path of a plan for the smallest shock with which an outcome
// passes a threshold. [Stress.Scale] multiplies the shocks by one factor,
// [Stress.Nearest] looks for the likeliest mixture of them, [Stress.Frequency]
// tells how often the driver gets there without them.
//
// The answer is that of this path: another path of a random driver has another.
// Shocks of the plan that are not asked about stay as they are.
type Stress struct {
	Plan   *sim.Plan
	Driver sim.Driver
	Seed   uint64 // of the driver
	Path   uint64
	Limit  Limit
	Shocks []int // places in Plan.Shocks; see [ShocksNamed]
}

// Limit is a value that an outcome is to pass.
type Limit struct {
	Outcome   string
	Threshold float64 // in the outcome's unit
	Passing   Passing // "" = the side of the threshold on which the outcome does not lie without the shocks
}

// Passing is the side of a threshold on which it counts as passed, the threshold
// itself included.
type Passing string

// The two sides of a threshold.
const (
	AtMost  Passing = "at most"
	AtLeast Passing = "at least"
)

// ErrNotReached says that no shock within the bound passes the threshold.
var ErrNotReached = errors.New("the threshold is not reached")

// Breaking is a shock that has been found.
type Breaking struct {
	Outcome   string        `json:"outcome"`
	Unit      string        `json:"unit"`
	Threshold float64       `json:"threshold"`
	Passing   Passing       `json:"passing"`
	Unshocked float64       `json:"unshocked"`      // the outcome without the shocks
	Value     float64       `json:"value"`          // with the shock found: past the threshold
	Jump      *Leap         `json:"jump,omitempty"` // nil where the outcome comes to the threshold without one
	Shocks    []BrokenShock `json:"shocks"`
	Runs      int           `json:"runs"` // of the engine
	Notes     []string      `json:"notes,omitempty"`
	Path      *sim.Path     `json:"-"` // with the shock found, and its ledger
}

// Leap is a jump of the outcome over the threshold: a cascade that is set off, or
// not. At is the factor, or the norm, of the shock on its two sides.
type Leap struct {
	BeforeAt float64  `json:"before_at"`
	Before   *float64 `json:"before"` // nil where the outcome does not exist there
	AfterAt  float64  `json:"after_at"`
	After    float64  `json:"after"`
}

// BrokenShock is one shock as planned and as found, over all its steps.
type BrokenShock struct {
	Name    string  `json:"name"`
	Hits    string  `json:"hits"` // the asset, or the observable
	Steps   int     `json:"steps"`
	Planned float64 `json:"planned"` // log return, or the observable's unit
	Total   float64 `json:"total"`   // as found
}

// ShocksNamed lists the places of a plan's shocks by their names. One name may be
// that of several.
func ShocksNamed(plan *sim.Plan, names ...string) ([]int, error) {
	var places []int
	var faults []error
	for _, name := range names {
		found := false
		for i, s := range plan.Shocks {
			if s.Name == name {
				found = true
				if !slices.Contains(places, i) {
					places = append(places, i)
				}
			}
		}
		if !found {
			faults = append(faults, fmt.Errorf("found shock %q, expected one of the plan: %s", name, shockNames(plan)))
		}
	}
	return places, errors.Join(faults...)
}

func shockNames(plan *sim.Plan) string {
	var names []string
	for _, s := range plan.Shocks {
		if !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return "it has none"
	}
	return strings.Join(names, ", ")
}

// stressed runs the path with shocks of other sizes.
type stressed struct {
	Stress
	ctx       context.Context
	outcome   outcome.Outcome
	passing   Passing
	unshocked float64
	runs      int
}

func (s Stress) start(ctx context.Context) (*stressed, error) {
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("reverse stress: %w", err)
	}
	t := &stressed{Stress: s, ctx: ctx, passing: s.Limit.Passing}
	t.outcome, _ = outcome.Resolve(s.Plan, s.Limit.Outcome)
	none, err := t.try(0, make([]float64, len(s.Shocks)))
	if err != nil {
		return nil, err
	}
	switch t.unshocked = none.value; {
	case none.fault != nil:
		return nil, fmt.Errorf("reverse stress: without the shocks: %w", none.fault)
	case math.IsNaN(none.value):
		return nil, fmt.Errorf("reverse stress: %s has no value without the shocks", s.Limit.Outcome)
	case t.passing != "":
	case none.value > s.Limit.Threshold:
		t.passing = AtMost
	default:
		t.passing = AtLeast
	}
	return t, nil
}

func (s Stress) check() error {
	_, err := outcome.Resolve(s.Plan, s.Limit.Outcome)
	faults := []error{err, s.Limit.check()}
	if len(s.Shocks) == 0 {
		faults = append(faults, errors.New("found no shock to change, expected at least one"))
	}
	for k, i := range s.Shocks {
		switch {
		case i < 0 || i >= len(s.Plan.Shocks):
			faults = append(faults, fmt.Errorf("found shock %d, expected 0 to %d", i, len(s.Plan.Shocks)-1))
		case slices.Contains(s.Shocks[:k], i):
			faults = append(faults, fmt.Errorf("found shock %d twice", i))
		}
	}
	return errors.Join(faults...)
}

func (l Limit) check() error {
	var faults []error
	if math.IsNaN(l.Threshold) || math.IsInf(l.Threshold, 0) {
		faults = append(faults, fmt.Errorf("the threshold is %v, expected a finite number", l.Threshold))
	}
	if l.Passing != "" && l.Passing != AtMost && l.Passing != AtLeast {
		faults = append(faults, fmt.Errorf("found passing %q, expected %q or %q", l.Passing, AtMost, AtLeast))
	}
	return errors.Join(faults...)
}

// passes tells whether a value lies past the threshold; one that is absent does not.
func (l Limit) passes(value float64, passing Passing) bool {
	if passing == AtMost {
		return value <= l.Threshold
	}
	return value >= l.Threshold
}

// totals are the planned shocks over all their steps.
func (s *stressed) totals() []float64 {
	list := make([]float64, len(s.Shocks))
	for k, i := range s.Shocks {
		list[k] = s.Plan.Shocks[i].Amount * float64(len(s.Plan.Shocks[i].Steps))
	}
	return list
}

// with is the plan with shocks of the given totals. A shock of 0 is left out, so
// that nothing is rounded by it.
func (s *stressed) with(totals []float64) (*sim.Plan, error) {
	changed := *s.Plan
	changed.Shocks = nil
	for i, shock := range s.Plan.Shocks {
		if k := slices.Index(s.Shocks, i); k >= 0 {
			shock.Amount = totals[k] / float64(len(shock.Steps))
			if shock.Amount == 0 {
				continue
			}
		}
		changed.Shocks = append(changed.Shocks, shock)
	}
	return sim.Compile(changed)
}

// point is a run with a shock of some size.
type point struct {
	at, value float64
	fault     error // of the run: a price has left the numbers
}

func (s *stressed) passed(p point) bool {
	return p.fault == nil && s.Limit.passes(p.value, s.passing)
}

// short is how far a point stays short of the threshold; +Inf where it has no value.
func (s *stressed) short(p point) float64 {
	if p.fault != nil || math.IsNaN(p.value) {
		return math.Inf(1)
	}
	return math.Abs(p.value - s.Limit.Threshold)
}

// try runs the path with shocks of the given totals. Its error is the end of the
// search; a run that fails is a point.
func (s *stressed) try(at float64, totals []float64) (point, error) {
	if s.ctx.Err() != nil {
		return point{}, context.Cause(s.ctx)
	}
	plan, err := s.with(totals)
	if err != nil {
		return point{}, fmt.Errorf("reverse stress: %w", err)
	}
	s.runs++
	path := plan.NewPath(false)
	if err := sim.NewRunner(plan).Run(s.Driver.Start(s.Seed, s.Path), path); err != nil {
		return point{at, math.NaN(), err}, nil
	}
	return point{at, s.outcome.Of(path), nil}, nil
}

// visible is the share of the way from the outcome without shocks to the
// threshold from which on a difference between two sides is called a jump: the
// last wave of a step leaves a little open.
const visible = 1e-4

// breaking describes the shock found between two points, of which high passes.
func (s *stressed) breaking(low, high point, totals []float64) (Breaking, error) {
	b := Breaking{Outcome: s.Limit.Outcome, Unit: s.outcome.Unit, Threshold: s.Limit.Threshold, Passing: s.passing,
		Unshocked: s.unshocked, Value: high.value, Runs: s.runs}
	planned := s.totals()
	for k, i := range s.Shocks {
		shock := s.Plan.Shocks[i]
		b.Shocks = append(b.Shocks, BrokenShock{shock.Name, hits(s.Plan, shock), len(shock.Steps), planned[k], totals[k]})
	}
	if high.at == 0 {
		b.Notes = append(b.Notes, "the threshold is passed without the shocks")
	} else if !(math.Abs(high.value-low.value) <= visible*math.Abs(s.Limit.Threshold-s.unshocked)) {
		b.Jump = &Leap{BeforeAt: low.at, AfterAt: high.at, After: high.value}
		if !math.IsNaN(low.value) {
			b.Jump.Before = &low.value
		}
	}
	plan, err := s.with(totals)
	if err != nil {
		return b, fmt.Errorf("reverse stress: %w", err)
	}
	b.Path = plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(s.Driver.Start(s.Seed, s.Path), b.Path); err != nil {
		return b, fmt.Errorf("reverse stress: %w", err)
	}
	if b.Path.Capped > 0 {
		b.Notes = append(b.Notes, fmt.Sprintf("the cap of %d waves was reached in %d steps; their feedback is cut short", plan.MaxWaves, b.Path.Capped))
	}
	return b, nil
}

// hits names what a shock hits.
func hits(plan *sim.Plan, s sim.Shock) string {
	if s.Asset >= 0 {
		return plan.Assets[s.Asset].Name
	}
	return plan.Innovations[s.Observe].Name
}
