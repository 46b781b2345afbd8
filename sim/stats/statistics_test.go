package stats_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

func sampleOfTen(t *testing.T) stats.Sample {
	return stats.Sample{
		Prices: wealth(t, ten), PeriodsPerYear: 365, RiskFree: 0.04, Benchmark: wealth(t, companion),
	}
}

// Every statistic that is described is computed, to the digits of pandas and SciPy,
// and none is computed that is not described.
func TestEveryStatisticIsComputed(t *testing.T) {
	want := map[string]float64{
		"total_return":        -0.021434636520107908,
		"annual_return":       -0.5465502664529378,
		"volatility":          0.46006020137465586,
		"sharpe":              -1.5926672601776917,
		"max_drawdown":        -0.060936210000000046,
		"max_drawdown_length": 9,
		"var_5":               -0.041,
		"cvar_5":              -0.05,
		"skewness":            -0.8403123920892774,
		"excess_kurtosis":     0.4400532218465618,
		"autocorrelation":     -0.39891739638621165,
		"autocorrelation_abs": -0.3923692037642011,
		"correlation":         0.9174044393849111,
	}
	summary := stats.Describe(sampleOfTen(t))
	if summary.Profile != stats.EBB || summary.PeriodsPerYear != 365 || summary.RiskFree != 0.04 || summary.Returns != 10 {
		t.Errorf("%+v", summary)
	}
	described := stats.Statistics()
	if len(described) != len(want) || len(summary.Statistics) != len(want) {
		t.Fatalf("%d described, %d computed, %d expected here", len(described), len(summary.Statistics), len(want))
	}
	for i, s := range described {
		for field, text := range map[string]string{
			"name": s.Name, "title": s.Title, "unit": s.Unit, "definition": s.Definition, "source": s.Source,
		} {
			if text == "" {
				t.Errorf("%s: no %s", s.Name, field)
			}
		}
		r := summary.Statistics[i]
		if r.Name != s.Name || r.Unit != s.Unit || r.Reason != "" {
			t.Errorf("%s: %+v", s.Name, r)
		}
		near(t, s.Name, r.Value, want[s.Name])
		found, ok := stats.Lookup(s.Name)
		if !ok {
			t.Fatalf("%s is not found", s.Name)
		}
		value, err := found.Compute(sampleOfTen(t))
		if err != nil || value != r.Value {
			t.Errorf("%s = %v alone, error %v, and %v in the summary", s.Name, value, err, r.Value)
		}
	}
	if _, ok := stats.Lookup("sharp"); ok {
		t.Error("an unknown name was found")
	}
	if v, err := (stats.Statistic{}).Compute(sampleOfTen(t)); !math.IsNaN(v) || !errors.Is(err, stats.ErrArgument) {
		t.Errorf("the zero Statistic computed %v, error %v", v, err)
	}
}

// Whatever the prices, each value is finite or absent with a reason, and the summary
// can be written.
func checkSummary(t rapid.TB, sample stats.Sample) stats.Summary {
	t.Helper()
	summary := stats.Describe(sample)
	for _, r := range summary.Statistics {
		if math.IsInf(r.Value, 0) || math.IsNaN(r.Value) != (r.Reason != "") {
			t.Errorf("%s = %v with reason %q", r.Name, r.Value, r.Reason)
		}
	}
	text, err := json.Marshal(summary)
	if err != nil {
		t.Fatal(err)
	}
	var back stats.Summary
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(summary, back, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
	return summary
}

func TestDescribeHardCases(t *testing.T) {
	for name, c := range map[string]struct {
		prices []float64
		known  []string // all others are absent
	}{
		"none":      {nil, nil},
		"one row":   {[]float64{100}, nil},
		"all zeros": {[]float64{0, 0, 0, 0, 0}, nil},
		"gap":       {[]float64{100, nan, 90, 95, 99, 97}, nil},
		"negative":  {[]float64{100, -1, 90}, nil},
		"two rows":  {[]float64{100, 90}, []string{"total_return", "annual_return", "max_drawdown", "max_drawdown_length"}},
		"constant": {[]float64{100, 100, 100, 100, 100, 100},
			[]string{"total_return", "annual_return", "volatility", "max_drawdown", "max_drawdown_length", "var_5", "cvar_5"}},
		"-100 % on the last day": {[]float64{100, 110, 99, 105, 90, 0},
			[]string{"total_return", "annual_return", "volatility", "sharpe", "max_drawdown", "max_drawdown_length", "var_5", "cvar_5", "skewness", "excess_kurtosis", "autocorrelation", "autocorrelation_abs"}},
		"-100 % and then nothing": {[]float64{100, 110, 0, 0},
			[]string{"total_return", "annual_return", "max_drawdown", "max_drawdown_length"}},
	} {
		t.Run(name, func(t *testing.T) {
			var known []string
			for _, r := range checkSummary(t, stats.Sample{Prices: c.prices, PeriodsPerYear: 365}).Statistics {
				if r.Reason == "" {
					known = append(known, r.Name)
				}
			}
			if diff := cmp.Diff(c.known, known); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestDescribeNeverPanics(t *testing.T) {
	price := rapid.OneOf(
		rapid.Float64Range(1, 2), rapid.Float64(),
		rapid.SampledFrom([]float64{0, 1, nan, math.Inf(1), math.MaxFloat64, math.SmallestNonzeroFloat64}),
	)
	rapid.Check(t, func(t *rapid.T) {
		checkSummary(t, stats.Sample{
			Prices:         rapid.SliceOfN(price, 0, 12).Draw(t, "prices"),
			Benchmark:      rapid.SliceOfN(price, 0, 12).Draw(t, "benchmark"),
			PeriodsPerYear: rapid.Float64Range(-1, 1e6).Draw(t, "periods"),
			RiskFree:       rapid.Float64Range(-2, 2).Draw(t, "risk-free"),
		})
	})
}

// A benchmark changes nothing but the correlation with it.
func TestBenchmarkChangesNothingElse(t *testing.T) {
	with := sampleOfTen(t)
	without := with
	without.Benchmark = nil
	a, b := stats.Describe(with).Statistics, stats.Describe(without).Statistics
	for i := range a {
		if a[i].Name == "correlation" {
			if b[i].Reason != stats.ErrBenchmark.Error() {
				t.Errorf("without a benchmark: %+v", b[i])
			}
		} else if a[i] != b[i] {
			t.Errorf("%+v became %+v", b[i], a[i])
		}
	}
}

func TestStatisticsIsACopy(t *testing.T) {
	before := stats.Statistics()[0].Name
	slices.Reverse(stats.Statistics())
	if after := stats.Statistics()[0].Name; after != before {
		t.Errorf("the table was altered: %s first, then %s", before, after)
	}
}
