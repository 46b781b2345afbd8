package mechanism

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "portfolio",
	Title: "leveraged portfolios of several assets: what one of them loses is sold in all",
	Equation: `assets A, debt D, debt_to_equity B:  trades B·A − (1+B)·D, which is A·B·R after a portfolio return R, and is back at its leverage
with an exit instead:  holds the share f(V/V₀) of its coins;  V: value of all of them, V₀: V/value_ratio at the start
f(v) = 1 − [(threshold − v)/(threshold − liquidated)]^curvature between liquidated and threshold, 1 above, 0 below
a trade is a slice of the whole portfolio: every asset in proportion to what is held of it
<a>_<b>.correlation: exponentially weighted, of log returns, without their means`,
	Source: "leverage: Greenwood, Landier and Thesmar (2015); exit: Cont and Wagalath (2013, 2016)",
	Default: func() Config {
		return &Portfolio{Buys: true, CorrelationDecay: .94}
	},
})

// Portfolio holds the parameters of leveraged portfolios over several assets,
// by which a fall in one of them reaches the others.
//
// Weights are those at the starting close. Later trades take a slice of the
// whole portfolio, so the mix drifts with prices and nobody trades one asset
// against another: Greenwood, Landier and Thesmar's sales in proportion to
// existing holdings. Nothing is ever sold short, and who has sold everything,
// its equity or V gone, does not come back.
//
// Under a linear law the waves end where the largest eigenvalue of L·Mᵀ·A·B·M is
// below 1, L being the impact; [FireSale] is one such wave.
type Portfolio struct {
	Common           `yaml:",inline"`
	Buys             bool                 `yaml:"buys" doc:"whether holders buy back after gains; false: a step's trade is never a purchase" source:"true: leverage is targeted both ways, Adrian and Shin (2010); false: a requirement that binds one way, Cont and Schaanning (2017)"`
	CorrelationDecay float64              `yaml:"correlation_decay" unit:"factor" above:"0" below:"1" doc:"weight of yesterday in the published correlations, which are absent until 1/(1−correlation_decay) days have been seen" source:"RiskMetrics (1996), daily returns: .94"`
	Holders          []LeveragedPortfolio `yaml:"holders" required:"true" doc:"who holds the portfolios"`
}

// LeveragedPortfolio is one holder of several assets.
type LeveragedPortfolio struct {
	Name         string             `yaml:"name" required:"true" doc:"who it is"`
	Assets       float64            `yaml:"assets" unit:"usd" required:"true" min:"0" doc:"value of the portfolio at the starting close (A)"`
	Weights      map[string]float64 `yaml:"weights" unit:"fraction" required:"true" key:"asset" min:"0" max:"1" doc:"share of each asset in it; they add up to 1"`
	DebtToEquity float64            `yaml:"debt_to_equity" unit:"ratio" min:"0" doc:"debt over equity (B); without an exit, the leverage that is returned to"`
	Exit         *Exit              `yaml:"exit" doc:"sells below a threshold instead of returning to its leverage"`
}

// Exit is the curve by which a holder leaves after losses, of Cont and Wagalath.
type Exit struct {
	Threshold  float64 `yaml:"threshold" unit:"ratio" required:"true" above:"0" doc:"V/V₀ below which it sells"`
	Liquidated float64 `yaml:"liquidated" unit:"ratio" required:"true" min:"0" doc:"V/V₀ at which nothing is left"`
	Curvature  float64 `yaml:"curvature" unit:"factor" min:"1" doc:"exponent of the curve; 1: a straight line, above 1: concave, sales speed up as losses grow" source:"2: the least whole number for which sales begin gently"`
	ValueRatio float64 `yaml:"value_ratio" unit:"ratio" above:"0" doc:"V/V₀ at the starting close: what is left of it where losses came before" source:"1: no loss so far"`
}

// Defaults implements [param.Defaulter].
func (e *Exit) Defaults() { e.Curvature, e.ValueRatio = 2, 1 }

// Held is f, the share of the coins still held at v = V/V₀.
func (e Exit) Held(v float64) float64 {
	lost := (e.Threshold - v) / (e.Threshold - e.Liquidated)
	return 1 - math.Pow(min(max(lost, 0), 1), e.Curvature)
}

