package scenarios_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
)

// files are data files in memory.
type files map[string]string

func (f files) Table(file, format string) (*data.Table, error) {
	text, ok := f[file]
	if !ok {
		return nil, fmt.Errorf("%s: no such file", file)
	}
	return data.Parse(file, []byte(text), data.ReadOptions{Format: format})
}

func (f files) FlowFacts(file string) ([]data.FlowFact, error) {
	return data.ReadFlowFacts(fstest.MapFS{file: {Data: []byte(f[file])}}, file)
}

func compile(t *testing.T, yaml string, content map[string]string) (*scenarios.Case, error) {
	t.Helper()
	s, err := scenarios.Parse("x.yaml", []byte(yaml), nil)
	if err != nil {
		t.Fatal(err)
	}
	panel, err := s.ReadHistory(files(content))
	if err != nil {
		return nil, err
	}
	return s.Compile(panel)
}

func mustCompile(t *testing.T, yaml string, content map[string]string) *scenarios.Case {
	t.Helper()
	c, err := compile(t, yaml, content)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// closes writes a plain CSV of prices from a date on; 0 is a day without a row.
func closes(from string, prices ...float64) string {
	at, err := time.Parse(time.DateOnly, from)
	if err != nil {
		panic(err)
	}
	text := "date,close\n"
	for i, p := range prices {
		if p != 0 {
			text += fmt.Sprintf("%s,%v\n", at.AddDate(0, 0, i).Format(time.DateOnly), p)
		}
	}
	return text
}

const replayed = `
name: x
title: A replay
history:
  series:
    btc.price: {file: btc.csv, kind: price, unit: usd}
market:
  btc: {depth_1pct: 3bn, volatility: 50%}
`

// A replay without mechanisms is the history: news = return, on its own grid
// also where a price was carried over a gap.
func TestReplayIsTheHistory(t *testing.T) {
	c := mustCompile(t, replayed, map[string]string{"btc.csv": closes("2026-01-01", 100, 110, 0, 105, 90)})
	path := c.Plan.NewPath(true)
	if err := sim.NewRunner(c.Plan).Run(c.Driver.Start(0, 0), path); err != nil {
		t.Fatal(err)
	}
	for k, want := range []float64{100, 110, 110, 105, 90} {
		if got := path.Price(0, k); math.Abs(got/want-1) > 1e-12 {
			t.Errorf("step %d: price %v, want %v", k, got, want)
		}
		if k > 0 && path.Ledger.News[0][k-1] != path.LogPrice[0][k]-path.LogPrice[0][k-1] {
			if math.Abs(path.Ledger.News[0][k-1]-(path.LogPrice[0][k]-path.LogPrice[0][k-1])) > 1e-15 {
				t.Errorf("step %d: news is not the return", k)
			}
		}
	}
	if got := path.Times()[4].Format(time.DateOnly); got != "2026-01-05" {
		t.Errorf("the last step is labelled %s", got)
	}
}

const forward = `
name: x
title: Forward from a history
history:
  series:
    btc.price: {file: btc.csv, kind: price, unit: usd}
    btc.etf_flow: {file: flow.csv, kind: flow, unit: usd_m, published: 1d}
market:
  btc: {depth_1pct: 3bn, volatility: 50%}
mechanisms:
  - redemption: {asset: btc, aum: 100bn}
shocks:
  - {on: 2026-01-16, over: 7d, flow: -900m}
  - {on: day 2, over: 4d, news: -8%}
simulate: {from: 2026-01-12, steps: 14, paths: 10, news: none}
compare:
  - {without: [redemption]}
`

func forwardFiles() map[string]string {
	return map[string]string{
		"btc.csv":  closes("2026-01-05", 100, 101, 102, 103, 104, 105, 106, 107, 108),
		"flow.csv": "date,total\n2026-01-05,10\n2026-01-06,-20\n2026-01-07,30\n2026-01-08,40\n2026-01-09,50\n2026-01-12,60\n",
	}
}

func TestPastEndsAtTheStart(t *testing.T) {
	c := mustCompile(t, forward, forwardFiles())
	p := c.Plan
	if got := p.Assets[0].Price; got != 107 {
		t.Errorf("starting close %v, want 107", got)
	}
	if got := len(p.Past.LogPrice[0]); got != 7 {
		t.Errorf("%d closes before it, want 7", got)
	}
	flows := p.Past.Series["btc.etf_flow"]
	// the flow of the starting day is published a day later: it is not known yet
	if len(flows) != 8 || !math.IsNaN(flows[7]) || !math.IsNaN(flows[5]) || !math.IsNaN(flows[6]) || flows[4] != 50e6 {
		t.Errorf("flows up to the start: %v", flows)
	}
	known := mustCompile(t, strings.Replace(forward, ", published: 1d", "", 1), forwardFiles())
	if flow := known.Plan.Past.Series["btc.etf_flow"][7]; flow != 60e6 {
		t.Errorf("the flow of the starting day, published at once, is %v", flow)
	}
	if diff := cmp.Diff([]bool{true, true, true, true, true, false, false, true}, p.Past.Sessions); diff != "" {
		t.Errorf("sessions of the past: %s", diff)
	}
	// Tuesday 13 January to Monday 26th, without Martin Luther King Day
	if diff := cmp.Diff([]bool{true, true, true, true, false, false, false, true, true, true, true, false, false, true}, p.Sessions); diff != "" {
		t.Errorf("sessions of the run: %s", diff)
	}
}

// A flow falls on the sessions in its time, news on every step of it.
func TestShocksOnTheirDays(t *testing.T) {
	c := mustCompile(t, forward, forwardFiles())
	flow, news := c.Plan.Shocks[0], c.Plan.Shocks[1]
	// Friday 16th, then (weekend, holiday) Tuesday to Thursday
	if diff := cmp.Diff([]int{3, 7, 8, 9}, flow.Steps); diff != "" || flow.Amount != -225e6 || flow.Observe != 0 || flow.Asset != -1 {
		t.Errorf("flow shock %+v", flow)
	}
	if diff := cmp.Diff([]int{1, 2, 3, 4}, news.Steps); diff != "" || math.Abs(news.Amount+.02) > 1e-15 || news.Asset != 0 {
		t.Errorf("news shock %+v", news)
	}
}

// A variant without the funds has no use for a shock to their flows; the base
// must not lose one in silence.
func TestShockWithoutTaker(t *testing.T) {
	c := mustCompile(t, forward, forwardFiles())
	v, err := c.Variant(0)
	if err != nil {
		t.Fatal(err)
	}
	variant, err := v.CompileVariant(c.Panel, c)
	if err != nil {
		t.Fatal(err)
	}
	if len(variant.Plan.Entries) != 0 || len(variant.Plan.Shocks) != 1 {
		t.Errorf("variant has %d mechanisms and %d shocks, want 0 and 1", len(variant.Plan.Entries), len(variant.Plan.Shocks))
	}
	_, err = v.Compile(c.Panel)
	if err == nil || !strings.Contains(err.Error(), "x.yaml:13:38: no mechanism takes the observable btc.etf_flow") {
		t.Errorf("a base with nobody to take the shock: %v", err)
	}
}

// Volatility that the file does not give is measured up to the start, and said.
func TestMeasuredVolatility(t *testing.T) {
	prices := []float64{100}
	for i := range 30 {
		prices = append(prices, prices[i]*math.Exp(.02*math.Pow(-1, float64(i))))
	}
	prices = append(prices, 500, 20, 700) // after the start: must not count
	yaml := strings.Replace(replayed, ", volatility: 50%", "", 1) + "simulate: {from: 2026-01-31, steps: 3, paths: 2, news: gbm}\n"
	c := mustCompile(t, yaml, map[string]string{"btc.csv": closes("2026-01-01", prices...)})
	want := .02 * math.Sqrt(30./29)
	if got := c.Plan.Assets[0].Volatility; math.Abs(got-want) > 1e-12 {
		t.Errorf("volatility per step %v, want %v", got, want)
	}
	if len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "measured on 30 returns") {
		t.Errorf("notes %q", c.Notes)
	}
}

