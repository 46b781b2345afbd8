package scenarios

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

const full = `# The file of the design document, more or less.
name: redemption-loop
title: "Redemptions: sponsors sell while prices fall"
source: Wintermute, 10 February 2026
text: |
  Two lines
  of text.
assumptions: [funds sell at once]

history:
  from: 2025-10-01
  to: 2026-02-10
  series:
    btc.price:    {file: btc.csv, column: close, kind: price}
    btc.etf_flow: {file: etf.csv, column: total, kind: flow, unit: usd_m, published: 1d}

market:
  btc: {impact: linear, depth_1pct: 3bn, volatility: 49%, permanent: 30%, half_life: 2d}
  eth:
    impact: exponential # Cont and Schaanning
    volume: 30bn

mechanisms:
  - redemption: {asset: btc, aum: 150bn, persistence: 0.443, response: 2.87bn, impact_scale: 10}
  - redemption:
      name: eth_funds
      asset: eth
      aum: 20bn

shocks:
  - {name: outflow, on: 2026-01-20, over: 5d, flow: -1.73bn, asset: btc}
  - {on: day 12, news: -4%, asset: eth}
  - {on: day 3, observe: btc.etf_flow, amount: -290m}

simulate: {from: 2026-02-01, steps: 90, paths: 10k, seed: 42}
compare:
  - {without: [redemption]}
  - {name: thin, with: {market.btc.depth_1pct: 1.5bn, eth_funds.response: 0}}
outcomes: [return]
`

