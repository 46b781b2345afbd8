package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
)

// The forecasts of the winter on real closes and flows: the figures that the scenario's
// text states. Two crashes do not tell the models apart; a start long before the sizes
// that the scenario states does.
func TestRealForecast(t *testing.T) {
	text := strings.Join(strings.Fields(bundledScenario(t, "winter-2025-26").Text), " ")
	states := func(numbers string) {
		t.Helper()
		if !strings.Contains(text, numbers) {
			t.Errorf("the scenario's text does not state %q", numbers)
		}
	}
	points := func(v float64) string { return signed(100*v, 2) }
	of := realForecast(t)
	states(points(of("with feedback", 1).CRPS.Value) + " % against " + points(of("no feedback", 1).CRPS.Value) + " %")
	for _, c := range []struct {
		steps, forecasts int
		of               string
	}{{1, 124, " (95 %: "}, {5, 120, " ("}, {20, 105, " ("}} {
		s := of("no feedback", c.steps)
		d := s.Difference
		states(points(d.Value) + c.of + points(d.Low) + " to " + points(d.High) + ")")
		if s.Forecasts != c.forecasts || !(d.Low < 0 && d.High > 0) || *s.Compared.P < .5 {
			t.Errorf("%d steps: %d forecasts, difference %v, p %v: the text says that it cannot be told from 0", c.steps, s.Forecasts, d, *s.Compared.P)
		}
		if g := of("gbm", c.steps).Difference; !(g.Low < 0 && g.High > 0) {
			t.Errorf("%d steps: the normal law differs by %v, and the text says that it does as well", c.steps, g)
		}
	}
	early := realForecast(t, "--set", "forecast.since=2024-01-11", "--set", "forecast.against=[no feedback, gbm, garch]")
	states(points(early("with feedback", 1).CRPS.Value) + " % against " + points(early("no feedback", 1).CRPS.Value) + " %")
	if s := early("no feedback", 1); s.Difference.Low <= 0 || *s.Compared.P > .05 {
		t.Errorf("begun in 2024 the difference is %v, p %v: the text says worse", s.Difference, *s.Compared.P)
	}
	if g := early("garch", 1); g.Forecasts != 124 || !(g.CRPS.Value > .013 && g.CRPS.Value < .015) {
		t.Errorf("garch: %d forecasts, CRPS %v", g.Forecasts, g.CRPS)
	}
	if d := realForecast(t, "--set", "forecast.since=2024-01-11", "--set", "trend.capital=0")("no feedback", 1).Difference; d.Low > 0 || d.High < 0 {
		t.Errorf("without trend followers it is %v: the text says that it is gone", d)
	}
}

// realForecast runs the winter on real closes and flows and gives its scores by model and
// horizon.
func realForecast(t *testing.T, set ...string) func(model string, steps int) scoresSummary {
	t.Helper()
	raw := datatest.Folder(t)
	dir := filepath.Join(t.TempDir(), "out")
	ebb(t, append([]string{"run", "winter-2025-26", "-o", dir, "--set", "attribute=~", "--set", "compare=~", "--set", "charts=[price]",
		"--set", "history.series.btc.price.file=" + filepath.Join(raw, "btctree__btc-power/data/btc_daily.csv"),
		"--set", "history.series.eth.price.file=" + filepath.Join(raw, "btctree__btc-power/data/alt/ETHUSDT.csv"),
		"--set", "history.series.btc.etf_flow.file=" + filepath.Join(raw, "haturatu__crypto-etf-flow/etf_btc.csv"),
		"--set", "history.series.btc.etf_flow.column=Total",
		"--set", "history.series.btc.basis=~", "--set", "history.series.btc.coinbase_premium=~"}, set...)...)
	f := readSummary(t, dir).Forecast
	if f.From != "2025-10-09" || f.To != "2026-02-09" {
		t.Errorf("forecasts from the closes of %s to %s, want those before 2025-10-10 to 2026-02-10", f.From, f.To)
	}
	for _, s := range f.Scores {
		t.Logf("%s, %d steps: %d forecasts, CRPS %.3f %%, Kupiec on %d of %d", s.Model, s.Steps, s.Forecasts, 100*s.CRPS.Value, s.ViolationsApart, s.Apart)
		if s.Difference != nil {
			t.Logf("  the first model less it %.3f %% [%.3f, %.3f], Diebold–Mariano p %.3f", 100*s.Difference.Value, 100*s.Difference.Low, 100*s.Difference.High, *s.Compared.P)
		}
	}
	return func(model string, steps int) scoresSummary {
		for _, s := range f.Scores {
			if s.Model == model && s.Steps == steps {
				return s
			}
		}
		t.Fatalf("no scores of %s over %d steps", model, steps)
		return scoresSummary{}
	}
}

// The winter forecasts with the flow parameters that market data gave before the days
// that are forecast, to six digits.
func TestForecastParametersAreOfBefore(t *testing.T) {
	raw := datatest.Folder(t)
	path := filepath.Join(t.TempDir(), "calibrated.yaml")
	ebb(t, "calibrate", "redemption-loop", "-o", path, "--holidays-as-zero", "--set", "history.from=2024-01-10", "--set", "history.to=2025-10-09",
		"--set", "simulate.from=2025-10-09", "--set", "shocks=~", "--set", "reverse=~",
		"--set", "history.series.btc.price.file="+filepath.Join(raw, "btctree__btc-power/data/btc_daily.csv"),
		"--set", "history.series.btc.etf_flow.file="+filepath.Join(raw, "haturatu__crypto-etf-flow/etf_btc.csv"),
		"--set", "history.series.btc.etf_flow.column=Total")
	fragment, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	winter := bundledScenario(t, "winter-2025-26")
	if from := winter.Forecast.From.Format(time.DateOnly); from != "2025-10-10" || len(winter.Forecast.With) != 3 {
		t.Errorf("forecasts from %s with %v", from, winter.Forecast.With)
	}
	for _, o := range winter.Forecast.With {
		if line := strings.TrimPrefix(o.Key, "redemption.") + ": " + o.Value + " #"; !strings.Contains(string(fragment), line) {
			t.Errorf("%s = %s is not what the calibration gives:\n%s", o.Key, o.Value, fragment)
		}
	}
}
