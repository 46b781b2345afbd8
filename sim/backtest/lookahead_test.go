package backtest_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/sim/backtest"
)

// cut is a market that ends after known steps.
func cut(m backtest.Market, known int) backtest.Market {
	short := m
	short.Times = m.Times[:known]
	short.Open, short.Close = nil, nil
	for a := range m.Assets {
		short.Open = append(short.Open, m.Open[a][:known])
		short.Close = append(short.Close, m.Close[a][:known])
	}
	return short
}

// momentum is long after a rise.
func momentum(m backtest.Market) rule {
	return func(s *backtest.State, targets []backtest.Target) error {
		closes := m.Close[0][:s.Step]
		if n := len(closes); n > 1 && closes[n-1] > closes[n-2] {
			targets[0] = backtest.Target{Kind: backtest.Weight, Value: 1, Reason: "enter"}
		} else {
			targets[0] = backtest.Target{Kind: backtest.Weight, Reason: "exit"}
		}
		return nil
	}
}

// tomorrow is long before a rise, as far as it can see.
func tomorrow(m backtest.Market) rule {
	return func(s *backtest.State, targets []backtest.Target) error {
		if closes := m.Close[0]; s.Step < len(closes) && closes[s.Step] > closes[s.Step-1] {
			targets[0] = weight(1)
		} else {
			targets[0] = weight(0)
		}
		return nil
	}
}

// cheap is long below the mean of the whole sample.
func cheap(m backtest.Market) rule {
	mean := 0.0
	for _, p := range m.Close[0] {
		mean += p / float64(len(m.Close[0]))
	}
	return func(s *backtest.State, targets []backtest.Target) error {
		if s.Positions[0].Price < mean {
			targets[0] = weight(1)
		} else {
			targets[0] = weight(0)
		}
		return nil
	}
}

func TestCheckLookahead(t *testing.T) {
	_, prices := columns(t, "prices.csv")
	m := daily(backtest.Asset{Name: "btc", Fee: .001}, prices["close"][:200]...)
	for name, c := range map[string]struct {
		rule   func(backtest.Market) rule
		honest bool
	}{"momentum": {momentum, true}, "tomorrow": {tomorrow, false}, "cheap": {cheap, false}} {
		t.Run(name, func(t *testing.T) {
			full := run(t, m, c.rule(m), backtest.Options{})
			found, err := backtest.CheckLookahead(nil, full, func(known int) (*backtest.Result, error) {
				short := cut(m, known)
				return backtest.Run(short, c.rule(short), backtest.Options{Capital: 1000})
			})
			if err != nil {
				t.Fatal(err)
			}
			if (found.Difference == nil) != c.honest {
				t.Errorf("honest is %v, found %+v", c.honest, found.Difference)
			}
			if c.honest && (found.Cuts != 199 || found.Decisions != 199*200/2) {
				t.Errorf("%d cuts and %d decisions, want 199 and %d", found.Cuts, found.Decisions, 199*200/2)
			}
			if d := found.Difference; d != nil && (d.Full == d.Cut || d.Step > d.Known || d.Full != full.Decisions[d.Step-1].Target) {
				t.Errorf("difference %+v", d)
			}
		})
	}
}

// TestLookaheadReportsBoth gives the very decision on a handful of closes: the
// first rise, from 100 to 101 in step 1, is bought in step 1.
func TestLookaheadReportsBoth(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 101, 100)
	found, err := backtest.CheckLookahead(nil, run(t, m, tomorrow(m), backtest.Options{}), func(known int) (*backtest.Result, error) {
		short := cut(m, known)
		return backtest.Run(short, tomorrow(short), backtest.Options{Capital: 1000})
	})
	if err != nil {
		t.Fatal(err)
	}
	want := &backtest.Lookahead{Cuts: 1, Decisions: 1, Difference: &backtest.Difference{Known: 1, Step: 1, Full: weight(1), Cut: weight(0)}}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
}

// TestLookaheadMissingDecision: a decision that only one of the two runs has is a
// difference, on either side.
func TestLookaheadMissingDecision(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 101, 100)
	something, nothing := plan{2: {weight(1)}}, plan{}
	for _, c := range []struct {
		full, short plan
		want        backtest.Difference
	}{
		{something, nothing, backtest.Difference{Known: 2, Step: 2, Full: weight(1)}},
		{nothing, something, backtest.Difference{Known: 2, Step: 2, Cut: weight(1)}},
	} {
		found, err := backtest.CheckLookahead([]int{1}, run(t, m, c.full, backtest.Options{}), func(known int) (*backtest.Result, error) {
			return backtest.Run(cut(m, known), c.short, backtest.Options{Capital: 1000})
		})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&c.want, found.Difference); diff != "" {
			t.Error(diff)
		}
	}
}

func TestLookaheadFaults(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 101, 100)
	full := run(t, m, plan{}, backtest.Options{})
	same := func(int) (*backtest.Result, error) { return full, nil }
	bare := run(t, m, plan{}, backtest.Options{Record: backtest.RecordSteps})
	failed := errors.New("failed")
	for name, err := range map[string]error{
		"no decisions":         check(nil, bare, same),
		"no full run":          check(nil, nil, same),
		"beyond the end":       check([]int{2}, full, same),
		"before the start":     check([]int{-1}, full, same),
		"not cut":              check(nil, full, same),
		"cut run not recorded": check(nil, full, func(int) (*backtest.Result, error) { return bare, nil }),
		"cut run fails":        check(nil, full, func(int) (*backtest.Result, error) { return nil, failed }),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if name == "cut run fails" && !errors.Is(err, failed) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func check(steps []int, full *backtest.Result, rerun func(int) (*backtest.Result, error)) error {
	_, err := backtest.CheckLookahead(steps, full, rerun)
	return err
}
