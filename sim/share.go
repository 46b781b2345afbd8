package sim

import "math/rand/v2"

// exactShares is the largest number of traders in one wave for which every
// order of arrival is averaged exactly.
const exactShares = 8

// samples is about the number of fixed orders of arrival above that.
const samples = 256

// divider splits the return of one wave among those who traded in it: each
// gets its mean contribution over the orders of arrival, which is the Shapley
// value of the impact. A split pro rata would blow up under a concave law when
// orders nearly cancel.
type divider struct {
	subset [1 << exactShares]float64
	weight [exactShares + 1][exactShares]float64 // traders × size of those before: s!(n−s−1)!/n!
}

func newDivider() *divider {
	d := &divider{}
	for n := 1; n <= exactShares; n++ {
		d.weight[n][0] = 1 / float64(n)
		for s := 1; s < n; s++ {
			d.weight[n][s] = d.weight[n][s-1] * float64(s) / float64(n-s)
		}
	}
	return d
}

// divide adds to share what each of the orders contributed to the move from
// net to net+Σorders. Orders carry their impact scale.
func (d *divider) divide(law Law, l Liquidity, net float64, orders, share []float64) {
	switch n := len(orders); {
	case law.Linear():
		for i, q := range orders {
			share[i] += law.Return(q, l)
		}
	case n <= exactShares:
		d.exact(law, l, net, orders, share)
	default:
		sampled(law, l, net, orders, share)
	}
}

func (d *divider) exact(law Law, l Liquidity, net float64, orders, share []float64) {
	n := len(orders)
	for mask := range 1 << n {
		sum := net
		for i, q := range orders {
			if mask>>i&1 == 1 {
				sum += q
			}
		}
		d.subset[mask] = law.Return(sum, l)
	}
	for mask := range 1 << n {
		size := 0
		for rest := mask; rest != 0; rest &= rest - 1 {
			size++
		}
		for i := range orders {
			if mask>>i&1 == 0 {
				share[i] += d.weight[n][size] * (d.subset[mask|1<<i] - d.subset[mask])
			}
		}
	}
}

// sampled averages over fixed pseudo-random orders of arrival, the same ones in
// every wave of every run. Each is taken in all its rotations, forth and back, so
// that everybody comes first, second, … equally often: who comes first moves the
// price most.
func sampled(law Law, l Liquidity, net float64, orders, share []float64) {
	n := len(orders)
	rounds := max(samples/(2*n), 1)
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	arrive := func(next int, sum float64) float64 {
		after := sum + orders[next]
		share[next] += (law.Return(after, l) - law.Return(sum, l)) / float64(2*n*rounds)
		return after
	}
	for range rounds {
		arrival := rng.Perm(n)
		for first := range n {
			forth, back := net, net
			for i := range n {
				forth = arrive(arrival[(first+i)%n], forth)
				back = arrive(arrival[(first+n-1-i)%n], back)
			}
		}
	}
}
