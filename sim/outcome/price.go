package outcome

import (
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// ofPrice are the outcomes of an asset's log closes, of which the first is the
// starting close.
var ofPrice = []struct {
	name, title, unit, definition string
	of                            func(x []float64) float64
}{
	{"return", "Total return", string(sim.Fraction), "last close / starting close − 1", totalReturn},
	{"max_drawdown", "Maximum drawdown", string(sim.Fraction), "lowest close / highest close so far − 1, from the starting close on; at most 0", maxDrawdown},
	{"final_price", "Final price", string(sim.USDCoin), "last close", finalPrice},
	{"lowest_price", "Lowest price", string(sim.USDCoin), "lowest close, the starting one included", lowestPrice},
	{"steps_to_low", "Steps to the lowest price", "steps", "steps from the start to the first lowest close; 0 where the price never falls below its start", stepsToLow},
	{"worst_step", "Worst step", string(sim.Fraction), "lowest simple return of one step", worstStep},
}

func totalReturn(x []float64) float64 { return math.Expm1(x[len(x)-1] - x[0]) }

func maxDrawdown(x []float64) float64 {
	peak, deepest := x[0], 0.0
	for _, v := range x {
		peak = max(peak, v)
		deepest = min(deepest, v-peak)
	}
	return math.Expm1(deepest)
}

func finalPrice(x []float64) float64 { return math.Exp(x[len(x)-1]) }

func lowestPrice(x []float64) float64 { return math.Exp(x[low(x)]) }

func stepsToLow(x []float64) float64 { return float64(low(x)) }

// low is the index of the first lowest value.
func low(x []float64) int {
	at := 0
	for k, v := range x {
		if v < x[at] {
			at = k
		}
	}
	return at
}

func worstStep(x []float64) float64 {
	worst := math.Inf(1)
	for k := range len(x) - 1 {
		worst = min(worst, x[k+1]-x[k])
	}
	return math.Expm1(worst)
}
