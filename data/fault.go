package data

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Fault is one thing wrong in one file.
type Fault struct {
	File string
	// Line and Column count from 1, Column in bytes. Zero means that the
	// fault has no place more exact than the file, or the line.
	Line, Column int
	Text         string // what is wrong, or which part of the file it is about
	Found        string // what stands there
	Expected     string // what should
	Snippet      string // the offending line, where it helps to see it
}

// Error returns "file:line:column: text: found X, expected Y", leaving out
// what is empty, and the snippet below it.
func (f Fault) Error() string {
	place := f.File
	if f.Line > 0 {
		place += ":" + strconv.Itoa(f.Line)
		if f.Column > 0 {
			place += ":" + strconv.Itoa(f.Column)
		}
	}
	var said []string
	if f.Found != "" {
		said = append(said, "found "+f.Found)
	}
	if f.Expected != "" {
		said = append(said, "expected "+f.Expected)
	}
	var parts []string
	for _, p := range []string{place, f.Text, strings.Join(said, ", ")} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	s := strings.Join(parts, ": ")
	if f.Snippet != "" {
		s += fmt.Sprintf("\n    %d | %s", f.Line, f.Snippet)
	}
	return s
}

// Faults are all the things wrong with an input.
type Faults []Fault

// maxFaults is how many faults are printed; a file with the wrong format has
// one on every line, and twenty are enough to see that.
const maxFaults = 20

// mostFaults is how many faults of one sort are looked for in a file: each takes far more
// memory than the cell that it is about.
const mostFaults = 10_000

func (fs Faults) full() bool { return len(fs) >= mostFaults }

// Error prints one fault a line, by file, line and column, at most 20, and
// says how many more there are. The same fault twice is printed once.
func (fs Faults) Error() string {
	sorted := slices.Clone(fs)
	slices.SortStableFunc(sorted, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	sorted = slices.Compact(sorted) // two series of one file
	shown := sorted[:min(len(sorted), maxFaults)]
	lines := make([]string, len(shown))
	for i, f := range shown {
		lines[i] = f.Error()
	}
	if more := len(sorted) - len(shown); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// Err returns fs as an error, or nil if there is no fault.
func (fs Faults) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs
}
