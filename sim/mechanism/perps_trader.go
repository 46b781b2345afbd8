package mechanism

import (
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// positions is the state of both sides along one path.
type positions struct {
	*perps
	side [sides]side
	fund float64 // insurance at the open

	left    float64 // insurance in this step
	ordered bool    // the step's opening and closing orders are out
}

// side is the longs or the shorts. What is opened in a step enters the ladder at
// its close, and so cannot be liquidated before.
type side struct {
	ladder
	margin float64 // log distance from liquidation to bankruptcy
	coins  float64 // held at the open
	order  float64 // coins that the next step opens, or closes where negative

	sweep       sweep
	held        float64 // coins left in the ladder
	keep        float64 // share of the ladder that neither its holders close nor the other side's bankrupts do
	liquidated  float64 // USD
	deleveraged float64 // USD
}

// Start builds the ladder: entries spread around a price of the past, then the
// turnover, the liquidations and the rebuilding of the closes since, without
// orders. The past gives the shape; the size is that of the starting close.
func (p *perps) Start(m *sim.Market) sim.Trader {
	t := &positions{perps: p, fund: p.Insurance}
	closes := m.Closes(p.asset)
	closes = closes[len(closes)-1-p.remembered(closes):]
	for i, sign := range []float64{long: 1, short: -1} {
		s := &t.side[i]
		s.sign, s.margin = sign, -sign*math.Log1p(-sign*p.MaintenanceMargin)
		s.spread(p, i, closes[0])
		for _, x := range closes[1:] {
			s.begin()
			coins, _ := s.take(&s.sweep, sign*x)
			s.lose(coins * s.scale * s.keep)
			price := math.Exp(x)
			s.close(p, i, x, price, p.OpenInterest/price)
		}
		s.match(p, i, closes[len(closes)-1])
	}
	return t
}

// Positions of which so few are left, or which are so old, have been turned over.
const (
	turnedOver = 1e-3
	longestAgo = 365 // days
)

// remembered is the number of past steps that mark the ladder at the start.
func (p *perps) remembered(closes []float64) int {
	days := float64(longestAgo)
	if p.Turnover > 0 {
		days = min(days, math.Log(turnedOver)/math.Log1p(-p.Turnover))
	}
	return min(len(closes)-1, int(math.Ceil(days/p.days)))
}

// spread is a side of which nothing is known: entries around the log price x.
func (s *side) spread(p *perps, i int, x float64) {
	s.ladder = newLadder(x, s.sign, .4)
	s.coins = p.OpenInterest / math.Exp(x)
	s.add(s.sign*x, s.coins, p.first[i])
}

// match brings a side to the open interest of the starting close.
func (s *side) match(p *perps, i int, x float64) {
	s.order = 0
	if s.coins == 0 {
		s.spread(p, i, x)
		return
	}
	coins := p.OpenInterest / math.Exp(x)
	s.shrink(coins / s.coins)
	s.coins = coins
}

func (s *side) begin() {
	s.ladder.begin(&s.sweep)
	s.held, s.keep = s.coins, 1
	s.liquidated, s.deleveraged = 0, 0
	if s.order < 0 {
		s.keep += s.order / s.coins
		s.held += s.order
	}
}

// lose takes coins out of what is held.
func (s *side) lose(coins float64) {
	if s.held -= coins; s.held < 0 {
		s.held = 0 // rounding
	}
}

// close brings a side to a price and its log x: turnover, what was opened, and
// the next step's order, towards so many coins.
func (s *side) close(p *perps, i int, x, price, coins float64) {
	y := s.sign * x
	s.settle(&s.sweep, y, price)
	if keep := s.keep * (1 - p.closing); keep < 1 {
		s.shrink(keep)
	}
	s.coins = s.held
	if p.closing > 0 || p.rebuilding > 0 {
		s.renew(p, i, y, coins)
	}
}

// renew opens again what its holders have closed, and what was ordered.
func (s *side) renew(p *perps, i int, y, coins float64) {
	opened := max(s.order, 0)
	if again := p.closing * s.held; again+opened > 0 {
		s.add(y, again+opened, p.later[i])
	}
	s.coins += opened
	s.order = p.rebuilding * (coins - s.coins)
}

// Restore implements [sim.Restorer].
func (t *positions) Restore(from sim.Trader) {
	var jumps [sides][]float64
	for i := range jumps {
		jumps[i] = t.side[i].jumps[:0]
	}
	*t = *from.(*positions)
	for i := range jumps {
		t.side[i].jumps = append(jumps[i], t.side[i].jumps...)
	}
}

// Fork implements [sim.Forker].
func (t *positions) Fork() sim.Trader { return fork(t, &positions{}) }

func (t *positions) Begin(*sim.Market) {
	t.left, t.ordered = t.fund, false
	for i := range t.side {
		t.side[i].begin()
	}
}

func (t *positions) Trade(m *sim.Market, orders []float64) {
	x, n := m.LogPrice(t.asset), m.Assets()
	longs, shorts := &t.side[long], &t.side[short]
	if coins := longs.order - shorts.order; coins != 0 && !t.ordered {
		orders[rebuildPart*n+t.asset] += coins * m.Price(t.asset)
	}
	t.ordered = true
	if x < longs.sweep.at {
		orders[longsPart*n+t.asset] -= t.liquidate(longs, shorts, x)
	}
	if -x < shorts.sweep.at {
		orders[shortsPart*n+t.asset] += t.liquidate(shorts, longs, x)
	}
	m.Rest(t.asset, longs.sweep.at, -shorts.sweep.at)
}

// liquidate closes what the log price x has reached and gives what goes to the
// market, in USD at that price.
func (t *positions) liquidate(s, other *side, x float64) float64 {
	bankrupt, ruin := s.take(&s.sweep, s.sign*x+s.margin)
	coins, value := s.take(&s.sweep, s.sign*x)
	price, scale := s.sweep.price, s.scale*s.keep
	bankrupt, ruin = scale*bankrupt, scale*ruin
	coins, value = scale*coins+bankrupt, scale*value+ruin
	if coins <= 0 || s.held == 0 {
		return 0 // rounding
	}
	atRuin := 1 - s.sign*t.MaintenanceMargin // bankruptcy price over liquidation price
	t.left += s.sign * (coins*price - value*atRuin)
	taken := 0.0
	if t.left < 0 {
		// The loss would be covered if this many bankrupt coins were closed against
		// the other side. What it does not have is sold nevertheless, and the loss
		// shared out among those who are not modelled.
		if loss := s.sign * (ruin*atRuin - bankrupt*price); loss > 0 {
			taken = min(-t.left/loss*bankrupt, other.held)
			other.deleverage(taken, price)
		}
		t.left = 0
	}
	s.lose(coins)
	s.liquidated += coins * price
	return (coins - taken) * price
}

// deleverage closes coins against bankrupt positions of the other side, an
// equal share of every position.
func (s *side) deleverage(coins, price float64) {
	if s.held > 0 {
		s.keep *= 1 - coins/s.held
		s.lose(coins)
		s.deleveraged += coins * price
	}
}

func (t *positions) Settle(m *sim.Market) {
	t.fund = t.left
	x, price := m.LogPrice(t.asset), m.Price(t.asset)
	coins := 0.0 // of the open interest, where it is rebuilt
	if t.rebuilding > 0 {
		coins = t.OpenInterest / price
	}
	for i := range t.side {
		t.side[i].close(t.perps, i, x, price, coins)
	}
}

func (t *positions) Report(m *sim.Market, out []float64) {
	price := m.Price(t.asset)
	longs, shorts := &t.side[long], &t.side[short]
	out[0], out[1] = longs.coins*price, shorts.coins*price
	out[2], out[3] = longs.liquidated, shorts.liquidated
	out[4], out[5] = t.fund, longs.deleveraged+shorts.deleveraged
}

// Profile implements [sim.ProfilingTrader]: USD at the close by liquidation
// price. What is liquidated outside the edges is left out.
func (t *positions) Profile(m *sim.Market, out [][]float64) {
	price, n := m.Price(t.asset), len(t.edges)-1
	longs, shorts := &t.side[long], &t.side[short]
	var down, up sweep
	longs.ladder.begin(&down)
	shorts.ladder.begin(&up)
	longs.take(&down, math.Log(t.edges[n]))
	shorts.take(&up, -math.Log(t.edges[0]))
	for k := range n {
		coins, _ := longs.take(&down, math.Log(t.edges[n-1-k]))
		out[long][n-1-k] = max(coins, 0) * longs.scale * price // a rounded sum of jumps may end below nothing
		coins, _ = shorts.take(&up, -math.Log(t.edges[k+1]))
		out[short][k] = max(coins, 0) * shorts.scale * price
	}
}

// Coins are those of the longs less those of the shorts.
func (t *positions) Coins(*sim.Market) float64 { return t.side[long].coins - t.side[short].coins }
