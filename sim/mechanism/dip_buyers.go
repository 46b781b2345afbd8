package mechanism

import (
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim"
)

var _ = catalog.Add(Kind{
	Name:  "dip_buyers",
	Title: "value buyers buy below what they think a coin is worth, and sell as the price recovers",
	Equation: `they have spent S on coins, of cash W;  D(gap) = response·W·gap within 0 and W,  gap = ln V − ln P
S < D(gap − threshold): buy up to it, as far as the cash goes;  S > D(gap + threshold): sell the share 1 − D(gap + threshold)/S of the coins;  between the two: wait
V: value, or the exponential average of the log closes with memory as centre of mass
while they buy, under impact λ per USD, they leave 1/(1 + λ·response·W) of the news of a step`,
	Source: "demand in proportion to mispricing: Beja and Goldman (1980), Chiarella (1992); entry and exit thresholds: Farmer and Joshi (2002). Sizes are assumptions",
	Default: func() Config {
		return &DipBuyers{Response: 1, Threshold: .05, Memory: 365 * 24 * time.Hour}
	},
})

// DipBuyers holds the parameters of value buyers of one asset.
type DipBuyers struct {
	Common    `yaml:",inline"`
	Asset     string        `yaml:"asset" required:"true" doc:"asset they buy"`
	Cash      float64       `yaml:"cash" unit:"usd" required:"true" min:"0" doc:"what they can spend in all (W); what the discount at the starting close asks for is spent by then"`
	Response  float64       `yaml:"response" unit:"factor" min:"0" doc:"share of the cash spent per unit of log discount (ρ); 1 spends a tenth of it for 10 %" source:"1: an assumption"`
	Threshold float64       `yaml:"threshold" unit:"fraction" min:"0" doc:"log discount from which they buy; they sell from as far on the other side" source:"5%: an assumption"`
	Value     *float64      `yaml:"value" unit:"usd_per_coin" above:"0" doc:"what they think a coin is worth (V); where not given, a slow average of past closes"`
	Memory    time.Duration `yaml:"memory" unit:"duration" above:"0" doc:"centre of mass of the exponential weights in that average" source:"a year: an assumption"`
}

// Build implements Config.
func (c *DipBuyers) Build(name string, env *Env) (sim.Mechanism, error) {
	asset, err := env.Asset(c.Asset)
	if err != nil {
		return nil, err
	}
	built := &dipBuyers{DipBuyers: *c, name: name, asset: asset, stepDays: env.StepDays(), decay: decay(c.Memory, env.Step)}
	if c.Value != nil {
		built.fixed, built.value = true, math.Log(*c.Value)
	}
	return built, nil
}

type dipBuyers struct {
	DipBuyers
	name     string
	asset    int
	stepDays float64
	decay    float64 // weight of the average so far
	fixed    bool    // value is given
	value    float64 // log
}

func (c *dipBuyers) Name() string    { return c.name }
func (c *dipBuyers) Reads() []string { return []string{ActivitySeries(c.Asset)} }

func (c *dipBuyers) Reports() []sim.Report {
	series := func(quantity, title string, unit sim.ReportUnit) sim.Report {
		return sim.Report{Name: GroupSeries(c.Asset, c.name, quantity), Title: c.name + ": " + title, Unit: unit, Kind: sim.Level}
	}
	return []sim.Report{
		series("cash", "cash left", sim.USD),
		series("held", "value of coins", sim.USD),
		series("value", "what they think a coin is worth", sim.USDCoin),
	}
}

// Start lets the buyers have bought what the starting close asks for, at its
// price, so that the first step trades what is new.
func (c *dipBuyers) Start(m *sim.Market) sim.Trader {
	t := &bargainers{dipBuyers: c, activity: m.Find(ActivitySeries(c.Asset)), worth: c.value, open: purse{cash: c.Cash}}
	if !c.fixed {
		closes := m.Closes(c.asset)
		t.worth = closes[0]
		for _, x := range closes[1:] {
			t.worth = c.average(t.worth, x)
		}
	}
	price := m.Price(c.asset)
	t.open.trade(t.open.order(c.aim(0, t.worth-m.Open(c.asset)), price), price)
	return t
}

// average takes a close into the log value.
func (c *dipBuyers) average(value, x float64) float64 { return value + (1-c.decay)*(x-value) }

// aim is what they want to have spent at a gap: as much as before as long as it
// is neither too little nor too much.
func (c *dipBuyers) aim(spent, gap float64) float64 {
	return min(max(spent, c.demand(gap-c.Threshold)), c.demand(gap+c.Threshold))
}

func (c *dipBuyers) demand(gap float64) float64 {
	return min(max(c.Response*c.Cash*gap, 0), c.Cash)
}

// purse is what the buyers have.
type purse struct {
	spent float64 // USD that the coins cost, a share of it taken off with each share sold
	coins float64
	cash  float64 // profits and losses are in it
}

// order is what brings the amount spent to so much, as far as the cash goes: USD,
// buy > 0.
func (p *purse) order(spent, price float64) float64 {
	if spent >= p.spent {
		return min(spent-p.spent, p.cash)
	}
	return -p.coins * price * (1 - spent/p.spent)
}

// trade fills an order at a price.
func (p *purse) trade(usd, price float64) {
	coins := max(p.coins+usd/price, 0) // the last wave may have moved the price a little after a sale of all coins
	switch {
	case usd >= 0:
		p.spent += usd
	case p.coins > 0:
		p.spent *= coins / p.coins
	}
	p.coins, p.cash = coins, max(p.cash-usd, 0)
}

// bargainers is the state of the buyers along one path.
type bargainers struct {
	*dipBuyers
	activity int     // place of the published activity
	worth    float64 // log value, as of the last close
	open     purse   // at the start of the step

	pace   float64 // share of a wanted change that is traded in this step
	traded float64 // USD in this step; it fills at the close
	last   float64 // order of the last wave
	stride float64 // share of what is missing that a wave orders
}

// Fork implements [sim.Forker].
func (t *bargainers) Fork() sim.Trader {
	c := *t
	return &c
}

func (t *bargainers) Begin(m *sim.Market) {
	t.pace = pace(m.Published(t.activity), t.stepDays)
	t.traded, t.last, t.stride = 0, 0, 1
}

// shortest is the least stride: what a last order of a dollar leaves missing is
// small.
const shortest = 1. / 1024

// Trade orders what is missing at the wave's price. Where an order has moved the
// price so far that part of it is taken back, the next ones are half as large:
// the waves reach the one price at which nothing is missing also in a thin
// market.
func (t *bargainers) Trade(m *sim.Market, orders []float64) {
	spent := t.aim(t.open.spent, t.worth-m.LogPrice(t.asset))
	spent = t.open.spent + t.pace*(spent-t.open.spent)
	missing := t.open.order(spent, m.Price(t.asset)) - t.traded
	if missing*t.last < 0 {
		t.stride = max(t.stride/2, shortest)
	}
	t.last = t.stride * missing
	t.traded += t.last
	orders[t.asset] += t.last
}

func (t *bargainers) Settle(m *sim.Market) {
	t.open.trade(t.traded, m.Price(t.asset))
	if !t.fixed {
		t.worth = t.average(t.worth, m.LogPrice(t.asset))
	}
}

func (t *bargainers) Report(m *sim.Market, out []float64) {
	out[0], out[1], out[2] = t.open.cash, t.open.coins*m.Price(t.asset), math.Exp(t.worth)
}

// Coins are the coins held.
func (t *bargainers) Coins(*sim.Market) float64 { return t.open.coins }
