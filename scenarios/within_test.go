package scenarios_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const candles = `
name: x
title: A replay through the extremes
history:
  within: ohlc
  series:
    btc.price: {file: btc.csv, column: close}
    btc.open: {file: btc.csv, column: open}
    btc.high: {file: btc.csv, column: high}
    btc.low: {file: btc.csv, column: low}
    btc.etf_flow: {file: flow.csv, column: total, kind: flow, unit: usd_m}
market:
  btc: {depth_1pct: 1000bn, volatility: 50%}
mechanisms:
  - collateral: {asset: btc, holders: [{name: x, units: 1, debt: 70, liquidation_threshold: 0.8}]}
`

var candleFiles = map[string]string{
	"btc.csv": "date,open,high,low,close\n" +
		"2026-01-07,100,105,95,102\n" + // rises: open, low, high, close
		"2026-01-08,102,110,80,90\n" + // falls: open, high, low, close
		"2026-01-09,91,99,90,98\n",
	"flow.csv": "date,total\n2026-01-07,5\n2026-01-08,-7\n",
}

// A candle is visited through its extremes: what is liquidated at the low of 80
// is untouched at the close of 90.
func TestCandlesAreVisitedThroughTheirExtremes(t *testing.T) {
	c := mustCompile(t, candles, candleFiles)
	path := c.Plan.NewPath(true)
	if err := sim.NewRunner(c.Plan).Run(c.Driver.Start(0, 0), path); err != nil {
		t.Fatal(err)
	}
	var prices []float64
	for k := range path.LogPrice[0] {
		prices = append(prices, path.Price(0, k))
	}
	want := []float64{100, 95, 105, 102, 102, 110, 80, 90, 91, 90, 99, 98}
	if diff := cmp.Diff(want, prices, cmpopts.EquateApprox(1e-6, 0)); diff != "" {
		t.Errorf("prices visited: %s", diff)
	}
	if at := path.Times()[6]; !at.Equal(time.Date(2026, 1, 8, 12, 0, 0, 0, time.UTC)) {
		t.Errorf("the low of the second day is labelled %v", at)
	}
	for i, r := range c.Plan.Reports() {
		if r.Name == "x.sold" && (path.Reports[i][5] <= 0 || path.Reports[i][6] != 0) {
			t.Errorf("sold by visit: %v, want at the low only", path.Reports[i])
		}
	}
	if diff := cmp.Diff([]bool{false, false, true, false, false, false, true, false, false, false, true}, c.Plan.Sessions); diff != "" {
		t.Errorf("sessions: %s", diff)
	}
	if v, ok := c.Panel.Value("btc.etf_flow", 7); !ok || v != -7e6 {
		t.Errorf("the flow of the second day stands as %v, %v in its last part", v, ok)
	}
}

func TestCandlesMustBeComplete(t *testing.T) {
	_, err := compile(t, strings.Replace(candles, "    btc.low: {file: btc.csv, column: low}\n", "", 1), candleFiles)
	want := "x.yaml:5:11: candles of btc: found no btc.low on 2026-01-07, expected open, high, low and price on every step\n"
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v", err)
	}
	_, err = compile(t, candles+"simulate: {steps: 3, paths: 1, news: none}\n", candleFiles)
	if err == nil || !strings.Contains(err.Error(), "expected a replay: without simulate") {
		t.Errorf("got %v", err)
	}
}
