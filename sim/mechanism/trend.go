package mechanism

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "trend",
	Title: "algorithmic trend followers buy what rises, sell what falls, and hold less when volatility rises",
	Equation: `w = clamp(s·target_volatility/σ, ±max_weight),  s = tanh(strength·r/(σ√L));  signal none: s = 1
r: log return over the look_back of L steps; σ: volatility, σ² = Σ(1−δ)·δ^i·r(t−i)², centre of mass δ/(1−δ) = volatility_memory
coins = capital/P(start)·w: a trade is A·Δw with A = capital·P/P(start), and an unchanged weight is no trade
latency shorter than a step: r and σ hold the running step, so the loop turns within it; otherwise they know only closes that are so old
a share ai_share of the capital has look_back and latency divided by ai_speed
gain within a step, at w = 0 and impact λ per USD: g = λ·A·strength·target_volatility/(σ a year·σ a step·√L), multiplier 1/(1−g)`,
	Source: "Moskowitz, Ooi and Pedersen (2012), time series momentum; the saturating signal: Majewski, Ciliberti and Bouchaud (2020); volatility targeting: Harvey and others (2018). The share of AI cannot be observed: sweep it",
	Default: func() Config {
		const day = 24 * time.Hour
		return &Trend{Signal: SignalTrend, Strength: 1, LookBack: 28 * day, Latency: day, TargetVolatility: .4, VolatilityMemory: 60 * day,
			VolatilityFloor: .1, MaxWeight: 1, AISpeed: 4}
	},
})

// The signals that trend followers may act on.
const (
	SignalTrend = "trend"
	SignalNone  = "none" // always long: volatility targeting alone
)

// Trend holds the parameters of trend followers and volatility targeters.
type Trend struct {
	Common           `yaml:",inline"`
	Asset            string        `yaml:"asset" required:"true" doc:"asset they trade"`
	Capital          float64       `yaml:"capital" unit:"usd" required:"true" min:"0" doc:"position at weight 1, at the starting close (A); it moves with the price, profits do not add to it"`
	Signal           string        `yaml:"signal" oneof:"trend|none" doc:"trend: the sign and strength of the past return; none: always long, so that volatility alone moves the weight"`
	Strength         float64       `yaml:"strength" unit:"factor" min:"0" doc:"k: how soon the signal saturates, per standard deviation of the past return" source:"1: an assumption; Moskowitz, Ooi and Pedersen (2012) take the sign alone, k without limit"`
	LookBack         time.Duration `yaml:"look_back" unit:"duration" above:"0" doc:"span of the past return (L), in whole steps and at least one; before the first known close the price counts as unmoved" source:"four weeks, about the shortest that Moskowitz, Ooi and Pedersen (2012) test"`
	Latency          time.Duration `yaml:"latency" unit:"duration" min:"0" doc:"age of the latest price they know, in whole steps; less than a step: they answer within it" source:"a day: today's trade follows from yesterday's close"`
	TargetVolatility float64       `yaml:"target_volatility" unit:"rate" min:"0" doc:"annual volatility of the position at weight σ*/σ (σ*)" source:"Moskowitz, Ooi and Pedersen (2012): 40 % for each instrument"`
	VolatilityMemory time.Duration `yaml:"volatility_memory" unit:"duration" above:"0" doc:"centre of mass of the exponential weights in the variance" source:"Moskowitz, Ooi and Pedersen (2012): 60 days"`
	VolatilityFloor  float64       `yaml:"volatility_floor" unit:"rate" above:"0" doc:"least annual volatility they reckon with; without one a market that stands still would be a sure thing" source:"10%: an assumption"`
	MaxWeight        float64       `yaml:"max_weight" unit:"ratio" above:"0" doc:"limit of the weight, long and short" source:"1: no leverage"`
	LongOnly         bool          `yaml:"long_only" doc:"they never sell short"`
	AIShare          float64       `yaml:"ai_share" unit:"fraction" min:"0" max:"1" doc:"share of the capital that AI runs; the sum stays, so that a sweep tells speed from size" source:"0; it cannot be observed: sweep it"`
	AISpeed          float64       `yaml:"ai_speed" unit:"factor" min:"1" doc:"how many times shorter look_back and latency of AI are" source:"4: an assumption"`
}

