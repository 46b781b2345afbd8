package driver

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
)

var _ = catalog.Add(Kind{
	Name:     "replay",
	Title:    "what the history after the start brought, step by step, the same on every path",
	Equation: "ε: the news under which the scenario's mechanisms give the observed closes and flows, found step by step; the observed log return where nobody trades",
	Source:   "identification by bracketing and bisection, package replay",
	Default:  func() Config { return &Replay{} },
})

// Replay has no parameters. It takes every observed return for news, which is
// right where no mechanism trades; where some do, a study puts the identified news
// in its place.
type Replay struct{}

// Build implements Config.
func (*Replay) Build(env *Env) (sim.Driver, error) {
	if len(env.Future) < env.Steps {
		return nil, fmt.Errorf("replay: the history goes on for %d steps after the start, expected at least %d, the length of the run",
			len(env.Future), env.Steps)
	}
	if err := complete("replay", env.Future[:env.Steps], env.Assets); err != nil {
		return nil, err
	}
	return replay(env.Future), nil
}

// complete asks for a return of each asset in every row.
func complete(driver string, rows [][]float64, assets []string) error {
	for i, row := range rows {
		if len(row) != len(assets) {
			return fmt.Errorf("%s: return %d of the history covers %d assets, expected %d", driver, i+1, len(row), len(assets))
		}
		for a, r := range row {
			if math.IsNaN(r) || math.IsInf(r, 0) {
				return fmt.Errorf("%s: return %d of %s in the history is %v, expected a number", driver, i+1, assets[a], r)
			}
		}
	}
	return nil
}

type replay [][]float64

func (replay) Name() string { return "replay" }

func (r replay) Start(_, _ uint64) sim.Source { return r }

func (r replay) Next(step int, news, innovations []float64) {
	copy(news, r[step])
	clear(innovations)
}
