package rule

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const dayStep = 24 * time.Hour

// january is midnight of a day of January 2024, which begins with a Monday.
func january(day float64) time.Time {
	return time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration((day - 1) * float64(dayStep)))
}

var names = Names{
	Series:     []string{"btc.price", "btc.flow", "dark", "flat", "below"},
	Parameters: map[string]Kind{"horizon": Duration, "threshold": Number, "short_allowed": Flag},
	States:     []State{{"position", Number}, {"held", Duration}, {"gain", Number}, {"long", Flag}},
	Signals: map[string]string{
		"momentum": "return(btc.price, horizon)",
		"rising":   "momentum > 0",
		"flow":     "btc.flow",
		"week":     "7d",
	},
}

// small is a tape of ten days: prices at once, flows a day later and none of the
// weekend, a series of nothing, one that never changes, one that ends below 0.
func small() *Tape {
	t := NewTape(names.Series, dayStep)
	for i, v := range []float64{100, 110, 121, 100, 90, 99, 110, 121} {
		t.Publish(0, january(float64(i+1)), v)
		t.Publish(3, january(float64(i+1)), 0.1)
		t.Publish(4, january(float64(i+1)), 1-float64(i))
	}
	for day, v := range map[float64]float64{1: 10, 2: -5, 3: 20, 4: 0, 5: 5, 8: 7} {
		t.Publish(1, january(day+1), v)
	}
	return t
}

func moment(t *testing.T, day float64) *Moment {
	t.Helper()
	values, err := names.Values(map[string]float64{"horizon": 3, "threshold": .02, "short_allowed": 1})
	if err != nil {
		t.Fatal(err)
	}
	m := &Moment{Tape: small(), Parameters: values, States: []float64{.5, 12, math.NaN(), 1}}
	m.Tape.Now(january(day))
	return m
}

func compile(t testing.TB, text string, want Kind) *Rule {
	t.Helper()
	r, err := Compile(text, names, want)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}

type numberTest struct {
	text string
	day  float64 // of the decision
	want float64
}

