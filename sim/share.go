package sim

import (
	"cmp"
	"math/bits"
	"math/rand/v2"
	"slices"
)

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
	sum, moved [1 << exactShares]float64             // of each set of traders: net order and its impact
	weight     [exactShares + 1][exactShares]float64 // traders × size of those before: s!(n−s−1)!/n!

	arrivals map[int][][]int // traders → sampled orders of arrival
	ranked   []int           // traders from the largest sale to the largest purchase
}

func newDivider() *divider {
	d := &divider{arrivals: map[int][][]int{}}
	for n := 1; n <= exactShares; n++ {
		d.weight[n][0] = 1 / float64(n)
		for s := 1; s < n; s++ {
			d.weight[n][s] = d.weight[n][s-1] * float64(s) / float64(n-s)
		}
	}
	return d
}

// leg is the way of a price in one wave. Its ends are those that the price has
// gone: an impact worked out again, its orders added up another way, could differ
// by the root of rounding.
type leg struct {
	net           float64 // order before the wave
	before, after float64 // impact
}

// divide sets share to what each of the orders contributed to a leg. Orders carry
// their impact scale.
func (d *divider) divide(law Law, l Liquidity, way leg, orders, share []float64) {
	switch n := len(orders); {
	case law.Linear():
		for i, q := range orders {
			share[i] = law.Return(q, l)
		}
	case n <= exactShares:
		d.exact(law, l, way, orders, share)
	default:
		d.sampled(law, l, way, orders, share)
	}
}

func (d *divider) exact(law Law, l Liquidity, way leg, orders, share []float64) {
	n := len(orders)
	all := 1<<n - 1
	d.sum[0], d.moved[0], d.moved[all] = way.net, way.before, way.after
	for set := 1; set < all; set++ {
		rest := set & (set - 1) // without its first trader
		d.sum[set] = d.sum[rest] + orders[bits.TrailingZeros(uint(set))]
		d.moved[set] = law.Return(d.sum[set], l)
	}
	clear(share)
	for set := range all {
		weight := d.weight[n][bits.OnesCount(uint(set))]
		for i := range share {
			if with := set | 1<<i; with != set {
				share[i] += weight * (d.moved[with] - d.moved[set])
			}
		}
	}
}

// sampled averages over fixed pseudo-random orders of arrival, the same ones in
// every wave of every run. Each is taken in all its rotations, forth and back, so
// that everybody comes first, second, … equally often: who comes first moves the
// price most. Traders stand in them by the size of their orders, and equal orders
// have equal shares, so that names do not matter.
func (d *divider) sampled(law Law, l Liquidity, way leg, orders, share []float64) {
	n := len(orders)
	d.rank(orders)
	arrivals := d.arrive(n)
	each := 1 / float64(2*n*len(arrivals))
	clear(share)
	for _, arrival := range arrivals {
		for first := range n {
			for _, stride := range [...]int{1, n - 1} { // forth, back
				sum, at, next := way.net, way.before, first
				for seen := range n {
					i := d.ranked[arrival[next]]
					sum += orders[i]
					to := way.after
					if seen < n-1 {
						to = law.Return(sum, l)
					}
					share[i] += (to - at) * each
					at, next = to, (next+stride)%n
				}
			}
		}
	}
	d.level(orders, share)
}

// rank sorts the traders by their orders.
func (d *divider) rank(orders []float64) {
	d.ranked = d.ranked[:0]
	for i := range orders {
		d.ranked = append(d.ranked, i)
	}
	slices.SortFunc(d.ranked, func(i, j int) int { return cmp.Compare(orders[i], orders[j]) })
}

// arrive gives the sampled orders of arrival of n traders.
func (d *divider) arrive(n int) [][]int {
	list, known := d.arrivals[n]
	if !known {
		rng := rand.New(rand.NewPCG(1, uint64(n)))
		for range max(samples/(2*n), 1) {
			list = append(list, rng.Perm(n))
		}
		d.arrivals[n] = list
	}
	return list
}

// level gives equal orders, neighbours in rank, their mean share.
func (d *divider) level(orders, share []float64) {
	for from, to := 0, 0; from < len(d.ranked); from = to {
		sum := share[d.ranked[from]]
		for to = from + 1; to < len(d.ranked) && orders[d.ranked[to]] == orders[d.ranked[from]]; to++ {
			sum += share[d.ranked[to]]
		}
		for _, i := range d.ranked[from:to] {
			share[i] = sum / float64(to-from)
		}
	}
}
