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
	Name:  "treasury",
	Title: "digital-asset treasuries buy while their shares stand at a premium, and sell when covenants or cash force them",
	Equation: `mNAV = market cap / (units·P), or enterprise value / (units·P);  enterprise value = market cap + debt + preferred − cash
mNAV > 1+issue_cost: raises min(issue_speed·(mNAV−1)·market cap, issue_cap) a session and buys;  cost' = (units·cost + q)/(units + q/P)
mNAV' = 1 + premium_persistence·(mNAV−1) + premium_sensitivity·r − dilution·q/market cap
share price = market cap / shares;  shares' = shares·(1 + q/market cap);  coins per share = units/shares, both over those at the start
debt/(units·P) > covenant_ltv: sells (debt − target_ltv·units·P)/(1 − target_ltv) and repays
cash < runway·obligations: sells coins for the cash that lasts runway_target
unrealised P&L = units·(P − cost);  accretion of an issue of x of the market cap at m = market cap / (units·P): coins per share grow by x(m−1)/(1+x)`,
	Source: "company filings of listed treasuries; mNAV as published by them; speeds are assumptions to be swept",
	Default: func() Config {
		return &Treasury{Definition: MarketCap, PremiumPersistence: 1, IssueCap: math.Inf(1)}
	},
})

// The two published definitions of mNAV.
const (
	MarketCap       = "market_cap"
	EnterpriseValue = "enterprise_value"
)

// Treasury holds the parameters of digital-asset treasuries of one asset.
type Treasury struct {
	Common             `yaml:",inline"`
	Asset              string    `yaml:"asset" required:"true" doc:"asset the companies hold"`
	Definition         string    `yaml:"mnav_definition" doc:"market_cap or enterprise_value, over the value of the coins; a forced sale that repays debt costs the shares what the coins were worth by the first, and only the premium on them by the second" source:"market_cap"`
	IssueSpeed         float64   `yaml:"issue_speed" unit:"factor" min:"0" doc:"shares issued in a US session as a share of market cap, per unit of premium" source:"0: no issuance unless a scenario states it"`
	IssueCost          float64   `yaml:"issue_cost" unit:"fraction" min:"0" doc:"premium below which issuing does not pay" source:"0"`
	IssueCap           float64   `yaml:"issue_cap" unit:"usd" above:"0" doc:"most that a company raises in a US session: its share of the stock's turnover" source:"no limit"`
	PremiumPersistence float64   `yaml:"premium_persistence" unit:"factor" min:"0" max:"1" doc:"share of the premium that is left after a day" source:"1: the premium stands still but for prices and dilution"`
	PremiumSensitivity float64   `yaml:"premium_sensitivity" unit:"factor" doc:"change of mNAV per unit log return of the asset" source:"0"`
	Dilution           float64   `yaml:"dilution" unit:"factor" min:"0" doc:"fall of mNAV per share of the market cap issued; under market_cap, mNAV·(mNAV−1) leaves the share price where it was before a small issue" source:"0: mNAV stays, and holders gain what an issue adds to the coins per share"`
	Holders            []Company `yaml:"holders" required:"true" doc:"the companies"`
}

// Company is one treasury.
type Company struct {
	Name         string   `yaml:"name" required:"true" doc:"who it is"`
	Units        float64  `yaml:"units" unit:"coins" required:"true" above:"0" doc:"coins held"`
	AverageCost  float64  `yaml:"average_cost" unit:"usd_per_coin" required:"true" above:"0" doc:"what a coin has cost on average"`
	Debt         float64  `yaml:"debt" unit:"usd" min:"0" doc:"borrowed, convertible notes included"`
	Preferred    float64  `yaml:"preferred" unit:"usd" min:"0" doc:"preferred shares at liquidation preference"`
	Cash         float64  `yaml:"cash" unit:"usd" min:"0" doc:"cash held"`
	Obligations  float64  `yaml:"obligations" unit:"usd" min:"0" doc:"interest and preferred dividends a year"`
	MNAV         *float64 `yaml:"mnav" unit:"ratio" above:"0" doc:"mNAV at the start, by mnav_definition; without it the company neither issues nor reports it"`
	CovenantLTV  *float64 `yaml:"covenant_ltv" unit:"fraction" above:"0" below:"1" doc:"debt over value of the coins above which lenders force a sale"`
	TargetLTV    *float64 `yaml:"target_ltv" unit:"fraction" above:"0" below:"1" doc:"where a forced sale ends; four fifths of the covenant where not given"`
	Runway       float64  `yaml:"runway" unit:"years" min:"0" doc:"years of obligations the cash must last; below it coins are sold. 0: they never are, and what the cash does not cover is not paid"`
	RunwayTarget float64  `yaml:"runway_target" unit:"years" min:"0" doc:"years of obligations that such a sale restores"`
}

