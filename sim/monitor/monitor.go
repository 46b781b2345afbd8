// Package monitor answers one question: what does the market show?
//
// A monitor is built like a mechanism and stands among them in a plan, but it
// never trades and has no row in the ledger: it follows series that others
// publish and publishes what it makes of them, along simulated paths. What it
// judges by can be fed with observed values too ([Watch]). Parameters are read
// from struct tags as in package mechanism.
package monitor

import (
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/param"
)

// Kind is a monitor as a researcher looks it up.
type Kind = param.Kind[Config]

var catalog param.Catalog[Config]

// Kinds lists every monitor by name.
func Kinds() []Kind { return catalog.All() }

// Lookup finds a monitor by its key in a scenario file.
func Lookup(name string) (Kind, bool) { return catalog.Lookup(name) }

// Config holds a monitor's parameters.
type Config interface {
	// Build makes the monitor under its name in the scenario, which begins the
	// names of its series. All faults come back at once, as in package mechanism.
	Build(name string, env *mechanism.Env) (sim.Mechanism, error)
	// Label is the name that the parameters give it, or "".
	Label() string
}

// Common are the parameters that every monitor has.
type Common struct {
	Name string `yaml:"name" doc:"begins the names of its series; needed where a scenario has two of a kind"`
}

// Label implements Config.
func (c *Common) Label() string { return c.Name }
