package main

import (
	"math"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/replay"
	"github.com/ebb-sim/ebb/sim/stats"
)

// attributionSummary says to whom outcomes are due.
type attributionSummary struct {
	Players      []string            `json:"players"`
	Staying      []string            `json:"with_the_news,omitempty"` // mechanisms that are in every run
	Paths        int                 `json:"paths"`
	Runs         int                 `json:"runs"`
	Permutations int                 `json:"permutations,omitempty"` // orders sampled on a path; 0: all subsets were run
	Outcomes     []attributedSummary `json:"outcomes"`
	Worst        *worstSummary       `json:"worst,omitempty"`
}

type attributedSummary struct {
	Name        string         `json:"name"`
	Title       string         `json:"title"`
	Unit        string         `json:"unit"`
	News        stats.Estimate `json:"news"`
	Shares      []shareSummary `json:"shares,omitempty"`
	Total       stats.Estimate `json:"total"`
	Interaction stats.Estimate `json:"interaction"`
	Refused     string         `json:"refused,omitempty"`
}

type shareSummary struct {
	Player  string         `json:"player"`
	Shapley stats.Estimate `json:"shapley"`
	Single  stats.Estimate `json:"switched_off_alone"`
}

type worstSummary struct {
	By       string              `json:"by"`
	At       float64             `json:"at"`
	N        int                 `json:"n"`
	Outcomes []attributedSummary `json:"outcomes"`
}

func summariseAttribution(a *replay.Attribution) *attributionSummary {
	if a == nil {
		return nil
	}
	out := &attributionSummary{Players: a.Players, Staying: a.Staying, Paths: a.Paths, Runs: a.Runs, Permutations: a.Permutations,
		Outcomes: attributed(a.Outcomes)}
	if w := a.Worst; w != nil {
		out.Worst = &worstSummary{By: w.By, At: w.At, N: len(w.Paths), Outcomes: attributed(w.Outcomes)}
	}
	return out
}

func attributed(list []replay.Attributed) []attributedSummary {
	var out []attributedSummary
	for _, o := range list {
		row := attributedSummary{Name: o.Name, Title: o.Title, Unit: o.Unit, News: o.News, Total: o.Total, Interaction: o.Interaction, Refused: o.Refused}
		for _, s := range o.Shares {
			row.Shares = append(row.Shares, shareSummary{s.Player, s.Shapley, s.Single})
		}
		out = append(out, row)
	}
	return out
}

// fragilitySummary is where the market was nearest to tipping over.
type fragilitySummary struct {
	Asset      string   `json:"asset"`
	Step       int      `json:"step"`
	Date       string   `json:"date,omitempty"`
	Multiplier *float64 `json:"multiplier"` // null: without end
	Tipped     bool     `json:"tipped"`     // a little more or less news makes the close jump
}

func summariseFragility(st *study.Study) []fragilitySummary {
	if st.Fragility == nil {
		return nil
	}
	plan := st.Base.Case.Plan
	var out []fragilitySummary
	for a, asset := range plan.Assets {
		step, tipped := st.Fragility.Worst(a)
		row := fragilitySummary{Asset: asset.Name, Step: step + 1, Date: stamp(plan, step), Tipped: tipped}
		if v := st.Fragility.Multiplier[a][step]; !math.IsInf(v, 0) {
			row.Multiplier = given(v)
		}
		out = append(out, row)
	}
	return out
}

// reverseSummary is the smallest shock with which an outcome passes a threshold.
type reverseSummary struct {
	*replay.Breaking
	Factor     *float64           `json:"factor,omitempty"`
	Norm       *float64           `json:"norm,omitempty"`
	Status     string             `json:"status,omitempty"`
	Likelihood *replay.Likelihood `json:"likelihood,omitempty"`
	Unlikened  string             `json:"no_likelihood_because,omitempty"`
	Frequency  *stats.Estimate    `json:"frequency_without_shock,omitempty"`
}

func summariseReverse(r *study.Reverse) *reverseSummary {
	if r == nil {
		return nil
	}
	out := &reverseSummary{Breaking: r.Breaking, Likelihood: r.Likelihood, Unlikened: r.Unlikened, Frequency: r.Frequency}
	if r.Nearest != nil {
		out.Norm, out.Status = &r.Nearest.Norm, r.Nearest.Status
	} else {
		out.Factor = &r.Factor
	}
	return out
}
