package replay

import (
	"math"
	"slices"
)

// Gap is an observed number that no news or innovation reaches in its step.
type Gap struct {
	Step   int
	Asset  int     // whose close it is; -1 for a series
	Series string  // its name; "" for a close
	Missed float64 // what was observed less what was reached: of a close the unexplained log return
	Cause  Cause

	// Below and Above are the two sides of a jump, between which no number lies.
	// They are the same where nothing else was found.
	Below, Above Side
	// Row of the ledger whose orders, times their impact scale, differ most
	// between the two sides of a close's jump: "" where there are none.
	Row    string
	Orders float64 // USD by which they differ, below less above: sales < 0
}

// Side is one side of a jump.
type Side struct {
	News  float64 // log return, or the innovation
	Value float64 // what it leads to: log close, or value of the series
}

// Cause is why nothing reaches an observed number.
type Cause string

// The causes of a gap.
const (
	Jump       Cause = "jump"         // a little less news and a cascade is set off that overshoots
	OutOfReach Cause = "out of reach" // nothing leads beyond it: outflows cannot be more than all assets
	Unsettled  Cause = "unsettled"    // several unknowns disturb each other without end
)

// gap describes what is left of a target: what is in the way of its own unknown
// where the others have come to stand.
func (s *search) gap(step int, t *target) Gap {
	taken := trial{*t.unknown, t.miss}
	g := Gap{Step: step, Asset: t.asset, Series: t.name, Missed: -t.miss, Cause: Unsettled, Below: taken.side(t), Above: taken.side(t)}
	if s.approach(t); t.cause != "" {
		g.Cause, g.Below, g.Above = t.cause, t.sides[0], t.sides[1]
	}
	if g.Cause == Jump && t.asset >= 0 {
		s.at(t, g.Below.News)
		below := s.orders(t.asset)
		s.at(t, g.Above.News)
		g.Row, g.Orders = s.mover(below, s.orders(t.asset))
	}
	s.at(t, taken.at)
	return g
}

// orders are those of the trial in an asset, by row of the ledger.
func (s *search) orders(asset int) []float64 {
	m := s.runner.Market()
	list := make([]float64, len(s.plan.Rows()))
	for row := range list {
		list[row] = m.Traded(row, asset)
	}
	for _, row := range m.HedgedRows() {
		list[row] = 0
	}
	return list
}

// mover is the row that trades most differently on the two sides of a jump.
func (s *search) mover(below, above []float64) (label string, usd float64) {
	most := 0.0
	for row, r := range s.plan.Rows() {
		d := below[row] - above[row]
		if weight := math.Abs(d) * s.plan.Entries[r.Entry].ImpactScale; weight > most {
			label, usd, most = r.Label, d, weight
		}
	}
	return label, usd
}

// GapSteps counts the steps that have a gap.
func (i *Identified) GapSteps() int {
	var steps []int
	for _, g := range i.Gaps {
		steps = append(steps, g.Step)
	}
	return len(slices.Compact(steps))
}
