package main

import (
	"math"
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
		holders := s.holders(a, asset)
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
// The level at the start is the scenario's, and each later one the path's.
func (s *sheet) holders(a int, asset string) []plots.Holder {
	var list []plots.Holder
	for _, m := range s.Scenario.Mechanisms {
		switch c := m.Config.(type) {
		case *mechanism.Treasury:
			if c.Asset == asset {
				for _, h := range c.Holders {
					list = append(list, s.company(a, h))
				}
			}
		case *mechanism.Collateral:
			if c.Asset == asset {
				for _, h := range c.Holders {
					list = append(list, s.borrower(a, h))
				}
			}
		}
	}
	return list
}

func (s *sheet) company(a int, h mechanism.Company) plots.Holder {
	price := s.Base.Path.Price(a, 0)
	out := plots.Holder{Name: h.Name, AverageCost: s.holding(h.Name, "average_cost", h.AverageCost),
		UnrealisedPnL: s.holding(h.Name, "unrealised_pnl", h.Units*(price-h.AverageCost)), Holdings: s.holding(h.Name, "units", h.Units)}
	if at, bound := h.MarginPrice(); bound {
		out.LiquidationName, out.LiquidationPrice = "covenant", s.holding(h.Name, "margin_price", at)
	}
	return out
}

func (s *sheet) borrower(a int, h mechanism.Borrower) plots.Holder {
	price := s.Base.Path.Price(a, 0)
	out := plots.Holder{Name: h.Name, LiquidationPrice: s.holding(h.Name, "liquidation_price", h.LiquidationPrice()),
		HealthFactor: s.holding(h.Name, "health_factor", h.HealthFactor(price)), Holdings: s.holding(h.Name, "units", h.Units)}
	if h.AverageCost != nil {
		out.AverageCost = s.holding(h.Name, "average_cost", *h.AverageCost)
		out.UnrealisedPnL = s.holding(h.Name, "unrealised_pnl", h.Units*(price-*h.AverageCost))
	}
	return out
}

// holding is a holder's published series along the time line, from what the
// scenario says of the starting close.
func (s *sheet) holding(holder, quantity string, start float64) []float64 {
	steps := report(s.Base, mechanism.HolderSeries(holder, quantity))
	if steps == nil {
		return nil
	}
	list := s.future(steps)
	if !math.IsInf(start, 0) { // no debt, no ratio
		list[s.history] = start
	}
	return list
}

// distribution shows the first outcome over the paths.
func (s *sheet) distribution() ([]picture, error) {
	if !s.Spread() || len(s.Outcomes) == 0 {
		return nil, nil
	}
	o := s.Outcomes[0]
	values := s.Base.Ensemble.Values[0]
	d := plots.DistributionData{Frame: s.frame(o.Title+" over all paths", grouped(len(values))+" paths"),
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
