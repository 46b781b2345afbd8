package montecarlo_test

import (
	"runtime"
	"testing"
)

// heap is the memory in use, garbage included.
func heap() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}

// What a long run keeps is a fraction of its values: here they would take 185 MiB.
func TestMemoryDoesNotGrowWithPaths(t *testing.T) {
	plan := compile(t, 100, sellers{5e9})
	o := options(t, plan, 80_000, 2, "return", "max_drawdown")
	runtime.GC()
	start, most := heap(), 0.
	o.Progress = func(int) { most = max(most, heap()) }
	e := run(t, plan, gbm(t), o)
	if used := most - start; used > 40 {
		t.Errorf("%.0f MiB for %d paths, want no more than 40", used, e.Paths)
	}
}

// Ten million paths of a year in less than 200 MB:
//
//	go test -run - -bench TenMillion -benchtime 1x ./sim/montecarlo
func BenchmarkTenMillionPaths(b *testing.B) {
	if testing.Short() {
		b.Skip("takes minutes")
	}
	const steps = 252
	plan := compile(b, steps)
	o := options(b, plan, 10_000_000, 0, "return", "max_drawdown")
	for b.Loop() {
		e, err := run(b, plan, gbm(b), o).Fan("btc.price", []float64{.05, .5, .95})
		if err != nil || e.Present[steps] != o.Paths {
			b.Fatal(e, err)
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.Sys)/1e6, "MB-from-the-system")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(o.Paths*steps), "ns/path-step")
}
