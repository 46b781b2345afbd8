package backtest

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ebb-sim/ebb/sim"
)

// Agent is a strategy inside a simulation, as a [sim.Mechanism]. It decides at the
// close before a step, sends its orders in the first wave, sized at the price it
// then sees, and settles their coins at the close: at the closing price less the
// whole impact of the order plus its average,
//
//	price = close · e^{−r(Q)} · (1 ± spread/2) · mean of e^{r(q)} for q from 0 to Q
//
// where r is the plan's impact law with the depth of the step, as if the order were
// alone. Under a concave law that is more than its share of the impact of all. What
// others do in answer stays in the price. An impact scale of the entry other than 1
// is in the price but not in r.
//
// With and without Taker it tells what its own impact costs it: a taker pays the
// average along the law and moves nothing.
type Agent struct {
	Label   string        // name in the ledger
	Assets  []Asset       // those of the plan; their Law is not read
	Step    time.Duration // length of the plan's steps
	Options Options       // Fill must be FillClose; Record plays no part
	Taker   bool          // it sends no orders to the market

	// Decider starts the rule of one path. What it may read of the market is what
	// stood at the close: Open, Closes, Published and the history, not the price and
	// the innovations of the running step. It may be called by several goroutines.
	Decider func(m *sim.Market) Decider
	// Failed is told of a decision that failed, and may be called by several
	// goroutines. The strategy then orders nothing any more and publishes no equity.
	Failed func(error)
}

// Check reports all that is wrong with the agent in a plan.
func (s *Agent) Check(p *sim.Plan) error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if s.Decider == nil || s.Failed == nil {
		fault("there is no decider, or nobody to tell when it fails")
	}
	if s.Options.Fill != FillClose {
		fault("orders in a simulation fill at the close, expected fill %d, found %d", FillClose, s.Options.Fill)
	}
	if s.Step != p.Step {
		fault("the step is %v, expected the plan's %v", s.Step, p.Step)
	}
	if len(s.Assets) != len(p.Assets) {
		fault("%d assets, expected the plan's %d", len(s.Assets), len(p.Assets))
	}
	for i, a := range s.Assets {
		a.check(fault)
		if i < len(p.Assets) && a.Name != p.Assets[i].Name {
			fault("asset %d is %q, expected the plan's %q", i, a.Name, p.Assets[i].Name)
		}
	}
	return errors.Join(append(faults, s.Options.check())...)
}

// Name implements [sim.Mechanism].
func (s *Agent) Name() string { return s.Label }

// Reports implements [sim.Reporter].
func (s *Agent) Reports() []sim.Report {
	return []sim.Report{{Name: s.Label + ".equity", Title: "equity of the strategy", Unit: sim.USD, Kind: sim.Level}}
}

// Start implements [sim.Mechanism].
func (s *Agent) Start(m *sim.Market) sim.Trader {
	assets := make([]Asset, len(s.Assets))
	for a := range assets {
		assets[a] = s.Assets[a]
		assets[a].Law = alone{m, a}
	}
	t := &agent{Agent: s, desk: newDesk(assets, s.Options.Capital, s.Options.Limits), rule: s.Decider(m), decided: -1,
		known: State{Positions: make([]Position, len(assets))}, targets: make([]Target, len(assets)), marks: make([]float64, len(assets))}
	for a := range assets {
		t.move(a, math.Exp(m.Open(a)))
	}
	return t
}

// alone is an asset's law in the running step.
type alone struct {
	market *sim.Market
	asset  int
}

func (l alone) Return(usd float64, _ sim.Liquidity) float64 { return l.market.Impact(l.asset, usd) }
func (alone) Linear() bool                                  { return false }

// agent is the strategy along one path.
type agent struct {
	*Agent
	*desk
	rule    Decider
	known   State
	targets []Target
	marks   []float64 // scratch of Trade
	decided int       // last step that was decided
	sent    bool      // the orders of this step are out
	over    bool      // ruined, or the decider has failed
	failed  bool
}

// Begin decides and lets the step's time pass, once a step however often it is run:
// both rest on the last close alone and are the same whatever the news.
func (t *agent) Begin(m *sim.Market) {
	t.sent = t.over
	if t.over || t.decided == m.Step() {
		return
	}
	t.decided = m.Step()
	t.known.Step, t.known.Time = m.Step()+1, t.now(m, m.Step()).time
	t.state(&t.known)
	clear(t.targets)
	err := t.rule.Decide(&t.known, t.targets)
	if err == nil {
		err = t.take(t.targets, t.known.Time)
	}
	if err != nil {
		t.sent = true
		t.fail(fmt.Errorf("decision for step %d: %w", t.known.Step, err))
		return
	}
	t.accrue(t.Step, t.Options.Yield, t.Options.Rate)
}

// fail ends the strategy by an error.
func (t *agent) fail(err error) {
	t.over, t.failed = true, true
	t.Failed(fmt.Errorf("%s: %w", t.Label, err))
}

// now is the start of a step near the running one. A plan without dates counts
// from 1970.
func (t *agent) now(m *sim.Market, step int) moment {
	if at := m.Time(); !at.IsZero() {
		return moment{step, at.Add(time.Duration(step-m.Step()) * t.Step)}
	}
	return moment{step, time.Unix(0, 0).UTC().Add(time.Duration(step) * t.Step)}
}

// Trade sizes the orders at the price of the first wave, as if the account were
// marked there, and leaves the account as it was.
func (t *agent) Trade(m *sim.Market, orders []float64) {
	if t.sent {
		return
	}
	t.sent = true
	copy(t.marks, t.mark)
	for a := range t.mark {
		t.mark[a], t.quotes[a].mid = m.Price(a), m.Price(a)
	}
	if t.size() && !t.Taker {
		for a, o := range t.orders {
			if o.live {
				orders[a] += o.coins * t.mark[a]
			}
		}
	}
	copy(t.mark, t.marks)
}

// Settle fills what has been sent and marks at the close.
func (t *agent) Settle(m *sim.Market) {
	if t.over {
		return
	}
	for a := range t.quotes {
		q, price := &t.quotes[a], m.Price(a)
		o := &t.orders[a]
		if o.live && !t.Taker {
			price *= math.Exp(-m.Impact(a, o.coins*q.mid))
		}
		q.mid = price
		o.paid = q.bill(o.coins)
		t.move(a, price)
	}
	if err := t.payable(); err != nil {
		t.fail(fmt.Errorf("step %d: %w", m.Step()+1, err))
		return
	}
	now := t.now(m, m.Step()+1)
	t.execute(now)
	for a := range t.quotes {
		t.move(a, m.Price(a))
	}
	t.see()
	if t.equity() <= 0 {
		t.ruin(now)
		t.over = true
	}
}

// Report implements [sim.ReportingTrader].
func (t *agent) Report(_ *sim.Market, out []float64) {
	if out[0] = t.equity(); t.failed {
		out[0] = math.NaN()
	}
}