// Build implements Config.
func (c *Portfolio) Build(name string, env *Env) (sim.Mechanism, error) {
	var faults []error
	blame := func(path, found, expected string) {
		faults = append(faults, &param.Error{Path: path, Found: found, Expected: expected})
	}
	if len(c.Holders) == 0 {
		blame("holders", "an empty list", "at least one holder")
	}
	built := &portfolio{Portfolio: *c, name: name, stepDays: env.StepDays(), mixes: make([][]float64, len(c.Holders))}
	built.Holders = slices.Clone(c.Holders)
	for i := range built.Holders {
		h, path := &built.Holders[i], fmt.Sprintf("holders[%d].", i)
		built.mixes[i] = h.mix(path, env, blame)
		if h.Exit != nil {
			h.Exit.check(path+"exit.", blame)
			exit := *h.Exit
			h.Exit = &exit
		}
	}
	faults = append(faults, distinct(c.Holders, func(h LeveragedPortfolio) string { return h.Name }))
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	for a, asset := range env.Assets {
		if slices.ContainsFunc(built.mixes, func(mix []float64) bool { return mix[a] > 0 }) {
			built.held, built.names = append(built.held, a), append(built.names, asset)
		}
	}
	return built, nil
}

// rounding is the share of a portfolio below which a trade is the rounding of
// its leverage, and how far weights may miss their sum.
const (
	rounding     = 1e-12
	weightsSlack = 1e-6
)

// mix lays the weights out by asset, adding up to 1 exactly, and blames those
// that make no sense.
func (h *LeveragedPortfolio) mix(path string, env *Env, blame func(path, found, expected string)) []float64 {
	list, sum := make([]float64, len(env.Assets)), 0.0
	for _, name := range slices.Sorted(maps.Keys(h.Weights)) {
		w := h.Weights[name]
		a, err := env.Asset(name)
		var unknown *param.Error
		if errors.As(err, &unknown) {
			blame(path+"weights."+name, unknown.Found, unknown.Expected)
			continue
		}
		if !(w >= 0 && w <= 1) {
			blame(path+"weights."+name, fmt.Sprint(w), "a share, 0 to 1")
		}
		list[a] = w
		sum += w
	}
	if !(math.Abs(sum-1) <= weightsSlack) {
		blame(path+"weights", fmt.Sprintf("a sum of %.6g", sum), "a sum of 1")
	}
	for a := range list {
		list[a] /= sum
	}
	return list
}

// check blames a curve that does not fall from its threshold.
func (e *Exit) check(path string, blame func(path, found, expected string)) {
	if !(e.Liquidated < e.Threshold) {
		blame(path+"liquidated", fmt.Sprint(e.Liquidated), fmt.Sprintf("less than threshold, %v", e.Threshold))
	} else if !(e.Held(e.ValueRatio) > 0) {
		blame(path+"value_ratio", fmt.Sprint(e.ValueRatio), fmt.Sprintf("more than liquidated, %v: below it nothing is held", e.Liquidated))
	}
}

type portfolio struct {
	Portfolio
	name     string
	stepDays float64
	mixes    [][]float64 // holder × asset: weights at the starting close
	held     []int       // assets that anybody holds
	names    []string    // of those
}

func (c *portfolio) Name() string { return c.name }

// portfolioReports is the number of series of one holder.
const portfolioReports = 4

func (c *portfolio) Reports() []sim.Report {
	var list []sim.Report
	for _, h := range c.Holders {
		list = append(list,
			level(h.Name, "assets", "assets", sim.USD),
			level(h.Name, "equity", "equity", sim.USD),
			level(h.Name, "leverage", "assets over equity", sim.Ratio),
			flow(h.Name, "sold", "net sales, below 0 where it bought"))
	}
	for i, a := range c.names {
		for _, b := range c.names[:i] {
			list = append(list, sim.Report{Name: CorrelationSeries(b, a), Title: "correlation of " + b + " and " + a + ", exponentially weighted",
				Unit: sim.Ratio, Kind: sim.Level})
		}
	}
	return list
}

// CorrelationSeries is the name of the published correlation of two assets,
// the one that the scenario names first in front.
func CorrelationSeries(a, b string) string { return a + "_" + b + ".correlation" }

