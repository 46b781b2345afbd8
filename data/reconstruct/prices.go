package reconstruct

import "math"

// prices are daily closes, and the close on the day before the first.
type prices struct {
	before float64
	closes []float64
}

// at gives the close of day t; what lies before the first day counts as the
// close just before it.
func (p prices) at(t int) float64 {
	if t < 0 {
		return p.before
	}
	return p.closes[t]
}

// logReturn is the return from the close of one day to that of another.
func (p prices) logReturn(from, to int) float64 { return math.Log(p.at(to) / p.at(from)) }
