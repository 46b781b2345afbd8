package main

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/stats"
)

// summary is summary.json: the figures of a study for machines and memos.
type summary struct {
	Scenario    string              `json:"scenario"`
	Title       string              `json:"title"`
	Source      string              `json:"source,omitempty"`
	Hash        string              `json:"hash"`
	Profile     stats.Profile       `json:"profile"`
	Status      string              `json:"status,omitempty"`
	Assumptions []string            `json:"assumptions,omitempty"`
	Run         runSummary          `json:"run"`
	Outcomes    []outcomeSummary    `json:"outcomes"`
	Impulses    []impulseSummary    `json:"impulses,omitempty"`
	Attribution *attributionSummary `json:"attribution,omitempty"`
	Fragility   []fragilitySummary  `json:"fragility,omitempty"`
	Reverse     *reverseSummary     `json:"reverse,omitempty"`
	Rare        *rareSummary        `json:"rare,omitempty"`
	Sweep       *sweepSummary       `json:"sweep,omitempty"`
	Skew        []skewSummary       `json:"skew,omitempty"`
	Forecast    *forecastSummary    `json:"forecast,omitempty"`
	Reported    *reportedSummary    `json:"reported,omitempty"`
	Path        pathSummary         `json:"path"`
	History     []historySummary    `json:"history,omitempty"`
	Warnings    []string            `json:"warnings"`
	DataNotes   []string            `json:"data_notes,omitempty"` // what was filled, dropped or left absent
}

type runSummary struct {
	Start string `json:"start,omitempty"` // label of the starting close
	Step  string `json:"step"`
	Steps int    `json:"steps"`
	Paths int    `json:"paths"`
	Seed  uint64 `json:"seed"`
	News  string `json:"news"`

	Variance  string            `json:"variance,omitempty"` // how the paths were drawn; independent where absent
	Precision *precisionSummary `json:"precision,omitempty"`

	Runs []string `json:"runs"`
}

type outcomeSummary struct {
	Name        string              `json:"name"`
	Title       string              `json:"title"`
	Unit        string              `json:"unit"`
	Runs        []estimatesSummary  `json:"runs"`
	Differences []differenceSummary `json:"differences,omitempty"`
}

type estimatesSummary struct {
	Run    string         `json:"run"`
	Mean   stats.Estimate `json:"mean"`
	Median stats.Estimate `json:"median"`
	Q05    stats.Estimate `json:"q05"`
	Q95    stats.Estimate `json:"q95"`
}

type differenceSummary struct {
	Against string          `json:"against"`
	Mean    stats.Estimate  `json:"mean"`
	Median  stats.Estimate  `json:"median"`
	Ratio   *stats.Estimate `json:"ratio,omitempty"`
}

type impulseSummary struct {
	Asset string         `json:"asset"`
	News  float64        `json:"news"` // log return
	Runs  []curveSummary `json:"runs"`
}

type curveSummary struct {
	Run        string  `json:"run"`
	Multiplier float64 `json:"multiplier"` // at the end of the run; a limit only where settled
	Settled    bool    `json:"settled"`
}

// pathSummary says who moved the price on the chosen path.
type pathSummary struct {
	Index   int            `json:"index"`
	Returns []returnOfPath `json:"returns"` // of the assets; the causes in the ledger sum to them
	Ledger  []causeOfPath  `json:"ledger"`
}

type returnOfPath struct {
	Asset  string  `json:"asset"`
	Return float64 `json:"return"` // log, from the starting to the last close
}

type causeOfPath struct {
	Asset     string  `json:"asset"`
	Cause     string  `json:"cause"`
	Return    float64 `json:"return"` // log, summed over the path
	OrdersUSD float64 `json:"orders_usd"`
}

type historySummary struct {
	Series     string                `json:"series"`
	Kind       data.Kind             `json:"kind"`
	Unit       data.Unit             `json:"unit"`
	Calendar   string                `json:"calendar"`
	First      string                `json:"first"`
	Last       string                `json:"last"`
	Rows       int                   `json:"rows"`
	Missing    int                   `json:"missing"`
	Min        float64               `json:"min"`
	MinAt      string                `json:"min_at"`
	Max        float64               `json:"max"`
	MaxAt      string                `json:"max_at"`
	Sum        *float64              `json:"sum,omitempty"` // of a flow
	Statistics *stats.Summary        `json:"statistics,omitempty"`
	Drawdowns  []stats.DatedDrawdown `json:"drawdowns,omitempty"`
}

