// Package rare answers one question: how likely is what plain paths hardly ever show?
//
// [Ask] draws the news with a tilt under which the event is common, and counts each
// path by its likelihood ratio: importance sampling (Glasserman, Monte Carlo Methods in
// Financial Engineering, 2004, chapter 9). Every so many paths one is drawn without the
// tilt, and all are weighted by the mixture, so that no weight exceeds that number
// (defensive mixture: Hesterberg 1995, Technometrics 37(2); deterministic: Owen and Zhou
// 2000, Journal of the American Statistical Association 95).
//
// What comes out is a function of the seed, not of the number of workers.
package rare

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// Question is an event: an outcome passes a threshold, the threshold itself included.
type Question struct {
	Outcome   outcome.Outcome
	Threshold float64 // in the outcome's unit
	AtMost    bool    // passed at and below it; otherwise at and above
}

func (q Question) passed(v float64) bool {
	return q.AtMost && v <= q.Threshold || !q.AtMost && v >= q.Threshold
}

func (q Question) String() string {
	side := "at least"
	if q.AtMost {
		side = "at most"
	}
	return fmt.Sprintf("%s %s %v", q.Outcome.Name, side, q.Threshold)
}

// Options say how to answer.
type Options struct {
	Paths   int
	Workers int // 0 = one for each core
	Seed    uint64
	Level   float64 // of the intervals
	// Tilt is given; nil = sought by pilot runs, see [Seek].
	Tilt *driver.Tilt
	// UntiltedEvery is of how many paths one is drawn without the tilt; 0 = none.
	UntiltedEvery int
	// LeastEffective is the share of the paths as which those that pass must count at
	// least, by their effective number; they must count as [LeastPaths] in any case.
	LeastEffective float64
	Also           []outcome.Outcome // what else is asked of the paths that pass
	Progress       func(done int)    // as in package montecarlo
}

// LeastPaths is the least effective number of passing paths that an answer rests on.
const LeastPaths = 30

// ErrCollapsed says that a few paths carry nearly all the weight: the answer would
// be theirs, and its interval too narrow.
var ErrCollapsed = errors.New("the weights have collapsed")

// Answer is what is known of the event.
type Answer struct {
	Tilt        driver.Tilt
	Shift       []float64 // by asset: what the tilt adds to the mean log return over the run
	PilotPaths  int       // drawn to find it, and not counted
	Paths       int
	Probability stats.Estimate // the mean of weight × passed: unbiased
	// Normalised is the same probability as a share of all weights. It is biased by the
	// order of 1/paths; without a tilt both are the same.
	Normalised stats.Estimate
	Ratio      stats.Estimate // the mean weight, which is 1
	Passing    int            // paths that pass
	Effective  float64        // number as which they count
	// Gain is how many times as many plain paths a probability as sharp would take.
	Gain  float64
	Given []Given // what else is on the paths that pass
}

// Given is an outcome on the condition that the event happens.
type Given struct {
	outcome.Outcome
	Mean, Median stats.Estimate
}

// Ask answers a question of a plan and a driver.
func Ask(ctx context.Context, plan *sim.Plan, d sim.Driver, q Question, o Options) (*Answer, error) {
	tiltable, err := driver.NewTiltable(d, plan.Steps)
	if err = errors.Join(err, o.check(tiltable), q.check()); err != nil {
		return nil, err
	}
	a := &Answer{Paths: o.Paths}
	if o.Tilt != nil {
		a.Tilt = *o.Tilt
	} else if a.Tilt, a.PilotPaths, err = Seek(ctx, plan, tiltable, q, o.Seed, o.Workers); err != nil {
		return nil, err
	}
	a.Shift = tiltable.Shift(a.Tilt)
	s := sample{plan: plan, source: tiltable, tilt: a.Tilt, untilted: o.UntiltedEvery, seed: o.Seed, paths: o.Paths, workers: o.Workers,
		outcomes: append([]outcome.Outcome{q.Outcome}, o.Also...), progress: o.Progress}
	if err := s.run(ctx); err != nil {
		return nil, err
	}
	if err := a.count(s, q, o); err != nil {
		return nil, err
	}
	return a, a.check(o)
}

