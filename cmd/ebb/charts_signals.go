package main

import (
	"math"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// Charts of what a desk watches beside the price: basis, premium, levels.

// split tells investors' fund flow from that of arbitrage.
func (s *sheet) split() ([]picture, error) {
	s = s.since(min(s.history, s.steps/3)) // enough of the basis before the start
	var list []picture
	for a, asset := range s.assets {
		arbitrage, all := s.published(asset+".arbitrage_flow"), s.published(mechanism.FlowSeries(asset))
		if allAbsent(arbitrage) || allAbsent(all) {
			continue
		}
		own := make([]float64, len(all))
		for i := range own {
			own[i] = all[i] - arbitrage[i]
		}
		d := plots.SplitData{Frame: s.frame(upper(asset)+": part of the ETF flow is arbitrage, and presses on no price", s.which()),
			Timeline: s.line, Events: s.eventsOf(asset), Name: "ETF net flow", Discretionary: own, Arbitrage: arbitrage, Basis: s.joined(mechanism.BasisSeries(asset))}
		if c := s.carry(asset); c != nil {
			d.Hurdle = s.constant(c.RiskFree + c.Cost)
		}
		figure, err := plots.Split(d)
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("split", a), figure})
	}
	return list, nil
}

// carry is the cash-and-carry mechanism of an asset, or nil.
func (s *sheet) carry(asset string) *mechanism.Carry {
	for _, m := range s.Scenario.Mechanisms {
		if c, ok := m.Config.(*mechanism.Carry); ok && c.Asset == asset {
			return c
		}
	}
	return nil
}

// levels shows basis and premium with and without what the first comparison
// changes, and the multiples of treasuries with what they buy.
func (s *sheet) levels() ([]picture, error) {
	s = s.since(s.recalled())
	d := plots.LevelsData{Timeline: s.line, Events: s.events}
	var shown []string
	for _, asset := range s.assets {
		basis := s.levelPanel(upper(asset)+": annualised futures basis, %", mechanism.BasisSeries(asset))
		if c := s.carry(asset); c != nil {
			basis.Thresholds = []plots.Threshold{{Name: "hurdle", Value: c.RiskFree + c.Cost}}
		}
		premium := s.levelPanel(upper(asset)+": Coinbase premium, %", mechanism.PremiumSeries(asset))
		premium.Zero = true
		multiple, bought := s.treasuryPanels(asset)
		for _, k := range []struct {
			name  string
			panel plots.LevelPanel
		}{{"basis", basis}, {"premium", premium}, {"multiple of treasuries", multiple}, {"what treasuries buy", bought}} {
			if len(k.panel.Series) > 0 && !slices.Contains(shown, k.name) {
				shown = append(shown, k.name)
			}
		}
		for _, p := range []plots.LevelPanel{basis, premium, multiple, bought} {
			if len(p.Series) > 0 {
				d.Panels = append(d.Panels, p)
			}
		}
	}
	if len(d.Panels) == 0 {
		return nil, nil
	}
	title := shown[len(shown)-1]
	if len(shown) > 1 {
		title = strings.Join(shown[:len(shown)-1], ", ") + " and " + title
	}
	d.Frame = s.frame(upperFirst(title), s.which())
	figure, err := plots.Levels(d)
	return []picture{{"levels", figure}}, err
}

// recalled is how many rows of history are worth showing: none where no basis and
// no premium was observed.
func (s *sheet) recalled() int {
	for _, asset := range s.assets {
		if !allAbsent(s.observed(mechanism.BasisSeries(asset))) || !allAbsent(s.observed(mechanism.PremiumSeries(asset))) {
			return s.history
		}
	}
	return 0
}

// levelPanel is a published fraction with its history, and under it that of the
// first comparison where it differs; without series where nobody publishes it.
func (s *sheet) levelPanel(heading, name string) plots.LevelPanel {
	p := plots.LevelPanel{Heading: heading, Unit: plots.Percent}
	steps := report(s.Base, name)
	if allAbsent(steps) {
		return p
	}
	if other, ok := s.against(); ok {
		if beside := report(other, name); beside != nil && apart(beside, steps) {
			p.Series = append(p.Series, plots.LevelSeries{Name: other.Label, Kind: "counterfactual", Values: s.future(beside), Beside: true})
		}
	}
	p.Series = append(p.Series, plots.LevelSeries{Name: s.Base.Label, Values: s.joined(name)})
	return p
}

// apart tells whether a series differs from another, which has a value, by more
// than a line is wide: a hundredth of the other's range.
func apart(a, b []float64) bool {
	present := presentOnly(b)
	limit := (slices.Max(present) - slices.Min(present)) / 100
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= limit) && (a[i] == a[i] || b[i] == b[i]) {
			return true
		}
	}
	return false
}

// treasuryPanels are mNAV and the running sum of purchases by company; without
// series where no company issues shares.
func (s *sheet) treasuryPanels(asset string) (multiple, bought plots.LevelPanel) {
	multiple = plots.LevelPanel{Heading: upper(asset) + ": mNAV of treasuries", Unit: plots.Number, Thresholds: []plots.Threshold{{Name: "no premium", Value: 1}}}
	bought = plots.LevelPanel{Heading: upper(asset) + ": bought since the start with new shares, USD", Unit: plots.USD, Zero: true}
	for _, h := range s.companiesOf(asset) {
		values := s.published(mechanism.HolderSeries(h.Name, "mnav"))
		if allAbsent(values) {
			continue
		}
		multiple.Series = append(multiple.Series, plots.LevelSeries{Name: h.Name, Kind: "treasury", Values: values})
		spent, sum := s.published(mechanism.HolderSeries(h.Name, "bought")), 0.0
		for i, usd := range spent {
			if i >= s.history && usd == usd {
				sum += usd
			}
			if i >= s.history {
				spent[i] = sum
			}
		}
		if sum > 0 {
			bought.Series = append(bought.Series, plots.LevelSeries{Name: h.Name, Kind: "treasury", Values: spent})
		}
	}
	return multiple, bought
}
