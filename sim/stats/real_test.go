package stats_test

import (
	"encoding/csv"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

// history is one column of a real file by day.
type history map[time.Time]float64

// column reads a column of a real file. Rows without a date or a value are left out,
// and those that keep refuses.
func column(t *testing.T, path, dates, layout, values string, keep func(row map[string]string) bool) history {
	t.Helper()
	file, err := os.Open(realHistory(t, "raw/"+path))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	found := history{}
	for _, cells := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = cells[i]
		}
		day, err := time.Parse(layout, row[dates])
		if err != nil || row[values] == "" || keep != nil && !keep(row) {
			continue
		}
		if found[day], err = strconv.ParseFloat(row[values], 64); err != nil {
			t.Fatal(err)
		}
	}
	return found
}

func bitcoin(t *testing.T) history {
	t.Helper()
	return column(t, "btctree__btc-power/data/btc_daily.csv", "date", time.DateOnly, "close", nil)
}

// days lists the days from one to another, both included, in order.
func (h history) days(from, to time.Time) []time.Time {
	all := slices.SortedFunc(maps.Keys(h), time.Time.Compare)
	return slices.DeleteFunc(all, func(day time.Time) bool { return day.Before(from) || day.After(to) })
}

// on gives the values of days; one that is missing fails the test.
func (h history) on(t *testing.T, days []time.Time) []float64 {
	t.Helper()
	list := make([]float64, len(days))
	for i, day := range days {
		v, known := h[day]
		if !known {
			t.Fatalf("no value on %s", day.Format(time.DateOnly))
		}
		list[i] = v
	}
	return list
}

func date(t *testing.T, text string) time.Time {
	t.Helper()
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// digits compares with a published figure of so many decimal places.
func digits(t *testing.T, what string, got, want float64, places int) {
	t.Helper()
	if !(math.Abs(got-want) <= .5000001*math.Pow10(-places)) {
		t.Errorf("%s = %.*f, want %.*f", what, places+3, got, places, want)
	}
}
