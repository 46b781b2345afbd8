package scenarios

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

func bundledStrategy(t *testing.T, name string, set ...Override) *Strategy {
	t.Helper()
	src, err := OpenStrategy(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ParseStrategy(name+".yaml", src, set)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every bundled strategy says where it comes from, what it takes for granted, and
// that its days are invented.
func TestBundledStrategies(t *testing.T) {
	names := StrategyNames()
	for _, want := range []string{"buy-and-hold", "recovery-lights", "reclaim-93k", "flow-momentum", "trend-target", "treasury-accumulation"} {
		if !slices.Contains(names, want) {
			t.Errorf("no strategy %s among %s", want, strings.Join(names, ", "))
		}
	}
	for _, name := range names {
		s := bundledStrategy(t, name)
		if s.Name != name || s.Source == "" || s.Text == "" || len(s.Assumptions) == 0 {
			t.Errorf("%s: named %s, source %q, text and %d assumptions", name, s.Name, s.Source, len(s.Assumptions))
		}
		if !strings.Contains(strings.Join(s.Assumptions, " "), "bundled days are invented") {
			t.Errorf("%s does not say that the bundled days are invented", name)
		}
	}
	if _, err := OpenStrategy("flow-momentun"); err == nil || !strings.Contains(err.Error(), `did you mean "flow-momentum"?`) {
		t.Errorf("a misspelt name: %v", err)
	}
}

// What a strategy says by default stays out of its hash where it is zero, and an
// override that changes nothing but the spelling keeps it.
func TestStrategyHash(t *testing.T) {
	base := bundledStrategy(t, "trend-target").Hash()
	for _, c := range []struct {
		key, value string
		same       bool
	}{
		{"account.capital", "10000k", true},
		{"parameters.window", "480h", true},
		{"parameters.window", "21d", false},
		{"parameters.target", "20%", false},
		{"grid.window", "[10d, 20d]", false},
	} {
		if got := bundledStrategy(t, "trend-target", Override{Key: c.key, Value: c.value}).Hash(); (got == base) != c.same {
			t.Errorf("%s = %s: the hash is the same: %v, want %v", c.key, c.value, got == base, c.same)
		}
	}
}

func TestStrategyListed(t *testing.T) {
	said := map[string]string{}
	for _, p := range bundledStrategy(t, "trend-target").Listed() {
		said[p.Path] = p.Value
	}
	for path, want := range map[string]string{"account.fee": "0.1%", "account.fill": "open", "parameters.target": "30%", "grid.window": "[10d, 20d, 30d]",
		"rules.btc.rebalance": "abs(position - wanted) > 10%", "walk_forward.train": "60d", "luck.draws": "2000"} {
		if said[path] != want {
			t.Errorf("%s is %q, want %q", path, said[path], want)
		}
	}
}

// A fault inside an expression stands at its own characters, in whatever style the
// expression is written.
func TestWithin(t *testing.T) {
	const head = "name: x\ntitle: x\nhistory: {series: {btc.price: {file: a.csv}}}\nmarket: {btc: {depth_1pct: 3bn}}\naccount: {fill: close}\n"
	for name, c := range map[string]struct{ rules, want string }{
		"plain":  {"rules: {btc: {enter: btc.prize > 3}}", "6:22"},
		"quoted": {"rules:\n  btc: {enter: 'btc.price > 3 and btc.prize > 3'}", "7:35"},
		"double": {"rules:\n  btc: {enter: \"btc.prize > 3\"}", "7:17"},
		"folded": {"rules:\n  btc:\n    enter: >\n      btc.price > 3 and\n      btc.prize > 3", "8:"},
	} {
		_, err := ParseStrategy("x.yaml", []byte(head+c.rules+"\n"), nil)
		if err == nil || !regexp.MustCompile(`^x\.yaml:`+regexp.QuoteMeta(c.want)).MatchString(err.Error()) || !strings.Contains(err.Error(), "unknown name btc.prize") {
			t.Errorf("%s: %v, want a fault at %s", name, err, c.want)
		}
	}
}

// A grid without values has no cell to run.
func TestEmptyGrid(t *testing.T) {
	src, _ := OpenStrategy("trend-target")
	for _, none := range []string{"window: []", "window:"} {
		text := strings.Replace(string(src), "window: [10d, 20d, 30d]", none, 1)
		if _, err := ParseStrategy("x.yaml", []byte(text), nil); err == nil || !strings.Contains(err.Error(), "grid.window: found no values, expected at least one") {
			t.Errorf("%s: %v", none, err)
		}
	}
}

// A rule that is replaced may leave parameters behind; a grid over them is a fault.
func TestUnread(t *testing.T) {
	weight := Override{Key: "rules.btc.weight", Value: "50%"}
	s := bundledStrategy(t, "trend-target", weight, Override{Key: "grid", Value: "~"}, Override{Key: "walk_forward", Value: "~"})
	if want := []string{"parameters.window", "parameters.target"}; !slices.Equal(s.Unread(), want) {
		t.Errorf("unread are %q, want %q", s.Unread(), want)
	}
	src, _ := OpenStrategy("trend-target")
	if _, err := ParseStrategy("x.yaml", src, []Override{weight}); err == nil || !strings.Contains(err.Error(), `grid: found "window", which no rule reads`) {
		t.Errorf("a grid over a parameter that no rule reads: %v", err)
	}
}

// The schema and the decoder know the same keys.
func TestStrategySchema(t *testing.T) {
	text, err := StrategySchema()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range StrategyNames() {
		src, err := os.ReadFile("strategies/" + name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var top map[string]any
		if err := yaml.Unmarshal(src, &top); err != nil {
			t.Fatal(err)
		}
		for key := range top {
			if !strings.Contains(string(text), `"`+key+`": {`) {
				t.Errorf("%s: the schema does not know %s", name, key)
			}
		}
	}
}
