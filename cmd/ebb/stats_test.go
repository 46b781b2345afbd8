package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What is earned while the benchmark is closed is in the next joined return: none is lost.
func TestJoinedReturnsAreWhole(t *testing.T) {
	always := func(time.Time) bool { return true }
	own, err := readPath("histories/btc_usd.csv", columnAsked{}, always)
	if err != nil {
		t.Fatal(err)
	}
	other, err := readPath("histories/nasdaq100_etf.csv", columnAsked{}, always)
	if err != nil {
		t.Fatal(err)
	}
	j := join(own, other)
	if len(j.times) != 140 || j.dropped != 64 || j.outside != 0 {
		t.Errorf("%d dates, %d dropped, %d outside, want 140, 64, 0", len(j.times), j.dropped, j.outside)
	}
	joined, whole := 1., own.prices[len(own.prices)-1]/own.prices[0]
	for i := 1; i < len(j.own); i++ {
		joined *= j.own[i] / j.own[i-1]
	}
	if math.Abs(joined-whole) > 1e-12 {
		t.Errorf("joined returns compound to %v, the path to %v", joined, whole)
	}
	weekday := func(at time.Time) bool { return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday }
	for _, at := range j.times {
		if !weekday(at) {
			t.Errorf("%v is joined", at)
		}
	}
}

func TestParseRate(t *testing.T) {
	for text, want := range map[string]float64{"4%": .04, " -0.5 %": -.005, "0%": 0} {
		if got, err := parseRate(text); err != nil || got != want {
			t.Errorf("%q: %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "4", "0.04", "%", "x%", "-100%", "NaN%", "Inf%"} {
		if got, err := parseRate(text); err == nil {
			t.Errorf("%q is %v, expected an error", text, got)
		}
	}
}

func TestSplitColumn(t *testing.T) {
	dir := t.TempDir()
	odd := filepath.Join(dir, "a:b.csv")
	if err := os.WriteFile(odd, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][2]string{"x.csv": {"x.csv", ""}, "x.csv:close": {"x.csv", "close"}, odd: {odd, ""}, odd + ":c": {odd, "c"}, `C:\data\x.csv`: {`C:\data\x.csv`, ""}} {
		if file, column := splitColumn(text); file != want[0] || column != want[1] {
			t.Errorf("%q: %q and %q, want %q", text, file, column, want)
		}
	}
}
