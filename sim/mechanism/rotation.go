package mechanism

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "rotation",
	Title: "capital moves between baskets towards those that have done better, or a common shock that looks the same in prices",
	Equation: `w*(i) = weight(i)·exp(sensitivity·momentum(i)) / Σ,  momentum: log return of the last closes over lookback;  only differences of momentum count
flow(i) = speed·A·(w*(i) − w(i)),  A: value of all positions, w(i): share of basket i in it;  Σ flow = 0
mode common_shock: the same flows, of a capital that does not exist, move each price by what the impact law gives for them; nobody trades
where nothing else trades and the impact is permanent, the prices of the two modes are the same`,
	Source: "flows after relative performance: Barberis and Shleifer (2003); logit weights: Brock and Hommes (1998); no source proves that capital went from one basket to another",
	Default: func() Config {
		return &Rotation{Mode: RotationFlow, Lookback: 28 * 24 * time.Hour}
	},
})

// The two readings of baskets that move against each other.
const (
	RotationFlow        = "flow"
	RotationCommonShock = "common_shock"
)

// Rotation holds the parameters of capital that rotates between baskets: from
// crypto to AI, from BTC to SOL, from crypto to silver.
//
// That one basket falls while another rises is no proof that capital went from
// one to the other: something may have repriced both. So there are two modes.
// Under flow, holders sell and buy. Under common_shock nobody trades, and quotes
// move by as much as those orders would have moved them ([sim.Repricer]). Where
// the impact of the flow is permanent and nobody else trades or reprices, the
// prices of the two are the same path: prices alone cannot tell them apart. Beside
// others the paths part a little, since under flow the first wave of a step comes
// before the impact of the flow, and under common_shock after it. Flows tell the
// two apart: under common_shock there are none.
//
// Each step's flow is decided once, at the price the news has left and on the
// momentum of the closes before. So it sums to zero in every wave, no one sells
// what it does not have, and its own impact is answered in the next step. Until
// the closes reach back over the look-back nobody rotates.
type Rotation struct {
	Common      `yaml:",inline"`
	Mode        string        `yaml:"mode" oneof:"flow|common_shock" doc:"flow: capital rotates; common_shock: the same moves of prices without any order" source:"flow; a scenario shows both"`
	Speed       float64       `yaml:"speed" unit:"fraction" required:"true" min:"0" max:"1" doc:"share of the way to its target weights that the capital goes in a day, or in a US session (η)"`
	Sensitivity float64       `yaml:"sensitivity" unit:"factor" required:"true" min:"0" doc:"by how much the log of a target weight rises per unit log return of the basket (τ); 0: towards fixed weights"`
	Lookback    time.Duration `yaml:"lookback" unit:"duration" above:"0" doc:"over which momentum is measured, in whole steps" source:"four weeks: an assumption, to be swept"`
	Sessions    bool          `yaml:"sessions" doc:"whether capital moves in US sessions only" source:"false: around the clock"`
	Baskets     []Basket      `yaml:"baskets" required:"true" doc:"where the capital can be, at least two"`
}

// Basket is one place where rotating capital can be.
type Basket struct {
	Asset    string   `yaml:"asset" required:"true" doc:"asset of the scenario that stands for the basket"`
	Position float64  `yaml:"position" unit:"usd" required:"true" min:"0" doc:"rotating capital in it at the starting close"`
	Weight   *float64 `yaml:"weight" unit:"fraction" above:"0" max:"1" doc:"share of the capital that it attracts at equal momentum (w̄); its share at the starting close where no basket has one"`
}

