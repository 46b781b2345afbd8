package backtest

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim"
)

// FillAt says when in a step its orders fill.
type FillAt int

// The prices at which orders fill: of the step after the close at which they were
// decided.
const (
	FillOpen FillAt = iota
	FillClose
)

// Record says what a result holds.
type Record int

// What is recorded, from everything to what a grid of parameters needs.
const (
	RecordAll    Record = iota
	RecordSteps         // no fills, trades, decisions
	RecordEquity        // of the tables by step only equity; counts and totals
)

// Options of a run.
type Options struct {
	Capital float64 // USD in cash at the close of step 0
	Fill    FillAt
	Yield   float64 // a year, earned on cash
	Rate    float64 // a year, paid on borrowed cash
	Limits  Limits
	Record  Record
}

func (o Options) check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if !(o.Capital > 0) || math.IsInf(o.Capital, 1) {
		fault("capital is %v USD, expected a positive number", o.Capital)
	}
	if o.Fill != FillOpen && o.Fill != FillClose {
		fault("fill is %d, expected %d for the open or %d for the close", o.Fill, FillOpen, FillClose)
	}
	if o.Record < RecordAll || o.Record > RecordEquity {
		fault("record is %d, expected %d to %d", o.Record, RecordAll, RecordEquity)
	}
	for _, rate := range []struct {
		name  string
		value float64
	}{{"yield on cash", o.Yield}, {"rate on borrowed cash", o.Rate}} {
		if math.IsNaN(rate.value) || math.IsInf(rate.value, 0) {
			fault("the %s is %v, expected a finite number", rate.name, rate.value)
		}
	}
	o.Limits.check(fault)
	return errors.Join(faults...)
}

// Run tries a decider on a history. It reports all faults of market and options
// at once, and the first step in which the decider fails.
func Run(m Market, d Decider, o Options) (*Result, error) {
	err := errors.Join(m.check(o.Fill), o.check())
	if d == nil {
		err = errors.Join(err, errors.New("there is no decider"))
	}
	if err != nil {
		return nil, err
	}
	r := newRun(&m, d, o)
	if err := r.run(); err != nil {
		return nil, err
	}
	return r.result, nil
}

// run is one pass over a history.
type run struct {
	*desk
	options Options
	market  *Market
	decider Decider
	known   State
	targets []Target
	result  *Result
}

func newRun(m *Market, d Decider, o Options) *run {
	n, steps := len(m.Assets), len(m.Times)
	r := &run{options: o, desk: newDesk(m.Assets, o.Capital, o.Limits), market: m, decider: d, known: State{Positions: make([]Position, n)},
		targets: make([]Target, n), result: &Result{Times: m.Times, Equity: make([]float64, steps), Ruined: -1}}
	for _, a := range m.Assets {
		r.result.Assets = append(r.result.Assets, a.Name)
	}
	if o.Record <= RecordSteps {
		table := sim.Matrix(n+4, steps)
		r.result.Coins, table = table[:n:n], table[n:]
		r.result.Cash, r.result.Gross, r.result.Net, r.result.Turnover = table[0], table[1], table[2], table[3]
		r.result.Flows = make([]Flow, steps)
	}
	if o.Record == RecordAll {
		r.keep = true
		r.result.Decisions = []Decision{}
		r.filled = func(f Fill) { r.result.Fills = append(r.result.Fills, f) }
	}
	return r
}

func (r *run) run() error {
	r.begin()
	for k := 1; k <= len(r.market.Times); k++ {
		if err := r.next(k); err != nil {
			return err
		}
	}
	return nil
}

// begin opens the account at the close of step 0.
func (r *run) begin() {
	for a, closes := range r.market.Close {
		r.move(a, closes[0])
	}
	r.close(0, r.equity())
}

// next decides for step k and runs it. After the last step there is a decision
// that no step fills any more; a ruined account decides nothing.
func (r *run) next(k int) error {
	if r.result.Ruined >= 0 {
		return nil
	}
	if err := r.decide(k); err != nil {
		return err
	}
	if k == len(r.market.Times) {
		r.finish()
		return nil
	}
	if err := r.step(k); err != nil {
		return err
	}
	if r.result.Ruined >= 0 {
		r.finish()
	}
	return nil
}

