package monitor

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/param"
)

var _ = catalog.Add(Kind{
	Name:  "recovery",
	Title: "three lights: the Coinbase premium is positive, fund flows have turned, the basis is stable",
	Equation: `premium on:  every close of the last premium_days has a Coinbase premium above 0
flows on:    the ETF flows of the last flow_weeks sum to more than 0
basis on:    the standard deviation of the annualised basis over the last basis_days is below basis_sd
recovery:    the first close with all three on; days to recovery are counted from the starting close, and are 0 where all three are on there already
A flow counts on the day it is of, though funds publish it a day later: the lights tell what was so at a close, not what could be known at it.
A light is unknown (no value) until its window is full, observed history counting, and where nobody publishes its series.
recovered has no value until all three lights have been known at one close, and is then 0 until, and 1 from, the recovery.
Where one of the series is published by nobody, as in a comparison without its mechanism, there is no value of all three together.`,
	Source: "the three conditions: Wintermute, February 2026 (in TechFlow, 2026-02-11), in words and without thresholds. Every number here is an assumption to be swept",
	Default: func() Config {
		return &Recovery{PremiumDays: 5, FlowWeeks: 4, BasisDays: 14, BasisSD: .01}
	},
})

// Recovery holds the parameters of the recovery monitor.
type Recovery struct {
	Common      `yaml:",inline"`
	Asset       string  `yaml:"asset" required:"true" doc:"asset that is watched"`
	PremiumDays int     `yaml:"premium_days" unit:"count" min:"1" max:"365" doc:"days during which every close has a premium above 0" source:"5: an assumption; the source says positive"`
	FlowWeeks   int     `yaml:"flow_weeks" unit:"count" min:"1" max:"52" doc:"weeks over which the ETF flows are summed" source:"4: an assumption, so that one good week is not a turn; the source says reversing"`
	BasisDays   int     `yaml:"basis_days" unit:"count" min:"2" max:"365" doc:"days over which the basis is compared with its mean" source:"14: an assumption; the source says stable"`
	BasisSD     float64 `yaml:"basis_sd" unit:"rate" above:"0" doc:"standard deviation of the annualised basis below which it is stable" source:"one percentage point: an assumption"`
}

// Build implements Config.
func (c *Recovery) Build(name string, env *mechanism.Env) (sim.Mechanism, error) {
	_, err := env.Asset(c.Asset)
	if err := errors.Join(err, c.check(env.Step)); err != nil {
		return nil, err
	}
	return &recovery{Recovery: *c, name: name, step: env.Step,
		reads: c.Series()}, nil
}

// Series names what the lights judge, in histories and in reports: Coinbase
// premium, fund flow and basis.
func (c *Recovery) Series() []string {
	return []string{mechanism.PremiumSeries(c.Asset), mechanism.FlowSeries(c.Asset), mechanism.BasisSeries(c.Asset)}
}

// check finds what the bounds of the parameters cannot express.
func (c *Recovery) check(step time.Duration) error {
	if step <= 0 {
		return &param.Error{Path: "step", Found: step.String(), Expected: "more than 0"}
	}
	if within(c.BasisDays, step) < 2 {
		return &param.Error{Path: "basis_days", Found: fmt.Sprint(c.BasisDays), Expected: "more than one step of " + param.FormatDuration(step)}
	}
	return nil
}

type recovery struct {
	Recovery
	name  string
	step  time.Duration
	reads []string // premium, flow and basis
}

func (r *recovery) Name() string    { return r.name }
func (r *recovery) Parts() []string { return nil } // it has no row in the ledger

// Reads implements [sim.Reader].
func (r *recovery) Reads() []string { return r.reads }

// Needs implements [sim.Needer].
func (r *recovery) Needs() []string { return r.reads }

func (r *recovery) Reports() []sim.Report {
	var list []sim.Report
	for _, s := range []struct {
		name, title string
		unit        sim.ReportUnit
	}{
		{"premium", "Coinbase premium positive", sim.Flag},
		{"flows", "fund flows turned", sim.Flag},
		{"basis", "basis stable", sim.Flag},
		{"lights", "all three lights on", sim.Flag},
		{"recovered", "all three lights have been on", sim.Flag},
		{"days", "days to recovery", sim.Days},
		{"premium_days", "days of positive premium", sim.Days},
		{"flow_sum", "sum of fund flows", sim.USD},
		{"basis_sd", "standard deviation of the basis", sim.Fraction},
	} {
		list = append(list, sim.Report{Name: r.name + "." + s.name, Title: r.name + ": " + s.title, Unit: s.unit, Kind: sim.Level})
	}
	return list
}