// LTV is debt over the value of the coins.
func (c Company) LTV(price float64) float64 { return c.Debt / (c.Units * price) }

// MarginPrice is the price at which the covenant binds, USD per coin; false
// where the company has none.
func (c Company) MarginPrice() (float64, bool) {
	if c.CovenantLTV == nil || c.Debt == 0 || c.Units == 0 {
		return 0, false
	}
	return c.Debt / (c.Units * *c.CovenantLTV), true
}

// Buy adds a purchase of usd at a price to units and average cost.
func (c *Company) Buy(usd, price float64) {
	units := c.Units + usd/price
	c.AverageCost = (c.Units*c.AverageCost + usd) / units
	c.Units = units
}

// Accretion is the growth of coins per share when a company issues the share x
// of its market cap and buys coins with it, at a market cap of m times the value
// of its coins, whatever definition of mNAV it publishes: a company with debt
// may issue at an mNAV by enterprise value above 1 and still dilute.
func Accretion(x, m float64) float64 { return x * (m - 1) / (1 + x) }

// Build implements Config.
func (c *Treasury) Build(name string, env *Env) (sim.Mechanism, error) {
	asset, err := env.Asset(c.Asset)
	faults := []error{err}
	blame := func(path, found, expected string) {
		faults = append(faults, &param.Error{Path: path, Found: found, Expected: expected})
	}
	if c.Definition != MarketCap && c.Definition != EnterpriseValue {
		blame("mnav_definition", fmt.Sprintf("%q", c.Definition), MarketCap+" or "+EnterpriseValue)
	}
	if len(c.Holders) == 0 {
		blame("holders", "an empty list", "at least one company")
	}
	built := &treasury{Treasury: *c, name: name, asset: asset, stepDays: env.StepDays(), sessions: env.sessions(),
		persists: math.Pow(c.PremiumPersistence, env.StepDays())}
	built.Holders = slices.Clone(c.Holders)
	for i := range built.Holders {
		built.Holders[i].check(fmt.Sprintf("holders[%d].", i), blame)
	}
	faults = append(faults, distinct(c.Holders, func(h Company) string { return h.Name }))
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return built, nil
}

// check completes a company's targets and blames those that make no sense.
func (c *Company) check(path string, blame func(param, found, expected string)) {
	switch {
	case c.CovenantLTV == nil && c.TargetLTV != nil:
		blame(path+"target_ltv", fmt.Sprint(*c.TargetLTV), "covenant_ltv beside it")
	case c.CovenantLTV != nil && c.TargetLTV == nil:
		target := .8 * *c.CovenantLTV
		c.TargetLTV = &target
	case c.CovenantLTV != nil && *c.TargetLTV > *c.CovenantLTV:
		blame(path+"target_ltv", fmt.Sprint(*c.TargetLTV), fmt.Sprintf("at most covenant_ltv, %v", *c.CovenantLTV))
	}
	if c.RunwayTarget == 0 {
		c.RunwayTarget = c.Runway
	}
	if c.RunwayTarget < c.Runway {
		blame(path+"runway_target", fmt.Sprint(c.RunwayTarget), fmt.Sprintf("at least runway, %v", c.Runway))
	}
}

type treasury struct {
	Treasury
	name     string
	asset    int
	stepDays float64
	sessions float64 // in a step that has any
	persists float64 // share of the premium that is left after a step
}

const (
	purchasePart = iota
	forcedPart
)

func (c *treasury) Name() string    { return c.name }
func (c *treasury) Parts() []string { return []string{"purchases", "forced_sales"} }

// companyReports is the number of series of one company.
const companyReports = 11

