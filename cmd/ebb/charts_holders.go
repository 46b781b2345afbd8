package main

import (
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/stats"
)

// treasuries draws the holders of each asset.
func (s *sheet) treasuries() ([]picture, error) {
	var list []picture
	for a, asset := range s.assets {
		holders := s.holders(a, asset)
		if len(holders) == 0 {
			continue
		}
		figure, err := plots.Treasuries(plots.TreasuriesData{
			Frame:    s.frame("Holders of "+upper(asset)+" as the price falls", s.which()),
			Timeline: s.line, Events: s.events, Price: s.path(s.Base, a), Holders: holders})
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("treasuries", a), figure})
	}
	return list, nil
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
					list = append(list, s.borrower(h))
				}
			}
		}
	}
	return list
}

func (s *sheet) company(a int, h mechanism.Company) plots.Holder {
	out := plots.Holder{Name: h.Name, AverageCost: s.holding(h.Name, "average_cost"),
		UnrealisedPnL: s.holding(h.Name, "unrealised_pnl"), Holdings: s.holding(h.Name, "units")}
	if h.CovenantLTV != nil {
		ltv := s.holding(h.Name, "ltv")
		price := s.path(s.Base, a)
		out.LiquidationPrice = s.absent()
		for i := range ltv {
			out.LiquidationPrice[i] = ltv[i] * price[i] / *h.CovenantLTV
		}
	}
	return out
}

func (s *sheet) borrower(h mechanism.Borrower) plots.Holder {
	return plots.Holder{Name: h.Name, LiquidationPrice: s.holding(h.Name, "liquidation_price"),
		HealthFactor: s.holding(h.Name, "health_factor"), UnrealisedPnL: s.holding(h.Name, "unrealised_pnl"),
		Holdings: s.holding(h.Name, "units")}
}

// holding is a holder's published series along the time line.
func (s *sheet) holding(holder, quantity string) []float64 {
	for i, r := range s.Base.Path.Plan.Reports() {
		if strings.HasPrefix(r.Title, holder+": ") && strings.HasSuffix(r.Name, "."+quantity) {
			return s.future(s.Base.Path.Reports[i])
		}
	}
	return nil
}

// distribution shows the first outcome over the paths.
func (s *sheet) distribution() ([]picture, error) {
	if !s.Random() || len(s.Outcomes) == 0 {
		return nil, nil
	}
	o := s.Outcomes[0]
	values := s.Base.Ensemble.Values[0]
	d := plots.DistributionData{Frame: s.frame(o.Title+" over all paths", "share of "+grouped(len(values))+" paths"),
		Unit: unitOfChart(o.Unit), Outcomes: values, Name: s.Base.Label,
		Marks: []plots.Statistic{{Name: "median", Value: o.Cases[0].Median.Value}}}
	if v, err := stats.ValueAtRisk(values, .05); err == nil {
		d.Marks = append(d.Marks, plots.Statistic{Name: "VaR 5 %", Value: v})
	}
	if v, err := stats.ExpectedShortfall(values, .05); err == nil {
		d.Marks = append(d.Marks, plots.Statistic{Name: "CVaR 5 %", Value: v})
	}
	if other, ok := s.against(); ok && len(o.Cases) > 1 && o.Cases[1].Run == other.Label {
		d.Counterfactual, d.Without = other.Ensemble.Values[0], other.Label
	}
	figure, err := plots.Distribution(d)
	return []picture{{"distribution", figure}}, err
}

func unitOfChart(unit string) plots.Unit {
	switch sim.ReportUnit(unit) {
	case sim.Fraction:
		return plots.Percent
	case sim.USD, sim.USDCoin:
		return plots.USD
	}
	return plots.Number
}
