package sim

import (
	"fmt"
	"math"
)

// A Runner runs paths of one plan, one after the other. It keeps its memory
// from path to path and belongs to one goroutine.
type Runner struct {
	plan    *Plan
	market  *Market
	traders []Trader
	fresh   []Trader // as they stand before the first step; nil where a trader is no [Restorer]
	entries []entry
	divider *divider

	given    []float64 // asset: news of the source
	news     []float64 // asset: with the plan's shocks
	base     []float64 // asset: log price before the waves' impact
	net      []float64 // asset: scaled net order so far
	last     []float64 // asset: impact of net
	orders   []float64 // row × asset: of this wave
	scale    []float64 // row × asset: how many times an order counts in the impact law
	booked   []float64 // row × asset: of this step, USD; the market's own
	caused   []float64 // row × asset: of this step, impact
	repriced []float64 // row × asset: of this step, quoted without a trade; nil where nobody reprices
	hedged   []bool    // row × asset: its orders move no price; nil where all do
	reversal []float64 // row × asset: of this step, decay of earlier impact
	reversed bool      // reversal is worked out: it is the same in each trial of the step
	shifted  []float64 // asset: of this step, log return after the waves
	memory   []remembers
	fades    [][]float64 // asset: propagator of its kernel
	reports  []float64   // scratch of publish: those of one mechanism

	publishing []int // entries that publish in this run
	kept       []int // reports that the path keeps
	divides    bool  // shares are needed: a ledger is kept, or impact decays

	arrived []int // scratch of a wave: who traded, how much, its share
	amounts []float64
	shares  []float64

	innovations []float64 // of the source

	waves  int
	capped bool
	trace  []float64 // of the running step
	traced bool
}

// entry is the part of the order book that belongs to one mechanism.
type entry struct {
	from, to  int       // in row × asset
	orders    []float64 // of this wave
	permanent []float64 // by asset
}

// NewRunner readies a runner of a compiled plan.
func NewRunner(p *Plan) *Runner {
	n, rows := len(p.Assets), len(p.rows)
	r := &Runner{plan: p, market: newMarket(p), traders: make([]Trader, len(p.Entries)), fresh: make([]Trader, len(p.Entries)), divider: newDivider(),
		given: make([]float64, n), innovations: make([]float64, len(p.Innovations)), news: make([]float64, n), base: make([]float64, n), net: make([]float64, n), last: make([]float64, n),
		shifted: make([]float64, n), orders: make([]float64, rows*n), caused: make([]float64, rows*n),
		reversal: make([]float64, rows*n), memory: make([]remembers, rows*n), reports: make([]float64, len(p.reports)),
		arrived: make([]int, 0, rows), amounts: make([]float64, 0, rows), shares: make([]float64, rows)}
	r.booked = r.market.booked
	for k := range rows {
		if p.hedged(k) {
			if r.hedged == nil {
				r.hedged = make([]bool, rows*n)
			}
			for a := range n {
				r.hedged[k*n+a] = true
			}
		}
	}
	for _, asset := range p.Assets {
		r.fades = append(r.fades, asset.Kernel.propagator(p.Steps))
	}
	from := 0
	for _, e := range p.Entries {
		to := from + len(parts(e.Mechanism))*n
		book := entry{from: from, to: to, orders: r.orders[from:to:to], permanent: make([]float64, n)}
		for a, asset := range p.Assets {
			book.permanent[a] = asset.Permanent
			if e.Permanent != nil {
				book.permanent[a] = *e.Permanent
			}
			r.divides = r.divides || book.permanent[a] < 1
		}
		for range to - from {
			r.scale = append(r.scale, e.ImpactScale)
		}
		r.entries = append(r.entries, book)
		from = to
	}
	r.heed(nil)
	return r
}

// Market is the market the runner moves.
func (r *Runner) Market() *Market { return r.market }

// Start goes back to the close before the first step, with fresh traders.
func (r *Runner) Start() {
	r.market.start()
	for i, e := range r.plan.Entries {
		if restorer, ok := r.traders[i].(Restorer); ok && r.fresh[i] != nil {
			restorer.Restore(r.fresh[i])
			continue
		}
		r.traders[i] = e.Mechanism.Start(r.market)
		if restorer, ok := r.traders[i].(Restorer); ok {
			r.fresh[i] = restorer.Fork()
		}
		if _, ok := r.traders[i].(Repricer); ok && r.repriced == nil {
			r.repriced = make([]float64, len(r.booked))
		}
	}
	r.reversed = false
	r.publish(false)
	for i := range r.memory {
		r.memory[i].level = 0
		r.memory[i].impacts = r.memory[i].impacts[:0]
	}
}

// Try runs the step with the given news without closing it: it may be called
// again, with other news, from the same state. News is a log return per asset,
// innovations one value per entry of Plan.Innovations; the plan's shocks are
// added to both.
func (r *Runner) Try(news, innovations []float64) {
	r.open(news, innovations)
	r.waves, r.capped = 1, false
	for r.wave() {
		if r.waves++; r.waves > r.plan.MaxWaves {
			r.waves, r.capped = r.plan.MaxWaves, true
			return
		}
	}
}

