package backtest

import (
	"math"
	"time"
)

// book keeps the accounts of one strategy. Time passes (accrue), orders fill
// (fill), prices move (mark).
type book struct {
	assets []Asset
	cash   float64
	coins  []float64
	mark   []float64 // last known price; NaN before the first
	trips  []trip
	flow   Flow // since it was last cleared

	keep   bool // the round trips that end
	trades []Trade
}

// Flow is what changed equity in a step, in USD. Costs are positive.
type Flow struct {
	Price    float64 // what the positions gained at mid prices
	Interest float64 // earned on cash, less what was paid on borrowed cash
	Fees     float64
	Spread   float64
	Impact   float64 // of the strategy's own orders on what they paid
	Borrow   float64 // paid for coins sold short
}

// Change is by how much equity changed.
func (f Flow) Change() float64 {
	return f.Price + f.Interest - f.Costs()
}

// Costs are fees, spread, impact and borrow.
func (f Flow) Costs() float64 { return f.Fees + f.Spread + f.Impact + f.Borrow }

func (f *Flow) add(g Flow) {
	f.Price += g.Price
	f.Interest += g.Interest
	f.Fees += g.Fees
	f.Spread += g.Spread
	f.Impact += g.Impact
	f.Borrow += g.Borrow
}

func newBook(assets []Asset, cash float64) *book {
	n := len(assets)
	b := &book{assets: assets, cash: cash, coins: make([]float64, n), mark: make([]float64, n), trips: make([]trip, n)}
	for a := range b.mark {
		b.mark[a] = math.NaN()
	}
	return b
}

// value is that of a position, 0 where there is none, whether or not it has a
// price.
func (b *book) value(a int) float64 {
	if b.coins[a] == 0 {
		return 0
	}
	return b.coins[a] * b.mark[a]
}

func (b *book) equity() float64 {
	sum := b.cash
	for a := range b.coins {
		sum += b.value(a)
	}
	return sum
}

// accrue lets time pass: yield is earned on cash, rate paid where it is negative,
// and each asset's borrow rate on the value of a short at its last price.
func (b *book) accrue(passed time.Duration, yield, rate float64) {
	years := passed.Hours() / (365 * 24)
	earned := b.cash * yield * years
	if b.cash < 0 {
		earned = b.cash * rate * years
	}
	b.cash += earned
	b.flow.Interest += earned
	for a, coins := range b.coins {
		if coins < 0 && b.assets[a].Borrow > 0 {
			paid := -b.value(a) * b.assets[a].Borrow * years
			b.cash -= paid
			b.flow.Borrow += paid
			b.trips[a].borrow += paid
		}
	}
}

// move marks an asset at a new price; NaN leaves the last one.
func (b *book) move(a int, price float64) {
	if math.IsNaN(price) {
		return
	}
	if b.coins[a] != 0 {
		b.flow.Price += b.coins[a] * (price - b.mark[a])
	}
	b.mark[a] = price
}

// fill books an order that has been executed at a bill, at the step and time now.
func (b *book) fill(a int, coins float64, paid bill, now moment, reason string) {
	held := b.coins[a]
	b.cash -= math.Copysign(paid.notional, coins) + paid.fee
	b.coins[a] += coins
	b.flow.Fees += paid.fee
	b.flow.Spread += paid.spread
	b.flow.Impact += paid.impact
	t := &b.trips[a]
	t.traded = now.time
	if held != 0 && (held > 0) != (coins > 0) {
		out := math.Copysign(min(math.Abs(coins), math.Abs(held)), coins)
		t.leave(held, out, paid.price, paid.fee*(out/coins))
		coins -= out
		if b.coins[a] == 0 || coins != 0 {
			b.end(a, now, reason, false)
		}
		if coins == 0 {
			return
		}
		paid.fee *= coins / (coins + out)
	}
	if t.entered == 0 {
		t.from, t.enter, t.best = now, reason, b.mark[a]
	}
	t.join(coins, paid.price, paid.fee)
}

// see takes the closing prices into what is the best since entry.
func (b *book) see() {
	for a, coins := range b.coins {
		switch t := &b.trips[a]; {
		case coins > 0:
			t.best = max(t.best, b.mark[a])
		case coins < 0:
			t.best = min(t.best, b.mark[a])
		}
	}
}

// end closes an asset's round trip and keeps it where trades are kept.
func (b *book) end(a int, now moment, reason string, open bool) {
	t := &b.trips[a]
	if b.keep {
		b.trades = append(b.trades, t.trade(a, now, reason, open))
	}
	*t = trip{traded: t.traded}
}

// last ends the round trips that are still open, at the last prices.
func (b *book) last(now moment, reason string, open bool) {
	for a := range b.coins {
		if b.coins[a] != 0 {
			b.trips[a].leave(b.coins[a], -b.coins[a], b.mark[a], 0)
			b.end(a, now, reason, open)
		}
	}
}

// ruin gives up everything to the lenders and tells what they miss.
func (b *book) ruin(now moment) (shortfall float64) {
	shortfall = -b.equity()
	b.last(now, "ruin", false)
	b.cash = 0
	clear(b.coins)
	return shortfall
}

// state fills in what a decider may know.
func (b *book) state(s *State) {
	s.Cash, s.Equity = b.cash, b.equity()
	for a := range s.Positions {
		t, coins := &b.trips[a], b.coins[a]
		p := Position{Coins: coins, Price: b.mark[a], Traded: t.traded, Entry: math.NaN(), Gain: math.NaN(), Best: math.NaN()}
		if coins != 0 {
			p.Weight = b.value(a) / s.Equity
			p.Since, p.Best = t.from.time, t.best
			p.Entry = t.basis / math.Abs(coins)
			p.Gain = math.Copysign(1, coins) * (p.Price/p.Entry - 1)
		}
		s.Positions[a] = p
	}
}
