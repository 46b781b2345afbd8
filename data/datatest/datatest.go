// Package datatest reads data in tests: the facts that ebb carries, and real market
// data. The files of those are no part of the repository: they lie in the folder that
// EBB_HISTORIES names, or in shared/histories beside the repository. Where there is
// none, a test that asks for one is skipped.
package datatest

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TB is what is asked of a test: *testing.T and *rapid.T have it.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
	Skipf(format string, args ...any)
}

// Histories is the folder of the real files, false where there is none.
func Histories() (string, bool) {
	dir := os.Getenv("EBB_HISTORIES")
	if dir == "" {
		dir = filepath.Join(repository(), "..", "shared", "histories")
	}
	dir, err := filepath.Abs(filepath.Join(dir, "raw"))
	if err != nil {
		return "", false
	}
	_, err = os.Stat(dir)
	return dir, err == nil
}

// repository is the folder of go.mod: tests run in that of their package.
func repository() string {
	dir := "."
	for range 8 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Join(dir, "..")
	}
	return "."
}

// Folder is where the real files lie. Without it the test is skipped.
func Folder(t TB) string {
	t.Helper()
	dir, ok := Histories()
	if !ok {
		t.Skipf("no real histories: neither EBB_HISTORIES nor ../shared/histories beside the repository")
	}
	return dir
}

// File is where a real file lies, by its path among them. Without the folder the
// test is skipped; a file that the folder lacks fails it.
func File(t TB, path string) string {
	t.Helper()
	path = filepath.Join(Folder(t), filepath.FromSlash(path))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("%v", err)
	}
	return path
}

// Row is one line of a real file by the names of its columns.
type Row map[string]string

// Column reads one column of a real file by time. Rows without a date or a value
// are left out, and those that one of keep refuses.
func Column(t TB, path, times, values string, keep ...func(Row) bool) map[time.Time]float64 {
	t.Helper()
	file, err := os.Open(File(t, path))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	found := map[time.Time]float64{}
	for i, cells := range rows[1:] {
		row := Row{}
		for j, name := range rows[0] {
			row[name] = cells[j]
		}
		at, ok := moment(row[times])
		if !ok || row[values] == "" || !kept(row, keep) {
			continue
		}
		if found[at], err = strconv.ParseFloat(row[values], 64); err != nil {
			t.Fatalf("%s: row %d: %v", path, i+1, err)
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s: nothing in columns %s and %s", path, times, values)
	}
	return found
}

func kept(row Row, keep []func(Row) bool) bool {
	for _, k := range keep {
		if !k(row) {
			return false
		}
	}
	return true
}

// Fact reads a column of numbers of a file of the facts that ebb carries, row by
// row.
func Fact(t TB, name, column string) []float64 {
	t.Helper()
	file, err := os.Open(filepath.Join(repository(), "data", "facts", name))
	if err != nil {
		t.Fatalf("%v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	at := slices.Index(rows[0], column)
	if at < 0 {
		t.Fatalf("%s: no column %s", name, column)
	}
	var list []float64
	for i, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[at], 64)
		if err != nil {
			t.Fatalf("%s: row %d: %v", name, i+1, err)
		}
		list = append(list, v)
	}
	return list
}

// Where keeps the rows that have a value in a column.
func Where(column, value string) func(Row) bool {
	return func(row Row) bool { return row[column] == value }
}

// Session keeps the rows of a table of fund flows in which some fund has a cell: a
// market holiday has a row of blanks, and a total of 0.
func Session(row Row) bool {
	for name, cell := range row {
		if name != "Date" && name != "Total" && cell != "" {
			return true
		}
	}
	return false
}

// moment reads the stamps of the files: days in two ways, instants, and
// milliseconds since 1970.
func moment(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "02 Jan 2006", time.RFC3339} {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC(), true
		}
	}
	ms, err := strconv.ParseInt(s, 10, 64)
	return time.UnixMilli(ms).UTC(), err == nil
}
