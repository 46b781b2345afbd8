package trial

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/backtest/rule"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Simulated is the strategy on the paths of a scenario, all on the same news: as a
// taker of prices that it does not move, and with its own orders in the market.
// Taker and mover pay the same fees, spread and impact; what differs is the price
// that the mover leaves behind.
type Simulated struct {
	Study *study.Study // of the scenario, without the strategy
	Label string       // of the strategy in the ledger
	Paths int
	Seed  uint64

	Taker, Mover Spread
	Hold         Spread         // the benchmark's shares held, without costs
	OwnImpact    stats.Estimate // mean return of the mover less that of the taker, path by path

	Idle      int         // paths on which the rules ordered nothing, as a taker
	Closes    int         // at which they were asked, of all paths
	Undecided []Undecided // of these
}

// Spread is how an account does over the paths.
type Spread struct {
	Returns   []float64 // simple, by path, from the starting to the last close
	Drawdowns []float64 // maximum, by path

	Mean, Median, Low5, High95 stats.Estimate // of the returns
	Drawdown                   stats.Estimate // median of the maximum drawdowns
	Loss                       stats.Estimate // share of paths with a return below 0
}

// ready finds what keeps the strategy from running in the scenario.
func (t *Trial) ready(opt Options) error {
	st, err := study.Ready(opt.Scenario, opt.Files)
	if err != nil {
		return err
	}
	c := st.Base.Case
	var faults data.Faults
	for _, asset := range t.names() {
		if !slices.Contains(c.Assets(), asset) {
			f := t.Strategy.At("market." + asset)
			f.Text, f.Found, f.Expected = "market."+asset, "an asset that the scenario "+c.Name+" does not trade", "one of "+strings.Join(c.Assets(), ", ")
			faults = append(faults, f)
		}
	}
	known := published(c.Plan)
	for _, name := range t.reads() {
		if !slices.Contains(known, name) {
			f := t.Strategy.At("history.series." + name)
			f.Text, f.Found, f.Expected = "what the rules read", name+", which nobody publishes in the scenario "+c.Name, "some of "+strings.Join(known, ", ")
			faults = append(faults, f)
		}
	}
	t.Simulated = &Simulated{Study: st, Label: "strategy " + t.Strategy.Name}
	return faults.Err()
}

// published are the series that a strategy can read in a simulation.
func published(plan *sim.Plan) []string {
	var list []string
	for _, a := range plan.Assets {
		list = append(list, scenarios.PriceSeries(a.Name))
	}
	for _, r := range plan.Reports() {
		list = append(list, r.Name)
	}
	return list
}

