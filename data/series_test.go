package data

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestSeriesUnits(t *testing.T) {
	tests := []struct {
		name, text string
		request    Request
		kind       Kind
		unit       Unit
		want       float64
	}{
		{"usd_m to usd", "date,a\n2025-08-04,-642.9\n", Request{Kind: Flow, Unit: USDMillion}, Flow, USD, -642.9e6},
		{"usd_k to usd", "date,a\n2025-08-04,2.5\n", Request{Kind: Level, Unit: USDThousand}, Level, USD, 2500},
		{"usd_bn to usd", "date,a\n2025-08-04,167.5\n", Request{Kind: Level, Unit: USDBillion}, Level, USD, 167.5e9},
		{"percent to fraction", "date,a\n2025-08-04,-0.23\n", Request{Kind: Rate, Unit: Percent}, Rate, Fraction, -0.0023},
		{"bp to fraction", "date,a\n2025-08-04,25\n", Request{Kind: Rate, Unit: BasisPoints}, Rate, Fraction, 0.0025},
		{"coins", "date,a\n2025-08-04,713502\n", Request{Kind: Level, Unit: Coins}, Level, Coins, 713502},
		{"a price is in usd", "date,a\n2025-08-04,3\n", Request{Kind: Price}, Price, USD, 3},
		{"ohlcv close", "date,open,high,low,close\n2025-08-04,1,2,1,2\n", Request{}, Price, USD, 2},
		{"ohlcv close as an index", "date,open,high,low,close\n2025-08-04,1,2,1,2\n", Request{Kind: Level, Unit: Points}, Level, Points, 2},
		{"ohlcv volume", "date,open,high,low,close,volume\n2025-08-04,1,1,1,1,5\n", Request{Column: "Volume", Unit: Coins}, Flow, Coins, 5},
		{"farside", "Date,IBIT,Total\n11 Jan 2024,111.7,111.7\n", Request{}, Flow, USD, 111.7e6},
		{"farside fund", "Date,IBIT,FBTC,Total\n11 Jan 2024,1.0,2.0,3.0\n", Request{Column: "fbtc"}, Flow, USD, 2e6},
		{"declared", "# ebb history 1\n# column a: rate bp\ndate,a\n2025-08-04,5\n", Request{}, Rate, Fraction, 0.0005},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := seriesOf(t, parse(t, tt.text), tt.request)
			if _, v := s.At(0); s.Kind() != tt.kind || s.Unit() != tt.unit || v != tt.want {
				t.Errorf("got %s %v %s, want %s %v %s", s.Kind(), v, s.Unit(), tt.kind, tt.want, tt.unit)
			}
		})
	}
}

func TestKlineColumns(t *testing.T) {
	// Without a header, in the microseconds of newer files.
	table := parse(t, "1609459200000000,10,12,9,11,5,1609545599999999,55,7,2,22,0\n")
	if !table.Time(0).Equal(date("2021-01-01")) {
		t.Errorf("opens at %v", table.Time(0))
	}
	tests := []struct {
		column string
		kind   Kind
		unit   Unit
		want   float64
	}{
		{"", Price, USD, 11},
		{"open", Price, USD, 10},
		{"high", Price, USD, 12},
		{"low", Price, USD, 9},
		{"volume", Flow, Coins, 5},
		{"quote_volume", Flow, USD, 55},
		{"trades", Flow, Count, 7},
		{"taker_base", Flow, Coins, 2},
		{"taker_quote", Flow, USD, 22},
	}
	for _, tt := range tests {
		s := seriesOf(t, table, Request{Column: tt.column})
		if _, v := s.At(0); s.Kind() != tt.kind || s.Unit() != tt.unit || v != tt.want {
			t.Errorf("%s: got %s %v %s, want %s %v %s", tt.column, s.Kind(), v, s.Unit(), tt.kind, tt.want, tt.unit)
		}
	}
}

