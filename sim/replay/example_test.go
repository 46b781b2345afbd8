package replay_test

import (
	"fmt"
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/replay"
)

// Which news leads to these three closes, if fund investors answer to falls? What they
// add is theirs; the rest is news, and the two sum to the return.
func ExampleIdentify() {
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
		Assets: []sim.Asset{{Name: "btc", Price: 90_000, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: 1,
			Volatility: .025, VolatilityDecay: .94}},
		Entries:     []sim.Entry{{Mechanism: built, ImpactScale: 10}},
		Innovations: env.Innovations,
		Step:        env.Step, Steps: 3,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	closes := []float64{math.Log(81_000), math.Log(80_000), math.Log(82_000)}
	found, err := replay.Identify(plan, replay.Observed{LogPrice: [][]float64{closes}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ledger := found.Path.Ledger
	for k := range closes {
		response := ledger.Return[1][0][k]
		fmt.Printf("return %+.3f %% = news %+.3f %% and %s %+.3f %%\n",
			100*(ledger.News[0][k]+response), 100*ledger.News[0][k], ledger.Rows[1].Label, 100*response)
	}
	// Output:
	// return -10.536 % = news -10.536 % and redemption.response +0.000 %
	// return -1.242 % = news -0.251 % and redemption.response -0.991 %
	// return +2.469 % = news +3.017 % and redemption.response -0.548 %
}
