package data

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
)

// minuteBars are the bars of a random walk as CSV, about 66 bytes each.
func minuteBars(rows int) []byte {
	var b bytes.Buffer
	b.WriteString("date,open,high,low,close,volume\n")
	rng := rand.New(rand.NewPCG(1, 0))
	price, at := 28923.63, time.Date(2021, time.January, 1, 0, 0, 0, 0, time.UTC)
	for range rows {
		open := price
		price *= math.Exp(0.0005 * rng.NormFloat64())
		high, low := max(open, price)*(1+0.0003*rng.Float64()), min(open, price)*(1-0.0003*rng.Float64())
		fmt.Fprintf(&b, "%s,%.2f,%.2f,%.2f,%.2f,%.6f\n", at.Format(time.DateTime), open, high, low, price, 40*rng.ExpFloat64())
		at = at.Add(time.Minute)
	}
	return b.Bytes()
}

func writeMinuteBars(t testing.TB, rows int) (path string, size int) {
	b := minuteBars(rows)
	path = filepath.Join(t.TempDir(), "minutes.csv")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path, len(b)
}

// BenchmarkOpen reads a million bars of a minute, and a month of real ones.
// File-B/B is the memory taken over the size of the file.
func BenchmarkOpen(b *testing.B) {
	b.Run("million", func(b *testing.B) {
		path, _ := writeMinuteBars(b, 1_000_000)
		benchmarkOpen(b, path)
	})
	b.Run("real", func(b *testing.B) {
		benchmarkOpen(b, datatest.File(b, "owlacar-dotcom__isda/LTCUSDT-1m-2026-02.csv"))
	})
}

func benchmarkOpen(b *testing.B, path string) {
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(info.Size())
	rows, before := 0, allocated()
	for b.Loop() {
		table, err := Open(path, ReadOptions{})
		if err != nil {
			b.Fatal(err)
		}
		rows += table.Len()
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds()/1e6, "Mrows/s")
	b.ReportMetric(float64(allocated()-before)/float64(b.N)/float64(info.Size()), "file-B/B")
}

// BenchmarkAlignMinutes puts close and volume of a million bars on a grid of
// minutes.
func BenchmarkAlignMinutes(b *testing.B) {
	table, err := Parse("minutes.csv", minuteBars(1_000_000), ReadOptions{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		price, err := table.Series(Request{Name: "btc.price"})
		if err != nil {
			b.Fatal(err)
		}
		volume, err := table.Series(Request{Name: "btc.volume", Column: "volume", Unit: Coins})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := Align([]Series{price, volume}, AlignOptions{Step: time.Minute}); err != nil {
			b.Fatal(err)
		}
	}
}

// allocated is all memory ever allocated, so that a difference bounds what was in
// use at once, whenever garbage was collected.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// All that is allocated to read a file of minutes, the file included, is less than
// twice its size.
func TestOpenTakesLessThanTwiceTheFile(t *testing.T) {
	path, size := writeMinuteBars(t, 50_000)
	before := allocated()
	table, err := Open(path, ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	taken := float64(allocated()-before) / float64(size)
	if table.Len() != 50_000 || taken >= 1.9 {
		t.Errorf("%d rows took %.2f times the file, want less than 1.9", table.Len(), taken)
	}
}
