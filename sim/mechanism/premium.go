package mechanism

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "premium",
	Title: "the Coinbase premium follows whether US or other money presses on the price; it trades nothing itself",
	Equation: `premium π = price on Coinbase / price elsewhere − 1, at the close
after a day:  π' = (1−reversion)·π + sensitivity·(U_us − U_elsewhere)/volume + innovation,  U the net orders of a day, USD, before any impact_scale
steady state under constant orders U: sensitivity·U/(reversion·volume);  in steps of another length orders come at an even pace within the step
innovation: that of an Ornstein–Uhlenbeck process with rate −ln(1−reversion) and volatility per square root of a day`,
	Source: "order flow and slow arbitrage between exchanges: Makarov and Schoar (2020), Journal of Financial Economics 135; estimates: ebb's least squares on daily closes of Coinbase and Binance and US spot Bitcoin ETF flows, 2024-01-11..2026-03-07 without 2025-10-26..2025-11-20, 761 days",
	Default: func() Config {
		return &Premium{Reversion: .2482, Sensitivity: 3.36e-4, Volume: 852e6, Volatility: 4.12e-4}
	},
})

// Premium holds the parameters of an asset's premium on Coinbase.
type Premium struct {
	Common      `yaml:",inline"`
	Asset       string   `yaml:"asset" required:"true" doc:"asset whose premium it is"`
	Premium     float64  `yaml:"premium" unit:"fraction" doc:"premium at the starting close where no history asset.coinbase_premium tells it" source:"0"`
	Reversion   float64  `yaml:"reversion" unit:"fraction" min:"0.0001" below:"1" doc:"share of the premium that arbitrage takes away in a day (κ)" source:"least squares with Newey–West errors: .2482 ± .0285"`
	Sensitivity float64  `yaml:"sensitivity" unit:"factor" min:"0" doc:"premium that net US orders of a day's volume bring (λ)" source:"least squares with Newey–West errors: 3.94 ± .48 basis points per $bn of ETF flow the same day, times volume; an upper bound, since other US orders come with the flow"`
	Volume      float64  `yaml:"volume" unit:"usd" min:"1k" doc:"volume of a day in which the sensitivity is measured (V)" source:"Bitcoin for US dollars on Coinbase, mean of the same days: $852m"`
	Volatility  float64  `yaml:"volatility" unit:"fraction" min:"0" doc:"standard deviation of its innovations per square root of a day" source:"least squares: 3.59 basis points are left of a day"`
	US          []string `yaml:"us" doc:"mechanisms whose orders are US orders, or parts of them; the scenario's redemption and treasury, but for those elsewhere, where not given. Hedged orders press on no price and do not count"`
	Elsewhere   []string `yaml:"elsewhere" doc:"mechanisms whose orders reach other exchanges, or parts of them; the scenario's perps, but for those in us, where not given"`
}

// Build implements Config.
func (c *Premium) Build(name string, env *Env) (sim.Mechanism, error) {
	built := &premium{Premium: *c, name: name, process: newReversion(-math.Log1p(-c.Reversion), c.Volatility, env.StepDays())}
	built.pull = c.Sensitivity / (c.Reversion * c.Volume * env.StepDays())
	built.US, built.Elsewhere = slices.Clone(c.US), slices.Clone(c.Elsewhere)
	if c.US == nil {
		built.US = env.present(c.Elsewhere, "redemption", "treasury")
	}
	if c.Elsewhere == nil {
		built.Elsewhere = env.present(c.US, "perps")
	}
	asset, err := env.Asset(c.Asset)
	faults := []error{err, env.Labels("us", c.US), env.Labels("elsewhere", c.Elsewhere)}
	for i, other := range built.Elsewhere {
		if slices.ContainsFunc(built.US, func(name string) bool { return overlap(name, other) }) {
			faults = append(faults, &param.Error{Path: fmt.Sprintf("elsewhere[%d]", i), Found: fmt.Sprintf("%q", other), Expected: "what is not among us, " + strings.Join(built.US, ", ")})
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	built.asset = asset
	built.innovation = env.Noise(PremiumSeries(c.Asset), built.process.noise)
	return built, nil
}

// PremiumSeries is the name of an asset's premium on Coinbase, in histories and
// in reports.
func PremiumSeries(asset string) string { return asset + ".coinbase_premium" }

type premium struct {
	Premium
	name       string
	asset      int
	innovation int
	process    reversion
	pull       float64 // steady premium per USD of net US orders in every step
}

func (p *premium) Name() string    { return p.name }
func (p *premium) Parts() []string { return nil } // no row of the ledger

// Follows implements [sim.Follower].
func (p *premium) Follows() []string { return slices.Concat(p.US, p.Elsewhere) }

func (p *premium) Reports() []sim.Report {
	return []sim.Report{{Name: PremiumSeries(p.Asset), Title: "Coinbase premium", Unit: sim.Fraction, Kind: sim.Level}}
}

func (p *premium) Start(m *sim.Market) sim.Trader {
	return &venues{premium: p, us: spotRows(m, p.US), elsewhere: spotRows(m, p.Elsewhere),
		level: p.process.recall(m.History(PremiumSeries(p.Asset)), 0, p.Premium.Premium)}
}

// venues are Coinbase and the rest along one path.
type venues struct {
	*premium
	us, elsewhere []int   // ledger rows
	level         float64 // at the last close
}

// Fork implements [sim.Forker].
func (g *venues) Fork() sim.Trader {
	c := *g
	return &c
}

func (*venues) Begin(*sim.Market)            {}
func (*venues) Trade(*sim.Market, []float64) {}

func (g *venues) Settle(m *sim.Market) { g.level = g.close(m) }

// close is the premium at the close.
func (g *venues) close(m *sim.Market) float64 {
	net := traded(m, g.us, g.asset) - traded(m, g.elsewhere, g.asset)
	return g.process.expected(g.level, g.pull*net) + m.Innovation(g.innovation)
}

func (g *venues) Report(_ *sim.Market, out []float64) { out[0] = g.level }

// Foretell implements [sim.Foreteller].
func (g *venues) Foretell(m *sim.Market, out []float64) { out[0] = g.close(m) }
