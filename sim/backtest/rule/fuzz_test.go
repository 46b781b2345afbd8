package rule

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ebb-sim/ebb/data/datatest/bounded"
)

// Whatever is written, Compile gives a rule or faults within the text, soon, and
// a rule gives an answer.
func FuzzCompile(f *testing.F) {
	for _, n := range numbers {
		f.Add(n.text)
	}
	for _, text := range []string{
		"", "(", "((((", "5", "5d", "2 %", "not", "not not long", "a.b.c", "a..b", ".5.", "1e", "1e+", "0x10", "1_000", "93,000", "x?y:z?",
		"btc.price ? 1 ?: 2", "long ?: long", "\"", "'a", "`", "//", "/* */", "#", "\x00", "\xff\xfe", "é > 1", "١", "−1", "5d5d", "%", "2%%%2",
		"1 < 2 < 3 < 4", "long == long == long", "sum(flow, week) > 0 and rising", "momentum ** momentum ** momentum",
		"sum(btc.price, 1s / 1000000000) > 0", "max(" + strings.Repeat("1,", 300) + "1) > 0", "sum(btc.price, 3d,) > 0", "x;y", "let x = 1; x", "[1][0]", "{}", "a?.b", "a ?? b",
		"1 if 2 else 3", "if long { 1 } else { 2 }", "sum(1..100000000)", "map(btc.price, # + 1)", "btc.price | sum(3d)", "btc.price not in btc.price", "::len(1)", "$env", "nil",
		strings.Repeat("(", 4096), strings.Repeat("-", 4096), strings.Repeat("f(", 2000), strings.Repeat("1<", 2000), strings.Repeat("1?", 2000), strings.Repeat("not ", 1000),
		strings.Repeat("0<(", 60) + "1" + strings.Repeat(")<1", 60), "1e308 * 10", "0 / 0 == 0 / 0", "clamp(1, 2, 0 / 0)",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		bounded.By(t, 256<<20, func() { compileAll(t, text) })
	})
}

// compileAll compiles a text as each kind of rule.
func compileAll(t *testing.T, text string) {
	for _, want := range []Kind{Number, Duration, Flag} {
		r, err := Compile(text, names, want)
		if err == nil {
			if again, err := Compile(r.Text(), names, want); err != nil || again.Text() != r.Text() {
				t.Fatalf("%q is written %q, which is another rule (%v)", text, r.Text(), err)
			}
			ask(t, r)
			continue
		}
		var faults Faults
		if !errors.As(err, &faults) || len(faults) == 0 {
			t.Fatalf("%q: %v is not Faults", text, err)
		}
		for _, f := range faults {
			if f.Signal != "" || f.Offset < 0 || f.Width < 0 || f.Offset+f.Width > utf8.RuneCountInString(text) || f.Found == "" || f.Expected == "" || strings.Contains(f.Found, "cannot be read") {
				t.Fatalf("%q: %#v", text, f)
			}
		}
	}
}

// ask expects an answer that is known or has a reason why it is not.
func ask(t *testing.T, r *Rule) {
	m := moment(t, 8)
	var known bool
	var err error
	if r.root.kind == Flag {
		_, known, err = r.Flag(m)
	} else {
		var v float64
		if v, known, err = r.Number(m); known && math.IsInf(v, 0) || known == math.IsNaN(v) {
			t.Fatalf("%q = %v, %v", r.Text(), v, known)
		}
	}
	if err != nil && !strings.Contains(err.Error(), "window") || err == nil && known != (m.Reason() == "") {
		t.Fatalf("%q: known is %v, reason %q, %v", r.Text(), known, m.Reason(), err)
	}
}