func parse(t *testing.T, src string, set ...Override) *Scenario {
	t.Helper()
	s, err := Parse("full.yaml", []byte(src), set)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ptr(v float64) *float64 { return &v }

func TestParse(t *testing.T) {
	got := parse(t, full)
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	redemption := func(change func(*mechanism.Redemption)) mechanism.Config {
		kind, _ := mechanism.Lookup("redemption")
		c := kind.Default().(*mechanism.Redemption)
		change(c)
		return c
	}
	want := Spec{
		Name: "redemption-loop", Title: "Redemptions: sponsors sell while prices fall", Source: "Wintermute, 10 February 2026",
		Text: "Two lines\nof text.\n", Assumptions: []string{"funds sell at once"},
		History: &History{
			From: day("2025-10-01"), To: day("2026-02-10"), Step: 24 * time.Hour,
			Series: map[string]Series{
				"btc.price":    {File: "btc.csv", Column: "close", Kind: data.Price},
				"btc.etf_flow": {File: "etf.csv", Column: "total", Kind: data.Flow, Unit: data.USDMillion, Published: new(24 * time.Hour)},
			},
		},
		Market: map[string]Market{
			"btc": {
				Impact: Linear, Depth1Pct: 3e9, Volatility: .49, VolatilityDecay: .94, Prefactor: 1, C: .4,
				Permanent: .3, HalfLife: 48 * time.Hour,
			},
			"eth": {Impact: Exponential, Volume: 30e9, VolatilityDecay: .94, Prefactor: 1, C: .4, Permanent: 1},
		},
		Waves: Waves{Tolerance: 1, Max: 500},
		Mechanisms: []Mechanism{
			{"redemption", redemption(func(r *mechanism.Redemption) {
				r.Asset, r.AUM, r.Persistence, r.Response, r.ImpactScale = "btc", 150e9, .443, 2.87e9, 10
			})},
			{"redemption", redemption(func(r *mechanism.Redemption) { r.Name, r.Asset, r.AUM = "eth_funds", "eth", 20e9 })},
		},
		Shocks: []Shock{
			{Name: "outflow", On: Moment{Date: day("2026-01-20")}, Over: 5 * 24 * time.Hour, Flow: ptr(-1.73e9), Asset: "btc"},
			{On: Moment{Day: 12}, News: ptr(-.04), Asset: "eth"},
			{On: Moment{Day: 3}, Observe: "btc.etf_flow", Amount: ptr(-290e6)},
		},
		Simulate: &Simulate{From: day("2026-02-01"), Steps: 90, Paths: 10000, Seed: 42, News: News{"none", &driver.None{}}},
		Compare: []Compare{
			{Without: []string{"redemption"}},
			{Name: "thin", With: Overrides{{Key: "market.btc.depth_1pct", Value: "1.5bn"}, {Key: "eth_funds.response", Value: "0"}}},
		},
		Outcomes: []string{"return"},
	}
	if diff := cmp.Diff(want, got.Spec, cmpopts.IgnoreUnexported(Override{})); diff != "" {
		t.Errorf("Spec differs (-want +got):\n%s", diff)
	}
}

func TestDefaults(t *testing.T) {
	s := parse(t, "name: a\ntitle: A\nmarket: {btc: {price: 1, volatility: 50%, calibration: mechanical}}\nsimulate: {steps: 3}\nshocks: [{on: day 1, news: -1%}]\n")
	if diff := cmp.Diff([]string{"return", "max_drawdown"}, s.Outcomes); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
	if got := s.Market["btc"].Depth1Pct; got != 3e9 {
		t.Errorf("depth_1pct under the mechanical calibration is %v, expected 3e9", got)
	}
	if s.Simulate.Paths != 1000 || s.Simulate.Seed != 1 {
		t.Errorf("%d paths from seed %d, expected 1000 from 1", s.Simulate.Paths, s.Simulate.Seed)
	}
	if got := s.Shocks[0].Asset; got != "btc" {
		t.Errorf("the shock hits %q, expected the only asset, btc", got)
	}
}

func TestCalibration(t *testing.T) {
	const src = `{name: a, title: A, market: {btc: {price: 1, volatility: 50%, calibration: regression}},
mechanisms: [{redemption: {asset: btc, aum: 1bn}}, {redemption: {name: own, asset: btc, aum: 1bn, impact_scale: 2}}], simulate: {steps: 3}}`
	s := parse(t, src)
	if got := s.Market["btc"].Depth1Pct; got != 3e9 {
		t.Errorf("depth_1pct is %v, expected 3e9: the market is the same under both calibrations", got)
	}
	for i, want := range []float64{10, 2} {
		if got := s.Mechanisms[i].Config.Travels().ImpactScale; got != want {
			t.Errorf("impact_scale of %s is %v, expected %v", s.Mechanisms[i].Name(), got, want)
		}
	}
}

func TestSet(t *testing.T) {
	for _, tt := range []struct {
		key, value string
		got        func(*Scenario) any
		want       any
	}{
		{"market.btc.depth_1pct", "1.5bn", func(s *Scenario) any { return s.Market["btc"].Depth1Pct }, 1.5e9},
		{"history.series.btc.price.file", "other.csv", func(s *Scenario) any { return s.History.Series["btc.price"].File }, "other.csv"},
		{"history.series.btc.price.unit", "usd_k", func(s *Scenario) any { return s.History.Series["btc.price"].Unit }, data.USDThousand},
		{"history.series.eth.price.file", "eth.csv", func(s *Scenario) any { return s.History.Series["eth.price"].File }, "eth.csv"},
		{"history.series.eth.price", "{file: eth.csv}", func(s *Scenario) any { return s.History.Series["eth.price"].File }, "eth.csv"},
		{"redemption.response", "1bn", func(s *Scenario) any { return s.Mechanisms[0].Config.(*mechanism.Redemption).Response }, 1e9},
		{"mechanisms.redemption.response", "1bn", func(s *Scenario) any { return s.Mechanisms[0].Config.(*mechanism.Redemption).Response }, 1e9},
		{"mechanisms[1].response", "1bn", func(s *Scenario) any { return s.Mechanisms[1].Config.(*mechanism.Redemption).Response }, 1e9},
		{"eth_funds.execution", "3", func(s *Scenario) any { return s.Mechanisms[1].Config.(*mechanism.Redemption).Execution }, 3},
		{"shocks[1].news", "-8%", func(s *Scenario) any { return *s.Shocks[1].News }, -.08},
		{"shocks.outflow.flow", "-2bn", func(s *Scenario) any { return *s.Shocks[0].Flow }, -2e9},
		{"simulate.news", "gbm", func(s *Scenario) any { return s.Simulate.News.Kind }, "gbm"},
		{"simulate", "{news: {gbm: {}}}", func(s *Scenario) any { return s.Simulate.News.Kind }, "gbm"},
		{"redemption", "~", func(s *Scenario) any { return len(s.Mechanisms) }, 1},
		{"simulate.seed", "18446744073709551615", func(s *Scenario) any { return s.Simulate.Seed }, uint64(1<<64 - 1)},
		{"waves", "{max: 7}", func(s *Scenario) any { return s.Waves }, Waves{1, 7}},
		{"market.btc", "{impact: square-root, volume: 60bn, depth_1pct: ~}", func(s *Scenario) any { return s.Market["btc"].Volatility }, .49},
		{"market.btc.half_life", "~", func(s *Scenario) any { return s.Market["btc"].HalfLife }, time.Duration(0)},
		{"assumptions", "[a, b]", func(s *Scenario) any { return len(s.Assumptions) }, 2},
		{"text", `"a: b"`, func(s *Scenario) any { return s.Text }, "a: b"},
	} {
		s, err := Parse("full.yaml", []byte(full), []Override{{Key: "compare", Value: "[]"}, {Key: tt.key, Value: tt.value}})
		if err != nil {
			t.Errorf("--set %s=%s: %v", tt.key, tt.value, err)
			continue
		}
		if got := tt.got(s); got != tt.want {
			t.Errorf("--set %s=%s gives %v, expected %v", tt.key, tt.value, got, tt.want)
		}
	}
}

// Overrides come after each other, and a kind with parameters may follow on a
// bare one.
func TestSetOrder(t *testing.T) {
	s := parse(t, full, Override{Key: "simulate.news", Value: "gbm"}, Override{Key: "redemption.aum", Value: "1bn"}, Override{Key: "redemption.aum", Value: "2bn"})
	if got := s.Mechanisms[0].Config.(*mechanism.Redemption).AUM; got != 2e9 {
		t.Errorf("aum is %v, expected the last of the overrides, 2e9", got)
	}
}

func TestVariant(t *testing.T) {
	s := parse(t, full)
	without, err := s.Variant(0)
	if err != nil {
		t.Fatal(err)
	}
	if len(without.Mechanisms) != 1 || without.Mechanisms[0].Name() != "eth_funds" || without.Compare != nil {
		t.Errorf("variant 0 has mechanisms %v and compares %v, expected eth_funds alone and nothing", without.Mechanisms, without.Compare)
	}
	with, err := s.Variant(1)
	if err != nil {
		t.Fatal(err)
	}
	if d, r := with.Market["btc"].Depth1Pct, with.Mechanisms[1].Config.(*mechanism.Redemption).Response; d != 1.5e9 || r != 0 {
		t.Errorf("variant 1 has depth %v and response %v, expected 1.5e9 and 0", d, r)
	}
	if len(s.Mechanisms) != 2 || s.Market["btc"].Depth1Pct != 3e9 {
		t.Error("making a variant changed the scenario")
	}
	if _, err := s.Variant(2); err == nil {
		t.Error("variant 2 of two exists")
	}
	for i, want := range []string{"without redemption", "thin"} {
		if got := s.Compare[i].Label(); got != want {
			t.Errorf("label %d is %q, expected %q", i, got, want)
		}
	}
	long := parse(t, full, Override{Key: "compare", Value: `[{with: {"shocks": [{on: day 1, news: -1%, asset: btc}], market.btc.half_life: ~}}]`})
	if got, want := long.Compare[0].Label(), "shocks = [{on: day 1, news: -1%, asset: btc}], market.btc.half_life = ~"; got != want {
		t.Errorf("label is %q, expected %q", got, want)
	}
	unnamed := Compare{Without: []string{"a"}, With: Overrides{{Key: "b.c", Value: "0"}}}
	if got := unnamed.Label(); got != "without a, b.c = 0" {
		t.Errorf("label is %q", got)
	}
}

func TestAt(t *testing.T) {
	s := parse(t, full, Override{Key: "market.btc.depth_1pct", Value: "2bn"})
	for _, tt := range []struct {
		path         string
		line, column int
	}{
		{"history.series.btc.price.file", 14, 26},
		{"history.series.btc.price", 14, 5},
		{"history.series.btc.price.unit", 14, 5}, // not there: the key above it
		{"mechanisms[0].aum", 24, 35},
		{"mechanisms[0]", 24, 5},
		{"mechanisms[1].aum", 28, 12},
		{"eth_funds.aum", 28, 12},
		{"mechanisms[1].response", 25, 5},
		{"shocks[1].news", 32, 24},
		{"shocks[1]", 32, 5},
		{"market.btc.depth_1pct", 0, 0}, // the override has no line
		{"nowhere", 0, 0},
	} {
		f := s.At(tt.path)
		if f.Line != tt.line || f.Column != tt.column {
			t.Errorf("At(%q) is %d:%d, expected %d:%d", tt.path, f.Line, f.Column, tt.line, tt.column)
		}
		if f.Line > 0 && (f.File != "full.yaml" || !strings.Contains(f.Snippet, "^")) {
			t.Errorf("At(%q) points at %s without a caret: %q", tt.path, f.File, f.Snippet)
		}
	}
	if got := s.At("market.btc.depth_1pct").File; got != "--set market.btc.depth_1pct=2bn" {
		t.Errorf("an overridden key is blamed on %q", got)
	}
}

func TestHash(t *testing.T) {
	base := parse(t, full).Hash()
	same := strings.NewReplacer("1pct: 3bn,", "1pct: 3000m,", "# Cont and Schaanning", "", "{file: btc.csv, column: close,", "{column: close, file: btc.csv,").Replace(full)
	if same == full {
		t.Fatal("nothing was replaced")
	}
	if got := parse(t, same).Hash(); got != base {
		t.Error("the hash depends on how the file is written")
	}
	if got := parse(t, full, Override{Key: "market.btc.depth_1pct", Value: "3bn"}).Hash(); got != base {
		t.Error("an override that changes nothing changes the hash")
	}
	seen := map[string]string{base: "nothing"}
	for _, o := range []Override{
		{Key: "redemption.response", Value: "2.87001bn"}, {Key: "simulate.seed", Value: "43"}, {Key: "simulate.news", Value: "gbm"},
		{Key: "shocks[1].on", Value: "day 13"}, {Key: "market.eth.c", Value: "0.5"}, {Key: "history.to", Value: "2026-02-09"},
		{Key: "eth_funds.name", Value: "funds"}, {Key: "compare", Value: "[{without: [eth_funds]}]"},
		{Key: "monitors", Value: "[recovery: {asset: btc}]"}, {Key: "monitors", Value: "[recovery: {asset: btc, flow_weeks: 2}]"},
		{Key: "sweep", Value: "{redemption.response: [0, 1bn]}"}, {Key: "sweep", Value: "{redemption.response: [0, 2bn]}"},
		{Key: "sweep", Value: "{redemption.constant: [0, 2bn]}"}, {Key: "facts", Value: "{file: f.csv, week: 2026-01-26}"},
	} {
		set := []Override{o}
		if o.Key == "eth_funds.name" { // compare speaks of it
			set = append(set, Override{Key: "compare", Value: "[]"})
		}
		hash := parse(t, full, set...).Hash()
		if other, twice := seen[hash]; twice {
			t.Errorf("%s=%s has the hash of %s", o.Key, o.Value, other)
		}
		seen[hash] = o.Key
	}
}

func TestBundled(t *testing.T) {
	names := Names()
	if len(names) == 0 {
		t.Fatal("no bundled scenario")
	}
	for _, name := range names {
		src, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(name+".yaml", src, nil)
		if err != nil {
			t.Error(err)
			continue
		}
		if s.Name != name {
			t.Errorf("%s.yaml is named %s", name, s.Name)
		}
	}
	if _, err := Open("redemption-lop"); err == nil || !strings.Contains(err.Error(), `did you mean "redemption-loop"?`) {
		t.Errorf("a misspelt name gives %v", err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.yaml")
	if err := os.WriteFile(file, []byte(full), 0o600); err != nil {
		t.Fatal(err)
	}
	if s, err := Load(file, nil); err != nil || s.File != file {
		t.Errorf("Load gives %v, %v", s, err)
	}
	for path, want := range map[string]string{dir: "is a folder, expected a file", filepath.Join(dir, "b.yaml"): "no such file or directory"} {
		_, err := Load(path, nil)
		var faults data.Faults
		if !errors.As(err, &faults) || err.Error() != path+": "+want {
			t.Errorf("Load(%s) gives %v, expected %s: %s", path, err, path, want)
		}
	}
	if _, err := Parse("big", make([]byte, maxSize+1), nil); err == nil || !strings.Contains(err.Error(), "at most 131072") {
		t.Errorf("a file that is too large gives %v", err)
	}
}

// The values of a sweep are numbers in the unit of their parameter.
func TestSweepValues(t *testing.T) {
	const head = `{name: x, title: X, market: {btc: {price: 100, volatility: 49%, depth_1pct: 3bn}}, mechanisms: [trend: {asset: btc, capital: 1bn},
treasury: {asset: btc, holders: [{name: S, units: 640000, average_cost: 74000, debt: 8bn}]}], simulate: {steps: 3, news: student}, sweep: `
	for sweep, want := range map[string]Sweep{
		"{trend.ai_share: [10%, 0, 0.2]}":                    {Unit: "fraction", Values: []float64{.1, 0, .2}},
		"{treasury.holders.S.units: [640000, 700k]}":         {Unit: "coins", Values: []float64{640000, 700000}},
		"{trend.look_back: [1d, 6w]}":                        {Unit: "duration", Values: []float64{1, 42}},
		"{treasury.holders.S.runway: [0, 1.5y]}":             {Unit: "years", Values: []float64{0, 1.5}},
		"{simulate.news.student.degrees_of_freedom: [3, 5]}": {Unit: "factor", Values: []float64{3, 5}},
	} {
		got := parse(t, head+sweep+"}").Sweep
		if got.Unit != want.Unit || !slices.Equal(got.Values, want.Values) {
			t.Errorf("%s: %v in %q, want %v in %q", sweep, got.Values, got.Unit, want.Values, want.Unit)
		}
	}
}
