package sensitivity_test

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/design"
	"github.com/ebb-sim/ebb/sim/sensitivity"
)

// A price falls by the square root of what is sold, less what buyers take off it.
func ExampleSobol() {
	check := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	sold, err := design.Log(1e8, 1e10) // USD
	check(err)
	bought, err := design.Linear(0, .5) // share
	check(err)
	space := design.Space{sold, bought}
	points, err := design.Saltelli(1024, len(space), design.Owen, 1)
	check(err)

	falls := make([]float64, points.Len())
	for i, point := range points.Points() {
		x, err := space.At(point)
		check(err)
		falls[i] = 1e-6 * math.Sqrt(x[0]*(1-x[1]))
	}

	found, err := sensitivity.Sobol([]string{"sold", "bought"}, falls, sensitivity.Options{Level: .95, Draws: 1000, Seed: 1})
	check(err)
	for _, i := range found.Indices {
		fmt.Printf("%s: first %.2f, total %.2f [%.2f, %.2f]\n", i.Parameter, i.First.Value, i.Total.Value, i.Total.Low, i.Total.High)
	}
	// Output:
	// sold: first 0.97, total 0.98 [0.91, 1.04]
	// bought: first 0.02, total 0.03 [0.03, 0.04]
}
