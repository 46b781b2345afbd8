package plots

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot"
	"pgregory.net/rapid"
)

// TestEvenly: all last values have as many decimals as the one that needs most,
// and no more than three digits of the largest.
func TestEvenly(t *testing.T) {
	for _, c := range []struct {
		series [][]float64
		want   []string
	}{
		{[][]float64{{0, -.0121, math.NaN()}, {-.01}, nil}, []string{"−1.21\u00a0%", "−1.00\u00a0%"}},
		{[][]float64{{-.01}, {-.02}}, []string{"−1\u00a0%", "−2\u00a0%"}},
		{[][]float64{{1.234}, {-.00125}}, []string{"123\u00a0%", "0\u00a0%"}},
		{[][]float64{{0}, {math.NaN()}}, []string{"0\u00a0%"}},
	} {
		write := evenly(c.series...)
		for i, want := range c.want {
			if got := write(c.series[i][last(c.series[i])]); got != want {
				t.Errorf("%v: %q, want %q", c.series, got, want)
			}
		}
	}
}

func TestShort(t *testing.T) {
	for _, c := range []struct {
		unit Unit
		v    float64
		want string
	}{
		{USD, 60000, "$60k"}, {USD, 63123, "$63.1k"}, {USD, 68020, "$68.0k"}, {USD, 1.7e9, "$1.7bn"}, {USD, -290e6, "−$290m"},
		{USD, 999999, "$1.00m"}, {USD, 8412.3, "$8,412"}, {USD, 1.75, "$1.75"}, {USD, 0, "$0"}, {USD, 2.5e13, "$25tn"},
		{USD, 3e-11, "$3e−11"}, {USD, -1.5e40, "−$1.5e28tn"}, {USD, .0001, "$0.0001"},
		{Percent, .05, "5\u00a0%"}, {Percent, -.0399609375, "−4.00\u00a0%"}, {Percent, -.04, "−4\u00a0%"}, {Percent, -.01172, "−1.17\u00a0%"},
		{Percent, 12.5, "1,250\u00a0%"}, {Number, 713502, "714k"}, {Number, 1.1, "1.1"}, {Number, -3, "−3"},
	} {
		if got := c.unit.short(c.v); got != c.want {
			t.Errorf("%v: %q, want %q", c.v, got, c.want)
		}
	}
}

func TestRough(t *testing.T) {
	for v, want := range map[float64]string{-.0414: "−4.1\u00a0%", -.05: "−5\u00a0%", -.0504: "−5.0\u00a0%", .00012: "0.012\u00a0%", -.00005: "−0.005\u00a0%", .00004999: "≈\u00a00\u00a0%", 0: "0\u00a0%"} {
		if got := rough(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

// The dates of an axis and in texts are in one language.
func TestLanguages(t *testing.T) {
	may := time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)
	for language, want := range map[Language]string{"": "3 May 2026", "en": "3 May 2026", "de": "3. Mai 2026", "fr": "3 mai 2026", "es": "3 may 2026",
		"it": "3 mag 2026", "pt": "3 mai 2026", "nl": "3 mei 2026", "pl": "3 maj 2026"} {
		if got := language.Date(may); got != want {
			t.Errorf("%q: %q, want %q", language, got, want)
		}
		if n := len(language.months()); n != 12 {
			t.Errorf("%q has %d months", language, n)
		}
	}
	line := Timeline{Times: []time.Time{may.AddDate(0, 0, -40), may}, Language: "pl"}
	if got, want := line.period(0, 1), strings.ReplaceAll("24 mar – 3 maj 2026", " ", nbsp); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	s := scale{lo: float64(may.Unix()), hi: float64(may.AddDate(0, 4, 0).Unix())}
	if diff := cmp.Diff([]string{"juin\n2026", "juil", "août", "sept"}, labels(Language("fr").dateTicks(86400)(s, func(string) int { return 5 }))); diff != "" {
		t.Errorf("French months (-want +got):\n%s", diff)
	}
	d := priceData()
	d.Language = "tlh"
	if _, err := Price(d); err == nil || !strings.Contains(err.Error(), `the language is "tlh", expected one of en, de`) {
		t.Errorf("an unknown language: %v", err)
	}
}

func labels(ticks []plot.Tick) []string {
	var l []string
	for _, t := range ticks {
		l = append(l, t.Label)
	}
	return l
}

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		s    scale
		unit Unit
		most int
		want []string
	}{
		{scale{58e3, 126e3, false}, USD, 5, []string{"$60k", "$80k", "$100k", "$120k"}},
		{scale{-820e6, 760e6, false}, USD, 5, []string{"−$500m", "$0", "$500m"}},
		{scale{-2.4e9, 1.1e9, false}, USD, 5, []string{"−$2bn", "−$1bn", "$0", "$1bn"}},
		{scale{-.011, .001, false}, Percent, 5, []string{"−1.00 %", "−0.75 %", "−0.50 %", "−0.25 %", "0 %"}},
		{scale{9e2, 1.3e5, true}, USD, 8, []string{"$1,000", "$2,000", "$5,000", "$10k", "$20k", "$50k", "$100k"}},
		{scale{1e-3, 1e9, true}, USD, 6, []string{"$0.01", "$1", "$100", "$10k", "$1m", "$100m"}},
		{scale{70e3, 90e3, true}, USD, 5, []string{"$70k", "$75k", "$80k", "$85k", "$90k"}},
	} {
		got := labels(c.s.ticks(c.unit, c.most))
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], nbsp, " ")
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v: (-want +got)\n%s", c.s, diff)
		}
	}
}

