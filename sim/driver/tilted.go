package driver

import (
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// A Tilt shifts the means of the standard normals of which a driver makes its news
// and its innovations, in every step (exponential tilting; Siegmund 1976, Annals of
// Statistics 4(4)). The driver's paths with a tilt are other paths; each has a
// likelihood ratio that says how much it counts.
type Tilt struct {
	News        []float64 // by normal of the news: those of the Cholesky factor of the assets
	Innovations []float64 // by observable
}

// Tiltable is a driver of which [Tilted] paths can be drawn: gbm, and student. Of
// Student's law only the normals can be tilted, not the chi-square that makes its tails:
// Student's law has no exponential moments. A crash that comes of one extreme step is
// therefore not drawn much more often.
type Tiltable struct {
	diffusion *diffusion
	steps     int
}

// NewTiltable readies a driver for paths of so many steps.
func NewTiltable(d sim.Driver, steps int) (*Tiltable, error) {
	diffusion, ok := sim.Alone(d).(*diffusion)
	if !ok {
		return nil, fmt.Errorf("news of %s, which is not made of independent normals; expected gbm or student", d.Name())
	}
	return &Tiltable{diffusion, steps}, nil
}

// None is the tilt that changes nothing.
func (t *Tiltable) None() Tilt {
	return Tilt{make([]float64, len(t.diffusion.mean)), make([]float64, len(t.diffusion.innovations.list))}
}

// Along is the tilt by which the sum of the normal news over the run moves by so many
// of its standard deviations, in the direction in which the assets move most together.
func (t *Tiltable) Along(deviations float64) Tilt {
	tilt := t.None()
	for a, u := range principal(t.diffusion.shocks.factor) {
		tilt.News[a] = deviations * u / math.Sqrt(float64(t.steps))
	}
	return tilt
}

// Shift is what a tilt adds to the mean log return of each asset over the run.
func (t *Tiltable) Shift(tilt Tilt) []float64 {
	shift := slices.Clone(tilt.News)
	weight := float64(t.steps)
	if df := t.diffusion.shocks.df; df > 0 { // the mean of √((ν − 2)/χ²)
		above, _ := math.Lgamma((df - 1) / 2)
		below, _ := math.Lgamma(df / 2)
		weight *= math.Sqrt(df/2-1) * math.Exp(above-below)
	}
	t.diffusion.shocks.shape(weight, shift)
	return shift
}

// Start begins a path under the tilt.
func (t *Tiltable) Start(tilt Tilt, seed, path uint64) *Tilted {
	s := &Tilted{Tiltable: t, tilt: tilt, observed: t.diffusion.innovations.start(seed, path), Sums: t.None()}
	s.Counts = t.None()
	s.stream.seed(seed, path)
	return s
}

// Tilted is one path under a tilt.
type Tilted struct {
	*Tiltable
	tilt     Tilt
	stream   stream
	observed []stream

	// Sums are those of the normals of the path so far, the tilt included, and Counts
	// how many there were.
	Sums, Counts Tilt
}

// Next implements [sim.Source].
func (s *Tilted) Next(step int, news, innovations []float64) {
	d := s.diffusion
	for a := range news {
		news[a] = s.stream.NormFloat64() + s.tilt.News[a]
		s.Sums.News[a] += news[a]
		s.Counts.News[a]++
	}
	d.shocks.shape(d.shocks.weight(&s.stream), news)
	for a := range news {
		news[a] += d.mean[a]
	}
	d.innovations.next(step, s.observed, innovations)
	session := d.innovations.session == nil || d.innovations.session(step)
	for i, o := range d.innovations.list {
		if o.SD > 0 && (session || o.Always) {
			innovations[i] += o.SD * s.tilt.Innovations[i]
			s.Sums.Innovations[i] += innovations[i] / o.SD
			s.Counts.Innovations[i]++
		}
	}
}

// LogRatio is the logarithm of the likelihood of the path so far under the driver over
// that under a tilt, be it the path's own or another: Σ (nθ²/2 − θ·Σz).
func (s *Tilted) LogRatio(of Tilt) float64 {
	log := 0.0
	add := func(θ, sums, counts []float64) {
		for i, θ := range θ {
			log += θ * (counts[i]*θ/2 - sums[i])
		}
	}
	add(of.News, s.Sums.News, s.Counts.News)
	add(of.Innovations, s.Sums.Innovations, s.Counts.Innovations)
	return log
}
