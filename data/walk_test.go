package data

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A cutRow is what is compared of a row, or of the fault where it should be.
type cutRow struct {
	Cells []string
	At    []string
	Fault string
}

func cutByWalk(text string) []cutRow {
	s := &csvFile{file: "f.csv", text: []byte(text), body: place{0, 1}}
	var rows []cutRow
	w := s.walk()
	for more := true; more; {
		more = w.record()
		for _, f := range w.faults {
			rows = append(rows, cutRow{Fault: f.Error()})
		}
		w.faults = nil
		if !more {
			break
		}
		if w.row.at == nil {
			w.row.cut()
		}
		row := cutRow{Cells: w.row.strings()}
		for _, at := range w.row.positions() {
			row.At = append(row.At, Fault{Line: int(at.line), Column: int(at.column)}.Error())
		}
		rows = append(rows, row)
	}
	return rows
}

func cutByReader(text string) []cutRow {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	var rows []cutRow
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if err != nil {
			rows = append(rows, cutRow{Fault: quoteFault("f.csv", 0, err).Error()})
			continue
		}
		row := cutRow{Cells: cells}
		for i := range cells {
			line, column := r.FieldPos(i)
			row.At = append(row.At, Fault{Line: line, Column: column}.Error())
		}
		rows = append(rows, row)
	}
}

// The rows, their places and the faults of broken quotes are those of csv.Reader,
// wherever in a file the quotes are.
func TestWalkIsThatOfTheCSVReader(t *testing.T) {
	line := rapid.OneOf(
		rapid.StringMatching(`[ab1.é ]{0,9}(,[ab1.é ]{0,9}){0,5}\r?\n?`),
		rapid.StringMatching(`("[ab,\n]{0,4}"|[a1]{0,9})(,("[ab,\n]{0,4}(""|\r\n)?"|[a1]{0,9})){0,5}\r?\n`),
		rapid.StringMatching(`[a,"\r\n]{0,12}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(line, 0, 8).Draw(t, "lines"), "")
		if diff := cmp.Diff(cutByReader(text), cutByWalk(text)); diff != "" {
			t.Fatalf("%q (-csv.Reader +walk):\n%s", text, diff)
		}
	})
}

func FuzzWalk(f *testing.F) {
	f.Add("a,b\r\n\"a\",\"b\nc\"\n\n1\"2,3\n\"")
	f.Fuzz(func(t *testing.T, text string) {
		if diff := cmp.Diff(cutByReader(text), cutByWalk(text)); diff != "" {
			t.Errorf("%q (-csv.Reader +walk):\n%s", text, diff)
		}
	})
}

// A row of usual cells, which is not cut before it is read, and the same row in
// quotes, which is, are the same row: in values, and in what is wrong with it.
func TestUsualRowsAreReadAsOthers(t *testing.T) {
	cell := rapid.OneOf(
		rapid.StringMatching(`[1-9][0-9]{0,6}\.[0-9]{1,8}`),
		rapid.StringMatching(`[-+]?[0-9]{0,20}\.?[0-9]{0,3}(e[0-9])?`),
		rapid.SampledFrom([]string{"", " 7 ", "-", "x", "NaN", "1.2.3", "(5)"}),
	)
	date := rapid.OneOf(
		rapid.StringMatching(`20[0-9][0-9]-0[1-9]-[0-3][0-9]( [0-2][0-9]:[0-5][0-9]:00)?`),
		rapid.StringMatching(`1[0-9]{9}`),
		rapid.SampledFrom([]string{"", "2 Jan 2020", "2025-01-01T02:00:00+02:00", " 2025-01-02", "x"}),
	)
	rapid.Check(t, func(t *rapid.T) {
		var usual, quoted bytes.Buffer
		order := rapid.SampledFrom([]string{"date,a,b", "a,date,b", "a,b,date"}).Draw(t, "order")
		usual.WriteString(order + "\n")
		quoted.WriteString(order + "\n")
		for range rapid.IntRange(1, 4).Draw(t, "rows") {
			var row []string
			for _, name := range strings.Split(order, ",") {
				if name == "date" {
					row = append(row, date.Draw(t, "date"))
				} else {
					row = append(row, cell.Draw(t, "cell"))
				}
			}
			usual.WriteString(strings.Join(row, ",") + "\n")
			quoted.WriteString(`"` + strings.Join(row, `","`) + "\"\n")
		}
		want, wantErr := Parse("f.csv", quoted.Bytes(), ReadOptions{Now: walkNow})
		got, gotErr := Parse("f.csv", usual.Bytes(), ReadOptions{Now: walkNow})
		if diff := cmp.Diff(faultsWithoutColumns(wantErr), faultsWithoutColumns(gotErr)); diff != "" {
			t.Fatalf("%s(-quoted +usual):\n%s", usual.String(), diff)
		}
		if wantErr != nil {
			return
		}
		if diff := cmp.Diff(cells(want), cells(got)); diff != "" {
			t.Fatalf("%s(-quoted +usual):\n%s", usual.String(), diff)
		}
	})
}

var walkNow = date("2030-01-01")

func faultsWithoutColumns(err error) Faults {
	var faults Faults
	errors.As(err, &faults)
	for i := range faults {
		faults[i].Column = 0
	}
	return faults
}
