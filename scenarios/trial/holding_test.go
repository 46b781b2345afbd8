package trial_test

import (
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const inAndOut = `
name: x
title: x
history:
  series:
    btc.price: {file: price.csv}
    btc.open: {file: open.csv}
    btc.signal: {file: signal.csv}
market: {btc: {depth_1pct: 1000tn}}
account: {capital: 1000, fee: 0, spread: 0}
rules: {btc: {enter: btc.signal > 0, weight: 50%}}
`

// The signal is on at the closes of days 0 and 1 and off at that of day 2. With fills
// at the open, 500/105 coins are held over days 1 and 2: over the first of them as if
// they had been bought at the close before it. With fills at the close, 500/110 coins
// are held over days 2 and 3.
func TestHolding(t *testing.T) {
	f := files{
		"price.csv":  history("close: price usd", monday, 100, 110, 121, 121, 90.75),
		"open.csv":   history("open: price usd", monday, 100, 105, 115, 130, 110),
		"signal.csv": history("signal: rate fraction", monday, 1, 1, -1, -1, -1),
	}
	for fill, weights := range map[string][]float64{
		"open":  {500. / 105 * 100 / 1000, 500. / 105 * 110 / (500 + 500./105*110), 0, 0},
		"close": {0, .5, 500. / 110 * 121 / (500 + 500./110*121), 0},
	} {
		at := scenarios.Override{Key: "account.fill", Value: fill}
		got := execute(t, parse(t, "x", inAndOut, at), f, trial.Options{}).Holding()
		want := luck.Holding{Weights: [][]float64{weights}, Returns: [][]float64{{.1, .1, 0, -.25}}, Cost: []float64{0}}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
			t.Errorf("fill at the %s (-want +got):\n%s", fill, diff)
		}
		dear := execute(t, parse(t, "x", inAndOut, at, scenarios.Override{Key: "account.fee", Value: "1%"}, scenarios.Override{Key: "account.spread", Value: "4%"}), f, trial.Options{})
		near(t, "cost", dear.Holding().Cost[0], .03, 1e-15)
	}
}

// Opens of days cannot stand for those of hours, nor those of hours for a day's.
func TestOpensOfOtherSteps(t *testing.T) {
	flat := func(int) float64 { return 100 }
	f := files{
		"price.csv":  hourly("close: price usd", 50, flat),
		"open.csv":   history("open: price usd", monday, 100, 105),
		"signal.csv": hourly("signal: rate fraction", 50, flat),
	}
	s := parse(t, "x", inAndOut, scenarios.Override{Key: "history.step", Value: "1h"})
	wantFault(t, s, f, "btc.open: found opens of every 1d, expected those of steps of 1h, at which orders fill, or account: {fill: close}")
	f["open.csv"] = hourly("open: price usd", 50, flat)
	execute(t, s, f, trial.Options{})
	wantFault(t, parse(t, "x", inAndOut), f, "btc.open: found opens of every 1h, expected those of steps of 1d")
}
