package outcome_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"pgregory.net/rapid"
)

// reporter publishes a flow and a level and does nothing else.
type reporter struct{}

func (reporter) Name() string                  { return "reporter" }
func (reporter) Start(*sim.Market) sim.Trader  { return reporter{} }
func (reporter) Begin(*sim.Market)             {}
func (reporter) Trade(*sim.Market, []float64)  {}
func (reporter) Settle(*sim.Market)            {}
func (reporter) Report(*sim.Market, []float64) {}
func (reporter) Reports() []sim.Report {
	return []sim.Report{
		{Name: "btc.etf_flow", Title: "ETF net flow", Unit: sim.USD, Kind: sim.Flow},
		{Name: "fund.health_factor", Title: "fund: health factor", Unit: sim.Ratio, Kind: sim.Level},
	}
}

// path is a path of btc and eth with the given closes of btc.
func path(t testing.TB, closes ...float64) *sim.Path {
	t.Helper()
	p := sim.Plan{Step: 24 * time.Hour, Steps: max(len(closes)-1, 1), Entries: []sim.Entry{{Mechanism: reporter{}}}}
	for _, name := range []string{"btc", "eth"} {
		p.Assets = append(p.Assets, sim.Asset{Name: name, Price: 100, Law: impact.Linear{Depth1Pct: 1e9}, Permanent: 1, Volatility: .03, VolatilityDecay: .94})
	}
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	out := plan.NewPath(false)
	for k, v := range closes {
		out.LogPrice[0][k] = math.Log(v)
		out.LogPrice[1][k] = math.Log(2 * v)
	}
	return out
}

func of(t testing.TB, p *sim.Path, name string) float64 {
	t.Helper()
	o, err := outcome.Resolve(p.Plan, name)
	if err != nil {
		t.Fatal(err)
	}
	if o.Name != name || o.Title == "" || o.Unit == "" {
		t.Errorf("%q resolves to %+v", name, o)
	}
	return o.Of(p)
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-13*math.Abs(want)) && !(math.IsNaN(got) && math.IsNaN(want)) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

func TestOfPrices(t *testing.T) {
	for _, c := range []struct {
		closes                                       []float64
		total, drawdown, final, lowest, steps, worst float64
	}{
		{[]float64{100, 120, 90, 60, 60, 90}, -.1, -.5, 90, 60, 3, -1. / 3},
		{[]float64{100, 80, 160, 120}, .2, -.25, 120, 80, 1, -.25}, // the deepest fall is not to the lowest close
		{[]float64{100, 110, 121}, .21, 0, 121, 100, 0, .1},        // only rises
		{[]float64{100, 50}, -.5, -.5, 50, 50, 1, -.5},             // the fall from the starting close counts
	} {
		p := path(t, c.closes...)
		for name, want := range map[string]float64{"return": c.total, "max_drawdown": c.drawdown, "final_price": c.final,
			"lowest_price": c.lowest, "steps_to_low": c.steps, "worst_step": c.worst} {
			same(t, name, of(t, p, name), want)
			same(t, "btc."+name, of(t, p, "btc."+name), want)
		}
		same(t, "eth.final_price", of(t, p, "eth.final_price"), 2*c.final)
	}
}

// What has the name of a statistic is that statistic.
func TestAgreesWithStats(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		closes := append([]float64{100}, rapid.SliceOfN(rapid.Float64Range(1, 1000), 1, 30).Draw(r, "closes")...)
		p := path(t, closes...)
		total, err := stats.TotalReturn(closes)
		if err != nil {
			r.Fatal(err)
		}
		deepest, err := stats.MaxDrawdown(closes)
		if err != nil {
			r.Fatal(err)
		}
		if got := of(t, p, "return"); math.Abs(got-total) > 1e-12*(1+math.Abs(total)) {
			r.Errorf("return %v, stats %v", got, total)
		}
		if got := of(t, p, "max_drawdown"); math.Abs(got-deepest.Depth) > 1e-12 {
			r.Errorf("drawdown %v, stats %v", got, deepest.Depth)
		}
	})
}

func TestOfReports(t *testing.T) {
	absent := math.NaN()
	for _, c := range []struct {
		values               []float64
		sum, low, high, last float64
	}{
		{[]float64{-3, 5, 1}, 3, -3, 5, 1},
		{[]float64{absent, -3, absent, 5, 1, absent}, 3, -3, 5, absent},
		{[]float64{absent, absent}, absent, absent, absent, absent},
		{[]float64{0, absent}, 0, 0, 0, absent},
	} {
		p := path(t, make([]float64, len(c.values)+1)...)
		copy(p.Reports[0], c.values)
		copy(p.Reports[1], c.values)
		for name, want := range map[string]float64{"btc.etf_flow": c.sum, "btc.etf_flow.low": c.low, "btc.etf_flow.high": c.high,
			"fund.health_factor.low": c.low, "fund.health_factor.high": c.high, "fund.health_factor.last": c.last} {
			same(t, name, of(t, p, name), want)
		}
	}
}

func TestUnknown(t *testing.T) {
	plan := path(t).Plan
	for _, name := range []string{"", "drawdown", "sol.return", "btc", "etf_flow.last", "fund.health_factor", "btc.return.low"} {
		_, err := outcome.Resolve(plan, name)
		if err == nil {
			t.Errorf("%q is no outcome, yet resolves", name)
			continue
		}
		for _, want := range []string{`found outcome "` + name + `"`, "btc.return", "eth.worst_step", "btc.etf_flow, btc.etf_flow.low", "fund.health_factor.last"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q: error %q lacks %q", name, err, want)
			}
		}
	}
}

func TestEveryNameResolvesToItself(t *testing.T) {
	plan, units := path(t).Plan, map[string]string{}
	for _, name := range outcome.Names(plan) {
		o, err := outcome.Resolve(plan, name)
		if err != nil || o.Name != name {
			t.Errorf("%s: got %q, %v", name, o.Name, err)
		}
		units[o.Title] = o.Unit
	}
	if len(units) != len(outcome.Names(plan)) {
		t.Error("two outcomes have the same title")
	}
	for title, want := range map[string]string{"BTC ETF net flow, sum": "usd", "fund: health factor, lowest": "ratio", "Steps to the lowest price of ETH": "steps"} {
		if units[title] != want {
			t.Errorf("unit of %q is %q, want %q", title, units[title], want)
		}
	}
}

func TestKindsCoverEveryName(t *testing.T) {
	var names []string
	for _, k := range outcome.Kinds() {
		if k.Title == "" || k.Definition == "" {
			t.Errorf("%s lacks a title or a definition", k.Name)
		}
		names = append(names, k.Name)
	}
	replaced := strings.NewReplacer("<asset>", "btc", "<flow>", "btc.etf_flow", "<level>", "fund.health_factor").Replace(strings.Join(names, " "))
	for _, name := range strings.Fields(replaced) {
		if _, err := outcome.Resolve(path(t).Plan, name); err != nil {
			t.Error(err)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	p := path(t, 100, 120, 90)
	for _, name := range outcome.Names(p.Plan) {
		o, err := outcome.Resolve(p.Plan, name)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { o.Of(p) }); n != 0 {
			t.Errorf("%s: %v allocations a path", name, n)
		}
	}
}
