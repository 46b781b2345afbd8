package driver

import "github.com/ebb-sim/ebb/sim"

var _ = catalog.Add(Kind{
	Name:     "none",
	Title:    "no news: the price moves by shocks and mechanisms alone",
	Equation: "ε = 0",
	Source:   "definition",
	Default:  func() Config { return &None{} },
})

// None has no parameters.
type None struct{}

// Build implements Config.
func (*None) Build(*Env) (sim.Driver, error) { return none{}, nil }

type none struct{}

func (none) Name() string                   { return "none" }
func (n none) Start(_, _ uint64) sim.Source { return n }
func (none) Next(_ int, news, in []float64) { clear(news); clear(in) }
