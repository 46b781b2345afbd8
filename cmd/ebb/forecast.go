package main

import (
	"fmt"
	"strconv"
	"time"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/forecast"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/jedib0t/go-pretty/v6/table"
)

// What a study says of its forecasts: in the summary, on the console, as a table file.

type forecastSummary struct {
	Asset  string          `json:"asset"`
	From   string          `json:"first_origin"` // label of the close
	To     string          `json:"last_origin"`
	Paths  int             `json:"paths"`
	Tail   float64         `json:"tail"`
	Scores []scoresSummary `json:"scores"`
}

type scoresSummary struct {
	Model           string            `json:"model"`
	Steps           int               `json:"steps"` // of the horizon
	Forecasts       int               `json:"forecasts"`
	Apart           int               `json:"forecasts_apart"` // that do not overlap
	Paused          int               `json:"origins_without,omitempty"`
	Pause           string            `json:"why_without,omitempty"`
	CRPS            stats.Estimate    `json:"crps"` // mean, log return
	Difference      *stats.Estimate   `json:"first_model_less_this,omitempty"`
	Compared        *testSummary      `json:"diebold_mariano,omitempty"`
	Coverage        []coverageSummary `json:"coverage"`
	Violations      int               `json:"violations"`
	ViolationsApart int               `json:"violations_apart"`
	Kupiec          testSummary       `json:"kupiec"`
	Alone           testSummary       `json:"christoffersen_independence"`
	Both            testSummary       `json:"christoffersen_conditional"`
	PIT             *pitSummary       `json:"pit,omitempty"`
}

type coverageSummary struct {
	Nominal float64        `json:"nominal"`
	Share   stats.Estimate `json:"share"`
}

// testSummary is a test; null is what could not be computed.
type testSummary struct {
	Statistic *float64 `json:"statistic"`
	P         *float64 `json:"p"`
	N         int      `json:"n"`
	Law       string   `json:"law,omitempty"`
	Absent    string   `json:"absent,omitempty"`
	Warnings  []string `json:"warnings,omitempty"`
}

type pitSummary struct {
	Counts    []int       `json:"counts"`
	Even      float64     `json:"even"`
	Low       float64     `json:"low"`
	High      float64     `json:"high"`
	ChiSquare testSummary `json:"chi_square"`
	KS        testSummary `json:"kolmogorov_smirnov"`
}

func summariseForecast(f *study.Forecast) *forecastSummary {
	if f == nil {
		return nil
	}
	out := &forecastSummary{Asset: f.Asset, From: label(f.Times[f.Origins[0]], f.Step), To: label(f.Times[f.Origins[len(f.Origins)-1]], f.Step),
		Paths: f.Paths, Tail: f.Tail}
	for _, s := range f.Scores {
		out.Scores = append(out.Scores, summariseScores(s, f.Models[0]))
	}
	return out
}

func summariseScores(s forecast.Scores, first string) scoresSummary {
	out := scoresSummary{Model: s.Model, Steps: s.Horizon, Forecasts: len(s.Forecasts), Apart: s.Apart(), Paused: s.Paused, Pause: s.Pause,
		CRPS: s.CRPS, Violations: s.Violations, ViolationsApart: s.ViolationsApart, Coverage: []coverageSummary{},
		Kupiec: summariseTest(s.Kupiec), Alone: summariseTest(s.Independence), Both: summariseTest(s.Conditional)}
	if s.Model != first {
		compared := summariseTest(s.Compared)
		out.Difference, out.Compared = &s.Difference, &compared
	}
	for _, c := range s.Coverage {
		out.Coverage = append(out.Coverage, coverageSummary{c.Nominal, c.Share})
	}
	if h := s.Histogram; h != nil {
		out.PIT = &pitSummary{h.Counts, h.Even, h.Low, h.High, summariseTest(h.ChiSquare), summariseTest(h.KS)}
	}
	return out
}

func summariseTest(t forecast.Test) testSummary {
	return testSummary{given(t.Statistic), given(t.P), t.N, t.Law, t.Absent, t.Warnings}
}

// forecastTable holds the scores of the models side by side.
func forecastTable(f *study.Forecast) *printed {
	t := captioned("Forecasts of each model against what came")
	header := table.Row{"forecasts of " + upper(f.Asset), "model", "forecasts (apart)", "mean CRPS, % [95 %]", f.Models[0] + " less it [95 %]", "Diebold–Mariano (p)"}
	for _, c := range f.Scores[0].Coverage {
		header = append(header, fmt.Sprintf("in its %.4g %% [95 %%]", 100*c.Nominal))
	}
	t.AppendHeader(header)
	bare := func(places int) func(float64) string {
		return func(x float64) string { return signed(100*x, places) }
	}
	for i, s := range f.Scores {
		name := ""
		if i%len(f.Models) == 0 {
			name = ahead(f, s.Horizon)
		}
		row := table.Row{name, s.Model, fmt.Sprintf("%d (%d)", len(s.Forecasts), s.Apart()), interval(s.CRPS, bare(3))}
		if s.Model == f.Models[0] {
			row = append(row, "–", "–")
		} else {
			row = append(row, interval(s.Difference, bare(3)), tested(s.Compared))
		}
		for _, c := range s.Coverage {
			row = append(row, interval(c.Share, bare(0)))
		}
		t.AppendRow(row)
	}
	return t
}

// tailTable holds the tests of the lower tail and of the places.
func tailTable(f *study.Forecast) *printed {
	t := captioned("Forecasts of the lower tail and of the places")
	t.AppendHeader(table.Row{fmt.Sprintf("below the %.4g %% quantile", 100*f.Tail), "model", "violations", "apart", "Kupiec (p)", "independence (p)", "both (p)", "PIT even: χ² (p)", "KS (p)"})
	for i, s := range f.Scores {
		name := ""
		if i%len(f.Models) == 0 {
			name = ahead(f, s.Horizon)
		}
		row := table.Row{name, s.Model, fmt.Sprintf("%d of %d", s.Violations, len(s.Forecasts)),
			fmt.Sprintf("%d of %d", s.ViolationsApart, s.Apart()), tested(s.Kupiec), tested(s.Independence), tested(s.Conditional), "–", "–"}
		if h := s.Histogram; h != nil {
			row[7], row[8] = tested(h.ChiSquare), tested(h.KS)
		}
		t.AppendRow(row)
	}
	return t
}

// tested is a statistic with its p-value.
func tested(t forecast.Test) string {
	if t.Absent != "" {
		return "–"
	}
	return fmt.Sprintf("%s (%.3f)", signed(t.Statistic, 2), t.P)
}

func stepNoun(step time.Duration) string {
	if step == 24*time.Hour {
		return "day"
	}
	return "step"
}

// forecastFile has one row a model, horizon and origin.
func forecastFile(st *study.Study) file {
	f := st.Forecast
	w := newTableFile(status(st), "model", "steps", "origin", "end", "return", "median", "tail_quantile", "crps", "place")
	for _, s := range f.Scores {
		for _, one := range s.Forecasts {
			w.text(s.Model, strconv.Itoa(s.Horizon), label(f.Times[one.Origin], f.Step), label(f.Times[one.Origin+s.Horizon], f.Step))
			w.numbers(one.Return, one.Median, one.Low, one.CRPS, one.Place)
			w.end()
		}
	}
	return w.file("forecast.csv")
}
