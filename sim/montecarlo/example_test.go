package montecarlo_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// A thousand paths of sixty days without any mechanism, the same whatever the number of
// workers: how deep is the worst fall in the middle of them?
func ExampleRun() {
	plan, err := sim.Compile(sim.Plan{
		Assets: []sim.Asset{{Name: "btc", Price: 90_000, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: 1,
			Volatility: .03, VolatilityDecay: .94}},
		Step: 24 * time.Hour, Steps: 60,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	kind, _ := driver.Lookup("gbm")
	news, err := kind.Default().Build(&driver.Env{Assets: []string{"btc"}, Volatility: []float64{.03}, StepDays: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fall, err := outcome.Resolve(plan, "max_drawdown")
	if err != nil {
		fmt.Println(err)
		return
	}
	ensemble, err := montecarlo.Run(context.Background(), plan, news,
		montecarlo.Options{Paths: 1000, Seed: 42, Outcomes: []outcome.Outcome{fall}})
	if err != nil {
		fmt.Println(err)
		return
	}
	falls, err := ensemble.Outcome(fall.Name)
	if err != nil {
		fmt.Println(err)
		return
	}
	slices.Sort(falls)
	fmt.Printf("%d paths, the middle one falls by %.1f %%\n", ensemble.Paths, -100*falls[len(falls)/2])
	// Output: 1000 paths, the middle one falls by 23.0 %
}
