package main

import (
	"fmt"
	"strings"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Charts of what was reported or observed, beside the simulation.

// reportedFrame is the frame of a chart that shows reported figures alone:
// what was simulated or reconstructed has no part in it.
func (s *sheet) reportedFrame(title, subtitle string) plots.Frame {
	f := s.frame(title, subtitle)
	f.Status = ""
	return f
}

func (s *sheet) reportedWeek() string {
	return "the week reported on " + s.line.Language.Date(s.Reported.Week)
}

// breakdown shows a reported week by dimension.
func (s *sheet) breakdown() ([]picture, error) {
	if s.Reported == nil {
		return nil, nil
	}
	d := plots.BreakdownData{Frame: s.reportedFrame("Fund flows of "+s.reportedWeek(),
		"USD, as reported; what sources disagree on as a range")}
	known := false // whether there is a figure to draw
	for _, b := range s.Reported.Flows {
		if b.Dimension == "total" {
			continue
		}
		dimension := plots.Dimension{Name: "By " + b.Dimension}
		for _, f := range b.Figures {
			dimension.Flows = append(dimension.Flows, plots.DimensionFlow{Name: f.Key, Value: f.Value,
				Range: plots.Range{Low: f.Low, High: f.High}, Status: f.Status})
			known = known || f.Value == f.Value || f.Low < f.High
		}
		d.Dimensions = append(d.Dimensions, dimension)
	}
	if !known {
		return nil, nil
	}
	figure, err := plots.Breakdown(d)
	return []picture{{"breakdown", figure}}, err
}

// aum shows what a reported week did to the assets of all funds, unless what is
// reported contradicts itself.
func (s *sheet) aum() ([]picture, error) {
	r := summariseReported(s.Reported)
	if r == nil || r.AUM == nil || r.AUM.ReturnAtEnd == nil || r.AUM.ReturnAtOpen == nil {
		return nil, nil
	}
	total, _ := s.Reported.Flow("total", "all")
	before, after := s.Reported.Before.Value, s.Reported.After.Value
	title := "What flow and price did to fund assets"
	if change := after - before; change < 0 && total.Value > change/2 {
		title = "Most of the fall in fund assets is price"
	}
	figure, err := plots.AUMBridge(plots.AUMBridgeData{
		Frame:  s.reportedFrame(title, "USD, as reported; the price effect is what the flow leaves of the difference"),
		Before: before, After: after, Flow: total.Value, FlowRange: plots.Range{Low: total.Low, High: total.High}})
	return []picture{{"aum", figure}}, err
}

// skew shows how an asset does beside others on the days on which those fall.
func (s *sheet) skew() ([]picture, error) {
	if len(s.Skews) == 0 {
		return nil, nil
	}
	first := s.Skews[0]
	d := plots.SkewData{Asset: upper(first.Asset), Frame: s.frame("Performance skew of "+upper(first.Asset),
		fmt.Sprintf("simple returns, %s to %s, %s", s.line.Language.Date(first.From), s.line.Language.Date(first.To), s.historyName()))}
	side := func(m stats.Measured) plots.Conditional {
		return plots.Conditional{Mean: m.Value, Error: m.SE, Days: m.N}
	}
	for _, k := range s.Skews {
		d.Benchmarks = append(d.Benchmarks, plots.Benchmark{Name: upper(k.Against), Down: side(k.Down), Up: side(k.Up)})
	}
	figure, err := plots.Skew(d)
	return []picture{{"skew", figure}}, err
}

// relative shows the flows of each asset's funds beside what they manage at the
// start: those reported for the week that the scenario names, or else those of the
// chosen path.
func (s *sheet) relative() ([]picture, error) {
	d := plots.RelativeData{Frame: s.frame("Fund flows beside what the funds manage",
		fmt.Sprintf("sum over %s %s; %s", grouped(s.steps), unitOf(s.Base.Case.Plan.Step), s.which()))}
	if s.Reported != nil {
		d.Frame = s.reportedFrame("Fund flows beside what the funds manage", "flows of "+s.reportedWeek()+"; assets as the scenario assumes them")
	}
	for _, asset := range s.assets {
		flow, assets := report(s.Base, mechanism.FlowSeries(asset)), s.opening(asset+".etf_aum")
		if allAbsent(flow) || assets != assets {
			continue
		}
		row := plots.AssetFlow{Name: upper(asset), Flow: total(presentOnly(flow)), AUM: assets}
		if s.Reported != nil {
			figure, ok := s.Reported.Flow("asset", strings.ToUpper(asset))
			if !ok {
				continue
			}
			row.Flow = figure.Value
		}
		d.Assets = append(d.Assets, row)
	}
	if len(d.Assets) < 2 {
		return nil, nil
	}
	figure, err := plots.Relative(d)
	return []picture{{"relative", figure}}, err
}