// TestTicksProperty: on any range there are at least three ticks, in order,
// inside the range, with labels that differ.
func TestTicksProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(-1e9, 1e9).Draw(t, "lo")
		s := fit(lo, lo+rapid.Float64Range(0, 1e10).Draw(t, "span"), false)
		unit := rapid.SampledFrom([]Unit{Percent, USD, Number}).Draw(t, "unit")
		ticks := s.ticks(unit, rapid.IntRange(3, 8).Draw(t, "most"))
		if len(ticks) < 3 || len(ticks) > 10 {
			t.Fatalf("%d ticks on %v", len(ticks), s)
		}
		seen := map[string]bool{}
		for i, tick := range ticks {
			if air := 1e-6 * (s.hi - s.lo); tick.Value < s.lo-air || tick.Value > s.hi+air {
				t.Fatalf("tick %v outside %v", tick.Value, s)
			}
			if i > 0 && tick.Value <= ticks[i-1].Value {
				t.Fatalf("ticks out of order: %v", ticks)
			}
			if seen[tick.Label] {
				t.Fatalf("two ticks are called %q on %v", tick.Label, s)
			}
			seen[tick.Label] = true
		}
	})
}

func TestDateTicks(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		from, to string
		spacing  float64
		most     int
		want     []string
	}{
		{"2025-08-01 00:00", "2026-02-20 00:00", 86400, 9, []string{"Aug\n2025", "Sep", "Oct", "Nov", "Dec", "Jan\n2026", "Feb"}},
		{"2025-08-05 00:00", "2026-02-20 00:00", 86400, 4, []string{"Sep\n2025", "Nov", "Jan\n2026"}},
		{"2025-12-30 00:00", "2026-01-02 00:00", 86400, 9, []string{"30 Dec\n2025", "31 Dec", "1 Jan\n2026", "2 Jan"}},
		{"2025-10-10 14:30", "2025-10-11 02:10", 300, 7, []string{"15:00\n10 Oct", "18:00", "21:00", "00:00\n11 Oct"}},
		{"2012-01-01 00:00", "2026-02-01 00:00", 86400, 9, []string{"2012", "2014", "2016", "2018", "2020", "2022", "2024", "2026"}},
		{"2025-10-10 00:00", "2025-10-10 00:00", 86400, 9, []string{"10 Oct\n2025"}},
		{"0001-01-01 00:00", "9999-12-31 00:00", 86400, 10, []string{"1000", "2000", "3000", "4000", "5000", "6000", "7000", "8000", "9000"}},
	} {
		s := scale{lo: float64(day(c.from).Unix()), hi: float64(day(c.to).Unix())}
		got := labels(Language("").dateTicks(c.spacing)(s, func(string) int { return c.most }))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s to %s: (-want +got)\n%s", c.from, c.to, diff)
		}
	}
}

func TestPeriod(t *testing.T) {
	line := Timeline{Times: dates(days)}
	for _, c := range []struct {
		line     Timeline
		from, to int
		want     string
	}{
		{line, 66, 188, "6 Oct 2025 – 5 Feb 2026"}, {line, 0, 13, "1 Aug – 14 Aug 2025"}, {Timeline{Steps: 9, Start: 4}, 2, 7, "−2 – 3"},
	} {
		if got := strings.ReplaceAll(c.line.period(c.from, c.to), nbsp, " "); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
