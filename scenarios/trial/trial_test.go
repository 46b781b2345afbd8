package trial_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// bundled reads the files that come with ebb.
type bundled struct{}

func (bundled) Table(file, format string) (*data.Table, error) {
	return data.OpenFS(data.Bundled, file, data.ReadOptions{Format: format})
}

func (bundled) FlowFacts(file string) ([]data.FlowFact, error) {
	return data.ReadFlowFacts(data.Bundled, file)
}

func (bundled) text(t *testing.T, file string) string {
	t.Helper()
	text, err := fs.ReadFile(data.Bundled, file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// files reads made-up files by name.
type files map[string]string

func (f files) Table(file, format string) (*data.Table, error) {
	return data.Parse(file, []byte(f[file]), data.ReadOptions{Format: format})
}

func (f files) text(_ *testing.T, file string) string { return f[file] }

func (f files) FlowFacts(string) ([]data.FlowFact, error) { return nil, nil }

// history writes a file in ebb's own format.
func history(column string, first time.Time, values ...float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# ebb history 1\n# column %s\ndate,%s\n", column, strings.Split(column, ":")[0])
	for i, v := range values {
		if !math.IsNaN(v) {
			fmt.Fprintf(&b, "%s,%v\n", first.AddDate(0, 0, i).Format(time.DateOnly), v)
		}
	}
	return b.String()
}

var monday = time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)

func parse(t *testing.T, name, src string, set ...scenarios.Override) *scenarios.Strategy {
	t.Helper()
	s, err := scenarios.ParseStrategy(name+".yaml", []byte(src), set)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func strategy(t *testing.T, name string, set ...scenarios.Override) *scenarios.Strategy {
	t.Helper()
	src, err := scenarios.OpenStrategy(name)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, name, string(src), set...)
}

func execute(t *testing.T, s *scenarios.Strategy, f scenarios.Files, opt trial.Options) *trial.Trial {
	t.Helper()
	tr, err := trial.Execute(context.Background(), s, f, opt)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// The bundled strategies on bundled data: they run, know no future, and their
// equity is what their fills leave.
func TestBundledStrategies(t *testing.T) {
	for _, name := range scenarios.StrategyNames() {
		t.Run(name, func(t *testing.T) {
			tr := execute(t, strategy(t, name), bundled{}, trial.Options{Lookahead: true})
			recompute(t, tr, bundled{})
			if l := tr.Lookahead; l.Difference != nil || l.Cuts != len(tr.Market.Times)-1 || l.Decisions == 0 {
				t.Errorf("look-ahead check: %+v", l)
			}
			if tr.Result.Orders == 0 || len(tr.Months) != 7 {
				t.Errorf("%d orders in %d months", tr.Result.Orders, len(tr.Months))
			}
			for _, s := range tr.Statistics.Statistics {
				if math.IsNaN(s.Value) && s.Reason == "" {
					t.Errorf("%s is absent without a reason", s.Name)
				}
			}
		})
	}
}

const flows = `
name: x
title: x
history:
  series:
    btc.price: {file: price.csv}
    btc.etf_flow: {file: flow.csv}
market: {btc: {depth_1pct: 1000tn}}
account: {capital: 1000, fill: close, fee: 0, spread: 0}
rules: {btc: {enter: btc.etf_flow > 0}}
`

// A flow of Monday that is published a day after its day has ended is known at
// the close of Tuesday; the order fills at the close of Wednesday.
func TestFlowIsSeenWhenPublished(t *testing.T) {
	nan := math.NaN()
	f := files{
		"price.csv": history("close: price usd", monday, 100, 100, 100, 110, 121, 121, 121, 121),
		"flow.csv":  history("total: flow usd_m published 1d", monday, 5, -3, nan, nan, 2, nan, nan, nan),
	}
	tr := execute(t, parse(t, "flows", flows), f, trial.Options{Lookahead: true})
	type fill struct{ Decided, Filled, Reason string }
	var got []fill
	for _, x := range tr.Result.Fills {
		got = append(got, fill{x.Decided.Format("Mon 15:04"), x.Filled.Format("Mon 15:04"), x.Reason})
	}
	// Decided at the end of Tuesday: Wednesday 00:00; filled at the end of Wednesday.
	want := []fill{{"Wed 00:00", "Thu 00:00", "enter"}, {"Thu 00:00", "Fri 00:00", "exit"}, {"Sun 00:00", "Mon 00:00", "enter"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fills differ (-want +got):\n%s", diff)
	}
	near(t, "equity at the end", tr.Result.Equity[7], 1100, 1e-9)
}

// A rule over what it cannot know yet is caught: the premium of tomorrow, given out
// as known today.
func TestLookaheadIsCaught(t *testing.T) {
	const cheat = `
name: x
title: x
history:
  series:
    btc.price: {file: price.csv}
    btc.signal: {file: signal.csv, published: -1d}
market: {btc: {depth_1pct: 3bn}}
account: {fill: close}
rules: {btc: {enter: btc.signal > 0}}
`
	f := files{
		"price.csv":  history("close: price usd", monday, 100, 101, 100, 110, 121, 119, 121, 121),
		"signal.csv": history("signal: rate fraction", monday, .01, -.01, .02, .02, -.02, .02, .01, -.01),
	}
	tr := execute(t, parse(t, "cheat", cheat), f, trial.Options{Lookahead: true})
	d := tr.Lookahead.Difference
	if d == nil {
		t.Fatal("tomorrow's signal is read and not caught")
	}
	// With the whole history nothing is bought at the first close, because tomorrow's
	// signal is below 0; with the first day alone its own signal is the last.
	if d.Known != 1 || d.Step != 1 || d.Full.Reason != "" || d.Cut.Reason != "enter" {
		t.Errorf("difference %+v", *d)
	}
	if len(tr.Ahead()) != 1 || !strings.Contains(strings.Join(tr.Warnings, "\n"), "btc.signal says that it is known before its period ends") {
		t.Errorf("warnings %q", tr.Warnings)
	}
	_, err := scenarios.ParseStrategy("x.yaml", []byte(strings.Replace(cheat, "file: price.csv", "file: price.csv, published: -1d", 1)), nil)
	if err != nil {
		t.Fatal(err)
	}
	s := parse(t, "x", strings.Replace(cheat, "file: price.csv", "file: price.csv, published: -1d", 1))
	if _, err := trial.Execute(context.Background(), s, f, trial.Options{}); err == nil || !strings.Contains(err.Error(), "nobody knows a price before its period ends") {
		t.Errorf("a price that is known in advance: %v", err)
	}
}

// A cell of the grid is the strategy with its values, whatever the number of
// workers; the file's own cell is the run itself.
func TestGrid(t *testing.T) {
	one := execute(t, strategy(t, "trend-target"), bundled{}, trial.Options{Workers: 1})
	for _, workers := range []int{2, 5, 100} {
		tr := execute(t, strategy(t, "trend-target"), bundled{}, trial.Options{Workers: workers})
		if diff := cmp.Diff(one.Grid, tr.Grid, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%d workers differ from one:\n%s", workers, diff)
		}
	}
	g := one.Grid
	if len(g.Cells) != 12 || g.Label(g.Chosen) != "lookback: 28d, window: 20d" {
		t.Fatalf("%d cells, chosen %d", len(g.Cells), g.Chosen)
	}
	if diff := cmp.Diff(one.Result.Equity, g.Cells[g.Chosen].Equity); diff != "" {
		t.Errorf("the file's own cell differs from the run:\n%s", diff)
	}
	alone := execute(t, strategy(t, "trend-target", scenarios.Override{Key: "parameters.lookback", Value: "42d"}, scenarios.Override{Key: "parameters.window", Value: "10d"}), bundled{}, trial.Options{})
	if diff := cmp.Diff(alone.Result.Equity, g.Cells[9].Equity); diff != "" || g.Label(9) != "lookback: 42d, window: 10d" {
		t.Errorf("cell %s differs from a run with its values:\n%s", g.Label(9), diff)
	}
}

// With a grid of one cell the walk forward is that cell, taken over where the first
// test window begins; and a walk pays for its switches.
func TestWalkForward(t *testing.T) {
	single := execute(t, strategy(t, "flow-momentum", scenarios.Override{Key: "grid.window", Value: "[14d]"}), bundled{}, trial.Options{})
	f := single.Forward
	if f.Switches != 0 || f.Result.Equity[0] != single.Strategy.Account.Capital {
		t.Fatalf("%d switches, capital %v", f.Switches, f.Result.Equity[0])
	}
	for k := f.First + 1; k < len(single.Result.Equity); k++ {
		own := single.Result.Equity[k] / single.Result.Equity[k-1]
		walked := f.Result.Equity[k-f.First] / f.Result.Equity[k-f.First-1]
		if k == f.First+1 {
			continue // it buys what the cell holds already
		}
		near(t, fmt.Sprintf("growth in step %d", k), walked, own, 2e-4)
	}
	many := execute(t, strategy(t, "flow-momentum"), bundled{}, trial.Options{})
	joined := 1.0
	for _, r := range many.Forward.Returns {
		joined *= 1 + r
	}
	account := many.Forward.Result.Equity[len(many.Forward.Result.Equity)-1] / many.Strategy.Account.Capital
	if many.Forward.Switches == 0 || math.Abs(account-joined) > .02 {
		t.Errorf("%d switches, account %v, joined returns %v", many.Forward.Switches, account, joined)
	}
	for _, x := range many.Forward.Result.Fills {
		if x.Reason == "switch" {
			return
		}
	}
	t.Error("no fill of a switch")
}

func scenario(t *testing.T, src string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Parse("s.yaml", []byte(src), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const noise = `
name: noise
title: noise
market: {btc: {price: 100, volatility: 50%, depth_1pct: 1bn}}
simulate: {steps: 40, paths: 60, seed: 3, news: gbm}
`

const holds = `
name: holds
title: holds
history: {series: {btc.price: {file: price.csv}}}
market: {btc: {depth_1pct: 1bn}}
account: {capital: 1m, fill: close, fee: 0, spread: 0}
rules: {btc: {enter: "true"}}
`

// A holder of C who buys everything at the first close pays (e^x − 1)/λ for an order
// of Q = x/λ and leaves a price that is e^x as high: with λ = 1 % per 1bn its account
// is 1 + λC times that of a taker on every path, who pays the same and moves nothing.
func TestSimulated(t *testing.T) {
	f := files{"price.csv": history("close: price usd", monday, 100, 100, 100)}
	opt := trial.Options{Scenario: scenario(t, noise), Files: f}
	for capital, want := range map[string]float64{"1m": 1.00001, "10bn": 1.1} {
		s := execute(t, parse(t, "holds", holds, scenarios.Override{Key: "account.capital", Value: capital}), f, opt).Simulated
		if s.Paths != 60 || len(s.Taker.Returns) != 60 {
			t.Fatalf("%d paths", s.Paths)
		}
		sum := 0.0
		for i := range s.Taker.Returns {
			near(t, "mover over taker with "+capital, (1+s.Mover.Returns[i])/(1+s.Taker.Returns[i]), want, 1e-9)
			sum += s.Mover.Returns[i] - s.Taker.Returns[i]
		}
		near(t, "own impact", s.OwnImpact.Value, sum/60, 1e-12)
	}
	two := execute(t, parse(t, "holds", holds), f, opt).Simulated
	three := execute(t, parse(t, "holds", holds), f, trial.Options{Scenario: opt.Scenario, Files: f, Workers: 3}).Simulated
	if diff := cmp.Diff(two.Mover, three.Mover, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("three workers differ from two:\n%s", diff)
	}
}

// Paths on which the rules order nothing have a return of 0 that says nothing of the
// rules: they are counted, and so are the closes at which there was no answer.
func TestIdlePaths(t *testing.T) {
	f := files{"price.csv": history("close: price usd", monday, 100, 100, 100)}
	said := func(enter string, opt trial.Options) (*trial.Simulated, string) {
		opt.Scenario, opt.Files = scenario(t, noise), f
		tr := execute(t, parse(t, "holds", strings.Replace(holds, `"true"`, `"`+enter+`"`, 1)), f, opt)
		return tr.Simulated, strings.Join(tr.Warnings, "\n")
	}
	rises := "return(btc.price, 5d) > 5%"
	s, warnings := said(rises, trial.Options{Workers: 1})
	idle := 0
	for _, r := range s.Taker.Returns {
		if r == 0 {
			idle++
		}
	}
	if idle == 0 || idle == 60 || s.Idle != idle || !strings.Contains(warnings, fmt.Sprintf("the rules order nothing on %d of the 60 paths of noise", idle)) {
		t.Errorf("%d idle paths, want %d, in\n%s", s.Idle, idle, warnings)
	}
	// A path begins with the price of its start, so that five closes of each are too early.
	want := "rules.btc.enter could not be answered at 300 of 2400 closes on the 60 paths of noise, where nothing was done: return(btc.price, 5d): the window is longer than what is published"
	if !strings.Contains(warnings, want) {
		t.Errorf("%s\nlacks %s", warnings, want)
	}
	if _, three := said(rises, trial.Options{Workers: 3}); three != warnings {
		t.Errorf("three workers say\n%s\nand one\n%s", three, warnings)
	}
	if s, _ := said("false", trial.Options{}); s.Idle != 60 {
		t.Errorf("%d idle paths without a rule that is ever true, want 60", s.Idle)
	}
	if s, warnings := said("true", trial.Options{}); s.Idle != 0 || strings.Contains(warnings, "noise") {
		t.Errorf("%d idle paths of a holder, and\n%s", s.Idle, warnings)
	}
}

// A strategy cannot trade, or read, what a scenario does not have.
func TestSimulatedFaults(t *testing.T) {
	f := files{"price.csv": history("close: price usd", monday, 100, 100, 100), "flow.csv": history("total: flow usd_m published 1d", monday, 5, -3)}
	for want, src := range map[string]string{
		"which nobody publishes in the scenario noise":         flows,
		"an asset that the scenario noise does not trade":      strings.ReplaceAll(holds, "btc", "eth"),
		"8:3: market.eth: found an asset that the scenario no": strings.ReplaceAll(flows, "btc", "eth"),
	} {
		_, err := trial.Execute(context.Background(), parse(t, "x", src), f, trial.Options{Scenario: scenario(t, noise), Files: f})
		if err == nil || !strings.Contains(err.Error(), strings.TrimPrefix(want, "8:3: ")) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// An account that is ruined, one that never trades and one of two days end in
// words, not in a panic or a number that is none.
func TestEnds(t *testing.T) {
	short := strings.Replace(holds, `enter: "true"`, `enter: "true", weight: -200%`, 1)
	short = strings.Replace(short, "fee: 0", "gross: 3, fee: 0", 1)
	for name, c := range map[string]struct {
		src    string
		prices []float64
		want   string
	}{
		"ruined":     {short, []float64{100, 100, 300, 300, 300}, "the account is worth nothing from 2025-03-05 on"},
		"never":      {strings.Replace(holds, `"true"`, `"false"`, 1), []float64{100, 110, 120}, "the rules never traded"},
		"two days":   {holds, []float64{100, 110}, "round trips: 1, too few"},
		"no decline": {holds, []float64{100, 110, 120, 130, 140}, "round trips: 1, too few"},
		"hole":       {holds, []float64{100, 110, math.NaN(), math.NaN(), 120}, "btc has no price at 2 of 5 closes"},
		"constant":   {holds, []float64{100, 100, 100, 100, 100, 100}, "round trips: 1, too few"},
	} {
		t.Run(name, func(t *testing.T) {
			tr := execute(t, parse(t, "x", c.src), files{"price.csv": history("close: price usd", monday, c.prices...)}, trial.Options{Lookahead: true})
			if !strings.Contains(strings.Join(tr.Warnings, "\n"), c.want) {
				t.Errorf("warnings %q, want %q", tr.Warnings, c.want)
			}
		})
	}
	_, err := trial.Execute(context.Background(), parse(t, "x", holds, scenarios.Override{Key: "from", Value: "2026-01-01"}),
		files{"price.csv": history("close: price usd", monday, 1, 2, 3)}, trial.Options{})
	if err == nil || !strings.Contains(err.Error(), "the account's days: found 0 steps of the history from 2025-03-03 to 2025-03-05, expected at least 2") {
		t.Errorf("an account after its history: %v", err)
	}
}

// A grid that is interrupted is no fault of the file.
func TestInterrupted(t *testing.T) {
	stop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(context.Background())
	s := strategy(t, "flow-momentum")
	_, err := trial.Execute(ctx, s, interrupting{cancel, stop}, trial.Options{})
	if err != stop {
		t.Errorf("error %v, want %v", err, stop)
	}
}

// interrupting cancels once a file is read.
type interrupting struct {
	cancel context.CancelCauseFunc
	cause  error
}

func (i interrupting) Table(file, format string) (*data.Table, error) {
	i.cancel(i.cause)
	return bundled{}.Table(file, format)
}

func (interrupting) FlowFacts(string) ([]data.FlowFact, error) { return nil, nil }

// One position between two gaps has two orders only, so that it is rotated: the p-value
// is that of all 203 rotations, computed with numpy.
func TestTimingOfOnePosition(t *testing.T) {
	tr := execute(t, strategy(t, "recovery-lights"), bundled{}, trial.Options{})
	v := tr.Luck.Timing
	near(t, "p", v.P.Value, 0.5221674876847291, 1e-12)
	near(t, "observed", v.Observed.Value, -0.13785746063581827, 1e-12)
	if len(v.Draws) != 203 || len(v.Warnings) > 0 {
		t.Errorf("%d rotations, warnings %q", len(v.Draws), v.Warnings)
	}
}

// A grid with ruined cells: neither the walk forward nor hindsight takes one that is lost,
// and the Sharpe ratios of luck are above the yield of cash, as those of the grid are.
func TestRuinedCells(t *testing.T) {
	src, err := scenarios.OpenStrategy("buy-and-hold")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(src), `{enter: "true"}`, `{enter: "true", weight: lever}`, 1)
	text = strings.Replace(text, "{capital: 10m}", "{capital: 10m, gross: 12, yield: 3%}", 1) +
		"parameters: {lever: 1}\ngrid: {lever: [1, 8]}\nwalk_forward: {train: 60d, test: 20d}\n"
	tr := execute(t, parse(t, "lever", text), bundled{}, trial.Options{})
	if g := tr.Grid; g.Cells[0].Ruined || !g.Cells[1].Ruined || tr.Forward.Hindsight != 0 {
		t.Fatalf("hindsight takes cell %d", tr.Forward.Hindsight)
	}
	ruin := 0
	for ruin < len(tr.Market.Times) && tr.Grid.Cells[1].Equity[ruin] > 0 {
		ruin++
	}
	for _, c := range tr.Forward.Choices {
		if c.Cell == 1 && c.Window.Test.From >= ruin {
			t.Errorf("the lost cell is chosen for step %d, ruined in %d", c.Window.Test.From, ruin)
		}
	}
	if d := tr.Luck.Deflated; d == nil {
		t.Errorf("no deflated Sharpe ratio: %q", tr.Luck.Absent)
	} else {
		near(t, "Sharpe ratio of the best cell", d.Sharpe, tr.Grid.Cells[0].Sharpe, 1e-9)
	}
	near(t, "Sharpe ratio alone", tr.Luck.Alone[1].Observed.Value, tr.Grid.Cells[0].Sharpe, 1e-9)
}
