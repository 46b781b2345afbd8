package main

import (
	"fmt"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// reclaim shows the paths that close above a technical level and those that do
// not.
func (s *sheet) reclaim() ([]picture, error) {
	if !s.Spread() {
		return nil, nil
	}
	var list []picture
	for _, m := range s.Scenario.Mechanisms {
		level, ok := m.Config.(*mechanism.Level)
		if !ok {
			continue
		}
		a := s.asset(level.Asset)
		figure, err := s.reclaimOf(a, level)
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("reclaim", a), figure})
	}
	return list, nil
}

func (s *sheet) reclaimOf(a int, level *mechanism.Level) (plots.Figure, error) {
	reclaimed, err := s.Base.Ensemble.Last(level.Asset + ".level_reclaimed")
	if err != nil {
		return plots.Figure{}, err
	}
	series := scenarios.PriceSeries(level.Asset)
	d := plots.ReclaimData{Frame: s.frame(fmt.Sprintf("%s: paths that close above %s, and those that do not", upper(level.Asset), money(level.Price)),
		"USD per coin, "+s.keptPaths()),
		Timeline: s.line, Events: s.eventsOf(level.Asset), Level: level.Price, History: s.before(s.observed(series)),
		Observed: s.from(s.observed(series)), ObservedName: s.historyName()}
	if d.Reclaimed, err = s.group(series, func(path int) bool { return reclaimed[path] == 1 }); err != nil {
		return plots.Figure{}, err
	}
	if d.Not, err = s.group(series, func(path int) bool { return reclaimed[path] != 1 }); err != nil {
		return plots.Figure{}, err
	}
	return plots.Reclaim(d)
}

// group is the distribution of a series over some of the base's paths, as far as they
// are kept.
func (s *sheet) group(series string, keep func(path int) bool) (plots.PathGroup, error) {
	count := 0
	for i := range s.Base.Ensemble.Kept() {
		if keep(i) {
			count++
		}
	}
	g := plots.PathGroup{Share: float64(count) / float64(s.Base.Ensemble.Kept())}
	if count == 0 {
		return g, nil
	}
	fan, err := s.Base.Ensemble.FanWhere(series, fanned, keep)
	if err != nil {
		return g, err
	}
	lines := s.lines(fan)
	g.Bands, g.Median = banded(lines), lines[len(bands)]
	return g, nil
}
