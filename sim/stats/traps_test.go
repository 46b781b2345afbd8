package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Traps found in performance libraries, of which ebb must be free.

// A report must not change because a benchmark is added, not even one that trades on
// fewer days: then what needs it is absent, and no return is dropped.
func TestBenchmarkChangesNoOtherStatistic(t *testing.T) {
	alone := sampleOfTen(t)
	alone.Times = from(date(t, "2024-01-01"), oneDay, 11)
	with := alone
	alone.Benchmark = nil
	gap := with
	gap.Benchmark = append([]float64(nil), with.Benchmark...)
	gap.Benchmark[5] = nan // a Saturday
	fewer := with
	fewer.Benchmark = with.Benchmark[:9]
	needs := map[string]bool{}
	for _, p := range stats.Profiles() {
		want := p.Describe(alone).Statistics
		for i, r := range p.Describe(with).Statistics {
			if want[i].Reason == stats.ErrBenchmark.Error() {
				needs[r.Name] = true
			} else if r != want[i] && !(math.IsNaN(r.Value) && math.IsNaN(want[i].Value)) {
				t.Errorf("%s: %+v became %+v beside a benchmark", p, want[i], r)
			}
		}
		for name, sample := range map[string]stats.Sample{"gap": gap, "fewer": fewer} {
			for i, r := range p.Describe(sample).Statistics {
				switch {
				case needs[r.Name] != !math.IsNaN(r.Value) && needs[r.Name] == (r.Reason != ""):
				case !needs[r.Name] && (r.Value == want[i].Value || r.Reason == want[i].Reason):
				default:
					t.Errorf("%s of a benchmark, %s: %+v", name, p, r)
				}
			}
		}
	}
	if len(needs) != 11 {
		t.Errorf("%d statistics need a benchmark: %v", len(needs), needs)
	}
}

// Prices and returns are never guessed from their size: a path says the same in any unit.
func TestScaleOfPricesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		returns := rapid.SliceOfN(rapid.Float64Range(-0.5, 2), 2, 30).Draw(t, "returns")
		prices, err := stats.Wealth(returns)
		if err != nil {
			t.Fatal(err)
		}
		scaled := make([]float64, len(prices))
		for i, p := range prices {
			scaled[i] = p / 1024 // exact
		}
		for _, p := range stats.Profiles() {
			a := p.Describe(stats.Sample{Prices: prices, PeriodsPerYear: 365}).Statistics
			b := p.Describe(stats.Sample{Prices: scaled, PeriodsPerYear: 365}).Statistics
			for i := range a {
				if a[i].Value != b[i].Value && !(math.IsNaN(a[i].Value) && math.IsNaN(b[i].Value)) {
					t.Fatalf("%s: %+v became %+v", p, a[i], b[i])
				}
			}
		}
	})
}

// A drawdown is that of the wealth, also when returns look like prices.
func TestDrawdownOfReturnsThatLookLikePrices(t *testing.T) {
	sample := stats.Sample{Prices: wealth(t, []float64{0.5, 0.2, 1.5, 0, 0.1, 0.3}), PeriodsPerYear: 365}
	for _, p := range stats.Profiles() {
		s, ok := p.Lookup("max_drawdown")
		if !ok {
			t.Fatalf("%s has no drawdown", p)
		}
		if got, err := s.Compute(sample); got != 0 || err != nil {
			t.Errorf("%s: %v, error %v, of a path that never falls", p, got, err)
		}
	}
}

// One number of periods per year stands behind every annual figure of a report.
func TestOneYearInOneReport(t *testing.T) {
	sample := sampleOfTen(t)
	sample.RiskFree = 0
	value := func(name string, perYear float64) float64 {
		sample.PeriodsPerYear = perYear
		s, ok := stats.EBB.Lookup(name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		v, err := s.Compute(sample)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	grow := func(v float64) float64 { return math.Log1p(v) }
	for name, in := range map[string]func(float64) float64{
		"volatility":         func(v float64) float64 { return v * v },
		"downside_deviation": func(v float64) float64 { return v * v },
		"sharpe":             func(v float64) float64 { return v * v },
		"sortino":            func(v float64) float64 { return v * v },
		"alpha":              func(v float64) float64 { return v },
		"annual_return":      grow,
	} {
		near(t, name, in(value(name, 365))/in(value(name, 252)), 365./252)
	}
}

// What differs by rounding alone is no lead on a benchmark and has no beta.
func TestNoRatioOfRoundingErrors(t *testing.T) {
	same := sampleOfTen(t)
	same.Benchmark = nil
	for _, p := range same.Prices {
		same.Benchmark = append(same.Benchmark, 1.1*p)
	}
	steady := sampleOfTen(t)
	for i := range steady.Prices {
		steady.Prices[i] = math.Pow(1.0001, float64(i))
	}
	for _, p := range stats.Profiles() {
		for name, sample := range map[string]stats.Sample{"information_ratio": same, "treynor": steady} {
			if s, ok := p.Lookup(name); ok {
				v, err := s.Compute(sample)
				wantError(t, string(p)+" "+name, v, err, stats.ErrConstant)
			}
		}
	}
}
