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
	motions  []motion  // asset: of this step
	orders   []float64 // row × asset: of this wave
	booked   []float64 // row × asset: of this step, USD; the market's own
	caused   []float64 // row × asset: of this step, impact
	repriced []float64 // row × asset: of this step, quoted without a trade; nil where nobody reprices
	hedged   []bool    // row × asset: its orders move no price; nil where all do
	reversal []float64 // row × asset: of this step, decay of earlier impact
	reversed bool      // reversal is worked out: it is the same in each trial of the step
	memory   []remembers
	fades    [][]float64 // asset: propagator of its kernel
	reports  []float64   // scratch of publish: those of one mechanism

	publishing []int // entries that publish in this run
	kept       []int // reports that the path keeps
	divides    bool  // shares are needed: a ledger is kept, or impact decays

	asked   []int // scratch of a wave: entries that were asked
	arrived []int // and who of them traded, how much, its share
	amounts []float64
	shares  []float64

	innovations []float64 // of the source

	waves  int
	capped bool
	trace  []float64 // of the running step
	traced bool
}

// motion is what moves the price of one asset in a step.
type motion struct {
	news    float64 // with the plan's shocks
	base    float64 // log price before the waves' impact
	net     float64 // scaled net order so far
	impact  float64 // of net
	shifted float64 // log return after the waves
}

// entry is the part of the order book that belongs to one mechanism.
type entry struct {
	from, to  int       // in row × asset
	scale     float64   // how many times an order counts in the impact law
	orders    []float64 // of this wave
	permanent []float64 // by asset
}

// NewRunner readies a runner of a compiled plan.
func NewRunner(p *Plan) *Runner {
	n, rows := len(p.Assets), len(p.rows)
	r := &Runner{plan: p, market: newMarket(p), traders: make([]Trader, len(p.Entries)), fresh: make([]Trader, len(p.Entries)), divider: newDivider(),
		given: make([]float64, n), innovations: make([]float64, len(p.Innovations)), motions: make([]motion, n),
		orders: make([]float64, rows*n), caused: make([]float64, rows*n),
		reversal: make([]float64, rows*n), memory: make([]remembers, rows*n), reports: make([]float64, len(p.reports)),
		asked: make([]int, 0, len(p.Entries)), arrived: make([]int, 0, rows), amounts: make([]float64, 0, rows), shares: make([]float64, rows)}
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
		book := entry{from: from, to: to, scale: e.ImpactScale, orders: r.orders[from:to:to], permanent: make([]float64, n)}
		for a, asset := range p.Assets {
			book.permanent[a] = asset.Permanent
			if e.Permanent != nil {
				book.permanent[a] = *e.Permanent
			}
			r.divides = r.divides || book.permanent[a] < 1
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
		r.motions[a].shifted += x
		r.market.quotes[a].log += x
	}
}

// Capped tells whether the step that Try has run last reached the cap on waves.
func (r *Runner) Capped() bool { return r.capped }

// open applies news, shocks and the decay of earlier impact: wave 0.
func (r *Runner) open(news, innovations []float64) {
	m, n := r.market, r.market.Assets()
	for a, x := range news {
		r.motions[a] = motion{news: x}
	}
	copy(m.innovations, innovations)
	if r.plan.shocks != nil {
		width := n + len(m.innovations)
		shock := r.plan.shocks[m.step*width : (m.step+1)*width]
		for a := range r.motions {
			r.motions[a].news += shock[a]
		}
		for i := range m.innovations {
			m.innovations[i] += shock[n+i]
		}
	}
	for a := range r.motions {
		r.motions[a].base = m.quotes[a].open + r.motions[a].news
	}
	clear(r.booked)
	if r.divides {
		clear(r.caused)
		for i := range r.memory {
			if !r.reversed {
				r.reversal[i] = r.memory[i].reversal(r.plan.Assets[i%n].Kernel, r.fades[i%n])
			}
			r.motions[i%n].base += r.reversal[i]
		}
		r.reversed = true
	}
	r.quote()
	if r.repriced != nil {
		r.reprice()
		r.quote()
	}
	for i, t := range r.traders {
		t.Begin(m)
		m.rests[i].end()
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
		r.motions[i%len(r.motions)].base += x
	}
}

