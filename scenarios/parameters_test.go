package scenarios

import (
	"slices"
	"strings"
	"testing"
)

// Every parameter that is a number, a word or a date can be set at its path to
// the value that it is listed with, and the scenario then says the same.
func TestParametersAreOverrides(t *testing.T) {
	for _, name := range Names() {
		src, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(name, src, nil)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, p := range s.Parameters() {
			if seen[p.Path] || p.Value == "" {
				t.Errorf("%s: %s is listed twice or with nothing", name, p.Path)
			}
			seen[p.Path] = true
			top, _, _ := strings.Cut(p.Path, ".")
			if !slices.Contains([]string{"market", "waves", "simulate"}, top) || p.Value == "no limit" {
				continue
			}
			changed, err := Parse(name, src, []Override{{Key: p.Path, Value: p.Value}})
			if err != nil {
				// The news loses its parameters; those of another impact law have
				// defaults and may not be given.
				if p.Path != "simulate.news" && !strings.Contains(err.Error(), "a parameter of impact") {
					t.Errorf("%s: %s=%s: %v", name, p.Path, p.Value, err)
				}
				continue
			}
			if p.Path != "simulate.news" && !slices.Equal(changed.Parameters(), s.Parameters()) {
				t.Errorf("%s: %s=%s changes what the scenario says", name, p.Path, p.Value)
			}
		}
	}
}

// What a change sets is listed at its path, with its unit.
func TestParametersTellChanges(t *testing.T) {
	base := parse(t, full).Parameters()
	for _, c := range []struct{ key, value, path, listed string }{
		{"redemption.response", "2870000000", "", ""}, // as it was
		{"redemption.response", "2900m", "mechanisms.redemption.response", "2.9bn"},
		{"market.btc.volatility", "0.5", "market.btc.volatility", "50%"},
		{"simulate.seed", "43", "simulate.seed", "43"},
		{"history.to", "2026-02-09", "history.to", "2026-02-09"},
		{"shocks[1].on", "day 13", "shocks[1].on", "day 13"},
	} {
		var changed []Parameter
		for _, p := range parse(t, full, Override{Key: c.key, Value: c.value}).Parameters() {
			if !slices.Contains(base, p) {
				changed = append(changed, p)
			}
		}
		var want []Parameter
		if c.path != "" {
			want = []Parameter{{c.path, c.listed}}
		}
		if !slices.Equal(changed, want) {
			t.Errorf("%s=%s: %v, expected %v", c.key, c.value, changed, want)
		}
	}
}
