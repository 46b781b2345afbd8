package study_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
)

func drawn(t *testing.T, set ...string) *study.Study {
	t.Helper()
	st, err := tryDrawn(set...)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func tryDrawn(set ...string) (*study.Study, error) {
	var list []scenarios.Override
	for _, text := range set {
		key, value, _ := strings.Cut(text, "=")
		list = append(list, scenarios.Override{Key: key, Value: value})
	}
	s, err := scenarios.Parse("x.yaml", []byte(loop), list)
	if err != nil {
		return nil, err
	}
	return study.Execute(context.Background(), s, files{}, study.Options{Workers: 2})
}

// Pairs and strata make the intervals of means narrower, and comparisons still pair
// path with path: the difference of the runs is as sharp as it was.
func TestPathsDrawnTogether(t *testing.T) {
	plain := drawn(t, "simulate.paths=4000")
	width := func(e stats.Estimate) float64 { return e.High - e.Low }
	for way, group := range map[string]int{"antithetic": 2, "stratified": 20} {
		st := drawn(t, "simulate.paths=4000", "simulate.variance="+way)
		for i, o := range st.Outcomes {
			for k, c := range o.Cases {
				alone := plain.Outcomes[i].Cases[k]
				if width(alone.Mean) == 0 {
					continue // flows of nobody
				}
				if got, want := c.Mean.Value, alone.Mean.Value; !(math.Abs(got-want) < width(alone.Mean)) {
					t.Errorf("%s, %s, %s: mean %v, %v of independent paths", way, o.Name, c.Run, c.Mean, alone.Mean)
				}
				for _, pair := range [][2]stats.Estimate{{c.Median, alone.Median}, {c.Low5, alone.Low5}, {c.High95, alone.High95}} {
					if !(math.Abs(pair[0].Value-pair[1].Value) < width(pair[1])) || !(pair[0].Low <= pair[0].Value && pair[0].Value <= pair[0].High) {
						t.Errorf("%s, %s, %s: quantile %v, %v of independent paths", way, o.Name, c.Run, pair[0], pair[1])
					}
				}
				if gain := math.Pow(width(alone.Mean)/width(c.Mean), 2); !(gain > 2) {
					t.Errorf("%s, %s, %s: variance of the mean %.2f times smaller", way, o.Name, c.Run, gain)
				}
				if !strings.Contains(c.Mean.Method, "groups of") {
					t.Errorf("%s: interval by %s", way, c.Mean.Method)
				}
			}
		}
		values := st.Base.Ensemble.Values[0]
		variant := st.Variants[1].Ensemble.Values[0]
		var gaps []float64 // of means of groups
		for from := 0; from < len(values); from += group {
			gap := 0.0
			for i := from; i < from+group; i++ {
				gap += (values[i] - variant[i]) / float64(group)
			}
			gaps = append(gaps, gap)
		}
		want, err := stats.EstimateMean(gaps, study.Level)
		got := st.Outcomes[0].Differences[1].Mean
		if err != nil || !(math.Abs(got.Low-want.Low)+math.Abs(got.High-want.High) < 1e-12) {
			t.Errorf("%s: difference %v, want %v: %v", way, got, want, err)
		}
	}
}

// A precision ends the run early, for the base and all that it is compared with; the
// paths are the first ones of the longer run.
func TestPrecision(t *testing.T) {
	long := drawn(t, "simulate.paths=9000")
	st := drawn(t, "simulate.paths=9000", "simulate.precision={outcome: max_drawdown, relative: 2%}")
	s := st.Base.Stopped
	if s == nil || !s.Reached || s.Paths%1000 != 0 || s.Paths >= 9000 {
		t.Fatalf("stopped at %+v", s)
	}
	for k, run := range st.Runs() {
		for i, values := range run.Ensemble.Values {
			if want := long.Runs()[k].Ensemble.Values[i][:s.Paths]; !slices.Equal(values, want) {
				t.Errorf("%s: outcome %d differs from that of the longer run", run.Label, i)
			}
		}
	}
	at := slices.IndexFunc(st.Outcomes, func(o study.Outcome) bool { return o.Name == "max_drawdown" })
	mean := st.Outcomes[at].Cases[0].Mean
	if diff := cmp.Diff(mean, s.Estimate); diff != "" || !((mean.High-mean.Low)/2 <= .02/1.02*math.Abs(mean.Value)) {
		t.Errorf("mean %v: %s", mean, diff)
	}
	capped := drawn(t, "simulate.paths=1500", "simulate.precision=0.01%")
	if capped.Base.Stopped.Reached || capped.Base.Ensemble.Paths != 1500 || !slices.ContainsFunc(capped.Warnings, func(w string) bool { return strings.Contains(w, "not as precise as asked for") }) {
		t.Errorf("%+v, warnings %q", capped.Base.Stopped, capped.Warnings)
	}
}

// A rare event of the scenario: the tilted paths agree with those of the base, and with
// the news of the base alone the weights are 1.
func TestRare(t *testing.T) {
	const event = "rare={outcome: max_drawdown, threshold: -30%, paths: 4000"
	st := drawn(t, "simulate.paths=20000", event+"}")
	values, ones := st.Base.Ensemble.Values[slices.IndexFunc(st.Base.Outcomes, func(o outcome.Outcome) bool { return o.Name == "max_drawdown" })], 0
	for _, v := range values {
		if v <= -.3 {
			ones++
		}
	}
	plain, err := stats.EstimateProportion(ones, len(values), study.Level)
	r := st.Rare
	if err != nil || r == nil || r.Refused != "" {
		t.Fatalf("%+v, %v", r, err)
	}
	if apart := math.Abs(plain.Value - r.Probability.Value); !(apart < 2*math.Hypot(plain.High-plain.Low, r.Probability.High-r.Probability.Low)/2) {
		t.Errorf("probability %v, %v of plain paths", r.Probability, plain)
	}
	if !(r.Shift[0] < 0) || len(r.Given) != len(st.Base.Outcomes) || !(r.Given[0].Mean.Value < -.2) {
		t.Errorf("%+v", r)
	}
	if refused := drawn(t, event+", tilt: -30, untilted_every: 0}").Rare; refused.Answer != nil || !strings.Contains(refused.Refused, "the weights have collapsed") {
		t.Errorf("a tilt of 30 standard deviations: %+v", refused)
	}
	none := drawn(t, event+", tilt: 0, untilted_every: 0}").Rare
	if none.Ratio.Value != 1 || none.Effective != float64(none.Passing) || none.PilotPaths != 0 {
		t.Errorf("without a tilt: %+v", none)
	}
}

// A driver's caveats stand, however its paths are drawn.
func TestDrawnWarnings(t *testing.T) {
	for _, way := range []string{"antithetic", "stratified"} {
		st := drawn(t, "simulate.news=student", "simulate.variance="+way)
		if !slices.ContainsFunc(st.Warnings, func(w string) bool { return strings.HasPrefix(w, "student: under fat-tailed") }) {
			t.Errorf("%s: warnings %q", way, st.Warnings)
		}
	}
}

func TestDrawingFaults(t *testing.T) {
	for want, set := range map[string][]string{
		"simulate.paths: found 401, expected a multiple of 2":           {"simulate.variance=antithetic", "simulate.paths=401"},
		"stratified paths: news of garch, whose sum over the run":       {"simulate.variance=stratified", "simulate.news=garch"},
		"simulate.precision: found news that is not random":             {"simulate.precision=1%", "simulate.news=none"},
		`unknown outcome: found "drawdown"`:                             {"simulate.precision={outcome: drawdown, absolute: 0.1}"},
		"rare event: news of garch, which is not made of":               {"rare={outcome: return, threshold: -50%}", "simulate.news=garch"},
		`unknown outcome: found "fall"`:                                 {"rare={outcome: fall, threshold: -50%}"},
		"rare.untilted_every: found 1, which leaves no path":            {"rare={outcome: return, threshold: -50%, untilted_every: 1}"},
		"rare.untilted_every: found 7, and 10000 paths, expected paths": {"rare={outcome: return, threshold: -50%, untilted_every: 7}"},
		"a comparison must keep the paths":                              {"compare=[{name: pairs, with: {simulate.variance: antithetic}}]"},
	} {
		if _, err := tryDrawn(set...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", set, err, want)
		}
	}
}
