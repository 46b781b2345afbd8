package monitor

import (
	"math"
	"time"
)

const day = 24 * time.Hour

// Light is the state of one condition.
type Light int

// A light is not known as long as the values it judges by do not fill its
// window.
const (
	Unknown Light = iota
	Off
	On
)

// Value is 1 for On, 0 for Off and NaN for Unknown.
func (l Light) Value() float64 {
	switch l {
	case On:
		return 1
	case Off:
		return 0
	}
	return math.NaN()
}

// lit is the light of a condition that may not be known.
func lit(known, on bool) Light {
	switch {
	case !known:
		return Unknown
	case on:
		return On
	}
	return Off
}

// Reading is what a step shows; NaN where it shows nothing, as a flow on a day
// without a US session.
type Reading struct {
	Premium float64 // Coinbase premium at the close, a fraction
	Flow    float64 // net flow of the funds, USD
	Basis   float64 // futures basis at the close, an annual rate
}

// State is what the lights show at a close, and by what they judge.
type State struct {
	Premium, Flows, Basis Light

	PremiumDays float64 // days of closes above 0 up to this one; NaN where this one is not known
	FlowSum     float64 // USD over the weeks that count; NaN where the light is not known
	BasisSD     float64 // standard deviation over the days that count; NaN where the light is not known
}

// Lights is whether all three are on: off as soon as one is off, though another
// may not be known.
func (s State) Lights() Light {
	switch {
	case s.Premium == Off || s.Flows == Off || s.Basis == Off:
		return Off
	case s.Premium == Unknown || s.Flows == Unknown || s.Basis == Unknown:
		return Unknown
	}
	return On
}

// Watch is the three lights of a recovery, step after step, on observed or on
// simulated values. It belongs to one goroutine.
//
// A light counts in days, so that steps of any length show the same; a window
// that no whole number of steps fills takes one step more. A premium that is
// missing leaves its light unknown until the window has passed, unless another
// close of the window turns it off. Flows and basis have no value on most
// weekends: their lights take the values there are, and are unknown while more
// than a week passes from one value to the next within the window.
type Watch struct {
	rule   Recovery
	length float64 // of a step, days
	closes int     // in premium_days
	above  int     // closes above 0 up to now
	below  int     // steps since a close that was not; at most closes
	flows  window
	basis  window
}

// Watch readies the lights for steps of a length. The parameters are within
// their bounds; an error tells what these cannot express.
func (c *Recovery) Watch(step time.Duration) (*Watch, error) {
	if err := c.check(step); err != nil {
		return nil, err
	}
	return c.watch(step), nil
}

func (c *Recovery) watch(step time.Duration) *Watch {
	closes, week := within(c.PremiumDays, step), within(7, step)
	return &Watch{rule: *c, length: step.Hours() / 24, closes: closes, below: closes,
		flows: newWindow(within(7*c.FlowWeeks, step), week), basis: newWindow(within(c.BasisDays, step), week)}
}

// within is the number of steps that some days touch.
func within(days int, step time.Duration) int {
	return max(1, int((time.Duration(days)*day+step-1)/step))
}

// Step takes what the next step shows.
func (w *Watch) Step(r Reading) State {
	s := w.peek(r)
	w.above, w.below = w.count(r.Premium)
	w.flows.push(r.Flow)
	w.basis.push(r.Basis)
	return s
}

// peek is the state that the next step would bring.
func (w *Watch) peek(r Reading) State {
	above, below := w.count(r.Premium)
	flows, flowsKnown := w.flows.with(r.Flow)
	basis, basisKnown := w.basis.with(r.Basis)
	flowsKnown, basisKnown = flowsKnown && flows.count > 0, basisKnown && basis.count > 1
	s := State{
		Premium: lit(below < w.closes || above >= w.closes, above >= w.closes),
		Flows:   lit(flowsKnown, flows.sum > 0), Basis: lit(basisKnown, basis.sd() < w.rule.BasisSD),
		PremiumDays: float64(above) * w.length, FlowSum: flows.sum, BasisSD: basis.sd(),
	}
	if math.IsNaN(r.Premium) {
		s.PremiumDays = math.NaN()
	}
	if !flowsKnown {
		s.FlowSum = math.NaN()
	}
	if !basisKnown {
		s.BasisSD = math.NaN()
	}
	return s
}

// count is how long the premium has been above 0, and ago not, after one more
// close.
func (w *Watch) count(premium float64) (above, below int) {
	below = min(w.below+1, w.closes)
	switch {
	case premium > 0:
		above = w.above + 1
	case premium <= 0:
		below = 0
	}
	return above, below
}
