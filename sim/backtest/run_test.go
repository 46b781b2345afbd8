package backtest_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/sim/backtest"
)

func TestFaultsAllAtOnce(t *testing.T) {
	m := backtest.Market{Assets: []backtest.Asset{{Name: "btc", Fee: -1, Spread: 2, Borrow: nan}, {Name: "btc"}},
		Times: []time.Time{start, start}, Step: day, Open: [][]float64{{1, 2}}, Close: [][]float64{{1, 0}, {1}}}
	_, err := backtest.Run(m, nil, backtest.Options{Fill: 3, Record: -1, Yield: nan, Rate: math.Inf(1), Limits: backtest.Limits{Gross: -1, Position: nan, Order: math.Inf(1)}})
	if err == nil {
		t.Fatal("no error")
	}
	want := []string{
		"step 1 starts 0s after the one before it, expected at least 24h0m0s",
		"asset btc: fee is -1, expected at least 0 and less than 1",
		"asset btc: spread is 2, expected at least 0 and less than 2",
		"asset btc: borrow rate is NaN, expected at least 0",
		`two assets are named "btc"`,
		"asset btc: close of step 1 is 0, expected a positive number, or NaN where there is none",
		"asset btc: 1 close prices, expected one for each of 2 steps",
		"capital is 0 USD, expected a positive number",
		"fill is 3, expected 0 for the open or 1 for the close",
		"record is -1, expected 0 to 2",
		"the yield on cash is NaN, expected a finite number",
		"the rate on borrowed cash is +Inf, expected a finite number",
		"the gross limit is -1, expected a positive number, or 0 for none",
		"the position limit is NaN, expected a positive number, or 0 for none",
		"the order limit is +Inf, expected a positive number, or 0 for none",
		"there is no decider",
	}
	if diff := cmp.Diff(want, strings.Split(err.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
	if _, err := backtest.Run(backtest.Market{}, plan{}, backtest.Options{Capital: 1}); err == nil {
		t.Error("an empty market is accepted")
	}
	m = daily(backtest.Asset{Name: "btc"}, 1, 2)
	m.Open = nil
	if _, err := backtest.Run(m, plan{}, backtest.Options{Capital: 1}); err == nil || err.Error() != "open prices of 0 assets, expected 1" {
		t.Errorf("no opens to fill at: %v", err)
	}
	if _, err := backtest.Run(m, plan{}, backtest.Options{Capital: 1, Fill: backtest.FillClose}); err != nil {
		t.Errorf("opens that nobody reads: %v", err)
	}
}

func TestDeciderFaults(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc", Law: linear{1}}, 100, 100, 100)
	failed := errors.New("failed")
	for name, c := range map[string]struct {
		rule rule
		want string
	}{
		"fails": {func(*backtest.State, []backtest.Target) error { return failed }, "decision of 2025-10-07T00:00:00Z for step 1: failed"},
		"no number": {func(_ *backtest.State, targets []backtest.Target) error { targets[0] = weight(nan); return nil },
			"decision of 2025-10-07T00:00:00Z for step 1: asset btc: target is NaN, expected a finite number"},
		"no kind": {func(_ *backtest.State, targets []backtest.Target) error { targets[0].Kind = 4; return nil },
			"decision of 2025-10-07T00:00:00Z for step 1: asset btc: target of kind 4, expected 0 to 3"},
		"no limit to its impact": {func(_ *backtest.State, targets []backtest.Target) error { targets[0] = usd(1e6); return nil },
			"step 1: asset btc: an order for 10000 coins, 1e+06 USD, has no finite cost under its impact law"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := backtest.Run(m, c.rule, backtest.Options{Capital: 1000})
			if err == nil || err.Error() != c.want {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

// TestDecisions: every target that is set is recorded, that at the last close too,
// and one step is enough to decide on.
func TestDecisions(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 100)
	want := []backtest.Decision{{Step: 2, Target: backtest.Target{Kind: backtest.Weight, Value: .5, Reason: "enter"}}}
	p := plan{2: {want[0].Target}}
	r := run(t, m, p, backtest.Options{})
	if diff := cmp.Diff(want, r.Decisions); diff != "" || r.Orders != 0 {
		t.Errorf("%d orders; %s", r.Orders, diff)
	}
	r = run(t, daily(backtest.Asset{Name: "btc"}, 100), backtest.Hold{Weights: []float64{1}}, backtest.Options{})
	if len(r.Decisions) != 1 || len(r.Equity) != 1 || len(r.Returns()) != 0 || !math.IsNaN(r.TimeInMarket()) || !math.IsNaN(r.Holding()) {
		t.Errorf("one step: %+v", r)
	}
}

// crossing is a market of 800 days and a rule that turns its position every week.
func crossing(law bool) (backtest.Market, rule) {
	closes := make([]float64, 800)
	for k := range closes {
		closes[k] = 100 * math.Exp(.3*math.Sin(float64(k)/40)+.05*math.Cos(float64(k)*1.7))
	}
	asset := backtest.Asset{Name: "btc", Fee: .001, Spread: .0005, Borrow: .05}
	if law {
		asset.Law = root{1e-6}
	}
	return daily(asset, closes...), func(s *backtest.State, targets []backtest.Target) error {
		if s.Step%7 == 0 {
			targets[0] = weight(float64(s.Step/7%3) - 1)
		}
		return nil
	}
}

// TestNoAllocationPerStep: a run for a grid takes as much memory whatever it trades.
func TestNoAllocationPerStep(t *testing.T) {
	m, d := crossing(true)
	short := cut(m, 10)
	allocations := func(m backtest.Market) float64 {
		return testing.AllocsPerRun(10, func() {
			if _, err := backtest.Run(m, d, backtest.Options{Capital: 1000, Record: backtest.RecordEquity}); err != nil {
				t.Fatal(err)
			}
		})
	}
	if long, short := allocations(m), allocations(short); long != short {
		t.Errorf("%v allocations over 800 steps, %v over 10", long, short)
	}
}

func BenchmarkRun(b *testing.B) {
	for name, law := range map[string]bool{"costs": false, "impact": true} {
		b.Run(name, func(b *testing.B) {
			m, d := crossing(law)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := backtest.Run(m, d, backtest.Options{Capital: 1000, Rate: .1, Record: backtest.RecordEquity}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(m.Times)), "ns/step")
		})
	}
}