func (c *treasury) Reports() []sim.Report {
	var list []sim.Report
	for _, h := range c.Holders {
		list = append(list,
			level(h.Name, "units", "coins", sim.Coins),
			level(h.Name, "average_cost", "average cost", sim.USDCoin),
			level(h.Name, "unrealised_pnl", "unrealised profit and loss", sim.USD),
			level(h.Name, "ltv", "debt over value of coins", sim.Fraction),
			level(h.Name, "margin_price", "price at which the covenant binds", sim.USDCoin),
			level(h.Name, "mnav", "mNAV, "+c.Definition, sim.Ratio),
			flow(h.Name, "sold", "forced sales"),
			flow(h.Name, "bought", "raised with new shares and spent on coins"),
			level(h.Name, "cash", "cash", sim.USD),
			level(h.Name, "share_price", "share price over that at the start", sim.Ratio),
			level(h.Name, perShare(c.Asset), strings.ToUpper(c.Asset)+" per share over that at the start", sim.Ratio))
	}
	return list
}

// perShare is the quantity in which a company publishes its coins per share: the
// name tells of which asset they are, so that nobody takes one for another.
func perShare(asset string) string { return asset + "_per_share" }

func (c *treasury) Start(m *sim.Market) sim.Trader {
	t := &companies{treasury: c, open: make([]company, len(c.Holders)), now: make([]company, len(c.Holders)), first: make([]float64, len(c.Holders))}
	for i, h := range c.Holders {
		t.open[i] = company{Company: h, mnav: math.NaN(), shares: 1}
		if h.MNAV != nil {
			t.open[i].mnav = *h.MNAV
		}
		t.open[i].bind()
		t.first[i] = t.marketCap(&t.open[i], m.Price(c.asset))
	}
	copy(t.now, t.open)
	t.idle = !slices.ContainsFunc(t.open, func(c company) bool { return c.Obligations != 0 || !math.IsNaN(c.mnav) })
	return t
}

// company is one treasury within a step.
type company struct {
	Company
	mnav   float64 // NaN where not followed
	shares float64 // over those at the start
	watch  float64 // log price below which the covenant may bind; −Inf where there is none
	raised float64 // USD in this step
	sold   float64 // USD in this step, forced
}

type companies struct {
	*treasury
	open  []company // at the start of the step
	now   []company // after the waves so far
	first []float64 // market cap of each at the starting close; NaN where not followed

	idle   bool // nobody ever buys or needs cash: only covenants make them trade
	funded bool // the step's decisions on purchases and cash are carried out
	apart  bool // somebody has traded: now is not open
}

// Restore implements [sim.Restorer].
func (t *companies) Restore(from sim.Trader) {
	open, now := t.open[:0], t.now[:0]
	*t = *from.(*companies)
	t.open, t.now = append(open, t.open...), append(now, t.now...)
}

// Fork implements [sim.Forker].
func (t *companies) Fork() sim.Trader { return fork(t, &companies{}) }

func (t *companies) Begin(*sim.Market) {
	if t.apart {
		copy(t.now, t.open)
	}
	t.funded, t.apart = t.idle, false
}

func (t *companies) Trade(m *sim.Market, orders []float64) {
	x, watch := m.LogPrice(t.asset), math.Inf(-1)
	for i := range t.now {
		c := &t.now[i]
		if !t.funded {
			t.fund(m, i, orders)
		}
		if x < c.watch {
			t.order(m, i, orders, forcedPart, -c.comply(m.Price(t.asset)))
		}
		if c.watch > watch {
			watch = c.watch
		}
	}
	t.funded = true
	m.Rest(t.asset, watch, math.Inf(1))
}

// fund carries out a company's decisions on purchases and cash.
func (t *companies) fund(m *sim.Market, i int, orders []float64) {
	c, opening := &t.now[i], m.OpenPrice(t.asset)
	if bought := t.raise(&t.open[i], opening, m.Session()); bought > 0 {
		c.Buy(bought, m.Price(t.asset))
		c.shares *= 1 + bought/t.marketCap(&t.open[i], opening)
		c.raised = bought
		t.order(m, i, orders, purchasePart, bought)
	}
	if c.short() {
		t.order(m, i, orders, forcedPart, -c.refill(m.Price(t.asset)))
	}
}

// order adds what a company has traded in a wave.
func (t *companies) order(m *sim.Market, i int, orders []float64, part int, usd float64) {
	orders[part*m.Assets()+t.asset] += usd
	t.now[i].bind()
	t.apart = true
}