// Four-hour steps: the flow is booked in the step that ends at midnight UTC,
// when New York has closed.
func TestSessionsOfShortSteps(t *testing.T) {
	yaml := `
name: x
title: Without dates
market:
  btc: {price: 100, depth_1pct: 3bn, volatility: 50%}
simulate: {steps: 14, paths: 2, news: gbm}
`
	c := mustCompile(t, yaml, nil)
	week := []bool{true, true, true, true, true, false, false}
	if diff := cmp.Diff(append(week, week...), c.Plan.Sessions); diff != "" {
		t.Errorf("a run without dates: %s", diff)
	}

	var rows strings.Builder
	rows.WriteString("date,close\n")
	at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC) // a Friday
	for i := range 13 {
		fmt.Fprintf(&rows, "%s,100\n", at.Add(time.Duration(i)*4*time.Hour).Format(time.RFC3339))
	}
	c = mustCompile(t, strings.Replace(replayed, "history:\n", "history:\n  step: 4h\n", 1), map[string]string{"btc.csv": rows.String()})
	want := make([]bool, 12)
	want[4] = true // 20:00 to 24:00 of the Friday; the first row is the starting close
	if diff := cmp.Diff(want, c.Plan.Sessions); diff != "" {
		t.Errorf("sessions of four-hour steps: %s", diff)
	}
}

