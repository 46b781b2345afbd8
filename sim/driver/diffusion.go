package driver

import (
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// noMean is the warning of a driver with fat tails.
const noMean = "under fat-tailed log returns the expected price does not exist; read medians, a mean is that of these paths"

// diffusion is what gbm, student and merton share: independent steps of the log
// price with a mean and a covariance.
type diffusion struct {
	name        string
	mean        []float64 // by asset, per step
	shocks      joint     // of the covariance per step
	innovations innovations
	warnings    []string
}

func newDiffusion(name string, env *Env, drift float64, list []Correlation, df float64, warnings ...string) (sim.Driver, error) {
	factor, apart, err := correlated(env.Assets, list)
	if err != nil {
		return nil, err
	}
	return diffuse(name, env, env.Volatility, drift, joint{factor, df}, append(warnApart(apart, independent), warnings...)), nil
}

// diffuse makes a diffusion of the factor of a correlation and volatilities per step.
func diffuse(name string, env *Env, volatility []float64, drift float64, shocks joint, warnings []string) *diffusion {
	d := &diffusion{name: name, mean: make([]float64, len(env.Assets)), shocks: joint{df: shocks.df},
		innovations: newInnovations(env), warnings: warnings}
	for a, σ := range volatility {
		d.mean[a] = drift*env.StepYears() - σ*σ/2
		row := slices.Clone(shocks.factor[a])
		for b := range row {
			row[b] *= σ
		}
		d.shocks.factor = append(d.shocks.factor, row)
	}
	return d
}

func (d *diffusion) Name() string { return d.name }

func (d *diffusion) Warnings() []string { return d.warnings }

func (d *diffusion) Start(seed, path uint64) sim.Source {
	s := &diffusing{diffusion: d, observed: d.innovations.start(seed, path)}
	s.stream.seed(seed, path)
	return s
}

// diffusing is one path of a diffusion.
type diffusing struct {
	*diffusion
	stream   stream
	observed []stream
}

func (s *diffusing) Next(step int, news, innovations []float64) {
	s.shocks.draw(&s.stream, news)
	for a := range news {
		news[a] += s.mean[a]
	}
	s.innovations.next(step, s.observed, innovations)
}
