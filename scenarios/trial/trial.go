// Package trial answers one question: would this strategy have worked?
//
// It runs a strategy file over its history, beside its benchmark, and asks what
// a reader should ask before believing the result: whether a rule knew the
// future, what the other cells of its grid would have earned, whether the choice
// among them holds where it was not made, how much is chance, and what happens on
// the paths of a scenario, where the strategy's own orders move the price. It
// writes nothing.
package trial

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Options say what to do beside the run itself.
type Options struct {
	Workers   int  // 0 = all cores
	Lookahead bool // run again on histories cut short, and compare
	// Scenario is one on whose paths the strategy is run too; nil for none.
	Scenario *scenarios.Scenario
	Files    scenarios.Files                     // of the scenario
	Progress func(label string, done, total int) // may be nil; called from several goroutines
}

// A Trial is a strategy with everything its run gave.
type Trial struct {
	Strategy *scenarios.Strategy
	Panel    *data.Panel
	Market   backtest.Market
	First    int // row of the panel that is step 0 of the market

	Result    *backtest.Result
	Benchmark *backtest.Result
	Weights   map[string]float64 // of the benchmark

	PeriodsPerYear float64
	RiskFree       float64       // a year: what cash earns that is credited at every close, so that cash alone has no return above it
	Statistics     stats.Summary // of the strategy, against the benchmark
	Compared       stats.Summary // of the benchmark itself
	Drawdowns      []stats.DatedDrawdown
	Months         []stats.Month
	Undecided      []Undecided

	Lookahead *backtest.Lookahead // nil unless asked for
	Grid      *Grid               // nil without one
	Forward   *Forward            // nil unless asked for
	Luck      *Luck               // nil where nothing was ever held
	Simulated *Simulated          // nil unless asked for

	Warnings []string
}

// Undecided counts the closes at which a rule could not be answered.
type Undecided struct {
	Rule   string // rules.btc.enter
	Steps  int
	Reason string // of the last one
}

// of says how many closes that were.
func (u Undecided) of(all int, closes string) string {
	return fmt.Sprintf("%s could not be answered at %d of %d %s, where nothing was done: %s", u.Rule, u.Steps, all, closes, u.Reason)
}

// Execute tries a strategy on its history.
func Execute(ctx context.Context, s *scenarios.Strategy, files scenarios.Files, opt Options) (*Trial, error) {
	t, err := Prepare(s, files)
	if err != nil {
		return nil, err
	}
	if opt.Scenario != nil { // its faults should not wait for everything else
		if err := t.ready(opt); err != nil {
			return nil, err
		}
	}
	for _, part := range []func(context.Context, Options) error{t.run, t.compare, t.checkLookahead, t.runGrid, t.walkForward, t.tryLuck, t.simulate} {
		if err := part(ctx, opt); err != nil {
			return nil, err
		}
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
	}
	t.warn()
	return t, nil
}

// Prepare is Execute up to where the running begins. A strategy that it finds no
// fault with is valid.
func Prepare(s *scenarios.Strategy, files scenarios.Files) (*Trial, error) {
	panel, err := s.ReadHistory(files)
	if err != nil {
		return nil, err
	}
	t := &Trial{Strategy: s, Panel: panel}
	if t.PeriodsPerYear, err = stats.PeriodsPerYear(panel.Step()); err != nil {
		return nil, t.blame("history.step", err)
	}
	t.RiskFree = math.Expm1(t.PeriodsPerYear * math.Log1p(s.Account.Yield/t.PeriodsPerYear))
	if err := t.open(); err != nil {
		return nil, err
	}
	return t, nil
}

// blame gives an error the place in the file that asks for it.
func (t *Trial) blame(path string, err error) error {
	if err == nil {
		return nil
	}
	f := t.Strategy.At(path)
	f.Text = err.Error()
	return data.Faults{f}
}

// closed is when a step of the market ends.
func (t *Trial) closed(step int) time.Time { return t.Market.Times[step].Add(t.Market.Step) }

// run runs the strategy as the file has it.
func (t *Trial) run(context.Context, Options) error {
	d, err := t.decider(t.Panel, nil)
	if err != nil {
		return err
	}
	if t.Result, err = backtest.Run(t.Market, d, t.options(backtest.RecordAll)); err != nil {
		return t.blame("rules", err)
	}
	t.Undecided = d.undecided()
	return nil
}

func (t *Trial) options(record backtest.Record) backtest.Options {
	a := t.Strategy.Account
	return backtest.Options{Capital: a.Capital, Fill: t.fill(), Yield: a.Yield, Rate: a.Borrow, Record: record, Limits: t.limits()}
}

func (t *Trial) fill() backtest.FillAt {
	if t.Strategy.Account.Fill == scenarios.AtClose {
		return backtest.FillClose
	}
	return backtest.FillOpen
}

func (t *Trial) warn() {
	add := func(format string, args ...any) { t.Warnings = append(t.Warnings, fmt.Sprintf(format, args...)) }
	r := t.Result
	if r.Ruined >= 0 {
		add("the account is worth nothing from %s on, with %.0f USD of debt unpaid; whether that was luck is not asked", t.Market.Times[r.Ruined].Format(time.DateOnly), r.Shortfall)
	}
	if n := len(r.Trades); n < fewTrades && r.Orders > 0 {
		add("round trips: %d, too few to tell a good rule from a lucky one (a rule of thumb asks for %d)", n, fewTrades)
	}
	if r.Orders == 0 {
		add("the rules never traded")
	}
	if r.Clipped > 0 {
		add("%d of %d orders were made smaller by a limit of the account", r.Clipped, r.Orders)
	}
	for a, asset := range t.Market.Assets {
		if n := stale(t.Market.Close[a]); n > 0 {
			add("%s has no price at %d of %d closes: nothing fills there and a position keeps its last value, so that volatility and drawdown look smaller than they are", asset.Name, n, len(t.Market.Times))
		}
	}
	for _, name := range t.Strategy.Unread() {
		add("no rule reads %s", name)
	}
	for _, u := range t.Undecided {
		add("%s", u.of(len(t.Market.Times), "closes"))
	}
	if s := t.Simulated; s != nil {
		t.Warnings = append(t.Warnings, s.warnings()...)
	}
	for _, name := range t.Ahead() {
		add("%s says that it is known before its period ends, as a calendar of events may be and a measurement is not", name)
	}
}

// stale counts the closes without a price of their own.
func stale(closes []float64) int {
	n := 0
	for _, p := range closes {
		if math.IsNaN(p) {
			n++
		}
	}
	return n
}

// Ahead are the series that the rules read and that say they are known before
// their period ends.
func (t *Trial) Ahead() []string {
	return slices.DeleteFunc(t.reads(), func(name string) bool { return t.lag(name) >= 0 })
}

// fewTrades is how many round trips a sample of trades should have at least.
const fewTrades = 30