func summarise(st *study.Study) summary {
	s := st.Scenario
	out := summary{Scenario: s.Name, Title: s.Title, Source: s.Source, Hash: s.Hash(), Profile: stats.EBB, Status: status(st),
		Assumptions: s.Assumptions, Run: summariseRun(st), Path: summarisePath(st), Warnings: append([]string{}, st.Warnings...)}
	for _, o := range st.Outcomes {
		row := outcomeSummary{Name: o.Name, Title: o.Title, Unit: o.Unit}
		for _, c := range o.Cases {
			row.Runs = append(row.Runs, estimatesSummary{c.Run, c.Mean, c.Median, c.Low5, c.High95})
		}
		for _, d := range o.Differences {
			row.Differences = append(row.Differences, differenceSummary(d))
		}
		out.Outcomes = append(out.Outcomes, row)
	}
	for _, i := range st.Impulses {
		s := impulseSummary{Asset: i.Asset, News: study.Nudge}
		for _, c := range i.Curves {
			s.Runs = append(s.Runs, curveSummary{c.Run, c.Multiplier, c.Settled})
		}
		out.Impulses = append(out.Impulses, s)
	}
	out.Attribution, out.Fragility = summariseAttribution(st.Attribution), summariseFragility(st)
	out.Reverse, out.Rare = summariseReverse(st.Reverse), summariseRare(st.Rare)
	out.Sweep, out.Skew, out.Reported = summariseSweep(st.Sweep), summariseSkew(st.Skews), summariseReported(st.Reported)
	out.Forecast = summariseForecast(st.Forecast)
	if st.Panel != nil {
		for _, note := range st.Panel.Notes() {
			out.DataNotes = append(out.DataNotes, asNamed(st, note.String()))
		}
	}
	for _, o := range st.History {
		out.History = append(out.History, summariseHistory(o))
	}
	return out
}

// asNamed gives the data files of a note the names that the scenario has for
// them: a result must not depend on where the files lie.
func asNamed(st *study.Study, text string) string {
	for _, name := range st.Panel.Names() {
		series, _ := st.Panel.Series(name)
		if read := series.Provenance().File; strings.HasPrefix(text, read) {
			return st.Scenario.History.Series[name].File + strings.TrimPrefix(text, read)
		}
	}
	return text
}

func summariseRun(st *study.Study) runSummary {
	c := st.Base.Case
	run := runSummary{Start: stamp(c.Plan, -1), Step: c.Plan.Step.String(), Steps: c.Plan.Steps,
		Paths: st.Base.Ensemble.Paths, Seed: st.Base.Ensemble.Seed, News: c.Driver.Name()}
	if c.Simulate != nil {
		run.Variance = c.Simulate.Variance
	}
	run.Precision = summarisePrecision(st)
	for _, r := range st.Runs() {
		run.Runs = append(run.Runs, r.Label)
	}
	return run
}

func summarisePath(st *study.Study) pathSummary {
	path := st.Base.Path
	out := pathSummary{Index: st.Base.Chosen, Ledger: []causeOfPath{}}
	for a, asset := range path.Plan.Assets {
		out.Returns = append(out.Returns, returnOfPath{asset.Name, path.LogPrice[a][path.Plan.Steps] - path.LogPrice[a][0]})
		out.Ledger = append(out.Ledger, causeOfPath{asset.Name, "news", total(path.Ledger.News[a]), 0})
		if gap := total(path.Ledger.Unexplained[a]); gap != 0 {
			out.Ledger = append(out.Ledger, causeOfPath{asset.Name, "unexplained", gap, 0})
		}
		for i, row := range path.Ledger.Rows {
			out.Ledger = append(out.Ledger, causeOfPath{asset.Name, row.Label, total(path.Ledger.Return[i][a]), total(path.Ledger.Orders[i][a])})
		}
	}
	return out
}

func total(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}

func summariseHistory(o study.Observed) historySummary {
	day := func(t time.Time) string { return label(t, o.Step) }
	h := historySummary{Series: o.Name, Kind: o.Kind, Unit: o.Unit, Calendar: o.Calendar.String(), First: day(o.First), Last: day(o.Last),
		Rows: o.Rows, Missing: o.Missing, Min: o.Min, MinAt: day(o.MinAt), Max: o.Max, MaxAt: day(o.MaxAt),
		Statistics: o.Statistics, Drawdowns: o.Drawdowns}
	if o.Sum != nil {
		sum := math.Round(*o.Sum*100) / 100 // cents: a sum of rounded millions
		h.Sum = &sum
	}
	return h
}

// encode writes JSON as a person reads it, and ends it with a line.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}
