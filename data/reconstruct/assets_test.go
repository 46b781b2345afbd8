package reconstruct_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat"
)

// assets are the files with a column close, what they are made from, and the
// real closes among the histories that are not part of the repository.
var assets = []struct {
	file     string
	decimals int
	value    func(data.Week) data.Number
	real     string
}{
	{"btc_usd.csv", 0, func(w data.Week) data.Number { return w.BTCClose }, "btctree__btc-power/data/btc_daily.csv"},
	{"eth_usd.csv", 2, func(w data.Week) data.Number { return w.ETHClose }, "btctree__btc-power/data/alt/ETHUSDT.csv"},
	{"sol_usd.csv", 2, func(w data.Week) data.Number { return w.SOLClose }, "btctree__btc-power/data/alt/SOLUSDT.csv"},
	{"nasdaq100_etf.csv", 2, func(w data.Week) data.Number { return w.Nasdaq100Close }, "kittycapital__btc-asset-correlation/data/QQQ.csv"},
	{"software_etf.csv", 2, func(w data.Week) data.Number { return w.SoftwareClose }, "kittycapital__btc-asset-correlation/data/IGV.csv"},
	{"ai_etf.csv", 2, func(w data.Week) data.Number { return w.AIClose }, "dsturdy__Factor_Attribution/data/AIQ.csv"},
	{"silver_etf.csv", 2, func(w data.Week) data.Number { return w.SilverClose }, "btctree__btc-power/data/global/SLV.csv"},
	{"mstr.csv", 2, func(w data.Week) data.Number { return w.MSTRClose }, "dsturdy__Factor_Attribution/data/MSTR.csv"},
}

// related are the assets of which one is drawn given the other.
var related = [][2]string{
	{"btc_usd.csv", "eth_usd.csv"}, {"btc_usd.csv", "sol_usd.csv"}, {"eth_usd.csv", "sol_usd.csv"},
	{"btc_usd.csv", "mstr.csv"}, {"btc_usd.csv", "nasdaq100_etf.csv"}, {"btc_usd.csv", "software_etf.csv"},
	{"btc_usd.csv", "ai_etf.csv"}, {"nasdaq100_etf.csv", "software_etf.csv"}, {"nasdaq100_etf.csv", "ai_etf.csv"},
}

// bySession gives the closes of all assets on the sessions of the bundled files.
func bySession(t *testing.T) (sessions []string, closes map[string][]float64) {
	t.Helper()
	h := parse(t, rebuild(t, bundledFacts(t), bundledSeed))
	sessions = h["mstr.csv"].days
	closes = make(map[string][]float64)
	for _, a := range assets {
		for _, day := range sessions {
			closes[a.file] = append(closes[a.file], h[a.file].span("close", day, day)...)
		}
	}
	return sessions, closes
}

// From session to session the assets move together, and each by as much, as
// they do from week to week.
func TestAssetsMoveAsTheWeeks(t *testing.T) {
	facts := bundledFacts(t)
	sessions, closes := bySession(t)
	perWeek := float64(len(sessions)-1) / float64(len(facts.Weekly)-1)
	daily, weekly := make(map[string][]float64), make(map[string][]float64)
	for _, a := range assets {
		var fridays []float64
		for _, w := range facts.Weekly {
			fridays = append(fridays, float64(a.value(w)))
		}
		daily[a.file], weekly[a.file] = logReturns(closes[a.file]), logReturns(fridays)
		ratio := stat.StdDev(daily[a.file], nil) * math.Sqrt(perWeek) / stat.StdDev(weekly[a.file], nil)
		if !(ratio > 0.8 && ratio < 1.25) {
			t.Errorf("%s: a week's deviation is %.2f of the facts'", a.file, ratio)
		}
	}
	for _, pair := range related {
		got := stat.Correlation(daily[pair[0]], daily[pair[1]], nil)
		want := stat.Correlation(weekly[pair[0]], weekly[pair[1]], nil)
		if !(math.Abs(got-want) < 0.1) {
			t.Errorf("%s and %s: correlation %.2f, by weeks %.2f", pair[0], pair[1], got, want)
		}
	}
}

// The reconstruction has the sessions of the real closes, meets them on
// Fridays, and between moves by about as much and as much together.
func TestAssetsAgainstRealCloses(t *testing.T) {
	facts := bundledFacts(t)
	sessions, closes := bySession(t)
	made, found := make(map[string][]float64), make(map[string][]float64) // log returns
	for _, a := range assets {
		days, real := realCloses(t, a.real, sessions[0], sessions[len(sessions)-1])
		if !strings.HasSuffix(a.file, "_usd.csv") { // coins trade every day
			if diff := cmp.Diff(days, sessions); diff != "" {
				t.Errorf("%s: sessions (-real +reconstructed):\n%s", a.file, diff)
			}
		}
		for _, w := range facts.Weekly {
			friday := w.End.String()
			price := closes[a.file][slices.Index(sessions, friday)]
			if !(math.Abs(price-real[friday]) < 0.501*math.Pow10(-a.decimals)) { // the facts are rounded
				t.Errorf("%s: %v on %s, really %v", a.file, price, friday, real[friday])
			}
		}
		var path []float64
		for _, day := range sessions {
			path = append(path, real[day])
		}
		made[a.file], found[a.file] = logReturns(closes[a.file]), logReturns(path)
		got, want := stat.StdDev(made[a.file], nil), stat.StdDev(found[a.file], nil)
		t.Logf("%s: daily deviation %.4f, really %.4f", a.file, got, want)
		if !(got/want > 0.7 && got/want < 1.3) {
			t.Errorf("%s: the daily deviation is %.2f of the real one", a.file, got/want)
		}
	}
	for _, pair := range related {
		got := stat.Correlation(made[pair[0]], made[pair[1]], nil)
		want := stat.Correlation(found[pair[0]], found[pair[1]], nil)
		t.Logf("%s and %s: correlation %.2f, really %.2f", pair[0], pair[1], got, want)
		if !(math.Abs(got-want) < 0.15) {
			t.Errorf("%s and %s: correlation %.2f, really %.2f", pair[0], pair[1], got, want)
		}
	}
}

// realCloses reads a file of public market data, which the repository does not
// carry, from one day to another.
func realCloses(t *testing.T, file, from, to string) (days []string, closes map[string]float64) {
	t.Helper()
	table, err := data.Open(datatest.File(t, file), data.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	series, err := table.Series(data.Request{Name: file, Kind: data.Price, Unit: data.USD})
	if err != nil {
		t.Fatal(err)
	}
	closes = make(map[string]float64)
	for i := range series.Len() {
		at, price := series.At(i)
		if day := at.Format(time.DateOnly); day >= from && day <= to {
			days = append(days, day)
			closes[day] = price
		}
	}
	return days, closes
}
