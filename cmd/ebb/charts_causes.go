package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

func (s *sheet) ledger() ([]picture, error) {
	path := s.Base.Path
	if len(path.Ledger.Rows) == 0 {
		return nil, nil
	}
	var list []picture
	for a, asset := range s.assets {
		d := plots.LedgerData{Frame: s.frame("Who moved "+upper(asset), "log return since the start, %, by cause, "+s.which()),
			Timeline: s.line, Events: s.eventsOf(asset), Price: s.path(s.Base, a), News: s.future(path.Ledger.News[a])}
		for i, row := range path.Ledger.Rows {
			moved := false
			for _, r := range path.Ledger.Return[i][a] {
				moved = moved || r != 0
			}
			if moved {
				d.Parts = append(d.Parts, plots.Part{Name: strings.ReplaceAll(strings.ReplaceAll(row.Label, ".", ": "), "_", " "),
					Kind: s.kindOf(row.Entry), Return: s.future(path.Ledger.Return[i][a])})
			}
		}
		if !visible(d.Parts) {
			continue
		}
		figure, err := plots.Ledger(d)
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("ledger", a), figure})
	}
	return list, nil
}

// visible tells whether what mechanisms have caused can be seen beside the news:
// a fifth of a percent at some step, all parts together.
func visible(parts []plots.Part) bool {
	if len(parts) == 0 {
		return false
	}
	sums := make([]float64, len(parts))
	for k := range parts[0].Return {
		size := 0.0
		for i, p := range parts {
			if r := p.Return[k]; r == r {
				sums[i] += r
			}
			size += math.Abs(sums[i])
		}
		if size > .002 {
			return true
		}
	}
	return false
}

// kindOf is the kind of the mechanism behind an entry of the plan.
func (s *sheet) kindOf(entry int) string {
	name := s.Base.Case.Plan.Entries[entry].Mechanism.Name()
	for _, m := range s.Scenario.Mechanisms {
		if m.Name() == name {
			return m.Kind
		}
	}
	return name
}

func (s *sheet) flows() ([]picture, error) {
	var list []picture
	for a, asset := range s.assets {
		flow, said := s.observed(mechanism.FlowSeries(asset)), s.historyName()
		if simulated := report(s.Base, mechanism.FlowSeries(asset)); simulated != nil {
			flow, said = s.before(flow), s.historyName()+" before the start, simulated after it: "+s.which()
			copy(flow[s.history+1:], simulated)
		}
		if allAbsent(flow) {
			continue
		}
		figure, err := plots.Flows(plots.FlowsData{
			Frame:    s.frame(upper(asset)+": ETF net flow", said),
			Timeline: s.line, Events: s.eventsOf(asset), Flow: flow, Name: "Net flow by session, USD"})
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("flows", a), figure})
	}
	return list, nil
}

func (s *sheet) response() ([]picture, error) {
	var list []picture
	for _, i := range s.Impulses {
		base := i.Curves[0]
		if i.Plain() {
			continue
		}
		with := base.Response[i.Step:]
		with = with[:shown(with)]
		title := fmt.Sprintf("News of %s in %s becomes %s", percent(study.Nudge), upper(i.Asset), percent(base.Multiplier*study.Nudge))
		multiplier := fmt.Sprintf("multiplier %.3f", base.Multiplier)
		if !base.Settled {
			title = fmt.Sprintf("How %s answers to news of %s", upper(i.Asset), percent(study.Nudge))
			multiplier = "not settled after " + counted(len(base.Response)-1, "step")
		}
		d := plots.ResponseData{
			Frame:    s.frame(title, "log return, %, from the starting state without chance and shocks; "+multiplier),
			Timeline: plots.Timeline{Steps: len(with), Caption: unitOf(s.Base.Case.Plan.Step) + " since the last close before the news"},
			With:     with, Mechanism: s.mechanism()}
		if len(i.Curves) > 1 {
			d.Without, d.WithName, d.WithoutName = i.Curves[1].Response[i.Step:][:len(with)], base.Run, i.Curves[1].Run
		} else {
			d.Shock = make([]float64, len(with))
			for k := range d.Shock[1:] {
				d.Shock[k+1] = study.Nudge
			}
		}
		figure, err := plots.Response(d)
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("response", i.Index), figure})
	}
	return list, nil
}

// shown is how many points of a response there are to see, with a few more:
// after the mechanism has answered, nothing happens any more.
func shown(response []float64) int {
	last := len(response) - 1
	for last > 1 && math.Abs(response[last]-response[last-1]) < 1e-4*math.Abs(study.Nudge) {
		last--
	}
	return min(last+4, len(response))
}

// waves shows the step in which the market answered most to its own answer:
// the first wave is what the news and earlier flows bring, the feedback within
// the step begins with the second.
func (s *sheet) waves() ([]picture, error) {
	path := s.Base.Path
	step, most := -1, 0.0
	for k, trace := range path.Trace {
		if moved := math.Abs(trace[len(trace)-1] - trace[min(1, len(trace)-1)]); moved > most {
			step, most = k, moved
		}
	}
	if step < 0 {
		return nil, nil
	}
	trace := path.Trace[step]
	var move []float64
	for k, x := range trace {
		move = append(move, x-path.LogPrice[0][step])
		if k > 2 && math.Abs(trace[k]-trace[k-1]) < 1e-3*math.Abs(trace[len(trace)-1]-trace[0]) {
			break // what the eye cannot see any more
		}
	}
	d := plots.WavesData{Move: move, Mechanism: s.mechanism(), Limit: limit(move)}
	d.Frame = s.frame(fmt.Sprintf("%s: how the move of %s builds up", upper(s.assets[0]), s.label(step)),
		fmt.Sprintf("log return, %%, on one path; wave 1 holds the flows that come anyway; %d waves in all", path.Waves[step]))
	figure, err := plots.Waves(d)
	return []picture{{"waves", figure}}, err
}

// limit is where waves of a constant gain would lead, from the first answer.
func limit(move []float64) float64 {
	first, second := move[1]-move[0], move[2]-move[1]
	if gain := second / first; first != 0 && gain > 0 && gain < 1 {
		return move[0] + first/(1-gain)
	}
	return math.NaN()
}

// label is the date of a step, or its number.
func (s *sheet) label(step int) string {
	if t := s.Base.Case.Plan.Time(step); !t.IsZero() {
		return s.line.Language.Date(t)
	}
	return fmt.Sprintf("step %d", step+1)
}
