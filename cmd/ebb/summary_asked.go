package main

import (
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/stats"
)

// The parts of a summary that a scenario asks for with a section of its own.

// sweepSummary is the outcomes at each value of one parameter.
type sweepSummary struct {
	Parameter string         `json:"parameter"`
	Points    []pointSummary `json:"points"`
}

type pointSummary struct {
	Value    string                `json:"value"` // as the file writes it
	Number   float64               `json:"number"`
	Outcomes []sweptOutcomeSummary `json:"outcomes"`
}

type sweptOutcomeSummary struct {
	Name   string          `json:"name"`
	Mean   stats.Estimate  `json:"mean"`
	Median stats.Estimate  `json:"median"`
	Ratio  *stats.Estimate `json:"ratio_to_first,omitempty"` // of means, where all are losses
}

func summariseSweep(sweep *study.Sweep) *sweepSummary {
	if sweep == nil {
		return nil
	}
	out := &sweepSummary{Parameter: sweep.Key}
	for i, value := range sweep.Values {
		point := pointSummary{Value: sweep.Points[i].Value, Number: value}
		for _, o := range sweep.Outcomes {
			row := sweptOutcomeSummary{Name: o.Name, Mean: o.Points[i].Mean, Median: o.Points[i].Median}
			if i > 0 {
				row.Ratio = o.Differences[i-1].Ratio
			}
			point.Outcomes = append(point.Outcomes, row)
		}
		out.Points = append(out.Points, point)
	}
	return out
}

// skewSummary is the performance skew of an asset beside another.
type skewSummary struct {
	Asset   string `json:"asset"`
	Against string `json:"against"`
	From    string `json:"from"`
	To      string `json:"to"`
	stats.Skew
}

func summariseSkew(list []study.Skew) []skewSummary {
	var out []skewSummary
	for _, s := range list {
		out = append(out, skewSummary{s.Asset, s.Against, s.From.Format(time.DateOnly), s.To.Format(time.DateOnly), s.Skew})
	}
	return out
}

// reportedSummary is a week of reported fund flows.
type reportedSummary struct {
	Week  string          `json:"week"`
	Flows []reportedFlow  `json:"flows"`
	AUM   *reportedAssets `json:"aum,omitempty"`
}

type reportedFlow struct {
	Dimension string `json:"dimension"`
	Key       string `json:"key"`
	figureSummary
}

// figureSummary is a reported figure in USD; null is what nobody gives.
type figureSummary struct {
	Value  *float64 `json:"value"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	Status string   `json:"status"`
	Source string   `json:"source"`
	Note   string   `json:"note,omitempty"`
}

type reportedAssets struct {
	Before       figureSummary `json:"before"`
	After        figureSummary `json:"after"`
	ReturnAtEnd  *float64      `json:"market_return_flow_at_close"` // simple
	ReturnAtOpen *float64      `json:"market_return_flow_at_open"`  // simple
}

func summariseReported(r *study.Reported) *reportedSummary {
	if r == nil {
		return nil
	}
	out := &reportedSummary{Week: r.Week.Format(time.DateOnly)}
	for _, b := range r.Flows {
		for _, f := range b.Figures {
			out.Flows = append(out.Flows, reportedFlow{b.Dimension, f.Key, summariseFigure(f)})
		}
	}
	if before, after := summariseFigure(r.Before), summariseFigure(r.After); before.Value != nil && after.Value != nil {
		out.AUM = &reportedAssets{Before: before, After: after}
		if total, ok := r.Flow("total", "all"); ok {
			out.AUM.ReturnAtEnd = marketReturn(stats.FlowAtClose, r, total)
			out.AUM.ReturnAtOpen = marketReturn(stats.FlowAtOpen, r, total)
		}
	}
	return out
}

// marketReturn is what the market did to the assets, beside the flow.
func marketReturn(timing stats.FlowTiming, r *study.Reported, total data.Figure) *float64 {
	v, err := timing.MarketReturn(r.Before.Value, r.After.Value, total.Value)
	if err != nil {
		return nil // a flow larger than the assets says nothing of the market
	}
	return &v
}

func summariseFigure(f data.Figure) figureSummary {
	return figureSummary{given(f.Value), given(f.Low), given(f.High), f.Status, f.Source, f.Note}
}

// given is a number, or nil for the absent one.
func given(v float64) *float64 {
	if v != v {
		return nil
	}
	return &v
}
