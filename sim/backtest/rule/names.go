package rule

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Names are what a rule can speak of, besides the [Functions]. A name is a word
// of letters, digits and underscores, or several with dots between them.
type Names struct {
	Series     []string        // in the order of the [Tape]
	Parameters map[string]Kind // what a grid varies; [Names.Values] puts their values in order
	States     []State         // in the order of [Moment].States
	// Signals are rules of their own by name, which stand for their text in
	// brackets, of whatever kind it is. They may read one another.
	Signals map[string]string
}

// A State is what the account of a strategy tells its rules: how much it holds,
// since when.
type State struct {
	Name string
	Kind Kind
}

// parameters are the names of the parameters in the order of their values.
func (n Names) parameters() []string { return slices.Sorted(maps.Keys(n.Parameters)) }

// Values puts the values of the parameters in the order of [Moment].Parameters:
// a duration in days, a flag as 1 or 0. All names must be given, no others, and
// finite.
func (n Names) Values(by map[string]float64) ([]float64, error) {
	var wrong []string
	values := make([]float64, 0, len(n.Parameters))
	for _, name := range n.parameters() {
		v, given := by[name]
		switch {
		case !given:
			wrong = append(wrong, "parameter "+name+" has no value")
		case math.IsNaN(v) || math.IsInf(v, 0):
			wrong = append(wrong, fmt.Sprintf("parameter %s: found %v, expected %v", name, v, n.Parameters[name]))
		}
		values = append(values, v)
	}
	for _, name := range slices.Sorted(maps.Keys(by)) {
		if _, known := n.Parameters[name]; !known {
			wrong = append(wrong, fmt.Sprintf("found a value of %s, expected one of the parameters %s", name, strings.Join(n.parameters(), ", ")))
		}
	}
	if len(wrong) > 0 {
		return nil, errors.New(strings.Join(wrong, "\n"))
	}
	return values, nil
}

// roles are what a name is: more than one of them is a fault, none too.
func (n Names) roles(name string) []string {
	var roles []string
	if slices.Contains(n.Series, name) {
		roles = append(roles, "a series")
	}
	if _, ok := n.Parameters[name]; ok {
		roles = append(roles, "a parameter")
	}
	if n.state(name) >= 0 {
		roles = append(roles, "a state")
	}
	if _, ok := n.Signals[name]; ok {
		roles = append(roles, "a signal")
	}
	return roles
}

func (n Names) state(name string) int {
	return slices.IndexFunc(n.States, func(s State) bool { return s.Name == name })
}

// all lists every name there is.
func (n Names) all() []string {
	list := slices.Concat(n.Series, n.parameters(), slices.Collect(maps.Keys(n.Signals)))
	for _, s := range n.States {
		list = append(list, s.Name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}
