package data

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

func parse(t *testing.T, text string) *Table {
	t.Helper()
	table, err := Parse("f.csv", []byte(text), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestRecognise(t *testing.T) {
	klineTail := ",1,1.5,.5,1,10,1609545599999,10,3,5,5,0"
	tests := []struct{ name, text, want string }{
		{"ebb", "# ebb history 1\ndate,total\n2025-08-04,1\n", "ebb"},
		{"ebb with bars", "# ebb history 1\ndate,open,high,low,close\n2025-08-04,1,1,1,1\n", "ebb"},
		{"plain", "date,value\n2025-08-04,1\n", "plain"},
		{"plain total", "date,total\n2025-08-04,1\n", "plain"},
		{"ohlcv", "date,open,high,low,close,volume\n2025-08-04,1,1,1,1,0\n", "ohlcv"},
		{"ohlcv as Yahoo", "Date,Close,High,Low,Open,Volume\n2025-08-04,1,1,1,1,0\n", "ohlcv"},
		{"farside", "Date,IBIT,Total\n11 Jan 2024,1.0,1.0\n", "farside"},
		{"farside after Seed", "Date,IBIT,Total\nSeed,1.0,9.0\n11 Jan 2024,1.0,1.0\n", "farside"},
		{"farside totals", "Date,Total\n11 Jan 2024,1.0\n", "farside"},
		{"klines", "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n1609459200000" + klineTail + "\n", "klines"},
		{"klines, other names", "Open time,Open,High,Low,Close,Volume,Close time,Quote asset volume,Number of trades,Taker buy base asset volume,Taker buy quote asset volume,Ignore\n1609459200000" + klineTail + "\n", "klines"},
		{"klines without header", "1609459200000" + klineTail + "\n1609545600000" + klineTail + "\n", "klines"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := parse(t, tt.text).Format(); got != tt.want {
				t.Errorf("read as %s, want %s", got, tt.want)
			}
		})
	}
}

// cells shows a table as text: the date and each column's cell.
func cells(table *Table) []string {
	var rows []string
	for i := range table.Len() {
		row := showTime(table.Time(i))
		for _, c := range table.Columns() {
			cell := "absent"
			if v, ok := table.Value(c.Name, i); ok {
				cell = show(v)
			}
			row += " " + cell
		}
		rows = append(rows, row)
	}
	return rows
}

func TestCells(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"byte order mark, CRLF, no final newline", "\ufeffdate,a\r\n2025-08-04,1\r\n2025-08-05,2", []string{"2025-08-04 1", "2025-08-05 2"}},
		{"blank lines", "date,a\n\n2025-08-04,1\n\n\n2025-08-05,2\n", []string{"2025-08-04 1", "2025-08-05 2"}},
		{"empty is absent, zero is zero", "date,a,b\n2025-08-04,,0\n2025-08-05,0.0,\n", []string{"2025-08-04 absent 0", "2025-08-05 0 absent"}},
		{"exponents and spaces", "date,a\n2025-08-04,1e-04\n2025-08-05, -2.5E+3 \n", []string{"2025-08-04 0.0001", "2025-08-05 -2500"}},
		{"text column left out", "date,a,remark\n2025-08-04,1,fine\n2025-08-05,2,\n", []string{"2025-08-04 1", "2025-08-05 2"}},
		{"dates", "date,a\n2025-08-04,1\n5 Aug 2025,2\n2025-08-06 12:30:00 UTC,3\n2025-08-07T02:00:00+02:00,4\n2025-08-08 01:00:00,5\n1754697600,6\n1754784000000,7\n1754870400000000,8\n", []string{
			"2025-08-04 1", "2025-08-05 2", "2025-08-06 12:30 3", "2025-08-07 4", "2025-08-08 01:00 5", "2025-08-09 6", "2025-08-10 7", "2025-08-11 8"}},
		{"accountants' numbers", "Date,A,B,Total\n11 Jan 2024,(95.1),\"1,234.5\",\"1,139.4\"\n12 Jan 2024,−3.0,\"(1,000.0)\",-1003.0\n16 Jan 2024,-,5.0,5.0\n", []string{
			"2024-01-11 -95.1 1234.5 1139.4", "2024-01-12 -3 -1000 -1003", "2024-01-16 absent 5 5"}},
		{"holiday and quiet day", "Date,A,B,Total\n12 Jan 2024,1.0,,1.0\n15 Jan 2024,,,0.0\n16 Jan 2024,0.0,,0.0\n", []string{
			"2024-01-12 1 absent 1", "2024-01-15 absent absent absent", "2024-01-16 0 absent 0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, cells(parse(t, tt.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Every fault, word for word.
func TestFaults(t *testing.T) {
	const dates = "a date such as 2025-10-06, 6 Oct 2025, 2025-10-06T00:00:00Z, or epoch seconds or milliseconds"
	const knownFormats = "    ebb: a head that starts with \"# ebb history 1\", then date and values\n" +
		"    klines: open_time in epoch milliseconds, open, high, low, close, volume, close_time, …\n" +
		"    ohlcv: date, open, high, low, close and perhaps volume, in any order\n" +
		"    farside: Date as 11 Jan 2024, a column for each fund, Total\n" +
		"    plain: a date column (date, time, datetime, timestamp, day, open_time, snapped_at) and any others; kind and unit come with the request"
	bars := "date,open,high,low,close\n"
	tests := []struct{ name, text, want string }{
		{"empty file", "", "f.csv: found no rows, expected a header line and rows of data"},
		{"head only", "# ebb history 1\n", "f.csv: found no rows, expected a header line and rows of data"},
		{"header only", "date,a\n", "f.csv: found a header without rows, expected rows of data"},
		{"not text", "PK\x00\x01", "f.csv: found bytes that are not UTF-8 text, expected a CSV file in UTF-8"},
		{"tabs", "date\tclose\n2025-08-04\t1\n", "f.csv:1: found cells separated by tabs or semicolons, expected commas"},
		{"no date column", "a,b\n1,2\n", "f.csv:1: format not recognised: found columns a, b, expected one of\n" + knownFormats},
		{"control characters", "\x01\x02\x1b[31m\n", `f.csv:1: format not recognised: found columns "\x01\x02\x1b[31m", expected one of` + "\n" + knownFormats},
		{"blank names", "\"\",\"\"\n1,2\n", `f.csv:1: format not recognised: found columns "", "", expected one of` + "\n" + knownFormats},
		{"many columns", strings.Repeat("a,", 41) + "a\n", "f.csv:1: format not recognised: found columns " + strings.Repeat("a, ", 40) + "and 2 more, expected one of\n" + knownFormats},
		{"control characters in a name", "date,a\x1b[2J\n2025-08-04,1\n", `f.csv:1:6: found column "a\x1b[2J", expected a name without control characters`},
		{"dates only", "date\n2025-08-04\n", `f.csv:1:1: found no other column than "date", expected a column of numbers`},
		{"misspelt date", "dtae,open,high,low,close\n2025-08-04,1,1,1,1\n", `f.csv:1: found columns dtae, open, high, low, close, expected a column "date"; is it "dtae"?`},
		{"misspelt close", "date,open,high,low,clsoe\n2025-08-04,1,1,1,1\n", `f.csv:1: found columns date, open, high, low, clsoe, expected a column "close"; is it "clsoe"?`},
		{"missing low", "date,open,high,close\n2025-08-04,1,1,1\n", `f.csv:1: found columns date, open, high, close, expected a column "low"`},
		{"misspelt total", "Date,IBIT,Totl\n11 Jan 2024,1,1\n", `f.csv:1: found columns Date, IBIT, Totl, expected a column "Total"; is it "Totl"?`},
		{"header twice", "date,a,A\n2025-08-04,1,2\n", `f.csv:1:8: found column "A" twice, expected each column name once`},
		{"header empty", "date,a,\n2025-08-04,1,2\n", `f.csv:1:8: found an empty column name, expected a name for every column`},
		{"date twice", "date,a\n2025-08-04,1\n\n2025-08-04,2\n", `f.csv:4:1: column date: found "2025-08-04" again, as on line 2, expected each date once`},
		{"date twice in two forms", "date,a\n2025-08-04,1\n4 Aug 2025,2\n", `f.csv:3:1: column date: found "4 Aug 2025" again, as on line 2, expected each date once`},
		{"unsorted", "date,a\n2025-08-04,1\n2025-08-06,2\n2025-08-05,3\n", `f.csv:4:1: column date: found "2025-08-05" after "2025-08-06", expected ascending dates`},
		{"backwards", "date,a\n2025-08-06,1\n2025-08-05,2\n2025-08-04,3\n", `f.csv:3:1: column date: found "2025-08-05" after "2025-08-06", expected ascending dates; all of this file runs from new to old`},
		{"no date", "date,a\n,1\n", `f.csv:2:1: column date: found nothing, expected ` + dates},
		{"ambiguous date", "date,a\n3/4/2026,1\n", `f.csv:2:1: column date: found "3/4/2026", expected ` + dates},
		{"no such day", "date,a\n2025-02-30,1\n", `f.csv:2:1: column date: found "2025-02-30", expected ` + dates},
		{"future", "date,a\n2027-01-01,1\n", `f.csv:2:1: column date: found "2027-01-01", expected a date not after today, 2026-09-01`},
		{"footer in ohlcv", bars + "Total,1,1,1,1\n", `f.csv:2:1: column date: found "Total", expected ` + dates},
		{"text in a number", "date,a\n2025-08-04,12x\n2025-08-05,1\n", `f.csv:2:12: column a: found "12x", expected a number`},
		{"NaN", "date,a\n2025-08-04,NaN\n2025-08-05,1\n", `f.csv:2:12: column a: found "NaN", expected a number`},
		{"infinity", "date,a\n2025-08-04,1\n2025-08-05,-Inf\n", `f.csv:3:12: column a: found "-Inf", expected a number`},
		{"too large", "date,a\n2025-08-04,1\n2025-08-05,1e999\n", `f.csv:3:12: column a: found "1e999", expected a number`},
		{"hexadecimal", "date,a\n2025-08-04,1\n2025-08-05,0x10\n", `f.csv:3:12: column a: found "0x10", expected a number`},
		{"dash", "date,a\n2025-08-04,1\n2025-08-05,-\n", `f.csv:3:12: column a: found "-", expected a number`},
		{"quoted thousands", "date,a\n2025-08-04,\"42,123\"\n", `f.csv:2:12: column a: found "42,123", expected a number without parentheses or thousands separators`},
		{"unquoted thousands", "date,a\n2025-08-04,42,123\n", `f.csv:2:1: found 3 cells, expected 2 as in the header (a number with a thousands separator needs quotes)`},
		{"short row", "date,a,b\n\n2025-08-04,1\n", `f.csv:3:1: found 2 cells, expected 3 as in the header`},
		{"bare quote", "date,a\n2025-08-04,1\"2\n2025-08-05,x\n", "f.csv:2:13: found a \" inside a cell without quotes, expected a quoted cell with the \" doubled"},
		{"open quote", "date,a\n2025-08-04,\"1\n2025-08-05,2\n", "f.csv:2: found a quoted cell that is not closed, or text after its end, expected \"…\" around the whole cell"},
		{"empty close", bars + "2025-08-04,1,1,1,\n", `f.csv:2:18: column close: found an empty cell, expected a price; leave out the row if there is none`},
		{"negative price", bars + "2025-08-04,1,1,-1,1\n", `f.csv:2:16: column low: found -1, expected a price above 0`},
		{"zero price", bars + "2025-08-04,1,1,0,1\n", `f.csv:2:16: column low: found 0, expected a price above 0`},
		{"absurd prices", bars + "2025-08-04,1,1e300,1e-300,1\n", "f.csv:2:14: column high: found 1e+300, expected a price from 1e-12 to 1e12 USD\n" +
			"f.csv:2:20: column low: found 1e-300, expected a price from 1e-12 to 1e12 USD"},
		{"high below low", bars + "2025-08-04,1,1,2,1\n", `f.csv:2:14: column high: found 1, expected a high at or above the low, 2`},
		{"close above high", bars + "2025-08-04,1,2,1,3\n", `f.csv:2:18: column close: found 3, expected a price from low to high, 1 to 2`},
		{"open below low", bars + "2025-08-04,1,3,2,3\n", `f.csv:2:12: column open: found 1, expected a price from low to high, 2 to 3`},
		{"negative volume", "date,open,high,low,close,volume\n2025-08-04,1,1,1,1,-5\n", `f.csv:2:20: column volume: found -5, expected a volume of 0 or more`},
		{"no head", "# my data\ndate,a\n2025-08-04,1\n", `f.csv:1:1: found "# my data", expected "# ebb history 1"`},
		{"other version", "# ebb history 2\ndate,a\n2025-08-04,1\n", `f.csv:1:1: found version "2", expected version 1, the only one this program knows`},
		{"head without colon", "# ebb history 1\n# status\ndate,a\n2025-08-04,1\n", `f.csv:2:1: found "# status", expected "# key: value"`},
		{"unknown key", "# ebb history 1\n# sorce: me\ndate,a\n2025-08-04,1\n", `f.csv:2:1: found key "sorce", expected status, source, note or column NAME; did you mean "source"?`},
		{"unknown unit", "# ebb history 1\n# column a: flow usd_mn\ndate,a\n2025-08-04,1\n", `f.csv:2: column a: unknown unit "usd_mn", expected one of usd, usd_k, usd_m, usd_bn, fraction, percent, bp, coins, count, points; did you mean "usd_m" or "usd_bn"?`},
		{"unknown kind", "# ebb history 1\n# column a: flwo usd\ndate,a\n2025-08-04,1\n", `f.csv:2: column a: unknown kind "flwo", expected price, flow, rate or level; did you mean "flow"?`},
		{"unit missing in head", "# ebb history 1\n# column a: flow\ndate,a\n2025-08-04,1\n", `f.csv:2: column a: found "flow", expected "KIND UNIT" or "KIND UNIT published 1d"`},
		{"impossible unit", "# ebb history 1\n# column a: rate usd\ndate,a\n2025-08-04,1\n", `f.csv:2: column a: a rate cannot be in usd`},
		{"unknown lag", "# ebb history 1\n# column a: flow usd published soon\ndate,a\n2025-08-04,1\n", `f.csv:2: column a: found lag "soon", expected such as 1d, 12h or 30m`},
		{"declared but missing", "# ebb history 1\n# column totl: flow usd\ndate,total\n2025-08-04,1\n", `f.csv:2:1: found column "totl" in the head only, expected a column of the header; did you mean "total"?`},
		{"lines after a head", "# ebb history 1\n# source: me\ndate,a\n\n2025-08-04,x\n", `f.csv:5:12: column a: found "x", expected a number`},
		{"negative declared price", "# ebb history 1\n# column a: price usd\ndate,a\n2025-08-04,-3\n", `f.csv:4:12: column a: found -3, expected a price above 0`},
		{"kline column twice", "open_time,open,high,low,close,volume,close_time,trades,count\n1609459200000,1,1,1,1,1,1609545599999,3,3\n", `f.csv:1:56: found column "count", a second trades, expected each column once`},
		{"kline column missing", "open_time,open,high,low,close,volme,close_time,trades,ignore\n1609459200000,1,1,1,1,1,1609545599999,3,0\n", `f.csv:1: found columns open_time, open, high, low, close, volme, close_time, trades, ignore, expected a column "volume"; is it "volme"?`},
		{"epoch in another unit", "date,a\n16094592,1\n", `f.csv:2:1: column date: found "16094592", expected ` + dates},
		{"open parenthesis", "Date,A,Total\n11 Jan 2024,(1.0,1.0\n12 Jan 2024,\"1,00.0\",1.0\n", "f.csv:2:13: column A: found \"(1.0\", expected a number\nf.csv:3:13: column A: found \"1,00.0\", expected a number"},
		{"several at once", bars + "2025-08-04,1,1,1\n2025-08-05,x,1,1,1\n2025-08-05,1,1,1,0\n",
			"f.csv:2:1: found 4 cells, expected 5 as in the header\n" +
				"f.csv:3:12: column open: found \"x\", expected a number\n" +
				"f.csv:4:1: column date: found \"2025-08-05\" again, as on line 3, expected each date once\n" +
				"f.csv:4:18: column close: found 0, expected a price above 0\n" +
				"f.csv:4:18: column close: found 0, expected a price from low to high, 1 to 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("f.csv", []byte(tt.text), ReadOptions{Now: time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)})
			if err == nil {
				t.Fatal("no fault")
			}
			if diff := cmp.Diff(tt.want, err.Error()); diff != "" {
				t.Error(diff)
			}
			if faults := Faults(nil); !errors.As(err, &faults) {
				t.Errorf("error is a %T, want Faults", err)
			}
		})
	}
}

func TestFaultsAreCapped(t *testing.T) {
	text := "date,a\n2025-01-01,1\n" + strings.Repeat("2025-01-02,x\n", 30)
	_, err := Parse("f.csv", []byte(text), ReadOptions{})
	var faults Faults
	if !errors.As(err, &faults) || len(faults) != 59 { // 30 cells and 29 repeated dates
		t.Fatalf("%d faults, want 59", len(faults))
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[20] != "and 39 more" {
		t.Errorf("%d lines, the last %q, want 20 faults and 39 more", len(lines), lines[len(lines)-1])
	}
}

func TestFaultShowsSnippet(t *testing.T) {
	f := Fault{File: "s.yaml", Line: 7, Column: 3, Found: `key "sed"`, Expected: `"seed"`, Snippet: "  sed: 42"}
	if got, want := f.Error(), "s.yaml:7:3: found key \"sed\", expected \"seed\"\n    7 |   sed: 42"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestForcedFormat(t *testing.T) {
	text := []byte("Date,IBIT,Total\n2024-01-11,\"1,000.0\",1000.0\n")
	if _, err := Parse("f.csv", text, ReadOptions{}); err == nil {
		t.Error("thousands separators passed in a plain file")
	}
	table, err := Parse("f.csv", text, ReadOptions{Format: "farside"})
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := table.Value("IBIT", 0); v != 1000 {
		t.Errorf("got %v, want 1000", v)
	}
	_, err = Parse("f.csv", text, ReadOptions{Format: "farsde"})
	if want := `unknown format "farsde", expected one of ebb, klines, ohlcv, farside, plain; did you mean "farside"?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestNotes(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"ohlcv", "date,open,high,low,close,volum\n2025-08-04,1,1,1,1,5\n", []string{`f.csv: column volum is not read; did you mean "volume"?`}},
		{"plain", "date,a,b\n2025-08-04,1,x\n", []string{"f.csv: column b is text and not read"}},
		{"offsets", "date,a\n2025-08-04T00:00:00+09:00,1\n2025-08-05T00:00:00+09:00,2\n2025-08-06T00:00:00+00:00,3\n2025-08-07T00:00:00Z,4\n", []string{
			"f.csv: times with an offset were taken to UTC: 2 (2025-08-03 15:00..2025-08-04 15:00)"}},
		{"ebb", "# ebb history 1\n# note: made up\ndate,a\n2025-08-04,1\n", []string{"f.csv: made up"}},
		{"farside", "Date,A,B,Total\nSeed,1,2,3\n12 Jan 2024,1.0,2.0,3.1\n15 Jan 2024,,,0.0\n16 Jan 2024,1.0,2.0,4.0\n17 Jan 2024,,,7.0\nTotal,3,4,\"1,000.0\"\n", []string{
			"f.csv: row Seed is not a day and left out",
			"f.csv: row Total is not a day and left out",
			"f.csv: market holiday, no flow: 1 (2024-01-15)",
			"f.csv: the total differs from the sum of the funds by more than 0.15: 1 (2024-01-16)",
			"f.csv: a total without any fund's report: 1 (2024-01-17)",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, n := range parse(t, tt.text).Notes() {
				got = append(got, n.String())
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.csv")
	if err := os.WriteFile(path, []byte("date,a\n2025-08-04,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	table, err := Open(path, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if table.File() != path {
		t.Errorf("file %s, want %s", table.File(), path)
	}
	if _, err := Open(dir, ReadOptions{}); err == nil || err.Error() != dir+": is a folder, expected a file" {
		t.Errorf("a folder: got %v", err)
	}
	missing := filepath.Join(dir, "b.csv")
	if _, err := Open(missing, ReadOptions{}); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), missing+": ") {
		t.Errorf("no file: got %v", err)
	}
	fsys := fstest.MapFS{"h/a.csv": {Data: []byte("date,a\n2025-08-04,1\n")}}
	if table, err = OpenFS(fsys, "h/a.csv", ReadOptions{}); err != nil || table.File() != "h/a.csv" {
		t.Errorf("OpenFS: got %v, %v", table, err)
	}
}

func TestBundledHistories(t *testing.T) {
	files, err := fs.Glob(Bundled, "histories/*.csv")
	if err != nil || len(files) == 0 {
		t.Fatalf("found %v, %v", files, err)
	}
	for _, file := range files {
		table, err := OpenFS(Bundled, file, ReadOptions{})
		if err != nil {
			t.Error(err)
			continue
		}
		s, err := table.Series(Request{})
		if err != nil {
			t.Error(err)
			continue
		}
		if p := s.Provenance(); p.Status != "reconstructed, not market data" || p.Source == "" {
			t.Errorf("%s: status %q, source %q", file, p.Status, p.Source)
		}
	}
}
