package scenarios

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/param"
	"github.com/ebb-sim/ebb/sim/replay"
)

// Rolling is a scenario made ready to forecast from close after close of its history.
// Close 0 is the first of the history that it is told of, and step k leads from close k
// to close k + 1.
type Rolling struct {
	Plan     *sim.Plan       // along all of that history, without shocks
	Seen     replay.Observed // in the plan's steps
	Lags     map[string]int  // of the observed series: steps until a value is published
	Asset    int             // that is forecast
	Origins  []int           // closes from which it is
	Horizons []int           // steps, ascending
	Times    []time.Time     // of the closes
	Closes   []float64       // log closes of the asset; NaN where it has none of its own
	Rows     [][]float64     // joint log returns of all assets by step; nil where one has no close of its own at an end
	News     driver.Bootstrap
	Window   int // steps that gbm and garch look back; 0: all
	Refit    int // steps
	Notes    []string
}

// Rolling readies what the section forecast asks for; nil where there is none. Of the
// history nothing after the last day that is forecast is read.
func (s *Scenario) Rolling(files Files) (*Rolling, error) {
	ask := s.Forecast
	if ask == nil {
		return nil, nil
	}
	v, faults := s.vary(nil, ask.With)
	if len(faults) > 0 {
		return nil, faults
	}
	history := *s.History
	history.Within = "" // a model that forecasts closes is judged by closes
	if !ask.Since.IsZero() {
		history.From = ask.Since
	}
	if !ask.To.IsZero() {
		history.To = ask.To
	}
	v.History, v.Shocks, v.Monitors = &history, nil, nil
	panel, err := v.ReadHistory(files)
	if err != nil {
		return nil, err
	}
	if series, ok := panel.Series(PriceSeries(ask.Asset)); ok && data.CalendarOf(series) == data.NYSE {
		return nil, data.Faults{s.fault("forecast.asset", "what is forecast", ask.Asset+", which trades on the sessions of the NYSE", "an asset with a price on every step")}
	}
	origin := 0
	for origin+1 < panel.Len() && panel.Time(origin+1).Before(ask.From) {
		origin++
	}
	switch {
	case origin+1 >= panel.Len():
		return nil, data.Faults{s.fault("forecast.from", "the first day that is forecast", param.FormatDate(ask.From),
			"one in the history, which ends with "+param.FormatDate(panel.Time(panel.Len()-1)))}
	case origin < leastPast:
		return nil, data.Faults{s.fault("forecast.from", "the past of the first forecast",
			fmt.Sprintf("%d steps from %s to the close before %s", origin, param.FormatDate(panel.Time(0)), param.FormatDate(ask.From)),
			fmt.Sprintf("at least %d; forecast.since may lie before history.from", leastPast))}
	}
	news := v.drawing()
	v.Simulate = &Simulate{From: panel.Time(origin), Steps: 1, Paths: ask.Paths, Seed: ask.Seed, News: News{Kind: "bootstrap", Config: &news}}
	c, err := v.Compile(panel)
	if err != nil {
		return nil, err
	}
	if c.Start != origin {
		return nil, data.Faults{s.fault("forecast.from", "the first day that is forecast", param.FormatDate(ask.From), "a day, without a time")}
	}
	r, err := c.rolling(ask, origin)
	if err != nil {
		return nil, data.Faults{s.fault("forecast", err.Error(), "", "")}
	}
	return r, nil
}

// leastPast is the number of returns from which news is drawn at least, as in the
// bootstrap itself.
const leastPast = 30

// drawing is how news is drawn from the past: as the scenario does it if it does.
func (s *Scenario) drawing() driver.Bootstrap {
	if s.Simulate != nil {
		if given, ok := s.Simulate.News.Config.(*driver.Bootstrap); ok {
			return *given
		}
	}
	kind, _ := driver.Lookup("bootstrap")
	return *kind.Default().(*driver.Bootstrap)
}

// rolling lays the history of the case out for forecasts from a first origin.
func (c *Case) rolling(ask *Forecast, origin int) (*Rolling, error) {
	plan, err := c.along(c.Panel.Len() - 1)
	if err != nil {
		return nil, err
	}
	r := &Rolling{Plan: plan, Seen: c.observed(plan, 0), Lags: map[string]int{}, Asset: slices.Index(c.Assets(), ask.Asset),
		News: c.drawing(), Window: c.stepsOf(ask.Window), Refit: max(1, c.stepsOf(ask.Refit)), Notes: c.Notes}
	for name := range r.Seen.Series {
		series, _ := c.Panel.Series(name)
		r.Lags[name] = int((series.Lag() + c.Panel.Step() - 1) / c.Panel.Step())
	}
	for _, h := range ask.Horizons {
		r.Horizons = append(r.Horizons, c.stepsOf(h))
	}
	slices.Sort(r.Horizons)
	for k := origin; k < c.Panel.Len()-1; k += c.stepsOf(ask.Every) {
		r.Origins = append(r.Origins, k)
	}
	for i := range c.Panel.Len() {
		r.Times, r.Closes = append(r.Times, c.Panel.Time(i)), append(r.Closes, math.Log(c.own(ask.Asset, i)))
	}
	for k := range plan.Steps {
		r.Rows = append(r.Rows, c.joint(k))
	}
	return r, nil
}

