package study_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

const replayed = `
name: x
title: A replay
history:
  series:
    btc.price: {file: p.csv, kind: price}
    btc.etf_flow: {file: f.csv, kind: flow, unit: usd_m}
market:
  btc: {depth_1pct: 3bn, volatility: 50%}
mechanisms:
  - redemption: {asset: btc, aum: 100bn, response: 5bn, impact_scale: 10}
  - trend: {asset: btc, capital: 10bn}
`

// winter is a made-up history of prices and flows.
func winter(days int, spike int) map[string]string {
	rng, at := rand.New(rand.NewPCG(4, 2)), time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
	prices, flows, price := "date,close\n", "date,flow\n", 100e3
	for k := range days {
		flow := 30 * rng.NormFloat64()
		if k == spike {
			price *= .7
			flow = -3000
		}
		price *= math.Exp(.02 * rng.NormFloat64())
		day := at.AddDate(0, 0, k)
		prices += fmt.Sprintf("%s,%.2f\n", day.Format(time.DateOnly), price)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			flows += fmt.Sprintf("%s,%.1f\n", day.Format(time.DateOnly), flow)
		}
	}
	return map[string]string{"p.csv": prices, "f.csv": flows}
}

// A replay gives the history back, its comparisons run on the same news, and the
// shares of an outcome add up.
func TestReplayIsTheHistory(t *testing.T) {
	st := execute(t, replayed+"compare: [{without: [redemption]}]\nattribute: {outcomes: [return, btc.etf_flow]}\n", winter(60, -1))
	for k := range 60 {
		want, _ := st.Panel.Value("btc.price", k)
		near(t, "close", st.Base.Path.Price(0, k)/want, 1, 1e-9)
	}
	for k, flow := range st.Base.Path.Reports[0] {
		if want, ok := st.Panel.Value("btc.etf_flow", k+1); ok && !st.Panel.Carried("btc.etf_flow", k+1) {
			near(t, "flow", flow, want, 1)
		}
	}
	other := st.Variants[0].Path
	for k := range 59 {
		near(t, "news", other.Ledger.News[0][k], st.Base.Path.Ledger.News[0][k], 0)
	}
	if math.Abs(other.LogPrice[0][59]-st.Base.Path.LogPrice[0][59]) < 1e-6 {
		t.Error("the counterfactual is the history")
	}
	for _, o := range st.Attribution.Outcomes {
		sum := o.News.Value
		for _, s := range o.Shares {
			sum += s.Shapley.Value
		}
		near(t, o.Name+": news and shares", sum, o.Total.Value, 1e-9*(1+math.Abs(o.Total.Value)))
	}
	near(t, "what is left without both", st.Attribution.Outcomes[1].News.Value, 0, 0) // a flow nobody makes
}

// What a later day brings changes nothing that was found before it.
func TestIdentificationReadsNoFuture(t *testing.T) {
	calm, hit := execute(t, replayed, winter(60, -1)), execute(t, replayed, winter(60, 45))
	for k := range 44 {
		near(t, "news before the spike", hit.Identified.News[0][k], calm.Identified.News[0][k], 0)
		near(t, "innovation before the spike", hit.Identified.Innovations[0][k], calm.Identified.Innovations[0][k], 0)
	}
	if hit.Identified.News[0][44] == calm.Identified.News[0][44] {
		t.Error("the spike is no news")
	}
}

// A bootstrap beside mechanisms draws the news that they leave of the returns, and
// not the returns.
func TestBootstrapDrawsIdentifiedNews(t *testing.T) {
	history := winter(200, -1)
	with := execute(t, replayed+"simulate: {steps: 30, paths: 50, seed: 1, news: {bootstrap: {centre: false}}}\n", history)
	past, err := with.Base.Case.Drawn()
	if err != nil {
		t.Fatal(err)
	}
	among := func(list []float64, v float64) bool {
		return slices.ContainsFunc(list, func(x float64) bool { return math.Abs(x-v) < 1e-12 })
	}
	var returns []float64
	for k := 1; k < 200; k++ {
		now, _ := with.Panel.Value("btc.price", k)
		before, _ := with.Panel.Value("btc.price", k-1)
		returns = append(returns, math.Log(now/before))
	}
	for k, news := range with.Base.Path.Ledger.News[0] {
		if !among(past.News[0], news) || among(returns, news) {
			t.Errorf("step %d: news of %v is not what the mechanisms leave of a return", k+1, news)
		}
	}
	said := false
	for _, w := range with.Warnings {
		said = said || strings.HasPrefix(w, "the past from which news is drawn")
	}
	if !said {
		t.Errorf("no word of the identification: %q", with.Warnings)
	}
}

// The smallest fall that takes the price down by a tenth is what the loop leaves
// to the news: ln(.9)·(1−g)/d for a planned fall of d, gain g = ΛΦ.
func TestReverseOfTheLinearLoop(t *testing.T) {
	st := execute(t, `
name: x
title: Reverse
market:
  btc: {price: 100, volatility: 50%, depth_1pct: 3bn}
mechanisms:
  - redemption: {asset: btc, aum: 500bn, persistence: 0, response: 5bn, same_day: 100%, impact_scale: 10}
shocks:
  - {name: fall, on: day 1, news: -1%}
simulate: {steps: 3}
outcomes: [return]
reverse: {outcome: return, threshold: -10%, passes: at most, scale: [fall]}
`, nil)
	const gain = .01 / 3e9 * 10 * 5e9
	near(t, "factor", st.Reverse.Factor, math.Log(.9)*(1-gain)/-.01, 1e-6)
	if st.Reverse.Jump != nil || st.Reverse.Frequency != nil {
		t.Errorf("a jump or chance in a loop that has neither: %+v", st.Reverse)
	}
	if st.Reverse.Likelihood != nil || !strings.Contains(st.Reverse.Unlikened, "the news is none") {
		t.Errorf("found likelihood %+v (%q), expected none and why", st.Reverse.Likelihood, st.Reverse.Unlikened)
	}
}
