package main

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/jedib0t/go-pretty/v6/table"
)

// rareTable says how likely a rare event is, how that was found, and what comes with
// it.
func rareTable(r *study.Rare) *printed {
	t := captioned("A rare event")
	t.AppendHeader(table.Row{rareEvent(r), ""})
	if r.Refused != "" {
		t.AppendRow(table.Row{"no answer", r.Refused})
		return t
	}
	t.AppendRow(table.Row{"probability [95 %]", interval(r.Probability, chance)})
	t.AppendRow(table.Row{"paths under the tilt", fmt.Sprintf("%s, of which %s pass and count as %s; as sharp as %s plain paths",
		grouped(r.Paths), grouped(r.Passing), grouped(int(math.Round(r.Effective))), grouped(int(math.Round(r.Gain*float64(r.Paths)))))})
	for a, asset := range r.Assets {
		t.AppendRow(table.Row{"tilt of the news of " + upper(asset), percent(r.Shift[a]) + " over the run, in the mean (log)"})
	}
	for i, name := range r.Observables {
		t.AppendRow(table.Row{"tilt of " + name, signed(r.Tilt.Innovations[i], 3) + " of its standard deviations in each step"})
	}
	for _, g := range r.Given {
		number := showNumber(g.Unit)
		t.AppendRow(table.Row{"then: " + g.Title, fmt.Sprintf("mean %s, median %s", interval(g.Mean, number), interval(g.Median, number))})
	}
	return t
}

// chance is a probability, however small.
func chance(p float64) string { return fmt.Sprintf("%.3g %%", 100*p) }

func rareEvent(r *study.Rare) string {
	side := "at least"
	if r.AtMost {
		side = "at most"
	}
	return fmt.Sprintf("%s %s %s", readable(r.Outcome.Name), side, showNumber(r.Outcome.Unit)(r.Threshold))
}

type rareSummary struct {
	Outcome     string          `json:"outcome"`
	Unit        string          `json:"unit"`
	Threshold   float64         `json:"threshold"`
	Passes      string          `json:"passes"`
	Refused     string          `json:"refused,omitempty"`
	Probability *stats.Estimate `json:"probability,omitempty"` // unbiased
	Normalised  *stats.Estimate `json:"normalised,omitempty"`  // as a share of all weights
	MeanRatio   *stats.Estimate `json:"mean_ratio,omitempty"`  // of the likelihoods: 1 but for chance
	Paths       int             `json:"paths,omitempty"`
	PilotPaths  int             `json:"pilot_paths,omitempty"`
	Passing     int             `json:"passing,omitempty"`
	Effective   float64         `json:"effective,omitempty"`   // number as which those that pass count
	PlainPaths  float64         `json:"plain_paths,omitempty"` // as many would be as sharp
	Tilt        []tiltSummary   `json:"tilt,omitempty"`
	Given       []givenSummary  `json:"given,omitempty"`
}

// tiltSummary is what the tilt adds: to the mean log return over the run, or to an
// observable in each step.
type tiltSummary struct {
	Of         string   `json:"of"`
	Return     *float64 `json:"return,omitempty"`     // log
	Deviations *float64 `json:"deviations,omitempty"` // standard deviations
}

type givenSummary struct {
	Name   string         `json:"name"`
	Unit   string         `json:"unit"`
	Mean   stats.Estimate `json:"mean"`
	Median stats.Estimate `json:"median"`
}

func summariseRare(r *study.Rare) *rareSummary {
	if r == nil {
		return nil
	}
	out := &rareSummary{Outcome: r.Outcome.Name, Unit: r.Outcome.Unit, Threshold: r.Threshold, Passes: "at least", Refused: r.Refused}
	if r.AtMost {
		out.Passes = "at most"
	}
	if r.Answer == nil {
		return out
	}
	out.Probability, out.Normalised, out.MeanRatio = &r.Probability, &r.Normalised, &r.Ratio
	out.Paths, out.PilotPaths, out.Passing, out.Effective, out.PlainPaths = r.Paths, r.PilotPaths, r.Passing, r.Effective, math.Round(r.Gain*float64(r.Paths))
	for a, asset := range r.Assets {
		out.Tilt = append(out.Tilt, tiltSummary{Of: asset, Return: &r.Shift[a]})
	}
	for i, name := range r.Observables {
		out.Tilt = append(out.Tilt, tiltSummary{Of: name, Deviations: &r.Tilt.Innovations[i]})
	}
	for _, g := range r.Given {
		out.Given = append(out.Given, givenSummary{g.Name, g.Unit, g.Mean, g.Median})
	}
	return out
}
