package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"golang.org/x/sync/errgroup"
)

// chart is one picture of a result.
type chart struct {
	Name  string
	Title string // what it shows, for `ebb explain`
	draw  func(s *sheet) ([]picture, error)
}

// picture is a figure with its place in the result: "price", "price-eth".
type picture struct {
	name   string
	figure plots.Figure
}

// chartKinds are all the charts ebb draws, in the order of a memo. A chart that
// finds nothing to show in a study draws nothing.
var chartKinds = []chart{
	{"price", "the price with and without what the first comparison leaves out, the feedback shaded between", (*sheet).price},
	{"fan", "the distribution of the price over all paths, beside the median of the first comparison", (*sheet).fan},
	{"ledger", "who moved the price: news and each mechanism, stacked", (*sheet).ledger},
	{"flows", "fund flows as signed bars with their running sum", (*sheet).flows},
	{"drawdown", "how far the price stands below its highest, the worst falls marked", (*sheet).drawdown},
	{"liquidations", "open interest by the price at which it is liquidated, and what is liquidated", (*sheet).liquidations},
	{"treasuries", "holders: cost, liquidation price, unrealised result, health factor, holdings", (*sheet).treasuries},
	{"response", "how the price answers to a fall of 1 %, with and without the loop", (*sheet).response},
	{"waves", "how the fall of the most agitated step builds up, wave by wave", (*sheet).waves},
	{"distribution", "the first outcome over all paths", (*sheet).distribution},
	{"reclaim", "the paths that close above a technical level, and those that do not", (*sheet).reclaim},
	{"lights", "the lights of a recovery monitor, and the probability of recovery by step", (*sheet).lights},
	{"levels", "basis, Coinbase premium and mNAV with their thresholds", (*sheet).levels},
	{"split", "ETF flow in investors' own and arbitrage, beside the basis", (*sheet).split},
	{"exposure", "what an indirect holding loses by price, multiple and leverage", (*sheet).exposure},
	{"relative", "flows of each asset's funds beside what they manage", (*sheet).relative},
	{"comovement", "two accounts of the same prices: rotation, and what the first comparison puts in its place", (*sheet).comovement},
	{"rolling", "rolling correlation and beta of each asset with Bitcoin", (*sheet).rolling},
	{"sensitivity", "the first outcome along the sweep", (*sheet).sensitivity},
	{"skew", "performance skew beside other assets, with standard errors", (*sheet).skew},
	{"breakdown", "reported flows of a week by asset, region and issuer, with their ranges", (*sheet).breakdown},
	{"aum", "a reported week's way from assets before to assets after", (*sheet).aum},
}

// checkCharts blames chart names that nothing draws.
func checkCharts(s *scenarios.Scenario) error {
	var names []string
	for _, k := range chartKinds {
		names = append(names, k.Name)
	}
	var faults data.Faults
	for i, name := range s.Charts {
		if !slices.Contains(names, name) {
			f := s.At(fmt.Sprintf("charts[%d]", i))
			f.Text, f.Found, f.Expected = "unknown chart", fmt.Sprintf("%q", name), "one of: "+strings.Join(names, ", ")+data.DidYouMean(name, names)
			faults = append(faults, f)
		}
	}
	return faults.Err()
}

// drawCharts draws what the scenario asks for, or every chart that has
// something to show. A chart that is asked for and finds nothing to show is one
// of the study's warnings.
func drawCharts(st *study.Study) ([]file, error) {
	s := newSheet(st)
	var pictures []picture
	for _, k := range chartKinds {
		asked := slices.Contains(st.Scenario.Charts, k.Name)
		if len(st.Scenario.Charts) > 0 && !asked {
			continue
		}
		drawn, err := k.draw(s)
		if err != nil {
			return nil, fmt.Errorf("chart %s: %w", k.Name, err)
		}
		if asked && len(drawn) == 0 {
			st.Warnings = append(st.Warnings, "chart "+k.Name+": nothing to show in this scenario")
		}
		pictures = append(pictures, drawn...)
	}
	files := make([]file, len(pictures))
	var group errgroup.Group
	group.SetLimit(8)
	for i, p := range pictures {
		group.Go(func() error {
			var b bytes.Buffer
			err := p.figure.PNG(&b)
			files[i] = file{"plots/" + p.name + ".png", b.Bytes()}
			return err
		})
	}
	return files, group.Wait()
}

// sheet is what the charts of one study share.
type sheet struct {
	*study.Study
	assets  []string
	steps   int
	history int // rows of history shown before the starting close
	line    plots.Timeline
	events  []plots.Event
	status  string
	hash    string // of the scenario
}

// newSheet shows at most as much history as there is simulation.
func newSheet(st *study.Study) *sheet {
	s := &sheet{Study: st, assets: st.Base.Case.Assets(), steps: st.Base.Case.Plan.Steps, status: status(st), hash: st.Scenario.Hash()}
	return s.since(min(st.Base.Case.Start, s.steps))
}

