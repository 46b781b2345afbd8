package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/sim/replay"
)

// Charts of who caused what: shares of an outcome, and how close the market came
// to tipping over.

// attribution leads from the news to each outcome by the mechanisms' shares: of
// the path or of the mean, and where there are many paths of the worst of them.
func (s *sheet) attribution() ([]picture, error) {
	if s.Attribution == nil {
		return nil, nil
	}
	of := s.which()
	if s.Attribution.Worst != nil {
		of = "mean of " + counted(s.Attribution.Paths, "path")
	}
	var figures []plots.Figure
	add := func(list []replay.Attributed, of string) error {
		for _, o := range list {
			if o.Refused != "" {
				continue
			}
			figure, err := s.waterfall(o, of)
			if err != nil {
				return err
			}
			figures = append(figures, figure)
		}
		return nil
	}
	if err := add(s.Attribution.Outcomes, of); err != nil {
		return nil, err
	}
	if w := s.Attribution.Worst; w != nil {
		if err := add(w.Outcomes, "mean of the worst "+counted(len(w.Paths), "path")+" by "+w.By); err != nil {
			return nil, err
		}
	}
	return numbered("attribution", figures), nil
}

func (s *sheet) waterfall(o replay.Attributed, of string) (plots.Figure, error) {
	d := plots.WaterfallData{Frame: s.frame(upperFirst(o.Title)+": what is news, and what the market did to itself", "Shapley value of each mechanism; "+of),
		Unit: unitOfChart(o.Unit), StartName: "news", Start: o.News.Value, EndName: "total", End: o.Total.Value}
	for _, share := range o.Shares {
		step := plots.Step{Name: readable(share.Player), Kind: s.kindNamed(share.Player), Value: share.Shapley.Value}
		if share.Shapley.Low < share.Shapley.High {
			step.Range = plots.Range{Low: share.Shapley.Low, High: share.Shapley.High}
		}
		d.Steps = append(d.Steps, step)
	}
	return plots.Waterfall(d)
}

// reverse shows the price under the smallest shock that passes the threshold,
// beside the path as it was.
func (s *sheet) reverse() ([]picture, error) {
	if s.Reverse == nil {
		return nil, nil
	}
	var list []picture
	for a, asset := range s.assets {
		if !distinct(s.Reverse.Path.LogPrice[a], s.Base.Path.LogPrice[a]) {
			continue
		}
		broken := s.Base
		broken.Path = s.Reverse.Path
		number := showNumber(s.Reverse.Unit)
		figure, err := plots.Price(plots.PriceData{
			Frame: s.frame(fmt.Sprintf("The smallest shock for %s %s %s", readable(s.Reverse.Outcome), s.Reverse.Passing, number(s.Reverse.Threshold)),
				upper(asset)+", "+s.perUnit(asset)+", "+s.which()),
			Timeline: s.line, Events: s.eventsOf(asset), Price: s.path(broken, a), Name: "with the shock found",
			Counterfactual: s.from(s.path(s.Base, a)), Without: s.Base.Label, Between: "difference", Mechanism: s.mechanism()})
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("reverse", a), figure})
	}
	return list, nil
}

// kindNamed is the kind of the mechanism with a label.
func (s *sheet) kindNamed(label string) string {
	label, _, _ = strings.Cut(label, ".")
	for _, m := range s.Scenario.Mechanisms {
		if m.Name() == label {
			return m.Kind
		}
	}
	return label
}

// fragility shows by how much the market would have multiplied a little more news,
// under the price.
func (s *sheet) fragility() ([]picture, error) {
	if s.Fragility == nil {
		return nil, nil
	}
	var list []picture
	for a, asset := range s.assets {
		multiplier, highest := s.future(s.Fragility.Multiplier[a]), 0.0
		for i, v := range multiplier {
			if math.IsInf(v, 0) {
				multiplier[i] = math.NaN() // a loop without end has no number; the note says so
			} else if v > highest {
				highest = v
			}
		}
		if highest < 1.03 {
			continue // next to nothing answers within a step
		}
		figure, err := plots.Levels(plots.LevelsData{
			Frame:    s.frame("How much the market multiplied the next bit of news: "+upper(asset), "change of the close over the change of the step's news; "+s.which()),
			Timeline: s.line, Events: s.eventsOf(asset),
			Panels: []plots.LevelPanel{
				{Heading: "Price, " + s.perUnit(asset), Unit: plots.USD, Series: []plots.LevelSeries{{Name: s.Base.Label, Values: s.path(s.Base, a)}}},
				{Heading: "Multiplier within the step; 1/(1−gain), without end where the gain reaches 1", Unit: plots.Number,
					Series:     []plots.LevelSeries{{Kind: s.mechanism(), Values: multiplier}},
					Thresholds: []plots.Threshold{{Name: "news alone", Value: 1}}},
			}})
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("fragility", a), figure})
	}
	return list, nil
}
