package rule

import (
	"fmt"
	"math"
	"slices"
)

// A Rule is an expression, ready to be asked. It is immutable and safe for
// concurrent use.
type Rule struct {
	text       string
	root       term
	series     []int    // the places on a tape of those that it reads
	reads      []string // their names
	parameters []string // those that it uses
	signals    []string // those that it reads
	given      int      // values a moment must have: of parameters, 0 where it uses none
	states     int      // and of states
}

// Text is the rule as it was written.
func (r *Rule) Text() string { return r.text }

// Reads lists the series that the rule reads, by name, those of its signals
// included.
func (r *Rule) Reads() []string { return slices.Clone(r.reads) }

// Parameters lists the parameters that the rule uses, by name, those of its
// signals included.
func (r *Rule) Parameters() []string { return slices.Clone(r.parameters) }

// Signals lists the signals that the rule reads, by name, those that others read
// included.
func (r *Rule) Signals() []string { return slices.Clone(r.signals) }

// A Moment is what a rule is asked about: one cell of a grid at one time. It may
// be used again with other values, also for other rules, but not by two
// goroutines at once.
type Moment struct {
	Tape       *Tape
	Parameters []float64 // as [Names.Values] orders them
	States     []float64 // in the order of [Names].States; NaN is not known

	cause cause
	where string // the part of the rule that is not known
	err   error
}

// Reason tells why the last answer was not known: "sum(btc.etf_flow, 5d): the
// window is longer than what is published". Of several reasons it is the first in
// the rule. It is "" where the answer was known.
func (m *Moment) Reason() string {
	if m.cause == known {
		return ""
	}
	return m.where + ": " + m.cause.String()
}

// absent notes why a value is, unless something before it already was, and
// returns the value.
func (m *Moment) absent(where string, why cause) float64 {
	if m.cause == known {
		m.where, m.cause = where, why
	}
	return math.NaN()
}

// Flag tells whether the rule holds. It is not known where it depends on a value
// that is absent or not defined, as m.Reason says; truth is false then. An error
// is a mistake in m: values are missing, the tape has other series, or a window
// taken from a parameter is out of bounds.
func (r *Rule) Flag(m *Moment) (truth, known bool, err error) {
	if r.root.kind != Flag {
		return false, false, fmt.Errorf("the rule is %v, expected a flag: %s", r.root.kind, r.text)
	}
	if err := r.begin(m); err != nil {
		return false, false, err
	}
	t := r.root.flag(m)
	if m.err != nil {
		return false, false, m.err
	}
	return t == yes, t != unknown, nil
}

// Number is the value of the rule; of a duration in days. It is not known, and
// NaN, as Flag says.
func (r *Rule) Number(m *Moment) (value float64, known bool, err error) {
	if r.root.kind == Flag {
		return math.NaN(), false, fmt.Errorf("the rule is a flag, expected a number: %s", r.text)
	}
	if err := r.begin(m); err != nil {
		return math.NaN(), false, err
	}
	v := r.root.number(m)
	if m.err != nil {
		return math.NaN(), false, m.err
	}
	return v, !math.IsNaN(v), nil
}

// begin readies a moment, and refuses one that the rule was not made for.
func (r *Rule) begin(m *Moment) error {
	m.cause, m.where, m.err = known, "", nil
	switch {
	case m.Tape == nil:
		return fmt.Errorf("the moment has no tape")
	case r.given > 0 && len(m.Parameters) != r.given:
		return fmt.Errorf("the moment has %d parameters, expected %d", len(m.Parameters), r.given)
	case r.states > 0 && len(m.States) != r.states:
		return fmt.Errorf("the moment has %d states, expected %d", len(m.States), r.states)
	}
	for i, at := range r.series {
		if !m.Tape.holds(at, r.reads[i]) {
			return fmt.Errorf("the tape has another series than %s in place %d", r.reads[i], at)
		}
	}
	return nil
}
