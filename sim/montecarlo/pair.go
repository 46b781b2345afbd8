package montecarlo

import (
	"sync"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Pair is what is kept of an outcome in two runs on the same random numbers, on
// more paths than are kept one by one: of those on which both have it.
type Pair struct {
	Differences *Tally // base − variant

	mu                      sync.Mutex
	sums                    pairSums
	gains                   int // paths on which either is above 0
	baseFalls, variantFalls int // on which one is below
}

type pairSums struct{ base, variant, baseSquares, variantSquares, products exactSum }

func newPair() *Pair { return &Pair{Differences: newTally()} }

// Losses tells whether the outcome is a loss in both runs on every path, and not
// nothing in all of the variant, so that a ratio has a meaning.
func (p *Pair) Losses() bool { return p.gains == 0 && p.variantFalls > 0 }

// Moments are those of the base over those of the variant: exact sums, rounded once.
func (p *Pair) Moments() stats.PairedMoments {
	n, s := p.Differences.N(), &p.sums
	var m stats.PairedMoments
	m.Above.N, m.Below.N = n, n
	m.Above.Mean, m.Above.Variance = moments(n, &s.base, &s.base, &s.baseSquares)
	m.Below.Mean, m.Below.Variance = moments(n, &s.variant, &s.variant, &s.variantSquares)
	_, m.Covariance = moments(n, &s.base, &s.variant, &s.products)
	return m
}

// add counts the paths of a block, with room for their differences.
func (p *Pair) add(base, variant, room []float64) {
	for i, a := range base {
		room[i] = a - variant[i]
	}
	p.Differences.add(room[:len(base)])
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, d := range room[:len(base)] {
		if d != d {
			continue
		}
		a, b := base[i], variant[i]
		p.sums.base.add(a)
		p.sums.variant.add(b)
		p.sums.baseSquares.addProduct(a, a)
		p.sums.variantSquares.addProduct(b, b)
		p.sums.products.addProduct(a, b)
		if a > 0 || b > 0 {
			p.gains++
		}
		if a < 0 {
			p.baseFalls++
		}
		if b < 0 {
			p.variantFalls++
		}
	}
}

func (p *Pair) merge(other *Pair) {
	p.Differences.merge(other.Differences)
	into, from := p.sums.list(), other.sums.list()
	for i := range into {
		into[i].merge(from[i])
	}
	p.gains += other.gains
	p.baseFalls += other.baseFalls
	p.variantFalls += other.variantFalls
}

// Reversed is the pair with the base as the variant, and the other way round.
func (p *Pair) Reversed() *Pair {
	s := &p.sums
	return &Pair{Differences: p.Differences.negative(), gains: p.gains, baseFalls: p.variantFalls, variantFalls: p.baseFalls,
		sums: pairSums{s.variant, s.base, s.variantSquares, s.baseSquares, s.products}}
}

// list has the sums in the order in which they are written.
func (s *pairSums) list() []*exactSum {
	return []*exactSum{&s.base, &s.variant, &s.baseSquares, &s.variantSquares, &s.products}
}
