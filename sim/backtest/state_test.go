package backtest_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim/backtest"
)

// TestState checks what a decider is told: average cost with fees, gain after the
// costs of entry, the best price since.
func TestState(t *testing.T) {
	const fee = .01
	m := daily(backtest.Asset{Name: "btc", Fee: fee}, 100, 110, 120, 90, 95, 85, 88)
	var seen []backtest.Position
	run(t, m, rule(func(s *backtest.State, targets []backtest.Target) error {
		seen = append(seen, s.Positions[0])
		switch s.Step {
		case 1:
			targets[0] = coins(2)
		case 2:
			targets[0] = coins(3)
		case 3:
			targets[0] = coins(1)
		case 4:
			targets[0] = coins(-1)
		}
		return nil
	}), backtest.Options{})
	if p := seen[0]; p.Coins != 0 || !math.IsNaN(p.Entry) || !math.IsNaN(p.Gain) || !math.IsNaN(p.Best) || !p.Since.IsZero() || !p.Traded.IsZero() || p.Price != 100 {
		t.Errorf("before the first order: %+v", p)
	}
	average := (2*100 + 110) * (1 + fee) / 3
	for i, want := range []backtest.Position{
		1: {Coins: 2, Price: 110, Since: start.Add(day), Entry: 101, Gain: 110./101 - 1, Best: 110, Traded: start.Add(day)},
		2: {Coins: 3, Price: 120, Since: start.Add(day), Entry: average, Gain: 120/average - 1, Best: 120, Traded: start.Add(2 * day)},
		3: {Coins: 1, Price: 90, Since: start.Add(day), Entry: average, Gain: 90/average - 1, Best: 120, Traded: start.Add(3 * day)},
		4: {Coins: -1, Price: 95, Since: start.Add(4 * day), Entry: 90 * (1 - fee), Gain: 1 - 95/(90*(1-fee)), Best: 90, Traded: start.Add(4 * day)},
		6: {Coins: -1, Price: 88, Since: start.Add(4 * day), Entry: 90 * (1 - fee), Gain: 1 - 88/(90*(1-fee)), Best: 85, Traded: start.Add(4 * day)},
	} {
		if want.Coins == 0 {
			continue
		}
		got := seen[i]
		near(t, "coins", got.Coins, want.Coins)
		near(t, "price", got.Price, want.Price)
		near(t, "entry", got.Entry, want.Entry)
		near(t, "gain", got.Gain, want.Gain)
		near(t, "best", got.Best, want.Best)
		if !got.Since.Equal(want.Since) || !got.Traded.Equal(want.Traded) {
			t.Errorf("state %d: since %v, traded %v, want %v and %v", i, got.Since, got.Traded, want.Since, want.Traded)
		}
	}
}

// TestTurnedTrade: one fill ends a long trip and begins a short one, its fee in
// proportion to the coins.
func TestTurnedTrade(t *testing.T) {
	const fee = .01
	m := daily(backtest.Asset{Name: "btc", Fee: fee}, 100, 120, 90, 90)
	r := run(t, m, plan{1: {coins(2)}, 2: {coins(-1)}}, backtest.Options{})
	if len(r.Fills) != 2 || len(r.Trades) != 2 {
		t.Fatalf("%d fills and %d trades, want 2 and 2", len(r.Fills), len(r.Trades))
	}
	near(t, "P&L of the long trip", r.Trades[0].PnL, 2*120*(1-fee)-2*100*(1+fee))
	near(t, "P&L of the short trip", r.Trades[1].PnL, 120*(1-fee)-90)
	if a, b := r.Trades[0], r.Trades[1]; a.Open || !b.Open || a.Steps != 1 || b.Steps != 2 || !a.Exit.Equal(b.Enter) {
		t.Errorf("trades %+v", r.Trades)
	}
}