func TestSeriesRefuses(t *testing.T) {
	plain := "date,total,b\n2025-08-04,-3,1\n"
	farside := "Date,IBIT,Total\n11 Jan 2024,1.0,1.0\n"
	tests := []struct {
		name, text string
		request    Request
		want       string
	}{
		{"no column named", plain, Request{Kind: Flow, Unit: USD}, "f.csv: found columns total, b, expected a choice of one of them"},
		{"misspelt column", plain, Request{Column: "toatl"}, `f.csv: found columns total, b, expected column "toatl"; did you mean "total"?`},
		{"kind missing", plain, Request{Column: "total"}, "f.csv: column total: kind missing, expected one of price, flow, rate, level"},
		{"unit missing", plain, Request{Column: "total", Kind: Flow}, "f.csv: column total: unit missing, expected one of usd, usd_k, usd_m, usd_bn, fraction, percent, bp, coins, count, points"},
		{"unit of volume missing", "date,open,high,low,close,volume\n2025-08-04,1,1,1,1,5\n", Request{Column: "volume"}, "f.csv: column volume: unit missing, expected one of usd, usd_k, usd_m, usd_bn, fraction, percent, bp, coins, count, points"},
		{"unknown unit", plain, Request{Column: "total", Kind: Flow, Unit: "usdm"}, `f.csv: column total: unknown unit "usdm", expected one of usd, usd_k, usd_m, usd_bn, fraction, percent, bp, coins, count, points; did you mean "usd" or "usd_m"?`},
		{"unknown kind", plain, Request{Column: "total", Kind: "flux", Unit: USD}, `f.csv: column total: unknown kind "flux", expected price, flow, rate or level`},
		{"unit of another kind", plain, Request{Column: "total", Kind: Rate, Unit: USD}, "f.csv: column total: a rate cannot be in usd"},
		{"unit contradicted", farside, Request{Unit: USD}, `f.csv: column Total: found unit "usd" in the request, expected usd_m, which the file or its format states`},
		{"kind contradicted", farside, Request{Kind: Level}, `f.csv: column Total: found kind "level" in the request, expected flow, which the file or its format states`},
		{"negative price", plain, Request{Column: "total", Kind: Price}, "f.csv:2:12: column total: found -3, expected a price above 0"},
		{"absurdly high price", "date,a\n2025-08-04,1e300\n", Request{Kind: Price}, "f.csv:2:12: column a: found 1e+300, expected a price from 1e-12 to 1e12 USD"},
		{"absurdly low price", "date,a\n2025-08-04,1e-300\n", Request{Kind: Price}, "f.csv:2:12: column a: found 1e-300, expected a price from 1e-12 to 1e12 USD"},
		{"absurd price in its unit", "date,a\n2025-08-04,1001\n", Request{Kind: Price, Unit: USDBillion}, "f.csv:2:12: column a: found 1001, expected a price from 1e-12 to 1e12 USD"},
		{"infinite in its base unit", "date,a\n2025-08-04,1e305\n", Request{Kind: Level, Unit: USDBillion}, "f.csv:2:12: column a: found 1e+305, expected a finite number"},
		{"nothing there", "date,a\n2025-08-04,\n", Request{Kind: Level, Unit: USD}, "f.csv: column a: series a: no values"},
		{"negative lag", plain, Request{Column: "b", Kind: Flow, Unit: USD, Lag: lag(-time.Hour)}, "f.csv: column b: series b: found publication lag -1h0m0s, expected 0 or more: nobody knows a flow before its period ends"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parse(t, tt.text).Series(tt.request)
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSeriesProvenance(t *testing.T) {
	text := "# ebb history 1\n# status: reconstructed\n# source: me\n# column a: flow usd_m published 12h\ndate,a\n2025-08-04,1\n2025-08-05,\n"
	s := seriesOf(t, parse(t, text), Request{Name: "btc.etf_flow", Source: "you", Status: "reconstructed"})
	want := Provenance{
		File: "f.csv", Column: "a", Format: "ebb", Unit: USDMillion, Source: "me; you", Status: "reconstructed",
		SHA256: "c7f4e3bd48612ed0859d792eac69f6695ffa7e1e2396d6d8f1faf81f4c54e062",
	}
	if diff := cmp.Diff(want, s.Provenance()); diff != "" {
		t.Error(diff)
	}
	if s.Name() != "btc.etf_flow" || s.Lag() != 12*time.Hour {
		t.Errorf("got %s after %v", s.Name(), s.Lag())
	}
	if diff := cmp.Diff([]time.Time{date("2025-08-05")}, s.Absent()); diff != "" {
		t.Error(diff)
	}
	for _, want := range []time.Duration{day, 0} { // also against the twelve hours of the file
		if got := seriesOf(t, parse(t, text), Request{Lag: lag(want)}).Lag(); got != want {
			t.Errorf("lag %v, want that of the request, %v", got, want)
		}
	}
}

func lag(d time.Duration) *time.Duration { return &d }

func TestNewSeriesRefuses(t *testing.T) {
	good := Meta{Name: "p", Kind: Price, Unit: USD}
	d := []time.Time{date("2025-08-04"), date("2025-08-05")}
	tests := []struct {
		name   string
		meta   Meta
		times  []time.Time
		values []float64
		want   string
	}{
		{"no name", Meta{Kind: Price, Unit: USD}, d, []float64{1, 2}, "series without a name"},
		{"unit not a base", Meta{Name: "p", Kind: Flow, Unit: USDMillion}, d, []float64{1, 2}, `series p: found unit "usd_m", expected a base unit`},
		{"unit of another kind", Meta{Name: "p", Kind: Price, Unit: Coins}, d, []float64{1, 2}, "series p: a price cannot be in coins"},
		{"lengths", good, d, []float64{1}, "series p: 2 times but 1 values"},
		{"empty", good, nil, nil, "series p: no values"},
		{"unsorted", good, []time.Time{d[1], d[0]}, []float64{1, 2}, "series p: found 2025-08-04 after 2025-08-05, expected ascending times"},
		{"repeated", good, []time.Time{d[0], d[0]}, []float64{1, 2}, "series p: found 2025-08-04 after 2025-08-04, expected ascending times"},
		{"NaN", good, d, []float64{1, math.NaN()}, "series p: 2025-08-05: found NaN, expected a finite number"},
		{"zero price", good, d, []float64{0, 1}, "series p: 2025-08-04: found 0, expected a price above 0"},
		{"absurdly high price", good, d, []float64{1e12, 1.1e12}, "series p: 2025-08-05: found 1.1e+12, expected a price from 1e-12 to 1e12 USD"},
		{"absurdly low price", good, d, []float64{1e-12, 9e-13}, "series p: 2025-08-05: found 9e-13, expected a price from 1e-12 to 1e12 USD"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewSeries(tt.meta, tt.times, tt.values)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// A series keeps its rows whatever becomes of the slices it was made of.
func TestSeriesIsImmutable(t *testing.T) {
	times, values := []time.Time{date("2025-08-04")}, []float64{1}
	s, err := NewSeries(Meta{Name: "a", Kind: Level, Unit: Points}, times, values)
	if err != nil {
		t.Fatal(err)
	}
	times[0], values[0] = time.Time{}, 9
	if at, v := s.At(0); !at.Equal(date("2025-08-04")) || v != 1 {
		t.Errorf("got %v %v", at, v)
	}
}

func TestDescribeAndCheck(t *testing.T) {
	// A flow on sessions: Wednesday is absent, Friday has no row, Monday
	// 2025-09-01 is Labor Day.
	text := "Date,A,B,Total\n25 Aug 2025,1.0,,1.0\n26 Aug 2025,2.0,,2.0\n27 Aug 2025,,,\n28 Aug 2025,-4.0,,-4.0\n2 Sep 2025,0.5,,0.5\n3 Sep 2025,7.0,,7.0\n"
	s := seriesOf(t, parse(t, text), Request{Name: "flow"})
	d := Describe(s)
	if d.Rows != 5 || d.Absent != 1 || d.Min != -4e6 || d.Max != 7e6 || *d.Sum != 6.5e6 || d.Calendar != NYSE || d.Missing != 2 {
		t.Errorf("got %+v with sum %v", d, *d.Sum)
	}
	if !d.MinAt.Equal(date("2025-08-28")) || !d.MaxAt.Equal(date("2025-09-03")) || !d.First.Equal(date("2025-08-25")) || !d.Last.Equal(d.MaxAt) {
		t.Errorf("got %+v", d)
	}
	var got []string
	for _, n := range Check(s, date("2025-09-04").Add(time.Hour)) {
		got = append(got, n.String())
	}
	want := []string{
		"flow: blank cell though open (NYSE): 1 (2025-08-27)",
		"flow: no row though open (NYSE): 1 (2025-08-29)",
		"flow: the last row is inside its publication lag and may be revised: 1 (2025-09-03)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	price := seriesOf(t, parse(t, "date,a\n2025-08-04,1\n2025-08-05,2\n2025-08-08,3\n2025-08-09,3\n2025-08-10,3\n"), Request{Kind: Price})
	if Describe(price).Sum != nil {
		t.Error("a price has a sum")
	}
	got = nil
	for _, n := range Check(price, date("2025-08-10").Add(time.Hour)) {
		got = append(got, n.String())
	}
	want = []string{
		"a: no row though open (every day): 2 (2025-08-06..2025-08-07)",
		"a: the period of the last row is not over: 1 (2025-08-10)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// No input makes the reader panic, and what it accepts is in order.
func TestParseNeverPanics(t *testing.T) {
	pieces := []string{"date", "Date", "Total", "open", "high", "low", "close", "volume", ",", ",", "\n", "\n", "\r\n", "\"",
		"2025-08-04", "2025-08-05", "11 Jan 2024", "1609459200000", "1", "-2.5", "(3)", "1e999", "NaN", "Seed", "#", "# ebb history 1\n",
		"# column close: price usd\n", "\ufeff", "\x00", "é", "", " "}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, p := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 40).Draw(t, "pieces") {
			text += p
		}
		format := rapid.SampledFrom(append(Formats(), "")).Draw(t, "format")
		table, err := Parse("f.csv", []byte(text), ReadOptions{Format: format})
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without a word")
			}
			return
		}
		if table.Len() == 0 {
			t.Fatal("an empty table without a fault")
		}
		for i := 1; i < table.Len(); i++ {
			if !table.Time(i).After(table.Time(i - 1)) {
				t.Fatalf("row %d is not after the one before", i)
			}
		}
		for _, c := range table.Columns() {
			for _, kind := range kinds {
				_, _ = table.Series(Request{Column: c.Name, Kind: kind, Unit: USD})
			}
		}
	})
}
