package outcome

import (
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// ofReport are the outcomes of a published series, of which NaN means absent.
var ofReport = []struct {
	kind                      sim.ReportKind
	suffix, title, definition string
	of                        func(x []float64) float64
}{
	{sim.Flow, "", "Sum", "sum of the flow over the run, of the steps in which it exists", sum},
	{sim.Flow, "low", "Lowest in a step", "lowest flow of one step: the largest outflow", lowest},
	{sim.Flow, "high", "Highest in a step", "highest flow of one step", highest},
	{sim.Level, "low", "Lowest", "lowest level at the close of any step", lowest},
	{sim.Level, "high", "Highest", "highest level at the close of any step", highest},
	{sim.Level, "last", "At the end", "level at the last close; absent where it does not exist then", last},
}

// sum is NaN where no value exists: no flow is not a flow of 0.
func sum(x []float64) float64 {
	total, present := 0.0, false
	for _, v := range x {
		if !math.IsNaN(v) {
			total, present = total+v, true
		}
	}
	if !present {
		return math.NaN()
	}
	return total
}

func lowest(x []float64) float64 {
	least := math.NaN()
	for _, v := range x {
		if !(v >= least) && !math.IsNaN(v) {
			least = v
		}
	}
	return least
}

func highest(x []float64) float64 {
	most := math.NaN()
	for _, v := range x {
		if !(v <= most) && !math.IsNaN(v) {
			most = v
		}
	}
	return most
}

func last(x []float64) float64 { return x[len(x)-1] }