var numbers = []numberTest{
	// literals and operators
	{"2%", 8, .02}, {"10bp", 8, .001}, {"290m", 8, 290e6}, {"1.5bn", 8, 1.5e9}, {"5k", 8, 5000}, {"2tn", 8, 2e12},
	{".5", 8, .5}, {"5.", 8, 5}, {"1e3", 8, 1000}, {"2.5E-1", 8, .25}, {"-3", 8, -3}, {"+3", 8, 3}, {"- -3", 8, 3},
	{"7 % 3", 8, 1}, {"-1 % 7", 8, 6}, {"1 % -7", 8, -6}, {"7 %3", 8, 1}, {"(7)%3", 8, 1}, {"7% + 3%", 8, .1},
	{"1 + 2 * 3", 8, 7}, {"(1 + 2) * 3", 8, 9}, {"2 ** 3 ** 2", 8, 512}, {"-2 ** 2", 8, -4}, {"7 / 2", 8, 3.5}, {"1 - 2 - 3", 8, -4},
	{"6d / 2w", 8, 3. / 7}, {"90min / 1h", 8, 1.5}, {"30s / 1min", 8, .5},
	{"true ? 1 : 2", 8, 1}, {"1 > 2 ? 1 : 2 > 1 ? 3 : 4", 8, 3},
	// names
	{"btc.price", 8, 121}, {"btc.price - 21", 8, 100}, {"btc.price", 7.5, 110}, {"threshold", 8, .02}, {"position", 8, .5},
	{"short_allowed ? 1 : 0", 8, 1}, {"momentum", 8, 121./90 - 1}, {"sum(flow, week)", 9, 27},
	{"horizon / 1d", 8, 3}, {"held / 1w", 8, 12. / 7},
	// windows
	{"sum(btc.price, 3d)", 8, 330}, {"sum(btc.price, 72h)", 8, 330}, {"sum(btc.price, 4320min)", 8, 330}, {"sum(btc.price, horizon)", 8, 330},
	{"sum(btc.price, 2 * horizon - 3d)", 8, 330}, {"sum(btc.price, 2d)", 7.999, 209}, {"mean(btc.price, 3d)", 8, 110}, {"mean(flat, 3d)", 8, .1},
	{"sum(btc.flow, 5d)", 8, 25}, {"sum(btc.flow, 3d)", 8, 5}, {"sum(btc.flow, 5d)", 9, 12},
	{"sd(btc.price, 3d)", 8, 11}, {"sd(flat, 3d)", 8, 0}, {"lowest(btc.price, 4d)", 8, 90}, {"highest(btc.price, 4d)", 6, 121},
	{"median(btc.price, 3d)", 8, 110}, {"median(btc.price, 4d)", 8, 104.5}, {"count(btc.flow, 5d)", 8, 3}, {"count(btc.flow, 1d)", 8, 0},
	{"change(btc.price, 3d)", 8, 31}, {"change(btc.price, 2.5d)", 8, 31}, {"return(btc.price, 3d)", 8, 121./90 - 1},
	{"lag(btc.price, 3d)", 8, 90}, {"lag(btc.flow, 1d)", 8, 5}, {"lag(btc.flow, 1d)", 20, 7},
	{"ema(btc.price, 3d)", 8, 112.65625}, {"ema(btc.price, 3d)", 3, 113}, {"ema(btc.price, 1d)", 8, 121},
	{"zscore(btc.price, 3d)", 8, 1}, {"rank(btc.price, 4d)", 6, .5}, {"rank(btc.price, 4d)", 8, 1},
	{"vol(btc.price, 2d)", 8, math.Abs(math.Log(1.1)-math.Log(10./9)) / math.Sqrt2 * math.Sqrt(365)},
	{"drawdown(btc.price, 4d)", 5, 90./121 - 1}, {"drawdown(btc.price, 4d)", 8, 0},
	{"rsi(btc.price, 2d)", 8, 970.3125 / 10.984375}, {"rsi(btc.price, 2d)", 3, 100}, {"rsi(btc.price, 2d)", 4, 100. / 3},
	{"corr(btc.price, btc.flow, 7d)", 8, -130 / math.Sqrt(562*370)}, {"beta(btc.price, btc.flow, 7d)", 8, -130. / 370}, {"beta(flow, btc.price, 1w)", 8, -130. / 562},
	{"slope(btc.price, 3d)", 8, 11}, {"slope(btc.flow, 5d)", 8, -7.5},
	{"crosses_above(btc.price, 115) ? 1 : 0", 8, 1}, {"crosses_above(btc.price, 110) ? 1 : 0", 8, 1}, {"crosses_above(btc.price, 105) ? 1 : 0", 8, 0}, {"crosses_above(btc.price, 121) ? 1 : 0", 8, 0},
	{"crosses_below(btc.price, 95) ? 1 : 0", 5, 1}, {"crosses_below(btc.price, 100) ? 1 : 0", 5, 1}, {"crosses_below(btc.price, 90) ? 1 : 0", 5, 0}, {"crosses_below(btc.price, 200) ? 1 : 0", 5, 0},
	// scalars
	{"abs(-2)", 8, 2}, {"min(3, 1, 2)", 8, 1}, {"min(3, 1)", 8, 1}, {"max(3, btc.price, 2, 4)", 8, 121}, {"sqrt(9)", 8, 3}, {"log(1)", 8, 0}, {"exp(0)", 8, 1},
	{"sign(-2) + 10 * sign(0) + 100 * sign(3)", 8, 99}, {"clamp(5, 1, 3)", 8, 3}, {"clamp(0, 1, 3)", 8, 1}, {"clamp(2, 1, 3)", 8, 2},
	{"round(2.5)", 8, 3}, {"round(-2.5)", 8, -3}, {"floor(2.9)", 8, 2}, {"floor(-2.1)", 8, -3},
	// the calendar: Monday 8 January, Sunday 7
	{"weekday()", 8, 1}, {"weekday()", 7.9, 7}, {"month()", 8, 1}, {"month()", 32, 2}, {"day()", 8, 8},
}

func TestNumbers(t *testing.T) {
	for _, tt := range numbers {
		m := moment(t, tt.day)
		got, known, err := compile(t, tt.text, Number).Number(m)
		if err != nil || !known || math.Abs(got-tt.want) > 1e-12*math.Max(1, math.Abs(tt.want)) {
			t.Errorf("%s on %v = %v, %v, %v (%s), expected %v", tt.text, tt.day, got, known, err, m.Reason(), tt.want)
		}
	}
}

