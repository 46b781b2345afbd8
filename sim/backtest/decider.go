package backtest

import (
	"fmt"
	"math"
	"time"
)

// A Decider is a rule. It belongs to one run and may keep state of its own.
type Decider interface {
	// Decide sets what it wants to hold of each asset in the coming step; targets
	// come as zeros: [Leave]. It is asked once after every close, from that of step
	// 0 to the last, whose decision no step fills any more. State is valid during
	// the call.
	Decide(s *State, targets []Target) error
}

// State is what a decider knows of its account at a close.
type State struct {
	Step      int       // for which it decides: 1 is the first
	Time      time.Time // at which it decides: the close before that step
	Equity    float64   // USD
	Cash      float64   // USD; < 0 is borrowed
	Positions []Position
}

// Position is what is held of one asset. Entry, Gain and Best are NaN and Since
// is zero where nothing is.
type Position struct {
	Coins  float64   // < 0: sold short
	Weight float64   // value over equity
	Price  float64   // last known, USD per coin; NaN before the first
	Since  time.Time // when it was opened
	Entry  float64   // average cost of a coin, costs of entry included; of a short what it brought
	Gain   float64   // simple, since entry and after its costs; of a short 1 − price/entry
	Best   float64   // of the mid price at the opening and the closes since: the highest, of a short the lowest
	Traded time.Time // of the last fill in this asset; zero before the first
}

// Target is what a decision wants to hold of one asset after the coming fill. An
// order that cannot fill because the asset has no price waits for the step that
// has one; the next target for the asset replaces it, Leave does not.
type Target struct {
	Kind   Kind
	Value  float64
	Reason string // enter, exit, rebalance or another short word
}

// Kind says in what a target is stated.
type Kind int

// The kinds of targets. A negative value is a short position.
const (
	Leave  Kind = iota // no order
	Weight             // share of equity, after the costs of all orders of the step
	USD                // value at the mid price of the fill
	Coins
)

func (t Target) check(asset string) error {
	if t.Kind < Leave || t.Kind > Coins {
		return fmt.Errorf("asset %s: target of kind %d, expected 0 to %d", asset, t.Kind, Coins)
	}
	if t.Kind != Leave && (math.IsNaN(t.Value) || math.IsInf(t.Value, 0)) {
		return fmt.Errorf("asset %s: target is %v, expected a finite number", asset, t.Value)
	}
	return nil
}

// coins is the position that meets the target in an account worth equity.
func (t Target) coins(equity, mid float64) float64 {
	switch t.Kind {
	case Weight:
		return t.Value * equity / mid
	case USD:
		return t.Value / mid
	default:
		return t.Value
	}
}

// Hold buys each asset once, at its weight, and holds it.
type Hold struct {
	Weights []float64 // share of equity, by asset
	Every   int       // steps after which it goes back to the weights; 0: never
}

// Decide implements [Decider].
func (h Hold) Decide(s *State, targets []Target) error {
	if len(h.Weights) != len(targets) {
		return fmt.Errorf("hold has %d weights, expected one for each of %d assets", len(h.Weights), len(targets))
	}
	reason := "rebalance"
	switch {
	case s.Step == 1:
		reason = "enter"
	case h.Every <= 0 || (s.Step-1)%h.Every != 0:
		return nil
	}
	for a, w := range h.Weights {
		targets[a] = Target{Weight, w, reason}
	}
	return nil
}
