package sim_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

// The division of a wave is the mean over all orders of arrival, here taken one
// by one.
func TestSharesAreMeansOverArrivals(t *testing.T) {
	law := impact.SquareRoot{Y: 1, Volatility: 1, Volume: 1}
	full := sim.Liquidity{Depth: 1}
	for _, orders := range [][]float64{{-1, 1 + 1e-9}, {.3, -2, 1.7}, {-1, -.5, 2, .25}, {1, 1e-6, -1, -1e-6, .5, -2}} {
		want, arrivals := make([]float64, len(orders)), 0.0
		var arrive func(seen int, sum float64, gains []float64)
		arrive = func(seen int, sum float64, gains []float64) {
			if seen == 1<<len(orders)-1 {
				arrivals++
				for i, g := range gains {
					want[i] += g
				}
				return
			}
			for i, q := range orders {
				if seen>>i&1 == 0 {
					next := append([]float64(nil), gains...)
					next[i] = law.Return(sum+q, full) - law.Return(sum, full)
					arrive(seen|1<<i, sum+q, next)
				}
			}
		}
		arrive(0, 0, make([]float64, len(orders)))
		var entries []sim.Mechanism
		for i, q := range orders {
			entries = append(entries, burst{string(rune('a' + i)), []float64{q}})
		}
		path := run(t, onePlan(1, law, entries...))
		for i := range orders {
			near(t, "share", path.Ledger.Return[i][0][0], want[i]/arrivals, 1e-8) // √ of rounding
		}
	}
}

// Two equal sellers share a concave impact equally; a lone order beside one
// that cancels it keeps its sign.
func TestSharesUnderConcaveLaw(t *testing.T) {
	law := impact.SquareRoot{Y: 1, Volatility: 1, Volume: 1}
	path := run(t, onePlan(1, law, burst{"a", []float64{-.5}}, burst{"b", []float64{-.5}}))
	near(t, "first of two equals", path.Ledger.Return[0][0][0], -.5, 1e-15)

	path = run(t, onePlan(1, law, burst{"a", []float64{-1}}, burst{"b", []float64{1}}))
	near(t, "seller", path.Ledger.Return[0][0][0], -1, 1e-15)
	near(t, "buyer", path.Ledger.Return[1][0][0], 1, 1e-15)

	// three traders by hand: orders −1, −1, +1 on √: mean over the six orders of arrival
	s := math.Sqrt2
	path = run(t, onePlan(1, law, burst{"a", []float64{-1}}, burst{"b", []float64{-1}}, burst{"c", []float64{1}}))
	near(t, "buyer of three", path.Ledger.Return[2][0][0], (2*1+2*1+2*(s-1))/6, 1e-14)
	near(t, "all", path.LogPrice[0][1]-path.LogPrice[0][0], -1, 1e-14)
}

// Above eight traders equals have equal shares, unequal ones come near their
// exact mean, and all add up.
func TestSampledShares(t *testing.T) {
	law := impact.SquareRoot{Y: 1, Volatility: 1, Volume: 1}
	sellers := func(usd ...float64) []float64 {
		var entries []sim.Mechanism
		for i, q := range usd {
			entries = append(entries, burst{string(rune('a' + i)), []float64{q}})
		}
		path := run(t, onePlan(1, law, entries...))
		var shares []float64
		sum := 0.0
		for row := range path.Ledger.Rows {
			shares = append(shares, path.Ledger.Return[row][0][0])
			sum += shares[row]
		}
		near(t, "sum of the shares", sum, path.LogPrice[0][1]-path.LogPrice[0][0], 1e-14)
		return shares
	}
	for _, share := range sellers(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1) {
		near(t, "one of twelve equals", share, -math.Sqrt(12)/12, 1e-15)
	}

	// one seller of 4 among eleven of 1: it comes after 0, 1, …, 11 of them
	exact := 0.0
	for before := range 12 {
		exact -= (math.Sqrt(float64(before+4)) - math.Sqrt(float64(before))) / 12
	}
	shares := sellers(-1, -1, -1, -1, -1, -4, -1, -1, -1, -1, -1, -1)
	near(t, "the large seller", shares[5], exact, 1e-14)
	near(t, "a small seller", shares[0], (-math.Sqrt(15)-exact)/11, .02)
}