// Shift moves the closes of the step that Try has run last by log returns, one
// for each asset, that are neither news nor anybody's orders. Nobody trades on
// them in this step; the ledger books them as unexplained. Another Try takes them
// back.
func (r *Runner) Shift(returns []float64) {
	for a, x := range returns {
		r.shifted[a] += x
		r.market.log[a] += x
	}
}

// Capped tells whether the step that Try has run last reached the cap on waves.
func (r *Runner) Capped() bool { return r.capped }

// open applies news, shocks and the decay of earlier impact: wave 0.
func (r *Runner) open(news, innovations []float64) {
	m, n := r.market, r.market.Assets()
	copy(r.news, news)
	copy(m.innovations, innovations)
	if r.plan.shocks != nil {
		width := n + len(m.innovations)
		shock := r.plan.shocks[m.step*width : (m.step+1)*width]
		for a := range r.news {
			r.news[a] += shock[a]
		}
		for i := range m.innovations {
			m.innovations[i] += shock[n+i]
		}
	}
	for a := range r.base {
		r.base[a] = m.open[a] + r.news[a]
		r.net[a], r.last[a], r.shifted[a] = 0, 0, 0
	}
	clear(r.booked)
	if r.divides {
		clear(r.caused)
		for i := range r.memory {
			if !r.reversed {
				r.reversal[i] = r.memory[i].reversal(r.plan.Assets[i%n].Kernel, r.fades[i%n])
			}
			r.base[i%n] += r.reversal[i]
		}
		r.reversed = true
	}
	copy(m.log, r.base)
	if r.repriced != nil {
		r.reprice()
	}
	for i, t := range r.traders {
		t.Begin(m)
		m.rests[i] = awake
	}
	r.trace = r.trace[:0]
	r.mark()
}

// reprice moves the quotes that move without a trade. All see the price that
// the news has left.
func (r *Runner) reprice() {
	clear(r.repriced)
	for i, t := range r.traders {
		if repricer, ok := t.(Repricer); ok {
			repricer.Reprice(r.market, r.repriced[r.entries[i].from:r.entries[i].to])
		}
	}
	for i, x := range r.repriced {
		r.base[i%len(r.base)] += x
	}
	copy(r.market.log, r.base)
}

// coarsest is the move of a log price in one wave that is too large to be the
// last, however small the orders in USD are: in a market as thin as a textbook's
// one dollar is no rounding error.
const coarsest = 1e-6

// wave asks every mechanism for its orders and moves the price. It tells
// whether another wave must follow.
func (r *Runner) wave() bool {
	m, n := r.market, r.market.Assets()
	asks := false
	for i, t := range r.traders {
		if m.rests[i].holds(m) {
			continue
		}
		if !asks {
			clear(r.orders)
			asks = true
		}
		m.asked, m.rests[i] = i, awake
		t.Trade(m, r.entries[i].orders)
	}
	if !asks {
		return false
	}
	largest, farthest, lost := 0.0, 0.0, false
	for a := range n {
		order, total := r.gather(a)
		if order != 0 {
			largest, farthest = max(largest, order), max(farthest, math.Abs(r.move(a, total)))
		}
		lost = lost || !(math.Abs(m.log[a]) < widest)
	}
	if largest == 0 {
		return false
	}
	r.mark()
	return (largest >= r.plan.Tolerance || farthest > coarsest) && !lost // Settle reports a lost price
}

// gather books one asset's orders of this wave: the largest that presses on the
// price, and their scaled sum.
func (r *Runner) gather(a int) (largest, total float64) {
	for i := a; i < len(r.orders); i += len(r.net) {
		usd := r.orders[i]
		if usd == 0 {
			continue
		}
		r.booked[i] += usd
		if r.hedged != nil && r.hedged[i] {
			r.orders[i] = 0
			continue
		}
		if size := math.Abs(usd); !(size <= largest) {
			largest = size
		}
		total += usd * r.scale[i]
	}
	return largest, total
}

// move takes one asset's orders of this wave through the impact law and gives
// the return they cause.
func (r *Runner) move(a int, total float64) float64 {
	m := r.market
	law, liquidity := r.plan.Assets[a].Law, Liquidity{Depth: m.depth[a], LogPrice: m.open[a]}
	before, net := r.last[a], r.net[a]
	r.net[a] = net + total
	r.last[a] = law.Return(r.net[a], liquidity)
	m.log[a] = r.base[a] + r.last[a]
	if r.divides {
		r.divide(a, law, liquidity, leg{net, before, r.last[a]})
	}
	return r.last[a] - before
}