// decide asks for the targets of a step.
func (r *run) decide(k int) error {
	at := r.market.closed(k - 1)
	r.known.Step, r.known.Time = k, at
	r.state(&r.known)
	clear(r.targets)
	err := r.decider.Decide(&r.known, r.targets)
	if err == nil {
		err = r.take(r.targets, at)
	}
	if err != nil {
		return fmt.Errorf("decision of %s for step %d: %w", at.Format(time.RFC3339), k, err)
	}
	if r.result.Decisions != nil {
		for a, t := range r.targets {
			if t.Kind != Leave {
				r.result.Decisions = append(r.result.Decisions, Decision{k, a, t})
			}
		}
	}
	return nil
}

// step runs step k from the close before it to its own.
func (r *run) step(k int) error {
	m := r.market
	before := r.result.Equity[k-1]
	gap := m.Times[k].Sub(m.closed(k - 1))
	if r.options.Fill == FillOpen {
		r.accrue(gap, r.options.Yield, r.options.Rate)
		if err := r.trade(k, m.Open, moment{k, m.Times[k]}); err != nil {
			return err
		}
		r.accrue(m.Step, r.options.Yield, r.options.Rate)
		for a := range m.Close {
			r.move(a, m.Close[a][k])
		}
		r.fail(k, moment{k + 1, m.closed(k)})
	} else {
		r.accrue(gap+m.Step, r.options.Yield, r.options.Rate)
		if err := r.trade(k, m.Close, moment{k, m.closed(k)}); err != nil {
			return err
		}
	}
	r.close(k, before)
	return nil
}

// trade fills what can be filled at the prices of step k.
func (r *run) trade(k int, prices [][]float64, now moment) error {
	for a := range r.quotes {
		price := prices[a][k]
		r.move(a, price)
		if r.quotes[a].mid = math.NaN(); r.orders[a].target.Kind != Leave {
			r.quotes[a].at(price)
		}
	}
	if r.fail(k, now); r.result.Ruined >= 0 || !r.size() {
		return nil
	}
	if err := r.payable(); err != nil {
		return fmt.Errorf("step %d: %w", k, err)
	}
	r.execute(now)
	r.fail(k, now)
	return nil
}

// fail ends an account that is worth nothing any more.
func (r *run) fail(k int, now moment) {
	if r.result.Ruined < 0 && r.equity() <= 0 {
		r.result.Ruined, r.result.Shortfall = k, r.ruin(now)
	}
}

// close writes what stands at the close of a step that equity before it entered.
func (r *run) close(k int, before float64) {
	r.see()
	equity, held := r.equity(), false
	for _, coins := range r.coins {
		held = held || coins != 0
	}
	if held && k > 0 {
		r.result.Held++
	}
	r.result.Equity[k] = equity
	r.result.Total.add(r.flow)
	if r.result.Flows != nil {
		r.write(k, equity, before)
	}
	r.flow, r.volume = Flow{}, 0
}

// write fills the tables by step.
func (r *run) write(k int, equity, before float64) {
	gross, net := 0.0, 0.0
	for a, coins := range r.coins {
		r.result.Coins[a][k] = coins
		gross += math.Abs(r.value(a))
		net += r.value(a)
	}
	r.result.Cash[k], r.result.Flows[k], r.result.Turnover[k] = r.cash, r.flow, r.volume/before
	if equity > 0 {
		r.result.Gross[k], r.result.Net[k] = gross/equity, net/equity
	}
}

// finish closes the accounts after the last step.
func (r *run) finish() {
	last := len(r.market.Times) - 1
	now := moment{last, r.market.closed(last)}
	if r.options.Fill == FillOpen {
		now.step++
	}
	r.last(now, "", true)
	r.result.Trades, r.result.Orders, r.result.Clipped = r.trades, r.fills, r.clipped
}
