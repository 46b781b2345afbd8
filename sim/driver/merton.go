package driver

import (
	"errors"
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:     "merton",
	Title:    "jumps: normal log returns and, now and then, a jump of one asset or of all",
	Equation: "ε = (μ − σ_d²/2 − λk)Δt + σ_d√Δt·Z + Σ_{i=1..N} J_i, N Poisson with mean λΔt, J normal with mean μ_J and standard deviation δ, k = e^{μ_J + δ²/2} − 1;  σ_d² = σ² − λ(μ_J² + δ²), so that Var ε = σ²Δt;  a share c of the λ jumps strikes all assets at once",
	Source:   "Merton (1976), Journal of Financial Economics 3(1–2)",
	Default:  func() Config { return &Merton{JumpsPerYear: 12, JumpDeviation: .067, CommonJumps: .7} },
})

// Merton holds the parameters of a jump diffusion, the same for every asset. The
// volatility of an asset's market is that of diffusion and jumps together.
type Merton struct {
	JumpsPerYear  float64       `yaml:"jumps_per_year" unit:"factor" min:"0" max:"10000" doc:"λ, jumps of an asset expected in a year" source:"12, one a month: ebb counts 22 Bitcoin days beyond 3.5 robust standard deviations in 762 to 2026-02-10, 10.5 a year. Unbound, maximum likelihood takes 315 jumps of 2.4 % a year, a stand-in for volatility that changes"`
	JumpMean      float64       `yaml:"jump_mean" unit:"fraction" min:"-2" max:"2" doc:"μ_J, mean log size of a jump" source:"0: no opinion; ebb's fit to the same days with λ = 12 gives +1.1 %"`
	JumpDeviation float64       `yaml:"jump_deviation" unit:"fraction" min:"0" max:"2" doc:"δ, standard deviation of the log size" source:"6.7 %: ebb's maximum likelihood on Bitcoin's 762 daily log returns 2024-01-11..2026-02-10 with λ = 12, μ_J = 0; conditional standard error 1.0 %"`
	CommonJumps   float64       `yaml:"common_jumps" unit:"fraction" min:"0" max:"1" doc:"c, share of an asset's jumps that strike all assets in the same step, with sizes correlated as the diffusion is; the others are its own" source:"70 %: on 15 of those 22 days Ether is as extreme, each time in the same direction"`
	Drift         float64       `yaml:"drift" unit:"rate" doc:"μ, growth of the expected price per year, of every asset" source:"0: no opinion"`
	Correlation   []Correlation `yaml:"correlation" doc:"pairs of assets whose diffusion, and whose sizes of common jumps, are correlated"`
}

// Build implements Config.
func (c *Merton) Build(env *Env) (sim.Driver, error) {
	volatility, faults := c.diffusion(env)
	factor, apart, err := correlated(env.Assets, c.Correlation)
	if err := errors.Join(faults, err); err != nil {
		return nil, err
	}
	years := env.StepYears()
	m := &merton{sizes: joint{factor: factor}, size: c.JumpMean, spread: c.JumpDeviation,
		common: c.CommonJumps * c.JumpsPerYear * years, own: (1 - c.CommonJumps) * c.JumpsPerYear * years}
	ties := independent
	if m.common > 0 {
		ties = "the news of %s and %s has common jumps, of independent sizes, and nothing else in common: no correlation is given"
	}
	m.diffusion = diffuse("merton", env, volatility, c.Drift-c.compensator(), m.sizes, warnApart(apart, ties))
	return m, nil
}

// diffusion is what the jumps leave of each market's volatility, per step.
func (c *Merton) diffusion(env *Env) (volatility []float64, err error) {
	var faults []error
	jumps := c.jumpVariance() * env.StepYears()
	for a, σ := range env.Volatility {
		left := σ*σ - jumps
		if !(left >= 0) {
			year := 100 / math.Sqrt(env.StepYears())
			faults = append(faults, &param.Error{Path: "jump_deviation",
				Found:    fmt.Sprintf("jumps whose volatility alone is %.1f %% a year", year*math.Sqrt(jumps)),
				Expected: fmt.Sprintf("no more than the %.1f %% of %s, which is that of diffusion and jumps together", year*σ, env.Assets[a])})
		}
		volatility = append(volatility, math.Sqrt(left))
	}
	return volatility, errors.Join(faults...)
}

// jumpVariance is the variance that jumps add in a year.
func (c *Merton) jumpVariance() float64 {
	return c.JumpsPerYear * (c.JumpMean*c.JumpMean + c.JumpDeviation*c.JumpDeviation)
}

// compensator is the growth that jumps alone would give the expected price in a year.
func (c *Merton) compensator() float64 {
	return c.JumpsPerYear * math.Expm1(c.JumpMean+c.JumpDeviation*c.JumpDeviation/2)
}

// Moments are those of a log return.
type Moments struct{ Mean, Variance, Skewness, ExcessKurtosis float64 }

// Moments are the exact moments of an asset's log return over a time in years, where
// diffusion is the annual volatility of the diffusion alone: the cumulants of jumps of
// moments m_k = E[J^k] are λ·m_k each year (Merton, 1976). Skewness and kurtosis are NaN
// where nothing moves.
func (c *Merton) Moments(diffusion, years float64) Moments {
	λ, μ, v := c.JumpsPerYear*years, c.JumpMean, c.JumpDeviation*c.JumpDeviation
	variance := diffusion*diffusion*years + λ*(μ*μ+v)
	return Moments{
		Mean:           (c.Drift-diffusion*diffusion/2-c.compensator())*years + λ*μ,
		Variance:       variance,
		Skewness:       λ * μ * (μ*μ + 3*v) / math.Pow(variance, 1.5),
		ExcessKurtosis: λ * (μ*μ*μ*μ + 6*μ*μ*v + 3*v*v) / (variance * variance),
	}
}

type merton struct {
	*diffusion
	sizes        joint   // of common jumps, of variance 1
	size, spread float64 // mean and standard deviation of a jump
	common, own  float64 // jumps expected in a step: of all assets, of each alone
}

// jumpKey gives jumps a stream of their own, so that the diffusion of a path is the same
// with other jumps or none.
var jumpKey = streamKey("merton jumps")

func (m *merton) Start(seed, path uint64) sim.Source {
	s := &jumping{merton: m, calm: m.diffusion.Start(seed, path), scores: make([]float64, len(m.mean))}
	s.stream.seed(seed^jumpKey, path)
	return s
}

// jumping is one path of a merton.
type jumping struct {
	*merton
	calm   sim.Source // the diffusion, with the observables' innovations
	stream stream     // of the jumps
	scores []float64  // of the sizes of common jumps, by asset
}

func (s *jumping) Next(step int, news, innovations []float64) {
	s.calm.Next(step, news, innovations)
	if n := s.stream.poisson(s.common); n > 0 {
		s.sizes.draw(&s.stream, s.scores)
		for a, z := range s.scores {
			news[a] += s.sum(n, z)
		}
	}
	for a := range news {
		if n := s.stream.poisson(s.own); n > 0 {
			news[a] += s.sum(n, s.stream.NormFloat64())
		}
	}
}

// sum is the sum of n jumps, which is normal, with the standard score z.
func (m *merton) sum(n int, z float64) float64 {
	return float64(n)*m.size + math.Sqrt(float64(n))*m.spread*z
}
