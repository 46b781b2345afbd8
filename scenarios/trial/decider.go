package trial

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/backtest/rule"
)

// A decider asks the rules of a strategy at every close. Between a decision to
// enter and the next one to leave the position counts as held, whether or not the
// order could be filled yet.
//
//	not held   enter true, and exit not true          → the size, "enter"
//	held       exit true, or without one enter untrue → 0, "exit"
//	held       else rebalance true                    → the size, "rebalance"
//
// A rule that cannot be answered decides nothing, and is counted. What does not matter
// is not asked: before there is a position, exit only keeps out where it is true, and
// what it says of a position's gain is not missed.
type decider struct {
	tape   *rule.Tape
	assets []asked
	shared bool // the tape's time is moved by somebody else
}

// asked is one asset with its rules.
type asked struct {
	name   string
	place  int // among the assets of the market
	rules  scenarios.CompiledRules
	moment rule.Moment
	held   bool
	counts map[string]*Undecided
}

// newDecider makes a decider with parameters in the order of the names' values.
func newDecider(s *scenarios.Strategy, market []backtest.Asset, tape *rule.Tape, parameters []float64) *decider {
	d := &decider{tape: tape}
	for _, name := range s.Assets() {
		place := slices.IndexFunc(market, func(a backtest.Asset) bool { return a.Name == name })
		d.assets = append(d.assets, asked{name: name, place: place, rules: s.Compiled(name), counts: map[string]*Undecided{},
			moment: rule.Moment{Tape: tape, Parameters: parameters, States: make([]float64, len(scenarios.StrategyStates()))}})
	}
	return d
}

// Decide implements [backtest.Decider].
func (d *decider) Decide(s *backtest.State, targets []backtest.Target) error {
	if !d.shared {
		d.tape.Now(s.Time)
	}
	for i := range d.assets {
		a := &d.assets[i]
		a.states(s)
		target, err := a.decide()
		if err != nil {
			return fmt.Errorf("rules.%s: %w", a.name, err)
		}
		targets[a.place] = target
	}
	return nil
}

func (a *asked) decide() (backtest.Target, error) {
	var none backtest.Target
	if !a.held {
		if in, err := a.enters(); !in {
			return none, err
		}
		return a.size("enter")
	}
	out, err := a.leaves()
	switch {
	case err != nil:
		return none, err
	case out:
		a.held = false
		return backtest.Target{Kind: backtest.Weight, Value: 0, Reason: "exit"}, nil
	case a.rules.Rebalance != nil:
		return a.rebalance()
	}
	return none, nil
}

func (a *asked) enters() (bool, error) {
	enter, _, err := a.flag("enter", a.rules.Enter)
	if !enter || a.rules.Exit == nil {
		return enter, err
	}
	exit, _, err := a.rules.Exit.Flag(&a.moment)
	return err == nil && !exit, err
}

func (a *asked) leaves() (bool, error) {
	if a.rules.Exit != nil {
		exit, _, err := a.flag("exit", a.rules.Exit)
		return exit, err
	}
	enter, sure, err := a.flag("enter", a.rules.Enter)
	return sure && !enter, err
}

// size takes or changes a position, where its size is known.
func (a *asked) size(reason string) (backtest.Target, error) {
	value, known, err := a.rules.Size.Number(&a.moment)
	if err != nil || !known {
		a.count(a.rules.In, known || err != nil)
		return backtest.Target{}, err
	}
	a.held = true
	return backtest.Target{Kind: kinds[a.rules.In], Value: value, Reason: reason}, nil
}

var kinds = map[string]backtest.Kind{"weight": backtest.Weight, "usd": backtest.USD, "coins": backtest.Coins}

func (a *asked) rebalance() (backtest.Target, error) {
	wanted, _, err := a.rules.Size.Number(&a.moment)
	if err != nil {
		return backtest.Target{}, err
	}
	a.moment.States[scenarios.StateWanted] = wanted
	due, _, err := a.flag("rebalance", a.rules.Rebalance)
	a.moment.States[scenarios.StateWanted] = math.NaN()
	if err != nil || !due {
		return backtest.Target{}, err
	}
	return a.size("rebalance")
}

// flag asks a rule, and counts where it has no answer.
func (a *asked) flag(key string, r *rule.Rule) (truth, known bool, err error) {
	truth, known, err = r.Flag(&a.moment)
	a.count(key, known || err != nil)
	return truth, known, err
}

func (a *asked) count(key string, known bool) {
	if known {
		return
	}
	u := a.counts[key]
	if u == nil {
		u = &Undecided{Rule: "rules." + a.name + "." + key}
		a.counts[key] = u
	}
	u.Steps++
	u.Reason = a.moment.Reason()
}

// states tells the rules of an asset what the account holds of it.
func (a *asked) states(s *backtest.State) {
	p, states := s.Positions[a.place], a.moment.States
	states[scenarios.StatePosition] = p.Weight
	states[scenarios.StateCoins] = p.Coins
	states[scenarios.StateWanted] = math.NaN()
	states[scenarios.StateHeld] = since(s.Time, p.Since)
	states[scenarios.StateGain] = p.Gain
	states[scenarios.StateFall] = p.Price/p.Best - 1
	states[scenarios.StateSinceTrade] = since(s.Time, p.Traded)
	states[scenarios.StateEquity] = s.Equity
	states[scenarios.StateCash] = s.Cash / s.Equity
}

const day = 24 * time.Hour

// since is a time in days; NaN where it never was.
func since(now, then time.Time) float64 {
	if then.IsZero() {
		return math.NaN()
	}
	return float64(now.Sub(then)) / float64(day)
}

// undecided lists the rules without an answer.
func (d *decider) undecided() []Undecided {
	var list []Undecided
	for _, a := range d.assets {
		for _, key := range slices.Sorted(maps.Keys(a.counts)) {
			list = append(list, *a.counts[key])
		}
	}
	return list
}
