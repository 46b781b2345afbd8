package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/montecarlo"
)

// against is the run that charts compare the base with: the first variant.
func (s *sheet) against() (study.Run, bool) {
	if len(s.Variants) == 0 {
		return study.Run{}, false
	}
	return s.Variants[0], true
}

// mechanism is the kind of what the first comparison leaves out or changes, for
// its colour; that of the first mechanism where this is none.
func (s *sheet) mechanism() string {
	list := s.Scenario.Mechanisms
	if len(list) == 0 {
		return ""
	}
	if len(s.Scenario.Compare) > 0 {
		for _, m := range list {
			if touches(s.Scenario.Compare[0], m) {
				return m.Kind
			}
		}
	}
	return list[0].Kind
}

// touches tells whether a comparison leaves a mechanism out or changes it.
func touches(c scenarios.Compare, m scenarios.Mechanism) bool {
	if slices.Contains(c.Without, m.Name()) {
		return true
	}
	return slices.ContainsFunc(c.With, func(o scenarios.Override) bool { return names(o.Key, m) })
}

// names tells whether the path of a parameter leads to a mechanism.
func names(path string, m scenarios.Mechanism) bool {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "mechanisms."), ".")
	return name == m.Name() || name == m.Kind
}

func (s *sheet) price() ([]picture, error) {
	var list []picture
	for a, asset := range s.assets {
		d := plots.PriceData{Frame: s.frame(s.Scenario.Title, upper(asset)+", "+s.perUnit(asset)+", "+s.which()),
			Timeline: s.line, Events: s.eventsOf(asset), Price: s.path(s.Base, a), Name: s.Base.Label, Mechanism: s.mechanism(), Between: s.between()}
		if other, ok := s.against(); ok {
			d.Counterfactual, d.Without = s.from(s.path(other, a)), other.Label
			if !distinct(s.Base.Path.LogPrice[a], other.Path.LogPrice[a]) {
				d.Counterfactual, d.Name = nil, ""
				d.Subtitle += "; " + other.Label + ": less than 0.2 % apart"
			}
		}
		if s.Scenario.Simulate == nil && s.Identified == nil { // a replay without mechanisms: the market's own path beside it
			d.Observed, d.ObservedName = s.observed(scenarios.PriceSeries(asset)), s.historyName()
		}
		figure, err := plots.Price(d)
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("price", a), figure})
	}
	return list, nil
}

// between is what lies between the base and what the first comparison gives:
// feedback where that leaves mechanisms or their answer to prices out, and else no
// more than a difference.
func (s *sheet) between() string {
	c := s.Scenario.Compare
	if len(c) == 0 || len(c[0].With) > 0 && (len(c[0].Without) > 0 || !onlyResponse(c[0])) {
		return "difference"
	}
	return "feedback"
}

// onlyResponse tells whether a comparison does no more than switch off answers to
// prices.
func onlyResponse(c scenarios.Compare) bool {
	return !slices.ContainsFunc(c.With, func(o scenarios.Override) bool { return !strings.HasSuffix(o.Key, ".response") || o.Value != "0" })
}

// distinct tells whether two paths of log prices can be told apart on paper.
func distinct(a, b []float64) bool {
	for k := range a {
		if math.Abs(a[k]-b[k]) > .002 {
			return true
		}
	}
	return false
}

// historyName is what the history is called after the start: data that are not
// the market's were not observed.
func (s *sheet) historyName() string {
	if s.status != "" {
		return "history"
	}
	return "observed"
}

// fanned are the quantiles of a fan, from its lower edge to the upper; what lies
// between the first and the last is the first of the bands, and so on inwards.
var (
	fanned = []float64{.05, .25, .5, .75, .95}
	bands  = []string{"5–95 %", "25–75 %"}
)

func (s *sheet) fan() ([]picture, error) {
	if !s.Spread() {
		return nil, nil
	}
	var list []picture
	for a, asset := range s.assets {
		series := scenarios.PriceSeries(asset)
		d := plots.FanData{Frame: s.frame(upper(asset)+": range of simulated prices",
			fmt.Sprintf("%s, %s paths", s.perUnit(asset), grouped(s.Base.Ensemble.Paths))),
			Timeline: s.line, Events: s.eventsOf(asset), Unit: plots.USD,
			History: s.before(s.observed(series)), Observed: s.from(s.observed(series)), ObservedName: s.historyName()}
		lines, err := s.quantiles(s.Base, series, fanned)
		if err != nil {
			return nil, err
		}
		d.Bands, d.Median = banded(lines), lines[len(bands)]
		if other, ok := s.against(); ok {
			without, err := s.quantiles(other, series, []float64{.5})
			if err != nil {
				return nil, err
			}
			d.Counterfactual = without[0]
			d.Without = "median " + other.Label
		}
		figure, err := plots.Fan(d)
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("fan", a), figure})
	}
	return list, nil
}

// quantiles are those of a run's series along the time line, a line for each
// probability.
func (s *sheet) quantiles(run study.Run, series string, probabilities []float64) ([][]float64, error) {
	fan, err := run.Ensemble.Fan(series, probabilities)
	if err != nil {
		return nil, err
	}
	return s.lines(fan), nil
}

// lines lays a fan along the time line.
func (s *sheet) lines(fan *montecarlo.Fan) [][]float64 {
	lines := make([][]float64, len(fan.Probabilities))
	for i := range lines {
		lines[i] = s.absent()
		for k, q := range fan.Quantiles {
			lines[i][s.history+k] = q[i]
		}
	}
	return lines
}

// banded are the bands that the lines of a fan enclose.
func banded(lines [][]float64) []plots.Band {
	var list []plots.Band
	for i, label := range bands {
		list = append(list, plots.Band{Label: label, Low: lines[i], High: lines[len(lines)-1-i]})
	}
	return list
}

func (s *sheet) drawdown() ([]picture, error) {
	whole := s.since(s.Base.Case.Start) // the highest close may lie before the window of the other charts
	var list []picture
	for a, asset := range s.assets {
		figure, err := plots.Drawdown(plots.DrawdownData{
			Frame:    s.frame(upper(asset)+": fall from the highest price so far", "%, of the prices at each step; "+s.which()),
			Timeline: whole.line, Events: whole.eventsOf(asset), Price: whole.path(s.Base, a)})
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("drawdown", a), figure})
	}
	return list, nil
}