// quote puts the prices where the waves begin.
func (r *Runner) quote() {
	for a := range r.motions {
		r.market.quotes[a].log = r.motions[a].base
	}
}

// coarsest is the move of a log price in one wave that is too large to be the
// last, however small the orders in USD are: in a market as thin as a textbook's
// one dollar is no rounding error.
const coarsest = 1e-6

// wave asks every mechanism for its orders and moves the price. It tells
// whether another wave must follow.
func (r *Runner) wave() bool {
	if r.ask(); len(r.asked) == 0 {
		return false
	}
	m := r.market
	moved, another, lost := false, false, false
	for a := range r.motions {
		if total, some, large := r.gather(a); some {
			far := math.Abs(r.move(a, total))
			moved, another = true, another || large || far > coarsest
		}
		lost = lost || !(math.Abs(m.quotes[a].log) < widest)
	}
	if moved {
		r.mark()
	}
	return another && !lost // Settle reports a lost price
}

// ask sets the orders of those who do not rest.
func (r *Runner) ask() {
	m := r.market
	r.asked = r.asked[:0]
	for i, t := range r.traders {
		if m.rests[i].holds(m) {
			continue
		}
		if len(r.asked) == 0 {
			clear(r.orders)
		}
		m.asked = i
		m.rests[i].end()
		t.Trade(m, r.entries[i].orders)
		r.asked = append(r.asked, i)
	}
}

// gather books one asset's orders of this wave. It gives the scaled sum of those that
// press on the price, whether there are any, and whether one is too large to be of the
// last wave.
func (r *Runner) gather(a int) (total float64, some, large bool) {
	for _, i := range r.asked {
		book := &r.entries[i]
		for k := a; k < len(book.orders); k += len(r.motions) {
			usd, row := book.orders[k], book.from+k
			if usd == 0 {
				continue
			}
			r.booked[row] += usd
			if r.hedged != nil && r.hedged[row] {
				book.orders[k] = 0
				continue
			}
			total += usd * book.scale
			some, large = true, large || math.Abs(usd) >= r.plan.Tolerance
		}
	}
	return total, some, large
}

// move takes one asset's orders of this wave through the impact law and gives
// the return they cause.
func (r *Runner) move(a int, total float64) float64 {
	law, quote, motion := r.plan.Assets[a].Law, &r.market.quotes[a], &r.motions[a]
	way := leg{net: motion.net, before: motion.impact}
	motion.net += total
	motion.impact = law.Return(motion.net, quote.liquidity())
	quote.log = motion.base + motion.impact
	if way.after = motion.impact; r.divides {
		r.divide(a, law, quote.liquidity(), way)
	}
	return way.after - way.before
}

// divide books the return of one asset in a wave to those who traded in it.
func (r *Runner) divide(a int, law Law, l Liquidity, way leg) {
	r.arrived, r.amounts = r.arrived[:0], r.amounts[:0]
	for _, i := range r.asked {
		book := &r.entries[i]
		for k := a; k < len(book.orders); k += len(r.motions) {
			if usd := book.orders[k]; usd != 0 {
				r.arrived, r.amounts = append(r.arrived, book.from+k), append(r.amounts, usd*book.scale)
			}
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
		r.trace = append(r.trace, r.market.quotes[0].log)
	}
}

// widest is the log price beyond which a price is no number any more, 1e-130 or
// 1e130 USD: the value of any holding, and the return there, still is one.
const widest = 300

// Settle closes the step that Try has run last: mechanisms bring their state to
// the close, publish their series, and the market goes on to the next step.
func (r *Runner) Settle() error {
	m, n := r.market, r.market.Assets()
	for a := range m.quotes {
		if x := m.quotes[a].log - r.motions[a].shifted; !(math.Abs(x) < widest) {
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
		if pressure := usd * r.entries[row.Entry].scale; pressure > most || math.IsNaN(pressure) {
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
		path.LogPrice[a][0] = r.market.quotes[a].open
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
		path.LogPrice[a][step+1] = r.market.quotes[a].log
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
		l.News[a][step], l.Unexplained[a][step] = r.motions[a].news, r.motions[a].shifted
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
