package mechanism

import (
	"errors"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

var _ = catalog.Add(Kind{
	Name:  "carry",
	Title: "cash-and-carry desks hold fund shares against futures while the basis pays, and leave when it does not",
	Equation: `basis b, an annual rate:  db = reversion·(mean_basis − b)·dt + volatility·dW + net futures orders/(100·depth), time in days
net futures orders: those of the mechanisms in demand, less what is sold against fund shares bought, by the desks and in redemption's arbitrage
target size K* = capacity·max(100·(b* − risk_free − cost), 0), b* = b − (K* − K)/(100·depth) the basis that the desks' own trade leaves
K' = K·exp(return) + ΔK;  in a US session ΔK closes the share 1 − exp(−speed) of the gap to K*, at the last close's basis
ΔK is part of the funds' flow; hedged with futures, it moves no spot price`,
	Source: "Schmeling, Schrimpf and Todorov (2023), Crypto carry, BIS Working Papers 1087: the basis as demand for leverage against scarce arbitrage capital; Ornstein–Uhlenbeck basis: Vasicek (1977)",
	Default: func() Config {
		return &Carry{Capacity: 1.4e9, RiskFree: .03625, Cost: .01, Speed: .14, Mean: .0516, Reversion: .0781, Volatility: .00644, Depth: 1.4e9}
	},
})

// Carry holds the parameters of the cash-and-carry trade in one asset.
type Carry struct {
	Common     `yaml:",inline"`
	Asset      string   `yaml:"asset" required:"true" doc:"asset whose fund shares are held against futures"`
	Capacity   float64  `yaml:"capacity" unit:"usd" min:"0" doc:"size of the trade for each percentage point of basis above the hurdle (κ)" source:"leveraged funds were short about $14bn of CME futures at the end of 2024 (Darko, IOSG, June 2026, on CFTC positions); ten points above the hurdle are an assumption"`
	RiskFree   float64  `yaml:"risk_free" unit:"rate" doc:"annual rate that the desks earn without the trade" source:"middle of the federal funds target range from 10 December 2025, 3.50 % to 3.75 %"`
	Cost       float64  `yaml:"cost" unit:"rate" min:"0" doc:"annual cost of the trade: fund fee, margin, rolling the futures" source:"1 %: an assumption"`
	Speed      float64  `yaml:"speed" unit:"factor" min:"0" doc:"rate at which the size moves to its target, per US session" source:".14: half of the gap in a week, an assumption; weekly ETF flows and new futures shorts fall in the same week (Darko, IOSG, June 2026)"`
	Position   *float64 `yaml:"position" unit:"usd" min:"0" doc:"size at the starting close, part of what the funds manage; its target at the starting basis where not given"`
	Basis      *float64 `yaml:"basis" unit:"rate" doc:"basis at the starting close where no history asset.basis tells it; mean_basis where not given"`
	Mean       float64  `yaml:"mean_basis" unit:"rate" doc:"basis to which it reverts" source:"mean of 30 weekly readings of the quarterly basis of Bitcoin, 2025-08-01..2026-02-20"`
	Reversion  float64  `yaml:"reversion" unit:"factor" min:"0" doc:"rate at which it reverts, per day" source:"the same readings: .579 (se .155) of a gap is left after a week, R² .33; whatever the desks did is in it"`
	Volatility float64  `yaml:"volatility" unit:"rate" min:"0" doc:"standard deviation of its innovations per square root of a day" source:"the same readings: 1.33 points a week around the reversion"`
	Depth      float64  `yaml:"depth" unit:"usd" min:"1m" doc:"futures bought or sold that move the basis by one percentage point" source:"an assumption, of the size of capacity: no estimate tells the desks' effect on the basis from what draws them in"`
	Demand     []string `yaml:"demand" doc:"mechanisms whose orders are demand for futures, or parts of them; the scenario's perps where not given, and [] for none" source:"longs with leverage drive the basis: Schmeling, Schrimpf and Todorov (2023)"`
}

// Build implements Config.
func (c *Carry) Build(name string, env *Env) (sim.Mechanism, error) {
	built := &carry{Carry: *c, name: name, process: newReversion(c.Reversion, c.Volatility, env.StepDays()),
		share: -math.Expm1(-c.Speed * env.sessions())}
	if built.Demand = slices.Clone(c.Demand); c.Demand == nil {
		built.Demand = env.present(nil, "perps")
	}
	asset, err := env.Asset(c.Asset)
	if err := errors.Join(err, env.Labels("demand", c.Demand)); err != nil {
		return nil, err
	}
	built.asset = asset
	built.innovation = env.Noise(BasisSeries(c.Asset), built.process.noise)
	return built, nil
}

// BasisSeries is the name of an asset's basis, in histories and in reports.
func BasisSeries(asset string) string { return asset + ".basis" }

// CarrySeries is the name of the series of what cash-and-carry desks hold of an
// asset's fund shares, USD.
func CarrySeries(asset string) string { return asset + ".carry_position" }

// AnnualisedBasis is the simple annual rate that a future pays over spot, both
// USD per coin, when it settles in a number of days; a year has 365. It is NaN
// where there is no such rate.
func AnnualisedBasis(future, spot, days float64) float64 {
	if !(spot > 0 && days > 0) {
		return math.NaN()
	}
	return (future/spot - 1) * yearDays / days
}

type carry struct {
	Carry
	name       string
	asset      int
	innovation int
	process    reversion
	share      float64 // of the gap to the target that a step with a session closes
}

func (c *carry) Name() string { return c.name }

// Follows implements [sim.Follower].
func (c *carry) Follows() []string { return c.Demand }

// Hedged implements [sim.Hedger].
func (c *carry) Hedged(int) bool { return true }

func (c *carry) Reports() []sim.Report {
	return []sim.Report{
		{Name: BasisSeries(c.Asset), Title: "annualised futures basis", Unit: sim.Fraction, Kind: sim.Level},
		{Name: CarrySeries(c.Asset), Title: "fund shares held against futures", Unit: sim.USD, Kind: sim.Level},
		{Name: c.Asset + ".carry_flow", Title: "cash-and-carry flow", Unit: sim.USD, Kind: sim.Flow},
		arbitrageFlow(c.Asset),
		fundFlow(c.Asset),
	}
}

func (c *carry) Start(m *sim.Market) sim.Trader {
	t := &desks{carry: c, demand: spotRows(m, c.Demand), hedged: m.HedgedRows()}
	start := c.Mean
	if c.Basis != nil {
		start = *c.Basis
	}
	t.level = c.process.recall(m.History(BasisSeries(c.Asset)), c.Mean, start)
	position := c.size(t.level)
	if c.Position != nil {
		position = *c.Position
	}
	t.open = position / m.Price(c.asset)
	t.coins = t.open
	return t
}

const percentagePoint = .01

// size is what the desks hold at a basis that stays as it is.
func (c *carry) size(basis float64) float64 {
	return c.Capacity * max(basis-c.RiskFree-c.Cost, 0) / percentagePoint
}

// target is K*: the solution of K* = size(basis − push(K* − held)). Without
// their own push in mind desks with much capital would overshoot, and more in
// long steps.
func (c *carry) target(basis, held float64) float64 {
	return c.size(basis+c.push(held)) / (1 + c.Capacity/c.Depth)
}

// push is how far net futures orders of usd move the basis.
func (c *carry) push(usd float64) float64 { return usd / c.Depth * percentagePoint }

// desks is the state of the trade along one path. The size is counted in the
// coins behind the fund shares, since their price moves it.
type desks struct {
	*carry
	demand []int   // ledger rows that buy and sell futures
	hedged []int   // ledger rows that sell futures against what they buy
	level  float64 // basis at the last close
	open   float64 // coins at the open

	coins float64 // after the waves so far
	flow  float64 // USD of this step
}

// Fork implements [sim.Forker].
func (t *desks) Fork() sim.Trader {
	c := *t
	return &c
}

func (t *desks) Begin(*sim.Market) { t.coins, t.flow = t.open, 0 }

func (t *desks) Trade(m *sim.Market, orders []float64) {
	if !m.Session() {
		return
	}
	price := m.Price(t.asset)
	want := t.open + t.share*(t.target(t.level, t.open*price)/price-t.open)
	order := (want - t.coins) * price
	orders[t.asset] += order
	t.coins = want
	t.flow += order
}

func (t *desks) Settle(m *sim.Market) {
	t.level = t.basis(m)
	t.open = t.coins
}

// basis is the basis at the close.
func (t *desks) basis(m *sim.Market) float64 {
	bought := traded(m, t.demand, t.asset) - traded(m, t.hedged, t.asset)
	return t.process.expected(t.level, t.Mean) + m.Innovation(t.innovation) + t.push(bought)
}

func (t *desks) Report(m *sim.Market, out []float64) {
	out[0], out[1] = t.level, t.open*m.Price(t.asset)
	flow := math.NaN()
	if m.Session() {
		flow = t.flow
	}
	out[2], out[3], out[4] = flow, flow, flow
}

// Foretell implements [sim.Foreteller].
func (t *desks) Foretell(m *sim.Market, out []float64) {
	t.Report(m, out)
	out[0], out[1] = t.basis(m), t.coins*m.Price(t.asset)
}

// Coins are those behind the fund shares.
func (t *desks) Coins(*sim.Market) float64 { return t.open }
