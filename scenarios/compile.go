package scenarios

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/param"
	"github.com/ebb-sim/ebb/sim/stats"
)

// A Case is a scenario made ready to run: one plan, one driver.
type Case struct {
	*Scenario
	Panel  *data.Panel // the history on the plan's grid; nil without one
	Start  int         // row of the starting close in the panel
	Plan   *sim.Plan
	Driver sim.Driver
	Notes  []string // what a reader must know of how the plan came about

	env driver.Env // what the driver was built with
}

// minReturns is the least number of returns a volatility is measured on.
const minReturns = 20

// Compile makes the scenario ready to run from the history that
// [Scenario.ReadHistory] gave. All faults come back at once.
func (s *Scenario) Compile(panel *data.Panel) (*Case, error) { return s.compile(panel, nil) }

// CompileVariant is Compile for a scenario that is compared with a base: a
// shock that hits a mechanism the variant is without falls away.
func (s *Scenario) CompileVariant(panel *data.Panel, base *Case) (*Case, error) {
	return s.compile(panel, base)
}

func (s *Scenario) compile(panel *data.Panel, base *Case) (*Case, error) {
	b := &builder{Case: &Case{Scenario: s}, base: base, history: panel, step: defaultStep}
	if panel != nil {
		grid, err := s.grid(panel)
		if err != nil {
			return nil, err
		}
		b.Panel, b.step = grid, grid.Step()
		if b.Start, err = s.startRow(grid); err != nil {
			return nil, err
		}
	}
	if s.Simulate != nil && s.Simulate.Step != 0 {
		if panel != nil && s.Simulate.Step != b.step {
			b.fault("simulate.step", "the length of a step", param.FormatDuration(s.Simulate.Step), "that of the history, "+param.FormatDuration(b.step))
		}
		b.step = s.Simulate.Step
	}
	b.steps()
	b.assets()
	if b.Panel != nil {
		b.whole()
	}
	b.past()
	b.mechanisms()
	b.sessions()
	b.shocks()
	if len(b.faults) > 0 {
		return nil, b.faults
	}
	plan, err := sim.Compile(b.plan)
	if err != nil {
		return nil, data.Faults{s.fault("name", err.Error(), "", "")}
	}
	b.Plan = plan
	b.driver()
	return b.Case, b.faults.Err()
}

// builder gathers a plan and the faults on the way.
type builder struct {
	*Case
	base    *Case
	history *data.Panel // as it was read; its grid is the plan's but for candles
	step    time.Duration
	plan    sim.Plan
	names   []string
	faults  data.Faults
}

func (b *builder) fault(path, text, found, expected string) {
	b.faults = append(b.faults, b.Scenario.fault(path, text, found, expected))
}

// steps sets the grid: length, number, and the label of the starting close.
func (b *builder) steps() {
	b.plan.Step = b.step
	b.plan.Tolerance, b.plan.MaxWaves = b.Waves.Tolerance, b.Waves.Max
	switch {
	case b.Simulate != nil:
		b.plan.Steps = b.Simulate.Steps
		b.plan.Start = b.Simulate.From
	case b.Panel.Len() < 2:
		b.fault("history", "a replay", fmt.Sprintf("%d step", b.Panel.Len()), "at least 2")
	default:
		b.plan.Steps = b.Panel.Len() - 1
	}
	if b.Panel != nil {
		b.plan.Start = b.Panel.Time(b.Start)
	}
}

// PriceSeries is the name of an asset's price in a history.
func PriceSeries(asset string) string { return asset + ".price" }

// whole blames a replay for days on which there is no price to replay.
func (b *builder) whole() {
	first, last := b.Start, b.Start+b.plan.Steps
	if b.Simulate != nil && b.Simulate.News.Kind != "replay" {
		return
	}
	for _, name := range b.names {
		for i := first; i <= min(last, b.Panel.Len()-1); i++ {
			if _, ok := b.Panel.Value(PriceSeries(name), i); !ok {
				b.fault("history.series."+PriceSeries(name), "a replay of "+name, "no price on "+param.FormatDate(b.Panel.Time(i)),
					"one on every step; over a gap of a few days the last one is carried")
				break
			}
		}
	}
}