// A date means its last step, a day all of its steps, whatever their length.
func TestDatesOfShortSteps(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("date,close\n")
	at := time.Date(2026, 1, 12, 0, 0, 0, 0, time.UTC)
	for i := range 24 {
		fmt.Fprintf(&rows, "%s,%d\n", at.Add(time.Duration(i)*4*time.Hour).Format(time.RFC3339), 100+i)
	}
	yaml := `
name: x
title: Four hours
history:
  step: 4h
  series:
    btc.price: {file: btc.csv, kind: price, unit: usd}
market:
  btc: {depth_1pct: 3bn, volatility: 50%}
mechanisms:
  - redemption: {asset: btc, aum: 100bn}
shocks:
  - {on: 2026-01-15, flow: -500m}
  - {on: day 3, news: -1%}
  - {on: 2026-01-15 08:00, news: -1%}
simulate: {from: 2026-01-13, steps: 18, paths: 2, news: none}
`
	c := mustCompile(t, yaml, map[string]string{"btc.csv": rows.String()})
	if got := c.Plan.Assets[0].Price; got != 111 {
		t.Errorf("the close of the 13th is %v, want that of its last step, 111", got)
	}
	for i, want := range []int{11, 12, 8} { // the session of the 15th ends in its last step
		if steps := c.Plan.Shocks[i].Steps; len(steps) != 1 || steps[0] != want {
			t.Errorf("shock %d falls on steps %v, want %d", i, steps, want)
		}
	}
}

// A hole too long to carry a price over ends a replay with its date.
func TestReplayWithAHole(t *testing.T) {
	_, err := compile(t, replayed, map[string]string{"btc.csv": closes("2026-01-01", 100, 110, 0, 0, 0, 0, 0, 105, 90)})
	want := "x.yaml:6:5: a replay of btc: found no price on 2026-01-07, expected one on every step"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	_, err = compile(t, replayed+"simulate: {from: 2026-01-02, steps: 7, paths: 1, news: replay}\n",
		map[string]string{"btc.csv": closes("2026-01-01", 100, 110, 0, 0, 0, 0, 0, 105, 90)})
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("as a driver: %v", err)
	}
}

// An asset of the NYSE has 252 returns a year, not 365.
func TestVolatilityOfSessions(t *testing.T) {
	var prices []float64
	at := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	for i := range 40 {
		price := 0.
		if data.NYSE.Open(at.AddDate(0, 0, i)) {
			price = 100 + float64(i%3)
		}
		prices = append(prices, price)
	}
	yaml := strings.NewReplacer("btc", "qqq", ", volatility: 50%", "").Replace(replayed)
	c := mustCompile(t, yaml, map[string]string{"qqq.csv": closes("2026-01-05", prices...)})
	var returns []float64
	last := 100.
	for _, p := range prices[1:] {
		if p != 0 {
			returns, last = append(returns, math.Log(p/last)), p
		}
	}
	annual, err := stats.Volatility(returns, 252)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Plan.Assets[0].Volatility * math.Sqrt(365); math.Abs(got-annual) > 1e-12 {
		t.Errorf("volatility %v a year, want %v", got, annual)
	}
}