// Build implements Config.
func (c *Rotation) Build(name string, env *Env) (sim.Mechanism, error) {
	var faults []error
	blame := func(path, found, expected string) {
		faults = append(faults, &param.Error{Path: path, Found: found, Expected: expected})
	}
	if c.Mode != RotationFlow && c.Mode != RotationCommonShock {
		blame("mode", fmt.Sprintf("%q", c.Mode), RotationFlow+" or "+RotationCommonShock)
	}
	if c.Lookback < env.Step || c.Lookback%env.Step != 0 {
		blame("lookback", param.FormatDuration(c.Lookback), "whole steps of "+param.FormatDuration(env.Step))
	}
	if len(c.Baskets) < 2 {
		blame("baskets", fmt.Sprintf("%d of them", len(c.Baskets)), "at least two")
	}
	steps := env.StepDays()
	if c.Sessions {
		steps = max(1, steps*5/7) // sessions in a step: one, unless it is longer than a day
	}
	built := &rotation{Rotation: *c, name: name, baskets: make([]basket, len(c.Baskets)), lookback: int(c.Lookback / env.Step),
		share: -math.Expm1(steps * math.Log1p(-c.Speed)), scale: cmp.Or(c.ImpactScale, 1)}
	built.Baskets = slices.Clone(c.Baskets)
	for i, b := range c.Baskets {
		built.baskets[i].position = b.Position
		a, err := env.Asset(b.Asset)
		built.baskets[i].asset = a
		var unknown *param.Error
		if errors.As(err, &unknown) {
			blame(fmt.Sprintf("baskets[%d].asset", i), unknown.Found, unknown.Expected)
		} else if slices.ContainsFunc(c.Baskets[:i], func(other Basket) bool { return other.Asset == b.Asset }) {
			blame(fmt.Sprintf("baskets[%d].asset", i), fmt.Sprintf("%q twice", b.Asset), "a basket of its own for each asset")
		}
	}
	c.weigh(built.baskets, blame)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return built, nil
}

// weigh sets the weights at equal momentum, adding up to 1 exactly.
func (c *Rotation) weigh(baskets []basket, blame func(path, found, expected string)) {
	given, sum := 0, 0.0
	for i, b := range c.Baskets {
		if b.Weight != nil {
			given++
			baskets[i].weight = *b.Weight
		}
	}
	if given == 0 {
		for i, b := range c.Baskets {
			baskets[i].weight = b.Position
		}
	}
	for i, b := range baskets {
		switch path := fmt.Sprintf("baskets[%d].", i); {
		case given == 0 && !(b.weight > 0):
			blame(path+"weight", "neither a weight nor a position", "one of them above 0")
		case c.Baskets[i].Weight == nil && given > 0:
			blame(path+"weight", "none", "a weight for each basket, or for none")
		case !(b.weight > 0):
			blame(path+"weight", fmt.Sprint(b.weight), "more than 0")
		}
		sum += b.weight
	}
	if given == len(baskets) && given > 0 && !(math.Abs(sum-1) <= weightsSlack) {
		blame("baskets", fmt.Sprintf("weights with a sum of %.6g", sum), "a sum of 1")
	}
	for i := range baskets {
		baskets[i].weight /= sum
	}
}

// basket is a basket by the index of its asset.
type basket struct {
	asset    int
	position float64 // USD at the starting close
	weight   float64 // w̄
}

type rotation struct {
	Rotation
	name     string
	baskets  []basket
	lookback int     // steps
	share    float64 // of the way to the target that is gone in one step
	scale    float64 // of an order in the impact law
}

func (c *rotation) Name() string { return c.name }

// RotationFlowSeries is the name of the published flow into an asset's basket.
func RotationFlowSeries(asset string) string { return asset + ".rotation_flow" }

func (c *rotation) Reports() []sim.Report {
	var list []sim.Report
	for _, b := range c.Baskets {
		list = append(list, sim.Report{Name: RotationFlowSeries(b.Asset), Title: "capital rotated into " + b.Asset, Unit: sim.USD, Kind: sim.Flow})
		if c.Mode == RotationFlow {
			list = append(list, level(c.name, b.Asset+"_weight", "share of capital in "+b.Asset, sim.Fraction))
		}
	}
	return list
}

func (c *rotation) Start(m *sim.Market) sim.Trader {
	capital := capital{rotation: c, coins: make([]float64, len(c.baskets)), flow: make([]float64, len(c.baskets)), bought: make([]float64, len(c.baskets))}
	for i, b := range c.baskets {
		capital.coins[i] = b.position / m.Price(b.asset)
	}
	if c.Mode == RotationCommonShock {
		return &commonShock{capital}
	}
	return &rotators{capital: capital}
}

// capital is what rotates, or under a common shock would.
type capital struct {
	*rotation
	coins  []float64 // by basket, at the open
	flow   []float64 // by basket: USD into it in this step
	bought []float64 // by basket: coins for that
}

