package backtest

import (
	"fmt"
	"math"
	"time"
)

// Limits bound what a decision may lead to; 0 is no limit. Gross and Position cut
// what would make a position grow, never what reduces it, and sell nothing that has
// grown by itself; what they cut off is not ordered again unless the decider does.
// Order spreads a large order over the steps that it takes: what it cuts off waits
// for the next one, until the target is met or another is set.
type Limits struct {
	Gross    float64 // long and short positions together, share of equity
	Position float64 // one of them, share of equity
	Order    float64 // USD in one asset and step at the mid price; it binds reductions too
}

func (l Limits) check(fault func(string, ...any)) {
	for _, limit := range []struct {
		name  string
		value float64
	}{{"gross", l.Gross}, {"position", l.Position}, {"order", l.Order}} {
		if !(limit.value >= 0) || math.IsInf(limit.value, 1) {
			fault("the %s limit is %v, expected a positive number, or 0 for none", limit.name, limit.value)
		}
	}
}

// desk turns targets into orders and fills them on its book.
type desk struct {
	*book
	limits  Limits
	quotes  []quote
	orders  []order
	filled  func(Fill) // nil: fills are not recorded
	fills   int
	clipped int
	volume  float64 // USD traded at mid prices since it was last cleared
}

// order is what is asked for in one asset, target.Kind Leave where nothing is.
type order struct {
	target  Target
	decided time.Time
	live    bool    // it can fill now
	coins   float64 // of the order, where it is live; < 0: a sale
	paid    bill    // for it at the quote
	clipped bool
	more    bool // the limit on orders leaves some of it for the next step
}

func newDesk(assets []Asset, capital float64, limits Limits) *desk {
	d := &desk{book: newBook(assets, capital), limits: limits, quotes: make([]quote, len(assets)), orders: make([]order, len(assets))}
	for a := range d.quotes {
		d.quotes[a].asset = &assets[a]
	}
	return d
}

// take replaces the waiting orders by a decision.
func (d *desk) take(targets []Target, at time.Time) error {
	for a, t := range targets {
		if err := t.check(d.assets[a].Name); err != nil {
			return err
		}
	}
	for a, t := range targets {
		if t.Kind != Leave {
			d.orders[a] = order{target: t, decided: at}
		}
	}
	return nil
}

// size works out the orders that can fill, those with a quote, on a book marked
// at the quotes' mid prices. It tells whether there are any; an account that is
// worth nothing has none.
func (d *desk) size() bool {
	equity, some := d.equity(), false
	for a := range d.orders {
		o := &d.orders[a]
		o.live = equity > 0 && o.target.Kind != Leave && !math.IsNaN(d.quotes[a].mid)
		some = some || o.live
	}
	if some {
		d.solve(equity)
	}
	return some
}

// solve finds the equity that is left after the costs of the orders which it is
// the measure of: x = equity − cost(x). That is the highest root the search
// brackets; where even closing everything costs more than there is, x is 0.
func (d *desk) solve(equity float64) {
	const rounds, near = 100, 2e-15
	rest := func(x float64) float64 { return equity - d.demand(x) - x }
	hi, atHi := equity, rest(equity) // ≤ 0
	if !(atHi < 0) {
		return
	}
	lo := math.Max(0, equity+atHi)
	atLo := rest(lo)
	if atLo < 0 && lo > 0 {
		hi, atHi = lo, atLo
		lo, atLo = 0, rest(0)
	}
	if !(atLo > 0) {
		return // lo is the root, or 0 for want of one
	}
	// The Illinois method: a secant that keeps the root between its ends.
	side := 0
	for range rounds {
		x := hi - (hi-lo)*(atHi/(atHi-atLo))
		if math.IsInf(atHi, -1) || !(x > lo && x < hi) {
			x = lo + (hi-lo)/2
		}
		at := rest(x)
		if math.Abs(at) <= near*equity || hi-lo <= near*equity {
			return
		}
		if at < 0 {
			hi, atHi = x, at
			if side == -1 {
				atLo /= 2
			}
			side = -1
		} else {
			lo, atLo = x, at
			if side == 1 {
				atHi /= 2
			}
			side = 1
		}
	}
}

