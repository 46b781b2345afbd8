package backtest_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim/backtest"
)

const day = 24 * time.Hour

var start = time.Date(2025, time.October, 6, 0, 0, 0, 0, time.UTC)

// nan is a price that does not exist.
var nan = math.NaN()

// rule makes a decider of a function.
type rule func(s *backtest.State, targets []backtest.Target) error

func (r rule) Decide(s *backtest.State, targets []backtest.Target) error { return r(s, targets) }

// plan is a decider that sets the targets listed for a step, by asset.
type plan map[int][]backtest.Target

func (p plan) Decide(s *backtest.State, targets []backtest.Target) error {
	copy(targets, p[s.Step])
	return nil
}

func weight(v float64) backtest.Target { return backtest.Target{Kind: backtest.Weight, Value: v} }
func coins(v float64) backtest.Target  { return backtest.Target{Kind: backtest.Coins, Value: v} }
func usd(v float64) backtest.Target    { return backtest.Target{Kind: backtest.USD, Value: v} }

// daily is a market of one asset whose opens are the closes before them.
func daily(asset backtest.Asset, closes ...float64) backtest.Market {
	opens := append([]float64{closes[0]}, closes[:len(closes)-1]...)
	return market([]backtest.Asset{asset}, [][]float64{opens}, [][]float64{closes})
}

func market(assets []backtest.Asset, opens, closes [][]float64) backtest.Market {
	m := backtest.Market{Assets: assets, Step: day, Open: opens, Close: closes}
	for k := range closes[0] {
		m.Times = append(m.Times, start.AddDate(0, 0, k))
	}
	return m
}

func run(t *testing.T, m backtest.Market, d backtest.Decider, o backtest.Options) *backtest.Result {
	t.Helper()
	if o.Capital == 0 {
		o.Capital = 1000
	}
	r, err := backtest.Run(m, d, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// near compares to 1e-12 relative, or absolute below 1.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
		t.Errorf("%s is %.17g, want %.17g", what, got, want)
	}
}

func nearAll(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d values, want %d", what, len(got), len(want))
	}
	for i := range want {
		if math.IsNaN(want[i]) {
			if !math.IsNaN(got[i]) {
				t.Errorf("%s %d is %v, want none", what, i, got[i])
			}
			continue
		}
		if !(math.Abs(got[i]-want[i]) <= 1e-12*max(1, math.Abs(want[i]))) {
			t.Errorf("%s %d is %.17g, want %.17g", what, i, got[i], want[i])
		}
	}
}

func TestBuyAndHoldIsThePriceRatio(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 110, 99, 120)
	m.Open[0][1] = 101
	for fill, bought := range map[backtest.FillAt]float64{backtest.FillOpen: 101, backtest.FillClose: 110} {
		r := run(t, m, backtest.Hold{Weights: []float64{1}}, backtest.Options{Fill: fill})
		nearAll(t, "equity", r.Equity, []float64{1000, 1000 * 110 / bought, 1000 * 99 / bought, 1000 * 120 / bought})
		nearAll(t, "returns", r.Returns(), []float64{110/bought - 1, -.1, 120./99 - 1})
		nearAll(t, "cash", r.Cash, []float64{1000, 0, 0, 0})
		nearAll(t, "gross exposure", r.Gross, []float64{0, 1, 1, 1})
		nearAll(t, "turnover", r.Turnover, []float64{0, 1, 0, 0})
		if r.Orders != 1 || len(r.Trades) != 1 || !r.Trades[0].Open || r.Trades[0].Coins != r.Fills[0].Coins {
			t.Errorf("orders %d, trades %+v, want one that is open", r.Orders, r.Trades)
		}
		near(t, "time in market", r.TimeInMarket(), 1)
	}
}

func TestFillTimes(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 110, 99)
	for fill, want := range map[backtest.FillAt]time.Time{backtest.FillOpen: start.Add(2 * day), backtest.FillClose: start.Add(3 * day)} {
		r := run(t, m, plan{2: {weight(1)}}, backtest.Options{Fill: fill})
		if f := r.Fills[0]; f.Step != 2 || !f.Decided.Equal(start.Add(2*day)) || !f.Filled.Equal(want) {
			t.Errorf("filled in step %d, decided %v, filled %v, want 2, %v, %v", f.Step, f.Decided, f.Filled, start.Add(2*day), want)
		}
	}
}