// Build implements Config.
func (c *Trend) Build(name string, env *Env) (sim.Mechanism, error) {
	asset, err := env.Asset(c.Asset)
	faults := []error{err}
	if c.Signal != SignalTrend && c.Signal != SignalNone {
		faults = append(faults, &param.Error{Path: "signal", Found: fmt.Sprintf("%q", c.Signal), Expected: SignalTrend + " or " + SignalNone})
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	built := &trend{Trend: *c, name: name, asset: asset, stepDays: env.StepDays(), decay: decay(c.VolatilityMemory, env.Step),
		follows: c.Signal == SignalTrend}
	built.perYear = yearDays / built.stepDays
	if !c.LongOnly {
		built.least = -c.MaxWeight
	}
	for _, g := range []struct{ share, speed float64 }{{1 - c.AIShare, 1}, {c.AIShare, c.AISpeed}} {
		if g.share > 0 {
			lookBack := max(1, int(math.Round(steps(c.LookBack, env.Step)/g.speed)))
			latency := int(steps(c.Latency, env.Step)/g.speed + 1e-9)
			built.groups = append(built.groups, group{share: g.share, lookBack: lookBack, latency: latency,
				years: math.Sqrt(float64(lookBack) / built.perYear)})
			built.within = built.within || latency == 0
		}
	}
	return built, nil
}

// steps is a duration in steps.
func steps(d, step time.Duration) float64 { return float64(d) / float64(step) }

// decay is δ of the exponential weights (1−δ)·δ^i whose centre of mass, δ/(1−δ)
// steps, is a duration.
func decay(centre, step time.Duration) float64 {
	c := steps(centre, step)
	return c / (1 + c)
}

type trend struct {
	Trend
	name     string
	asset    int
	stepDays float64
	perYear  float64 // steps in a year
	decay    float64 // δ
	groups   []group // the slower first
	follows  bool    // they act on the past return
	within   bool    // some answer within the step
	least    float64 // weight
}

// group is a part of the capital that looks at the same prices.
type group struct {
	share             float64
	lookBack, latency int     // steps
	years             float64 // √ of look_back in years
}

func (c *trend) Name() string    { return c.name }
func (c *trend) Reads() []string { return []string{ActivitySeries(c.Asset)} }

func (c *trend) Reports() []sim.Report {
	series := func(quantity, title string, unit sim.ReportUnit) sim.Report {
		return sim.Report{Name: GroupSeries(c.Asset, c.name, quantity), Title: c.name + ": " + title, Unit: unit, Kind: sim.Level}
	}
	return []sim.Report{
		series("weight", "weight of "+c.Asset, sim.Ratio),
		series("held", "position", sim.USD),
		series("volatility", "annual volatility they reckon with", sim.Fraction),
		series("signal", "signal, −1 to 1", sim.Ratio),
	}
}

// Start gives the followers the position that the past closes ask for, so that
// the first step trades what is new.
func (c *trend) Start(m *sim.Market) sim.Trader {
	t := &followers{trend: c, coins: c.Capital / m.Price(c.asset), activity: m.Find(ActivitySeries(c.Asset)),
		list: make([]follower, len(c.groups))}
	closes, sigma := m.Closes(c.asset), m.Volatility(c.asset)
	for i, g := range c.groups {
		f := &t.list[i]
		*f = follower{group: g, variance: sigma * sigma}
		last := len(closes) - 1 - g.latency // what they knew in the step that ended at the starting close
		for k := 1; k <= last; k++ {
			f.variance = c.average(f.variance, closes[k]-closes[k-1])
		}
		t.aim(f, closes, last, closes[max(last, 0)], f.variance)
		f.open = f.target
		if g.latency > 0 {
			f.learn(t, m, last+1)
		}
	}
	return t
}

// average takes a return into the variance.
func (c *trend) average(variance, r float64) float64 {
	return c.decay*variance + (1-c.decay)*r*r
}

// followers is the state of all groups along one path.
type followers struct {
	*trend
	coins    float64 // at weight 1
	activity int     // place of the published activity
	pace     float64 // share of a wanted change that is traded in this step
	list     []follower
}

// follower is one group along one path.
type follower struct {
	group
	variance float64 // per step, of the returns up to the last close they know when the step opens
	open     float64 // weight at the open

	signal, target float64 // on what they know in this step
	now            float64 // weight after the waves so far
}

// learn takes close number k into the variance: the running step's, where k is
// the number of closes before it.
func (f *follower) learn(t *followers, m *sim.Market, k int) {
	if k <= 0 {
		return
	}
	closes, x := m.Closes(t.asset), m.LogPrice(t.asset)
	if k < len(closes) {
		x = closes[k]
	}
	f.variance = t.average(f.variance, x-closes[k-1])
}

// aim sets signal and target weight on what a group knows: close number last,
// its log price x, and the variance per step up to it.
func (t *followers) aim(f *follower, closes []float64, last int, x, variance float64) {
	sigma := math.Sqrt(variance * t.perYear)
	if sigma < t.VolatilityFloor {
		sigma = t.VolatilityFloor
	}
	f.signal = 1
	if t.follows {
		r := x - closes[max(last-f.lookBack, 0)]
		f.signal = tanh(t.Strength * r / (sigma * f.years))
	}
	f.target = t.TargetVolatility / sigma * f.signal
	if f.target < t.least {
		f.target = t.least
	} else if f.target > t.MaxWeight {
		f.target = t.MaxWeight
	}
}

// tanh is math.Tanh to a relative error of 1e-12, sooner. Near 0, where it is a small
// difference of large numbers, it leaves the work to that.
func tanh(x float64) float64 {
	if math.Abs(x) < 1e-3 {
		return math.Tanh(x)
	}
	return 1 - 2/(sim.Exp(2*x)+1)
}

// Restore implements [sim.Restorer].
func (t *followers) Restore(from sim.Trader) {
	list := t.list[:0]
	*t = *from.(*followers)
	t.list = append(list, t.list...)
}

// Fork implements [sim.Forker].
func (t *followers) Fork() sim.Trader { return fork(t, &followers{}) }

func (t *followers) Begin(m *sim.Market) {
	t.pace = pace(m.Published(t.activity), t.stepDays)
	for i := range t.list {
		f := &t.list[i]
		f.now = f.open
		if f.latency > 0 {
			closes := m.Closes(t.asset)
			last := len(closes) - f.latency
			t.aim(f, closes, last, closes[max(last, 0)], f.variance)
		}
	}
}

func (t *followers) Trade(m *sim.Market, orders []float64) {
	change := 0.0
	for i := range t.list {
		f := &t.list[i]
		if f.latency == 0 {
			closes, x := m.Closes(t.asset), m.LogPrice(t.asset)
			t.aim(f, closes, len(closes), x, t.average(f.variance, x-m.Open(t.asset)))
		}
		want := f.open + t.pace*(f.target-f.open)
		change += f.share * (want - f.now)
		f.now = want
	}
	if change != 0 {
		orders[t.asset] += t.coins * change * m.Price(t.asset)
	}
	if !t.within {
		m.Rest(t.asset, math.Inf(-1), math.Inf(1))
	}
}

func (t *followers) Settle(m *sim.Market) {
	known := len(m.Closes(t.asset)) + 1 // closes in the next step
	for i := range t.list {
		f := &t.list[i]
		f.open = f.now
		f.learn(t, m, known-max(f.latency, 1))
	}
}

func (t *followers) Report(m *sim.Market, out []float64) {
	signal := 0.0
	for i := range t.list {
		signal += t.list[i].share * t.list[i].signal
	}
	weight := t.weight()
	out[0], out[1] = weight, t.coins*weight*m.Price(t.asset)
	out[2] = max(math.Sqrt(t.list[0].variance*t.perYear), t.VolatilityFloor)
	out[3] = signal
}

// weight is that of all groups together, at the close.
func (t *followers) weight() float64 {
	sum := 0.0
	for i := range t.list {
		sum += t.list[i].share * t.list[i].open
	}
	return sum
}

// Coins are the coins held, less those sold short.
func (t *followers) Coins(*sim.Market) float64 { return t.coins * t.weight() }
