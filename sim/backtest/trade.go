package backtest

import (
	"math"
	"time"
)

// Trade is a round trip in one asset: from the fill that opens a position to the
// one that closes or turns it. What is added and taken off between counts at
// average prices.
type Trade struct {
	Asset      int
	Coins      float64 // bought in all; sold short in all: < 0
	Enter      time.Time
	Exit       time.Time // the last close where it is still open
	EntryPrice float64   // average of the fills that entered: spread and impact in it, the fee not
	ExitPrice  float64   // of those that left; what has not left counts at the last price, without costs
	Fees       float64   // USD
	Borrow     float64   // USD paid for coins sold short
	PnL        float64   // USD after all of that; interest on cash belongs to no trade
	Return     float64   // PnL over the USD entered
	Steps      int       // held
	Open       bool      // at the end
	Why        string    // reason of the fill that opened it
	WhyLeft    string    // of the one that closed it, "ruin" where the account was, "" while open
}

// moment is the number of a step and a time in it.
type moment struct {
	step int
	time time.Time
}

// trip is a round trip that has not ended.
type trip struct {
	from    moment
	enter   string
	basis   float64   // USD the coins held cost, fees included; of a short what they brought
	best    float64   // price since the entry
	traded  time.Time // of the asset's last fill, whatever trip it was in
	entered float64   // coins
	paid    float64   // USD for them, fees apart
	left    float64   // coins
	brought float64   // USD for them, fees apart
	fees    float64
	borrow  float64
}

// join adds coins (short < 0) at a price.
func (t *trip) join(coins, price, fee float64) {
	t.basis += math.Abs(coins)*price + math.Copysign(fee, coins)
	t.entered += coins
	t.paid += math.Abs(coins) * price
	t.fees += fee
}

// leave takes off coins of those held, at average cost.
func (t *trip) leave(held, coins, price, fee float64) {
	t.basis *= 1 + coins/held
	t.left += math.Abs(coins)
	t.brought += math.Abs(coins) * price
	t.fees += fee
}

// trade is the finished trip.
func (t *trip) trade(asset int, now moment, reason string, open bool) Trade {
	pnl := math.Copysign(1, t.entered)*(t.brought-t.paid) - t.fees - t.borrow
	return Trade{Asset: asset, Coins: t.entered, Enter: t.from.time, Exit: now.time, EntryPrice: t.paid / math.Abs(t.entered), ExitPrice: t.brought / t.left,
		Fees: t.fees, Borrow: t.borrow, PnL: pnl, Return: pnl / t.paid, Steps: now.step - t.from.step, Open: open, Why: t.enter, WhyLeft: reason}
}
