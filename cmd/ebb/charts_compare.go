package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Charts that hold runs, assets or parameters against each other.

// sensitivity shows the first outcome along the sweep: by how much deeper falls
// are than at the first value where it is a fall, and its mean otherwise.
func (s *sheet) sensitivity() ([]picture, error) {
	if s.Sweep == nil || len(s.Sweep.Outcomes) == 0 {
		return nil, nil
	}
	o, parameter := s.Sweep.Outcomes[0], readable(s.Sweep.Key)
	d := plots.SensitivityData{Frame: s.frame(upperFirst(o.Title)+", by "+parameter, ""), Parameter: parameter,
		ValueUnit: unitOfParameter(s.Sweep.Unit), Unit: unitOfChart(o.Unit), Interval: "95 % interval"}
	paths := counted(s.Base.Ensemble.Paths, "path")
	d.Subtitle = "median, " + paths
	of := func(i int) stats.Estimate { return o.Points[i].Median }
	switch {
	case sim.ReportUnit(o.Unit) == sim.Flag:
		d.Subtitle = "share of " + paths
		of = func(i int) stats.Estimate { return o.Points[i].Mean }
	case o.Amplified():
		d.Unit, d.References = plots.Number, []plots.Statistic{{Name: "no amplification", Value: 1}}
		d.Subtitle = "mean over the mean at " + o.Points[0].Run + ", on the same news, " + paths
		of = func(i int) stats.Estimate {
			if i == 0 {
				return stats.Estimate{Value: 1, Low: 1, High: 1}
			}
			return *o.Differences[i-1].Ratio
		}
	}
	series := plots.SensitivitySeries{Kind: s.kindAt(s.Sweep.Key)}
	for _, i := range ascending(s.Sweep.Values) {
		e := of(i)
		d.Values = append(d.Values, s.Sweep.Values[i])
		series.Outcome, series.Low, series.High = append(series.Outcome, e.Value), append(series.Low, e.Low), append(series.High, e.High)
	}
	if allAbsent(series.Outcome) {
		return nil, nil
	}
	d.Series = []plots.SensitivitySeries{series}
	figure, err := plots.Sensitivity(d)
	return []picture{{"sensitivity", figure}}, err
}

// readable is the path of a parameter as words.
func readable(path string) string { return strings.NewReplacer(".", " ", "_", " ").Replace(path) }

// unitOfParameter is how a chart writes what a scenario file has in a unit.
func unitOfParameter(unit string) plots.Unit {
	switch unit {
	case "fraction", "rate":
		return plots.Percent
	case "usd", "usd_per_coin", "usd_per_return":
		return plots.USD
	}
	return plots.Number
}

// ascending are the places of values from the least to the greatest.
func ascending(values []float64) []int {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	return order
}

// kindAt is the kind of the mechanism that a parameter's path leads to.
func (s *sheet) kindAt(path string) string {
	for _, m := range s.Scenario.Mechanisms {
		if names(path, m) {
			return m.Kind
		}
	}
	return ""
}

// comovement holds two accounts of the same prices against each other: capital
// that rotates between two assets, and a common shock that moves them alike.
func (s *sheet) comovement() ([]picture, error) {
	rotation := rotationOf(s.Base)
	at := slices.IndexFunc(s.Variants, func(run study.Run) bool {
		r := rotationOf(run)
		return r != nil && r.Mode == mechanism.RotationCommonShock
	})
	if at < 0 || rotation == nil || rotation.Mode != mechanism.RotationFlow || s.steps < 2*rollingWindow {
		return nil, nil
	}
	a, b := s.asset(rotation.Baskets[0].Asset), s.asset(rotation.Baskets[1].Asset)
	s = s.since(0) // what came before has no part in it
	d := plots.CoMovementData{Frame: s.frame("Two accounts of the same prices: only flows could tell them apart", s.which()),
		Timeline: s.line, A: upper(s.assets[a]), B: upper(s.assets[b]), Window: s.window()}
	for _, run := range []study.Run{s.Base, s.Variants[at]} {
		r := plots.Run{Name: account(run), A: s.from(s.path(run, a)), B: s.from(s.path(run, b)), Flow: s.from(s.absent())}
		for k := range s.steps {
			r.Flow[s.history+1+k] = 0 // a run without rotation moves no capital
		}
		if flow := report(run, mechanism.RotationFlowSeries(s.assets[b])); flow != nil {
			r.Flow = s.future(flow)
		}
		r.Flow[s.history] = 0
		var err error
		if r.Correlation, err = s.rolled(stats.RollingCorrelation, run, a, b); err != nil {
			return nil, err
		}
		d.Runs = append(d.Runs, r)
	}
	figure, err := plots.CoMovement(d)
	return []picture{{"comovement", figure}}, err
}

// account is what a run says of the capital.
func account(run study.Run) string {
	if rotationOf(run).Mode == mechanism.RotationCommonShock {
		return "a common shock, and no capital moves"
	}
	return "capital rotates"
}

// rollingWindow is the window of rolling statistics, in steps.
const rollingWindow = 30

func (s *sheet) window() string {
	return fmt.Sprintf("%d %s", rollingWindow, unitOf(s.Base.Case.Plan.Step))
}

// rotationOf is the first rotation of a run, or nil.
func rotationOf(run study.Run) *mechanism.Rotation {
	for _, m := range run.Case.Mechanisms {
		if c, ok := m.Config.(*mechanism.Rotation); ok {
			return c
		}
	}
	return nil
}

// rolled is a rolling statistic of the log returns of two assets on a run's
// chosen path, along the time line.
func (s *sheet) rolled(of func(x, y []float64, window int) (stats.Rolling, error), run study.Run, a, b int) ([]float64, error) {
	rolling, err := of(increments(run.Path.LogPrice[a]), increments(run.Path.LogPrice[b]), rollingWindow)
	if err != nil {
		return nil, err
	}
	return s.future(rolling.Values), nil
}

func increments(levels []float64) []float64 {
	list := make([]float64, len(levels)-1)
	for i := range list {
		list[i] = levels[i+1] - levels[i]
	}
	return list
}

// rolling shows how each further asset moves with the first on the chosen path.
func (s *sheet) rolling() ([]picture, error) {
	if len(s.assets) < 2 || s.steps < 2*rollingWindow {
		return nil, nil
	}
	s = s.since(0) // statistics of the simulated steps
	lead := s.lead()
	var list []picture
	for a := range s.assets {
		if a == lead {
			continue
		}
		correlation, err := s.rolled(stats.RollingCorrelation, s.Base, a, lead)
		if err != nil {
			return nil, err
		}
		beta, err := s.rolled(stats.RollingBeta, s.Base, a, lead)
		if err != nil {
			return nil, err
		}
		if allAbsent(correlation) && allAbsent(beta) {
			continue // the leading asset does not move
		}
		figure, err := plots.Rolling(plots.RollingData{
			Frame:    s.frame(fmt.Sprintf("How %s moves with %s", upper(s.assets[a]), upper(s.assets[lead])), "log returns; "+s.which()),
			Timeline: s.line, Events: s.eventsOf(s.assets[a]), Window: s.window(),
			Correlation: plots.Rolled{Value: correlation}, Beta: plots.Rolled{Value: beta}})
		if err != nil {
			return nil, err
		}
		list = append(list, picture{s.named("rolling", a), figure})
	}
	return list, nil
}