// Every function has an exact value above, a signature that fits what it takes,
// and a text.
func TestFunctionsAreComplete(t *testing.T) {
	for _, f := range Functions() {
		if !slices.ContainsFunc(numbers, func(n numberTest) bool { return strings.HasPrefix(n.text, f.Name+"(") }) {
			t.Errorf("%s has no exact value", f.Name)
		}
		inside, found := strings.CutPrefix(f.Signature, f.Name+"(")
		takes := strings.Split(strings.TrimSuffix(inside, ")"), ", ")
		if inside == ")" {
			takes = nil
		}
		if f.more {
			takes = takes[:len(takes)-1]
		}
		if !found || len(takes) != len(f.takes) || f.Doc == "" {
			t.Errorf("%s is described as %q, %q, and takes %d", f.Name, f.Signature, f.Doc, len(f.takes))
		}
		for i, name := range takes {
			if want := map[string]Kind{"x": series, "y": series, "d": Duration}[name]; want != f.takes[i] {
				t.Errorf("%s: %s is %v, expected %v", f.Signature, name, f.takes[i], want)
			}
		}
	}
}

func TestNotKnown(t *testing.T) {
	for _, tt := range []struct {
		text   string
		day    float64
		reason string
	}{
		{"dark > 0", 8, "dark: nothing is published yet"},
		{"not (dark > 0)", 8, "dark: nothing is published yet"},
		{"sum(dark, 3d) > 0", 8, "sum(dark, 3d): nothing is published yet"},
		{"btc.price > 0", .5, "btc.price: nothing is published yet"},
		{"sum(btc.price, 3d) > 0", 2.9, "sum(btc.price, 3d): the window is longer than what is published"},
		{"change(btc.price, 3d) > 0", 3.9, "change(btc.price, 3d): the window is longer than what is published"},
		{"return(btc.price, 3d) > 0", 3, "return(btc.price, 3d): the window is longer than what is published"},
		{"vol(btc.price, 3d) > 0", 3, "vol(btc.price, 3d): the window is longer than what is published"},
		{"lag(btc.price, 3d) > 0", 3, "lag(btc.price, 3d): the window is longer than what is published"},
		{"ema(btc.price, 3d) > 0", 2, "ema(btc.price, 3d): the window is longer than what is published"},
		{"rsi(btc.price, 3d) > 0", 3, "rsi(btc.price, 3d): the window is longer than what is published"},
		{"count(btc.flow, 3d) >= 0", 2, "count(btc.flow, 3d): the window is longer than what is published"},
		{"corr(btc.price, btc.flow, 8d) > 0", 8, "corr(btc.price, btc.flow, 8d): the window is longer than what is published"},
		{"sum(btc.flow, 1d) > 0", 8, "sum(btc.flow, 1d): nothing was published within the window"},
		{"change(btc.flow, 1d) > 0", 8, "change(btc.flow, 1d): nothing was published within the window"},
		{"sd(btc.price, 1d) > 0", 8, "sd(btc.price, 1d): too few values are published"},
		{"slope(btc.price, 1d) > 0", 8, "slope(btc.price, 1d): too few values are published"},
		{"corr(btc.price, btc.flow, 3d) > 0", 8, "corr(btc.price, btc.flow, 3d): too few values are published"},
		{"crosses_above(btc.price, 0)", 1, "crosses_above(btc.price, 0): too few values are published"},
		{"zscore(flat, 3d) > 0", 8, "zscore(flat, 3d): division by zero"},
		{"rsi(flat, 3d) > 0", 8, "rsi(flat, 3d): division by zero"},
		{"corr(flat, btc.price, 3d) > 0", 8, "corr(flat, btc.price, 3d): division by zero"},
		{"beta(btc.price, flat, 3d) > 0", 8, "beta(btc.price, flat, 3d): division by zero"},
		{"vol(below, 3d) > 0", 8, "vol(below, 3d): not defined for this value"},
		{"drawdown(below, 3d) > 0", 8, "drawdown(below, 3d): not defined for this value"},
		{"return(below, 3d) > 0", 8, "return(below, 3d): not defined for this value"},
		{"return(below, 2d) > 0", 4, "return(below, 2d): division by zero"},
		{"1 / (btc.price - 121) > 0", 8, "1 / (btc.price - 121): division by zero"},
		{"0 % 0 == 0", 8, "0 % 0: division by zero"},
		{"0 ** -1 > 0", 8, "0 ** -1: division by zero"},
		{"(-8) ** (1 / 3) > 0", 8, "(-8) ** (1 / 3): not defined for this value"},
		{"log(0) > 0", 8, "log(0): not defined for this value"},
		{"sqrt(-1) > 0", 8, "sqrt(-1): not defined for this value"},
		{"clamp(1, 3, 2) > 0", 8, "clamp(1, 3, 2): not defined for this value"},
		{"exp(1000) > 0", 8, "exp(1000): too large for a number"},
		{"1e300 * 1e300 > 0", 8, "1e300 * 1e300: too large for a number"},
		{"gain > 0", 8, "gain: has no value"},
		{"dark > 0 and gain > 0", 8, "dark: nothing is published yet"},
		{"(dark > 0 or true) and gain > 0", 8, "gain: has no value"},
		{"dark > 0 ? true : true", 8, "dark: nothing is published yet"},
		{"max(1, 2, dark) > 0", 8, "dark: nothing is published yet"},
		{"1 / (btc.price - 121 + 1111111111 - 1111111111 + 1111111111 - 1111111111) > 0", 8, "1 / (btc.price - 121 + 1111111111 - 1111111111 + 1111111111…: division by zero"},
	} {
		m := moment(t, tt.day)
		truth, known, err := compile(t, tt.text, Flag).Flag(m)
		if truth || known || err != nil {
			t.Errorf("%s = %v, %v, %v, expected not known", tt.text, truth, known, err)
		}
		if m.Reason() != tt.reason {
			t.Errorf("%s is not known because %q, expected %q", tt.text, m.Reason(), tt.reason)
		}
	}
}

