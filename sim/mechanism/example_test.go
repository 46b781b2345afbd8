package mechanism_test

import (
	"fmt"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// fall is one piece of bad news.
type fall float64

func (f fall) Next(step int, news, _ []float64) {
	news[0] = 0
	if step == 0 {
		news[0] = float64(f)
	}
}

// A fall of 2 % and what the redemption loop makes of it in sixty sessions.
func Example() {
	kind, _ := mechanism.Lookup("redemption")
	funds := kind.Default().(*mechanism.Redemption)
	funds.Asset, funds.AUM = "btc", 150e9

	env := &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour}
	built, err := funds.Build("redemption", env)
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := sim.Compile(sim.Plan{
		Assets: []sim.Asset{{Name: "btc", Price: 100_000, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: 1,
			Volatility: .025, VolatilityDecay: .94}},
		Entries:     []sim.Entry{{Mechanism: built, ImpactScale: 10}},
		Innovations: env.Innovations,
		Step:        env.Step, Steps: 60,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(fall(-.02), path); err != nil {
		fmt.Println(err)
		return
	}
	response := 0.0
	for _, r := range path.Ledger.Return[1][0] {
		response += r
	}
	fmt.Printf("%s: %.3f %%, price %.0f\n", path.Ledger.Rows[1].Label, 100*response, path.Price(0, 60))
	// Output: redemption.response: -0.399 %, price 97629
}
