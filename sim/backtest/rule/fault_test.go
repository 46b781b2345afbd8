package rule

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The caret line shows where a fault is in the text above it: ^ for each rune.
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		text, marks string // marks of several faults on lines of their own
		want        []string
	}{
		{"", "", []string{"found nothing, expected a rule, such as sum(btc.etf_flow, 5d) > 0"}},
		{"btc.prise > 0",
			"^^^^^^^^^", []string{"found unknown name btc.prise, expected one of below, btc.flow, btc.price, dark, flat, flow, gain, held, horizon, long, momentum, position, rising, short_allowed, threshold, week"}},
		{"summ(btc.price, 5d) > 0",
			"^^^^", []string{"found unknown function summ, expected one of abs, beta, change, clamp, corr, count, crosses_above, crosses_below, day, drawdown, ema, exp, floor, highest, lag, log, lowest, max, mean, median, min, month, rank, return, round, rsi, sd, sign, slope, sqrt, sum, vol, weekday, zscore"}},
		{"sum > 0",
			"^^^", []string{"found the function sum without brackets, expected sum(x, d)"}},
		{"sum(btc.price > 3, 5d) > 0",
			"    ^^^^^^^^^^^^^", []string{"found a flag, expected the name of a series, in sum(x, d)"}},
		{"sum(btc.price, 5) > 0",
			"               ^", []string{"found a number, expected a duration, such as 5d, in sum(x, d)"}},
		{"sum(btc.price, 30m) > 0",
			"               ^^^", []string{"found a number, expected a duration, such as 5d; m is a million, minutes are written 30min, in sum(x, d)"}},
		{"sum(btc.price, 2 * held) > 0",
			"               ^^^^^^^^", []string{"found a duration that changes, expected a literal or a parameter, such as 5d or 2 * horizon: a window does not depend on the moment"}},
		{"sum(btc.price, 3661d) > 0",
			"               ^^^^^", []string{"found 3661d, expected a window of more than 0 and at most 3660d"}},
		{"sum(btc.price, 2d - 2d) > 0",
			"               ^^^^^^^", []string{"found 2d - 2d, expected a window of more than 0 and at most 3660d"}},
		{"sum(btc.price, 5d / 0) > 0",
			"               ^^^^^^", []string{"found 5d / 0, expected a window of more than 0 and at most 3660d"}},
		{"sum(btc.price) > 0",
			"^^^^^^^^^^^^^^", []string{"found sum with 1 argument, expected sum(x, d)"}},
		{"weekday(1) > abs() + min(2)",
			"^^^^^^^^^^\n" +
				"             ^^^^^\n" +
				"                     ^^^^^^", []string{"found weekday with 1 argument, expected weekday()", "found abs with 0 arguments, expected abs(a)", "found min with 1 argument, expected min(a, b, …)"}},
		{"held + 3 > 10d",
			"^^^^^^^^", []string{"found a duration + a number, expected two numbers, or what durations allow: d + d, d - d, 2 * d, d / 2, d / d"}},
		{"held > 10",
			"^^^^^^^^^", []string{"found a duration > a number, expected two numbers or two durations"}},
		{"long < true",
			"^^^^^^^^^^^", []string{"found a flag < a flag, expected two numbers or two durations"}},
		{"long == 1",
			"^^^^^^^^^", []string{"found a flag == a number, expected two of a kind"}},
		{"not btc.price > 0",
			"    ^^^^^^^^^", []string{"found a number, expected a flag behind not; it binds closer than comparisons: not (a > b)"}},
		{"-long",
			" ^^^^", []string{"found a flag, expected a number or a duration behind -"}},
		{"btc.price and (position + 1)",
			"^^^^^^^^^\n" +
				"               ^^^^^^^^^^^^", []string{"found a number, expected a flag before and", "found a number, expected a flag behind and"}},
		{"held > 1d ? 1d : 2",
			"                 ^", []string{"found a number, expected a duration, as before the :"}},
		{"position ? true : false",
			"^^^^^^^^", []string{"found a number, expected a flag before ?"}},
		{"btc.price",
			"^^^^^^^^^", []string{"found a number, expected a flag, such as btc.price > 0"}},
		{"(position * (1 + 2))",
			" ^^^^^^^^^^^^^^^^^^", []string{"found a number, expected a flag, such as btc.price > 0"}},
		// all at once, from left to right
		{"a > 0 and f(b) or sum(c, 5) > 1 < 2 == d",
			"^\n" +
				"          ^\n" +
				"            ^\n" +
				"                      ^\n" +
				"                         ^\n" +
				"                                       ^", []string{"found unknown name a", "found unknown function f", "found unknown name b", "found unknown name c", "found a number", "found unknown name d"}},
		// what cannot be read
		{"btc.price >",
			"           ", []string{"found the end, expected a name, a number, not, - or ("}},
		{"btc.price > > 0",
			"            ^", []string{"found >, expected a name, a number, not, - or ("}},
		{"btc.price 0",
			"          ^", []string{"found 0, expected an operator, such as and, > or +, or the end"}},
		{"btc.price > 0)",
			"             ^", []string{"found ), expected an operator, such as and, > or +, or the end"}},
		{"sum(btc.price, (5d) > 0",
			"   ^", []string{"found ( that is never closed, expected )"}},
		{"5 ? 6",
			"     ", []string{"found the end, expected a : and what holds otherwise"}},
		{"long ?: true",
			"^^^^", []string{"found nothing between ? and :, expected what holds if it is so"}},
		{"5d(btc.price)",
			"  ^", []string{"found (, expected an operator, such as and, > or +, or the end"}},
		{"()",
			" ^", []string{"found ), expected a name, a number, not, - or ("}},
		{"7%3 > 0",
			"  ^", []string{"found 3, expected an operator, such as and, > or +, or the end"}},
		// what other languages have
		{"long && !long || long = 'yes' and \"é",
			"     ^^\n" +
				"        ^\n" +
				"              ^^\n" +
				"                      ^\n" +
				"                        ^^^^^\n" +
				"                                  ^^", []string{"found &&, expected and", "found !, expected not", "found ||, expected or", "found =, expected ==", "found a text in quotes", "found a text in quotes"}},
		{"position ≥ 2^2 − 1..2 # why",
			"         ^\n" +
				"            ^\n" +
				"               ^\n" +
				"                  ^^\n" +
				"                      ^", []string{"found ≥, expected >=", "found ^, expected **", "found −, expected -", "found .., expected a window", "found #, expected a name, a number or one of ** == != <= >= + - * / % < > ? : , ( )"}},
		{"let x = 1; [x][0] in {a: 1} | len(#)",
			"      ^\n" +
				"         ^\n" +
				"           ^\n" +
				"             ^\n" +
				"              ^\n" +
				"                ^\n" +
				"                     ^\n" +
				"                          ^\n" +
				"                            ^\n" +
				"                                  ^", []string{"found =", "found ;", "found [", "found ]", "found [", "found ]", "found {", "found }", "found |", "found #"}},
		{"position in position",
			"         ^^", []string{"found in, expected an operator"}},
		{"len(position) > 0",
			"^^^", []string{"found unknown function len"}},
		{"filter(position, long)",
			"^^^^^^", []string{"found unknown function filter"}},
		{"nil == $env",
			"       ^", []string{"found $"}},
		{"position.size.x > 0",
			"^^^^^^^^^^^^^^^", []string{"found unknown name position.size.x"}},
		// literals
		{"5x > 30m + 5d3 - 1e999 * 3%%",
			"^^\n" +
				"           ^^^\n" +
				"                 ^^^^^", []string{`found "5x", expected a number, such as 0.5, 2%, 10bp, 5k, 290m or 1.5bn, or a duration, such as 30min, 4h, 5d or 6w`, `found "5d3"`, "found 1e999, which is too large"}},
		{"max(93,000, 1) > 93,500",
			"    ^^^^^^\n" +
				"                 ^^^^^^", []string{"found 93,000, with a thousands separator, expected a number without one, or a space behind the comma", "found 93,500"}},
		{"1e5k > 5y", "^^^^\n       ^^", []string{"found 1e5k, with an exponent and a unit", `found "5y"`}},
		{"held > 0.00000000001s", "       ^^^^^^^^^^^^^^", []string{"found 0.00000000001s, which is not a whole number of nanoseconds"}},
		{"\xff", "^", []string{"found bytes that are not text in UTF-8"}},
	} {
		_, err := Compile(tt.text, names, Flag)
		var faults Faults
		if !errors.As(err, &faults) || len(faults) != len(tt.want) {
			t.Errorf("%s: %v\nexpected %d faults", tt.text, err, len(tt.want))
			continue
		}
		var marks []string
		for i, f := range faults {
			marks = append(marks, strings.Repeat(" ", f.Offset)+strings.Repeat("^", f.Width))
			if _, message, _ := strings.Cut(f.Error(), ": "); !strings.HasPrefix(message, tt.want[i]) || f.Signal != "" {
				t.Errorf("%s: %v, expected %s", tt.text, f, tt.want[i])
			}
		}
		if got := strings.Join(marks, "\n"); got != tt.marks {
			t.Errorf("faults of\n%s\n%s\nexpected\n%s\n(%v)", tt.text, got, tt.marks, err)
		}
	}
}

