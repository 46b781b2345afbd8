package driver

import "github.com/ebb-sim/ebb/sim"

var _ = catalog.Add(Kind{
	Name:     "gbm",
	Title:    "geometric Brownian motion: independent normal log returns",
	Equation: "ε = (μ − σ²/2)Δt + σ√Δt·Z, Z standard normal and correlated over assets;  E[P] = P₀e^{μt}",
	Source:   "Samuelson (1965), Industrial Management Review 6(2); Black and Scholes (1973)",
	Default:  func() Config { return &GBM{} },
})

// GBM holds the parameters of geometric Brownian motion. The volatility is that
// of each asset's market.
type GBM struct {
	Drift       float64       `yaml:"drift" unit:"rate" doc:"μ, growth of the expected price per year, of every asset" source:"0: no opinion"`
	Correlation []Correlation `yaml:"correlation" doc:"pairs of assets whose news is correlated; the others are independent"`
}

// Build implements Config.
func (c *GBM) Build(env *Env) (sim.Driver, error) {
	return newDiffusion("gbm", env, c.Drift, c.Correlation, 0)
}
