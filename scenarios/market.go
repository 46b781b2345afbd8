package scenarios

import (
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/impact"
)

// The impact laws a market may have.
const (
	Linear      = "linear"
	SquareRoot  = "square-root"
	Exponential = "exponential"
	Inelastic   = "inelastic"
)

// Market is one asset and how its price answers to orders. A number that is
// not given is 0 where 0 makes no sense.
type Market struct {
	Price           float64 `yaml:"price" unit:"usd_per_coin" above:"0" doc:"price at the start; needed without a history"`
	Volatility      float64 `yaml:"volatility" unit:"rate" above:"0" doc:"annualised standard deviation of log returns at the start (365 days); measured on the history where not given"`
	VolatilityDecay float64 `yaml:"volatility_decay" unit:"factor" above:"0" max:"1" doc:"weight of yesterday in the running variance" source:"RiskMetrics (1996), daily"`
	DepthExponent   float64 `yaml:"depth_exponent" unit:"factor" min:"0" doc:"a in depth = depth₀·(σ₀/σ)^a: how depth withdraws as volatility rises; 0 switches it off"`

	Impact      string  `yaml:"impact" oneof:"linear|square-root|exponential|inelastic" doc:"law by which orders move the price"`
	Calibration string  `yaml:"calibration" oneof:"mechanical|regression" doc:"named defaults of the linear law: mechanical, 3bn move the price 1 %; regression, the same market with an impact_scale of 10 on redemption, for the like-minded orders that come with a fund's flow" source:"regression: log return on same-day ETF flow 2024-01-11..2026-02-10, 2.9 % per $1bn"`
	Depth1Pct   float64 `yaml:"depth_1pct" unit:"usd" above:"0" doc:"linear: net order that moves the price by 1 %" source:"Kyle (1985), Amihud (2002)"`
	Prefactor   float64 `yaml:"prefactor" unit:"factor" above:"0" doc:"square-root: Y in Y·σ·√(Q/V)" source:"Donier and Bonart (2015): about 1"`
	Volume      float64 `yaml:"volume" unit:"usd" above:"0" doc:"square-root, exponential: traded a day"`
	C           float64 `yaml:"c" unit:"factor" above:"0" doc:"exponential: c in the market depth c·V/σ" source:"Cont and Schaanning (2017)"`
	Floor       float64 `yaml:"floor" unit:"fraction" min:"0" below:"1" doc:"exponential: share of the opening price below which no sale pushes it"`
	Multiplier  float64 `yaml:"multiplier" unit:"factor" above:"0" doc:"inelastic: M in M·Q/market value" source:"Gabaix and Koijen (2021)"`
	Supply      float64 `yaml:"supply" unit:"coins" above:"0" doc:"inelastic: coins outstanding"`

	Permanent float64       `yaml:"permanent" unit:"fraction" min:"0" max:"1" doc:"share of an impact that stays; the rest decays"`
	HalfLife  time.Duration `yaml:"half_life" unit:"duration" above:"0" doc:"time in which half of the transient impact has decayed; without it the transient impact is gone in the next step" source:"Obizhaeva and Wang (2013)"`
	Power     float64       `yaml:"power" unit:"factor" above:"0" doc:"β of the propagator (1+t)^−β, instead of half_life" source:"Bouchaud, Gefen, Potters and Wyart (2004)"`
}

// Defaults implements [param.Defaulter].
func (m *Market) Defaults() {
	m.Impact, m.Permanent, m.VolatilityDecay = Linear, 1, .94
	m.Prefactor, m.C = 1, .4
}

// DailyVolatility is the standard deviation of daily log returns, or 0 where
// the file gives none.
func (m Market) DailyVolatility() float64 { return m.Volatility / math.Sqrt(driver.YearDays) }

// Law is the market's impact law. The volatility of daily log returns matters
// to the square-root and the exponential law.
func (m Market) Law(dailyVolatility float64) sim.Law {
	switch m.Impact {
	case SquareRoot:
		return impact.SquareRoot{Y: m.Prefactor, Volatility: dailyVolatility, Volume: m.Volume}
	case Exponential:
		return impact.Exponential{Depth: impact.MarketDepth(m.C, m.Volume, dailyVolatility, 1), Floor: m.Floor}
	case Inelastic:
		return impact.Inelastic{Multiplier: m.Multiplier, Supply: m.Supply}
	}
	return impact.Linear{Depth1Pct: m.Depth1Pct}
}

// Kernel is how the transient impact decays over steps of the given length.
func (m Market) Kernel(step time.Duration) sim.Kernel {
	if m.HalfLife == 0 {
		return sim.Kernel{Power: m.Power}
	}
	return sim.Kernel{Decay: math.Exp2(-float64(step) / float64(m.HalfLife))}
}
