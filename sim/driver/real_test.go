package driver_test

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// returns are the daily log returns in % of a real file of closes, 2024-01-11 to
// 2026-02-10. The files are not part of the repository: set EBB_HISTORIES, or put them
// into shared/histories beside it.
func returns(t *testing.T, path string) []float64 {
	t.Helper()
	dir := os.Getenv("EBB_HISTORIES")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared", "histories")
	}
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("no real histories: %v (set EBB_HISTORIES)", err)
	}
	file, err := os.Open(filepath.Join(dir, "raw", filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "date" || rows[0][4] != "close" {
		t.Fatalf("columns %v", rows[0])
	}
	var list []float64
	last := math.NaN()
	for _, row := range rows[1:] {
		if row[0] < "2024-01-10" || row[0] > "2026-02-10" {
			continue
		}
		price, err := strconv.ParseFloat(row[4], 64)
		if err != nil {
			t.Fatal(err)
		}
		if !math.IsNaN(last) {
			list = append(list, 100*math.Log(price/last))
		}
		last = price
	}
	return list
}