// count makes the estimates of a sample.
func (a *Answer) count(s sample, q Question, o Options) error {
	weights, group := s.weights(), max(1, s.untilted)
	passed, counted, within := make([]float64, s.paths), make([]float64, s.paths), make([]float64, s.paths)
	for i, v := range s.values[0] {
		within[i] = math.NaN()
		if q.passed(v) {
			passed[i], counted[i], within[i] = 1, weights[i], v
			a.Passing++
		}
	}
	plain, weighted := stats.Sampling{Group: group}, stats.Sampling{Group: group, Weights: weights}
	var faults [3]error
	a.Probability, faults[0] = plain.EstimateMean(counted, o.Level)
	a.Normalised, faults[1] = weighted.EstimateProportion(passed, o.Level)
	a.Ratio, faults[2] = plain.EstimateMean(weights, o.Level)
	if err := errors.Join(faults[:]...); err != nil {
		return err
	}
	a.Effective = weighted.EffectivePaths(within)
	a.Gain = gain(a.Probability, o)
	for k, also := range o.Also {
		values := s.values[k+1]
		for i := range values {
			if passed[i] == 0 {
				values[i] = math.NaN()
			}
		}
		g := Given{Outcome: also}
		g.Mean, _ = weighted.EstimateMean(values, o.Level) // a failed estimate says why in its warnings
		medians, _ := weighted.EstimateQuantiles(values, []float64{.5}, o.Level)
		g.Median = medians[0]
		a.Given = append(a.Given, g)
	}
	return nil
}

// gain is the variance of plain paths, p(1 − p)/n, over that of an estimate, NaN where
// it has none.
func gain(e stats.Estimate, o Options) float64 {
	z := distuv.UnitNormal.Quantile((1 + o.Level) / 2)
	se := (e.High - e.Value) / z
	if !(se > 0) {
		return math.NaN()
	}
	return e.Value * (1 - e.Value) / float64(o.Paths) / (se * se)
}

// check refuses an answer that rests on a few paths.
func (a *Answer) check(o Options) error {
	if least := max(LeastPaths, o.LeastEffective*float64(o.Paths)); a.Effective < least {
		return fmt.Errorf("%w: %d of %d paths pass, and by their weights they count as %.1f, expected at least %.0f: "+
			"take more paths, another tilt, or a threshold less far away", ErrCollapsed, a.Passing, o.Paths, a.Effective, least)
	}
	return nil
}

func (q Question) check() error {
	if math.IsNaN(q.Threshold) || math.IsInf(q.Threshold, 0) {
		return fmt.Errorf("the threshold is %v, expected a finite number", q.Threshold)
	}
	return nil
}

func (o Options) check(t *driver.Tiltable) error {
	var faults []string
	if o.Paths < 1 || o.Workers < 0 {
		faults = append(faults, fmt.Sprintf("found %d paths and %d workers, expected at least 1, and 0 workers for one for each core", o.Paths, o.Workers))
	}
	if o.UntiltedEvery < 0 || o.UntiltedEvery == 1 || o.UntiltedEvery > 1 && o.Paths%o.UntiltedEvery != 0 {
		faults = append(faults, fmt.Sprintf("one path in %d without the tilt, expected 0 for none, or at least 2 and a number by which the %d paths can be divided", o.UntiltedEvery, o.Paths))
	}
	if !(o.LeastEffective >= 0 && o.LeastEffective < 1) {
		faults = append(faults, fmt.Sprintf("the least effective share is %v, expected at least 0 and less than 1", o.LeastEffective))
	}
	if o.Tilt != nil {
		none := t.None()
		if len(o.Tilt.News) != len(none.News) || len(o.Tilt.Innovations) != len(none.Innovations) {
			faults = append(faults, fmt.Sprintf("a tilt of %d and %d means, expected %d and %d", len(o.Tilt.News), len(o.Tilt.Innovations), len(none.News), len(none.Innovations)))
		}
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "; "))
	}
	return nil
}
