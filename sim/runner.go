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
	seats   []*seat // in the order of the plan's entries
	first   *seat   // of the list of the same, which takes fewer instructions to call one after the other
	divider *divider

	given    []float64 // asset: news of the source
	shocked  []float64 // asset: news with the plan's shocks
	motions  []motion  // asset: of this step
	slots    []slot    // row × asset
	orders   []float64 // row × asset: of this wave; 0 between two waves
	booked   []float64 // row × asset: of this step, USD; the market's own
	caused   []float64 // row × asset: of this step, impact
	repriced []float64 // row × asset: of this step, quoted without a trade; nil where nobody reprices
	reversal []float64 // row × asset: of this step, decay of earlier impact
	reversed bool      // reversal is worked out: it is the same in each trial of the step
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

// motion is what moves the price of one asset in a step.
type motion struct {
	quote *quote // of the asset, in all steps, as is the law
	law   Law

	news    float64 // with the plan's shocks
	base    float64 // log price before the waves' impact
	net     float64 // scaled net order so far
	impact  float64 // of net
	shifted float64 // log return after the waves
}

// seat is the place of one mechanism at the market.
type seat struct {
	next     *seat
	trader   Trader
	fresh    Trader // as it stands before the first step; nil where it is no [Restorer]
	rest     rest
	from, to int       // its slots
	orders   []float64 // part × asset: of this wave
}

// slot is how orders of one row in one asset count.
type slot struct {
	scale     float64 // times an order counts in the impact law
	permanent float64 // share of its impact that stays
	hedged    bool    // it moves no price
}

// NewRunner readies a runner of a compiled plan.
func NewRunner(p *Plan) *Runner {
	n, rows := len(p.Assets), len(p.rows)
	r := &Runner{plan: p, market: newMarket(p), divider: newDivider(),
		given: make([]float64, n), shocked: make([]float64, n), innovations: make([]float64, len(p.Innovations)), motions: make([]motion, n),
		orders: make([]float64, rows*n), caused: make([]float64, rows*n),
		reversal: make([]float64, rows*n), memory: make([]remembers, rows*n), reports: make([]float64, len(p.reports)),
		arrived: make([]int, 0, rows), amounts: make([]float64, 0, rows), shares: make([]float64, rows)}
	r.booked = r.market.booked
	for a, asset := range p.Assets {
		r.motions[a].quote, r.motions[a].law = &r.market.quotes[a], asset.Law
		r.fades = append(r.fades, asset.Kernel.propagator(p.Steps))
	}
	for i, row := range p.rows {
		e := p.Entries[row.Entry]
		for _, asset := range p.Assets {
			permanent := asset.Permanent
			if e.Permanent != nil {
				permanent = *e.Permanent
			}
			r.slots = append(r.slots, slot{scale: e.ImpactScale, permanent: permanent, hedged: p.hedged(i)})
			r.divides = r.divides || permanent < 1
		}
	}
	from := 0
	for _, e := range p.Entries {
		to := from + len(parts(e.Mechanism))*n
		r.seats = append(r.seats, &seat{rest: rest{quote: &r.market.quotes[0]}, from: from, to: to, orders: r.orders[from:to:to]})
		from = to
	}
	for i := len(r.seats) - 1; i >= 0; i-- {
		r.seats[i].next, r.first = r.first, r.seats[i]
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
		s := r.seats[i]
		if restorer, ok := s.trader.(Restorer); ok && s.fresh != nil {
			restorer.Restore(s.fresh)
			continue
		}
		s.trader = e.Mechanism.Start(r.market)
		if restorer, ok := s.trader.(Restorer); ok {
			s.fresh = restorer.Fork()
		}
		if _, ok := s.trader.(Repricer); ok && r.repriced == nil {
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
	r.askAll()
	for from, to := 0, len(r.orders); from < to && r.wave(from, to); from, to = r.ask() {
		if r.waves == r.plan.MaxWaves {
			r.capped = true
			return
		}
		r.waves++
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
	m := r.market
	copy(m.innovations, innovations)
	if r.plan.shocks != nil {
		news = r.shock(news)
	}
	for a := range r.motions {
		o, x := &r.motions[a], news[a]
		o.quote.log = o.quote.open + x
		o.news, o.base = x, o.quote.log
		o.net, o.impact, o.shifted = 0, 0, 0
	}
	clear(r.booked)
	if r.divides {
		r.fade()
	}
	if r.repriced != nil {
		r.reprice()
	}
	for s := r.first; s != nil; s = s.next {
		s.trader.Begin(m)
	}
	r.trace = r.trace[:0]
	r.mark()
}

// shock adds the plan's shocks of the step to the market's innovations, and gives news
// with its own.
func (r *Runner) shock(news []float64) []float64 {
	m, n := r.market, len(news)
	width := n + len(m.innovations)
	shocks := r.plan.shocks[m.step*width : (m.step+1)*width]
	for a, x := range news {
		r.shocked[a] = x + shocks[a]
	}
	for i := range m.innovations {
		m.innovations[i] += shocks[n+i]
	}
	return r.shocked
}

// fade takes off what decays of earlier impact.
func (r *Runner) fade() {
	n := len(r.motions)
	clear(r.caused)
	for i := range r.memory {
		if !r.reversed {
			r.reversal[i] = r.memory[i].reversal(r.plan.Assets[i%n].Kernel, r.fades[i%n])
		}
		r.motions[i%n].base += r.reversal[i]
	}
	r.reversed = true
	r.quote()
}

// reprice moves the quotes that move without a trade. All see the price that
// the news has left.
func (r *Runner) reprice() {
	clear(r.repriced)
	for _, s := range r.seats {
		if repricer, ok := s.trader.(Repricer); ok {
			repricer.Reprice(r.market, r.repriced[s.from:s.to])
		}
	}
	for i, x := range r.repriced {
		r.motions[i%len(r.motions)].base += x
	}
	r.quote()
}

// quote puts the prices where the waves begin.
func (r *Runner) quote() {
	for a := range r.motions {
		r.motions[a].quote.log = r.motions[a].base
	}
}

// widest is the log price beyond which a price is no number any more, 1e-130 or
// 1e130 USD: the value of any holding, and the return there, still is one.
const widest = 300

// Settle closes the step that Try has run last: mechanisms bring their state to
// the close, publish their series, and the market goes on to the next step.
func (r *Runner) Settle() error {
	m, n := r.market, r.market.Assets()
	for a := range r.motions {
		o := &r.motions[a]
		if x := o.quote.log - o.shifted; !(math.Abs(x) < widest) {
			return fmt.Errorf("step %d: the price of %s has left the numbers (log price %.4g; orders of %s): the feedback has no limit",
				m.step+1, r.plan.Assets[a].Name, x, r.largest(a))
		}
	}
	for s := r.first; s != nil; s = s.next {
		s.trader.Settle(m)
	}
	if r.divides {
		for i, slot := range r.slots {
			r.memory[i].settle(r.plan.Assets[i%n].Kernel, r.reversal[i], (1-slot.permanent)*r.caused[i])
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
	for i, row := range r.plan.rows {
		slot, usd := r.slots[i*n+a], math.Abs(r.booked[i*n+a])
		if pressure := usd * slot.scale; !slot.hedged && (pressure > most || math.IsNaN(pressure)) {
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
			r.seats[i].trader.(ProfilingTrader).Profile(r.market, out)
		}
	}
}
