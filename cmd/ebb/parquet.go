package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"
)

// A parquetTable collects columns of numbers and texts for a Parquet file, in which an
// absent number is null. The columns of the file are in the order of their names.
type parquetTable struct {
	names   []string
	texts   map[string][]string
	numbers map[string][]float64
	rows    int
	status  string // of the data, in the file's metadata
}

func newParquetTable(status string, rows int) *parquetTable {
	return &parquetTable{texts: map[string][]string{}, numbers: map[string][]float64{}, rows: rows, status: status}
}

// text adds a column of texts, in which an empty one is null; number one of numbers.
func (t *parquetTable) text(name string, values []string) {
	t.names, t.texts[name] = append(t.names, name), values
}

func (t *parquetTable) number(name string, values []float64) {
	t.names, t.numbers[name] = append(t.names, name), values
}

// file writes the table; its bytes depend on nothing else.
func (t *parquetTable) file(name string) (file, error) {
	names := slices.Sorted(slices.Values(t.names))
	if len(slices.Compact(slices.Clone(names))) < len(names) {
		return file{}, fmt.Errorf("%s: two columns of one name among %q", name, names)
	}
	group := parquet.Group{}
	for _, n := range names {
		leaf := parquet.Leaf(parquet.DoubleType)
		if t.texts[n] != nil {
			leaf = parquet.String()
		}
		group[n] = parquet.Optional(parquet.Compressed(leaf, &parquet.Zstd))
	}
	var b bytes.Buffer
	options := []parquet.WriterOption{parquet.NewSchema("table", group)}
	if t.status != "" {
		options = append(options, parquet.KeyValueMetadata("status", t.status))
	}
	w := parquet.NewGenericWriter[any](&b, options...)
	row := make(parquet.Row, len(names))
	for i := range t.rows {
		for column, n := range names {
			row[column] = t.value(n, i).Level(0, 1, column)
			if row[column].IsNull() {
				row[column] = parquet.Value{}.Level(0, 0, column)
			}
		}
		if _, err := w.WriteRows([]parquet.Row{row}); err != nil {
			return file{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err := w.Close(); err != nil {
		return file{}, fmt.Errorf("%s: %w", name, err)
	}
	return file{name, b.Bytes()}, nil
}

func (t *parquetTable) value(name string, row int) parquet.Value {
	if texts := t.texts[name]; texts != nil {
		if texts[row] == "" {
			return parquet.Value{}
		}
		return parquet.ByteArrayValue([]byte(texts[row]))
	}
	if v := t.numbers[name][row]; !math.IsNaN(v) {
		return parquet.DoubleValue(v)
	}
	return parquet.Value{}
}
