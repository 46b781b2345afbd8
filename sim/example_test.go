package sim_test

import (
	"fmt"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

// sellers sell, in all, this many USD for each unit of log return that the price has
// fallen in the step.
type sellers float64

func (s sellers) Name() string                 { return "sellers" }
func (s sellers) Start(*sim.Market) sim.Trader { return &selling{sellers: s} }

type selling struct {
	sellers
	sold float64 // in this step
}

func (s *selling) Begin(*sim.Market)  { s.sold = 0 }
func (s *selling) Settle(*sim.Market) {}
func (s *selling) Trade(m *sim.Market, orders []float64) {
	want := float64(s.sellers) * min(0, m.LogPrice(0)-m.Open(0))
	orders[0] += want - s.sold
	s.sold = want
}

// badNews is −2 % in the first step.
type badNews struct{}

func (badNews) Next(_ int, news, _ []float64) { news[0] = -.02 }

// Sellers whose orders move the price by half of what it has fallen turn news of −2 %
// into −4 %, wave by wave; the ledger books half of it to them.
func Example() {
	plan, err := sim.Compile(sim.Plan{
		Assets: []sim.Asset{{Name: "btc", Price: 100_000, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: 1,
			Volatility: .025, VolatilityDecay: .94}},
		Entries: []sim.Entry{{Mechanism: sellers(150e9)}},
		Step:    24 * time.Hour, Steps: 1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(badNews{}, path); err != nil {
		fmt.Println(err)
		return
	}
	start := path.LogPrice[0][0]
	for wave, price := range path.Trace[0][:4] {
		fmt.Printf("wave %d: %.2f %%\n", wave, 100*(price-start))
	}
	ledger := path.Ledger
	fmt.Printf("news %.2f %%, %s %.2f %%, return %.2f %%\n",
		100*ledger.News[0][0], ledger.Rows[0].Label, 100*ledger.Return[0][0][0], 100*(path.LogPrice[0][1]-start))
	// Output:
	// wave 0: -2.00 %
	// wave 1: -3.00 %
	// wave 2: -3.50 %
	// wave 3: -3.75 %
	// news -2.00 %, sellers -2.00 %, return -4.00 %
}
