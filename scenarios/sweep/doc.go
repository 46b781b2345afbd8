// Package sweep answers one question: what if the numbers were others?
//
// It runs a scenario at many points of its parameters, each on the same random
// numbers, and gathers what the outcomes are there. A point is a cell, named by its
// place in the design alone, so that cells may be run in any order, on several
// machines, and in several sittings; a cell that fails says why and stops no other.
package sweep
