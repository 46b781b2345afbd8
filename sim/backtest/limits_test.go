package backtest_test

import (
	"testing"

	"github.com/ebb-sim/ebb/sim/backtest"
)

func TestLimits(t *testing.T) {
	assets := []backtest.Asset{{Name: "btc"}, {Name: "eth"}}
	flat := [][]float64{{100, 100, 100, 100}, {10, 10, 10, 10}}
	for name, c := range map[string]struct {
		limits  backtest.Limits
		plan    plan
		want    [2][]float64 // USD, by asset and step from 1
		clipped int
	}{
		"position": {backtest.Limits{Position: .5}, plan{1: {weight(2), weight(-1)}}, [2][]float64{{500, 500, 500}, {-500, -500, -500}}, 2},
		"gross, by one factor": {backtest.Limits{Gross: 1.5}, plan{1: {weight(2), weight(-1)}},
			[2][]float64{{1000, 1000, 1000}, {-500, -500, -500}}, 2},
		"gross, what is held stays": {backtest.Limits{Gross: 1}, plan{1: {weight(.8)}, 2: {{}, weight(.8)}},
			[2][]float64{{800, 800, 800}, {0, 200, 200}}, 1},
		"gross, a sale makes room": {backtest.Limits{Gross: 1}, plan{1: {weight(1)}, 2: {weight(.25), weight(.75)}},
			[2][]float64{{1000, 250, 250}, {0, 750, 750}}, 0},
		"order, the rest follows until the next decision": {backtest.Limits{Order: 300}, plan{1: {weight(1)}, 3: {weight(0)}},
			[2][]float64{{300, 600, 300}, {0, 0, 0}}, 0},
		"order, until the target is met": {backtest.Limits{Order: 300}, plan{1: {weight(.5)}},
			[2][]float64{{300, 500, 500}, {0, 0, 0}}, 0},
		"a sale that the order limit cuts makes less room": {backtest.Limits{Gross: 1, Order: 400}, plan{1: {weight(.4)}, 2: {weight(.8)}, 3: {weight(.1), weight(.9)}},
			[2][]float64{{400, 800, 400}, {0, 0, 400}}, 0},
		"a turn": {backtest.Limits{Position: .5}, plan{1: {usd(400)}, 2: {usd(-900)}},
			[2][]float64{{400, -500, -500}, {0, 0, 0}}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			r := run(t, market(assets, flat, flat), c.plan, backtest.Options{Limits: c.limits})
			for a, price := range []float64{100, 10} {
				for k, want := range c.want[a] {
					near(t, assets[a].Name, r.Coins[a][k+1]*price, want)
				}
			}
			marked := 0
			for _, f := range r.Fills {
				if f.Clipped {
					marked++
				}
			}
			if r.Clipped != c.clipped || marked != c.clipped {
				t.Errorf("%d orders clipped, %d fills marked, want %d", r.Clipped, marked, c.clipped)
			}
		})
	}
}

// TestLimitsForceNothing: a position that has outgrown its limit is not sold, and
// an order that reduces it fills.
func TestLimitsForceNothing(t *testing.T) {
	m := daily(backtest.Asset{Name: "btc"}, 100, 100, 400, 400, 400)
	r := run(t, m, plan{1: {weight(.5)}, 3: {weight(.9)}, 4: {weight(.7)}}, backtest.Options{Limits: backtest.Limits{Position: .5, Gross: .5}})
	nearAll(t, "coins", r.Coins[0], []float64{0, 5, 5, 5, .7 * 2500 / 400})
	if r.Clipped != 1 {
		t.Errorf("%d orders clipped, want 1", r.Clipped)
	}
}