func (c *portfolio) Start(m *sim.Market) sim.Trader {
	t := &holders{portfolio: c, whole: make([]whole, len(c.Holders)), open: make([]position, len(c.Holders)), now: make([]position, len(c.Holders)),
		moves: newComovement(m, c.held, c.CorrelationDecay, c.stepDays)}
	for i, h := range c.Holders {
		t.whole[i].coins = make([]float64, m.Assets())
		t.open[i] = position{share: 1, debt: h.Assets * h.DebtToEquity / (1 + h.DebtToEquity)}
		if h.Exit != nil {
			t.open[i].share = h.Exit.Held(h.Exit.ValueRatio)
			t.whole[i].reference = h.Assets / t.open[i].share / h.Exit.ValueRatio
		}
		for a, w := range c.mixes[i] {
			t.whole[i].coins[a] = w * h.Assets / t.open[i].share / m.Price(a)
		}
	}
	copy(t.now, t.open)
	return t
}

// whole is a holder's portfolio when all of it is held.
type whole struct {
	coins     []float64 // by asset
	reference float64   // V₀, USD, of an exit
}

// value is V.
func (w *whole) value(m *sim.Market) float64 {
	sum := 0.0
	for a, n := range w.coins {
		if n != 0 {
			sum += n * m.Price(a)
		}
	}
	return sum
}

// position is what a holder has of its portfolio, and owes.
type position struct {
	share float64 // of the whole; above 1 after purchases
	debt  float64 // USD, below 0 when it is cash
	sold  float64 // USD in this step, net
}

type holders struct {
	*portfolio
	whole []whole
	open  []position // at the start of the step
	now   []position // after the waves so far
	moves comovement
}

// Fork implements [sim.Forker].
func (t *holders) Fork() sim.Trader {
	c := *t
	c.open, c.now = slices.Clone(t.open), slices.Clone(t.now)
	c.moves.returns, c.moves.moments = slices.Clone(t.moves.returns), slices.Clone(t.moves.moments)
	return &c
}

func (t *holders) Begin(*sim.Market) { copy(t.now, t.open) }

func (t *holders) Trade(m *sim.Market, orders []float64) {
	for i := range t.now {
		p, w := &t.now[i], &t.whole[i]
		value := w.value(m)
		if p.share == 0 || value == 0 {
			continue
		}
		share := t.wanted(i, value)
		if !t.Buys {
			share = min(share, t.open[i].share)
		}
		change := share - p.share
		if math.Abs(change) <= rounding*p.share {
			continue
		}
		for a, n := range w.coins {
			if n != 0 {
				orders[a] += change * n * m.Price(a)
			}
		}
		p.share = share
		p.debt += change * value
		p.sold -= change * value
	}
}

// wanted is the share of its portfolio, worth value as a whole, that a holder
// wants to have.
func (t *holders) wanted(i int, value float64) float64 {
	h, p := &t.Holders[i], &t.now[i]
	if h.Exit != nil {
		return h.Exit.Held(value / t.whole[i].reference)
	}
	equity := p.share*value - p.debt
	return max((1+h.DebtToEquity)*equity/value, 0)
}

func (t *holders) Settle(m *sim.Market) {
	t.moves.step(m)
	for i, p := range t.now {
		t.open[i] = position{share: p.share, debt: p.debt}
	}
}

func (t *holders) Report(m *sim.Market, out []float64) {
	for i, p := range t.open {
		assets := p.share * t.whole[i].value(m)
		row := out[portfolioReports*i : portfolioReports*(i+1)]
		row[0], row[1], row[2], row[3] = assets, assets-p.debt, math.NaN(), t.now[i].sold
		if row[1] > 0 {
			row[2] = absent(assets / row[1])
		}
	}
	out = out[portfolioReports*len(t.open):]
	for i := range t.held {
		for j := range i {
			out[0] = t.moves.correlation(i, j)
			out = out[1:]
		}
	}
}

// CoinsOf are all the coins of an asset still held.
func (t *holders) CoinsOf(_ *sim.Market, asset int) float64 {
	sum := 0.0
	for i, p := range t.open {
		sum += p.share * t.whole[i].coins[asset]
	}
	return sum
}