func (b *builder) assets() {
	b.names = b.Assets()
	for _, name := range b.names {
		m := b.Market[name]
		price := b.price(name, m)
		daily := m.DailyVolatility()
		if daily == 0 {
			daily = b.measured(name)
		}
		b.plan.Assets = append(b.plan.Assets, sim.Asset{Name: name, Price: price, Law: m.Law(daily),
			Permanent: m.Permanent, Kernel: m.Kernel(b.step), Volatility: daily * math.Sqrt(b.stepDays()),
			VolatilityDecay: math.Pow(m.VolatilityDecay, b.stepDays()), DepthExponent: m.DepthExponent})
	}
}

func (b *builder) stepDays() float64 { return b.step.Hours() / 24 }

// price is the starting close: the history's, or the file's where there is none.
func (b *builder) price(asset string, m Market) float64 {
	path := "market." + asset
	if b.Panel == nil || !b.Panel.Has(PriceSeries(asset)) {
		if m.Price == 0 {
			b.fault(path, "the price of "+asset+" is not known", "neither a history "+PriceSeries(asset)+" nor a price", "one of the two")
		}
		return m.Price
	}
	if m.Price != 0 {
		b.fault(path+".price", "the price of "+asset, "a price beside the history "+PriceSeries(asset), "one of the two")
	}
	price, ok := b.Panel.Value(PriceSeries(asset), b.Start)
	if !ok {
		b.fault(path, "the price of "+asset, "none in the history on "+b.plan.Start.Format(time.DateOnly), "a starting close")
	}
	return price
}

// measured is the daily volatility of the returns up to the start; of a
// replay, which has none before it, of the whole history.
func (b *builder) measured(asset string) float64 {
	path, to := "market."+asset+".volatility", b.Start
	if b.history == nil || !b.history.Has(PriceSeries(asset)) {
		b.fault(path, "the volatility of "+asset+" is not known", "neither a history "+PriceSeries(asset)+" nor a volatility", "one of the two")
		return 0
	}
	if b.Simulate == nil {
		to = b.history.Len() - 1
	}
	var list []float64
	for _, row := range returns(b.history, []string{asset}, to) {
		list = append(list, row[0])
	}
	if len(list) < minReturns {
		b.fault(path, "the volatility of "+asset+" is to be measured on the history",
			fmt.Sprintf("%d returns up to the start", len(list)), fmt.Sprintf("at least %d, or a volatility here", minReturns))
		return 0
	}
	series, _ := b.history.Series(PriceSeries(asset))
	annual, err := stats.Volatility(list, data.CalendarOf(series).DaysPerYear()*24/b.history.Step().Hours())
	if err != nil {
		b.fault(path, "the volatility of "+asset+" is to be measured on the history", err.Error(), "prices that move, or a volatility here")
	}
	if err == nil && annual == 0 {
		b.fault(path, "the volatility of "+asset+" is to be measured on the history", "prices that do not move", "prices that do, or a volatility here")
	}
	of := "the history up to the start"
	if b.Simulate == nil {
		of = "the whole replayed history, which an impact law or depth that needs it knows in advance"
	}
	b.Notes = append(b.Notes, fmt.Sprintf("volatility of %s measured on %d returns of %s: %.1f %% a year", asset, len(list), of, 100*annual))
	if b.Simulate != nil && data.CalendarOf(series) == data.NYSE {
		b.Notes = append(b.Notes, asset+" trades on the sessions of the NYSE; simulated it moves on every step, with the same volatility a year")
	}
	return annual / math.Sqrt(driver.YearDays)
}

// returns are the joint log returns of the rows up to last for which every asset
// has a price of its own, not one carried over.
func returns(panel *data.Panel, assets []string, last int) [][]float64 {
	var rows [][]float64
	for i := 1; i <= last; i++ {
		row := make([]float64, 0, len(assets))
		for _, name := range assets {
			series := PriceSeries(name)
			before, ok := panel.Value(series, i-1)
			now, too := panel.Value(series, i)
			if ok && too && !panel.Carried(series, i) {
				row = append(row, math.Log(now/before))
			}
		}
		if len(row) == len(assets) {
			rows = append(rows, row)
		}
	}
	return rows
}

