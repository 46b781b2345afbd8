package replay

import (
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// A Walk goes along an observed history as [Identify] does, and shows at a close what
// was known there: values not yet published at it are as if they had not been observed.
// It belongs to one goroutine.
type Walk struct {
	plan *sim.Plan
	seen Observed
	lags map[string]int
	sure *search // up to where everything is published
	head *search // from there to the close
	at   int     // steps that sure has settled
	to   int     // steps of the close shown last
}

// Known is a history as it was known at the close of a step.
type Known struct {
	// Runner stands at the close. Fork it; it is the walk's own, and goes on with it.
	Runner *sim.Runner
	// By step up to the close, as in [Identified]; not to be changed.
	News, Innovations, Unexplained [][]float64
	Published                      int // steps of which all series are published
}

// NewWalk readies a walk from the starting close of a plan. lags says by how many steps
// after its own a series is published; one that is not named is known at its close.
func NewWalk(plan *sim.Plan, seen Observed, lags map[string]int) (*Walk, error) {
	if err := seen.check(plan); err != nil {
		return nil, err
	}
	for _, name := range seen.names() {
		if lag := lags[name]; lag < 0 {
			return nil, fmt.Errorf("replay: %s is published %d steps after its own, expected 0 or more", name, lag)
		}
	}
	w := &Walk{plan: plan, seen: seen, lags: lags, sure: newSearch(plan, seen), head: newSearch(plan, seen)}
	w.sure.runner.Start()
	w.head.runner.Start()
	for i := range w.head.series {
		t := &w.head.series[i]
		t.seen = slices.Clone(t.seen) // masked from close to close
	}
	return w, nil
}

// To shows the close after so many steps, at least as many as the last time.
func (w *Walk) To(steps int) (Known, error) {
	if steps < w.to || steps > w.plan.Steps {
		return Known{}, fmt.Errorf("replay: a walk to step %d, expected %d to %d", steps, w.to, w.plan.Steps)
	}
	w.to = steps
	for ; w.at < steps-w.longest(); w.at++ {
		if err := w.sure.step(w.at); err != nil {
			return Known{}, err
		}
	}
	if err := w.head.runner.Fork(w.sure.runner); err != nil {
		return Known{}, fmt.Errorf("replay: %w", err)
	}
	for k := w.at; k < steps; k++ {
		w.mask(k)
		if err := w.head.step(k); err != nil {
			return Known{}, err
		}
	}
	known := Known{Runner: w.head.runner, Published: w.at}
	for _, part := range []struct {
		to         *[][]float64
		sure, head [][]float64
	}{{&known.News, w.sure.found.News, w.head.found.News}, {&known.Innovations, w.sure.found.Innovations, w.head.found.Innovations},
		{&known.Unexplained, w.sure.found.Unexplained, w.head.found.Unexplained}} {
		for i, sure := range part.sure {
			*part.to = append(*part.to, slices.Concat(sure[:w.at], part.head[i][w.at:steps]))
		}
	}
	return known, nil
}

// GapSteps counts the steps so far, of those of which everything is published, that
// leave a gap.
func (w *Walk) GapSteps() int { return w.sure.found.GapSteps() }

// longest is the longest lag of a series that was observed.
func (w *Walk) longest() int {
	lag := 0
	for _, name := range w.seen.names() {
		lag = max(lag, w.lags[name])
	}
	return lag
}

// mask hides from the head the values of a step that are not published at its close.
func (w *Walk) mask(k int) {
	for i := range w.head.series {
		t := &w.head.series[i]
		if t.seen[k] = w.seen.Series[t.name][k]; k+w.lags[t.name] >= w.to {
			t.seen[k] = math.NaN()
		}
	}
}

// step runs one step of the history to its observed close.
func (s *search) step(k int) error {
	news, innovations, rest := make([]float64, len(s.news)), make([]float64, len(s.innovations)), make([]float64, len(s.shift))
	for a := range s.found.Unexplained {
		s.found.Unexplained[a][k] = 0
	}
	s.Next(k, news, innovations)
	if s.err != nil {
		return s.err
	}
	s.runner.Try(news, innovations)
	s.Unexplained(k, rest)
	s.runner.Shift(rest)
	if err := s.runner.Settle(); err != nil {
		return fmt.Errorf("replay: %w", err)
	}
	return nil
}
