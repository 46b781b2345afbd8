package replay

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// search is the source of a run along an observed history. Asked for the news
// of a step, it tries the step until it ends on what was observed.
type search struct {
	plan   *sim.Plan
	runner *sim.Runner
	found  *Identified

	prices  []target // by asset
	series  []target
	pending []*target // of the step: prices, then series

	news        []float64 // of the trial
	innovations []float64
	shift       []float64 // from where its waves end to the observed closes
	told        []float64 // by report
	err         error

	bestNews, bestInnovations []float64 // of settle
}

// target is one observed number and the unknown that is to reach it.
type target struct {
	unknown *float64  // of the trial: an asset's news, or an innovation
	seen    []float64 // by step
	grade
	asset  int    // -1 for a series
	name   string // of a series
	report int    // of a series

	want  float64 // in this step
	miss  float64 // of the trial: what it came to less what is wanted
	slope float64 // of what it comes to in the unknown, as met last
	fixed bool    // its unknown stays where it is
	cause Cause   // why the latest search has left a hole; "" where it has not
	sides [2]Side // of the jump in its way
}

// grade is how exactly a number is to be met.
type grade struct {
	close float64 // the miss that counts as none
	fine  float64 // difference of two unknowns that are one
	hole  float64 // the miss that is reported as a gap
	edge  float64 // difference of two unknowns over which a hole is no slope any more, but a jump
}

// A hole in the close is larger than what the last wave may have left open,
// 1e-6. The unknown of a close adds to a log price, which has no finer step.
var (
	ofPrice    = grade{close: 1e-12, fine: 2e-15, hole: 1e-6, edge: 1e-9}
	ofUSD      = grade{close: 1e-3, fine: 1e-6, hole: 1, edge: 1e-3}
	ofFraction = grade{close: 1e-13, fine: 1e-16, hole: 1e-9, edge: 1e-12}
)

func newSearch(plan *sim.Plan, seen Observed) *search {
	n, m := len(plan.Assets), len(plan.Innovations)
	s := &search{plan: plan, runner: sim.NewRunner(plan),
		news: make([]float64, n), innovations: make([]float64, m), shift: make([]float64, n), told: make([]float64, len(plan.Reports())),
		bestNews: make([]float64, n), bestInnovations: make([]float64, m),
		found: &Identified{News: sim.Matrix(n, plan.Steps), Innovations: sim.Matrix(m, plan.Steps), Unexplained: sim.Matrix(n, plan.Steps), Path: plan.NewPath(true)}}
	for a := range plan.Assets {
		s.prices = append(s.prices, target{unknown: &s.news[a], seen: seen.LogPrice[a], grade: ofPrice, asset: a, slope: 1})
	}
	for _, name := range seen.names() {
		t := target{unknown: &s.innovations[innovation(plan, name)], seen: seen.Series[name], grade: ofFraction, asset: -1, name: name,
			report: report(plan, name), slope: 1}
		if plan.Reports()[t.report].Unit == sim.USD {
			t.grade = ofUSD
		}
		s.series = append(s.series, t)
	}
	return s
}

// Next implements [sim.Source].
func (s *search) Next(step int, news, innovations []float64) {
	clear(news)
	clear(innovations)
	if s.err != nil {
		return
	}
	if s.begin(step); s.err != nil {
		return
	}
	s.settle()
	for _, t := range s.pending {
		if !(math.Abs(t.miss) <= t.hole) {
			s.found.Gaps = append(s.found.Gaps, s.gap(step, t))
		}
	}
	copy(news, s.news)
	copy(innovations, s.innovations)
	for a := range news {
		s.found.News[a][step] = news[a]
	}
	for i := range innovations {
		s.found.Innovations[i][step] = innovations[i]
	}
}

// begin tries the observed returns as news, and then innovations by as much as
// the series are off: most of them are their innovation and something known.
func (s *search) begin(step int) {
	s.pending = s.pending[:0]
	clear(s.news)
	clear(s.innovations)
	for a := range s.prices {
		if t := &s.prices[a]; t.begin(step) {
			s.news[a] = t.want - s.runner.Market().Open(a)
			s.pending = append(s.pending, t)
		}
	}
	prices := len(s.pending)
	for i := range s.series {
		if t := &s.series[i]; t.begin(step) {
			s.pending = append(s.pending, t)
		}
	}
	s.try()
	for _, t := range s.pending[prices:] {
		if math.IsNaN(t.miss) && !s.lost() {
			s.err = fmt.Errorf("replay: step %d: %s was observed, but the mechanisms cannot tell it before the step closes, or publish none", step+1, t.name)
			return
		}
		if !math.IsNaN(t.miss) {
			*t.unknown -= t.miss
		}
	}
	if len(s.pending) > prices {
		s.try()
	}
}

// lost tells whether a price of the trial has left the numbers.
func (s *search) lost() bool {
	for a := range s.news {
		if !(math.Abs(s.runner.Market().LogPrice(a)) < widest) {
			return true
		}
	}
	return false
}

// begin tells whether the target was observed in a step.
func (t *target) begin(step int) bool {
	t.want, t.fixed, t.cause = t.seen[step], false, ""
	return !math.IsNaN(t.want)
}

func (t *target) met() bool { return math.Abs(t.miss) <= t.close }

// try runs the step. Series are read off at the observed closes, at which the
// step will close.
func (s *search) try() {
	s.runner.Try(s.news, s.innovations)
	clear(s.shift)
	series := false
	for _, t := range s.pending {
		if t.asset >= 0 {
			t.miss = s.runner.Market().LogPrice(t.asset) - t.want
			s.shift[t.asset] = -t.miss
		}
		series = series || t.asset < 0
	}
	if !series {
		return
	}
	s.runner.Shift(s.shift)
	s.runner.Foretell(s.told)
	for _, t := range s.pending {
		if t.asset < 0 {
			t.miss = s.told[t.report] - t.want
		}
	}
}

// Unexplained implements [sim.Landing].
func (s *search) Unexplained(step int, returns []float64) {
	for a := range s.prices {
		t := &s.prices[a]
		if math.IsNaN(t.want) {
			continue
		}
		if rest := t.want - s.runner.Market().LogPrice(a); math.Abs(rest) > t.close {
			returns[a] = rest
			s.found.Unexplained[a][step] = rest
		}
	}
}
