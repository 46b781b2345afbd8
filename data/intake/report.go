package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/ebb-sim/ebb/data"
)

// A Rule is one thing that was done to a file, or found in it and left alone.
type Rule struct {
	Text   string
	Count  int      // of rows; 0 if it is about the file
	Places []string // of the first of them, at most maxPlaces: lines of a text, records of JSON, or what else shows where
	Noun   string   // of the places: line, row, or "" where they speak for themselves
	last   string   // place that was counted
}

const maxPlaces = 3

// String returns "rows of a holiday left out: 16 (lines 4, 28, 50, …)".
func (r Rule) String() string {
	if r.Count == 0 {
		return r.Text
	}
	places := r.Places
	if r.Count > len(places) {
		places = append(slices.Clone(places), "…")
	}
	noun := r.Noun
	switch {
	case noun != "" && r.Count > 1:
		noun += "s "
	case noun != "":
		noun += " "
	}
	return fmt.Sprintf("%s: %d (%s%s)", r.Text, r.Count, noun, strings.Join(places, ", "))
}

// A report gathers rules in the order in which they were first applied.
type report struct {
	noun  string // of the rows of the file
	rules []Rule
	index map[string]int
}

// say tells something of the whole file.
func (r *report) say(format string, args ...any) { r.rule(fmt.Sprintf(format, args...), "") }

// at counts a row.
func (r *report) at(line int, format string, args ...any) {
	r.rule(fmt.Sprintf(format, args...), r.noun).place(strconv.Itoa(line))
}

// rule is the rule of that text.
func (r *report) rule(text, noun string) *Rule {
	i, ok := r.index[text]
	if !ok {
		if r.index == nil {
			r.index = map[string]int{}
		}
		i = len(r.rules)
		r.index[text], r.rules = i, append(r.rules, Rule{Text: text, Noun: noun})
	}
	return &r.rules[i]
}

// place counts a row once, however many of its cells a rule is about.
func (r *Rule) place(where string) {
	if r.last == where {
		return
	}
	r.last = where
	r.Count++
	if len(r.Places) < maxPlaces {
		r.Places = append(r.Places, where)
	}
}

// faults gathers what is wrong with a file, at most as many as anybody reads.
type faults struct {
	file string
	list data.Faults
}

const maxFaults = 100

func (f *faults) add(line int, column, found, expected string) (full bool) {
	fault := data.Fault{File: f.file, Line: line, Found: found, Expected: expected}
	if column != "" {
		fault.Text = "column " + column
	}
	f.list = append(f.list, fault)
	return len(f.list) >= maxFaults
}