// What publishes the same series twice, or makes no sense on this grid, is
// blamed on its own line.
func TestFaultsOfThePlan(t *testing.T) {
	yaml := `
name: x
title: Faults
market:
  btc: {price: 100, depth_1pct: 3bn, volatility: 50%}
mechanisms:
  - redemption: {asset: btc, aum: 100bn}
  - redemption: {name: more, asset: btc, aum: 50bn}
shocks:
  - {on: day 2, over: 36h, news: -1%}
  - {on: day 6, flow: -1bn}
simulate: {steps: 10, paths: 2, news: gbm}
`
	_, err := compile(t, yaml, nil)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"x.yaml:8:5: the series btc.etf_aum: found a second mechanism that publishes it, beside redemption",
		"x.yaml:10:23: the length of the shock: found 36h, expected a multiple of the step, 1d",
		"x.yaml:11:23: the shock to btc.etf_flow: found no US session in its time, expected at least one; a run without dates begins on a Monday",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

// A replay that would run past its history is blamed on the line that asks.
func TestReplayPastTheHistory(t *testing.T) {
	yaml := replayed + "simulate: {from: 2026-01-02, steps: 9, paths: 2, news: replay}\n"
	_, err := compile(t, yaml, map[string]string{"btc.csv": closes("2026-01-01", 100, 110, 105)})
	want := "x.yaml:9:56: replay: the history goes on for 1 steps after the start, expected at least 9, the length of the run\n"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

// All faults of a compilation come back at once.
func TestCompileFaultsAtOnce(t *testing.T) {
	yaml := `
name: x
title: Two mechanisms and three faults
market:
  btc: {price: 100, depth_1pct: 3bn, volatility: 50%}
mechanisms:
  - collateral: {asset: doge, holders: [{name: a, units: 1, debt: 1, liquidation_threshold: 0.8, target_hf: 0.5}]}
  - treasury: {asset: btc, mnav_definition: both, holders: [{name: a, units: 1, average_cost: 1}]}
simulate: {steps: 4, paths: 2, news: gbm}
`
	_, err := compile(t, yaml, nil)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`x.yaml:7:25: collateral.asset: found "doge"`, "x.yaml:7:109: collateral.holders[0].target_hf: found 0.5", `x.yaml:8:45: treasury.mnav_definition: found "both"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

// A run may last longer than the 292 years that a duration holds: its weeks and
// its days go on.
func TestRunOfCenturies(t *testing.T) {
	c := mustCompile(t, `
name: x
title: Centuries
market: {btc: {price: 100, depth_1pct: 3bn, volatility: 50%}}
shocks: [{on: day 200001, news: -1%}]
simulate: {steps: 250000}
`, nil)
	if got := c.Plan.Shocks[0].Steps; !slices.Equal(got, []int{200000}) {
		t.Errorf("the shock is in steps %v, want 200000", got)
	}
	for k, open := range c.Plan.Sessions {
		if want := k%7 < 5; open != want {
			t.Fatalf("session %v in step %d, want %v", open, k, want)
		}
	}
}

// A lag of 0 in the scenario overrules the one that the file states.
func TestPublishedAtOnce(t *testing.T) {
	const file = "# ebb history 1\n# column total: flow usd published 1d\ndate,total\n2026-02-02,5\n2026-02-03,6\n"
	for published, want := range map[string]time.Duration{"": 24 * time.Hour, ", published: 0d": 0, ", published: 2d": 48 * time.Hour} {
		s, err := scenarios.Parse("x.yaml", []byte(`
name: x
title: A lag
history: {series: {btc.etf_flow: {file: f.csv`+published+`}}}
market: {btc: {price: 1, depth_1pct: 3bn, volatility: 50%}}
simulate: {steps: 1}
`), nil)
		if err != nil {
			t.Fatal(err)
		}
		panel, err := s.ReadHistory(files(map[string]string{"f.csv": file}))
		if err != nil {
			t.Fatal(err)
		}
		if series, _ := panel.Series("btc.etf_flow"); series.Lag() != want {
			t.Errorf("%q: lag %v, want %v", published, series.Lag(), want)
		}
	}
}

// A simulation without a history says how long its steps are; with one the
// history does.
func TestStepOfASimulation(t *testing.T) {
	const market = "name: x\ntitle: X\nmarket:\n  btc: {price: 100, volatility: 50%, depth_1pct: 1bn}\n"
	c := mustCompile(t, market+"simulate: {steps: 48, step: 1h, from: 2026-01-05}\n", nil)
	if c.Plan.Step != time.Hour || !c.Plan.Time(47).Equal(time.Date(2026, 1, 7, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("steps of %v, the last at %v", c.Plan.Step, c.Plan.Time(47))
	}
	if c := mustCompile(t, market+"simulate: {steps: 2}\n", nil); c.Plan.Step != 24*time.Hour {
		t.Errorf("steps of %v where none is given", c.Plan.Step)
	}
	_, err := compile(t, "name: x\ntitle: X\nhistory: {series: {btc.price: {file: a.csv, kind: price, unit: usd}}}\nmarket:\n  btc: {volatility: 50%, depth_1pct: 1bn}\nsimulate: {steps: 2, step: 4h}\n",
		map[string]string{"a.csv": closes("2026-01-05", 100, 101, 102)})
	if want := "x.yaml:6:28: the length of a step: found 4h, expected that of the history, 1d"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
}