func TestFaultsOfNames(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		names      Names
		want       Faults
	}{
		{"an unknown name", "pric > 0", Names{Series: []string{"price"}}, Faults{{Width: 4, Found: "unknown name pric", Expected: "one of price", Unknown: "pric", Known: []string{"price"}}}},
		{"no names", "price > 0", Names{}, Faults{{Width: 5, Found: "unknown name price", Expected: "a number, as there are no names", Unknown: "price"}}},
		{"a signal", "ok and x", Names{Signals: map[string]string{"ok": "1 <\n ten", "x": "true"}},
			Faults{{Signal: "ok", Offset: 5, Width: 3, Found: "unknown name ten", Expected: "one of ok, x", Unknown: "ten", Known: []string{"ok", "x"}}}},
		{"a signal twice", "a and a", Names{Signals: map[string]string{"a": "1 +"}},
			Faults{{Signal: "a", Offset: 3, Found: "the end", Expected: "a name, a number, not, - or ("}}},
		{"a signal of the wrong kind", "a and 5", Names{Signals: map[string]string{"a": "1 + 1"}},
			Faults{{Width: 1, Found: "a number", Expected: "a flag before and"}, {Offset: 6, Width: 1, Found: "a number", Expected: "a flag behind and"}}},
		{"a cycle", "a", Names{Signals: map[string]string{"a": "not b", "b": "c or true", "c": "b"}},
			Faults{{Signal: "c", Width: 1, Found: "signal b, which reads c, which reads b", Expected: "signals that do not read themselves"}}},
		{"two meanings", "x > 1", Names{Series: []string{"x"}, Parameters: map[string]Kind{"x": Number}, States: []State{{"x", Flag}}, Signals: map[string]string{"x": "1"}},
			Faults{{Width: 1, Found: "x, which is a series and a parameter and a state and a signal", Expected: "a name for each"}}},
	} {
		_, err := Compile(tt.text, tt.names, Flag)
		var faults Faults
		errors.As(err, &faults)
		if diff := cmp.Diff(tt.want, faults); diff != "" {
			t.Errorf("%s: faults differ (-want +got):\n%s", tt.name, diff)
		}
	}
	_, err := Compile("ok", Names{Signals: map[string]string{"ok": "1 > x", "x": "1 +"}}, Flag)
	if want := "signal x, column 4: found the end, expected a name, a number, not, - or ("; err == nil || err.Error() != want {
		t.Errorf("%v, expected %s", err, want)
	}
}

