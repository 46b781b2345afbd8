package mechanism

import (
	"math"

	"github.com/ebb-sim/ebb/sim"
)

var _ = catalog.Add(Kind{
	Name:  "level",
	Title: "a technical level below which trend followers and dip buyers hold back",
	Equation: `activity = 1 after a close above price, damping after any other;  the starting close decides for the first step
trend and dip_buyers of the asset trade the share 1 − (1 − activity)^days of the change they want in a step of so many days
it trades nothing itself`,
	Source: "Osler (2000) on published support and resistance levels; $93,000 for Bitcoin: P. Brandt, 25 January 2026, as the press reports it. That holders wait for a level is an assumption",
	Default: func() Config {
		return &Level{Damping: .5}
	},
})

// Level holds the parameters of a technical level.
type Level struct {
	Common  `yaml:",inline"`
	Asset   string  `yaml:"asset" required:"true" doc:"asset whose price is watched"`
	Price   float64 `yaml:"price" unit:"usd_per_coin" required:"true" above:"0" doc:"the level; a close above it releases those who hold back, a close that is not holds them back again"`
	Damping float64 `yaml:"damping" unit:"fraction" min:"0" max:"1" doc:"share of a wanted change of holdings that is traded in a day while the price is not above the level; 1 switches it off" source:"50%: no estimate exists, to be swept"`
}

// ActivitySeries is the name of the series by which a level damps the traders of
// an asset: the share of a wanted change that they trade in a day.
func ActivitySeries(asset string) string { return asset + ".activity" }

// Build implements Config.
func (c *Level) Build(name string, env *Env) (sim.Mechanism, error) {
	asset, err := env.Asset(c.Asset)
	if err != nil {
		return nil, err
	}
	return &technical{Level: *c, name: name, asset: asset, log: math.Log(c.Price)}, nil
}

type technical struct {
	Level
	name  string
	asset int
	log   float64 // of the level
}

func (c *technical) Name() string { return c.name }

// Parts tells that it has no row in the ledger: it holds and trades nothing.
func (c *technical) Parts() []string { return nil }

func (c *technical) Reports() []sim.Report {
	return []sim.Report{
		{Name: ActivitySeries(c.Asset), Title: "share of a wanted trade done in a day", Unit: sim.Ratio, Kind: sim.Level},
		{Name: c.Asset + ".level_reclaimed", Title: "level reclaimed since the start", Unit: sim.Flag, Kind: sim.Level},
	}
}

func (c *technical) Start(m *sim.Market) sim.Trader {
	return &watchers{technical: c, above: m.Open(c.asset) > c.log}
}

// watchers is the state of a level along one path.
type watchers struct {
	*technical
	above     bool // the last close was
	reclaimed bool // a close since the start was
}

// Fork implements [sim.Forker].
func (t *watchers) Fork() sim.Trader {
	c := *t
	return &c
}

func (t *watchers) Begin(*sim.Market)            {}
func (t *watchers) Trade(*sim.Market, []float64) {}

func (t *watchers) Settle(m *sim.Market) {
	t.above = m.LogPrice(t.asset) > t.log
	t.reclaimed = t.reclaimed || t.above
}

func (t *watchers) Report(_ *sim.Market, out []float64) {
	out[0], out[1] = t.Damping, 0
	if t.above {
		out[0] = 1
	}
	if t.reclaimed {
		out[1] = 1
	}
}

// pace is the share of a wanted change that is traded in a step of so many days
// at the published activity: all of it where nobody publishes one.
func pace(activity, days float64) float64 {
	if math.IsNaN(activity) || activity == 1 {
		return 1
	}
	return 1 - math.Pow(1-activity, days)
}
