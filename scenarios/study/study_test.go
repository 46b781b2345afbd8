package study_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/stats"
)

// files are data files in memory.
type files map[string]string

func (f files) Table(file, format string) (*data.Table, error) {
	return data.Parse(file, []byte(f[file]), data.ReadOptions{Format: format})
}

func (f files) FlowFacts(file string) ([]data.FlowFact, error) {
	return data.ReadFlowFacts(fstest.MapFS{file: {Data: []byte(f[file])}}, file)
}

func execute(t *testing.T, yaml string, content map[string]string) *study.Study {
	t.Helper()
	s, err := scenarios.Parse("x.yaml", []byte(yaml), nil)
	if err != nil {
		t.Fatal(err)
	}
	st, err := study.Execute(context.Background(), s, files(content), study.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

const loop = `
name: x
title: The loop
market:
  btc: {price: 100, depth_1pct: 3bn, volatility: 50%}
mechanisms:
  - redemption: {asset: btc, aum: 100bn, persistence: 0.4, response: 5bn, impact_scale: 10}
simulate: {steps: 60, paths: 400, seed: 3, news: gbm}
compare:
  - {name: no response, with: {redemption.response: 0}}
  - {without: [redemption]}
outcomes: [return, max_drawdown, btc.etf_flow]
`

// All runs of a study see the same news on every path, so that what differs is
// the mechanism.
func TestSameNews(t *testing.T) {
	st := execute(t, loop, nil)
	for _, run := range st.Runs() {
		if run.Chosen != st.Base.Chosen {
			t.Errorf("%s shows path %d, the base %d", run.Label, run.Chosen, st.Base.Chosen)
		}
		for k, news := range run.Path.Ledger.News[0] {
			if news != st.Base.Path.Ledger.News[0][k] {
				t.Fatalf("%s: other news in step %d", run.Label, k)
			}
		}
	}
	// without response and innovations the funds do nothing: both variants are pure news
	for k := range st.Variants[0].Path.LogPrice[0] {
		near(t, "price without response", st.Variants[0].Path.LogPrice[0][k], st.Variants[1].Path.LogPrice[0][k], 1e-12)
	}
}

func TestImpulse(t *testing.T) {
	st := execute(t, loop, nil)
	near(t, "multiplier", st.Impulses[0].Curves[0].Multiplier, mechanism.RedemptionMultiplier(10*.01/3e9, .4, 5e9), 1e-9)
	near(t, "without response", st.Impulses[0].Curves[1].Multiplier, 1, 1e-12)
	near(t, "first step", st.Impulses[0].Curves[0].Response[1], study.Nudge, 1e-15)
}

// The outcome table agrees with the paths it is made from, and a variant lacks
// what its plan has not.
func TestOutcomes(t *testing.T) {
	st := execute(t, loop, nil)
	drawdown := st.Outcomes[1]
	var with, without, gap float64
	for i, v := range st.Base.Ensemble.Values[1] {
		with += v / 400
		without += st.Variants[0].Ensemble.Values[1][i] / 400
		gap += (v - st.Variants[0].Ensemble.Values[1][i]) / 400
	}
	near(t, "mean drawdown", drawdown.Cases[0].Mean.Value, with, 1e-12)
	near(t, "difference", drawdown.Differences[0].Mean.Value, gap, 1e-12)
	near(t, "amplification", drawdown.Differences[0].Ratio.Value, with/without, 1e-12)
	if r := drawdown.Differences[0].Ratio; !(r.Low < r.Value && r.Value < r.High && r.Value > 1) {
		t.Errorf("amplification %v", r)
	}
	if st.Outcomes[0].Differences[0].Ratio != nil {
		t.Error("a ratio of returns that have both signs means nothing")
	}
	if n := len(st.Outcomes[2].Cases); n != 2 {
		t.Errorf("the ETF flow has %d runs, want 2: without the funds there is none", n)
	}
}

// Where nothing is random there is one path, and its figures are exact.
func TestNothingRandom(t *testing.T) {
	yaml := strings.Replace(loop, "news: gbm", "news: none", 1) + "shocks:\n  - {on: day 1, news: -10%}\n"
	st := execute(t, yaml, nil)
	if st.Random() || st.Base.Ensemble.Paths != 1 {
		t.Fatalf("%d paths", st.Base.Ensemble.Paths)
	}
	want := -.1 * mechanism.RedemptionMultiplier(10*.01/3e9, .4, 5e9)
	mean := st.Outcomes[0].Cases[0].Mean
	near(t, "return", mean.Value, math.Expm1(want), 1e-9)
	if mean.Low != mean.Value || mean.High != mean.Value || mean.N != 1 {
		t.Errorf("estimate %+v", mean)
	}
	near(t, "amplification", st.Outcomes[1].Differences[1].Ratio.Value, math.Expm1(want)/math.Expm1(-.1), 1e-9)
}

// One path of many that chance could have given is no certain figure.
func TestOneRandomPath(t *testing.T) {
	st := execute(t, strings.Replace(loop, "paths: 400", "paths: 1", 1), nil)
	if !st.Random() || st.Spread() {
		t.Errorf("random %v, spread %v", st.Random(), st.Spread())
	}
	for _, e := range []stats.Estimate{st.Outcomes[0].Cases[0].Mean, st.Outcomes[0].Differences[0].Mean} {
		if math.IsNaN(e.Value) || !math.IsNaN(e.Low) || !math.IsNaN(e.High) || len(e.Warnings) == 0 {
			t.Errorf("estimate %+v, want a value without an interval, and a warning", e)
		}
	}
}

// A simulation may start from a single close.
func TestHistoryOfOneRow(t *testing.T) {
	st := execute(t, `
name: x
title: One close
history: {series: {btc.price: {file: btc.csv, kind: price}}}
market: {btc: {depth_1pct: 3bn, volatility: 50%}}
simulate: {steps: 3, paths: 10, news: gbm}
`, map[string]string{"btc.csv": "date,close\n2026-02-02,100\n"})
	if h := st.History[0]; h.Rows != 1 || h.Max != 100 || h.Drawdowns != nil {
		t.Errorf("history %+v", h)
	}
}

// A comparison that changes what all runs must share is a fault before anything
// runs, and so is an outcome that the scenario does not have.
func TestPrepareFindsFaults(t *testing.T) {
	yaml := strings.Replace(loop, "outcomes: [return,", "  - {with: {simulate.paths: 5}}\noutcomes: [nonsense,", 1)
	s, err := scenarios.Parse("x.yaml", []byte(yaml), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = study.Prepare(s, nil)
	for _, want := range []string{"x.yaml:12:5: a comparison must keep the paths", `x.yaml:13:12: unknown outcome: found "nonsense"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
}

// A loop without end is cut by the cap on waves, and said.
func TestCapIsSaid(t *testing.T) {
	yaml := strings.Replace(loop, "response: 5bn", "response: 28bn, same_day: 100%", 1)
	yaml = strings.Replace(yaml, "persistence: 0.4", "persistence: 0", 1) + "waves: {max: 20}\n"
	st := execute(t, yaml, nil)
	for _, want := range []string{"with everything: the cap of 20 waves was reached on ",
		"with everything: the cap of 20 waves was reached in the response of btc to a fall of 1 %; "} {
		if !slices.ContainsFunc(st.Warnings, func(w string) bool { return strings.HasPrefix(w, want) }) {
			t.Errorf("warnings %q lack %q", st.Warnings, want)
		}
	}
}

// The history is described within the window, and its status is a warning.
func TestHistory(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("# ebb history 1\n# status: invented\n# column close: price usd\ndate,close\n")
	for day := 1; day <= 28; day++ {
		fmt.Fprintf(&rows, "2026-02-%02d,%d\n", day, 100+10*(day%7))
	}
	yaml := `
name: x
title: A replay
history:
  from: 2026-02-05
  to: 2026-02-20
  series:
    btc.price: {file: btc.csv}
market:
  btc: {depth_1pct: 3bn, volatility: 50%}
`
	st := execute(t, yaml, map[string]string{"btc.csv": rows.String()})
	h := st.History[0]
	if h.Rows != 16 || h.Min != 100 || h.Max != 160 {
		t.Errorf("%d rows from %v to %v", h.Rows, h.Min, h.Max)
	}
	near(t, "worst fall", h.Drawdowns[0].Depth, -.375, 1e-12)
	if len(st.Warnings) == 0 || st.Warnings[0] != "btc.price: invented" {
		t.Errorf("warnings %q", st.Warnings)
	}
	if st.Impulses != nil || st.Base.Path.Plan.Steps != 15 {
		t.Errorf("impulses %v, steps %d", st.Impulses, st.Base.Path.Plan.Steps)
	}
}

// What a sweep's runs suffer is told as what the others do is.
func TestSweepTellsOfCappedWaves(t *testing.T) {
	yaml := strings.Replace(loop, "mechanisms:", "waves: {max: 1}\nmechanisms:", 1)
	st := execute(t, yaml+"sweep: {redemption.same_day: [0, 90%]}\n", nil)
	told := func(warning string) bool {
		return strings.HasPrefix(warning, "redemption.same_day = 90%: the cap of 1 waves")
	}
	if !slices.ContainsFunc(st.Warnings, told) {
		t.Errorf("warnings are %q", st.Warnings)
	}
}

// A sweep's point is the scenario with that value, on the same news; its amplification
// is measured against the first value.
func TestSweep(t *testing.T) {
	st := execute(t, loop+"sweep: {redemption.response: [0, 2.5bn, 5bn]}\n", nil)
	if st.Sweep == nil || st.Sweep.Unit != "usd_per_return" || !slices.Equal(st.Sweep.Values, []float64{0, 2.5e9, 5e9}) {
		t.Fatalf("sweep is %+v", st.Sweep)
	}
	for i, o := range st.Sweep.Outcomes {
		near(t, o.Name+" at the base's value", o.Points[2].Mean.Value, st.Outcomes[i].Cases[0].Mean.Value, 0)
		near(t, o.Name+" without response", o.Points[0].Mean.Value, st.Outcomes[i].Cases[1].Mean.Value, 0)
	}
	falls := st.Sweep.Outcomes[1]
	if one, two := falls.Differences[0].Ratio.Value, falls.Differences[1].Ratio.Value; !(1 < one && one < two) {
		t.Errorf("falls are amplified %v and %v times", one, two)
	}
}

// A long study, whose outcomes are counted, says what a short one does, within the
// intervals of that, and that they were counted.
func TestLongStudy(t *testing.T) {
	yaml := strings.Replace(strings.Replace(loop, "steps: 60", "steps: 3", 1), "outcomes: [return, max_drawdown", "outcomes: [max_drawdown, return", 1)
	yaml += "sweep: {redemption.response: [0, 5bn]}\n"
	of := func(paths string) *study.Study {
		return execute(t, strings.Replace(yaml, "paths: 400", "paths: "+paths, 1), nil)
	}
	short, long := of("262144"), of("270000")
	agree := func(what string, want, got stats.Estimate) {
		t.Helper()
		width := want.High - want.Low
		near(t, what, got.Value, want.Value, width/4)
		near(t, what+", width", got.High-got.Low, width, width/10)
	}
	differ := func(what string, want, got study.Difference) {
		t.Helper()
		agree(what+", difference", want.Mean, got.Mean)
		agree(what+", median difference", want.Median, got.Median)
		if (want.Ratio == nil) != (got.Ratio == nil) {
			t.Fatalf("%s: ratios %v and %v", what, want.Ratio, got.Ratio)
		}
		if want.Ratio != nil {
			agree(what+", ratio", *want.Ratio, *got.Ratio)
		}
	}
	for i, o := range short.Outcomes {
		for k, c := range o.Cases {
			agree(o.Name+", mean", c.Mean, long.Outcomes[i].Cases[k].Mean)
			agree(o.Name+", 5 %", c.Low5, long.Outcomes[i].Cases[k].Low5)
		}
		for k, d := range o.Differences {
			differ(o.Name, d, long.Outcomes[i].Differences[k])
		}
		differ(o.Name+" along the sweep", short.Sweep.Outcomes[i].Differences[0], long.Sweep.Outcomes[i].Differences[0])
	}
	if short.Outcomes[0].Differences[0].Ratio == nil || short.Sweep.Outcomes[0].Differences[0].Ratio == nil {
		t.Error("no ratio of drawdowns")
	}
	for _, want := range []string{"on 270000 paths the quantiles of series are counted in histograms", "on 270000 paths the outcomes are counted"} {
		if !slices.ContainsFunc(long.Warnings, func(w string) bool { return strings.HasPrefix(w, want) }) {
			t.Errorf("warnings %q lack %q", long.Warnings, want)
		}
	}
	if slices.ContainsFunc(execute(t, loop, nil).Warnings, func(w string) bool { return strings.Contains(w, "paths the") }) {
		t.Error("a short study warns of histograms")
	}
}
