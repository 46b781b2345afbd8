package mechanism

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "collateral",
	Title: "leveraged holders sell to save their loans, or are liquidated",
	Equation: `health factor HF = units·P·liquidation_threshold / debt;  liquidation price = debt / (units·liquidation_threshold)
HF < 1: a liquidator repays close_factor of the debt (all of it at HF ≤ full_close_below) and sells repay·(1+bonus)/P coins
1 ≤ HF < target_hf: the holder sells (target_hf·debt − units·P·LT)/(target_hf − LT), at most daily_cap, and repays debt with it`,
	Source: "Aave v3 protocol documentation, liquidations; Qin, Zhou, Livshits and Gervais (2021)",
	Default: func() Config {
		return &Collateral{CloseFactor: .5, FullCloseBelow: .95, Bonus: .05, DailyCap: math.Inf(1)}
	},
})

// Collateral holds the parameters of leveraged holders of one asset.
type Collateral struct {
	Common         `yaml:",inline"`
	Asset          string     `yaml:"asset" required:"true" doc:"asset pledged"`
	CloseFactor    float64    `yaml:"close_factor" unit:"fraction" above:"0" max:"1" doc:"share of the debt a liquidator may repay at once" source:"Aave v3: 50 %"`
	FullCloseBelow float64    `yaml:"full_close_below" unit:"ratio" min:"0" max:"1" doc:"health factor from which the whole debt may be repaid" source:"Aave v3: .95"`
	Bonus          float64    `yaml:"bonus" unit:"fraction" min:"0" max:"1" doc:"what a liquidator gets above the debt it repays" source:"Aave v3, ETH: 5 %"`
	TargetHF       float64    `yaml:"target_hf" unit:"ratio" min:"0" doc:"health factor that holders sell to defend; 0: they wait" source:"0; both cases of 2026 sold before liquidation, so a scenario states it"`
	DailyCap       float64    `yaml:"daily_cap" unit:"usd" above:"0" doc:"most that a holder sells in a day of its own will" source:"no limit"`
	BorrowRate     float64    `yaml:"borrow_rate" unit:"rate" min:"0" doc:"annual rate at which debt grows" source:"0: short runs"`
	Holders        []Borrower `yaml:"holders" required:"true" doc:"who has borrowed"`
}

// Borrower is one leveraged holder.
type Borrower struct {
	Name        string   `yaml:"name" required:"true" doc:"who it is"`
	Units       float64  `yaml:"units" unit:"coins" required:"true" min:"0" doc:"coins pledged"`
	Debt        float64  `yaml:"debt" unit:"usd" required:"true" min:"0" doc:"borrowed"`
	Threshold   float64  `yaml:"liquidation_threshold" unit:"fraction" required:"true" above:"0" below:"1" doc:"loan to value at which liquidation begins (LT)"`
	AverageCost *float64 `yaml:"average_cost" unit:"usd_per_coin" above:"0" doc:"what a coin has cost, for unrealised profit and loss"`
	TargetHF    *float64 `yaml:"target_hf" unit:"ratio" min:"0" doc:"this holder's own target"`
	DailyCap    *float64 `yaml:"daily_cap" unit:"usd" above:"0" doc:"this holder's own cap"`
}

// HealthFactor is units·price·threshold over debt; +Inf without debt.
func (b Borrower) HealthFactor(price float64) float64 {
	if b.Debt == 0 {
		return math.Inf(1)
	}
	return b.Units * price * b.Threshold / b.Debt
}

// LiquidationPrice is the price at which the health factor is 1, USD per coin.
func (b Borrower) LiquidationPrice() float64 { return b.Debt / (b.Units * b.Threshold) }

// Build implements Config.
func (c *Collateral) Build(name string, env *Env) (sim.Mechanism, error) {
	asset, err := env.Asset(c.Asset)
	faults := []error{err}
	if len(c.Holders) == 0 {
		faults = append(faults, &param.Error{Path: "holders", Found: "an empty list", Expected: "at least one holder"})
	}
	target := func(path string, hf float64) {
		if hf != 0 && hf < 1 {
			faults = append(faults, &param.Error{Path: path, Found: fmt.Sprint(hf), Expected: "0, or at least 1: below 1 a liquidator acts first"})
		}
	}
	target("target_hf", c.TargetHF)
	built := &collateral{Collateral: *c, name: name, asset: asset, stepDays: env.StepDays()}
	built.Holders = slices.Clone(c.Holders)
	for i := range built.Holders {
		h := &built.Holders[i]
		if h.TargetHF == nil {
			h.TargetHF = &built.TargetHF
		} else {
			target(fmt.Sprintf("holders[%d].target_hf", i), *h.TargetHF)
		}
		if h.DailyCap == nil {
			h.DailyCap = &built.DailyCap
		}
	}
	if err := errors.Join(append(faults, distinct(c.Holders, func(b Borrower) string { return b.Name }))...); err != nil {
		return nil, err
	}
	return built, nil
}

