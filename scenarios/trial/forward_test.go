package trial_test

import (
	"math"
	"slices"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const sides = `
name: x
title: x
history: {series: {btc.price: {file: price.csv}}}
market: {btc: {depth_1pct: 1000tn}}
account: {capital: 1000, fill: close, fee: 0, spread: 0}
parameters: {side: 1}
rules: {btc: {enter: "true", weight: side}}
grid: {side: [-1, 1]}
walk_forward: {train: 3d, test: 2d, choose: total_return}
`

// Two cells, long and short 10 coins from the close of day 1 on. The training windows
// of returns 0 to 2, 2 to 4 and 4 to 6 (return t ends on day t + 1) rise by 20 %, fall by 9 %
// and fall by a third: long is chosen for days 4 and 5, short for 6 to 9. The account begins
// at the close of day 3, and takes each cell over at the close of the first day that it is
// chosen for.
//
//	day       3     4     5     6     7     8     9
//	price   120   120   100    90    80   100   120
//	coins     0    8⅓    8⅓   −8⅓   −8⅓   −8⅓   −8⅓
//	equity 1000  1000  833⅓   750  833⅓  666⅔   500
func TestForwardByHand(t *testing.T) {
	prices := []float64{100, 100, 110, 120, 120, 100, 90, 80, 100, 120}
	gap := slices.Clone(prices)
	gap[3] = math.NaN() // no price on the day on which the account begins: the cell's position is valued at the last one
	third := 1000. / 3
	for name, list := range map[string][]float64{"a price on every day": prices, "a gap": gap} {
		t.Run(name, func(t *testing.T) {
			f := files{"price.csv": history("close: price usd", monday, list...)}
			w := execute(t, parse(t, "x", sides), f, trial.Options{}).Forward
			equal := func(what string, want, got any) {
				t.Helper()
				if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			equal("first step, switches, best in hindsight", []int{3, 1, 1}, []int{w.First, w.Switches, w.Hindsight})
			equal("schedule", []int{-1, -1, -1, 1, 1, 0, 0, 0, 0}, w.Schedule)
			equal("equity", []float64{1000, 1000, 2.5 * third, 750, 2.5 * third, 2 * third, 500}, w.Result.Equity)
			equal("coins", []float64{0, third / 40, third / 40, -third / 40, -third / 40, -third / 40, -third / 40}, w.Result.Coins[0])
			equal("equity of the best in hindsight", []float64{1000, 1000, 2.5 * third, 750, 2 * third, 2.5 * third, 1000}, w.Best.Equity)
			equal("equity of the benchmark", w.Best.Equity, w.Benchmark.Equity)
		})
	}
}

// A walk pays for its switches. With a fee of 1 %, x is what is left of the capital after the
// purchase of a position of x, and y what is left after the sale of 0.75 x, as much as the
// price has come down to, and a short sale of y.
func TestForwardPays(t *testing.T) {
	f := files{"price.csv": history("close: price usd", monday, 100, 100, 110, 120, 120, 100, 90, 80, 100, 120)}
	w := execute(t, parse(t, "x", sides, scenarios.Override{Key: "account.fee", Value: "1%"}), f, trial.Options{}).Forward
	x := 1000 / 1.01
	y := .75 * x * .99 / 1.01
	near(t, "equity after the entry", w.Result.Equity[1], x, 1e-12)
	near(t, "equity after the switch", w.Result.Equity[3], y, 1e-12)
	near(t, "fees", w.Result.Total.Fees, .01*(x+.75*x+y), 1e-12)
}