// A run without dates begins in the year 1; a tape that nobody has wound has no
// time at all.
func TestUndated(t *testing.T) {
	r := compile(t, "weekday() == 1", Flag)
	tape := NewTape(names.Series, dayStep)
	for range 2 {
		m := &Moment{Tape: tape}
		if _, known, err := r.Flag(m); known || err != nil || m.Reason() != "weekday(): the run has no dates" {
			t.Errorf("weekday() is known (%v), %v, %q", known, err, m.Reason())
		}
		tape.Now(time.Time{}.Add(4000 * dayStep))
	}
	tape.Publish(0, time.Time{}.Add(3999*dayStep), 5)
	if v, known, err := compile(t, "sum(btc.price, 2d)", Number).Number(&Moment{Tape: tape}); v != 5 || !known || err != nil {
		t.Errorf("a window in the year 11 = %v, %v, %v, expected 5", v, known, err)
	}
}

// The truth tables of Kleene's strong logic: 1 yes, 0 no, ? not known.
func TestKleene(t *testing.T) {
	value := map[byte]string{'1': "btc.price > 0", '0': "btc.price < 0", '?': "dark > 0"}
	for _, table := range []struct{ op, row string }{
		{"and", "11=1 10=0 1?=? 01=0 00=0 0?=0 ?1=? ?0=0 ??=?"},
		{"or", "11=1 10=1 1?=1 01=1 00=0 0?=? ?1=1 ?0=? ??=?"},
		{"==", "11=1 10=0 1?=? 01=0 00=1 0?=? ?1=? ?0=? ??=?"},
		{"!=", "11=0 10=1 1?=? 01=1 00=0 0?=? ?1=? ?0=? ??=?"},
	} {
		for _, cell := range strings.Fields(table.row) {
			text := "(" + value[cell[0]] + ") " + table.op + " (" + value[cell[1]] + ")"
			check(t, text, cell[3])
		}
	}
	for a, want := range map[byte]byte{'1': '0', '0': '1', '?': '?'} {
		check(t, "not ("+value[a]+")", want)
		check(t, "("+value[a]+") ? false : true", want)
	}
}

func check(t *testing.T, text string, want byte) {
	t.Helper()
	m := moment(t, 8)
	truth, known, err := compile(t, text, Flag).Flag(m)
	got := byte('?')
	if known {
		got = map[bool]byte{true: '1', false: '0'}[truth]
	}
	if err != nil || got != want {
		t.Errorf("%s = %c, %v, expected %c", text, got, err, want)
	}
	if (m.Reason() == "") != known {
		t.Errorf("%s: known is %v for the reason %q", text, known, m.Reason())
	}
}

