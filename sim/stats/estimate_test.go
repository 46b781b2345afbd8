package stats_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ebb-sim/ebb/sim/stats"
)

func TestEstimateJSON(t *testing.T) {
	for name, c := range map[string]struct {
		e    stats.Estimate
		want string
	}{
		"whole": {
			stats.Estimate{Value: -0.25, Low: -0.5, High: 0, Level: 0.95, N: 10, Method: "m"},
			`{"value":-0.25,"low":-0.5,"high":0,"level":0.95,"n":10,"method":"m"}`,
		},
		"absent": {
			stats.Estimate{Value: nan, Low: nan, High: nan, Level: nan, N: 0, Method: "m", Warnings: []string{"why"}},
			`{"value":null,"low":null,"high":null,"level":null,"n":0,"method":"m","warnings":["why"]}`,
		},
	} {
		text, err := json.Marshal(c.e)
		if err != nil || string(text) != c.want {
			t.Errorf("%s: %s, error %v, want %s", name, text, err, c.want)
		}
		var back stats.Estimate
		if err := json.Unmarshal(text, &back); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.e, back, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
	var bare stats.Estimate
	if err := json.Unmarshal([]byte(`{"n":3}`), &bare); err != nil || !math.IsNaN(bare.Value) || !math.IsNaN(bare.High) {
		t.Errorf("missing numbers: %+v, error %v: they are absent, not 0", bare, err)
	}
	if text, err := json.Marshal(stats.Estimate{Value: math.Inf(1)}); err == nil {
		t.Errorf("an infinity was written: %s", text)
	}
}

func TestEstimateString(t *testing.T) {
	e := stats.Estimate{Value: -0.123449, Low: -0.15, High: nan, Level: 0.995, N: 1000, Warnings: []string{"one", "two"}}
	if got, want := e.String(), "-0.1234 [-0.15, –] at 99.5 %, n = 1000 (one; two)"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Every estimator refuses what it cannot use: no number, a reason in the error and in
// the warnings, and never a panic.
func TestEstimatorsRefuse(t *testing.T) {
	good, gap, short, huge := []float64{1, 2, 4}, []float64{1, nan, 2}, []float64{1}, []float64{1.7e308, -1.7e308, 1.7e308}
	type estimator func(x []float64, level float64) (stats.Estimate, error)
	estimators := map[string]estimator{
		"mean": stats.EstimateMean,
		"mean difference": func(x []float64, level float64) (stats.Estimate, error) {
			return stats.EstimateMeanDifference(x, x, level)
		},
		"ratio":    func(x []float64, level float64) (stats.Estimate, error) { return stats.EstimateRatio(x, x, level) },
		"quantile": func(x []float64, level float64) (stats.Estimate, error) { return stats.EstimateQuantile(x, 0.5, level) },
		"quantile difference": func(x []float64, level float64) (stats.Estimate, error) {
			return stats.EstimateQuantileDifference(x, x, 0.5, level)
		},
	}
	for name, estimate := range estimators {
		for fault, c := range map[string]struct {
			x     []float64
			level float64
			want  error
		}{
			"no paths":  {nil, 0.95, stats.ErrTooFew},
			"gap":       {gap, 0.95, stats.ErrGap},
			"infinite":  {[]float64{1, math.Inf(-1)}, 0.95, stats.ErrNotFinite},
			"level 0":   {good, 0, stats.ErrArgument},
			"level 1":   {good, 1, stats.ErrArgument},
			"level 95":  {good, 95, stats.ErrArgument},
			"level NaN": {good, nan, stats.ErrArgument},
		} {
			e, err := estimate(c.x, c.level)
			what := name + ", " + fault
			wantError(t, what, e.Value, err, c.want)
			if !math.IsNaN(e.Low) || !math.IsNaN(e.High) || len(e.Warnings) != 1 || err != nil && e.Warnings[0] != err.Error() {
				t.Errorf("%s: %+v", what, e)
			}
			if _, err := json.Marshal(e); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		one, err := estimate(short, 0.95)
		if err != nil || math.IsNaN(one.Value) || !math.IsNaN(one.Low) || len(one.Warnings) == 0 {
			t.Errorf("%s of one path: %+v, error %v: want a value, no interval, a warning", name, one, err)
		}
		if e, err := estimate(huge, 0.95); err == nil && (math.IsInf(e.Value, 0) || math.IsInf(e.Low, 0) || math.IsInf(e.High, 0)) {
			t.Errorf("%s of huge numbers: %v", name, e)
		}
	}
	pairs := map[string]func(a, b []float64) (stats.Estimate, error){
		"mean difference":     func(a, b []float64) (stats.Estimate, error) { return stats.EstimateMeanDifference(a, b, 0.95) },
		"ratio":               func(a, b []float64) (stats.Estimate, error) { return stats.EstimateRatio(a, b, 0.95) },
		"quantile difference": func(a, b []float64) (stats.Estimate, error) { return stats.EstimateQuantileDifference(a, b, 0.5, 0.95) },
	}
	for name, estimate := range pairs {
		e, err := estimate(good, short)
		wantError(t, name+" of unequal lengths", e.Value, err, stats.ErrLength)
		e, err = estimate(good, gap)
		wantError(t, name+" with a gap in the second", e.Value, err, stats.ErrGap)
	}
}

func warned(e stats.Estimate, text string) bool {
	return strings.Contains(strings.Join(e.Warnings, "\n"), text)
}