func (r *recovery) Start(m *sim.Market) sim.Trader {
	w := &watcher{recovery: r, watch: r.watch(r.step), progress: progress{days: math.NaN()}}
	for i, name := range r.reads {
		w.places[i] = m.Find(name)
		w.observed[i] = m.History(name)
		w.blind = w.blind || w.places[i] < 0
	}
	w.recall()
	return w
}

// watcher is the watch along one path. While the engine settles a step, the
// latest that others have published is the close before it: that close is taken
// then, and the step's own is only looked at to report it.
type watcher struct {
	*recovery
	watch    *Watch
	places   [3]int       // of what it reads among the published series
	observed [3][]float64 // of what it reads, before the start
	blind    bool         // nobody publishes one of the series after the start
	closes   int          // steps settled since the start
	progress progress     // up to the close before the latest
}

// progress is how far the recovery has come.
type progress struct {
	known bool    // all three lights have been known at one close
	days  float64 // to the recovery; NaN until then
}

func (p progress) after(s State, days float64) progress {
	p.known = p.known || s.Premium != Unknown && s.Flows != Unknown && s.Basis != Unknown
	if math.IsNaN(p.days) && s.Lights() == On {
		p.days = days
	}
	return p
}

// recovered is 1 after the recovery, 0 before, and NaN as long as nobody could
// have seen it.
func (p progress) recovered() float64 { return lit(p.known, !math.IsNaN(p.days)).Value() }

// recall feeds the watch with the history that its state depends on, without the
// starting close.
func (w *watcher) recall() {
	from := w.watch.flows.longest + max(w.watch.closes, len(w.watch.flows.cells), len(w.watch.basis.cells))
	for w.past(from).Premium > 0 {
		from++ // the days it has been positive count, however many
	}
	for back := min(from, max(len(w.observed[0]), len(w.observed[1]), len(w.observed[2]))-1); back > 0; back-- {
		w.watch.Step(w.past(back))
	}
}

// past is what was observed so many steps before the starting close.
func (w *watcher) past(back int) Reading {
	at := func(i int) float64 {
		if k := len(w.observed[i]) - 1 - back; k >= 0 {
			return w.observed[i][k]
		}
		return math.NaN()
	}
	return Reading{at(0), at(1), at(2)}
}

// latest is what the latest close shows. At the starting close that is what was
// observed, or where nothing was, the levels from which others start.
func (w *watcher) latest(m *sim.Market) Reading {
	r := Reading{m.Published(w.places[0]), m.Published(w.places[1]), m.Published(w.places[2])}
	if w.closes > 0 {
		return r
	}
	start := w.past(0)
	return Reading{known(start.Premium, r.Premium), known(start.Flow, r.Flow), known(start.Basis, r.Basis)}
}

// known is the first number that is one.
func known(v, other float64) float64 {
	if math.IsNaN(v) {
		return other
	}
	return v
}

func (w *watcher) days() float64 { return float64(w.closes) * w.watch.length }

// Fork implements [sim.Forker].
func (w *watcher) Fork() sim.Trader {
	c, watch := *w, *w.watch
	watch.flows.cells, watch.basis.cells = slices.Clone(watch.flows.cells), slices.Clone(watch.basis.cells)
	c.watch = &watch
	return &c
}

func (*watcher) Begin(*sim.Market)            {}
func (*watcher) Trade(*sim.Market, []float64) {}

func (w *watcher) Settle(m *sim.Market) {
	w.progress = w.progress.after(w.watch.Step(w.latest(m)), w.days())
	w.closes++
}

func (w *watcher) Report(m *sim.Market, out []float64) {
	s := w.watch.peek(w.latest(m))
	p := w.progress.after(s, w.days())
	out[0], out[1], out[2], out[3] = s.Premium.Value(), s.Flows.Value(), s.Basis.Value(), s.Lights().Value()
	out[4], out[5] = p.recovered(), p.days
	out[6], out[7], out[8] = s.PremiumDays, s.FlowSum, s.BasisSD
	if w.blind { // a light that can never come on again is no sign that recovery stays away
		out[3], out[4], out[5] = math.NaN(), math.NaN(), math.NaN()
	}
}
