// Package driver answers one question: where does the news come from?
//
// One file holds one driver. Randomness is a function of seed and path alone,
// so results do not depend on the number of workers or on scheduling.
package driver

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// Kind is a driver as a researcher looks it up.
type Kind struct {
	Name     string // key under `news:` in a scenario file
	Title    string
	Equation string
	Source   string
	Default  func() Config
}

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

// ParamError blames one parameter of a driver.
type ParamError struct{ Param, Found, Expected string }

func (e *ParamError) Error() string {
	return fmt.Sprintf("%s: found %s, expected %s", e.Param, e.Found, e.Expected)
}

var kinds = map[string]Kind{}

// register makes a kind known; the file of each driver calls it once.
func register(k Kind) bool {
	if _, twice := kinds[k.Name]; twice {
		panic("two drivers are registered as " + k.Name)
	}
	kinds[k.Name] = k
	return true
}

// Kinds lists every driver by name.
func Kinds() []Kind {
	list := make([]Kind, 0, len(kinds))
	for _, k := range kinds {
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b Kind) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// Lookup finds a driver by its key.
func Lookup(name string) (Kind, bool) {
	k, ok := kinds[name]
	return k, ok
}
