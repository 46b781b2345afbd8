package sim

import (
	"math"
	"slices"
	"time"
)

// Market is what a mechanism sees: the present and the past. No future value is
// within its reach.
type Market struct {
	plan        *Plan
	step        int
	quotes      []quote // by asset
	innovations []float64
	closes      [][]float64 // per asset: past and simulated log closes
	booked      []float64   // row × asset: USD traded in this step
	published   []float64   // by report, as of the last close
	resting     *rest       // of the trader that is asked for its orders
}

// quote is the price of one asset and what goes with it.
type quote struct {
	open     float64 // log price at the start of the step
	opening  float64 // exp of open
	log      float64 // log price in this wave
	price    float64 // exp of priceOf, worked out when asked for
	priceOf  float64
	variance float64 // per step, exponentially weighted
	depth    float64
}

// rest is where one trader needs not be asked.
type rest struct {
	quote     *quote
	low, high float64 // log price
}

func (r *rest) holds() bool {
	x := r.quote.log
	return x >= r.low && x <= r.high
}

// end lets the trader be asked wherever the price stands: nothing compares with NaN.
func (r *rest) end() { r.low = math.NaN() }

func newMarket(p *Plan) *Market {
	n := len(p.Assets)
	m := &Market{plan: p, quotes: make([]quote, n), innovations: make([]float64, len(p.Innovations)), closes: make([][]float64, n),
		booked: make([]float64, len(p.rows)*n), published: make([]float64, len(p.reports)), resting: &rest{}}
	for a := range p.Assets {
		m.closes[a] = make([]float64, 0, len(p.past(a))+p.Steps+1)
	}
	return m
}

// start puts the market back to the close before the first step.
func (m *Market) start() {
	m.step = 0
	for a, asset := range m.plan.Assets {
		x := math.Log(asset.Price)
		m.quotes[a] = quote{open: x, opening: Exp(x), log: x, price: Exp(x), priceOf: x, variance: asset.Volatility * asset.Volatility, depth: 1}
		if len(m.closes[a]) == 0 {
			m.closes[a] = append(append(m.closes[a], m.plan.past(a)...), x)
		}
		m.closes[a] = m.closes[a][:len(m.plan.past(a))+1]
	}
	clear(m.innovations)
	clear(m.booked)
	for i := range m.published {
		m.published[i] = math.NaN()
	}
}

// Assets is the number of assets.
func (m *Market) Assets() int { return len(m.quotes) }

// Step is the number of the running step, from 0.
func (m *Market) Step() int { return m.step }

// Time is the label of the running step: the UTC day, or the start of a
// shorter step. It is the zero time where the scenario has no dates.
func (m *Market) Time() time.Time { return m.plan.Time(m.step) }

// Session tells whether a US trading session's flow is booked in this step.
func (m *Market) Session() bool { return m.plan.Session(m.step) }

// NewDay tells whether this step is the first of its UTC day.
func (m *Market) NewDay() bool { return m.plan.Step >= day || m.plan.newDay(m.step) }

// Open is the log price at the start of the step, before news.
func (m *Market) Open(asset int) float64 { return m.quotes[asset].open }

// OpenPrice is the price at the start of the step, before news, USD per coin.
func (m *Market) OpenPrice(asset int) float64 { return m.quotes[asset].opening }

// LogPrice is the log price in this wave.
func (m *Market) LogPrice(asset int) float64 { return m.quotes[asset].log }

// Price is the price in this wave, USD per coin.
func (m *Market) Price(asset int) float64 {
	q := &m.quotes[asset]
	if q.priceOf != q.log {
		q.reckon()
	}
	return q.price
}

// reckon works out the price. It stands apart so that Price is inlined.
//
//go:noinline
func (q *quote) reckon() { q.priceOf, q.price = q.log, Exp(q.log) }

// Volatility is the exponentially weighted volatility per step, as it stood at
// the start of the step.
func (m *Market) Volatility(asset int) float64 { return math.Sqrt(m.quotes[asset].variance) }

// Impact is the log return that a net order of usd causes in this step where it
// is the only one, by the asset's law and the depth at its start.
func (m *Market) Impact(asset int, usd float64) float64 {
	return m.plan.Assets[asset].Law.Return(usd, m.quotes[asset].liquidity())
}

func (q *quote) liquidity() Liquidity { return Liquidity{Depth: q.depth, LogPrice: q.open} }

// Rest is for a trader to call at the end of its Trade: it orders nothing more in this
// step as long as the log price of an asset stays between low and high, and is not
// asked there. One that does not call it is asked in every wave.
func (m *Market) Rest(asset int, low, high float64) { *m.resting = rest{&m.quotes[asset], low, high} }

// Innovation is the driver's and the shocks' innovation of an observable, by
// its index in Plan.Innovations.
func (m *Market) Innovation(i int) float64 { return m.innovations[i] }

// Closes returns the log closes up to the start of this step, oldest first; the
// last is Open. The slice is the market's own: read it, do not keep it.
func (m *Market) Closes(asset int) []float64 { return m.closes[asset] }

// History returns the observed values of a series before the first step,
// oldest first, the last one at the starting close; NaN where nothing was
// published. It is nil where the scenario has no such series.
func (m *Market) History(name string) []float64 { return m.plan.Past.Series[name] }

// HistorySession tells whether step back (0 = the starting close) of the
// history was a US session.
func (m *Market) HistorySession(back int) bool {
	s := m.plan.Past.Sessions
	return back < len(s) && s[len(s)-1-back]
}

// HistoryNewDay tells whether step back (0 = the starting close) of the history
// was the first of its UTC day.
func (m *Market) HistoryNewDay(back int) bool { return m.plan.newDay(-1 - back) }

// RowsOf lists the ledger's rows of a mechanism ("redemption") or of one of its
// parts ("redemption.flow"): none where the plan is without it.
func (m *Market) RowsOf(name string) []int {
	var list []int
	for i, row := range m.plan.rows {
		if row.Label == name || m.plan.Entries[row.Entry].Mechanism.Name() == name {
			list = append(list, i)
		}
	}
	return list
}

// HedgedRows lists the ledger's rows whose orders move no spot price.
func (m *Market) HedgedRows() []int {
	var list []int
	for i := range m.plan.rows {
		if m.plan.hedged(i) {
			list = append(list, i)
		}
	}
	return list
}

// Traded is what a row of the ledger has traded in this step so far: USD, buy
// > 0. It is complete when mechanisms settle.
func (m *Market) Traded(row, asset int) float64 { return m.booked[row*len(m.quotes)+asset] }

// Find is the place of a published series, for Published; -1 where nobody
// publishes it.
func (m *Market) Find(series string) int {
	return slices.IndexFunc(m.plan.reports, func(r Report) bool { return r.Name == series })
}

// Published is the latest value of a published series: that of the last close,
// or of the running step where a [Reader] reports. It is NaN where there is none,
// as of every flow before the first step.
func (m *Market) Published(at int) float64 {
	if at < 0 {
		return math.NaN()
	}
	return m.published[at]
}

// close takes the step's closing prices into the lasting state.
func (m *Market) close() {
	for a := range m.quotes {
		q, asset := &m.quotes[a], &m.plan.Assets[a]
		r := q.log - q.open
		q.variance += (1 - asset.VolatilityDecay) * (r*r - q.variance)
		if asset.DepthExponent != 0 {
			q.depth = math.Pow(asset.Volatility*asset.Volatility/q.variance, asset.DepthExponent/2)
		}
		q.open, q.opening = q.log, m.Price(a)
		m.closes[a] = append(m.closes[a], q.log)
	}
	m.step++
}
