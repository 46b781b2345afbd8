package rule

import (
	"fmt"
	"strings"
)

// A Fault is one thing wrong with a rule.
type Fault struct {
	Signal        string // the signal whose text it is in; "" for the rule's own
	Offset, Width int    // where in that text, in runes; the width may be 0 at its end
	Found         string
	Expected      string

	// Unknown is a name that there is not, Known what there is: for a caller that
	// can tell which of them was meant.
	Unknown string
	Known   []string
}

// Error returns "column 9: found X, expected Y"; columns count from 1.
func (f Fault) Error() string {
	place := fmt.Sprintf("column %d", f.Offset+1)
	if f.Signal != "" {
		place = "signal " + f.Signal + ", " + place
	}
	return fmt.Sprintf("%s: found %s, expected %s", place, f.Found, f.Expected)
}

// Faults are all the things wrong with a rule and the signals it reads: those of
// a signal stand before those of what reads it, and those of one text from left
// to right.
type Faults []Fault

// Error prints one fault a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}