// Nothing that is written takes long, or more than its share of the stack.
func TestLimits(t *testing.T) {
	doubling := map[string]string{"s0": "1"} // 2^60 terms
	chain := map[string]string{"s0": "1"}
	for i := range 200 {
		doubling[fmt.Sprintf("s%d", i+1)] = fmt.Sprintf("s%d + s%d", i, i)
		chain[fmt.Sprintf("s%d", i+1)] = fmt.Sprintf("s%d", i)
	}
	for _, tt := range []struct {
		name, text string
		signals    map[string]string
		want       string
	}{
		{"text", strings.Repeat(" ", 4096) + "1", nil, "column 1: found 4097 bytes, expected a rule of at most 4096"},
		{"open brackets", strings.Repeat("(", 4000), nil, "column 65: found brackets nested too deep, expected at most 64 levels"},
		{"brackets", strings.Repeat("(", 2000) + "1" + strings.Repeat(")", 2000), nil, "column 65: found brackets nested too deep, expected at most 64 levels"},
		{"tokens", strings.Repeat("1+", 2000) + "1", nil, "column 1001: found too long a rule, expected at most 1000 names, numbers and signs"},
		{"signs", strings.Repeat("-", 4000) + "1", nil, "column 1001: found too long a rule, expected at most 1000 names, numbers and signs"},
		{"terms", "s60 > 0", map[string]string{"s60": doubling["s60"]}, "signal s60, column 1: found unknown name s59, expected one of s60\nsignal s60, column 7: found unknown name s59, expected one of s60"},
		{"doubling", "s60 > 0", doubling, "signal s9, column 1: found more than 2000 terms, those of its signals included, expected a shorter rule"},
		{"chain", "s100 > 0", chain, "signal s37, column 1: found a chain of more than 64 signals that read one another, expected a shorter one"},
		{"nested chains", strings.Repeat("0 < (", 60) + "1" + strings.Repeat(") < 1", 60), nil, ""},
	} {
		_, err := Compile(tt.text, Names{Signals: tt.signals}, Flag)
		if err == nil || tt.want != "" && err.Error() != tt.want {
			t.Errorf("%s: %v, expected %s", tt.name, err, tt.want)
		}
	}
	for _, text := range []string{
		strings.Repeat("not ", 999) + "true", strings.Repeat("(", 64) + "true" + strings.Repeat(")", 64),
		"1" + strings.Repeat("**1", 498) + " > 0", "1" + strings.Repeat(" < 2", 1) + strings.Repeat(" and 1 < 2", 249),
		strings.Repeat("true ? ", 249) + "true" + strings.Repeat(" : true", 249),
	} {
		if _, err := Compile(text, Names{}, Flag); err != nil {
			t.Errorf("%s…: %v", text[:20], err)
		}
	}
}
