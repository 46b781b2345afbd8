package scenarios_test

import (
	"math"
	"sync/atomic"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim"
)

// The kernel is the yardstick of speed: redemption with response, a perps ladder, a
// treasury with a margin call and trend followers under linear impact, 252 daily steps.
// The engine runs it as Monte Carlo does, one runner and one path to a core; beside it
// stands a loop written by hand for this one scenario.
//
//	go test ./scenarios -run xxx -bench Kernel -cpu 1,2

// compileKernel makes a scenario of testdata/kernel ready to run.
func compileKernel(t testing.TB, name string, set ...scenarios.Override) *scenarios.Case {
	t.Helper()
	s, err := scenarios.Load("testdata/kernel/"+name+".yaml", set)
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Compile(nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The engine and the loop agree on every price, wave by wave, on the same random numbers.
func TestKernelIsTheLoop(t *testing.T) {
	c := compileKernel(t, "kernel")
	runner, path, loop := sim.NewRunner(c.Plan), c.Plan.NewPath(true), newHandLoop()
	traded := make([]float64, len(path.Ledger.Rows))
	for i := range uint64(100) {
		if err := runner.Run(c.Driver.Start(42, i), path); err != nil {
			t.Fatal(err)
		}
		loop.waves = 0
		loop.run(handStreams(42, i))
		waves := 0
		for k, n := range path.Waves {
			waves += n
			if want, got := loop.closes[k+1], path.LogPrice[0][k+1]; !(math.Abs(got-want) <= 1e-11) {
				t.Fatalf("path %d, step %d: log price %v, want %v", i, k, got, want)
			}
			for row := range traded {
				traded[row] += math.Abs(path.Ledger.Orders[row][0][k])
			}
		}
		if waves != loop.waves {
			t.Fatalf("path %d: %d waves, want %d", i, waves, loop.waves)
		}
	}
	idle := map[string]bool{"perps.rebuild": true, "treasury.purchases": true} // switched off
	for k, row := range path.Ledger.Rows {
		if (traded[k] == 0) != idle[row.Label] {
			t.Errorf("%s traded %v USD", row.Label, traded[k])
		}
	}
}

// A path that keeps prices alone has those of a path that keeps all.
func TestPricesDoNotHangOnWhatIsKept(t *testing.T) {
	c := compileKernel(t, "assets")
	all, prices := c.Plan.NewPath(false), c.Plan.NewPath(false)
	clear(prices.Reports)
	runner, again := sim.NewRunner(c.Plan), sim.NewRunner(c.Plan)
	for i := range uint64(20) {
		if err := runner.Run(c.Driver.Start(42, i), all); err != nil {
			t.Fatal(err)
		}
		if err := again.Run(c.Driver.Start(42, i), prices); err != nil {
			t.Fatal(err)
		}
		for a := range all.LogPrice {
			for k, want := range all.LogPrice[a] {
				if got := prices.LogPrice[a][k]; got != want {
					t.Fatalf("path %d, step %d of asset %d: log price %v, want %v", i, k, a, got, want)
				}
			}
		}
	}
}

// A path takes memory for its news when it starts, and a step none.
func TestStepsDoNotAllocate(t *testing.T) {
	for _, name := range []string{"kernel", "assets"} {
		c := compileKernel(t, name)
		runner, path := sim.NewRunner(c.Plan), c.Plan.NewPath(false)
		i := uint64(0)
		starts := testing.AllocsPerRun(100, func() { c.Driver.Start(42, i) })
		each := testing.AllocsPerRun(100, func() {
			if err := runner.Run(c.Driver.Start(42, 0), path); err != nil {
				t.Fatal(err)
			}
		})
		if each > starts {
			t.Errorf("%s: a path of %d steps allocates %v times, expected %v, those of its news", name, c.Plan.Steps, each, starts)
		}
	}
}

func BenchmarkKernel(b *testing.B) {
	student := scenarios.Override{Key: "simulate.news", Value: "student"}
	root := []scenarios.Override{{Key: "market.btc.impact", Value: "square-root"}, {Key: "market.btc.volume", Value: "30bn"}, {Key: "market.btc.depth_1pct", Value: "~"}}
	for _, bench := range []struct {
		name, scenario string
		series         bool
		set            []scenarios.Override
	}{
		{name: "engine/prices", scenario: "kernel"},
		{name: "engine/all_series", scenario: "kernel", series: true},
		{name: "engine/student", scenario: "kernel", set: []scenarios.Override{student}},
		{name: "engine/turnover_and_rebuild", scenario: "kernel", set: []scenarios.Override{{Key: "perps.turnover", Value: "30%"}, {Key: "perps.rebuild", Value: "10%"}}},
		{name: "engine/square_root", scenario: "kernel", set: root},
		{name: "engine/three_assets", scenario: "assets"},
	} {
		b.Run(bench.name, func(b *testing.B) {
			c := compileKernel(b, bench.scenario, bench.set...)
			eachPath(b, func() func(i uint64) error {
				runner, path := sim.NewRunner(c.Plan), c.Plan.NewPath(false)
				if !bench.series {
					clear(path.Reports)
				}
				return func(i uint64) error { return runner.Run(c.Driver.Start(42, i), path) }
			})
		})
	}
	b.Run("loop", func(b *testing.B) {
		eachPath(b, func() func(i uint64) error {
			loop := newHandLoop()
			return func(i uint64) error {
				loop.run(handStreams(42, i))
				return nil
			}
		})
	})
}

// eachPath runs paths on all cores, each core with a worker of its own, and reports the
// time of a step.
func eachPath(b *testing.B, worker func() func(i uint64) error) {
	var next atomic.Uint64
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		run := worker()
		for pb.Next() {
			if err := run(next.Add(1)); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*handSteps), "ns/step")
}
