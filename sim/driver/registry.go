// Package driver answers one question: where does the news come from?
//
// One file holds one driver. Randomness is a function of seed and path alone,
// so results do not depend on the number of workers or on scheduling.
package driver

import (
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

// Kind is a driver as a researcher looks it up.
type Kind = param.Kind[Config]

var catalog param.Catalog[Config]

// Kinds lists every driver by name.
func Kinds() []Kind { return catalog.All() }

// Lookup finds a driver by its key in a scenario file.
func Lookup(name string) (Kind, bool) { return catalog.Lookup(name) }

// Config holds a driver's parameters; its struct tags are those of package
// mechanism.
type Config interface {
	// Build makes the driver. Faults of the parameters come back at once.
	Build(env *Env) (sim.Driver, error)
}

// Env is what a driver may know of the scenario.
type Env struct {
	Assets      []string
	Volatility  []float64 // by asset, per step
	StepDays    float64   // length of a step in days
	Steps       int       // length of the run
	Innovations []sim.Innovation
	Session     func(step int) bool // whether a US session's flow is booked; nil = in every step

	Past   [][]float64 // observation × asset: joint log returns up to the start, oldest first; nil without a history
	Future [][]float64 // step × asset: joint log returns after the start, for replay
}

// YearDays is the number of days in a year of a market that never closes.
const YearDays = 365

// StepYears is the length of a step in years.
func (e *Env) StepYears() float64 { return e.StepDays / YearDays }

// A Warner is a driver with caveats that belong beside its results.
type Warner interface {
	Warnings() []string
}
