package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/monitor"
)

// A chart that finds nothing to show, or several things, does not spoil a run.
func TestChartsAtTheEdges(t *testing.T) {
	const (
		head    = "name: mine\ntitle: Mine\n"
		btc     = head + "market: {btc: {price: 90000, volatility: 50%, depth_1pct: 3bn}}\n"
		loop    = btc + "mechanisms: [redemption: {asset: btc, aum: 113bn}]\n"
		watched = btc + "mechanisms: [redemption: {asset: btc, aum: 113bn}, carry: {asset: btc}, premium: {asset: btc}]\n"
		shares  = btc + "mechanisms:\n  - treasury: {asset: btc, holders: [{name: S, units: 640000, average_cost: 74000, debt: 8bn, mnav: 1.35}]}\n" +
			"  - exposure: {name: a, asset: btc, holders: [{name: A, value: 90m, company: S}]}\n"
		random = "simulate: {steps: 20, paths: 30, news: gbm}\n"
		facts  = "facts: {file: facts.csv, week: 2026-01-26}\n"
		header = "id,date,period,series,dimension,key,value,low,high,unit,status,source,note\n"
	)
	for _, test := range []struct {
		name, yaml, facts string
		drawn, not        []string
	}{
		{"two monitors", watched + "monitors: [recovery: {asset: btc, name: r}, recovery: {asset: btc, name: with a name much longer than a series}]\n" +
			"history: {series: {btc.basis: {file: histories/btc_basis.csv, column: basis, kind: rate}}}\n" + random,
			"", []string{"lights-1", "lights-2"}, []string{"lights"}},
		{"a variant without the monitor", watched + "monitors: [recovery: {asset: btc}]\ncompare: [with: {recovery: ~}]\n" + random,
			"", []string{"lights"}, nil},
		{"two kinds of shareholders", shares + "  - exposure: {name: b, asset: btc, holders: [{name: B, value: 90m, company: S}]}\n" + random,
			"", []string{"exposure-1", "exposure-2"}, []string{"exposure"}},
		{"shares that nothing changes", shares + "simulate: {steps: 20}\n", "", []string{"price"}, []string{"exposure"}},
		{"a leading asset that does not move", head + "market:\n  btc: {price: 90000, volatility: 50%, depth_1pct: 3bn}\n  eth: {price: 3000, volatility: 50%, depth_1pct: 1bn}\n" +
			"shocks: [{on: day 3, news: -10%, asset: eth}]\nsimulate: {steps: 60}\n", "", []string{"price-eth"}, []string{"rolling-eth"}},
		{"an outcome without a value", btc + "mechanisms: [collateral: {asset: btc, holders: [{name: S, units: 1000, debt: 0, liquidation_threshold: 80%}]}]\n" +
			"outcomes: [s.health_factor.low]\nsweep: {collateral.holders.S.units: [1000, 2000]}\n" + random,
			"", []string{"fan"}, []string{"distribution", "sensitivity"}},
		{"a sweep up and down", loop + "sweep: {redemption.response: [1bn, 3bn, 2bn]}\n" + random, "", []string{"sensitivity"}, nil},
		{"a weekend of fund flows", head + "market: {btc: {depth_1pct: 3bn}}\nmechanisms: [redemption: {asset: btc, aum: 113bn}, carry: {asset: btc}]\n" +
			"history: {series: {btc.price: {file: histories/btc_usd.csv, column: close, kind: price}}}\nsimulate: {from: 2025-10-03, steps: 1, paths: 30, news: gbm}\n",
			"", []string{"price"}, []string{"split"}},
		{"a week without figures", btc + facts + random, header + "a,2026-01-26,week,fund_flow,asset,BTC,,,,,disputed,S1,\n", nil, []string{"breakdown", "aum"}},
		{"a week that contradicts itself", btc + facts + random, header + "a,2026-01-26,week,fund_flow,total,all,-100,,,usd_m,reported,S1,\n" +
			"b,2026-01-19,point,aum,total,all,50,,,usd_m,reported,S1,\nc,2026-01-26,point,aum,total,all,60,,,usd_m,reported,S1,\n", nil, []string{"aum"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "mine.yaml")
			for file, text := range map[string]string{name: test.yaml, filepath.Join(dir, "facts.csv"): test.facts} {
				if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			ebb(t, "run", name, "-o", filepath.Join(dir, "result"))
			files := folder(t, filepath.Join(dir, "result"))
			for _, chart := range test.drawn {
				if files["plots/"+chart+".png"] == nil {
					t.Errorf("there is no %s", chart)
				}
			}
			for _, chart := range test.not {
				if files["plots/"+chart+".png"] != nil {
					t.Errorf("there is a %s", chart)
				}
			}
		})
	}
}

// Lights that nobody publishes are those of the history: they are not shown beside
// a simulated price, but along all of a replay.
func TestLightsOfTheHistory(t *testing.T) {
	const watched = `
name: mine
title: Mine
market: {btc: {volatility: 50%, depth_1pct: 3bn}}
monitors: [recovery: {asset: btc}]
history:
  series:
    btc.price: {file: histories/btc_usd.csv, column: close, kind: price}
    btc.etf_flow: {file: histories/btc_etf_flow.csv, column: total, kind: flow, unit: usd_m}
    btc.basis: {file: histories/btc_basis.csv, column: basis, kind: rate}
    btc.coinbase_premium: {file: histories/btc_premium.csv, column: premium, kind: rate}
`
	for simulate, last := range map[string]bool{"": true, "simulate: {from: 2025-11-01, steps: 30}\n": false} {
		s, err := scenarios.Parse("mine.yaml", []byte(watched+simulate), nil)
		if err != nil {
			t.Fatal(err)
		}
		st, err := study.Execute(context.Background(), s, library{folder: "."}, study.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sheet := newSheet(st)
		for name, values := range map[string][]float64{
			"premium": sheet.seen("btc.coinbase_premium"),
			"light":   sheet.judged("recovery", "premium", func(state monitor.State) float64 { return state.Premium.Value() }),
		} {
			if end := values[len(values)-1]; (end == end) != last {
				t.Errorf("%q: the %s ends at %v", simulate, name, end)
			}
			if start := values[sheet.history]; simulate != "" && start != start {
				t.Errorf("%q: no %s at the start", simulate, name)
			}
		}
	}
}
