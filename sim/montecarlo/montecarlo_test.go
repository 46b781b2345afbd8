package montecarlo_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
)

// sellers want usd per unit of the step's log return while the price falls, and
// publish what they sold and, below the start, how far they are under water.
type sellers struct{ usd float64 }

type selling struct {
	sellers
	start, sold, fall float64
}

func (sellers) Name() string { return "sellers" }
func (s sellers) Start(m *sim.Market) sim.Trader {
	return &selling{sellers: s, start: m.Open(0)}
}
func (sellers) Reports() []sim.Report {
	return []sim.Report{
		{Name: "btc.sold", Title: "Sold", Unit: sim.USD, Kind: sim.Flow},
		{Name: "sellers.depth", Title: "Depth under water", Unit: sim.Fraction, Kind: sim.Level},
	}
}
func (s *selling) Begin(*sim.Market) { s.sold = 0 }
func (s *selling) Settle(m *sim.Market) {
	s.fall = math.NaN()
	if x := m.LogPrice(0); x < s.start {
		s.fall = s.start - x
	}
}
func (s *selling) Trade(m *sim.Market, orders []float64) {
	want := s.usd * min(m.LogPrice(0)-m.Open(0), 0)
	orders[0] += want - s.sold
	s.sold = want
}
func (s *selling) Report(_ *sim.Market, out []float64) { out[0], out[1] = s.sold, s.fall }

func compile(t testing.TB, steps int, mechanisms ...sim.Mechanism) *sim.Plan {
	t.Helper()
	p := sim.Plan{Step: 24 * time.Hour, Steps: steps, MaxWaves: 12,
		Assets: []sim.Asset{{Name: "btc", Price: 100, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: .5, Kernel: sim.Kernel{Decay: .5}, Volatility: .03, VolatilityDecay: .94}}}
	for _, m := range mechanisms {
		p.Entries = append(p.Entries, sim.Entry{Mechanism: m})
	}
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func gbm(t testing.TB) sim.Driver {
	t.Helper()
	d, err := (&driver.GBM{}).Build(&driver.Env{Assets: []string{"btc"}, Volatility: []float64{.03}, StepDays: 1})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func options(t testing.TB, plan *sim.Plan, paths, workers int, names ...string) montecarlo.Options {
	t.Helper()
	o := montecarlo.Options{Paths: paths, Seed: 42, Workers: workers}
	for _, name := range names {
		of, err := outcome.Resolve(plan, name)
		if err != nil {
			t.Fatal(err)
		}
		o.Outcomes = append(o.Outcomes, of)
	}
	return o
}

func run(t testing.TB, plan *sim.Plan, d sim.Driver, o montecarlo.Options) *montecarlo.Ensemble {
	t.Helper()
	e, err := montecarlo.Run(context.Background(), plan, d, o)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// bits compares numbers bit by bit, NaN included.
var bits = cmp.Comparer(func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) })

// identical is cmp.Diff with bits, for a hundred thousand numbers.
func identical(t *testing.T, what string, want, got [][]float64) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%s: %d rows, want %d", what, len(got), len(want))
	}
	for k := range want {
		if len(want[k]) != len(got[k]) {
			t.Fatalf("%s: row %d has %d values, want %d", what, k, len(got[k]), len(want[k]))
		}
		for i, v := range want[k] {
			if math.Float64bits(v) != math.Float64bits(got[k][i]) {
				t.Fatalf("%s: row %d, path %d is %v, want %v", what, k, i, got[k][i], v)
			}
		}
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	plan := compile(t, 40, sellers{2.4e11})
	names := []string{"return", "btc.sold", "sellers.depth.high"}
	want := run(t, plan, gbm(t), options(t, plan, 1003, 1, names...))
	if want.CappedPaths == 0 || want.CappedPaths == want.CappedSteps {
		t.Fatalf("%d capped paths, %d steps: the subject is too tame", want.CappedPaths, want.CappedSteps)
	}
	for _, workers := range []int{2, 8, 2000, 0} {
		got := run(t, plan, gbm(t), options(t, plan, 1003, workers, names...))
		identical(t, fmt.Sprintf("%d workers, outcomes", workers), want.Values, got.Values)
		for k, s := range want.Series {
			identical(t, fmt.Sprintf("%d workers, %s", workers, s.Name), s.Values, got.Series[k].Values)
		}
		if want.CappedPaths != got.CappedPaths || want.CappedSteps != got.CappedSteps {
			t.Errorf("%d workers: %d paths and %d steps capped, want %d and %d", workers, got.CappedPaths, got.CappedSteps, want.CappedPaths, want.CappedSteps)
		}
	}
}

