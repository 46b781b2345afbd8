package study

import (
	"math"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
)

// Watch is what a recovery monitor shows on the history.
type Watch struct {
	Name   string
	Rule   *monitor.Recovery
	States []monitor.State // by row of the panel
}

// watch puts every recovery monitor on the history, as far as that has a series
// for it.
func watch(s *scenarios.Scenario, panel *data.Panel) ([]Watch, error) {
	var list []Watch
	for _, m := range s.Monitors {
		rule, ok := m.Config.(*monitor.Recovery)
		if !ok || panel == nil || !observed(panel, rule) {
			continue
		}
		lights, err := rule.Watch(panel.Step())
		if err != nil {
			return nil, err
		}
		w := Watch{Name: m.Name(), Rule: rule}
		for i := range panel.Len() {
			w.States = append(w.States, lights.Step(monitor.Reading{
				Premium: own(panel, mechanism.PremiumSeries(rule.Asset), i),
				Flow:    own(panel, mechanism.FlowSeries(rule.Asset), i),
				Basis:   own(panel, mechanism.BasisSeries(rule.Asset), i)}))
		}
		list = append(list, w)
	}
	return list, nil
}

func observed(panel *data.Panel, rule *monitor.Recovery) bool {
	for _, name := range rule.Series() {
		if panel.Has(name) {
			return true
		}
	}
	return false
}

// own is a row's value of a series, NaN where it has none of its own.
func own(panel *data.Panel, name string, i int) float64 {
	if v, ok := panel.Value(name, i); ok && !panel.Carried(name, i) {
		return v
	}
	return math.NaN()
}