// reads are the series that the rules read.
func (t *Trial) reads() []string {
	var list []string
	for _, asset := range t.Strategy.Assets() {
		rules := t.Strategy.Compiled(asset)
		for _, r := range rules.All() {
			list = append(list, r.Reads()...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// simulate runs the strategy on the paths of the scenario.
func (t *Trial) simulate(ctx context.Context, opt Options) error {
	s := t.Simulated
	if s == nil {
		return nil
	}
	var err error
	var taker, mover *montecarlo.Ensemble
	var said *answers
	if taker, said, err = t.ensemble(ctx, opt, true); err != nil {
		return err
	}
	s.Idle, s.Closes, s.Undecided = said.idle, said.closes, said.list()
	if mover, _, err = t.ensemble(ctx, opt, false); err != nil {
		return err
	}
	s.Paths, s.Seed = taker.Paths, taker.Seed
	if s.Taker, err = summarise(taker.Values[0], taker.Values[1]); err != nil {
		return err
	}
	if s.Mover, err = summarise(mover.Values[0], mover.Values[1]); err != nil {
		return err
	}
	if s.Hold, err = summarise(taker.Values[2], taker.Values[3]); err != nil {
		return err
	}
	s.OwnImpact, err = stats.EstimateMeanDifference(s.Mover.Returns, s.Taker.Returns, level)
	return err
}

// ensemble runs the scenario's paths with the strategy among its mechanisms, and keeps
// what its rules said.
func (t *Trial) ensemble(ctx context.Context, opt Options, taker bool) (*montecarlo.Ensemble, *answers, error) {
	s, c := t.Simulated, t.Simulated.Study.Base.Case
	var failed failure
	said := &answers{undecided: map[string]Undecided{}}
	agent, err := t.agent(taker, said, failed.note)
	if err != nil {
		return nil, nil, err
	}
	plan := *c.Plan
	plan.Entries = append(slices.Clone(plan.Entries), sim.Entry{Mechanism: agent})
	if err := agent.Check(&plan); err != nil {
		return nil, nil, t.blame("account", err)
	}
	compiled, err := sim.Compile(plan)
	if err != nil {
		return nil, nil, err
	}
	news, err := s.Study.News(compiled)
	if err != nil {
		return nil, nil, err
	}
	paths, seed := s.Study.Draws()
	if paths > montecarlo.OutcomePaths {
		return nil, nil, fmt.Errorf("found %d paths, expected at most %d: what becomes of a strategy is kept path by path", paths, montecarlo.OutcomePaths)
	}
	o := montecarlo.Options{Paths: paths, Seed: seed, Workers: opt.Workers, OutcomesOnly: true}
	if o.Outcomes, err = t.measured(compiled); err != nil {
		return nil, nil, err
	}
	if opt.Progress != nil {
		label := "with its own impact"
		if taker {
			label = "without its own impact"
		}
		o.Progress = func(done int) { opt.Progress(label, done, paths) }
	}
	e, err := montecarlo.Run(ctx, compiled, news, o)
	if err == nil {
		err = failed.err
	}
	return e, said, err
}

// failure keeps the first of several errors, in the order of their texts: which of
// the paths fails first is chance.
type failure struct {
	sync.Mutex
	err error
}

func (f *failure) note(err error) {
	f.Lock()
	defer f.Unlock()
	if f.err == nil || err.Error() < f.err.Error() {
		f.err = err
	}
}

// agent is the strategy as a mechanism of the scenario. Its orders fill at the
// close: a simulation has no other price between the news and the close.
func (t *Trial) agent(taker bool, said *answers, failed func(error)) (*backtest.Agent, error) {
	parameters, err := t.parameters(nil)
	if err != nil {
		return nil, err
	}
	plan := t.Simulated.Study.Base.Case.Plan
	o := t.options(backtest.RecordEquity)
	o.Fill = backtest.FillClose
	var assets []backtest.Asset
	for _, a := range plan.Assets {
		assets = append(assets, backtest.Asset{Name: a.Name, Fee: t.Strategy.Account.Fee, Spread: t.Strategy.Account.Spread, Borrow: t.Strategy.Account.ShortFee})
	}
	names := t.Strategy.Names().Series
	return &backtest.Agent{Label: t.Simulated.Label, Assets: assets, Step: plan.Step, Options: o, Taker: taker, Failed: failed,
		Decider: func(m *sim.Market) backtest.Decider {
			return &watcher{decider: newDecider(t.Strategy, assets, t.past(names), parameters), market: m, feeds: t.feeds(names, m), last: plan.Steps, said: said}
		}}, nil
}

// past is a tape with what the scenario's history holds up to its start, each
// value at the time at which it becomes known.
func (t *Trial) past(names []string) *rule.Tape {
	c := t.Simulated.Study.Base.Case
	tape := rule.NewTape(names, c.Plan.Step)
	if c.Panel != nil {
		fill(tape, names, c.Panel, c.Start, t.lag)
	}
	return tape
}

// lag is how long after the end of its period the strategy's file says that a
// series is known.
func (t *Trial) lag(name string) time.Duration {
	s, _ := t.Panel.Series(name)
	return s.Lag()
}

// A feed puts a series of the simulation on the tape.
type feed struct {
	series int           // on the tape
	asset  int           // whose price it is; −1 for a published series
	at     int           // of the published series
	lag    time.Duration // after the close
	past   bool          // the tape has it up to the starting close
}

func (t *Trial) feeds(names []string, m *sim.Market) []feed {
	var list []feed
	assets := t.Simulated.Study.Base.Case.Assets()
	for i, name := range names {
		f := feed{series: i, asset: slices.IndexFunc(assets, func(a string) bool { return scenarios.PriceSeries(a) == name }), at: m.Find(name), lag: t.lag(name)}
		if panel := t.Simulated.Study.Base.Case.Panel; panel != nil {
			_, f.past = panel.Series(name)
		}
		if f.asset >= 0 || f.at >= 0 {
			list = append(list, f)
		}
	}
	return list
}

// watcher puts on the tape what the market shows at each close, and asks the rules.
type watcher struct {
	*decider
	market *sim.Market
	feeds  []feed

	last    int  // step
	ordered bool // something, so far
	said    *answers
}

// Decide implements [backtest.Decider].
func (w *watcher) Decide(s *backtest.State, targets []backtest.Target) error {
	for _, f := range w.feeds {
		if s.Step == 1 && f.past {
			continue
		}
		value := w.market.Published(f.at)
		if f.asset >= 0 {
			value = math.Exp(w.market.Open(f.asset))
		}
		w.tape.Publish(f.series, s.Time.Add(f.lag), value)
	}
	if err := w.decider.Decide(s, targets); err != nil {
		return err
	}
	w.ordered = w.ordered || slices.ContainsFunc(targets, func(t backtest.Target) bool { return t.Kind != backtest.Leave })
	if s.Step == w.last {
		w.said.add(w.ordered, s.Step, w.undecided())
	}
	return nil
}

// measured are return and maximum drawdown of the account, and of the benchmark's
// shares held on the same path.
func (t *Trial) measured(plan *sim.Plan) ([]outcome.Outcome, error) {
	label := t.Simulated.Label
	equity := slices.IndexFunc(plan.Reports(), func(r sim.Report) bool { return r.Name == label+".equity" })
	if equity < 0 {
		return nil, fmt.Errorf("%s publishes no equity", label)
	}
	account := func(p *sim.Path, k int) float64 {
		if k == 0 {
			return p.Opening[equity]
		}
		return p.Reports[equity][k-1]
	}
	return append(wealth(label, account), wealth("hold", t.held(plan))...), nil
}

// held is what the benchmark's shares are worth after k steps, of 1 at the start.
func (t *Trial) held(plan *sim.Plan) func(p *sim.Path, k int) float64 {
	shares := make([]float64, len(plan.Assets))
	cash := 1.0
	for _, asset := range t.names() {
		cash -= t.Weights[asset]
		if a := slices.IndexFunc(plan.Assets, func(a sim.Asset) bool { return a.Name == asset }); a >= 0 {
			shares[a] = t.Weights[asset]
		}
	}
	return func(p *sim.Path, k int) float64 {
		value := 0.0
		for a, share := range shares {
			if share != 0 {
				value += share * p.Price(a, k) / p.Price(a, 0)
			}
		}
		return value + cash
	}
}

// wealth are return and maximum drawdown of what is worth value after k steps.
func wealth(name string, value func(p *sim.Path, k int) float64) []outcome.Outcome {
	return []outcome.Outcome{
		{Name: name + ".return", Of: func(p *sim.Path) float64 { return value(p, p.Plan.Steps)/value(p, 0) - 1 }},
		{Name: name + ".max_drawdown", Of: func(p *sim.Path) float64 {
			high, worst := value(p, 0), 0.0
			for k := range p.Plan.Steps + 1 {
				now := value(p, k)
				high = max(high, now)
				worst = min(worst, now/high-1)
			}
			return worst
		}},
	}
}

// summarise estimates from what happened on each path.
func summarise(returns, drawdowns []float64) (Spread, error) {
	s := Spread{Returns: returns, Drawdowns: drawdowns}
	losses := 0
	for _, r := range returns {
		if r < 0 {
			losses++
		}
	}
	if len(s.Returns) == 1 { // a replay: nothing is random
		one := func(v float64) stats.Estimate {
			return stats.Estimate{Value: v, Low: v, High: v, Level: level, N: 1, Method: "one path"}
		}
		s.Mean, s.Median, s.Low5, s.High95 = one(s.Returns[0]), one(s.Returns[0]), one(s.Returns[0]), one(s.Returns[0])
		s.Drawdown, s.Loss = one(s.Drawdowns[0]), one(float64(losses))
		return s, nil
	}
	var err error
	if s.Mean, err = stats.EstimateMean(s.Returns, level); err != nil {
		return s, err
	}
	quantiles, err := stats.EstimateQuantiles(s.Returns, []float64{.05, .5, .95}, level)
	if err != nil {
		return s, err
	}
	s.Low5, s.Median, s.High95 = quantiles[0], quantiles[1], quantiles[2]
	if s.Drawdown, err = stats.EstimateQuantile(s.Drawdowns, .5, level); err != nil {
		return s, err
	}
	s.Loss, err = stats.EstimateProportion(losses, len(s.Returns), level)
	return s, err
}