// raise is what a company raises with new shares in this step, decided on
// yesterday's close and only while its shares trade.
func (t *companies) raise(c *company, price float64, session bool) float64 {
	if !session || math.IsNaN(c.mnav) || c.mnav <= 1+t.IssueCost {
		return 0
	}
	return min(t.IssueSpeed*(c.mnav-1)*t.marketCap(c, price), t.IssueCap) * t.sessions
}

// marketCap follows from mNAV by its definition; NaN where that is not followed.
func (t *companies) marketCap(c *company, price float64) float64 {
	value := c.mnav * c.Units * price
	if t.Definition == EnterpriseValue {
		value -= c.Debt + c.Preferred - c.Cash
	}
	return max(value, 0)
}

// bind sets where the covenant is watched: a rounding above its margin price.
func (c *company) bind() {
	c.watch = math.Inf(-1)
	if price, bound := c.MarginPrice(); bound {
		c.watch = math.Log(price) + 1e-12
	}
}

// short tells whether the runway has become too short.
func (c *company) short() bool {
	return c.Obligations != 0 && !(c.Cash >= c.Runway*c.Obligations)
}

// refill sells coins for cash.
func (c *company) refill(price float64) float64 {
	sale := c.sell(c.RunwayTarget*c.Obligations-c.Cash, price)
	c.Cash += sale
	return sale
}

// called tells whether the covenant is broken at a price.
func (c *company) called(price float64) bool {
	return c.CovenantLTV != nil && !(c.Debt <= *c.CovenantLTV*(c.Units*price))
}

// comply sells coins and repays debt when the covenant is broken.
func (c *company) comply(price float64) float64 {
	if !c.called(price) {
		return 0
	}
	value, target := c.Units*price, *c.TargetLTV
	sale := c.sell(min((c.Debt-target*value)/(1-target), c.Debt), price)
	c.Debt -= sale
	return sale
}

// sell takes coins worth usd from the holdings, or all that are left.
func (c *company) sell(usd, price float64) float64 {
	if value := c.Units * price; usd < value {
		c.Units -= usd / price
	} else {
		usd, c.Units = value, 0
	}
	c.sold += usd
	return usd
}

func (t *companies) Settle(m *sim.Market) {
	if t.idle && !t.apart {
		return
	}
	r := m.LogPrice(t.asset) - m.Open(t.asset)
	opening := m.OpenPrice(t.asset)
	for i := range t.now {
		now, c := &t.now[i], &t.open[i]
		mnav := t.premium(c, now.raised, r, opening)
		if t.apart {
			*c = *now
			c.raised, c.sold = 0, 0
		}
		c.Cash, c.mnav = max(c.Cash-c.Obligations*t.stepDays/yearDays, 0), mnav
		if !t.apart {
			now.Cash, now.mnav = c.Cash, mnav
		}
	}
}

// premium carries mNAV over one step; a company's shares are never worth less
// than nothing.
func (t *companies) premium(c *company, raised, r, price float64) float64 {
	m := 1 + t.persists*(c.mnav-1) + t.PremiumSensitivity*r
	if raised > 0 {
		m -= t.Dilution * raised / t.marketCap(c, price)
	}
	return max(m, 0) // a NaN stays absent
}

func (t *companies) Report(m *sim.Market, out []float64) {
	price := m.Price(t.asset)
	for i := range t.open {
		c := &t.open[i]
		row := out[companyReports*i : companyReports*(i+1)]
		row[0], row[1] = c.Units, c.AverageCost
		row[2], row[3] = c.Units*(price-c.AverageCost), absent(c.LTV(price))
		row[4], row[5], row[6] = math.NaN(), c.mnav, t.now[i].sold
		row[7], row[8] = t.now[i].raised, c.Cash
		row[9], row[10] = absent(t.marketCap(c, price)/c.shares/t.first[i]), absent(c.Units/c.shares/t.Holders[i].Units)
		if c.Units == 0 {
			row[5] = math.NaN() // over the value of no coins
		}
		if at, bound := c.MarginPrice(); bound {
			row[4] = at
		}
	}
}

// Coins are all the coins still held.
func (t *companies) Coins(*sim.Market) float64 {
	sum := 0.0
	for _, c := range t.open {
		sum += c.Units
	}
	return sum
}
