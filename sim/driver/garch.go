package driver

import (
	"errors"
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:     "garch",
	Title:    "volatility in clusters: GARCH(1,1) with Student-t innovations",
	Equation: "ε_t = μΔt − h_t/2 + u_t, u_t = √h_t·√((ν − 2)/χ²)·Z;  h_{t+1} = ω + α·u_t² + β·h_t, ω = (1 − α − β)·σ²Δt;  Z correlated over assets, χ² with ν degrees of freedom, one draw a step for all",
	Source:   "Bollerslev (1987), Review of Economics and Statistics 69(3); constant correlations: Bollerslev (1990), 72(3)",
	Default:  func() Config { return &GARCH{Alpha: .0765, Beta: .8994, DegreesOfFreedom: 3.65, Begin: Unconditional} },
})

// Where the variance of a GARCH path begins.
const (
	Unconditional = "unconditional" // at the market's
	Filtered      = "filtered"      // where the returns up to the start left it
)

// GARCH holds the parameters of GARCH(1,1) news, the same for every asset; each has a
// variance of its own. The unconditional variance is that of the asset's market. As
// under student the expected price does not exist; −h/2 keeps the price without a
// trend in the sense of gbm.
type GARCH struct {
	Alpha            float64       `yaml:"alpha" unit:"factor" min:"0" below:"1" doc:"α, share of a step's squared news in the next step's variance; α and β are per step, and their defaults are of days" source:"ebb's maximum likelihood on Bitcoin's daily closes, 762 log returns 2024-01-11..2026-02-10: .0765 ± .029"`
	Beta             float64       `yaml:"beta" unit:"factor" min:"0" below:"1" doc:"β, share of a step's variance that stays in the next; α + β < 1" source:"the same fit: .8994 ± .039, α + β = .976; on 2018-01-02..2026-02-10 α + β reaches 1, a variance without a mean"`
	DegreesOfFreedom float64       `yaml:"degrees_of_freedom" unit:"factor" above:"2" doc:"ν of the innovations: the smaller, the fatter their tails" source:"the same fit: 3.65 ± .57"`
	Begin            string        `yaml:"begin" oneof:"unconditional|filtered" doc:"first variance: unconditional, the market's; filtered, where the history's returns up to the start left it, from the market's before the first" source:"unconditional: the market's volatility is stated for the start, as in the other drivers"`
	Drift            float64       `yaml:"drift" unit:"rate" doc:"μ per year, of every asset" source:"0: no opinion"`
	Correlation      []Correlation `yaml:"correlation" doc:"pairs of assets whose innovations are correlated; the others have extreme steps together, but in either direction"`
}

// Build implements Config.
func (c *GARCH) Build(env *Env) (sim.Driver, error) {
	factor, apart, err := correlated(env.Assets, c.Correlation)
	if err := errors.Join(c.check(env), err); err != nil {
		return nil, err
	}
	g := &garch{α: c.Alpha, β: c.Beta, drift: c.Drift * env.StepYears(), shocks: joint{factor, c.DegreesOfFreedom},
		innovations: newInnovations(env), warnings: warnApart(apart, independent)}
	for _, σ := range env.Volatility {
		g.ω = append(g.ω, (1-c.Alpha-c.Beta)*σ*σ)
		g.first = append(g.first, σ*σ)
	}
	if c.Begin == Filtered {
		g.filter(env.Past)
	}
	g.warnings = append(g.warnings, "garch: "+noMean)
	if env.StepDays != 1 {
		g.warnings = append(g.warnings, fmt.Sprintf("garch: alpha and beta are per step; their defaults were fitted to days, and a step here is %.4g days", env.StepDays))
	}
	return g, nil
}

func (c *GARCH) check(env *Env) error {
	faults := []error{checkDegrees(c.DegreesOfFreedom)}
	if !(c.Alpha >= 0 && c.Beta >= 0 && c.Alpha+c.Beta < 1) {
		faults = append(faults, &param.Error{Path: "beta", Found: fmt.Sprintf("α = %v and β = %v", c.Alpha, c.Beta),
			Expected: "neither below 0, and a sum below 1: otherwise the variance has no mean to return to"})
	}
	switch n := len(env.Past); {
	case c.Begin == Unconditional:
	case c.Begin != Filtered:
		faults = append(faults, &param.Error{Path: "begin", Found: fmt.Sprintf("%q", c.Begin), Expected: Unconditional + " or " + Filtered})
	case n < leastObservations:
		faults = append(faults, &param.Error{Path: "begin", Found: fmt.Sprintf("%s, and %d returns up to the start", Filtered, n),
			Expected: fmt.Sprintf("at least %d, or %s", leastObservations, Unconditional)})
	default:
		faults = append(faults, complete("garch", env.Past, env.Assets))
	}
	return errors.Join(faults...)
}

type garch struct {
	α, β        float64
	drift       float64   // per step
	ω           []float64 // by asset
	first       []float64 // variance of the first step, by asset
	shocks      joint     // of variance 1
	innovations innovations
	warnings    []string
}

// filter runs the variances along past returns, less their mean: the recursion then
// knows how stormy the days before the start were.
func (g *garch) filter(past [][]float64) {
	for a := range g.first {
		mean, _ := moments(past, a)
		for _, row := range past {
			g.first[a] = g.after(a, g.first[a], row[a]-mean)
		}
	}
}

// after is the variance of asset a in the step after one with variance h and news u.
func (g *garch) after(a int, h, u float64) float64 { return g.ω[a] + g.α*u*u + g.β*h }

func (*garch) Name() string { return "garch" }

func (g *garch) Warnings() []string { return g.warnings }

func (g *garch) Start(seed, path uint64) sim.Source {
	s := &clustering{garch: g, observed: g.innovations.start(seed, path), variance: make([]float64, len(g.first))}
	s.stream.seed(seed, path)
	copy(s.variance, g.first)
	return s
}

// clustering is one path of a garch.
type clustering struct {
	*garch
	stream   stream
	observed []stream
	variance []float64 // of the coming step, by asset
}

func (s *clustering) Next(step int, news, innovations []float64) {
	s.shocks.draw(&s.stream, news)
	for a, z := range news {
		h := s.variance[a]
		u := math.Sqrt(h) * z
		news[a] = s.drift - h/2 + u
		s.variance[a] = s.after(a, h, u)
	}
	s.innovations.next(step, s.observed, innovations)
}
