package trial_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
)

// hourly writes a file of one value an hour from Monday on.
func hourly(column string, hours int, value func(hour int) float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# ebb history 1\n# column %s\ndate,%s\n", column, strings.Split(column, ":")[0])
	for h := range hours {
		fmt.Fprintf(&b, "%s,%v\n", monday.Add(time.Duration(h)*time.Hour).Format(time.RFC3339), value(h))
	}
	return b.String()
}

func wantFault(t *testing.T, s *scenarios.Strategy, f scenarios.Files, want string) {
	t.Helper()
	if _, err := trial.Execute(context.Background(), s, f, trial.Options{}); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v\nwant %q", err, want)
	}
}

// On steps of an hour a flow of a day is known when its day has ended and its lag has
// passed, not with the first hour of its day; the order fills an hour later. A year has
// 8,760 steps.
func TestHourlySteps(t *testing.T) {
	const src = `
name: x
title: x
history:
  step: 1h
  series:
    btc.price: {file: price.csv}
    btc.etf_flow: {file: flow.csv}
market: {btc: {depth_1pct: 1000tn}}
account: {capital: 1000, fill: close, fee: 0, spread: 0}
rules: {btc: {enter: btc.etf_flow > 0}}
`
	price := hourly("close: price usd", 24*5, func(h int) float64 { return 100 + float64(h%7) })
	for lag, want := range map[string]time.Duration{"": 24 * time.Hour, " published 1d": 48 * time.Hour, " published 6h": 30 * time.Hour} {
		f := files{"price.csv": price, "flow.csv": history("total: flow usd_m"+lag, monday, 5, -3, -3)}
		tr := execute(t, parse(t, "x", src), f, trial.Options{Lookahead: true})
		first := tr.Result.Fills[0]
		if got := first.Decided.Sub(monday); got != want || first.Filled.Sub(first.Decided) != time.Hour {
			t.Errorf("lag %q: decided after %v, filled at %v, want %v and an hour later", lag, got, first.Filled, want)
		}
		if tr.Lookahead.Difference != nil || tr.PeriodsPerYear != 8760 {
			t.Errorf("look-ahead %+v, %v periods a year", tr.Lookahead.Difference, tr.PeriodsPerYear)
		}
	}
}
