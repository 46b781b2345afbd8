package sim

import "math"

// coarsest is the move of a log price in one wave that is too large to be the
// last, however small the orders in USD are: in a market as thin as a textbook's
// one dollar is no rounding error.
const coarsest = 1e-6

// wave moves the prices by the orders in the slots between two. It tells whether
// another wave must follow.
func (r *Runner) wave(from, to int) (another bool) {
	most := still
	for a := range r.motions {
		most = max(most, r.press(a, from, to))
	}
	if most != still {
		r.mark()
	}
	return most == far
}

// askAll sets the orders of a step's first wave. Its loop stands apart from that of ask
// because it calls the same traders in the same order each time, which processors foresee.
func (r *Runner) askAll() {
	m := r.market
	for s := r.first; s != nil; s = s.next {
		s.rest.end()
		m.resting = &s.rest
		s.trader.Trade(m, s.orders)
	}
}

// ask sets the orders of those who do not rest, and tells between which slots they lie.
func (r *Runner) ask() (from, to int) {
	m := r.market
	for s := r.first; s != nil; s = s.next {
		if s.rest.holds() {
			continue
		}
		s.rest.end()
		m.resting = &s.rest
		s.trader.Trade(m, s.orders)
		if to == 0 {
			from = s.from
		}
		to = s.to
	}
	return from, to
}

// move is how far a wave moves a price.
type move int

const (
	still move = iota
	near       // so little that the wave may be the last
	far
	lost // off the numbers: Settle reports it
)

// press takes one asset's orders of this wave through the impact law.
func (r *Runner) press(a, from, to int) move {
	if r.divides {
		r.arrive(a, from, to)
	}
	total, result := r.gather(a+from, to)
	if result == still {
		return still
	}
	motion := &r.motions[a]
	law, quote := motion.law, motion.quote
	way := leg{net: motion.net, before: motion.impact}
	motion.net += total
	motion.impact = law.Return(motion.net, quote.liquidity())
	quote.log = motion.base + motion.impact
	if way.after = motion.impact; r.divides {
		r.divide(law, quote.liquidity(), way)
	}
	switch {
	case !(math.Abs(quote.log) < widest):
		return lost
	case math.Abs(way.after-way.before) > coarsest:
		return far
	}
	return result
}

// gather takes one asset's orders of this wave out of the slots into the books. It gives
// the scaled sum of those that press on the price, and whether they are large.
func (r *Runner) gather(from, to int) (total float64, result move) {
	tolerance, n, orders := r.plan.Tolerance, len(r.motions), r.orders[:to]
	for k := from; k < len(orders); k += n {
		usd := orders[k]
		if usd == 0 {
			continue
		}
		orders[k] = 0
		r.booked[k] += usd
		slot := &r.slots[k]
		if slot.hedged {
			continue
		}
		total += usd * slot.scale
		if math.Abs(usd) >= tolerance {
			result = far
		} else {
			result = max(result, near)
		}
	}
	return total, result
}

// arrive lists who trades one asset in this wave, for divide.
func (r *Runner) arrive(a, from, to int) {
	r.arrived, r.amounts = r.arrived[:0], r.amounts[:0]
	for k := a + from; k < to; k += len(r.motions) {
		if usd := r.orders[k]; usd != 0 && !r.slots[k].hedged {
			r.arrived, r.amounts = append(r.arrived, k), append(r.amounts, usd*r.slots[k].scale)
		}
	}
}

// divide books the return of one asset in a wave to those who traded in it.
func (r *Runner) divide(law Law, l Liquidity, way leg) {
	shares := r.shares[:len(r.arrived)]
	if len(shares) == 1 {
		shares[0] = way.after - way.before
	} else {
		r.divider.divide(law, l, way, r.amounts, shares)
	}
	for k, i := range r.arrived {
		r.caused[i] += shares[k]
	}
}

func (r *Runner) mark() {
	if r.traced {
		r.trace = append(r.trace, r.market.quotes[0].log)
	}
}
