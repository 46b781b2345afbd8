// Package impact answers one question: how far does an order move the price?
//
// Each law gives the log return of a net order in USD. Depth that withdraws
// (sim.Liquidity.Depth below 1) makes an order count for more in every law:
// under the square-root law with a depth exponent of 2, the return follows the
// running volatility exactly.
package impact

import (
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// Linear is Kyle's (1985) and Amihud's (2002) law: return = Q·1 % / Depth1Pct.
type Linear struct {
	Depth1Pct float64 // USD that move the price by 1 %
}

// Return implements sim.Law.
func (law Linear) Return(usd float64, l sim.Liquidity) float64 {
	return usd * (0.01 / (law.Depth1Pct * l.Depth))
}

// Linear implements sim.Law.
func (Linear) Linear() bool { return true }

// SquareRoot is the law sign(Q)·Y·σ·√(|Q|/V), measured for Bitcoin by Donier
// and Bonart (2015).
type SquareRoot struct {
	Y          float64 // prefactor, about 1
	Volatility float64 // σ, daily log return
	Volume     float64 // V, USD a day
}

// Return implements sim.Law.
func (law SquareRoot) Return(usd float64, l sim.Liquidity) float64 {
	return math.Copysign(law.Y*law.Volatility*math.Sqrt(math.Abs(usd)/(law.Volume*l.Depth)), usd)
}

// Linear implements sim.Law.
func (SquareRoot) Linear() bool { return false }

// Exponential is Cont and Schaanning's (2017) law: a sale of Q makes the price
// fall by the fraction (1−B)(1−e^{−Q/δ}) with δ = (1−B)·Depth, so that it never
// falls below the fraction B of the opening price. A purchase mirrors it in
// log price; with B = 0 the law is linear in log price.
type Exponential struct {
	Depth float64 // D, USD: c·(V/σ)·√τ, see [MarketDepth]
	Floor float64 // B, fraction of the opening price, from 0 to less than 1
}

// MarketDepth is Cont and Schaanning's D = c·(V/σ)·√τ in USD: c about 0.4,
// volume in USD a day, daily volatility, horizon of the sale in days.
func MarketDepth(c, volume, volatility, days float64) float64 {
	return c * volume / volatility * math.Sqrt(days)
}

// Return implements sim.Law.
func (law Exponential) Return(usd float64, l sim.Liquidity) float64 {
	room := 1 - law.Floor
	fall := -room * math.Expm1(-math.Abs(usd)/(room*law.Depth*l.Depth))
	return math.Copysign(math.Log1p(-fall), usd)
}

// Linear implements sim.Law.
func (Exponential) Linear() bool { return false }

// Inelastic is Gabaix and Koijen's (2021) law: return = M·Q / market value, the
// market value taken at the step's opening price.
type Inelastic struct {
	Multiplier float64 // M
	Supply     float64 // coins outstanding
}

// Return implements sim.Law.
func (law Inelastic) Return(usd float64, l sim.Liquidity) float64 {
	return law.Multiplier * usd / (law.Supply * math.Exp(l.LogPrice) * l.Depth)
}

// Linear implements sim.Law.
func (Inelastic) Linear() bool { return true }
