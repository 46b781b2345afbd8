package main

import (
	"bytes"
	"math"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// What is written is read back: numbers to the bit, absent ones and empty texts as
// null, and what is said of the data.
func TestParquet(t *testing.T) {
	table := newParquetTable("reconstructed", 3)
	table.number("b.mean", []float64{1. / 3, math.NaN(), -0.})
	table.text("failed", []string{"", "because, so", ""})
	table.number("a", []float64{0, 1, 2})
	f, err := table.file("cells.parquet")
	if err != nil {
		t.Fatal(err)
	}
	again, err := table.file("cells.parquet")
	if err != nil || !bytes.Equal(f.Content, again.Content) {
		t.Errorf("two files of one table differ (%v)", err)
	}
	type row struct {
		A      *float64 `parquet:"a,optional"`
		Mean   *float64 `parquet:"b.mean,optional"`
		Failed *string  `parquet:"failed,optional"`
	}
	rows, err := parquet.Read[row](bytes.NewReader(f.Content), int64(len(f.Content)))
	if err != nil || len(rows) != 3 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if r := rows[0]; *r.A != 0 || *r.Mean != 1./3 || r.Failed != nil {
		t.Errorf("row 0: %+v", r)
	}
	if r := rows[1]; *r.A != 1 || r.Mean != nil || r.Failed == nil || *r.Failed != "because, so" {
		t.Errorf("row 1: %+v", r)
	}
	opened, err := parquet.OpenFile(bytes.NewReader(f.Content), int64(len(f.Content)))
	if err != nil {
		t.Fatal(err)
	}
	if said, ok := opened.Lookup("status"); !ok || said != "reconstructed" {
		t.Errorf("the file says %q of its data", said)
	}
	table.number("a", []float64{0, 1, 2})
	if _, err := table.file("cells.parquet"); err == nil {
		t.Error("two columns of one name are no error")
	}
}
