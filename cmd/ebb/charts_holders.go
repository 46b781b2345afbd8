package main

import (
	"slices"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/stats"
)

// treasuries draws the holders of each asset.
func (s *sheet) treasuries() ([]picture, error) {
	s = s.since(min(s.history, s.steps/3)) // only the price is known before the start
	var list []picture
	for a, asset := range s.assets {
		holders := s.holders(asset)
		if len(holders) == 0 {
			continue
		}
		figure, err := plots.Treasuries(plots.TreasuriesData{
			Frame:    s.frame("Holders of "+upper(asset)+": "+shows(holders), s.which()),
			Timeline: s.line, Events: s.eventsOf(asset), Price: s.path(s.Base, a), Holders: holders, TargetHealth: s.targetHealth(asset)})
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("treasuries", a), figure})
	}
	return list, nil
}

// shows says what a chart of holders holds.
func shows(holders []plots.Holder) string {
	if slices.ContainsFunc(holders, func(h plots.Holder) bool { return h.HealthFactor != nil }) {
		return "cost, health and holdings"
	}
	return "cost, result and holdings"
}

// targetHealth is the health factor that the borrowers of an asset defend, or 0
// where they defend none or several.
func (s *sheet) targetHealth(asset string) float64 {
	target := 0.0
	for _, m := range s.Scenario.Mechanisms {
		c, ok := m.Config.(*mechanism.Collateral)
		if !ok || c.Asset != asset {
			continue
		}
		for _, h := range c.Holders {
			own := c.TargetHF
			if h.TargetHF != nil {
				own = *h.TargetHF
			}
			if target != 0 && own != target {
				return 0
			}
			target = own
		}
	}
	return target
}

// companiesOf are the treasuries of an asset.
func (s *sheet) companiesOf(asset string) []mechanism.Company {
	var list []mechanism.Company
	for _, m := range s.Scenario.Mechanisms {
		if c, ok := m.Config.(*mechanism.Treasury); ok && c.Asset == asset {
			list = append(list, c.Holders...)
		}
	}
	return list
}

// holders gathers what the mechanisms of an asset publish about each holder.
func (s *sheet) holders(asset string) []plots.Holder {
	var list []plots.Holder
	for _, m := range s.Scenario.Mechanisms {
		switch c := m.Config.(type) {
		case *mechanism.Treasury:
			if c.Asset == asset {
				for _, h := range c.Holders {
					list = append(list, s.company(h.Name))
				}
			}
		case *mechanism.Collateral:
			if c.Asset == asset {
				for _, h := range c.Holders {
					list = append(list, s.borrower(h.Name))
				}
			}
		}
	}
	return list
}

func (s *sheet) company(name string) plots.Holder {
	h := s.holder(name)
	h.LiquidationName, h.LiquidationPrice = "covenant", s.published(mechanism.HolderSeries(name, "margin_price"))
	return h
}

func (s *sheet) borrower(name string) plots.Holder {
	h := s.holder(name)
	h.LiquidationPrice = s.published(mechanism.HolderSeries(name, "liquidation_price"))
	h.HealthFactor = s.published(mechanism.HolderSeries(name, "health_factor"))
	return h
}

// holder is what companies and borrowers have in common.
func (s *sheet) holder(name string) plots.Holder {
	return plots.Holder{Name: name, AverageCost: s.published(mechanism.HolderSeries(name, "average_cost")),
		UnrealisedPnL: s.published(mechanism.HolderSeries(name, "unrealised_pnl")), Holdings: s.published(mechanism.HolderSeries(name, "units"))}
}

// distribution shows the first outcome over the paths.
func (s *sheet) distribution() ([]picture, error) {
	if !s.Spread() || len(s.Outcomes) == 0 || allAbsent(s.Base.Ensemble.Values[0]) {
		return nil, nil
	}
	o, values := s.Outcomes[0], s.Base.Ensemble.Values[0]
	over := " over all paths"
	if !s.Base.Ensemble.Listed() {
		over = " over many paths"
	}
	d := plots.DistributionData{Frame: s.frame(o.Title+over, firstOf(len(values), s.Base.Ensemble.Paths)),
		Unit: unitOfChart(o.Unit), Outcomes: values, Name: s.Base.Label,
		Marks: []plots.Statistic{{Name: "median", Value: o.Cases[0].Median.Value}}}
	if v, err := stats.ValueAtRisk(values, .05); err == nil {
		d.Marks = append(d.Marks, plots.Statistic{Name: "VaR 5 %", Value: v})
	}
	if v, err := stats.ExpectedShortfall(values, .05); err == nil {
		d.Marks = append(d.Marks, plots.Statistic{Name: "CVaR 5 %", Value: v})
	}
	if other, ok := s.against(); ok && len(o.Cases) > 1 && o.Cases[1].Run == other.Label && !slices.Equal(values, other.Ensemble.Values[0]) {
		d.Counterfactual, d.Without = other.Ensemble.Values[0], other.Label
	}
	figure, err := plots.Distribution(d)
	return []picture{{"distribution", figure}}, err
}

func unitOfChart(unit string) plots.Unit {
	switch sim.ReportUnit(unit) {
	case sim.Fraction, sim.Flag:
		return plots.Percent
	case sim.USD, sim.USDCoin:
		return plots.USD
	}
	return plots.Number
}
