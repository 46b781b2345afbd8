package trial_test

import (
	"testing"

	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const two = `
name: x
title: x
history: {series: {ada.price: {file: ada.csv}, btc.price: {file: btc.csv}, eth.price: {file: eth.csv}}}
market: {ada: {depth_1pct: 1000tn}, btc: {depth_1pct: 1000tn}, eth: {depth_1pct: 1000tn}}
account: {capital: 1000, fill: close, fee: 1%, spread: 0}
rules:
  btc: {enter: "return(btc.price, 1d) > return(eth.price, 1d)", weight: 60%}
  eth: {enter: "return(eth.price, 1d) > 5%", exit: eth.price < 85, weight: -40%}
benchmark: {ada: 100%}
`

// Rules of one asset read another, and the account trades two of the three of its market,
// one of them short. All weights are shares of what is left after the fees of all orders of
// the day.
func TestSeveralAssets(t *testing.T) {
	f := files{
		"ada.csv": history("close: price usd", monday, 100, 100, 100, 100, 150),
		"btc.csv": history("close: price usd", monday, 100, 110, 110, 121, 121),
		"eth.csv": history("close: price usd", monday, 100, 100, 110, 88, 80),
	}
	tr := execute(t, parse(t, "x", two), f, trial.Options{Lookahead: true})
	x := 1000 / 1.006                                // day 2: btc for 0.6 x is bought
	y := (1000 - .006*x + .06*x - .01*.66*x) / 1.004 // day 3: worth 0.66 x it is sold, eth for 0.4 y sold short
	z := (y + .4*y*8/88) / 1.006                     // day 4: the short has gained 8 of 88, btc for 0.6 z is bought
	if diff := cmp.Diff([]float64{1000, 1000, x, y, z}, tr.Result.Equity, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("equity (-want +got):\n%s", diff)
	}
	type fill struct {
		Day           int
		Asset, Reason string
		Coins         float64
	}
	var got []fill
	for _, x := range tr.Result.Fills {
		got = append(got, fill{x.Step, tr.Market.Assets[x.Asset].Name, x.Reason, x.Coins})
	}
	want := []fill{{2, "btc", "enter", .6 * x / 110}, {3, "btc", "exit", -.6 * x / 110}, {3, "eth", "enter", -.4 * y / 88}, {4, "btc", "enter", .6 * z / 121}}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
		t.Errorf("fills (-want +got):\n%s", diff)
	}
	near(t, "benchmark", tr.Benchmark.Equity[4], 1500/1.01, 1e-12)
	if tr.Lookahead.Difference != nil {
		t.Errorf("look-ahead: %+v", *tr.Lookahead.Difference)
	}
}
