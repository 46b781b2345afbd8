package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
)

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
	with.line = plots.Timeline{Start: rows, Caption: unitOf(plan.Step), Language: s.line.Language}
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

// speaking is the sheet with its dates in a language.
func (s *sheet) speaking(l plots.Language) *sheet {
	with := *s
	with.line.Language = l
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
	if st.Panel == nil {
		return ""
	}
	return statusOf(st.Panel)
}

// statusOf is the status of a history's series, each once.
func statusOf(panel *data.Panel) string {
	var list []string
	for _, name := range panel.Names() {
		series, _ := panel.Series(name)
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

// named is a picture's name: that of the chart, with the asset where there are
// several.
func (s *sheet) named(chart string, asset int) string {
	if len(s.assets) == 1 {
		return chart
	}
	return chart + "-" + s.assets[asset]
}

// keptPaths are those whose series are there one by one.
func (s *sheet) keptPaths() string {
	e := s.Base.Ensemble
	return firstOf(e.Kept(), e.Paths)
}

// firstOf names paths that may be the first of more.
func firstOf(some, all int) string {
	if some < all {
		return fmt.Sprintf("the first %s of %s paths", grouped(some), grouped(all))
	}
	return grouped(all) + " paths"
}

// which says which path a chart of one path shows.
func (s *sheet) which() string {
	switch {
	case s.Spread():
		return "the most central of " + s.keptPaths()
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
	if text == "" {
		return ""
	}
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

// lead is the asset the others are held against: Bitcoin, or else the first.
func (s *sheet) lead() int { return max(s.asset("btc"), 0) }
