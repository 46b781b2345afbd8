package main

import (
	"fmt"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/ebb-sim/ebb/sim/param"
)

// lights shows the lights of each recovery monitor, on the history and then on
// the chosen path, and how likely recovery is by each step.
func (s *sheet) lights() ([]picture, error) {
	var figures []plots.Figure
	for _, m := range s.Scenario.Monitors {
		rule, ok := m.Config.(*monitor.Recovery)
		if !ok {
			continue
		}
		recovery, err := s.recovery(m.Name())
		if err != nil {
			return nil, err
		}
		figure, err := plots.Lights(plots.LightsData{Frame: s.frame(upper(rule.Asset)+": three lights of a recovery", s.which()),
			Timeline: s.line, Events: s.eventsOf(rule.Asset), Price: s.path(s.Base, s.asset(rule.Asset)), Lights: s.lamps(m.Name(), rule),
			Recovery: recovery, Interval: "95 % interval"})
		if err != nil {
			return nil, err
		}
		figures = append(figures, figure)
	}
	return numbered("lights", figures), nil
}

// lamps are the three lights along the time line, with what they judge.
func (s *sheet) lamps(name string, rule *monitor.Recovery) []plots.Light {
	judged := func(quantity string, of func(monitor.State) float64) []float64 { return s.judged(name, quantity, of) }
	return []plots.Light{
		{Name: "Coinbase premium", Unit: plots.Percent, Rule: fmt.Sprintf("on after %d days above 0", rule.PremiumDays),
			On:    judged("premium", func(state monitor.State) float64 { return state.Premium.Value() }),
			Value: s.seen(mechanism.PremiumSeries(rule.Asset))},
		{Name: fmt.Sprintf("ETF flows, sum of %d weeks", rule.FlowWeeks), Unit: plots.USD, Rule: "on above 0",
			On:    judged("flows", func(state monitor.State) float64 { return state.Flows.Value() }),
			Value: judged("flow_sum", func(state monitor.State) float64 { return state.FlowSum })},
		{Name: fmt.Sprintf("Basis, standard deviation over %d days", rule.BasisDays), Unit: plots.Percent,
			Rule: "on below " + param.Format("rate", rule.BasisSD), Threshold: rule.BasisSD,
			On:    judged("basis", func(state monitor.State) float64 { return state.Basis.Value() }),
			Value: judged("basis_sd", func(state monitor.State) float64 { return state.BasisSD })},
	}
}

// seen is a series along the time line: observed, and simulated from the start
// on where a mechanism publishes it.
func (s *sheet) seen(name string) []float64 {
	if joined := s.joined(name); joined != nil {
		return joined
	}
	return s.lived(s.observed(name))
}

// judged is a monitor's series along the time line: on the history what it shows
// there, and from the start on what it publishes, if it does.
func (s *sheet) judged(name, quantity string, of func(monitor.State) float64) []float64 {
	list := s.absent()
	for _, w := range s.Watches {
		if w.Name != name {
			continue
		}
		for i := range list {
			if row := s.Base.Case.Start - s.history + i; row < len(w.States) {
				list[i] = of(w.States[row])
			}
		}
	}
	s.lived(list)
	if steps := report(s.Base, name+"."+quantity); steps != nil {
		copy(list[s.history+1:], steps)
	}
	return list
}

// lived keeps what was observed on the path that is shown: a replay lives through
// the whole history, a simulation leaves it at the start.
func (s *sheet) lived(list []float64) []float64 {
	if s.Scenario.Simulate == nil {
		return list
	}
	return s.before(list)
}

// recovery is the probability of recovery by step, in the base and in the first
// run it is compared with.
func (s *sheet) recovery(name string) ([]plots.ProbabilityRun, error) {
	if !s.Spread() {
		return nil, nil
	}
	var list []plots.ProbabilityRun
	for i, run := range s.Runs()[:min(2, len(s.Variants)+1)] {
		if report(run, name+".recovered") == nil {
			continue // a variant may be without the monitor
		}
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