// Every number of the ensemble is that of a lone run of its path, and Replay is
// that run.
func TestPathsAreTheirOwn(t *testing.T) {
	plan := compile(t, 30, sellers{5e10})
	o := options(t, plan, 200, 2, "max_drawdown", "btc.sold")
	e := run(t, plan, gbm(t), o)
	capped := 0
	for i := range e.Paths {
		path, err := e.Replay(i)
		if err != nil {
			t.Fatal(err)
		}
		for k := range plan.Steps + 1 {
			sold, depth := path.Opening[0], path.Opening[1]
			if k > 0 {
				sold, depth = path.Reports[0][k-1], path.Reports[1][k-1]
			}
			want := []float64{path.Price(0, k), sold, depth}
			got := []float64{e.Series[0].Values[k][i], e.Series[1].Values[k][i], e.Series[2].Values[k][i]}
			if diff := cmp.Diff(want, got, bits); diff != "" {
				t.Fatalf("path %d, step %d: %s", i, k, diff)
			}
		}
		for k, of := range o.Outcomes {
			if got, want := e.Values[k][i], of.Of(path); got != want {
				t.Errorf("path %d: %s is %v, want %v", i, of.Name, got, want)
			}
		}
		if path.Ledger == nil || path.Ledger.Return[0][0][0]+path.Ledger.News[0][0] == 0 {
			t.Fatalf("path %d: replayed without its ledger", i)
		}
		capped += path.Capped
	}
	if e.CappedSteps != capped {
		t.Errorf("%d capped steps, want %d", e.CappedSteps, capped)
	}
	var names []string
	for _, s := range e.Series {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff([]string{"btc.price", "btc.sold", "sellers.depth"}, names); diff != "" {
		t.Error(diff)
	}
	for _, i := range []int{-1, 200} {
		if _, err := e.Replay(i); err == nil || !strings.Contains(err.Error(), "expected 0 to 199") {
			t.Errorf("replay of path %d: %v", i, err)
		}
	}
}

// broken gives news that no price survives on some paths.
type broken struct {
	sim.Driver
	paths map[uint64]bool
}

type flood struct{}

func (flood) Next(_ int, news, _ []float64) { news[0] = math.Inf(1) }

func (b broken) Start(seed, path uint64) sim.Source {
	if b.paths[path] {
		return flood{}
	}
	return b.Driver.Start(seed, path)
}

func TestFirstFailureWins(t *testing.T) {
	plan := compile(t, 5)
	d := broken{gbm(t), map[uint64]bool{37: true, 38: true, 90: true, 399: true}}
	for _, workers := range []int{1, 2, 8, 8, 8, 8} {
		e, err := montecarlo.Run(context.Background(), plan, d, options(t, plan, 400, workers))
		if e != nil || err == nil || !strings.HasPrefix(err.Error(), "path 37 of seed 42: step 1: the price of btc has left the numbers") {
			t.Errorf("%d workers: %v", workers, err)
		}
	}
}

func TestCancel(t *testing.T) {
	plan := compile(t, 5)
	o := options(t, plan, 1_000_000, 2)
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("the researcher went home")
	last := 0
	o.Progress = func(done int) { last = done; cancel(why) }
	e, err := montecarlo.Run(ctx, plan, gbm(t), o)
	if e != nil || !errors.Is(err, why) {
		t.Errorf("got %v, %v", e, err)
	}
	if last > 20_000 {
		t.Errorf("%d paths ran", last)
	}
}

func TestProgress(t *testing.T) {
	plan := compile(t, 5)
	for _, paths := range []int{1, 7, 1001} {
		o := options(t, plan, paths, 4)
		var told []int
		o.Progress = func(done int) { told = append(told, done) }
		run(t, plan, gbm(t), o)
		if told[len(told)-1] != paths || len(told) > 210 {
			t.Errorf("%d paths: told %v", paths, told)
		}
		for i := range len(told) - 1 {
			if told[i+1] <= told[i] {
				t.Errorf("%d paths: progress goes from %d to %d", paths, told[i], told[i+1])
			}
		}
	}
}

func TestOptionsAreChecked(t *testing.T) {
	plan := compile(t, 30_000, sellers{1})
	for want, o := range map[string]montecarlo.Options{
		"paths is 0, expected at least 1":                                             {},
		"workers is -1, expected at least 1":                                          {Paths: 1, Workers: -1},
		"paths is 4294967296, expected at most 4294967295":                            {Paths: 1 << 32, OutcomesOnly: true},
		"found a part from path 3 to before path 3, expected one within the 9 paths":  {Paths: 9, From: 3, To: 3},
		"found a part from path 3 to before path 10, expected one within the 9 paths": {Paths: 9, From: 3, To: 10},
		"10000 paths of 30000 steps with 3 series need more than the 2 GiB of memory that are allowed: expected at most 2982 paths, or fewer steps":   {Paths: 10_000},
		"1000000 paths of 30000 steps with 3 series need more than the 2 GiB of memory that are allowed: expected at most 2982 paths, or fewer steps": {Paths: 1_000_000},
		"300000 paths with 2000 outcomes need more than the 2 GiB of memory that are allowed: expected at most 134217 paths, or fewer outcomes":       {Paths: 300_000, OutcomesOnly: true, Outcomes: make([]outcome.Outcome, 2000)},
	} {
		if _, err := montecarlo.Run(context.Background(), plan, gbm(t), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestFan(t *testing.T) {
	plan := compile(t, 20, sellers{5e10})
	e := run(t, plan, gbm(t), options(t, plan, 1301, 2))
	ps := []float64{0, .05, .5, .95, 1}
	for _, s := range e.Series {
		fan, err := e.Fan(s.Name, ps)
		if err != nil {
			t.Fatal(err)
		}
		for step, values := range s.Values {
			var present []float64
			for _, v := range values {
				if !math.IsNaN(v) {
					present = append(present, v)
				}
			}
			if fan.Present[step] != len(present) {
				t.Fatalf("%s, step %d: %d present, want %d", s.Name, step, fan.Present[step], len(present))
			}
			for i, p := range ps {
				want := math.NaN()
				if len(present) > 0 {
					if want, err = stats.Quantile(present, p); err != nil {
						t.Fatal(err)
					}
				}
				if diff := cmp.Diff(want, fan.Quantiles[step][i], bits); diff != "" {
					t.Fatalf("%s, step %d, quantile %v: %s", s.Name, step, p, diff)
				}
			}
		}
		if first := fan.Present[0]; s.Kind == sim.Flow && first != 0 || s.Kind == sim.Level && first != 1301 {
			t.Errorf("%s: %d values at the start", s.Name, first)
		}
	}
	if _, err := e.Fan("btc.flow", ps); err == nil || err.Error() != `found series "btc.flow", expected one of btc.price, btc.sold, sellers.depth` {
		t.Errorf("got %v", err)
	}
	for _, p := range []float64{-.1, 1.1, math.NaN()} {
		if _, err := e.Fan("btc.price", []float64{p}); err == nil {
			t.Errorf("probability %v was taken", p)
		}
	}
}

// The central path is the one nearest to the medians of all steps, not the one
// that ends at the median.
func TestCentralPath(t *testing.T) {
	plan := compile(t, 3)
	e := &montecarlo.Ensemble{Plan: plan, Paths: 5, Series: []montecarlo.Series{{Values: [][]float64{
		{100, 100, 100, 100, 100},
		{100, 300, 110, 90, 95},
		{100, 300, 120, 80, 90},
		{100, 99, 105, 98, 200},
	}}}}
	// medians 100, 100, 100, 100: path 0 stays there; without it path 2 is nearest
	if got, err := e.CentralPath(); got != 0 || err != nil {
		t.Errorf("central path %d, %v, want 0", got, err)
	}
	for k, prices := range e.Series[0].Values {
		prices[0] = []float64{100, 20, 500, 100}[k]
	}
	if got, err := e.CentralPath(); got != 2 || err != nil {
		t.Errorf("central path %d, %v, want 2", got, err)
	}
}

// A longer run allocates no more often than a short one.
func TestNoAllocationPerStep(t *testing.T) {
	count := func(steps int) int {
		plan := compile(t, steps, sellers{5e10})
		o, d := options(t, plan, 200, 1, "return"), gbm(t)
		return int(testing.AllocsPerRun(3, func() { run(t, plan, d, o) }))
	}
	if short, long := count(10), count(400); long > short+20 {
		t.Errorf("%d allocations with 10 steps, %d with 400", short, long)
	}
}

// redeeming is the market of the scenario redemption-loop: fat-tailed news, a
// fund that answers in the waves of five days a week, linear permanent impact.
func redeeming(b *testing.B, steps int) (*sim.Plan, sim.Driver) {
	b.Helper()
	kind, _ := mechanism.Lookup("redemption")
	config := kind.Default().(*mechanism.Redemption)
	config.Asset, config.AUM, config.SameDay, config.InnovationSD = "btc", 152e9, .25, 3e8
	env := &mechanism.Env{Assets: []string{"btc"}, Step: 24 * time.Hour}
	m, err := config.Build("redemption", env)
	if err != nil {
		b.Fatal(err)
	}
	p := sim.Plan{Step: env.Step, Steps: steps, Sessions: make([]bool, steps), Innovations: env.Innovations,
		Entries: []sim.Entry{{Mechanism: m, ImpactScale: 10}},
		Assets:  []sim.Asset{{Name: "btc", Price: 113e3, Law: impact.Linear{Depth1Pct: 3e9}, Permanent: 1, Volatility: .0225, VolatilityDecay: .94}}}
	for k := range p.Sessions {
		p.Sessions[k] = k%7 < 5
	}
	plan, err := sim.Compile(p)
	if err != nil {
		b.Fatal(err)
	}
	d, err := (&driver.Student{DegreesOfFreedom: 4}).Build(&driver.Env{Assets: []string{"btc"}, Volatility: []float64{.0225}, StepDays: 1,
		Innovations: env.Innovations, Session: plan.Session})
	if err != nil {
		b.Fatal(err)
	}
	return plan, d
}

func BenchmarkRun(b *testing.B) {
	const paths, steps = 10_000, 252
	real, student := redeeming(b, steps)
	for _, c := range []struct {
		name string
		plan *sim.Plan
		d    sim.Driver
	}{
		{"news", compile(b, steps), gbm(b)},
		{"sellers", compile(b, steps, sellers{5e9}), gbm(b)},
		{"redemption", real, student},
	} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/workers=%d", c.name, workers), func(b *testing.B) {
				o := options(b, c.plan, paths, workers, "return", "max_drawdown")
				b.ReportAllocs()
				for b.Loop() {
					run(b, c.plan, c.d, o)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(paths*steps), "ns/path-step")
			})
		}
	}
}

func BenchmarkFan(b *testing.B) {
	const paths, steps = 10_000, 252
	plan := compile(b, steps, sellers{5e10})
	e := run(b, plan, gbm(b), options(b, plan, paths, runtime.GOMAXPROCS(0)))
	for b.Loop() {
		if _, err := e.Fan("btc.price", []float64{.05, .25, .5, .75, .95}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(paths*(steps+1)), "ns/value")
}