// demand sizes the live orders for an account that is worth equity after them,
// within the limits, and gives what they cost.
func (d *desk) demand(equity float64) (cost float64) {
	kept, growth := 0.0, 0.0
	for a := range d.orders {
		o, held := &d.orders[a], d.coins[a]
		if !o.live {
			kept += math.Abs(d.value(a))
			continue
		}
		mid := d.quotes[a].mid
		o.bound(held, o.target.coins(equity, mid), mid, equity, d.limits)
		base := retained(held, held+o.coins)
		kept += base * mid
		growth += (math.Abs(held+o.coins) - base) * mid
	}
	if room := d.limits.Gross*equity - kept; d.limits.Gross > 0 && growth > 0 && growth > room+dust*equity {
		d.scale(max(0, room/growth))
	}
	for a := range d.orders {
		if o := &d.orders[a]; o.live {
			o.paid = d.quotes[a].bill(o.coins)
			cost += o.paid.cost()
		}
	}
	return cost
}

// bound sets the order that leads from what is held to what is wanted, within the
// limits of one asset.
func (o *order) bound(held, want, mid, equity float64, l Limits) {
	o.clipped, o.more = false, false
	if most := max(l.Position*equity/mid, retained(held, want)); l.Position > 0 && math.Abs(want) > most*(1+dust) {
		want, o.clipped = math.Copysign(most, want), true
	}
	o.coins = want - held
	if most := l.Order / mid; l.Order > 0 && math.Abs(o.coins) > most*(1+dust) {
		o.coins, o.more = math.Copysign(most, o.coins), true
	}
}

// dust is the share of equity, or of a limit, below which a difference is
// rounding and no order.
const dust = 1e-12

// retained is the size of what stays of a position on its way to another: all of
// it where it grows, nothing where it turns.
func retained(held, want float64) float64 {
	if held*want <= 0 {
		return 0
	}
	return min(math.Abs(held), math.Abs(want))
}

// scale leaves each live order a share of the growth it wants.
func (d *desk) scale(share float64) {
	for a := range d.orders {
		o, held := &d.orders[a], d.coins[a]
		if !o.live {
			continue
		}
		want := held + o.coins
		base := retained(held, want)
		if growth := math.Abs(want) - base; growth > 0 {
			o.coins = math.Copysign(base+share*growth, want) - held
			o.clipped = true
		}
	}
}

// execute fills the live orders at their quotes, first the sales, then the
// purchases, each in the order of the assets.
func (d *desk) execute(now moment) {
	least := dust * d.equity()
	for _, sales := range [...]bool{true, false} {
		for a := range d.orders {
			if o := &d.orders[a]; o.live && sales == (o.coins < 0) {
				if d.send(a, o, now, least); o.more {
					*o = order{target: o.target, decided: o.decided}
				} else {
					*o = order{}
				}
			}
		}
	}
}

// send fills one order, unless it is for less than least USD and closes nothing.
func (d *desk) send(a int, o *order, now moment, least float64) {
	if o.clipped {
		d.clipped++
	}
	q := &d.quotes[a]
	size := math.Abs(o.coins) * q.mid
	if o.coins == 0 || size <= least && d.coins[a]+o.coins != 0 {
		return
	}
	paid := o.paid
	d.fill(a, o.coins, paid, now, o.target.Reason)
	d.fills++
	d.volume += size
	if d.filled != nil {
		d.filled(Fill{Step: now.step, Asset: a, Decided: o.decided, Filled: now.time, Coins: o.coins, Mid: q.mid, Price: paid.price, Notional: paid.notional,
			Fee: paid.fee, Spread: paid.spread, Impact: paid.impact, Reason: o.target.Reason, Clipped: o.clipped})
	}
}

// payable reports bills that are no numbers: of an order so large that its own
// impact has no limit.
func (d *desk) payable() error {
	for a := range d.orders {
		o := &d.orders[a]
		if c := o.paid.cost(); o.live && (math.IsNaN(c) || math.IsInf(c, 0)) {
			return fmt.Errorf("asset %s: an order for %g coins, %.6g USD, has no finite cost under its impact law", d.assets[a].Name, o.coins, o.coins*d.quotes[a].mid)
		}
	}
	return nil
}
