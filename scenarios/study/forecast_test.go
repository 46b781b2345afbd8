package study_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/forecast"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// published is replayed with flows that are known a day later.
var published = strings.Replace(replayed, "unit: usd_m}", "unit: usd_m, published: 1d}", 1)

const forecasting = "forecast: {asset: btc, from: 2025-12-01, horizons: [5d, 1d], paths: 60}\n" // from the close of day 90

func scoresOf(t *testing.T, st *study.Study, model string, horizon int) forecast.Scores {
	t.Helper()
	for _, s := range st.Forecast.Scores {
		if s.Model == model && s.Horizon == horizon {
			return s
		}
	}
	t.Fatalf("no scores of %s over %d steps", model, horizon)
	return forecast.Scores{}
}

func TestForecast(t *testing.T) {
	st := execute(t, published+forecasting, winter(130, -1))
	f := st.Forecast
	if diff := cmp.Diff([]string{"with feedback", "no feedback", "gbm"}, f.Models); diff != "" {
		t.Error(diff)
	}
	if f.Origins[0] != 90 || f.Times[90].Format("2006-01-02") != "2025-11-30" || len(f.Times) != 130 {
		t.Errorf("first origin %d, %v; %d closes", f.Origins[0], f.Times[f.Origins[0]], len(f.Times))
	}
	if diff := cmp.Diff([]int{1, 5}, f.Horizons); diff != "" {
		t.Error(diff)
	}
	for i, s := range f.Scores {
		if want := 39 - 4*(i/3); len(s.Forecasts) != want {
			t.Errorf("%s over %d steps: %d forecasts, want %d", s.Model, s.Horizon, len(s.Forecasts), want)
		}
		last := s.Forecasts[len(s.Forecasts)-1]
		a, _ := st.Panel.Value("btc.price", last.Origin)
		b, _ := st.Panel.Value("btc.price", last.Origin+s.Horizon)
		near(t, "what came", last.Return, math.Log(b/a), 1e-12)
	}
}

// A spike moves no forecast from a close before it, also not by the flow of the day of
// the close, which is published a day later.
func TestForecastReadsNoFuture(t *testing.T) {
	const spike = 110
	calm, hit := execute(t, published+forecasting, winter(130, -1)), execute(t, published+forecasting, winter(130, spike))
	history := winter(130, -1)
	lines := strings.Split(history["f.csv"], "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "2025-12-18,") { // day 108, a Thursday
			lines[i] = "2025-12-18,-2500"
		}
	}
	history["f.csv"] = strings.Join(lines, "\n")
	flow := execute(t, published+forecasting, history)
	moved := func(other *study.Study, until int) {
		t.Helper()
		last := false
		for i, s := range calm.Forecast.Scores {
			for k, f := range s.Forecasts {
				g := other.Forecast.Scores[i].Forecasts[k]
				if f.Origin <= until && (f.Low != g.Low || f.Median != g.Median) {
					t.Fatalf("%s from close %d, %d steps: %+v, with what came after it %+v", s.Model, f.Origin, s.Horizon, f, g)
				}
				last = last || s.Model == scenarios.WithFeedback && f.Origin == until+1 && f.Low != g.Low
			}
		}
		if !last {
			t.Errorf("the forecast from close %d does not see it", until+1)
		}
	}
	moved(hit, spike-1)
	moved(flow, 108)
}

// Mechanisms of size 0 leave the return to the news: the model is then the one without
// feedback, forecast by forecast.
func TestForecastWithoutFeedback(t *testing.T) {
	st := execute(t, published+strings.TrimSuffix(forecasting, "}\n")+", with: {redemption.response: 0, redemption.impact_scale: 1e-9, trend.capital: 0}}\n", winter(120, -1))
	for _, h := range []int{1, 5} {
		with, without := scoresOf(t, st, scenarios.WithFeedback, h), scoresOf(t, st, scenarios.NoFeedback, h)
		for k, f := range with.Forecasts {
			g := without.Forecasts[k]
			near(t, "score", f.CRPS, g.CRPS, 1e-6)
			near(t, "lower quantile", f.Low, g.Low, 1e-6)
		}
	}
}

