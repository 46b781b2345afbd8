package sweep_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/scenarios/sweep"
)

const loop = `
name: loop
title: The redemption loop
market: {btc: {price: 100, volatility: 50%, depth_1pct: 3bn}}
mechanisms:
  - redemption: {asset: btc, aum: 100bn, impact_scale: 10}
shocks: [{on: day 3, news: -10%, name: bad news}]
simulate: {steps: 20, paths: 40, seed: 5, news: gbm}
outcomes: [return, max_drawdown]
`

func ready(t *testing.T, src string) *study.Study {
	t.Helper()
	s, err := scenarios.Parse("loop.yaml", []byte(src), nil)
	if err != nil {
		t.Fatal(err)
	}
	st, err := study.Ready(s, nil)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func axis(t *testing.T, st *study.Study, text string) sweep.Axis {
	t.Helper()
	a, err := sweep.ReadAxis(text, st.Scenario)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func plan(t *testing.T, st *study.Study, axes ...string) *sweep.Plan {
	t.Helper()
	var list []sweep.Axis
	for _, text := range axes {
		list = append(list, axis(t, st, text))
	}
	p, err := sweep.NewPlan(st.Scenario, list, sweep.Design{Name: sweep.Grid})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// memory is a journal that forgets when the test ends.
type memory struct {
	rows []sweep.Row
	stop int // after so many; 0 = never
}

var errStop = errors.New("the disk is full")

func (m *memory) Done() []sweep.Row { return m.rows }

func (m *memory) Add(r sweep.Row) error {
	if m.stop > 0 && len(m.rows) == m.stop {
		return errStop
	}
	m.rows = append(m.rows, r)
	return nil
}

func run(t *testing.T, p *sweep.Plan, st *study.Study, j sweep.Journal, o sweep.Options) []sweep.Row {
	t.Helper()
	rows, err := p.Run(context.Background(), st, j, o)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// One at a time: the scenario as it is, then each value alone; a default is a value of
// the scenario too.
func TestOneByOne(t *testing.T) {
	st := ready(t, loop)
	axes := []sweep.Axis{axis(t, st, "redemption.response=0..2bn"), axis(t, st, "market.btc.depth_1pct=1bn,3bn,9bn")}
	p, err := sweep.NewPlan(st.Scenario, axes, sweep.Design{Name: sweep.OneByOne})
	if err != nil {
		t.Fatal(err)
	}
	own := st.Scenario.Value("redemption.response")
	want := [][]string{{own, "3bn"}, {"0", "3bn"}, {"2bn", "3bn"}, {own, "1bn"}, {own, "3bn"}, {own, "9bn"}}
	var got [][]string
	for cell := range p.Len() {
		got = append(got, p.Values(cell))
	}
	if d := cmp.Diff(want, got); d != "" || own == "" {
		t.Errorf("cells (-want +got):\n%s", d)
	}
	if set := p.Set(0); set != nil {
		t.Errorf("the first cell changes %v", set)
	}
	if cell := sweep.Alone(p.Axes, 1, 2); cell != 5 || len(p.Set(cell)) != 1 {
		t.Errorf("cell %d changes %v, want 5 and the depth alone", cell, p.Set(cell))
	}
	rows, err := p.Run(context.Background(), st, &memory{}, sweep.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if base, same := rows[0].Outcomes[0].Mean, rows[4].Outcomes[0].Mean; base.Value != same.Value || rows[3].Outcomes[0].Mean.Value == base.Value {
		t.Errorf("a return of %v, and of %v with the depth that is the scenario's own", base, same)
	}
}

func TestReadAxis(t *testing.T) {
	st := ready(t, loop)
	for text, want := range map[string][]string{
		"redemption.response=0,1bn, 2bn":      {"0", "1bn", "2bn"},
		"redemption.response=0..4bn/5":        {"0", "1bn", "2bn", "3bn", "4bn"},
		"market.btc.depth_1pct=1bn..9bn/log3": {"1bn", "3bn", "9bn"},
		"market.btc.volatility=20%..50%/4":    {"20%", "30%", "40%", "50%"},
		"simulate.steps=3..6/3":               {"3", "5", "6"}, // the middle of 4.5 is rounded
		"market.btc.half_life=1d..3d/3":       {"1d", "2d", "3d"},
	} {
		if strings.HasPrefix(text, "market.btc.half_life") {
			continue // the scenario has not got one
		}
		if diff := cmp.Diff(want, axis(t, st, text).Values); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
	open := axis(t, st, "market.btc.depth_1pct=1bn..9bn/log")
	for share, want := range map[float64]string{0: "1bn", .5: "3bn", 1: "9bn"} {
		if got := open.At(share); got != want || !open.Range() {
			t.Errorf("at %v: %s, want %s", share, got, want)
		}
	}
	for text, want := range map[string]string{
		"redemption.response":                 "expected KEY=VALUES",
		"redemption.answer=1":                 "redemption.answer: the scenario has no number there",
		"title=1,2":                           "title: the scenario has no number there",
		"redemption.response=1,x":             `redemption.response: found "x"`,
		"redemption.response=1bn,1000m":       "found 1000m a second time",
		"redemption.response=4bn..0/3":        "expected a low end below the high one",
		"redemption.response=0..4bn/log3":     "expected more than 0",
		"redemption.response=0..4bn/1":        "found /1, expected a number of values from 2 to 100000",
		"redemption.response=0..4bn/few":      "found /few",
		"market.btc.volatility=20..50/2":      "20%, or 2000% if that is meant",
		"redemption.response=0..4bn/10000001": "found /10000001",
	} {
		if _, err := sweep.ReadAxis(text, st.Scenario); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestPlan(t *testing.T) {
	st := ready(t, loop)
	p := plan(t, st, "redemption.response=0,1bn", "market.btc.depth_1pct=1bn,3bn,9bn")
	if p.Len() != 6 || p.Label(4) != "redemption.response = 1bn, market.btc.depth_1pct = 3bn" {
		t.Errorf("%d cells, the fifth is %s", p.Len(), p.Label(4))
	}
	same, _ := plan(t, st, "redemption.response=0,1bn", "market.btc.depth_1pct=1bn,3bn,9bn").Hash(nil)
	if hash, _ := p.Hash(nil); hash != same {
		t.Error("one plan, two hashes")
	}
	for _, other := range []*sweep.Plan{plan(t, st, "redemption.response=0,1bn", "market.btc.depth_1pct=1bn,3bn"),
		plan(t, ready(t, strings.Replace(loop, "seed: 5", "seed: 6", 1)), "redemption.response=0,1bn", "market.btc.depth_1pct=1bn,3bn,9bn")} {
		if hash, _ := other.Hash(nil); hash == same {
			t.Error("two plans, one hash")
		}
	}
	if hash, _ := p.Hash([]string{"btc.price 00ff"}); hash == same {
		t.Error("other data, the same hash")
	}
	for want, axes := range map[string][]string{
		"without a parameter": nil,
		"varied twice":        {"redemption.response=0,1bn", "redemption.response=0,2bn"},
		"a range in a grid":   {"redemption.response=0..1bn"},
		"more than 10000000":  {"redemption.response=0..1bn/10000", "market.btc.depth_1pct=1bn..9bn/10000"},
	} {
		var list []sweep.Axis
		for _, text := range axes {
			list = append(list, axis(t, st, text))
		}
		if _, err := sweep.NewPlan(st.Scenario, list, sweep.Design{Name: sweep.Grid}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", axes, err, want)
		}
	}
}

// A cell is the scenario with its values, on the same random numbers; workers and
// sittings change nothing.
func TestCells(t *testing.T) {
	st := ready(t, loop)
	p := plan(t, st, "redemption.response=0,1bn,3bn", "market.btc.depth_1pct=2bn,6bn")
	rows := run(t, p, st, &memory{}, sweep.Options{Workers: 1})
	if len(rows) != 6 {
		t.Fatalf("%d rows", len(rows))
	}
	changed, err := scenarios.Parse("loop.yaml", []byte(loop), []scenarios.Override{{Key: "redemption.response", Value: "1bn"}, {Key: "market.btc.depth_1pct", Value: "6bn"}})
	if err != nil {
		t.Fatal(err)
	}
	alone, err := study.Execute(context.Background(), changed, nil, study.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if want := alone.Outcomes[0].Cases[0].Mean; rows[3].Outcomes[0].Mean.Value != want.Value || want.N != 40 {
		t.Errorf("cell 3 has %v, the scenario with its values %v", rows[3].Outcomes[0].Mean, want)
	}
	for _, workers := range []int{2, 8, 100} {
		if diff := cmp.Diff(rows, run(t, p, st, &memory{}, sweep.Options{Workers: workers}), cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%d workers:\n%s", workers, diff)
		}
	}
	stopped := &memory{stop: 2}
	if _, err := p.Run(context.Background(), st, stopped, sweep.Options{}); !errors.Is(err, errStop) {
		t.Fatalf("a journal that is full: %v", err)
	}
	had := len(stopped.rows)
	stopped.stop = 0
	added := 0
	got := run(t, p, st, stopped, sweep.Options{Progress: func(done, total int) {
		if added++; total != 6 || done != had+added {
			t.Errorf("told of %d of %d cells", done, total)
		}
	}})
	if diff := cmp.Diff(rows, got, cmpopts.EquateNaNs()); diff != "" || added != 4 {
		t.Errorf("%d cells were run again after two:\n%s", added, diff)
	}
	odd := run(t, p, st, &memory{}, sweep.Options{Cell: func(cell int) bool { return cell%2 == 1 }})
	if diff := cmp.Diff([]sweep.Row{rows[1], rows[3], rows[5]}, odd, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("every second cell:\n%s", diff)
	}
}

// A cell that cannot be run says why, and the others are what they are without it.
func TestFailedCell(t *testing.T) {
	st := ready(t, loop)
	rows := run(t, plan(t, st, "market.btc.depth_1pct=3bn,-1,6bn"), st, &memory{}, sweep.Options{})
	if len(rows) != 3 || rows[0].Failed != "" || rows[2].Failed != "" || !strings.Contains(rows[1].Failed, "found -1, expected more than 0") {
		t.Errorf("rows %+v", rows)
	}
	whole := run(t, plan(t, st, "market.btc.depth_1pct=3bn,6bn"), st, &memory{}, sweep.Options{})
	if diff := cmp.Diff(whole[1].Outcomes, rows[2].Outcomes, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("the cell after a failed one:\n%s", diff)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := plan(t, st, "market.btc.depth_1pct=3bn,6bn").Run(ctx, st, &memory{}, sweep.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a sweep that is stopped: %v", err)
	}
}

// Cells of a drawn design lie within their ranges and are the same again; a Saltelli
// design tells which parameter matters, where all cells but few have a figure.
func TestDesigns(t *testing.T) {
	st := ready(t, loop)
	axes := []sweep.Axis{axis(t, st, "redemption.response=0..8bn"), axis(t, st, "market.btc.depth_1pct=1bn..9bn/log"), axis(t, st, "redemption.aum=100bn,200bn")}
	cells := map[string]int{sweep.Latin: 16, sweep.Sobol: 16, sweep.Morris: 16 * 4, sweep.Saltelli: 16 * 5}
	for name, want := range cells {
		p, err := sweep.NewPlan(st.Scenario, axes, sweep.Design{Name: name, N: 16, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		again, _ := sweep.NewPlan(st.Scenario, axes, sweep.Design{Name: name, N: 16, Seed: 3})
		if p.Len() != want {
			t.Errorf("%s: %d cells, want %d", name, p.Len(), want)
		}
		for cell := range p.Len() {
			values := p.Values(cell)
			depth, err := axes[1].Value(values[1])
			if err != nil || depth < 1e9 || depth > 9e9 || values[2] != "100bn" && values[2] != "200bn" {
				t.Errorf("%s: cell %d at %q", name, cell, values)
			}
			if diff := cmp.Diff(values, again.Values(cell)); diff != "" {
				t.Errorf("%s: cell %d is elsewhere the second time:\n%s", name, cell, diff)
			}
		}
	}
	p, err := sweep.NewPlan(st.Scenario, axes, sweep.Design{Name: sweep.Saltelli, N: 32, Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	rows := run(t, p, st, &memory{}, sweep.Options{})
	outcomes := []string{"return", "max_drawdown"}
	found := sweep.Sensitivities(p.Design, p.Axes, outcomes, rows)
	if len(found) != 2 || found[1].Indices == nil || found[1].Indices.Indices[2].Parameter != "redemption.aum" {
		t.Fatalf("found %+v", found)
	}
	if total := found[1].Indices.Indices[2].Total.Value; total > .05 {
		t.Errorf("the size of the funds, which their response does not depend on, has a total index of %v", total)
	}
	for i := range rows[:40] {
		rows[i].Failed = "no reason"
	}
	if lost := sweep.Sensitivities(p.Design, p.Axes, outcomes, rows); lost[0].Indices != nil || !strings.Contains(lost[0].Absent, "failed") {
		t.Errorf("a quarter of the cells failed: %+v", lost[0])
	}
	if _, err := sweep.NewPlan(st.Scenario, axes, sweep.Design{Name: "random", N: 3}); err == nil || !strings.Contains(err.Error(), `no design "random", expected one of grid, oat, lhs, sobol, morris, saltelli`) {
		t.Errorf("an unknown design: %v", err)
	}
}
