package mechanism

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "macro",
	Title: "markets mark prices, and holders move money, when rate expectations shift",
	Equation: `shift Δ: the innovation rate of a US session, 25bp = .0025; it comes from shocks (observe: rate) and from rate_sd
return of an asset = beta·100·Δ at once, quoted before anybody trades;  order in the spot market = flow·100·Δ in the same session
rate.shift = ΣΔ since the start`,
	Source: "Bitcoin on days of monetary policy: Ma, Tian, Hsiao and Deng (2022), Research in International Business and Finance 62: −.25 % per basis point of surprise in the two-year Treasury yield, beta −.25; Benigno and Rosa (2023), Federal Reserve Bank of New York Staff Report 1052: no response, beta 0; Karau (2023), Journal of International Money and Finance 137: a response only since late 2020, before it the other way over longer horizons. The estimates disagree: run a scenario with both",
	Default: func() Config {
		return &Macro{}
	},
})

// Macro holds the parameters of the response to rate expectations.
type Macro struct {
	Common `yaml:",inline"`
	RateSD float64                 `yaml:"rate_sd" unit:"rate" min:"0" doc:"standard deviation of a US session's shift" source:"0: expectations shift in shocks only; what else they bring is in the driver's news"`
	Assets map[string]RateResponse `yaml:"assets" key:"asset" required:"true" doc:"assets that respond"`
}

// RateResponse is what one asset does when rate expectations rise by one
// percentage point.
type RateResponse struct {
	Beta float64 `yaml:"beta" unit:"factor" doc:"log return per percentage point (β)" source:"Ma, Tian, Hsiao and Deng (2022), Bitcoin: −.25; Benigno and Rosa (2023), Bitcoin: 0"`
	Flow float64 `yaml:"flow" unit:"usd" doc:"spot orders per percentage point (γ), negative where higher rates draw money out; they are no fund flow" source:"0: no published estimate"`
}

// Defaults implements [param.Defaulter].
func (r *RateResponse) Defaults() { *r = RateResponse{Beta: -.25} }

// rateSeries names the innovation of rate expectations.
const rateSeries = "rate"

// Build implements Config.
func (c *Macro) Build(name string, env *Env) (sim.Mechanism, error) {
	built := &macro{name: name, responses: make([]RateResponse, len(env.Assets))}
	var faults []error
	if len(c.Assets) == 0 {
		faults = append(faults, &param.Error{Path: "assets", Found: "nothing", Expected: "at least one asset"})
	}
	for _, asset := range slices.Sorted(maps.Keys(c.Assets)) {
		i := slices.Index(env.Assets, asset)
		if i < 0 {
			faults = append(faults, &param.Error{Path: "assets." + asset, Found: fmt.Sprintf("%q", asset), Expected: "one of " + strings.Join(env.Assets, ", ")})
			continue
		}
		built.responses[i] = c.Assets[asset]
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	built.innovation = env.Innovation(rateSeries, c.RateSD*math.Sqrt(env.sessions()))
	return built, nil
}

type macro struct {
	name       string
	innovation int
	responses  []RateResponse // by asset
}

const (
	repricingPart = iota
	macroFlowPart
)

func (c *macro) Name() string    { return c.name }
func (c *macro) Parts() []string { return []string{"repricing", "flow"} }

func (c *macro) Reports() []sim.Report {
	return []sim.Report{{Name: rateSeries + ".shift", Title: "shift of rate expectations since the start", Unit: sim.Fraction, Kind: sim.Level}}
}

func (c *macro) Start(*sim.Market) sim.Trader { return &expectations{macro: c} }

// expectations are the rate expectations along one path.
type expectations struct {
	*macro
	shift   float64 // since the start
	ordered bool    // in this step
}

// points is the step's shift in percentage points; expectations shift in US
// sessions.
func (t *expectations) points(m *sim.Market) float64 {
	if !m.Session() {
		return 0
	}
	return m.Innovation(t.innovation) / percentagePoint
}

func (t *expectations) Reprice(m *sim.Market, returns []float64) {
	points := t.points(m)
	for a, r := range t.responses {
		returns[repricingPart*m.Assets()+a] += r.Beta * points
	}
}

// Fork implements [sim.Forker].
func (t *expectations) Fork() sim.Trader {
	c := *t
	return &c
}

func (t *expectations) Begin(*sim.Market) { t.ordered = false }

func (t *expectations) Trade(m *sim.Market, orders []float64) {
	if t.ordered {
		return
	}
	t.ordered = true
	points := t.points(m)
	for a, r := range t.responses {
		orders[macroFlowPart*m.Assets()+a] += r.Flow * points
	}
}

func (t *expectations) Settle(m *sim.Market) { t.shift += t.points(m) * percentagePoint }

func (t *expectations) Report(_ *sim.Market, out []float64) { out[0] = t.shift }
