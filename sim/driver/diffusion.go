package driver

import (
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// diffusion is what gbm and student share: independent steps of the log price
// with a mean and a covariance.
type diffusion struct {
	name        string
	mean        []float64   // by asset, per step
	factor      [][]float64 // lower triangle of the covariance's Cholesky factor, per step
	df          float64     // degrees of freedom; 0 = normal
	innovations innovations
	warnings    []string
}

func newDiffusion(name string, env *Env, drift float64, list []Correlation, df float64) (sim.Driver, error) {
	factor, warnings, err := correlated(env.Assets, list)
	if err != nil {
		return nil, err
	}
	d := &diffusion{name: name, mean: make([]float64, len(env.Assets)), factor: factor, df: df,
		innovations: newInnovations(env), warnings: warnings}
	for a, σ := range env.Volatility {
		d.mean[a] = drift*env.StepYears() - σ*σ/2
		for b := range factor[a] {
			factor[a][b] *= σ
		}
	}
	return d, nil
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
	for a := range news {
		news[a] = s.stream.NormFloat64()
	}
	weight := 1.0
	if s.df > 0 {
		weight = math.Sqrt((s.df - 2) / s.stream.chiSquared(s.df))
	}
	for a := len(news) - 1; a >= 0; a-- { // downwards, because row a needs the draws up to a
		sum := 0.0
		for b, l := range s.factor[a] {
			sum += l * news[b]
		}
		news[a] = s.mean[a] + weight*sum
	}
	s.innovations.next(step, s.observed, innovations)
}
