package scenarios

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What a scenario or a strategy is written as says the same when it is read again, with
// what was set from outside.
func TestYAMLSaysTheSame(t *testing.T) {
	for _, name := range Names() {
		src, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		var set []Override
		if name == "redemption-loop" {
			set = []Override{{Key: "simulate.seed", Value: "7"}, {Key: "redemption.response", Value: "2bn"},
				{Key: "shocks[0]", Value: "{on: 2025-10-13, news: -3%, name: 'a: [b] #c'}"}, {Key: "assumptions", Value: "[one, 'null', '- two', \"thr\\\"ee\\n<b>\"]"}}
		}
		s, err := Parse(name, src, set)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(name, []byte(s.YAML()), nil)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, s.YAML())
		}
		if again.Hash() != s.Hash() {
			t.Errorf("%s says something else when it is read again:\n%s", name, s.YAML())
		}
		if s.YAML() != again.YAML() {
			t.Errorf("%s is written in another way when it is read again", name)
		}
	}
	for _, name := range StrategyNames() {
		src, err := OpenStrategy(name)
		if err != nil {
			t.Fatal(err)
		}
		s, err := ParseStrategy(name, src, nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseStrategy(name, []byte(s.YAML()), nil)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, s.YAML())
		}
		if again.Hash() != s.Hash() {
			t.Errorf("%s says something else when it is read again:\n%s", name, s.YAML())
		}
	}
}

// Any text is read back as it was.
func TestYAMLQuotes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[-.~a:#{}\[\],&*!|>'"%@\x60 \n]{1,8}`),
			rapid.SampledFrom([]string{"null", "~", "- a", "---", "...", "true", "0x1", "a: b", "a #b", "", " a", "a "})).Draw(t, "text")
		if strings.ContainsFunc(text, func(r rune) bool {
			return r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfeff || r == '\ufffd'
		}) {
			t.Skip("not a text that a file holds")
		}
		yaml := yamlOf(&node{form: section, entries: []entry{{&node{form: scalar, text: "key"}, &node{form: scalar, text: text}}}})
		root, faults := readTree("f", []byte(yaml), "a scenario")
		if len(faults) > 0 {
			t.Fatalf("%q: %v\n%s", text, faults, yaml)
		}
		if got := root.get("key"); got.form != scalar || got.text != text {
			t.Fatalf("%q is read back as %q from\n%s", text, got.text, yaml)
		}
	})
}

// Where a parameter is set, and what is known of it.
func TestExplain(t *testing.T) {
	s := parse(t, full, Override{Key: "redemption.response", Value: "2bn"})
	found := map[string]Explained{}
	for _, e := range s.Explain() {
		found[e.Path] = e
	}
	if e := found["mechanisms.redemption.response"]; !e.Given || e.Value != "2bn" || e.Unit != "usd_per_return" || e.Doc == "" {
		t.Errorf("an override: %+v", e)
	}
	if e := found["mechanisms.eth_funds.response"]; e.Given || e.Source == "" {
		t.Errorf("a default: %+v", e)
	}
	if e := found["market.btc.depth_1pct"]; !e.Given {
		t.Errorf("what the file says: %+v", e)
	}
	s = parse(t, full, Override{Key: "shocks", Value: `[{on: day 3, news: -1%, asset: btc, name: "$1.09bn [x]"}]`})
	for _, e := range s.Explain() {
		if e.Path == `shocks["$1.09bn [x]"].news` && e.Given {
			return
		}
	}
	t.Errorf("a shock whose name has dots and brackets is not set: %v", s.Explain())
}

// Every parameter is explained.
func TestExplainAll(t *testing.T) {
	s := parse(t, full)
	if got, want := len(s.Explain()), len(s.Parameters()); got != want {
		t.Errorf("%d parameters explained of %d", got, want)
	}
}
