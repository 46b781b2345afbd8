package monitor_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/impact"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/mechanism/mechanismtest"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// told publishes premium, flow and basis as they are written down; the first
// reading is that of the starting close.
type told []monitor.Reading

func (told) Name() string    { return "told" }
func (told) Parts() []string { return nil }
func (told) Reports() []sim.Report {
	return []sim.Report{
		{Name: "btc.coinbase_premium", Unit: sim.Fraction, Kind: sim.Level},
		{Name: "btc.etf_flow", Unit: sim.USD, Kind: sim.Flow},
		{Name: "btc.basis", Unit: sim.Fraction, Kind: sim.Level},
	}
}
func (t told) Start(*sim.Market) sim.Trader { return &telling{told: t} }

type telling struct {
	told
	at int
}

func (*telling) Begin(*sim.Market)            {}
func (*telling) Trade(*sim.Market, []float64) {}
func (t *telling) Settle(*sim.Market)         { t.at++ }
func (t *telling) Report(_ *sim.Market, out []float64) {
	out[0], out[1], out[2] = t.told[t.at].Premium, t.told[t.at].Flow, t.told[t.at].Basis
}

type silence struct{}

func (silence) Next(_ int, news, innovations []float64) { clear(news); clear(innovations) }

// play runs a recovery monitor beside other mechanisms, after a history.
func play(t *testing.T, c *monitor.Recovery, step time.Duration, steps int, past []monitor.Reading, others ...sim.Mechanism) *sim.Path {
	t.Helper()
	c.Asset = "btc"
	m, err := c.Build("recovery", &mechanism.Env{Assets: []string{"btc"}, Step: step})
	if err != nil {
		t.Fatal(err)
	}
	p := sim.Plan{Step: step, Steps: steps, Entries: []sim.Entry{{Mechanism: m}},
		Assets: []sim.Asset{{Name: "btc", Price: 100, Law: impact.Linear{Depth1Pct: 1}, Permanent: 1, Volatility: .03, VolatilityDecay: .94}}}
	for _, o := range others {
		p.Entries = append(p.Entries, sim.Entry{Mechanism: o})
	}
	if past != nil {
		p.Past.Series = map[string][]float64{}
		for _, r := range past {
			p.Past.Series["btc.coinbase_premium"] = append(p.Past.Series["btc.coinbase_premium"], r.Premium)
			p.Past.Series["btc.etf_flow"] = append(p.Past.Series["btc.etf_flow"], r.Flow)
			p.Past.Series["btc.basis"] = append(p.Past.Series["btc.basis"], r.Basis)
		}
	}
	plan, err := sim.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	path := plan.NewPath(true)
	if err := sim.NewRunner(plan).Run(silence{}, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// series is a published series from the starting close on.
func series(t *testing.T, p *sim.Path, name string) []float64 {
	t.Helper()
	for i, r := range p.Plan.Reports() {
		if r.Name == "recovery."+name {
			return append([]float64{p.Opening[i]}, p.Reports[i]...)
		}
	}
	t.Fatalf("no series recovery.%s", name)
	return nil
}

func same(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if diff := cmp.Diff(want, got, alike); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// eve is a month before the start with the premium below 0 and outflows.
func eve() []monitor.Reading {
	var list []monitor.Reading
	for range 30 {
		list = append(list, monitor.Reading{Premium: -.001, Flow: -1e8, Basis: .05})
	}
	return list
}

// The premium turns on the second day and one of 27 outflows is outweighed on
// the third; the lights go out again, the recovery has been.
func TestRecovery(t *testing.T) {
	c := defaults()
	c.PremiumDays = 2
	past := eve()
	start := past[len(past)-1]
	ahead := told{start, {Premium: .001, Flow: 1e8, Basis: .05}, {Premium: .001, Flow: 1e8, Basis: .05},
		{Premium: .001, Flow: 40e8, Basis: .05}, {Premium: -.001, Flow: 0, Basis: .2}, {Premium: nan, Flow: nan, Basis: nan}}
	path := play(t, c, day, 5, past, ahead)
	for name, want := range map[string][]float64{
		"premium":      {0, 0, 1, 1, 0, 0},
		"flows":        {0, 0, 0, 1, 1, 1},
		"basis":        {1, 1, 1, 1, 0, 0},
		"lights":       {0, 0, 0, 1, 0, 0},
		"recovered":    {0, 0, 0, 1, 1, 1},
		"days":         {nan, nan, nan, 3, 3, 3},
		"premium_days": {0, 1, 2, 3, 0, nan},
		"flow_sum":     {-28e8, -26e8, -24e8, 17e8, 18e8, 19e8},
		"basis_sd":     {0, 0, 0, 0, .15 / math.Sqrt(14), .15 / math.Sqrt(13)},
	} {
		same(t, name, series(t, path, name), want)
	}
	if len(path.Ledger.Rows) != 0 {
		t.Errorf("rows %v in the ledger, want none", path.Ledger.Rows)
	}
}

// Lights that are on at the starting close make a recovery of no days.
func TestRecoveredAtTheStart(t *testing.T) {
	past := eve()
	for k := range past {
		past[k].Premium, past[k].Flow = .001, 1e8
	}
	silent := monitor.Reading{Premium: nan, Flow: nan, Basis: nan}
	path := play(t, defaults(), day, 2, past, told{silent, silent, silent})
	same(t, "recovered", series(t, path, "recovered"), []float64{1, 1, 1})
	same(t, "days", series(t, path, "days"), []float64{0, 0, 0})
	same(t, "days of premium", series(t, path, "premium_days"), []float64{30, nan, nan})

	unseen := play(t, defaults(), day, 2, past) // nobody publishes anything
	for _, name := range []string{"lights", "recovered", "days"} {
		same(t, name, series(t, unseen, name), []float64{nan, nan, nan})
	}
}

// Where nobody publishes a series its light goes out of sight, and whether the
// market has recovered is not known, though one light is off.
func TestAbsentSeries(t *testing.T) {
	var ahead told
	for range 41 {
		ahead = append(ahead, monitor.Reading{Premium: -.001, Flow: nan, Basis: .05})
	}
	path := play(t, defaults(), day, 40, nil, ahead)
	for _, name := range []string{"flows", "flow_sum", "recovered", "days"} {
		for k, v := range series(t, path, name) {
			if !math.IsNaN(v) {
				t.Errorf("step %d: %s is %v, want absent", k, name, v)
			}
		}
	}
	same(t, "lights", series(t, path, "lights")[:3], []float64{0, 0, 0})
	// 41 closes of .05 from the starting one: the first 14 fill the window
	same(t, "basis", series(t, path, "basis")[11:15], []float64{nan, nan, 1, 1})
}

// The levels from which mechanisms start are the first close where no history
// tells it, and the windows fill from there.
func TestFirstSteps(t *testing.T) {
	c := defaults()
	c.FlowWeeks, c.BasisDays = 1, 3
	var ahead told
	for range 12 {
		ahead = append(ahead, monitor.Reading{Premium: .001, Flow: 1e8, Basis: .05})
	}
	path := play(t, c, day, 11, nil, ahead)
	same(t, "premium", series(t, path, "premium")[:6], []float64{nan, nan, nan, nan, 1, 1})
	same(t, "basis", series(t, path, "basis")[:4], []float64{nan, nan, 1, 1})
	same(t, "flows", series(t, path, "flows")[:9], []float64{nan, nan, nan, nan, nan, nan, nan, 1, 1})
	same(t, "recovered", series(t, path, "recovered")[:9], []float64{nan, nan, nan, nan, nan, nan, nan, 1, 1})
	same(t, "days", series(t, path, "days")[6:9], []float64{nan, 7, 7})
}

// Property: what the monitor publishes is what a watch shows that has seen the
// whole history, in steps of a day and of some hours.
func TestMonitorIsTheWatch(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		step := rapid.SampledFrom([]time.Duration{day, 6 * time.Hour}).Draw(rt, "step")
		c := defaults()
		c.PremiumDays, c.FlowWeeks, c.BasisDays = rapid.IntRange(1, 3).Draw(rt, "n"), rapid.IntRange(1, 2).Draw(rt, "k"), rapid.IntRange(2, 5).Draw(rt, "m")
		value := rapid.SampledFrom([]float64{nan, -1, 1, 2, 2, 2})
		reading := rapid.Custom(func(t *rapid.T) monitor.Reading {
			return monitor.Reading{Premium: value.Draw(t, "premium"), Flow: value.Draw(t, "flow"), Basis: value.Draw(t, "basis") / 100}
		})
		past := rapid.SliceOfN(reading, 0, 150).Draw(rt, "past")
		ahead := told(rapid.SliceOfN(reading, 20, 20).Draw(rt, "ahead"))
		if len(past) > 0 {
			ahead[0] = past[len(past)-1]
		} else {
			past = nil
			ahead[0].Flow = nan // none has come at the start
		}
		path := play(t, c, step, len(ahead)-1, past, ahead)

		w := watch(c, step)
		for _, r := range past[:max(len(past)-1, 0)] {
			w.Step(r)
		}
		known, days := false, nan
		for k, r := range ahead {
			s := w.Step(r)
			known = known || s.Premium != unknown && s.Flows != unknown && s.Basis != unknown
			if s.Lights() == on && math.IsNaN(days) {
				days = float64(k) * step.Hours() / 24
			}
			recovered := nan
			if known {
				recovered = 0
				if !math.IsNaN(days) {
					recovered = 1
				}
			}
			for name, want := range map[string]float64{"premium": s.Premium.Value(), "flows": s.Flows.Value(), "basis": s.Basis.Value(), "lights": s.Lights().Value(),
				"recovered": recovered, "days": days, "premium_days": s.PremiumDays, "flow_sum": s.FlowSum, "basis_sd": s.BasisSD} {
				if got := series(t, path, name)[k]; !cmp.Equal(got, want, alike) {
					rt.Fatalf("step %d: %s is %v, want %v", k, name, got, want)
				}
			}
		}
	})
}

// adapted is a monitor where a mechanism is expected.
type adapted struct {
	*monitor.Recovery
	mechanism.Common
}

func (a *adapted) Build(name string, env *mechanism.Env) (sim.Mechanism, error) {
	return a.Recovery.Build(name, env)
}

// A monitor passes what every mechanism passes: it changes nothing.
func TestRecoverySuite(t *testing.T) {
	watching := func() mechanism.Config {
		c := defaults()
		c.Asset = "btc"
		return &adapted{Recovery: c}
	}
	mechanismtest.Check(t, mechanismtest.Subject{HoldsNoCoins: true, Assets: []string{"btc"}, Prices: []float64{90e3}, Config: watching, Nothing: watching,
		Beside: func() mechanism.Config {
			kind, _ := mechanism.Lookup("redemption")
			funds := kind.Default().(*mechanism.Redemption)
			funds.Asset, funds.AUM, funds.Response = "btc", 150e9, 0
			return funds
		}})
}

func TestRecoveryFaults(t *testing.T) {
	c := defaults()
	c.Asset, c.BasisDays = "doge", 2
	_, err := c.Build("x", &mechanism.Env{Assets: []string{"btc"}, Step: 7 * day})
	if err == nil || !strings.Contains(err.Error(), `asset: found "doge"`) || !strings.Contains(err.Error(), "basis_days: found 2") {
		t.Errorf("got %v", err)
	}
}

func TestKinds(t *testing.T) {
	for _, k := range monitor.Kinds() {
		if k.Title == "" || k.Equation == "" || k.Source == "" {
			t.Errorf("%s is not explained", k.Name)
		}
	}
	c := defaults()
	if c.Name = "watch"; monitor.Config(c).Label() != "watch" {
		t.Errorf("label %q", c.Label())
	}
}
