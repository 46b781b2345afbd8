// Package mechanism answers one question: who trades, and why?
//
// One file holds one mechanism: its parameters with unit, default and source,
// its equation, and its rule. The file enters its [Kind] in the catalogue; scenario files,
// `ebb explain` and the JSON schema read parameters from the struct tags of its
// [Config]:
//
//	yaml      name in a scenario file
//	unit      base unit: usd, usd_per_coin, usd_per_return, coins, fraction, rate, ratio, factor, years, count
//	doc       what it is
//	source    where the default comes from
//	required  "true" where there is no sensible default
//	min, max  inclusive bounds; above, below: exclusive bounds
package mechanism

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

// Kind is a mechanism as a researcher looks it up.
type Kind = param.Kind[Config]

var catalog param.Catalog[Config]

// Kinds lists every mechanism by name.
func Kinds() []Kind { return catalog.All() }

// Lookup finds a mechanism by its key in a scenario file.
func Lookup(name string) (Kind, bool) { return catalog.Lookup(name) }

// Config holds a mechanism's parameters. Its zero or default value decodes from
// a scenario file by its struct tags.
type Config interface {
	// Build makes the mechanism under its name in the scenario. All faults of
	// the parameters that their bounds cannot express come back at once, as a
	// joined error of [param.Error] where one parameter is to blame.
	Build(name string, env *Env) (sim.Mechanism, error)
	// Travels gives what is common to all mechanisms.
	Travels() *Common
}

// Common are the parameters that every mechanism has.
type Common struct {
	Name        string   `yaml:"name" doc:"label in the ledger; needed where a scenario has two of a kind"`
	ImpactScale float64  `yaml:"impact_scale" unit:"factor" above:"0" doc:"how many times each order counts in the impact law: what travels with it"`
	Permanent   *float64 `yaml:"permanent" unit:"fraction" min:"0" max:"1" doc:"share of its impact that stays; the market's where not given"`
}

// Travels implements Config.
func (c *Common) Travels() *Common { return c }

// Env is what a mechanism may know of the scenario when it is built.
type Env struct {
	Assets      []string
	Mechanisms  []string  // labels of the scenario's mechanisms, those that a variant leaves out among them
	Kinds       []string  // the kind of each of them; nil where every label is its kind
	Prices      []float64 // starting closes of the assets; nil where they are not known
	Step        time.Duration
	Innovations []sim.Innovation // those asked for so far
}

// Asset is the index of an asset.
func (e *Env) Asset(name string) (int, error) {
	if i := slices.Index(e.Assets, name); i >= 0 {
		return i, nil
	}
	return 0, &param.Error{Path: "asset", Found: fmt.Sprintf("%q", name), Expected: "one of " + strings.Join(e.Assets, ", ")}
}

// Innovation is the index of an observable's innovations in the plan, with the
// standard deviation a driver draws them with in each US session.
func (e *Env) Innovation(name string, sd float64) int {
	return e.innovation(sim.Innovation{Name: name, SD: sd})
}

// Noise is Innovation for an observable that changes around the clock, with the
// standard deviation of a step.
func (e *Env) Noise(name string, sd float64) int {
	return e.innovation(sim.Innovation{Name: name, SD: sd, Always: true})
}

func (e *Env) innovation(wanted sim.Innovation) int {
	for i, known := range e.Innovations {
		if known.Name == wanted.Name {
			return i
		}
	}
	e.Innovations = append(e.Innovations, wanted)
	return len(e.Innovations) - 1
}

// Labels blames names that are no mechanism of the scenario, or of a part of
// one.
func (e *Env) Labels(path string, names []string) error {
	var faults []error
	for i, name := range names {
		label, _, _ := strings.Cut(name, ".")
		if !slices.Contains(e.Mechanisms, label) {
			faults = append(faults, &param.Error{Path: fmt.Sprintf("%s[%d]", path, i), Found: fmt.Sprintf("%q", name),
				Expected: "one of the scenario's mechanisms: " + strings.Join(e.Mechanisms, ", ")})
		}
	}
	return errors.Join(faults...)
}

// StepDays is the length of a step in days.
func (e *Env) StepDays() float64 { return e.Step.Hours() / 24 }

// sessions is the number of US sessions in a step that has any: one, unless the
// step is longer than a day.
func (e *Env) sessions() float64 { return max(1, e.StepDays()*5/7) }