// future are the joint log returns of every row after the start, as far as all
// assets have a price. A price carried over a gap has not moved.
func (b *builder) future() [][]float64 {
	var rows [][]float64
	for i := b.Start + 1; i < b.Panel.Len(); i++ {
		row := make([]float64, len(b.names))
		for a, name := range b.names {
			before, ok := b.Panel.Value(PriceSeries(name), i-1)
			now, too := b.Panel.Value(PriceSeries(name), i)
			if !ok || !too {
				return rows // a hole too long to carry a price over
			}
			row[a] = math.Log(now / before)
		}
		rows = append(rows, row)
	}
	return rows
}

// past gives the plan what was observed up to the start.
func (b *builder) past() {
	if b.Panel == nil {
		return
	}
	b.plan.Past.LogPrice = make([][]float64, len(b.names))
	for a, name := range b.names {
		var closes []float64
		for i := b.Start - 1; i >= 0; i-- {
			price, ok := b.Panel.Value(PriceSeries(name), i)
			if !ok {
				break // what lies before a hole cannot be joined to the start
			}
			closes = append(closes, math.Log(price))
		}
		slices.Reverse(closes)
		b.plan.Past.LogPrice[a] = closes
	}
	b.plan.Past.Series = map[string][]float64{}
	for _, name := range b.Panel.Names() {
		values, present := b.Panel.Column(name)
		for i := range values {
			if !present[i] {
				values[i] = math.NaN()
			}
		}
		b.plan.Past.Series[name] = b.published(name, values[:b.Start+1])
	}
	for i := range b.Start + 1 {
		b.plan.Past.Sessions = append(b.plan.Past.Sessions, session(b.Panel.Time(i), b.step))
	}
}

// published leaves out what was not known at the starting close: a flow that is
// published a day later is that of the day before.
func (b *builder) published(name string, values []float64) []float64 {
	series, _ := b.Panel.Series(name)
	for i := range values {
		if b.Panel.Time(i).Add(series.Lag()).After(b.plan.Start) {
			values[i] = math.NaN()
		}
	}
	return values
}

func (b *builder) mechanisms() {
	env := &mechanism.Env{Assets: b.names, Step: b.step}
	for _, m := range b.Mechanisms {
		env.Mechanisms, env.Kinds = append(env.Mechanisms, m.Name()), append(env.Kinds, m.Kind)
	}
	if b.base != nil { // what a variant leaves out may still be referred to
		for _, m := range b.base.Mechanisms {
			if !slices.Contains(env.Mechanisms, m.Name()) {
				env.Mechanisms, env.Kinds = append(env.Mechanisms, m.Name()), append(env.Kinds, m.Kind)
			}
		}
	}
	for _, a := range b.plan.Assets {
		env.Prices = append(env.Prices, a.Price)
	}
	for i, m := range b.Mechanisms {
		path := fmt.Sprintf("mechanisms[%d]", i)
		built, err := m.Config.Build(m.Name(), env)
		if err != nil {
			b.blame(path, m.Name(), err)
			continue
		}
		if !b.alone(path, built) {
			continue
		}
		common := m.Config.Travels()
		b.plan.Entries = append(b.plan.Entries, sim.Entry{Mechanism: built, ImpactScale: common.ImpactScale, Permanent: common.Permanent})
	}
	b.plan.Innovations = env.Innovations
	b.monitors(env)
	b.needs()
}

// monitors adds those whose series somebody publishes. One of which none is
// published watches the history alone.
func (b *builder) monitors(env *mechanism.Env) {
	for i, m := range b.Monitors {
		path := fmt.Sprintf("monitors[%d]", i)
		built, err := m.Config.Build(m.Name(), env)
		if err != nil {
			b.blame(path, m.Name(), err)
			continue
		}
		if r, ok := built.(sim.Reader); ok && !b.watched(built.Name()) && !slices.ContainsFunc(r.Reads(), b.isPublished) {
			b.watchesHistory(path, r)
			continue
		}
		if b.alone(path, built) {
			b.plan.Entries = append(b.plan.Entries, sim.Entry{Mechanism: built})
		}
	}
}

// watched tells whether a monitor is part of the base's plan, as it must then be
// of a variant's.
func (b *builder) watched(name string) bool {
	return b.base != nil && slices.ContainsFunc(b.base.Plan.Entries, func(e sim.Entry) bool { return e.Mechanism.Name() == name })
}

