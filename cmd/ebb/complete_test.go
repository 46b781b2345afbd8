package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/driver"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"github.com/ebb-sim/ebb/sim/monitor"
	"github.com/ebb-sim/ebb/sim/param"
)

// Nothing that enters a catalogue is left half done, and nothing is listed here
// by hand: what there is, is asked of the catalogues.

// TestBundledScenarios runs every bundled scenario in an empty folder, as from
// an installed binary, with few paths. What it asks for must be there: every
// chart, every outcome.
func TestBundledScenarios(t *testing.T) {
	if n := len(scenarios.Names()); n < 15 {
		t.Fatalf("%d bundled scenarios, expected at least 15", n)
	}
	listed := ebb(t, "list")
	t.Chdir(t.TempDir())
	drawn := map[string]bool{}
	for _, name := range scenarios.Names() {
		s := bundledScenario(t, name)
		if s.Name != name {
			t.Errorf("%s.yaml is named %q", name, s.Name)
		}
		if s.Source == "" || s.Text == "" || len(s.Assumptions) == 0 || len(s.Compare) == 0 {
			t.Errorf("%s: source, text, assumptions or comparisons are missing", name)
		}
		if !strings.Contains(listed, name) || !strings.Contains(ebb(t, "show", name), s.Title) {
			t.Errorf("%s is not listed or not shown", name)
		}
		if said := ebb(t, "check", name); !strings.Contains(said, "valid scenario") {
			t.Errorf("check %s: %s", name, said)
		}
		args := []string{"run", name}
		if s.Simulate != nil { // a replay has one path
			args = append(args, "--paths", "60")
		}
		ebb(t, args...)
		files := folder(t, filepath.Join("out", name))
		for _, k := range chartKinds {
			if pictureOf(k.Name, files) {
				drawn[k.Name] = true
			} else if slices.ContainsFunc(s.Charts, func(c scenarios.Chart) bool { return c.Chart == k.Name }) {
				t.Errorf("%s asks for the chart %s, which has nothing to show", name, k.Name)
			}
		}
		for _, o := range readSummary(t, filepath.Join("out", name)).Outcomes {
			if v := o.Runs[0].Mean.Value; v != v {
				t.Errorf("%s: %s has no value", name, o.Name)
			}
		}
	}
	for _, k := range chartKinds {
		if !drawn[k.Name] {
			t.Errorf("no bundled scenario draws the chart %s", k.Name)
		}
	}
}

// What a scenario can ask for is what can be drawn, in the languages that charts have.
func TestChartsThatAScenarioNames(t *testing.T) {
	allowed := func(config any, name string) []string {
		for _, p := range param.List(config) {
			if p.Path == name {
				return p.OneOf
			}
		}
		t.Fatalf("%T has no parameter %s", config, name)
		return nil
	}
	var drawn []string
	for _, k := range chartKinds {
		drawn = append(drawn, k.Name)
	}
	for _, test := range []struct{ got, want []string }{
		{allowed(scenarios.Chart{}, "chart"), drawn},
		{allowed(scenarios.Chart{}, "language"), plots.Languages()},
		{allowed(scenarios.Spec{}, "language"), plots.Languages()},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("found %v, expected %v", test.got, test.want)
		}
	}
}

func bundledScenario(t *testing.T, name string) *scenarios.Scenario {
	t.Helper()
	s, err := readScenario(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// pictureOf tells whether a result has a picture of a chart.
func pictureOf(chart string, files map[string][]byte) bool {
	for name := range files {
		if name == "plots/"+chart+".png" || strings.HasPrefix(name, "plots/"+chart+"-") {
			return true
		}
	}
	return false
}

// Every mechanism, monitor and driver says what it is, by which equation and
// from where, documents its parameters, and has its file and its test.
func TestEveryKindIsComplete(t *testing.T) {
	complete(t, "mechanism", mechanism.Kinds(), "mechanismtest.Check(")
	complete(t, "monitor", monitor.Kinds(), "mechanismtest.Check(")
	complete(t, "driver", driver.Kinds(), "func Test")
}

func complete[C any](t *testing.T, group string, kinds []param.Kind[C], tested string) {
	t.Helper()
	room := filepath.Join("..", "..", "sim", group)
	tests := source(t, filepath.Join(room, "*_test.go"))
	for _, k := range kinds {
		if k.Title == "" || k.Equation == "" || k.Source == "" {
			t.Errorf("%s %s: title, equation or source is missing", group, k.Name)
		}
		for _, p := range param.List(k.Default()) {
			if p.Doc == "" {
				t.Errorf("%s %s: %s is not documented", group, k.Name, p.Path)
			}
		}
		if _, err := os.Stat(filepath.Join(room, k.Name+".go")); err != nil {
			t.Errorf("%s %s has no file of its own: %v", group, k.Name, err)
		}
		own := source(t, filepath.Join(room, k.Name+"*_test.go"))
		if !strings.Contains(own, tested) && !(group == "driver" && strings.Contains(tests, `"`+k.Name+`"`)) {
			t.Errorf("%s %s: no test file of its own has %s", group, k.Name, tested)
		}
		if said := ebb(t, "explain", k.Name); !strings.Contains(said, k.Source) {
			t.Errorf("%s %s is not explained", group, k.Name)
		}
	}
}

// source is the text of all files that a pattern finds.
func source(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// Every mechanism and monitor stands in a bundled scenario, and every mechanism has
// a colour of its kind.
func TestEveryMechanismHasAScenario(t *testing.T) {
	used := map[string]bool{}
	for _, name := range scenarios.Names() {
		s := bundledScenario(t, name)
		for _, m := range s.Mechanisms {
			used[m.Kind] = true
		}
		for _, m := range s.Monitors {
			used[m.Kind] = true
		}
	}
	for _, k := range mechanism.Kinds() {
		if !used[k.Name] {
			t.Errorf("no bundled scenario has the mechanism %s", k.Name)
		}
		if plots.ColorOf(k.Name) == plots.ColorOf("nobody") {
			t.Errorf("the mechanism %s has no colour in charts", k.Name)
		}
	}
	for _, k := range monitor.Kinds() {
		if !used[k.Name] {
			t.Errorf("no bundled scenario has the monitor %s", k.Name)
		}
	}
}

// Every chart is explained and held by a golden picture.
func TestEveryChartIsComplete(t *testing.T) {
	for _, k := range chartKinds {
		if !strings.Contains(ebb(t, "explain", k.Name), k.Title) {
			t.Errorf("the chart %s is not explained", k.Name)
		}
		golden, err := filepath.Glob(filepath.Join("..", "..", "plots", "testdata", k.Name+"*.png"))
		if err != nil || len(golden) == 0 {
			t.Errorf("the chart %s has no golden picture: %v", k.Name, err)
		}
	}
}