func (c *Case) stepsOf(d time.Duration) int { return int(d / c.Panel.Step()) }

// own is an asset's close of a row, NaN where it has none of its own.
func (c *Case) own(asset string, row int) float64 {
	if v, ok := c.Panel.Value(PriceSeries(asset), row); ok && !c.Panel.Carried(PriceSeries(asset), row) {
		return v
	}
	return math.NaN()
}

// joint are the log returns of all assets in a step of the history; nil where one has no
// close of its own at its end, or none before.
func (c *Case) joint(k int) []float64 {
	var row []float64
	for _, asset := range c.Plan.Assets {
		before, ok := c.Panel.Value(PriceSeries(asset.Name), k)
		now := c.own(asset.Name, k+1)
		if !ok || math.IsNaN(now) {
			return nil
		}
		row = append(row, math.Log(now/before))
	}
	return row
}

// checkForecast asks for a price that can be forecast, and for whole steps.
func (s *Scenario) checkForecast(d *decoder) {
	f, n := s.Forecast, s.root.get("forecast")
	if f == nil || n.form != section {
		return
	}
	if f.Asset != "" && !slices.Contains(s.Assets(), f.Asset) {
		d.blame(n.get("asset"), "forecast.asset", shown(f.Asset), "an asset of the market: "+fmt.Sprint(s.Assets())+data.DidYouMean(f.Asset, s.Assets()))
	} else if f.Asset != "" && (s.History == nil || !s.hasSeries(PriceSeries(f.Asset))) {
		d.blame(n, "forecast", "no history of "+PriceSeries(f.Asset), "one: what came is held against it")
	}
	s.checkForecastDates(d, n)
	if s.History != nil {
		s.checkForecastSteps(d, n)
	}
	for i, item := range n.get("against").list() {
		if slices.Contains(f.Against[:min(i, len(f.Against))], item.text) {
			d.blame(item, "forecast.against", shown(item.text)+" a second time", "each model once")
		}
	}
	if len(s.root.get("mechanisms").list()) == 0 {
		d.blame(n, "forecast", "a scenario without mechanisms", "at least one: the question is whether its feedback forecasts")
	}
	for _, e := range n.get("with").pairs() {
		checkVaried(d, e.key, "forecast.with")
	}
}

func (s *Scenario) checkForecastDates(d *decoder, n *node) {
	f := s.Forecast
	if !f.From.IsZero() && !f.To.IsZero() && f.To.Before(f.From) {
		d.blame(n.get("to"), "forecast.to", param.FormatDate(f.To), "a date not before forecast.from, "+param.FormatDate(f.From))
	}
	if !f.From.IsZero() && !f.Since.IsZero() && !f.Since.Before(f.From) {
		d.blame(n.get("since"), "forecast.since", param.FormatDate(f.Since), "a date before forecast.from, "+param.FormatDate(f.From))
	}
}

func (s *Scenario) checkForecastSteps(d *decoder, n *node) {
	f, step := s.Forecast, s.History.Step
	whole := func(at *node, path string, length time.Duration) {
		if step > 0 && length > 0 && length%step != 0 {
			d.blame(at, path, param.FormatDuration(length), "whole steps of "+param.FormatDuration(step))
		}
	}
	for i, item := range n.get("horizons").list() {
		if i >= len(f.Horizons) {
			break
		}
		whole(item, "forecast.horizons", f.Horizons[i])
		if slices.Contains(f.Horizons[:i], f.Horizons[i]) {
			d.blame(item, "forecast.horizons", shown(item.text)+" a second time", "each horizon once")
		}
	}
	if given := n.get("horizons"); given != nil && given.form == list && len(given.items) == 0 {
		d.blame(given, "forecast.horizons", "an empty list", "at least one horizon")
	}
	for _, span := range []struct {
		key    string
		length time.Duration
	}{{"every", f.Every}, {"window", f.Window}, {"refit", f.Refit}} {
		if at := n.get(span.key); at != nil {
			whole(at, "forecast."+span.key, span.length)
		}
	}
}
