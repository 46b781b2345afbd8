package backtest

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"

	"github.com/ebb-sim/ebb/sim"
)

// quote is at what price an order in one asset fills.
type quote struct {
	asset     *Asset
	mid       float64 // USD per coin; NaN: it does not trade
	liquidity sim.Liquidity
}

// at sets the mid price, in a market as deep as the law states.
func (q *quote) at(mid float64) {
	q.mid = mid
	if q.asset.Law != nil {
		q.liquidity = sim.Liquidity{Depth: 1, LogPrice: math.Log(mid)}
	}
}

// bill is what an order pays, in USD; all costs are positive.
type bill struct {
	price    float64 // of a coin on average, without the fee
	notional float64 // paid or received before the fee
	fee      float64
	spread   float64 // half of it
	impact   float64
}

func (b bill) cost() float64 { return b.fee + b.spread + b.impact }

// bill works out an order in coins, sales < 0.
func (q *quote) bill(coins float64) bill {
	if coins == 0 {
		return bill{}
	}
	size, half := math.Abs(coins)*q.mid, q.asset.Spread/2
	b := bill{spread: size * half}
	edge, walked := 1+math.Copysign(half, coins), 1.0
	if q.asset.Law != nil {
		walked = walk(q.asset.Law, q.liquidity, coins*q.mid)
		b.impact = size * edge * math.Abs(walked-1)
	}
	b.price = q.mid * edge * walked
	b.notional = math.Abs(coins) * b.price
	b.fee = q.asset.Fee * b.notional
	return b
}

// walk is the mean price of an order of usd that walks through a law, over the
// price before it: the mean of e^{Return(q)} for q from 0 to usd. For a linear law
// it is (e^x − 1)/x with x the return of the whole order. For others it is Gauss's
// quadrature of 16 points in u = √(q/usd), in which a square-root law is smooth.
func walk(law sim.Law, l sim.Liquidity, usd float64) float64 {
	if law.Linear() {
		x := law.Return(usd, l)
		if x == 0 {
			return 1
		}
		return math.Expm1(x) / x
	}
	mean := 0.0
	for i, u := range nodes {
		mean += weights[i] * math.Exp(law.Return(usd*u*u, l))
	}
	return mean
}

// nodes and weights integrate 2u·f(u) over [0, 1].
var nodes, weights = func() (x, w []float64) {
	x, w = make([]float64, 16), make([]float64, 16)
	quad.Legendre{}.FixedLocations(x, w, 0, 1)
	for i := range w {
		w[i] *= 2 * x[i]
	}
	return x, w
}()
