package data

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/data/datatest/bounded"
)

// placed expects faults that say what is wrong with the file that was read, and where
// they give a place, one that the file has.
func placed(t *testing.T, err error, file string, text []byte) {
	t.Helper()
	var faults Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("%v is not Faults", err)
	}
	lines := bytes.Count(text, []byte("\n")) + 1
	for _, f := range faults {
		if f.File != file || f.Line < 0 || f.Line > lines || f.Text+f.Found+f.Expected == "" {
			t.Fatalf("a fault of a file of %d lines: %#v", lines, f)
		}
	}
	if !strings.HasPrefix(err.Error(), file) {
		t.Fatalf("%q does not name the file", err)
	}
}

// Whatever a file holds, and whatever format is forced on it, reading gives faults of
// that file or a table: ascending times, finite numbers, and the same table again when
// it is written plainly.
func FuzzTable(f *testing.F) {
	files, err := filepath.Glob("histories/*.csv")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds (%v)", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		lines := bytes.SplitAfterN(text, []byte("\n"), 16)
		f.Add(bytes.Join(lines[:15], nil), byte(0))
	}
	const kline = ",1,1.5,.5,1,10,1609545599999,10,3,5,5,0\n"
	for i, text := range []string{
		"date,value\n2025-08-04,1\n\"2025-08-05\",\"2\"\n", "# ebb history 1\n# note: x\n# column a: flow usd_m published 1d\ndate,a\n2025-08-04,1\n",
		"open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n1609459200000" + kline,
		"Date,Close,High,Low,Open,Volume\n2025-08-04,1,1,1,1,0\n", "Date,IBIT,Total\nSeed,1.0,9.0\n11 Jan 2024,(1.0),\"1,234.5\"\n12 Jan 2024,-,-\nTotal,1,2\n",
		"\ufeffdate,a\r\n2025-08-04T02:00:00+02:00,1e308\r\n1754697600,", "1609459200000" + kline + "1609545600000" + kline, "a;b\n1;2\n", "date\n", "date,date\n1,1\n", "#\n#", "\"",
	} {
		f.Add([]byte(text), byte(i))
	}
	f.Fuzz(func(t *testing.T, text []byte, format byte) {
		forced := append([]string{""}, Formats()...)[int(format)%(len(formats)+1)]
		bounded.By(t, 64<<20+1000*uint64(len(text)), func() {
			table, err := Parse("f.csv", text, ReadOptions{Format: forced})
			if err != nil {
				placed(t, err, "f.csv", text)
				return
			}
			whole(t, table)
			again(t, table)
			for _, c := range table.Columns() {
				taken(t, table, c.Name)
			}
		})
	})
}

// whole expects what a table promises.
func whole(t *testing.T, table *Table) {
	t.Helper()
	if table.Len() == 0 {
		t.Fatal("a table without rows")
	}
	for i := range table.Len() {
		if i > 0 && !table.Time(i-1).Before(table.Time(i)) {
			t.Fatalf("%v is followed by %v", table.Time(i-1), table.Time(i))
		}
		for _, c := range table.Columns() {
			if v, ok := table.Value(c.Name, i); ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
				t.Fatalf("column %s has %v", c.Name, v)
			}
		}
	}
}

// again writes a table in the plain format and expects to read the same.
func again(t *testing.T, table *Table) {
	t.Helper()
	header := []string{"snapped_at"} // the last of the names of a date, which a number may have too
	for _, c := range table.Columns() {
		for _, name := range dateNames {
			if strings.EqualFold(c.Name, name) {
				return
			}
		}
		header = append(header, c.Name)
	}
	if len(header) == 1 {
		return
	}
	var b bytes.Buffer
	b.WriteString("# ebb history 1\n") // so that a column without numbers is read too
	w := csv.NewWriter(&b)
	w.Write(header)
	for i := range table.Len() {
		row := []string{table.Time(i).Format(time.RFC3339Nano)}
		for _, name := range header[1:] {
			cell := ""
			if v, ok := table.Value(name, i); ok {
				cell = show(v)
			}
			row = append(row, cell)
		}
		w.Write(row)
	}
	w.Flush()
	written := b.String()
	got, err := Parse("f.csv", b.Bytes(), ReadOptions{Format: "ebb"})
	if err != nil {
		t.Fatalf("what was read cannot be read again: %v\n%s", err, written)
	}
	if diff := cmp.Diff(cells(table), cells(got)); diff != "" {
		t.Fatalf("%s(-read +read again):\n%s", written, diff)
	}
}

// taken asks a table for a column as each kind of series, and lays it on a grid of days.
func taken(t *testing.T, table *Table, column string) {
	t.Helper()
	for _, kind := range kinds {
		s, err := table.Series(Request{Name: "x", Column: column, Kind: kind})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.csv") {
				t.Fatalf("%q does not name the file", err)
			}
			continue
		}
		Check(s, time.Time{})
		if s.Len() == 0 || table.Time(table.Len()-1).Sub(table.Time(0)) > 1000*day {
			continue
		}
		p, err := Align([]Series{s}, AlignOptions{})
		if err == nil && p.Len() > 1002 {
			t.Fatalf("%d days of less than 1000", p.Len())
		}
	}
}

// Whatever a table of facts holds, reading gives faults of that file, or rows that are
// the same again when they are written.
func FuzzFacts(f *testing.F) {
	for i, file := range []string{"fund_flow_facts", "market_facts", "holders", "weekly_market"} {
		text, err := os.ReadFile("facts/" + file + ".csv")
		if err != nil {
			f.Fatal(err)
		}
		lines := bytes.SplitAfterN(text, []byte("\n"), 8)
		f.Add(bytes.Join(lines[:7], nil), byte(i))
		f.Add(lines[0], byte(i))
	}
	f.Fuzz(func(t *testing.T, text []byte, table byte) {
		bounded.By(t, 64<<20+1000*uint64(len(text)), func() {
			switch table % 4 {
			case 0:
				sameFacts[FlowFact](t, text)
			case 1:
				sameFacts[MarketFact](t, text)
			case 2:
				sameFacts[Holder](t, text)
			case 3:
				sameFacts[Week](t, text)
			}
		})
	})
}

func sameFacts[T factRow[T]](t *testing.T, text []byte) {
	t.Helper()
	read := func(text []byte) ([]T, error) {
		rows, faults := readFactTable[T](fstest.MapFS{"f.csv": {Data: text}}, "f.csv")
		return rows, faults.Err()
	}
	rows, err := read(text)
	if err != nil {
		placed(t, err, "f.csv", text)
		return
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	var header []string
	for _, c := range factColumns[T]() {
		header = append(header, c.name)
	}
	w.Write(header)
	for _, row := range rows {
		var cells []string
		for i := range header {
			cells = append(cells, factCell(reflect.ValueOf(row).Field(i).Interface()))
		}
		w.Write(cells)
	}
	w.Flush()
	again, err := read(b.Bytes())
	if err != nil {
		t.Fatalf("what was read cannot be read again: %v\n%s", err, b.String())
	}
	if diff := cmp.Diff(rows, again, cmp.AllowUnexported(Optional{})); diff != "" {
		t.Fatalf("(-read +read again):\n%s", diff)
	}
}

// factCell writes a cell as it is read.
func factCell(v any) string {
	switch v := v.(type) {
	case Optional:
		text, _ := v.MarshalCSV()
		return text
	case interface{ String() string }:
		return v.String()
	case string:
		return v
	}
	panic("a cell of another type")
}
