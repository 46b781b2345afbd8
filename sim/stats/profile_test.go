package stats_test

import (
	"encoding/json"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

// from lists times a step apart.
func from(start time.Time, step time.Duration, n int) []time.Time {
	times := make([]time.Time, n)
	for i := range times {
		times[i] = start.Add(time.Duration(i) * step)
	}
	return times
}

const oneDay = 24 * time.Hour

// The statistics of ebb that no library gives were computed with NumPy and SciPy from
// their definitions.
func TestStatisticsOfEBB(t *testing.T) {
	sample := sampleOfTen(t)
	sample.Times = from(date(t, "2025-12-26"), oneDay, 11)
	sample.Trials, sample.TrialVariance = 20, 0.25
	want := map[string]float64{
		"best_day":                0.03,
		"worst_day":               -0.05,
		"best_week":               0.0010620302738297838,
		"worst_week":              -0.012,
		"best_month":              0.02163220171999991,
		"worst_month":             -0.04215493420000005,
		"downside_deviation":      0.3632123611368188,
		"smart_sharpe":            -2.4265556817195018,
		"sortino":                 -2.017339988503751,
		"smart_sortino":           -3.073578476471967,
		"autocorrelation_penalty": 0.656348944380744,
		"probabilistic_sharpe":    0.3979134972115127,
		"deflated_sharpe":         0.3397483507689026,
		"calmar":                  -8.969219885072231,
		"omega":                   0.7983208501729421,
		"gain_to_pain":            -0.191919191919192,
		"longest_drawdown_length": 9,
		"average_drawdown":        -0.060936210000000046,
		"average_drawdown_length": 9,
		"time_under_water":        0.9,
		"ulcer_index":             0.03965399056976784,
		"ulcer_performance_index": -14.791708426443295,
		"serenity_index":          -111.6754119979679,
		"recovery_factor":         -0.3118014723921949,
		"win_rate":                5. / 9,
		"payoff":                  0.6464646464646464,
		"profit_factor":           0.8080808080808081,
		"kelly":                   -0.13194444444444442,
		"tail_ratio":              0.6219512195121948,
		"common_sense_ratio":      0.5025868440502584,
		"tail_index":              0.8534582022287218,
		"stability":               0.2503145192960672,
		"r_squared":               0.8416309054031431,
		"beta":                    0.955365306292079,
		"alpha":                   0.9088076506876922,
		"treynor":                 -0.6139539112315376,
		"information_ratio":       0.2801276043234274,
		"capture":                 0.6582922035362826,
		"up_capture":              1.509433962264151,
		"down_capture":            1,
		"up_difference":           0.0045,
		"down_difference":         0,
	}
	short := stats.Describe(sample)
	all := stats.EBB.Describe(sample)
	if len(all.Statistics) != len(want)+len(short.Statistics) {
		t.Errorf("%d statistics, %d expected here and %d in the short list", len(all.Statistics), len(want), len(short.Statistics))
	}
	for _, r := range all.Statistics {
		if v, listed := want[r.Name]; listed {
			near(t, r.Name, r.Value, v)
		} else if !slices.Contains(short.Statistics, r) {
			t.Errorf("%+v is neither expected here nor in the short list", r)
		}
	}
}

// A name means the same in every profile, and stands at the same place of a report.
func TestProfilesShareTheirNames(t *testing.T) {
	all := stats.EBB.Statistics()
	for _, p := range stats.Profiles() {
		last := -1
		for _, s := range p.Statistics() {
			i := slices.IndexFunc(all, func(of stats.Statistic) bool { return of.Name == s.Name })
			if i <= last {
				t.Errorf("%s: %s stands at %d after %d", p, s.Name, i, last)
			}
			last = max(i, last)
			if i < 0 || s.Title != all[i].Title || s.Definition == "" || s.Source == "" || s.Unit == "" {
				t.Errorf("%s: %+v", p, s)
			}
			if found, ok := p.Lookup(s.Name); !ok || found.Definition != s.Definition {
				t.Errorf("%s: %s is not found", p, s.Name)
			}
		}
	}
	if _, ok := stats.VectorBT.Lookup("treynor"); ok {
		t.Error("vectorbt has no Treynor ratio")
	}
	if list := stats.Profile("none").Statistics(); len(list) != 0 {
		t.Errorf("an unknown profile has %d statistics", len(list))
	}
	slices.Reverse(stats.EBB.Statistics())
	if stats.EBB.Statistics()[0].Name != all[0].Name {
		t.Error("the table was altered")
	}
}

func TestPeriodsPerYearOfProfiles(t *testing.T) {
	monday := date(t, "2024-01-01")
	var business, months, quarters []time.Time
	for i := range 20 {
		business = append(business, monday.AddDate(0, 0, i+2*(i/5)))
		months = append(months, monday.AddDate(0, i, 0))
		quarters = append(quarters, monday.AddDate(0, 3*i, 0))
	}
	for name, c := range map[string]struct {
		times                               []time.Time
		ebb, quantStats, empyrical, vectorb float64 // NaN: an error
	}{
		"days":                   {from(monday, oneDay, 20), 365, 252, 252, 365},
		"business days":          {business, 252, 252, 252, 365},
		"five days":              {business[:5], 365, 252, 252, 365},
		"hours":                  {from(monday, time.Hour, 500), 8760, 252, nan, 8760},
		"hours of business days": {slices.DeleteFunc(from(monday, time.Hour, 500), weekend), nan, 252, nan, 8760},
		"weeks":                  {from(monday, 7*oneDay, 20), 365. / 7, 252, 52, 365. / 7},
		"months":                 {months, 12, 252, 12, 365. / 31},
		"quarters":               {quarters, 4, 252, 4, 365. / 91},
		"years":                  {from(monday, 365*oneDay, 5), 1, 252, 1, 1},
		"no times":               {nil, nan, 252, nan, nan},
		"times that go back":     {[]time.Time{monday, monday.Add(-oneDay), monday}, nan, 252, nan, nan},
	} {
		for p, want := range map[stats.Profile]float64{
			stats.EBB: c.ebb, stats.QuantStats: c.quantStats, stats.Empyrical: c.empyrical, stats.VectorBT: c.vectorb, "none": nan,
		} {
			got, err := p.PeriodsPerYear(c.times)
			if got != want && !(math.IsNaN(got) && math.IsNaN(want)) || math.IsNaN(got) != (err != nil) {
				t.Errorf("%s of %s: %v, error %v, want %v", name, p, got, err, want)
			}
		}
	}
}

func weekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// What a caller says wins, and is shown.
func TestPeriodsPerYearGivenWin(t *testing.T) {
	sample := sampleOfTen(t)
	sample.Times = from(date(t, "2024-01-01"), oneDay, 11)
	for _, p := range stats.Profiles() {
		sample.PeriodsPerYear = 100
		if got := p.Describe(sample).PeriodsPerYear; got != 100 {
			t.Errorf("%s: %v periods per year, 100 given", p, got)
		}
		sample.PeriodsPerYear = 0
		own, err := p.PeriodsPerYear(sample.Times)
		if got := p.Describe(sample).PeriodsPerYear; err != nil || got != own {
			t.Errorf("%s: %v periods per year, want its own %v, error %v", p, got, own, err)
		}
	}
}

// checkProfiles holds every profile to finite or absent with a reason.
func checkProfiles(t rapid.TB, sample stats.Sample) {
	t.Helper()
	for _, p := range stats.Profiles() {
		summary := p.Describe(sample)
		if summary.Profile != p || len(summary.Statistics) != len(p.Statistics()) {
			t.Errorf("%s gave %s and %d statistics", p, summary.Profile, len(summary.Statistics))
		}
		for _, r := range summary.Statistics {
			if math.IsInf(r.Value, 0) || math.IsNaN(r.Value) != (r.Reason != "") {
				t.Errorf("%s: %s = %v with reason %q", p, r.Name, r.Value, r.Reason)
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
	}
}

func TestProfilesNeverPanic(t *testing.T) {
	price := rapid.OneOf(
		rapid.Float64Range(1, 2), rapid.Float64(), rapid.Just(1.5),
		rapid.SampledFrom([]float64{0, 1, nan, math.Inf(1), math.MaxFloat64, math.SmallestNonzeroFloat64}),
	)
	start := date(t, "2022-12-28")
	rapid.Check(t, func(t *rapid.T) {
		prices := rapid.SliceOfN(price, 0, 12).Draw(t, "prices")
		times := from(start, time.Duration(rapid.SampledFrom([]int{-1, 0, 1, 24, 168, 9000}).Draw(t, "hours"))*time.Hour,
			max(0, len(prices)+rapid.IntRange(-1, 1).Draw(t, "more times")))
		checkProfiles(t, stats.Sample{
			Prices: prices, Times: times,
			Benchmark:      rapid.SliceOfN(price, 0, 12).Draw(t, "benchmark"),
			PeriodsPerYear: rapid.OneOf(rapid.Float64Range(-1, 1e6), rapid.SampledFrom([]float64{0, math.SmallestNonzeroFloat64, math.MaxFloat64})).Draw(t, "periods"),
			RiskFree:       rapid.Float64Range(-2, 2).Draw(t, "risk-free"),
			Trials:         rapid.IntRange(-1, 1000).Draw(t, "trials"),
			TrialVariance:  rapid.Float64Range(-1, 1e9).Draw(t, "variance"),
		})
	})
}

// calendarStatistics are known of every path that has returns and times.
var calendarStatistics = []string{"best_day", "worst_day", "best_week", "worst_week", "best_month", "worst_month"}

// Without a benchmark and trials, ebb knows of a path:
func TestProfilesOnHardCases(t *testing.T) {
	ofPath := []string{"total_return", "annual_return"}
	fallen := slices.Concat(ofPath, []string{"calmar", "max_drawdown", "max_drawdown_length", "longest_drawdown_length",
		"average_drawdown", "average_drawdown_length", "time_under_water"})
	alone := slices.DeleteFunc(names(stats.EBB), func(name string) bool {
		return name == "deflated_sharpe" || slices.Contains(names(stats.EBB)[slices.Index(names(stats.EBB), "correlation"):], name)
	})
	for name, c := range map[string]struct {
		prices []float64
		known  []string
	}{
		"none":      {nil, nil},
		"one row":   {[]float64{100}, nil},
		"all zeros": {[]float64{0, 0, 0, 0}, nil},
		"gap":       {[]float64{100, nan, 90, 95, 99, 97}, nil},
		"infinite":  {[]float64{100, math.Inf(1), 90, 95, 99, 97}, nil},
		"two rows": {[]float64{100, 90}, slices.Concat(fallen, calendarStatistics,
			[]string{"gain_to_pain", "recovery_factor", "win_rate", "profit_factor"})},
		"constant": {[]float64{100, 100, 100, 100, 100, 100}, slices.Concat(ofPath, calendarStatistics,
			[]string{"volatility", "downside_deviation", "max_drawdown", "max_drawdown_length", "longest_drawdown_length",
				"time_under_water", "ulcer_index", "var_5", "cvar_5"})},
		"huge":                    {[]float64{1e300, 2e300, 1e300, 3e300, 2e300, 4e300}, without(alone, "tail_index")},
		"tiny":                    {[]float64{1e-300, 2e-300, 1e-300, 3e-300, 2e-300, 4e-300}, without(alone, "tail_index")},
		"-100 % on the last day":  {[]float64{100, 110, 99, 105, 90, 0}, without(alone, "stability")},
		"-100 % and then nothing": {[]float64{100, 110, 0, 0}, slices.Concat(fallen, []string{"ulcer_index", "ulcer_performance_index"})},
	} {
		t.Run(name, func(t *testing.T) {
			sample := stats.Sample{Prices: c.prices, Times: from(date(t, "2024-01-01"), oneDay, len(c.prices)), PeriodsPerYear: 365}
			checkProfiles(t, sample)
			var known []string
			for _, r := range stats.EBB.Describe(sample).Statistics {
				if r.Reason == "" {
					known = append(known, r.Name)
				}
			}
			sorted := cmpopts.SortSlices(func(a, b string) bool { return a < b })
			if diff := cmp.Diff(c.known, known, sorted); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func names(p stats.Profile) []string {
	var list []string
	for _, s := range p.Statistics() {
		list = append(list, s.Name)
	}
	return list
}

func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == name })
}

// Statistics of days, weeks and months say what they miss.
func TestCalendarStatisticsAbsent(t *testing.T) {
	sample := sampleOfTen(t)
	for name, c := range map[string]struct {
		times     []time.Time
		statistic string
		want      error
	}{
		"no times":           {nil, "best_day", stats.ErrTimes},
		"too few times":      {from(date(t, "2024-01-01"), oneDay, 5), "worst_week", stats.ErrLength},
		"weeks have no days": {from(date(t, "2024-01-01"), 7*oneDay, 11), "worst_day", stats.ErrTimes},
		"times stand still":  {make([]time.Time, 11), "best_month", stats.ErrArgument},
	} {
		sample.Times = c.times
		s, _ := stats.EBB.Lookup(c.statistic)
		v, err := s.Compute(sample)
		wantError(t, name, v, err, c.want)
	}
	if _, ok := stats.Lookup("best_day"); ok {
		t.Error("the short list has no best day")
	}
	s, _ := stats.QuantStats.Lookup("longest_drawdown_length")
	sample.Times = nil
	if _, err := s.Compute(sample); !errors.Is(err, stats.ErrTimes) || s.Unit != "days" {
		t.Errorf("days under water without times: error %v, unit %s", err, s.Unit)
	}
}
