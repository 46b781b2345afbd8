package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// What calibrate writes is a part of a scenario: every value comes back as it was
// estimated, to six digits, and the scenario runs.
func TestCalibratedFragmentIsAScenario(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "calibrated.yaml")
	var printed calibrationJSON
	if err := json.Unmarshal([]byte(ebb(t, "calibrate", "recovery-watch", "-o", path, "--json")), &printed); err != nil {
		t.Fatal(err)
	}
	fragment, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, news, ok := strings.Cut(string(fragment), "\n#   news: ")
	if !ok {
		t.Fatalf("no news in the fragment:\n%s", fragment)
	}
	text := "name: calibrated\ntitle: Calibrated\n" + string(fragment) + "simulate: {steps: 5, paths: 20, news: " + strings.TrimSpace(news) + "}\n" +
		"history:\n  series:\n    btc.price: {file: histories/btc_usd.csv, column: close, kind: price}\n"
	s, err := scenarios.Parse("calibrated.yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	redemption, carry := s.Mechanisms[0].Config.(*mechanism.Redemption), s.Mechanisms[1].Config.(*mechanism.Carry)
	premium, garch := s.Mechanisms[2].Config.(*mechanism.Premium), s.Simulate.News.Config.(*driver.GARCH)
	for _, c := range []struct {
		part, name string
		factor     float64
		got        float64
	}{
		{"volatility", "unconditional", 1, s.Market["btc"].Volatility},
		{"flow", "persistence", 1, redemption.Persistence},
		{"flow", "response", 1, redemption.Response},
		{"flow", "innovation_sd", 1, redemption.InnovationSD},
		{"impact", "impact", s.Market["btc"].Depth1Pct / .01, redemption.ImpactScale},
		{"basis", "mean", 1, carry.Mean},
		{"basis", "reversion", 1, carry.Reversion},
		{"basis", "volatility", 1, carry.Volatility},
		{"premium", "reversion", 1, premium.Reversion},
		{"premium", "sensitivity", 1, premium.Sensitivity},
		{"premium", "volatility", 1, premium.Volatility},
		{"garch", "alpha", 1, garch.Alpha},
		{"garch", "beta", 1, garch.Beta},
		{"garch", "degrees_of_freedom", 1, garch.DegreesOfFreedom},
	} {
		e, ok := printed.Report.Find(c.part, c.name)
		if want := c.factor * e.Measured.Value; !ok || math.Abs(c.got-want) > 5.01e-6*math.Abs(want) {
			t.Errorf("%s %s: %v in the fragment, estimated %v", c.part, c.name, c.got, want)
		}
	}
	if redemption.AUM != 88e9 || premium.Volume != 852e6 {
		t.Errorf("given: AUM %v, volume %v", redemption.AUM, premium.Volume)
	}
	mine := filepath.Join(dir, "mine.yaml")
	if err := os.WriteFile(mine, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ebb(t, "run", mine, "-o", filepath.Join(dir, "result"))
}