// divide books the return of one asset in a wave to those who traded in it.
func (r *Runner) divide(a int, law Law, l Liquidity, way leg) {
	r.arrived, r.amounts = r.arrived[:0], r.amounts[:0]
	for i := a; i < len(r.orders); i += len(r.net) {
		if usd := r.orders[i]; usd != 0 {
			r.arrived, r.amounts = append(r.arrived, i), append(r.amounts, usd*r.scale[i])
		}
	}
	if len(r.arrived) == 1 {
		r.caused[r.arrived[0]] += way.after - way.before
		return
	}
	shares := r.shares[:len(r.arrived)]
	r.divider.divide(law, l, way, r.amounts, shares)
	for k, i := range r.arrived {
		r.caused[i] += shares[k]
	}
}

func (r *Runner) mark() {
	if r.traced {
		r.trace = append(r.trace, r.market.log[0])
	}
}

// widest is the log price beyond which a price is no number any more, 1e-130 or
// 1e130 USD: the value of any holding, and the return there, still is one.
const widest = 300

// Settle closes the step that Try has run last: mechanisms bring their state to
// the close, publish their series, and the market goes on to the next step.
func (r *Runner) Settle() error {
	m, n := r.market, r.market.Assets()
	for a, x := range m.log {
		if x -= r.shifted[a]; !(math.Abs(x) < widest) {
			return fmt.Errorf("step %d: the price of %s has left the numbers (log price %.4g; orders of %s): the feedback has no limit",
				m.step+1, r.plan.Assets[a].Name, x, r.largest(a))
		}
	}
	for _, t := range r.traders {
		t.Settle(m)
	}
	if r.divides {
		for e := range r.entries {
			book := &r.entries[e]
			for i := book.from; i < book.to; i++ {
				a := i % n
				r.memory[i].settle(r.plan.Assets[a].Kernel, r.reversal[i], (1-book.permanent[a])*r.caused[i])
			}
		}
	}
	r.reversed = false
	r.publish(true)
	m.close()
	return nil
}

// largest names the ledger row whose orders press most on the price of an asset,
// for a message.
func (r *Runner) largest(a int) string {
	n, name, most, ordered := r.market.Assets(), "nobody", 0.0, 0.0
	for k, row := range r.plan.rows {
		if r.hedged != nil && r.hedged[k*n+a] {
			continue
		}
		usd := math.Abs(r.booked[k*n+a])
		if pressure := usd * r.scale[k*n+a]; pressure > most || math.IsNaN(pressure) {
			name, most, ordered = row.Label, pressure, usd
		}
	}
	return fmt.Sprintf("%s: %.6g USD", name, ordered)
}

// Run runs one path from its start and writes it to path. Between two steps,
// while it asks the source for news, Try may be called.
func (r *Runner) Run(source Source, path *Path) error {
	keeps := r.divides
	r.traced, r.divides = path.Ledger != nil, r.divides || path.Ledger != nil
	defer func() { r.traced, r.divides = false, keeps }()
	r.heed(path)
	defer r.heed(nil)
	r.Start()
	for a := range path.LogPrice {
		path.LogPrice[a][0] = r.market.open[a]
	}
	copy(path.Opening, r.market.published)
	path.Capped = 0
	landing, lands := source.(Landing)
	for step := range r.plan.Steps {
		source.Next(step, r.given, r.innovations)
		r.Try(r.given, r.innovations)
		if lands {
			clear(r.given)
			landing.Unexplained(step, r.given)
			r.Shift(r.given)
		}
		if err := r.Settle(); err != nil {
			return err
		}
		r.keep(step, path)
	}
	return nil
}

// keep writes the settled step to the path.
func (r *Runner) keep(step int, path *Path) {
	for a := range path.LogPrice {
		path.LogPrice[a][step+1] = r.market.log[a]
	}
	path.Waves[step] = r.waves
	if r.capped {
		path.Capped++
	}
	for _, k := range r.kept {
		path.Reports[k][step] = r.market.published[k]
	}
	if path.Ledger != nil {
		r.profile(step, path)
		r.book(step, path.Ledger)
		path.Trace[step] = append(path.Trace[step][:0], r.trace...)
	}
}

func (r *Runner) book(step int, l *Ledger) {
	n := r.market.Assets()
	for a := range n {
		l.News[a][step], l.Unexplained[a][step] = r.news[a], r.shifted[a]
		for k := range l.Rows {
			l.Return[k][a][step] = r.reversal[k*n+a] + r.caused[k*n+a]
			l.Orders[k][a][step] = r.booked[k*n+a]
			if r.repriced != nil {
				l.Return[k][a][step] += r.repriced[k*n+a]
			}
		}
	}
}

// profile writes the holdings by price to the path.
func (r *Runner) profile(step int, path *Path) {
	k := 0
	for i, e := range r.plan.Entries {
		p, ok := e.Mechanism.(Profiler)
		if !ok {
			continue
		}
		out := make([][]float64, len(p.Profiles()))
		for j := range out {
			out[j] = path.Profiles[k].Values[step]
			k++
		}
		if len(out) > 0 {
			r.traders[i].(ProfilingTrader).Profile(r.market, out)
		}
	}
}
