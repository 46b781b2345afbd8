package sim_test

import (
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
)

// teller publishes a flow, ten times the number of the step from 1, and a
// level, the same number, and buys what its second part buys without a trace in
// the price.
type teller struct {
	name  string
	flow  string
	level string
	reads string
}

type telling struct {
	teller
	step   int
	at     int
	traded bool
	before float64 // what it read of the other when the step began
	rows   []int
	saw    float64 // USD of its rows at the settle
}

func (t teller) Name() string    { return t.name }
func (t teller) Parts() []string { return []string{"spot", "hedged"} }
func (t teller) Hedged(part int) bool {
	return part == 1
}
func (t teller) Reads() []string { return []string{t.reads} }
func (t teller) Reports() []sim.Report {
	return []sim.Report{
		{Name: t.flow, Title: "flow", Unit: sim.USD, Kind: sim.Flow, Shared: true},
		{Name: t.level, Title: "level", Unit: sim.Ratio, Kind: sim.Level},
		{Name: t.name + ".before", Title: "read at the open", Unit: sim.Ratio, Kind: sim.Level},
		{Name: t.name + ".after", Title: "read at the close", Unit: sim.Ratio, Kind: sim.Level},
		{Name: t.name + ".saw", Title: "traded", Unit: sim.USD, Kind: sim.Level},
	}
}
func (t teller) Start(m *sim.Market) sim.Trader {
	return &telling{teller: t, at: m.Find(t.reads), rows: m.HedgedRows(), saw: math.NaN()}
}
func (t *telling) Reprice(_ *sim.Market, returns []float64) { returns[0] += .001 }
func (t *telling) Begin(m *sim.Market)                      { t.traded, t.before = false, m.Published(t.at) }
func (t *telling) Trade(_ *sim.Market, o []float64) {
	if !t.traded {
		o[0], o[1] = .1, 7
	}
	t.traded = true
}
func (t *telling) Settle(m *sim.Market) {
	t.step++
	t.saw = 0
	for _, row := range t.rows {
		t.saw += m.Traded(row, 0)
	}
}
func (t *telling) Report(m *sim.Market, out []float64) {
	out[0], out[1] = 10*float64(t.step), float64(t.step)
	if t.step == 3 {
		out[0] = math.NaN()
	}
	out[2], out[3], out[4] = t.before, m.Published(t.at), t.saw
}

// Flows of one name add up, a reader sees the last close while it trades and the
// running step when it reports, whatever the order of the names.
func TestPublishing(t *testing.T) {
	law := impact.Linear{Depth1Pct: 1} // 1 USD moves the price by .01
	a := teller{name: "a", flow: "flow", level: "a", reads: "z"}
	z := teller{name: "z", flow: "flow", level: "z", reads: "nobody"}
	path := run(t, onePlan(3, law, a, z), 0, 0, 0)
	at := map[string][]float64{}
	for i, r := range path.Plan.Reports() {
		if at[r.Name] != nil {
			t.Errorf("%s is published twice", r.Name)
		}
		at[r.Name] = path.Reports[i]
	}
	nan := math.NaN()
	for name, want := range map[string][]float64{
		"flow": {20, 40, nan}, "a": {1, 2, 3}, "z": {1, 2, 3},
		"a.before": {0, 1, 2}, "a.after": {1, 2, 3}, "z.before": {nan, nan, nan}, "a.saw": {14, 14, 14},
	} {
		for k, w := range want {
			if got := at[name][k]; got != w && !(math.IsNaN(got) && math.IsNaN(w)) {
				t.Errorf("%s, step %d: %v, want %v", name, k, got, w)
			}
		}
	}
	for k := range 3 {
		near(t, "return", path.LogPrice[0][k+1]-path.LogPrice[0][k], .004, 1e-12)
		near(t, "spot", path.Ledger.Return[0][0][k], .002, 1e-12)
		near(t, "hedged orders", path.Ledger.Orders[1][0][k], 7, 0)
		near(t, "hedged return", path.Ledger.Return[1][0][k], 0, 0)
	}
}

// At the starting close a level that is made of a flow is made of none: no flow
// has come yet, whatever its publisher says.
func TestNoFlowAtTheStart(t *testing.T) {
	law := impact.Linear{Depth1Pct: 1}
	a, z := teller{name: "a", flow: "flow", level: "a", reads: "of z"}, teller{name: "z", flow: "of z", level: "z", reads: "nobody"}
	path := run(t, onePlan(2, law, a, z), 0, 0)
	for i, r := range path.Plan.Reports() {
		if opening := path.Opening[i]; r.Name == "a.after" && !math.IsNaN(opening) {
			t.Errorf("%s is %v at the start", r.Name, opening)
		}
		if r.Name == "a.after" {
			near(t, "read at the close", path.Reports[i][0], 10, 0)
		}
	}
}

// eager looks at what others have published and traded when it starts.
type eager struct {
	loop
	seen *[]float64
}

func (e eager) Start(m *sim.Market) sim.Trader {
	*e.seen = append(*e.seen, m.Published(m.Find("a")), m.Traded(0, 0))
	return e.loop.Start(m)
}

// Nothing of the path before can be seen when one starts.
func TestStartKnowsNoOtherPath(t *testing.T) {
	var seen []float64
	plan := compile(t, onePlan(2, impact.Linear{Depth1Pct: 1}, teller{name: "a", flow: "flow", level: "a", reads: "nobody"}, eager{loop{"z", 0}, &seen}))
	r := sim.NewRunner(plan)
	for range 2 {
		if err := r.Run(script{}, plan.NewPath(false)); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < len(seen); i += 2 {
		if !math.IsNaN(seen[i]) || seen[i+1] != 0 {
			t.Errorf("start %d: %v is published and %v traded, expected nothing", i/2+1, seen[i], seen[i+1])
		}
	}
}

func TestPublishingFaults(t *testing.T) {
	law := impact.Linear{Depth1Pct: 1}
	for want, entries := range map[string][]sim.Mechanism{
		`two mechanisms report "level"`: {teller{name: "a", flow: "f", level: "level"}, teller{name: "b", flow: "f", level: "level"}},
		"depends on its own":            {teller{name: "a", flow: "f", level: "a", reads: "b"}, teller{name: "b", flow: "f", level: "b", reads: "a"}},
	} {
		if _, err := sim.Compile(onePlan(1, law, entries...)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// shelf holds one USD for each price between 50 and 100.
type shelf struct{ loop }

func (s shelf) Profiles() []sim.Profile {
	return []sim.Profile{{Name: "shelf", Title: "shelf", Unit: sim.USD, Edges: []float64{50, 75, 100}}}
}
func (s shelf) Start(*sim.Market) sim.Trader { return &shelved{looper{loop: s.loop}} }

type shelved struct{ looper }

func (s *shelved) Profile(m *sim.Market, out [][]float64) {
	out[0][0], out[0][1] = 25, min(m.Price(0), 100)-75
}

func TestProfiles(t *testing.T) {
	path := run(t, onePlan(2, impact.Linear{Depth1Pct: 1}, shelf{loop{"s", 0}}), 0, math.Log(.9))
	if len(path.Profiles) != 1 || path.Profiles[0].Name != "shelf" {
		t.Fatalf("profiles are %v", path.Profiles)
	}
	near(t, "first step", path.Profiles[0].Values[0][1], 25, 1e-12)
	near(t, "second step", path.Profiles[0].Values[1][1], 15, 1e-12)
}