// fork is the same capital on a path of its own.
func (t *capital) fork() capital {
	return capital{t.rotation, slices.Clone(t.coins), slices.Clone(t.flow), slices.Clone(t.bought)}
}

// rest undoes the step's flow.
func (t *capital) rest() {
	clear(t.flow)
	clear(t.bought)
}

// rotate decides the step's flow at the market's price.
func (t *capital) rotate(m *sim.Market) {
	t.rest()
	if t.Sessions && !m.Session() || !t.remembers(m) {
		return
	}
	best := math.Inf(-1) // subtracted before exp, which else could overflow
	for _, b := range t.baskets {
		best = max(best, t.momentum(m, b.asset))
	}
	total, attraction := 0.0, 0.0
	for i, b := range t.baskets {
		t.flow[i] = b.weight * math.Exp(t.Sensitivity*(t.momentum(m, b.asset)-best))
		attraction += t.flow[i]
		total += t.coins[i] * m.Price(b.asset)
	}
	for i, b := range t.baskets {
		price := m.Price(b.asset)
		t.flow[i] = t.share * (total*t.flow[i]/attraction - t.coins[i]*price)
		if math.Abs(t.flow[i]) <= rounding*total {
			t.flow[i] = 0
		}
		t.bought[i] = t.flow[i] / price
	}
}

// remembers tells whether the closes of every basket reach back over the
// look-back.
func (t *capital) remembers(m *sim.Market) bool {
	for _, b := range t.baskets {
		if len(m.Closes(b.asset)) <= t.lookback {
			return false
		}
	}
	return true
}

// momentum is the log return of the last closes over the look-back.
func (t *capital) momentum(m *sim.Market, asset int) float64 {
	closes := m.Closes(asset)
	last := len(closes) - 1
	return closes[last] - closes[last-t.lookback]
}

func (t *capital) Settle(*sim.Market) {
	for i, n := range t.bought {
		t.coins[i] = max(t.coins[i]+n, 0) // rounding, where all of them are sold
	}
}

// published is a flow of the step, absent where no session books one.
func (t *capital) published(m *sim.Market, flow float64) float64 {
	if t.Sessions && !m.Session() {
		return math.NaN()
	}
	return flow
}

// rotators trade.
type rotators struct {
	capital
	done bool // the step's flow is traded
}

// Fork implements [sim.Forker].
func (t *rotators) Fork() sim.Trader {
	c := *t
	c.capital = t.capital.fork()
	return &c
}

func (t *rotators) Begin(*sim.Market) {
	t.rest()
	t.done = false
}

func (t *rotators) Trade(m *sim.Market, orders []float64) {
	if t.done {
		return
	}
	t.done = true
	t.rotate(m)
	for i, b := range t.baskets {
		orders[b.asset] += t.flow[i]
	}
}

func (t *rotators) Report(m *sim.Market, out []float64) {
	total := 0.0
	for i, b := range t.baskets {
		total += t.coins[i] * m.Price(b.asset)
	}
	for i, b := range t.baskets {
		out[2*i], out[2*i+1] = t.published(m, t.flow[i]), t.coins[i]*m.Price(b.asset)/total
	}
}

// CoinsOf are the coins of an asset that the capital holds.
func (t *rotators) CoinsOf(_ *sim.Market, asset int) float64 {
	for i, b := range t.baskets {
		if b.asset == asset {
			return t.coins[i]
		}
	}
	return 0
}

// commonShock moves the prices as rotators would, and holds nothing: its coins
// are those that they would have. Reprice decides the step anew whenever it is
// asked, so there is nothing for Begin to undo.
type commonShock struct{ capital }

func (t *commonShock) Reprice(m *sim.Market, returns []float64) {
	t.rotate(m)
	for i, b := range t.baskets {
		returns[b.asset] += m.Impact(b.asset, t.scale*t.flow[i])
	}
}

// Fork implements [sim.Forker].
func (t *commonShock) Fork() sim.Trader { return &commonShock{t.capital.fork()} }

func (t *commonShock) Begin(*sim.Market)            {}
func (t *commonShock) Trade(*sim.Market, []float64) {}

func (t *commonShock) Report(m *sim.Market, out []float64) {
	for i := range t.baskets {
		out[i] = t.published(m, 0)
	}
}
