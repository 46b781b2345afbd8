package replay_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/replay"
)

// The outcomes of the subsets are those of the closed form: v(S) = e^{d/(1−Σg)} − 1.
func TestCoalitionsOfLoops(t *testing.T) {
	const d = -.02
	gains := []float64{.1, .2, .3}
	a := attribute(t, unitMarket(t, 1, feedback{"a", gains[0]}, feedback{"b", gains[1]}, feedback{"c", gains[2]}), told{d}, replay.AttributionOptions{}, "return")
	if len(a.Coalitions) != 1 || len(a.Coalitions[0]) != 8 {
		t.Fatalf("%d outcomes of subsets", len(a.Coalitions))
	}
	for subset, got := range a.Coalitions[0] {
		gain := 0.0
		for i, g := range gains {
			if subset>>i&1 == 1 {
				gain += g
			}
		}
		nearly(t, fmt.Sprintf("subset %03b", subset), got, math.Expm1(d/(1-gain)), 1e-12)
	}
}

// Over paths the subsets have the means that shares and switch-offs are made of; sampled
// orders give none.
func TestCoalitionsOfAnEnsemble(t *testing.T) {
	plan := unitMarket(t, 3, feedback{"a", .3}, feedback{"b", .2}, feedback{"c", .1}, feedback{"d", .1}, feedback{"e", .1})
	d, err := (&driver.GBM{}).Build(&driver.Env{Assets: []string{"btc"}, Volatility: []float64{.03}, StepDays: 1})
	if err != nil {
		t.Fatal(err)
	}
	a := ensemble(t, plan, d, 100, replay.AttributionOptions{}, "return", "max_drawdown")
	for k, o := range a.Outcomes {
		v := a.Coalitions[k]
		nearly(t, "nobody", v[0], o.News.Value, 1e-12)
		nearly(t, "everybody", v[31], o.Total.Value, 1e-12)
		for i, s := range o.Shares {
			nearly(t, "all but "+s.Player, v[31]-v[31&^(1<<i)], s.Single.Value, 1e-12)
		}
	}
	if a := ensemble(t, plan, d, 100, replay.AttributionOptions{Permutations: 2}, "return"); a.Coalitions != nil {
		t.Error("sampled orders do not run all subsets")
	}
}