func TestFlags(t *testing.T) {
	for text, want := range map[string]byte{
		"btc.price > 100 and btc.price < 200": '1', "100 < btc.price <= 121": '1', "100 < btc.price < 121": '0', "1 < 3 > 2": '1',
		"btc.price >= 121": '1', "btc.price != 121": '0', "btc.price == 121": '1', "121 <= btc.price": '1',
		"held >= 10d": '1', "held == 12d": '1', "held + 3d > 2w": '1', "held > 1.5w": '1', "-held < 0s": '1', "held < 2 * horizon": '0',
		"long": '1', "not long": '0', "rising": '1', "rising and long or false": '1', "true": '1', "short_allowed": '1',
		"false and dark > 0 or true": '1', "not long == false": '1', "(held > 10d ? 1d : 2d) == 1d": '1',
		"momentum > threshold\n  and not (position > 1)": '1',
	} {
		check(t, text, want)
	}
}

func TestDurationIsInDays(t *testing.T) {
	v, known, err := compile(t, "max(1, 2) * horizon + 12h", Duration).Number(moment(t, 8))
	if v != 6.5 || !known || err != nil {
		t.Errorf("got %v, %v, %v, expected 6.5 days", v, known, err)
	}
}

func TestRuleTellsWhatItUses(t *testing.T) {
	const text = "rising and count(flow, week) > 0 and position > threshold and btc.price > 0"
	r := compile(t, text, Flag)
	if diff := cmp.Diff([]string{"btc.flow", "btc.price"}, r.Reads()); diff != "" {
		t.Errorf("Reads differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"horizon", "threshold"}, r.Parameters()); diff != "" {
		t.Errorf("Parameters differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"flow", "momentum", "rising", "week"}, r.Signals()); diff != "" {
		t.Errorf("Signals differ (-want +got):\n%s", diff)
	}
	if r.Text() != text {
		t.Errorf("Text is %q", r.Text())
	}
}

// Mistakes of the program that asks are errors, neither panics nor answers.
func TestAskedWrongly(t *testing.T) {
	ok := moment(t, 8)
	for _, tt := range []struct {
		text string
		m    Moment
		want string
	}{
		{"btc.price > 0", Moment{}, "the moment has no tape"},
		{"btc.price > threshold", Moment{Tape: ok.Tape}, "the moment has 0 parameters, expected 3"},
		{"btc.price > position", Moment{Tape: ok.Tape, States: []float64{1}}, "the moment has 1 states, expected 4"},
		{"btc.flow > 0", Moment{Tape: NewTape([]string{"btc.price"}, dayStep)}, "the tape has another series than btc.flow in place 1"},
		{"dark > 0", Moment{Tape: NewTape([]string{"a", "b", "c"}, dayStep)}, "the tape has another series than dark in place 2"},
		{"sum(btc.price, horizon) > 0", Moment{Tape: ok.Tape, Parameters: []float64{0, 1, 1}}, "sum(btc.price, horizon): found a window of 0 days, expected more than 0 and at most 3660"},
		{"sum(btc.price, 2 * horizon) > 0", Moment{Tape: ok.Tape, Parameters: []float64{2000, 1, 1}}, "sum(btc.price, 2 * horizon): found a window of 4000 days, expected more than 0 and at most 3660"},
	} {
		_, known, err := compile(t, tt.text, Flag).Flag(&tt.m)
		if known || err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v, %v, expected %s", tt.text, known, err, tt.want)
		}
	}
	if _, _, err := compile(t, "1", Number).Flag(ok); err == nil {
		t.Error("a number was asked for its truth")
	}
	if _, _, err := compile(t, "true", Flag).Number(ok); err == nil {
		t.Error("a flag was asked for its number")
	}
	if _, err := names.Values(map[string]float64{"horizon": math.NaN(), "threshold": 1, "x": 1}); err == nil ||
		err.Error() != "parameter horizon: found NaN, expected a duration\nparameter short_allowed has no value\nfound a value of x, expected one of the parameters horizon, short_allowed, threshold" {
		t.Errorf("Values says %v", err)
	}
}
