package calibrate

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Where the warnings begin. They are conventions, chosen to be heard too early rather
// than too late.
const (
	leastObservations = 20  // for a regression at all
	fewObservations   = 100 // below them Newey–West errors are too small: Andrews (1991), Econometrica 59(3)
	nearlyCollinear   = .95 // correlation of two regressors
	nearGain          = .9  // of a loop, whose multiplier is then 10
)

func (e *Estimate) warn(format string, args ...any) {
	e.Measured.Warnings = append(e.Measured.Warnings, fmt.Sprintf(format, args...))
}

// doubts adds what can be said of any estimate: few observations, and an interval that
// covers 0.
func (e *Estimate) doubts() {
	m := e.Measured
	if n := m.N; n >= leastObservations && n < fewObservations {
		e.warn("%d observations are few: Newey–West errors are then too small", n)
	}
	if m.Low < 0 && m.High > 0 {
		e.warn("the interval covers 0: the data do not tell the sign")
	}
}

// expectPositive warns of a sign that the mechanism does not have.
func (e *Estimate) expectPositive(what string) {
	if e.Measured.Value < 0 {
		e.warn("below 0, where %s", what)
	}
}

// expectStationary warns of a share of yesterday that may be all of it, or none.
func (e *Estimate) expectStationary() {
	switch m := e.Measured; {
	case m.Value >= 1:
		e.warn("1 or more: a unit root, nothing returns to a mean")
	case m.High >= 1:
		e.warn("near a unit root: the interval reaches 1, and least squares are biased downwards there")
	}
}

// collinear warns where two regressors can hardly be told apart.
func (e *Estimate) collinear(x, y []float64) {
	if rho, err := stats.Correlation(x, y); err == nil && math.Abs(rho) > nearlyCollinear {
		e.warn("two regressors have a correlation of %.3f and can hardly be told apart", rho)
	}
}
