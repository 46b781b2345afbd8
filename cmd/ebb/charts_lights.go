package main

import (
	"fmt"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/ebb-sim/ebb/sim/param"
)

// lights shows the lights of each recovery monitor, on the history and then on
// the chosen path, and how likely recovery is by each step.
func (s *sheet) lights() ([]picture, error) {
	var list []picture
	for i, m := range s.Scenario.Monitors {
		rule, ok := m.Config.(*monitor.Recovery)
		if !ok {
			continue
		}
		d := plots.LightsData{Frame: s.frame(upper(rule.Asset)+": three lights of a recovery", s.which()), Timeline: s.line, Events: s.eventsOf(rule.Asset),
			Price: s.path(s.Base, s.asset(rule.Asset)), Interval: "95 % interval"}
		d.Lights = s.lamps(m.Name(), rule)
		var err error
		if d.Recovery, err = s.recovery(m.Name()); err != nil {
			return nil, err
		}
		figure, err := plots.Lights(d)
		if err != nil {
			return nil, err
		}
		name := "lights"
		if len(s.Scenario.Monitors) > 1 {
			name = fmt.Sprintf("lights-%d", i+1)
		}
		list = append(list, picture{name, figure})
	}
	return list, nil
}

// lamps are the three lights along the time line, with what they judge.
func (s *sheet) lamps(name string, rule *monitor.Recovery) []plots.Light {
	premium := plots.Light{Name: "Coinbase premium", Unit: plots.Percent, Value: s.seen(mechanism.PremiumSeries(rule.Asset)),
		Rule: fmt.Sprintf("on after %d days above 0", rule.PremiumDays)}
	flows := plots.Light{Name: fmt.Sprintf("ETF flows, sum of %d weeks", rule.FlowWeeks), Unit: plots.USD, Rule: "on above 0",
		Value: s.judged(name+".flow_sum", func(state monitor.State) float64 { return state.FlowSum })}
	basis := plots.Light{Name: fmt.Sprintf("Basis, standard deviation over %d days", rule.BasisDays), Unit: plots.Percent, Threshold: rule.BasisSD,
		Rule:  "on below " + param.Format("rate", rule.BasisSD),
		Value: s.judged(name+".basis_sd", func(state monitor.State) float64 { return state.BasisSD })}
	premium.On = s.judged(name+".premium", func(state monitor.State) float64 { return state.Premium.Value() })
	flows.On = s.judged(name+".flows", func(state monitor.State) float64 { return state.Flows.Value() })
	basis.On = s.judged(name+".basis", func(state monitor.State) float64 { return state.Basis.Value() })
	return []plots.Light{premium, flows, basis}
}

// seen is a series along the time line: observed, and simulated from the start
// on where a mechanism publishes it.
func (s *sheet) seen(name string) []float64 {
	if joined := s.joined(name); joined != nil {
		return joined
	}
	return s.observed(name)
}

// judged is a monitor's series along the time line: on the history what it shows
// there, and from the start on what it publishes, if it does.
func (s *sheet) judged(name string, of func(monitor.State) float64) []float64 {
	list := s.absent()
	for _, w := range s.Watches {
		if !strings.HasPrefix(name, w.Name+".") {
			continue
		}
		for i := range list {
			if row := s.Base.Case.Start - s.history + i; row < len(w.States) {
				list[i] = of(w.States[row])
			}
		}
	}
	if steps := report(s.Base, name); steps != nil {
		copy(list[s.history+1:], steps)
	}
	return list
}

// recovery is the probability of recovery by step, in the base and in the first
// run it is compared with.
func (s *sheet) recovery(name string) ([]plots.ProbabilityRun, error) {
	if !s.Spread() || report(s.Base, name+".recovered") == nil {
		return nil, nil
	}
	var list []plots.ProbabilityRun
	for i, run := range s.Runs()[:min(2, len(s.Variants)+1)] {
		shares, err := run.Ensemble.Share(name+".recovered", study.Level)
		if err != nil {
			return nil, err
		}
		r := plots.ProbabilityRun{Name: run.Label, Values: s.absent(), Low: s.absent(), High: s.absent()}
		if i > 0 {
			r.Kind = "counterfactual"
		}
		for k, share := range shares {
			r.Values[s.history+k], r.Low[s.history+k], r.High[s.history+k] = share.Value, share.Low, share.High
		}
		if !allAbsent(r.Values) {
			list = append(list, r)
		}
	}
	return list, nil
}
