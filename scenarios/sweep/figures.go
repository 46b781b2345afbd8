package sweep

import (
	"math"

	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/stats"
)

// none are the figures of an outcome that a cell has not got.
func none() Figures {
	nan := math.NaN()
	absent := stats.Estimate{Value: nan, Low: nan, High: nan, Level: study.Level, Warnings: []string{"the cell's scenario has no such outcome"}}
	return Figures{absent, absent, absent, absent}
}
