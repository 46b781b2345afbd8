package montecarlo_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// subjects are a base and two variants, one of which lacks an outcome of the base.
func subjects(t testing.TB, steps int) []montecarlo.Subject {
	t.Helper()
	list := []montecarlo.Subject{{Label: "base", Plan: compile(t, steps, sellers{5e10})}, {Label: "fewer", Plan: compile(t, steps, sellers{1e10})}, {Label: "none", Plan: compile(t, steps)}}
	for i := range list {
		list[i].Driver = gbm(t)
		for _, name := range []string{"return", "max_drawdown", "sellers.depth.high"} {
			if o, err := outcome.Resolve(list[i].Plan, name); err == nil {
				list[i].Outcomes = append(list[i].Outcomes, o)
			}
		}
	}
	return list
}

func together(t testing.TB, list []montecarlo.Subject, o montecarlo.Options) []*montecarlo.Ensemble {
	t.Helper()
	all, err := montecarlo.RunTogether(context.Background(), list, o)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func encode(t testing.TB, e *montecarlo.Ensemble) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := e.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func merge(t testing.TB, parts ...*montecarlo.Ensemble) *montecarlo.Ensemble {
	t.Helper()
	e, err := montecarlo.Merge(parts...)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// sizes are a run whose paths are all kept, one whose series are counted, and one
// whose outcomes are too.
var sizes = []struct {
	name string
	o    montecarlo.Options
}{
	{"all kept", montecarlo.Options{Paths: 700, Seed: 3}},
	{"series counted", montecarlo.Options{Paths: montecarlo.ExactPaths + 617, Seed: 3}},
	{"outcomes counted", montecarlo.Options{Paths: montecarlo.OutcomePaths + 1001, Seed: 3, OutcomesOnly: true}},
}

// Shards, whatever the number of workers in each, give the bytes of the run that does
// all paths at once, and so does what was written and read again.
func TestShards(t *testing.T) {
	list := subjects(t, 2)
	for _, size := range sizes {
		var want [][]byte
		for _, c := range []struct{ shards, workers int }{{1, 1}, {1, 2}, {4, 8}, {16, 2}} {
			parts := make([][]*montecarlo.Ensemble, len(list))
			for shard := range c.shards {
				o := size.o
				o.Workers, o.From, o.To = c.workers, shard*o.Paths/c.shards, (shard+1)*o.Paths/c.shards
				for i, e := range together(t, list, o) {
					read, err := montecarlo.Decode(bytes.NewReader(encode(t, e)), list[i], base(list, i))
					if err != nil {
						t.Fatal(err)
					}
					parts[i] = append(parts[i], read)
				}
			}
			for i := range list {
				slices.Reverse(parts[i])
				got := encode(t, merge(t, parts[i]...))
				if len(want) <= i {
					want = append(want, got)
				}
				if !bytes.Equal(got, want[i]) {
					t.Errorf("%s, %s: %d shards with %d workers give other bytes", size.name, list[i].Label, c.shards, c.workers)
				}
			}
		}
	}
}

// base is what a subject is compared with.
func base(list []montecarlo.Subject, i int) *montecarlo.Subject {
	if i == 0 {
		return nil
	}
	return &list[0]
}

// Neighbouring parts may be merged in any grouping.
func TestMergeIsAssociative(t *testing.T) {
	list := subjects(t, 3)[:1]
	o := montecarlo.Options{Paths: montecarlo.ExactPaths + 5, Seed: 1, Workers: 2}
	want := encode(t, together(t, list, o)[0])
	var all []*montecarlo.Ensemble
	cuts := []int{0, 1, 700, 4095, 4097, 9000, o.Paths}
	for i := range len(cuts) - 1 {
		o.From, o.To = cuts[i], cuts[i+1]
		all = append(all, together(t, list, o)[0])
	}
	rapid.Check(t, func(r *rapid.T) {
		parts := slices.Clone(all)
		for len(parts) > 1 {
			at := rapid.IntRange(0, len(parts)-2).Draw(r, "at")
			parts = slices.Replace(parts, at, at+2, merge(t, parts[at+1], parts[at]))
		}
		if !bytes.Equal(encode(t, parts[0]), want) {
			r.Fatal("other bytes")
		}
	})
}

func TestMergeFaults(t *testing.T) {
	list := subjects(t, 3)
	part := func(subject, paths, from, to int, seed uint64) *montecarlo.Ensemble {
		return together(t, list[subject:subject+1], montecarlo.Options{Paths: paths, From: from, To: to, Seed: seed})[0]
	}
	condensed := part(0, 90, 30, 60, 1)
	if err := condensed.Condense(nil); err != nil {
		t.Fatal(err)
	}
	for want, parts := range map[string][]*montecarlo.Ensemble{
		"found no part of a run":                      nil,
		"no part has the paths 30 to 59":              {part(0, 90, 60, 90, 1), part(0, 90, 0, 30, 1)},
		"two parts have the paths 20 to 29":           {part(0, 90, 0, 30, 1), part(0, 90, 20, 90, 1)},
		"two parts have the paths 5 to 9":             {part(0, 90, 0, 30, 1), part(0, 90, 5, 10, 1)},
		"found seed 2, expected 1":                    {part(0, 90, 0, 30, 1), part(0, 90, 30, 90, 2)},
		"found a whole of paths 80":                   {part(0, 90, 0, 30, 1), part(0, 80, 30, 80, 1)},
		"expected [btc.price btc.sold sellers.depth]": {part(0, 90, 0, 30, 1), part(2, 90, 30, 90, 1)},
		"btc.price by path was let go":                {part(0, 90, 0, 30, 1), condensed},
	} {
		if _, err := montecarlo.Merge(parts...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if err := condensed.Encode(&bytes.Buffer{}); err == nil {
		t.Error("what was condensed was written")
	}
}

// Whatever byte is damaged, and wherever the file ends: an error, and no panic.
func TestDecodeRefuses(t *testing.T) {
	list := subjects(t, 2)
	for _, paths := range []int{9, montecarlo.ExactPaths + 1, montecarlo.OutcomePaths + 1} {
		whole := together(t, list[:2], montecarlo.Options{Paths: paths, From: paths - 9, To: paths, Seed: 1})[1]
		text := encode(t, whole)
		read := func(text []byte) error {
			_, err := montecarlo.Decode(bytes.NewReader(text), list[1], &list[0])
			return err
		}
		if err := read(text); err != nil {
			t.Fatal(err)
		}
		for at := range text {
			damaged := slices.Clone(text)
			damaged[at] ^= 0x41
			if read(damaged) == nil {
				t.Errorf("%d paths: damage at byte %d of %d was not seen", paths, at, len(text))
			}
			if read(text[:at]) == nil {
				t.Errorf("%d paths: an end at byte %d of %d was not seen", paths, at, len(text))
			}
		}
		if read(append(slices.Clone(text), 0)) == nil {
			t.Errorf("%d paths: a byte too many was not seen", paths)
		}
		if _, err := montecarlo.Decode(bytes.NewReader(text), list[2], &list[0]); err == nil || !strings.Contains(err.Error(), "found outcomes [return max_drawdown sellers.depth.high], expected [return max_drawdown]") {
			t.Errorf("read for another subject: %v", err)
		}
	}
}

// Runs together are the runs apart.
func TestTogether(t *testing.T) {
	list := subjects(t, 10)
	for i, e := range together(t, list, montecarlo.Options{Paths: 500, Seed: 42}) {
		o := montecarlo.Options{Paths: 500, Seed: 42, Outcomes: list[i].Outcomes}
		if !bytes.Equal(encode(t, e), encode(t, run(t, list[i].Plan, list[i].Driver, o))) {
			t.Errorf("%s: other bytes than alone", list[i].Label)
		}
	}
	d := broken{gbm(t), map[uint64]bool{37: true, 90: true}}
	list[1].Driver, list[2].Driver = broken{gbm(t), map[uint64]bool{20: true}}, d
	for _, workers := range []int{1, 2, 8} {
		_, err := montecarlo.RunTogether(context.Background(), list, montecarlo.Options{Paths: 400, Seed: 42, Workers: workers})
		if err == nil || !strings.HasPrefix(err.Error(), "fewer: path 20 of seed 42: step 1: ") {
			t.Errorf("%d workers: %v", workers, err)
		}
	}
	if _, err := montecarlo.RunTogether(context.Background(), list, montecarlo.Options{Paths: 4, Outcomes: list[0].Outcomes}); err == nil {
		t.Error("outcomes were taken from the options")
	}
}

// at is the value of a series after k steps as an outcome, so that it is kept for all
// paths.
func at(k, report int) outcome.Outcome {
	return outcome.Outcome{Name: fmt.Sprintf("%d.%d", k, report), Of: func(p *sim.Path) float64 {
		switch {
		case report < 0:
			return p.Price(0, k)
		case k == 0:
			return p.Opening[report]
		}
		return p.Reports[report][k-1]
	}}
}

// Above ExactPaths quantiles are off by less than RelativeError, the absent are
// counted, the first paths are kept, and the central path is one of them.
func TestCountedSeries(t *testing.T) {
	const steps, paths = 6, montecarlo.ExactPaths + 3000
	plan := compile(t, steps, sellers{5e10})
	o := montecarlo.Options{Paths: paths, Seed: 42}
	for report := -1; report < 2; report++ {
		for k := range steps + 1 {
			o.Outcomes = append(o.Outcomes, at(k, report))
		}
	}
	e := run(t, plan, gbm(t), o)
	if e.Exact() || !e.Listed() || e.Kept() != montecarlo.SampledPaths {
		t.Fatalf("exact %v, listed %v, %d paths kept", e.Exact(), e.Listed(), e.Kept())
	}
	ps := []float64{0, .001, .05, .5, .95, .999, 1}
	for i, s := range e.Series {
		fan, err := e.Fan(s.Name, ps)
		if err != nil {
			t.Fatal(err)
		}
		for k := range steps + 1 {
			present := slices.DeleteFunc(slices.Clone(e.Values[i*(steps+1)+k]), math.IsNaN)
			if fan.Present[k] != len(present) {
				t.Fatalf("%s, step %d: %d present, want %d", s.Name, k, fan.Present[k], len(present))
			}
			for j, p := range ps {
				got := fan.Quantiles[k][j]
				if len(present) == 0 {
					if !math.IsNaN(got) {
						t.Errorf("%s, step %d: quantile %v of nothing", s.Name, k, got)
					}
					continue
				}
				want, err := stats.Quantile(present, p)
				if err != nil || !(math.Abs(got-want) <= montecarlo.RelativeError*math.Abs(want)) || (p == 0 || p == 1) && got != want {
					t.Errorf("%s, step %d: quantile %v is %v, want %v, %v", s.Name, k, p, got, want, err)
				}
			}
		}
	}
	first := run(t, plan, gbm(t), montecarlo.Options{Paths: montecarlo.SampledPaths, Seed: 42})
	for i, s := range e.Series {
		identical(t, s.Name, first.Series[i].Values, s.Values)
	}
	want, err := first.CentralPath()
	if got, fault := e.CentralPath(); got != want || err != nil || fault != nil {
		t.Errorf("central path %d, %v, want %d, %v", got, fault, want, err)
	}
	part := o
	part.From, part.To = montecarlo.SampledPaths, paths
	if _, err := run(t, plan, gbm(t), part).CentralPath(); err == nil {
		t.Error("a part without kept paths has a central one")
	}
}

// Shares are exact on any number of paths.
func TestCountedShare(t *testing.T) {
	plan := compile(t, 5, below{})
	o := montecarlo.Options{Paths: montecarlo.ExactPaths + 1, Seed: 7}
	for k := range 6 {
		o.Outcomes = append(o.Outcomes, at(k, 0))
	}
	e := run(t, plan, gbm(t), o)
	got, err := e.Share("below", .95)
	if err != nil {
		t.Fatal(err)
	}
	for k, values := range e.Values {
		ones, present := 0, 0
		for _, v := range values {
			if v == 1 {
				ones++
			}
			if v == v {
				present++
			}
		}
		want, _ := stats.EstimateProportion(ones, present, .95)
		if diff := cmp.Diff(want, got[k], bits); diff != "" {
			t.Errorf("step %d: %s", k, diff)
		}
	}
	if _, err := e.Share("btc.price", .95); err == nil || !strings.Contains(err.Error(), "btc.price, step 0: found values from 100.00000000000004 to 100.00000000000004, expected 0 and 1 only") {
		t.Errorf("share of prices: %v", err)
	}
}

// below publishes whether the price has fallen in the step, absent in the second.
type below struct{}

func (below) Name() string                   { return "below" }
func (b below) Start(*sim.Market) sim.Trader { return b }
func (below) Reports() []sim.Report {
	return []sim.Report{{Name: "below", Unit: sim.Flag, Kind: sim.Level}}
}
func (below) Begin(*sim.Market)                {}
func (below) Settle(*sim.Market)               {}
func (below) Trade(_ *sim.Market, _ []float64) {}
func (below) Report(m *sim.Market, out []float64) {
	switch {
	case m.Step() == 1:
		out[0] = math.NaN()
	case m.LogPrice(0) < m.Open(0):
		out[0] = 1
	default:
		out[0] = 0
	}
}

// Above OutcomePaths estimates from what was counted are those from all values:
// moments and pairs to rounding, quantiles to RelativeError.
func TestCountedOutcomes(t *testing.T) {
	const paths = montecarlo.OutcomePaths + 5000
	list := subjects(t, 3)[:2]
	all := together(t, list, montecarlo.Options{Paths: paths, Seed: 9, OutcomesOnly: true})
	values := [2][3][]float64{}
	for i, s := range list {
		runner, path := sim.NewRunner(s.Plan), s.Plan.NewPath(false)
		for p := range paths {
			if err := runner.Run(s.Driver.Start(9, uint64(p)), path); err != nil {
				t.Fatal(err)
			}
			for k, o := range s.Outcomes {
				values[i][k] = append(values[i][k], o.Of(path))
			}
		}
		for k := range s.Outcomes {
			identical(t, "first outcomes", [][]float64{values[i][k][:montecarlo.OutcomePaths]}, all[i].Values[k:k+1])
		}
	}
	ps := []float64{.01, .5, .99}
	for k, o := range list[0].Outcomes {
		present := slices.DeleteFunc(slices.Clone(values[0][k]), math.IsNaN)
		tally := all[0].Tally(k)
		if tally.N() != len(present) || tally.Absent() != paths-len(present) {
			t.Errorf("%s: %d present and %d absent, want %d present", o.Name, tally.N(), tally.Absent(), len(present))
		}
		want, _ := stats.EstimateMean(present, .95)
		got, _ := tally.Moments().EstimateMean(.95)
		alike(t, o.Name+", mean", want, got, 1e-11)
		wants, _ := stats.EstimateQuantiles(present, ps, .95)
		gots, _ := stats.EstimateOrderedQuantiles(tally.N(), tally.At, ps, .95)
		for i := range ps {
			alike(t, o.Name+", quantile", wants[i], gots[i], montecarlo.RelativeError)
		}
		pairThem(t, o.Name, values[0][k], values[1][k], all[1].Pairs[k])
		pairThem(t, o.Name+" reversed", values[1][k], values[0][k], all[1].Pairs[k].Reversed())
	}
	if !all[1].Pairs[1].Losses() || all[1].Pairs[0].Losses() {
		t.Error("drawdowns are losses on every path, returns are not")
	}
}

func pairThem(t *testing.T, name string, base, variant []float64, pair *montecarlo.Pair) {
	t.Helper()
	var a, b, gaps []float64
	for i := range base {
		if d := base[i] - variant[i]; d == d {
			a, b, gaps = append(a, base[i]), append(b, variant[i]), append(gaps, d)
		}
	}
	want, _ := stats.EstimateMeanDifference(a, b, .95)
	got, _ := pair.Differences.Moments().EstimateMeanDifference(.95)
	alike(t, name+", difference", want, got, 1e-11)
	want, _ = stats.EstimateRatio(a, b, .95)
	got, _ = pair.Moments().EstimateRatio(.95)
	alike(t, name+", ratio", want, got, 1e-9)
	want, _ = stats.EstimateQuantile(gaps, .25, .95)
	gots, _ := stats.EstimateOrderedQuantiles(pair.Differences.N(), pair.Differences.At, []float64{.25}, .95)
	alike(t, name+", quantile of differences", want, gots[0], montecarlo.RelativeError)
}

func alike(t *testing.T, what string, want, got stats.Estimate, tolerance float64) {
	t.Helper()
	near := cmp.Comparer(func(a, b float64) bool { return a == b || math.Abs(a-b) <= tolerance*math.Abs(a) || a != a && b != b })
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("%s: %s", what, diff)
	}
}

// What was condensed says what it did before, as far as it was asked to.
func TestCondense(t *testing.T) {
	plan := compile(t, 5, below{})
	for _, paths := range []int{300, montecarlo.ExactPaths + 1} {
		e := run(t, plan, gbm(t), montecarlo.Options{Paths: paths, Seed: 2})
		fan, err := e.Fan("btc.price", []float64{.25, .5})
		if err != nil {
			t.Fatal(err)
		}
		share, err := e.Share("below", .95)
		if err != nil {
			t.Fatal(err)
		}
		last, err := e.Last("below")
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Condense([]float64{.1, .5, .25}, "below"); err != nil {
			t.Fatal(err)
		}
		if got, err := e.Last("below"); err != nil || cmp.Diff(last, got, bits) != "" {
			t.Errorf("%d paths: what was excepted is %v, %v", paths, err, got)
		}
		if err := e.Condense([]float64{.5, .25}); err != nil {
			t.Fatal(err)
		}
		if got, err := e.Fan("btc.price", []float64{.25, .5}); err != nil || cmp.Diff(fan, got, bits) != "" {
			t.Errorf("%d paths: %v, %s", paths, err, cmp.Diff(fan, got, bits))
		}
		if got, err := e.Share("below", .95); err != nil || cmp.Diff(share, got, bits) != "" {
			t.Errorf("%d paths: %v, %s", paths, err, cmp.Diff(share, got, bits))
		}
		_, one := e.Fan("btc.price", []float64{.3})
		_, two := e.FanWhere("btc.price", []float64{.5}, nil)
		_, three := e.Last("btc.price")
		_, four := e.CentralPath()
		_, five := e.Share("btc.price", .95)
		if one == nil || two == nil || three == nil || four == nil || five == nil || e.Kept() != 0 {
			t.Errorf("%d paths: answered %v, %v, %v, %v, %v", paths, one, two, three, four, five)
		}
	}
}
