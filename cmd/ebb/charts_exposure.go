package main

import (
	"fmt"

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

// exposure shows what an indirect holding is worth and what it loses by.
func (s *sheet) exposure() ([]picture, error) {
	var list []picture
	s = s.since(0) // what the shares were worth before is not said
	for _, m := range s.Scenario.Mechanisms {
		c, ok := m.Config.(*mechanism.Exposure)
		if !ok {
			continue
		}
		for i, h := range c.Holders {
			value := s.published(mechanism.HolderSeries(h.Name, "value"))
			if value == nil || allAbsent(value) {
				continue
			}
			d := plots.ExposureData{Frame: s.frame(h.Name+": what its shares of "+h.Company+" lose by", s.which()),
				Timeline: s.line, Events: s.eventsOf(c.Asset), Value: value, Name: "Value of the shares",
				Observed: s.worth(h), ObservedName: s.historyName()}
			for _, step := range []struct{ series, name string }{{"loss_price", "price of the coins"}, {"loss_mnav", "multiple paid for them"},
				{"loss_leverage", "debt and preferred shares before them"}, {"loss_accretion", "shares issued"}} {
				if change := last(s.published(mechanism.HolderSeries(h.Name, step.series))); change == change && change != 0 {
					d.Steps = append(d.Steps, plots.Step{Name: step.name, Value: change})
				}
			}
			figure, err := plots.Exposure(d)
			if err != nil {
				return nil, err
			}
			name := "exposure"
			if len(c.Holders) > 1 {
				name = fmt.Sprintf("exposure-%d", i+1)
			}
			list = append(list, picture{name, figure})
		}
	}
	return list, nil
}
