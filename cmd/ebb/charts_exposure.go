package main

import (
	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// worth is what a holding was worth by the observed price of its shares; nil
// where the scenario names none.
func (s *sheet) worth(h mechanism.Shareholder) []float64 {
	if h.Share == "" {
		return nil
	}
	list := s.observed(scenarios.PriceSeries(h.Share))
	start := list[s.history]
	for i := range list {
		list[i] *= h.Value / start
	}
	return list
}

// exposure shows what each indirect holding is worth and what it loses by, unless
// nothing changes it.
func (s *sheet) exposure() ([]picture, error) {
	var figures []plots.Figure
	s = s.since(0) // what the shares were worth before is not said
	for _, h := range s.shareholders() {
		value, steps := s.published(mechanism.HolderSeries(h.Name, "value")), s.losses(h.Name)
		if allAbsent(value) || len(steps) == 0 {
			continue
		}
		figure, err := plots.Exposure(plots.ExposureData{Frame: s.frame(h.Name+": what its shares of "+h.Company+" lose by", s.which()),
			Timeline: s.line, Events: s.events, Value: value, Name: "Value of the shares", Steps: steps,
			Observed: s.worth(h), ObservedName: s.historyName()})
		if err != nil {
			return nil, err
		}
		figures = append(figures, figure)
	}
	return numbered("exposure", figures), nil
}

// shareholders are all who hold shares of treasuries.
func (s *sheet) shareholders() []mechanism.Shareholder {
	var list []mechanism.Shareholder
	for _, m := range s.Scenario.Mechanisms {
		if c, ok := m.Config.(*mechanism.Exposure); ok {
			list = append(list, c.Holders...)
		}
	}
	return list
}

// losses are what has changed the value of a holder's shares by the end.
func (s *sheet) losses(holder string) []plots.Step {
	var list []plots.Step
	for _, by := range []struct{ series, name string }{{"loss_price", "price of the coins"}, {"loss_mnav", "multiple paid for them"},
		{"loss_leverage", "debt and preferred shares before them"}, {"loss_accretion", "shares issued"}} {
		present := presentOnly(s.published(mechanism.HolderSeries(holder, by.series)))
		if n := len(present); n > 0 && present[n-1] != 0 {
			list = append(list, plots.Step{Name: by.name, Value: present[n-1]})
		}
	}
	return list
}