func TestNoPriceOrderWaits(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 100, 100, 100, 100)
	m.Open[0] = []float64{100, nan, nan, 80, 90}
	m.Close[0] = []float64{100, nan, 70, nan, 90}
	r := run(t, m, plan{1: {weight(1)}}, backtest.Options{})
	if len(r.Fills) != 1 || r.Fills[0].Step != 3 || r.Fills[0].Mid != 80 || !r.Fills[0].Decided.Equal(start.Add(day)) {
		t.Fatalf("fills %+v, want one in step 3 at 80", r.Fills)
	}
	nearAll(t, "equity", r.Equity, []float64{1000, 1000, 1000, 1000, 1125})
	// A new decision takes the order's place.
	r = run(t, m, plan{1: {weight(1)}, 3: {coins(2)}}, backtest.Options{})
	nearAll(t, "coins", r.Coins[0], []float64{0, 0, 0, 2, 2})
	// An asset that has never had a price is worth nothing and harms nothing.
	m.Open[0], m.Close[0] = []float64{nan, nan, nan, nan, nan}, []float64{nan, nan, nan, nan, nan}
	r = run(t, m, plan{1: {weight(1)}}, backtest.Options{})
	nearAll(t, "equity", r.Equity, []float64{1000, 1000, 1000, 1000, 1000})
	near(t, "time in market", r.TimeInMarket(), 0)
}

func TestRuin(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 100, 60, 40, 100)
	asked := 0
	r := run(t, m, rule(func(s *backtest.State, targets []backtest.Target) error {
		if asked = s.Step; s.Step == 1 {
			targets[0] = weight(2)
		}
		return nil
	}), backtest.Options{})
	nearAll(t, "equity", r.Equity, []float64{1000, 1000, 200, 0, 0})
	nearAll(t, "returns", r.Returns(), []float64{0, -.8, -1, nan})
	nearAll(t, "coins", r.Coins[0], []float64{0, 20, 20, 0, 0})
	near(t, "shortfall", r.Shortfall, 200)
	if r.Ruined != 3 || asked != 3 || len(r.Trades) != 1 || r.Trades[0].WhyLeft != "ruin" || r.Trades[0].Steps != 3 {
		t.Errorf("ruined in %d, last asked for %d, trades %+v", r.Ruined, asked, r.Trades)
	}
	near(t, "loss", r.Trades[0].PnL, -1200)
	if r := run(t, m, backtest.Hold{Weights: []float64{1}}, backtest.Options{}); r.Ruined != -1 {
		t.Errorf("an account that never fell to 0 is ruined in %d", r.Ruined)
	}
}

func TestHoldRebalances(t *testing.T) {
	m := market([]backtest.Asset{{Name: "btc"}, {Name: "eth"}},
		[][]float64{{100, 100, 200, 200}, {10, 10, 10, 10}}, [][]float64{{100, 200, 200, 400}, {10, 10, 10, 10}})
	r := run(t, m, backtest.Hold{Weights: []float64{.5, .5}, Every: 1}, backtest.Options{})
	nearAll(t, "equity", r.Equity, []float64{1000, 1500, 1500, 2250})
	r = run(t, m, backtest.Hold{Weights: []float64{.5, .5}}, backtest.Options{})
	nearAll(t, "equity", r.Equity, []float64{1000, 1500, 1500, 2500})
	// What is at its weight but for rounding is no order.
	closes := []float64{100, 101.3, 97.7, 103.1, 99.9, 104.7}
	r = run(t, daily(backtest.Asset{Name: "btc", Fee: .001, Spread: .003}, closes...), backtest.Hold{Weights: []float64{1}, Every: 1}, backtest.Options{})
	if r.Orders != 1 {
		t.Errorf("%d orders, want 1", r.Orders)
	}
	if _, err := backtest.Run(m, backtest.Hold{Weights: []float64{1}}, backtest.Options{Capital: 1}); err == nil {
		t.Error("one weight for two assets is accepted")
	}
}
