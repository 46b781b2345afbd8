package data

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
)

func openReal(t *testing.T, path string) *Table {
	t.Helper()
	table, err := Open(datatest.File(t, path), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func seriesOf(t *testing.T, table *Table, r Request) Series {
	t.Helper()
	s, err := table.Series(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// The row counts are those of the README beside the files.
func TestRealFilesLoad(t *testing.T) {
	tests := []struct {
		path, format string
		rows         int // of the table
		absent       int // rows without a value in the default column
		first, last  string
		calendar     Calendar
	}{
		{"haturatu__crypto-etf-flow/etf_btc.csv", "farside", 671, 16, "2024-01-11", "2026-08-21", NYSE},
		{"haturatu__crypto-etf-flow/etf_eth.csv", "farside", 533, 10, "2024-07-23", "2026-08-21", NYSE}, // 534 with Seed
		{"haturatu__crypto-etf-flow/etf_sol.csv", "farside", 15, 0, "2026-08-03", "2026-08-21", NYSE},
		{"Mohammad-Hannan__mcg_macro_intel/data/btc_etf_flows.csv", "farside", 512, 0, "2024-01-11", "2026-01-02", NYSE},
		{"btctree__btc-power/data/btc_daily.csv", "ohlcv", 3243, 0, "2017-08-17", "2026-07-03", EveryDay},
		{"btctree__btc-power/data/alt/ETHUSDT.csv", "ohlcv", 3237, 0, "2017-08-17", "2026-06-27", EveryDay},
		{"btctree__btc-power/data/alt/SOLUSDT.csv", "ohlcv", 2147, 0, "2020-08-11", "2026-06-27", EveryDay},
		{"kittycapital__btc-asset-correlation/data/BTC.csv", "ohlcv", 4328, 0, "2014-09-17", "2026-07-23", EveryDay},
		{"kittycapital__btc-asset-correlation/data/DXY.csv", "ohlcv", 3158, 0, "2014-01-02", "2026-07-23", NYSE},
		{"kittycapital__btc-asset-correlation/data/GLD.csv", "ohlcv", 3157, 0, "2014-01-02", "2026-07-23", NYSE},
		{"kittycapital__btc-asset-correlation/data/IGV.csv", "ohlcv", 3157, 0, "2014-01-02", "2026-07-23", NYSE},
		{"kittycapital__btc-asset-correlation/data/QQQ.csv", "ohlcv", 3157, 0, "2014-01-02", "2026-07-23", NYSE},
		{"kittycapital__btc-asset-correlation/data/SPY.csv", "ohlcv", 3157, 0, "2014-01-02", "2026-07-23", NYSE},
		{"RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv", "klines", 2051, 0, "2021-01-01", "2026-08-13", EveryDay},
		{"RonaldLu66__binance-btc-monitor/data/futures/BTCUSDT_1d.csv", "klines", 2038, 0, "2021-01-01", "2026-07-31", EveryDay},
		{"RonaldLu66__binance-btc-monitor/data/BTCUSDT_4h.csv", "klines", 12304, 0, "2021-01-01", "2026-08-13", EveryDay},
		{"owlacar-dotcom__isda/LTCUSDT-1m-2026-02.csv", "klines", 40320, 0, "2026-02-01", "2026-02-28", EveryDay},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			table := openReal(t, tt.path)
			if table.Format() != tt.format || table.Len() != tt.rows {
				t.Errorf("read as %s with %d rows, want %s with %d", table.Format(), table.Len(), tt.format, tt.rows)
			}
			d := Describe(seriesOf(t, table, Request{}))
			if d.Absent != tt.absent || d.Rows != tt.rows-tt.absent {
				t.Errorf("%d rows and %d absent, want %d and %d", d.Rows, d.Absent, tt.rows-tt.absent, tt.absent)
			}
			if got := d.First.Format(time.DateOnly) + " " + d.Last.Format(time.DateOnly); got != tt.first+" "+tt.last {
				t.Errorf("from and to %s, want %s %s", got, tt.first, tt.last)
			}
			if d.Calendar != tt.calendar {
				t.Errorf("calendar %v, want %v", d.Calendar, tt.calendar)
			}
			for _, n := range Check(seriesOf(t, table, Request{}), time.Time{}) {
				t.Log(n)
			}
		})
	}
}

func TestRealFlows(t *testing.T) {
	s := seriesOf(t, openReal(t, "haturatu__crypto-etf-flow/etf_btc.csv"), Request{Name: "btc.etf_flow"})
	if s.Unit() != USD || s.Kind() != Flow || s.Lag() != 24*time.Hour {
		t.Errorf("got a %s in %s published after %v, want a flow in usd after a day", s.Kind(), s.Unit(), s.Lag())
	}
	if got := sumBetween(s, "2025-11-01", "2026-02-10"); math.Abs(got+6170.7) > 1e-6 {
		t.Errorf("2025-11-01 to 2026-02-10: %.4f million, want -6170.7", got)
	}
	months := []struct {
		from, to string
		want     float64
	}{
		{"2025-08-01", "2025-08-31", -749}, {"2025-09-01", "2025-09-30", 3511}, {"2025-10-01", "2025-10-31", 3425},
		{"2025-11-01", "2025-11-30", -3467}, {"2025-12-01", "2025-12-31", -1092}, {"2026-01-01", "2026-01-31", -1605},
		{"2026-02-01", "2026-02-28", -207}, {"2026-03-01", "2026-03-31", 1316}, {"2026-04-01", "2026-04-30", 2022},
		{"2026-05-01", "2026-05-31", -2406}, {"2026-06-01", "2026-06-30", -4510}, {"2026-07-01", "2026-07-31", 173},
		{"2025-02-25", "2025-02-25", -1113.7}, {"2025-11-20", "2025-11-20", -903.2}, {"2025-11-13", "2025-11-13", -866.7},
		{"2026-01-29", "2026-01-29", -817.8},
	}
	for _, m := range months {
		if got := sumBetween(s, m.from, m.to); math.Abs(got-m.want) > 0.5 {
			t.Errorf("%s to %s: %.1f million, want %.1f", m.from, m.to, got, m.want)
		}
	}
}

// sumBetween adds up a flow, in millions of USD.
func sumBetween(s Series, from, to string) float64 {
	sum := 0.0
	for i := range s.Len() {
		if at, v := s.At(i); !at.Before(date(from)) && !at.After(date(to)) {
			sum += v
		}
	}
	return sum / 1e6
}

// The totals of the twice-copied table agree with the funds' own, and its
// quoted footer is left out.
func TestRealTotalsAgree(t *testing.T) {
	funds := seriesOf(t, openReal(t, "haturatu__crypto-etf-flow/etf_btc.csv"), Request{})
	totals := seriesOf(t, openReal(t, "Mohammad-Hannan__mcg_macro_intel/data/btc_etf_flows.csv"), Request{})
	if a, b := sumBetween(funds, "2024-01-11", "2025-12-31"), sumBetween(totals, "2024-01-11", "2025-12-31"); math.Abs(a-b) > 1e-6 {
		t.Errorf("sum %.1f million, the copy has %.1f", a, b)
	}
}

func TestRealPeakAndFall(t *testing.T) {
	for _, path := range []string{"btctree__btc-power/data/btc_daily.csv", "RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv"} {
		t.Run(path, func(t *testing.T) {
			d := seriesOf(t, openReal(t, path), Request{Name: "btc.price"})
			sum := Describe(d)
			if !sum.MaxAt.Equal(date("2025-10-06")) || math.Round(sum.Max) != 124659 {
				t.Errorf("peak %.2f on %s, want 124659 on 2025-10-06", sum.Max, showTime(sum.MaxAt))
			}
			low := valueOn(t, d, "2026-02-05")
			if math.Round(low) != 62910 {
				t.Errorf("close of 2026-02-05 %.2f, want 62910", low)
			}
			if fall := math.Round(1000*(low/sum.Max-1)) / 10; fall != -49.5 {
				t.Errorf("fall %.1f %%, want -49.5", fall)
			}
			if sum.Missing != 0 {
				t.Errorf("gaps %v, want none", sum.Gaps)
			}
		})
	}
}

func valueOn(t *testing.T, s Series, on string) float64 {
	t.Helper()
	for i := range s.Len() {
		if at, v := s.At(i); at.Equal(date(on)) {
			return v
		}
	}
	t.Fatalf("%s has no row on %s", s.Name(), on)
	return 0
}

// Two collectors of the same exchange agree on every common day but the last
// day of either, which was still in progress.
func TestRealClosesAgree(t *testing.T) {
	a := seriesOf(t, openReal(t, "btctree__btc-power/data/btc_daily.csv"), Request{Name: "a"})
	b := seriesOf(t, openReal(t, "RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv"), Request{Name: "b"})
	p, err := Align([]Series{a, b}, AlignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Len() != 2010 {
		t.Errorf("%d common days, want 2010", p.Len())
	}
	for i := range p.Len() {
		x, okX := p.Value("a", i)
		y, okY := p.Value("b", i)
		if !okX || !okY || x != y {
			t.Errorf("%s: %v and %v", showTime(p.Time(i)), x, y)
		}
	}
}

// Four-hour bars become the daily ones: the last close, the sum of volumes.
func TestRealBarsAggregate(t *testing.T) {
	fine := openReal(t, "RonaldLu66__binance-btc-monitor/data/BTCUSDT_4h.csv")
	daily := openReal(t, "RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv")
	p, err := Align([]Series{
		seriesOf(t, fine, Request{Name: "fine.close"}), seriesOf(t, fine, Request{Name: "fine.volume", Column: "volume"}),
		seriesOf(t, daily, Request{Name: "daily.close"}), seriesOf(t, daily, Request{Name: "daily.volume", Column: "volume"}),
	}, AlignOptions{To: date("2026-08-12")}) // the day after is in progress
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Len() {
		a, _ := p.Value("fine.close", i)
		b, _ := p.Value("daily.close", i)
		v, _ := p.Value("fine.volume", i)
		w, _ := p.Value("daily.volume", i)
		if a != b || math.Abs(v-w) > 1e-6*w {
			t.Errorf("%s: close %v, volume %v from 4h bars; %v, %v from the day", showTime(p.Time(i)), a, v, b, w)
		}
	}
}

// US fund flows beside the round-the-clock price: absent on every day without
// a session, never 0 and never carried.
func TestRealFlowsAlign(t *testing.T) {
	price := seriesOf(t, openReal(t, "btctree__btc-power/data/btc_daily.csv"), Request{Name: "btc.price"})
	flow := seriesOf(t, openReal(t, "haturatu__crypto-etf-flow/etf_btc.csv"), Request{Name: "btc.etf_flow"})
	p, err := Align([]Series{price, flow}, AlignOptions{From: date("2024-01-11"), To: date("2026-02-10")})
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Len() {
		if _, ok := p.Value("btc.etf_flow", i); ok != NYSE.Open(p.Time(i)) {
			t.Errorf("%s: flow present %v, but the exchange open %v", showTime(p.Time(i)), ok, !ok)
		}
	}
	if n := len(p.Notes()); n > 8 {
		t.Errorf("%d notes, want them merged: %v", n, p.Notes())
	}
}
