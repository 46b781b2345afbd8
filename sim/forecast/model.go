package forecast

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/calibrate"
	"github.com/ebb-sim/ebb/sim/driver"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A Model forecasts one asset's log return.
type Model interface {
	Name() string
	// Draw fills out, horizon × path, with log returns from the close of an origin to
	// those of so many steps later. It uses nothing that was not published at the origin,
	// and what it gives is a function of that and of seeds. Origins ascend from call to
	// call. A [Pause] says why there is no forecast from this origin.
	Draw(ctx context.Context, origin int, horizons []int, out [][]float64) error
}

// Pause is the error of a model that cannot forecast from an origin yet.
type Pause struct{ Reason string }

func (p *Pause) Error() string { return p.Reason }

// Past are the log returns of the asset by the step in which they end, NaN where the
// asset was not traded; step k leads from close k to close k + 1.
type Past []float64

// until are the returns up to the close of an origin, of the last window steps; all of
// them where window is 0.
func (p Past) until(origin, window int) []float64 {
	from := 0
	if window > 0 {
		from = max(0, origin-window)
	}
	var list []float64
	for _, r := range p[from:origin] {
		if !math.IsNaN(r) {
			list = append(list, r)
		}
	}
	return list
}

// leastReturns is the least number of returns from which anything is forecast.
const leastReturns = 30

// GBM forecasts normal steps, independent, without a trend, with the variance of the past
// returns around 0: the mean of a window is hardly known, and would be extrapolated.
type GBM struct {
	Returns Past
	Window  int // steps; 0: all of the past
	Seed    uint64
}

// Name implements [Model].
func (*GBM) Name() string { return "gbm" }

// Draw implements [Model].
func (g *GBM) Draw(_ context.Context, origin int, horizons []int, out [][]float64) error {
	past, err := enough(g.Returns.until(origin, g.Window), leastReturns)
	if err != nil {
		return err
	}
	variance := 0.0
	for _, r := range past {
		variance += r * r / float64(len(past))
	}
	return walkPaths(g.Seed, origin, horizons, out, func(rng *rand.Rand, path []float64) {
		for k := range path {
			path[k] = math.Sqrt(variance)*rng.NormFloat64() - variance/2
		}
	})
}

func enough(past []float64, least int) ([]float64, error) {
	if len(past) < least {
		return nil, &Pause{fmt.Sprintf("%d returns up to the origin, expected at least %d", len(past), least)}
	}
	if stat.PopStdDev(past, nil) == 0 {
		return nil, &Pause{"the returns up to the origin do not vary"}
	}
	return past, nil
}

// walkPaths draws paths of steps and adds them up to the horizons. Path i of an origin is
// a function of the seed, the origin and i.
func walkPaths(seed uint64, origin int, horizons []int, out [][]float64, draw func(rng *rand.Rand, steps []float64)) error {
	steps := make([]float64, horizons[len(horizons)-1])
	pcg := rand.PCG{}
	rng := rand.New(&pcg)
	for i := range out[0] {
		pcg.Seed(seed, stream(origin, i))
		draw(rng, steps)
		sum, at := 0.0, 0
		for k, r := range steps {
			if sum += r; k+1 == horizons[at] {
				out[at][i] = sum
				at++
			}
		}
	}
	return nil
}

// stream is the number of the random stream of a path from an origin.
func stream(origin, path int) uint64 { return uint64(origin)<<32 | uint64(path) }

// GARCH forecasts by GARCH(1,1) with Student-t innovations, fitted by maximum likelihood
// to the returns up to the origin ([calibrate.FitGARCH]) and without their trend. The
// fit is renewed after so many steps; the variance is brought up to every origin.
type GARCH struct {
	Returns Past
	Window  int // steps; 0: all of the past
	Refit   int // steps from fit to fit
	Seed    uint64

	fit   *calibrate.GARCH
	since int // origin of the fit
}

// fewestForGARCH is the number of returns that a fit takes at least.
const fewestForGARCH = 250

// Name implements [Model].
func (*GARCH) Name() string { return "garch" }

// Draw implements [Model].
func (g *GARCH) Draw(_ context.Context, origin int, horizons []int, out [][]float64) error {
	past, err := enough(g.Returns.until(origin, g.Window), fewestForGARCH)
	if err != nil {
		return err
	}
	if g.fit == nil || origin-g.since >= g.Refit {
		fit, err := calibrate.FitGARCH(past)
		if err != nil {
			return &Pause{err.Error()}
		}
		g.fit, g.since = fit, origin
	}
	first := filtered(g.fit, past)
	ν := g.fit.DegreesOfFreedom
	return walkPaths(g.Seed, origin, horizons, out, func(rng *rand.Rand, path []float64) {
		h, t := first, distuv.StudentsT{Sigma: math.Sqrt((ν - 2) / ν), Nu: ν, Src: rng}
		for k := range path {
			u := math.Sqrt(h) * t.Rand()
			path[k] = u - h/2
			h = g.fit.Omega + g.fit.Alpha*u*u + g.fit.Beta*h
		}
	})
}

// filtered is the variance of the step after the past, from that of the past as in the
// fit itself.
func filtered(fit *calibrate.GARCH, past []float64) float64 {
	h := stat.PopVariance(past, nil)
	for _, r := range past {
		u := r - fit.Drift
		h = fit.Omega + fit.Alpha*u*u + fit.Beta*h
	}
	return h
}

// Bootstrap forecasts by the stationary bootstrap of the returns up to the origin: what a
// model draws from that takes all of them for news. Other assets may move with it.
type Bootstrap struct {
	Rows   [][]float64 // joint log returns by step × asset; nil where one was not traded
	Asset  int
	Config driver.Bootstrap
	Names  []string // of the assets
	Seed   uint64
}

// Name implements [Model].
func (*Bootstrap) Name() string { return "no feedback" }

// Draw implements [Model].
func (b *Bootstrap) Draw(_ context.Context, origin int, horizons []int, out [][]float64) error {
	source, err := resampled(&b.Config, b.Names, b.Rows[:origin])
	if err != nil {
		return err
	}
	news := make([]float64, len(b.Names))
	for i := range out[0] {
		path, sum, at := source.Start(b.Seed, stream(origin, i)), 0.0, 0
		for k := range horizons[len(horizons)-1] {
			path.Next(k, news, nil)
			if sum += news[b.Asset]; k+1 == horizons[at] {
				out[at][i] = sum
				at++
			}
		}
	}
	return nil
}

// resampled is the bootstrap of the rows that are there.
func resampled(config *driver.Bootstrap, names []string, rows [][]float64) (sim.Driver, error) {
	var past [][]float64
	for _, row := range rows {
		if row != nil {
			past = append(past, row)
		}
	}
	if len(past) < leastReturns {
		return nil, &Pause{fmt.Sprintf("%d returns up to the origin, expected at least %d", len(past), leastReturns)}
	}
	return config.Build(&driver.Env{Assets: names, Past: past})
}