// since is the sheet with that many rows of history before the start.
func (s *sheet) since(rows int) *sheet {
	plan, with := s.Base.Case.Plan, *s
	with.history = rows
	with.line = plots.Timeline{Start: rows, Caption: unitOf(plan.Step)}
	if plan.Start.IsZero() {
		with.line.Steps = with.length()
	} else {
		for k := -rows; k <= plan.Steps; k++ {
			with.line.Times = append(with.line.Times, plan.Start.Add(time.Duration(k)*plan.Step))
		}
	}
	with.events = with.eventsOf("")
	return &with
}

// eventsOf are the named shocks that hit an asset, or an observable of no asset;
// all of them where no asset is given.
func (s *sheet) eventsOf(asset string) []plots.Event {
	plan := s.Base.Case.Plan
	var list []plots.Event
	for _, shock := range plan.Shocks {
		hit := ""
		if shock.Asset >= 0 {
			hit = plan.Assets[shock.Asset].Name
		} else if name, _, ok := strings.Cut(plan.Innovations[shock.Observe].Name, "."); ok {
			hit = name
		}
		if shock.Name == "" || asset != "" && hit != "" && hit != asset {
			continue
		}
		event := plots.Event{At: s.history + 1 + shock.Steps[0], Label: shock.Name}
		if last := s.history + 1 + shock.Steps[len(shock.Steps)-1]; last > event.At {
			event.Until = last
		}
		list = append(list, event)
	}
	return list
}

// status is what charts and tables must say of the data: each status once.
func status(st *study.Study) string {
	var list []string
	if st.Panel == nil {
		return ""
	}
	for _, name := range st.Panel.Names() {
		series, _ := st.Panel.Series(name)
		if s := series.Provenance().Status; s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return strings.Join(list, "; ")
}

func unitOf(step time.Duration) string {
	switch step {
	case 24 * time.Hour:
		return "days"
	case time.Hour:
		return "hours"
	}
	return "steps of " + strings.TrimSuffix(strings.TrimSuffix(step.String(), "0s"), "0m")
}

func (s *sheet) frame(title, subtitle string) plots.Frame {
	return plots.Frame{Title: title, Subtitle: subtitle, Source: s.Scenario.Source, Scenario: s.Scenario.Name,
		Hash: s.hash, Status: s.status}
}

// length is the number of points of the time line.
func (s *sheet) length() int { return s.history + s.steps + 1 }

// absent is a series without a value anywhere.
func (s *sheet) absent() []float64 {
	list := make([]float64, s.length())
	for i := range list {
		list[i] = math.NaN()
	}
	return list
}

// observed is a series of the history along the time line.
func (s *sheet) observed(name string) []float64 {
	list := s.absent()
	panel := s.Base.Case.Panel
	if panel == nil {
		return list
	}
	for i := range list {
		if v, ok := panel.Value(name, s.Base.Case.Start-s.history+i); ok {
			list[i] = v
		}
	}
	return list
}

// path is a run's price, and before it the history.
func (s *sheet) path(run study.Run, asset int) []float64 {
	list := s.observed(scenarios.PriceSeries(s.assets[asset]))
	for k := range s.steps + 1 {
		list[s.history+k] = run.Path.Price(asset, k)
	}
	return list
}

// from keeps a series from the starting close on.
func (s *sheet) from(list []float64) []float64 {
	for i := range s.history {
		list[i] = math.NaN()
	}
	return list
}

// before keeps a series up to the starting close.
func (s *sheet) before(list []float64) []float64 {
	for i := s.history + 1; i < len(list); i++ {
		list[i] = math.NaN()
	}
	return list
}

// future is a series of steps, put after the starting close.
func (s *sheet) future(steps []float64) []float64 {
	list := s.absent()
	copy(list[s.history+1:], steps)
	return list
}

// report is a published series of a run's chosen path, or nil.
func report(run study.Run, name string) []float64 {
	for i, r := range run.Path.Plan.Reports() {
		if r.Name == name {
			return run.Path.Reports[i]
		}
	}
	return nil
}

// named is a picture's name: that of the chart, with the asset where there are
// several.
func (s *sheet) named(chart string, asset int) string {
	if len(s.assets) == 1 {
		return chart
	}
	return chart + "-" + s.assets[asset]
}

// which says which path a chart of one path shows.
func (s *sheet) which() string {
	switch {
	case s.Spread():
		return fmt.Sprintf("the most central of %s paths", grouped(s.Base.Ensemble.Paths))
	case s.Random():
		return "the only path"
	case s.Scenario.Simulate == nil:
		return "replay"
	}
	return "one path, nothing random"
}

// upper is an asset's name for a reader: a ticker in capitals, a word with one.
func upper(asset string) string {
	if len(asset) <= 4 {
		return strings.ToUpper(asset)
	}
	return upperFirst(asset)
}

// upperFirst begins a text as a sentence.
func upperFirst(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// perUnit is what the price of an asset is of.
func (s *sheet) perUnit(asset string) string {
	if s.Panel != nil {
		if series, ok := s.Panel.Series(scenarios.PriceSeries(asset)); ok && data.CalendarOf(series) == data.NYSE {
			return "USD per share"
		}
	}
	return "USD per coin"
}

// asset is the place of an asset by its name, -1 where the market is without it.
func (s *sheet) asset(name string) int { return slices.Index(s.assets, name) }