type collateral struct {
	Collateral
	name     string
	asset    int
	stepDays float64
}

const (
	liquidationPart = iota
	voluntaryPart
)

func (c *collateral) Name() string    { return c.name }
func (c *collateral) Parts() []string { return []string{"liquidation", "voluntary"} }

// loanReports is the number of series of one holder.
const loanReports = 7

func (c *collateral) Reports() []sim.Report {
	var list []sim.Report
	for _, h := range c.Holders {
		list = append(list,
			level(h.Name, "health_factor", "health factor", sim.Ratio),
			level(h.Name, "units", "coins", sim.Coins),
			level(h.Name, "debt", "debt", sim.USD),
			level(h.Name, "liquidation_price", "liquidation price", sim.USDCoin),
			level(h.Name, "average_cost", "average cost", sim.USDCoin),
			level(h.Name, "unrealised_pnl", "unrealised profit and loss", sim.USD),
			flow(h.Name, "sold", "sold or liquidated"))
	}
	return list
}

func (c *collateral) Start(*sim.Market) sim.Trader {
	t := &borrowers{collateral: c, open: make([]loan, len(c.Holders)), now: make([]loan, len(c.Holders))}
	for i, h := range c.Holders {
		t.open[i] = loan{Borrower: h}
	}
	copy(t.now, t.open)
	return t
}

// loan is one holder's position within a step.
type loan struct {
	Borrower
	sold      float64 // USD in this step, both kinds
	voluntary float64 // USD in this step, of its own will
}

type borrowers struct {
	*collateral
	open []loan // at the start of the step
	now  []loan // after the waves so far
}

// Fork implements [sim.Forker].
func (t *borrowers) Fork() sim.Trader {
	c := *t
	c.open, c.now = slices.Clone(t.open), slices.Clone(t.now)
	return &c
}

func (t *borrowers) Begin(*sim.Market) { copy(t.now, t.open) }

func (t *borrowers) Trade(m *sim.Market, orders []float64) {
	price := m.Price(t.asset)
	for i := range t.now {
		loan := &t.now[i]
		if loan.Debt == 0 || loan.Units == 0 {
			continue
		}
		if hf := loan.HealthFactor(price); hf < 1 {
			orders[liquidationPart*m.Assets()+t.asset] -= loan.liquidate(price, hf, &t.Collateral)
		} else if hf < *loan.TargetHF {
			orders[voluntaryPart*m.Assets()+t.asset] -= loan.defend(price, t.stepDays)
		}
	}
}

// liquidate lets a liquidator repay what the protocol allows and gives the USD
// worth of coins it seizes and sells. Where the coins do not cover debt and
// bonus, it takes them all and leaves bad debt.
func (l *loan) liquidate(price, hf float64, c *Collateral) float64 {
	repay := l.Debt
	if hf > c.FullCloseBelow {
		repay *= c.CloseFactor
	}
	seize := repay * (1 + c.Bonus)
	if value := l.Units * price; seize < value {
		l.Units -= seize / price
	} else {
		seize, repay = value, value/(1+c.Bonus)
		l.Units = 0
	}
	l.Debt -= repay
	l.sold += seize
	return seize
}

// defend sells towards the target health factor within the day's cap.
func (l *loan) defend(price, days float64) float64 {
	target := *l.TargetHF
	sale := (target*l.Debt - l.Units*price*l.Threshold) / (target - l.Threshold)
	sale = min(sale, l.Debt, max(*l.DailyCap*days-l.voluntary, 0)) // HF ≥ 1: the coins are worth more than the debt
	l.Units -= sale / price
	l.Debt -= sale
	l.sold += sale
	l.voluntary += sale
	return sale
}

func (t *borrowers) Settle(*sim.Market) {
	grow := math.Exp(t.BorrowRate * t.stepDays / yearDays)
	for i, l := range t.now {
		t.open[i].Units, t.open[i].Debt = l.Units, l.Debt*grow
	}
}

func (t *borrowers) Report(m *sim.Market, out []float64) {
	price := m.Price(t.asset)
	for i := range t.open {
		l := &t.open[i]
		row := out[loanReports*i : loanReports*(i+1)]
		row[0], row[1], row[2], row[3] = absent(l.HealthFactor(price)), l.Units, l.Debt, math.NaN()
		row[4], row[5], row[6] = math.NaN(), math.NaN(), t.now[i].sold
		if l.Debt > 0 && l.Units > 0 {
			row[3] = l.LiquidationPrice()
		}
		if l.AverageCost != nil {
			row[4], row[5] = *l.AverageCost, l.Units*(price-*l.AverageCost)
		}
	}
}

// Coins are all the coins still pledged.
func (t *borrowers) Coins(*sim.Market) float64 {
	sum := 0.0
	for _, l := range t.open {
		sum += l.Units
	}
	return sum
}