// The loop acts in a forecast: from a close after a fall with outflows it expects less
// than the model without it.
func TestForecastKnowsTheState(t *testing.T) {
	st := execute(t, published+strings.Replace(forecasting, "paths: 60", "paths: 400, with: {trend.capital: 0, redemption.persistence: 0.6}", 1), winter(130, 107)) // a Wednesday
	at := func(model string, origin int) float64 {
		for _, f := range scoresOf(t, st, model, 1).Forecasts {
			if f.Origin == origin {
				return f.Median
			}
		}
		t.Fatalf("no forecast from close %d", origin)
		return 0
	}
	// Φ·r·Λ·scale = 5bn · ln .7 · 1 %/3bn · 10 is a sixth of the log fall, on the next session; the flow itself is not known yet.
	gap := at(scenarios.WithFeedback, 107) - at(scenarios.NoFeedback, 107)
	if want := math.Log(.7) / 6; math.Abs(gap-want) > .01 {
		t.Errorf("the median lies %v below that without feedback, want about %v", gap, want)
	}
}

// A cap on waves that is reached is said, beside the forecasts.
func TestForecastSaysCaps(t *testing.T) {
	capped := strings.Replace(published, "mechanisms:", "waves: {max: 1}\nmechanisms:", 1)
	capped = strings.Replace(capped, "impact_scale: 10", "impact_scale: 10, same_day: 50%", 1)
	for text, want := range map[string]bool{capped: true, published: false} {
		said := false
		for _, w := range execute(t, text+forecasting, winter(100, -1)).Warnings {
			said = said || strings.HasPrefix(w, "forecast: steps, over all paths, that reached the cap")
		}
		if said != want {
			t.Errorf("said %v, want %v", said, want)
		}
	}
}

// Workers change nothing, and what a section says is what is used.
func TestForecastRepeats(t *testing.T) {
	s, err := scenarios.Parse("x.yaml", []byte(published+forecasting), nil)
	if err != nil {
		t.Fatal(err)
	}
	one, err := study.Execute(context.Background(), s, files(winter(110, -1)), study.Options{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	three, err := study.Execute(context.Background(), s, files(winter(110, -1)), study.Options{Workers: 3})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(one.Forecast, three.Forecast, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
	other := execute(t, published+strings.Replace(forecasting, "paths: 60", "paths: 60, since: 2025-09-15, every: 5d, to: 2025-12-11, against: [gbm], window: 30d, seed: 2", 1), winter(130, -1))
	f := other.Forecast
	if len(f.Origins) != 3 || f.Times[0].Format("2006-01-02") != "2025-09-15" || f.Times[len(f.Times)-1].Format("2006-01-02") != "2025-12-11" || len(f.Models) != 2 {
		t.Errorf("%d origins, %v to %v, models %v", len(f.Origins), f.Times[0], f.Times[len(f.Times)-1], f.Models)
	}
	if s := f.Scores[0]; s.Overlap != 1 || len(s.Forecasts) != 3 || len(f.Scores[2].Forecasts) != 2 {
		t.Errorf("overlap %d, %d and %d forecasts", s.Overlap, len(s.Forecasts), len(f.Scores[2].Forecasts))
	}
}

// Faults that only the history shows point at the section.
func TestForecastFaults(t *testing.T) {
	for change, want := range map[string]string{
		"from: 2025-09-20": "18 steps", "from: 2026-06-01": "one in the history", "from: 2025-12-01, since: 2025-11-20": "at least 30",
	} {
		s, err := scenarios.Parse("x.yaml", []byte(published+strings.Replace(forecasting, "from: 2025-12-01", change, 1)), nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = study.Prepare(s, files(winter(130, -1)))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "x.yaml:13:") {
			t.Errorf("%s: error %v, expected %q at line 13", change, err, want)
		}
	}
}

// A share has no price at weekends, and steps that it is closed are no forecasts.
func TestForecastOfAShare(t *testing.T) {
	history := winter(130, -1)
	var open []string
	for i, line := range strings.Split(history["p.csv"], "\n") {
		if i == 0 || (i-1)%7 < 5 { // from a Monday
			open = append(open, line)
		}
	}
	history["p.csv"] = strings.Join(open, "\n")
	s, err := scenarios.Parse("x.yaml", []byte(published+forecasting), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = study.Prepare(s, files(history)); err == nil || !strings.Contains(err.Error(), "sessions of the NYSE") {
		t.Errorf("error %v", err)
	}
}
