package study

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/forecast"
	"github.com/ebb-sim/ebb/sim/replay"
)

// A Forecast is how the scenario's model would have forecast an asset, beside others.
type Forecast struct {
	Asset    string
	Models   []string // the scenario's own first
	Horizons []int    // steps
	Step     time.Duration
	Times    []time.Time // of the closes that an origin and an end count
	Origins  []int
	Paths    int
	Tail     float64
	Scores   []forecast.Scores // by horizon, then by model
}

// At are the scores over one of the horizons, by model.
func (f *Forecast) At(horizon int) []forecast.Scores {
	n := len(f.Models)
	return f.Scores[horizon*n : (horizon+1)*n]
}

// parts of a histogram of places.
const parts = 10

// forecast lets the models forecast.
func (study *Study) forecast(ctx context.Context, opt Options) error {
	if study.rolling == nil {
		return nil
	}
	ask, r := study.Scenario.Forecast, study.rolling
	own, models, err := forecasters(ask, r, opt.Workers)
	if err != nil {
		return fmt.Errorf("forecast: %w", err)
	}
	options := forecast.Options{Origins: r.Origins, Horizons: r.Horizons, Paths: ask.Paths, Central: ask.Intervals, Tail: ask.Tail, Parts: parts, Level: Level}
	if opt.Progress != nil {
		options.Progress = func(done, total int) { opt.Progress("forecast", done, total) }
	}
	scores, err := forecast.Roll(ctx, r.Closes, models, options)
	if err != nil {
		return fmt.Errorf("forecast: %w", err)
	}
	study.Forecast = &Forecast{Asset: ask.Asset, Horizons: r.Horizons, Step: r.Plan.Step, Times: r.Times, Origins: r.Origins, Paths: ask.Paths, Tail: ask.Tail, Scores: scores}
	for _, m := range models {
		study.Forecast.Models = append(study.Forecast.Models, m.Name())
	}
	study.doubtForecast(own)
	return nil
}

// forecasters are the models in the order of the file, the scenario's own first. All of
// them draw with one seed.
func forecasters(ask *scenarios.Forecast, r *scenarios.Rolling, workers int) (*forecast.Feedback, []forecast.Model, error) {
	walk, err := replay.NewWalk(r.Plan, r.Seen, r.Lags)
	if err != nil {
		return nil, nil, err
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	own := &forecast.Feedback{Label: scenarios.WithFeedback, Plan: r.Plan, Walk: walk, Asset: r.Asset, Config: r.News, Seed: ask.Seed, Workers: workers}
	for _, row := range r.Rows {
		own.Traded = append(own.Traded, row != nil)
	}
	for _, innovation := range r.Plan.Innovations {
		own.Observed = append(own.Observed, r.Seen.Series[innovation.Name] != nil)
	}
	var names []string
	for _, a := range r.Plan.Assets {
		names = append(names, a.Name)
	}
	returns := make(forecast.Past, len(r.Rows))
	for k := range returns {
		returns[k] = r.Closes[k+1] - r.Closes[k]
	}
	list := []forecast.Model{own}
	for _, name := range ask.Against {
		switch name {
		case scenarios.NoFeedback:
			list = append(list, &forecast.Bootstrap{Rows: r.Rows, Asset: r.Asset, Config: r.News, Names: names, Seed: ask.Seed})
		case "gbm":
			list = append(list, &forecast.GBM{Returns: returns, Window: r.Window, Seed: ask.Seed})
		case "garch":
			list = append(list, &forecast.GARCH{Returns: returns, Window: r.Window, Refit: r.Refit, Seed: ask.Seed})
		default:
			return nil, nil, fmt.Errorf("unknown model %q", name)
		}
	}
	return own, list, nil
}

// doubtForecast says what a reader must know beside the figures of a forecast.
func (study *Study) doubtForecast(own *forecast.Feedback) {
	f := study.Forecast
	say := func(format string, args ...any) {
		study.Warnings = append(study.Warnings, "forecast: "+fmt.Sprintf(format, args...))
	}
	if n := own.Walk.GapSteps(); n > 0 {
		say("steps of the past that leave a gap which no news reaches, and which is drawn as part of the news: %d", n)
	}
	if n := own.CappedSteps(); n > 0 {
		say("steps, over all paths, that reached the cap of %d waves and whose feedback is cut short: %d", own.Plan.MaxWaves, n)
	}
	for _, s := range f.At(0) {
		if s.Paused > 0 {
			say("%s gives none from %d of %d closes: %s", s.Model, s.Paused, len(f.Origins), s.Pause)
		}
	}
	for h := range f.Horizons {
		if s := f.At(h)[0]; s.Overlap > 1 {
			say("those over %d steps overlap; %d of %d stand apart, on which the tests of coverage and of the histogram are made",
				s.Horizon, s.Apart(), len(s.Forecasts))
		}
	}
}