// watchesHistory blames a monitor that has nothing to watch.
func (b *builder) watchesHistory(path string, r sim.Reader) {
	for _, name := range r.Reads() {
		if b.Panel == nil || !b.Panel.Has(name) {
			b.fault(path, "what it watches", "no "+name, "a mechanism that publishes it, or a history of all that it watches")
		}
	}
}

// isPublished tells whether an entry so far publishes a series.
func (b *builder) isPublished(name string) bool { return slices.Contains(b.publishedSeries(), name) }

func (b *builder) publishedSeries() []string {
	var list []string
	for _, e := range b.plan.Entries {
		if r, ok := e.Mechanism.(sim.Reporter); ok {
			for _, report := range r.Reports() {
				list = append(list, report.Name)
			}
		}
	}
	return list
}

// needs blames the scenario for series that are needed and that nobody
// publishes; a variant may be without them.
func (b *builder) needs() {
	if b.base != nil {
		return
	}
	published := b.publishedSeries()
	for _, e := range b.plan.Entries {
		n, ok := e.Mechanism.(sim.Needer)
		if !ok {
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(n.Needs()), func(name string) bool { return slices.Contains(published, name) })
		if len(missing) > 0 {
			b.fault(e.Mechanism.Name(), "what "+e.Mechanism.Name()+" follows", "no "+strings.Join(missing, ", "),
				"mechanisms that publish them"+data.DidYouMean(missing[0], published))
		}
	}
}

// alone tells whether no mechanism so far publishes a series of the same name:
// two fund groups of one asset, or one holder twice.
func (b *builder) alone(path string, m sim.Mechanism) bool {
	r, ok := m.(sim.Reporter)
	if !ok {
		return true
	}
	for _, report := range r.Reports() {
		for _, e := range b.plan.Entries {
			other, ok := e.Mechanism.(sim.Reporter)
			if ok && slices.ContainsFunc(other.Reports(), func(o sim.Report) bool { return o.Name == report.Name && !o.AddsTo(report) }) {
				b.fault(path, "the series "+report.Name, "a second mechanism that publishes it, beside "+e.Mechanism.Name(), "one mechanism that publishes it")
				return false
			}
		}
	}
	return true
}

// blame takes apart the joined errors of the Build of what the file knows under a
// label.
func (b *builder) blame(path, label string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			b.blame(path, label, e)
		}
		return
	}
	var blamed *param.Error
	if errors.As(err, &blamed) {
		b.fault(path+"."+blamed.Path, label+"."+blamed.Path, blamed.Found, blamed.Expected)
		return
	}
	b.fault(path, err.Error(), "", "")
}

func (b *builder) driver() {
	config, path := b.news()
	env := &driver.Env{Assets: b.names, StepDays: b.stepDays(), Steps: b.Plan.Steps, Innovations: b.Plan.Innovations, Session: b.Plan.Session}
	for _, a := range b.Plan.Assets {
		env.Volatility = append(env.Volatility, a.Volatility)
	}
	if b.Panel != nil {
		env.Past = returns(b.Panel, b.names, b.Start)
		env.Future = b.future()
	}
	built, err := config.Build(env)
	if err != nil {
		b.blame(path, b.newsLabel(), err)
		return
	}
	if w, ok := built.(driver.Warner); ok {
		b.Notes = append(b.Notes, w.Warnings()...)
	}
	b.Driver, b.env = b.together(built), *env
}

// newsLabel is what a message calls the driver.
func (b *builder) newsLabel() string {
	if b.Simulate == nil {
		return "replay"
	}
	return b.Simulate.News.Kind
}

// news is the configuration of the driver and where the file states it.
func (b *builder) news() (driver.Config, string) {
	standard := func(name string) driver.Config {
		kind, _ := driver.Lookup(name)
		return kind.Default()
	}
	switch {
	case b.Simulate == nil:
		return standard("replay"), "history"
	case b.Simulate.News.Config == nil:
		b.Notes = append(b.Notes, "no news: the price moves by shocks and mechanisms alone")
		return standard("none"), "simulate.news"
	}
	return b.Simulate.News.Config, "simulate.news." + b.Simulate.News.Kind
}
