package rule

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A flow that is published a day later is not seen before, however early it is
// put on the tape.
func TestPublishedLater(t *testing.T) {
	r := compile(t, "btc.flow", Number)
	tape := NewTape(names.Series, dayStep)
	tape.Publish(1, january(2), 10) // of the first
	tape.Publish(1, january(3), 20) // of the second
	for _, tt := range []struct {
		day   float64
		value float64
		known bool
	}{{1, 0, false}, {1.999, 0, false}, {2, 10, true}, {2.999, 10, true}, {3, 20, true}, {2, 10, true}, {1, 0, false}, {9, 20, true}} {
		tape.Now(january(tt.day))
		v, known, err := r.Number(&Moment{Tape: tape})
		if known != tt.known || err != nil || known && v != tt.value {
			t.Errorf("day %v: %v, %v, %v, expected %v, %v", tt.day, v, known, err, tt.value, tt.known)
		}
	}
}

// What is published after a rule was asked counts when it is asked again, at the
// same moment too; what comes late is put in its place.
func TestPublishedMeanwhile(t *testing.T) {
	window, smooth := compile(t, "sum(btc.price, 2d)", Number), compile(t, "ema(btc.price, 3d)", Number)
	m := &Moment{Tape: NewTape(names.Series, dayStep)}
	ask := func(sum, ema float64) {
		t.Helper()
		for r, want := range map[*Rule]float64{window: sum, smooth: ema} {
			v, known, err := r.Number(m)
			if err != nil || known == math.IsNaN(want) || known && math.Abs(v-want) > 1e-14 {
				t.Errorf("%s = %v, %v, %v, expected %v", r.Text(), v, known, err, want)
			}
		}
	}
	ask(math.NaN(), math.NaN())
	m.Tape.Now(january(3))
	ask(math.NaN(), math.NaN())
	m.Tape.Publish(0, january(1), 8)
	ask(math.NaN(), 8)
	m.Tape.Publish(0, january(3), 16)
	ask(16, 12)
	m.Tape.Publish(0, january(4), 1000) // not yet
	m.Tape.Publish(0, january(3), math.NaN())
	m.Tape.Publish(0, january(3), math.Inf(-1))
	ask(16, 12)
	m.Tape.Publish(0, january(2), 4) // late: 8, 4, 16
	ask(20, 11)
	m.Tape.SetStep(0, dayStep*3/2) // weight 2/3 instead of 1/2: 8, 16/3, 112/9
	ask(20, 112./9)
}

// A weekly series in a daily run is full when a first value is as old as the
// window less a week.
func TestStepOfASeries(t *testing.T) {
	tape := NewTape([]string{"weekly"}, dayStep)
	r, err := Compile("sum(weekly, 4w) + 0 * ema(weekly, 2w)", Names{Series: []string{"weekly"}}, Number)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4 {
		tape.Publish(0, january(float64(1+7*i)), 1)
	}
	tape.Now(january(22))
	if _, known, _ := r.Number(&Moment{Tape: tape}); known {
		t.Error("four weeks of a daily series are known after three")
	}
	tape.SetStep(0, 7*dayStep)
	if v, known, err := r.Number(&Moment{Tape: tape}); v != 4 || !known || err != nil {
		t.Errorf("four weekly values sum to %v, %v, %v", v, known, err)
	}
	tape.SetStep(0, 0)
	tape.Now(january(29))
	m := &Moment{Tape: tape}
	if _, known, err := r.Number(m); known || err != nil || m.Reason() != "ema(weekly, 2w): the series has no step" {
		t.Errorf("ema of a series without a step: %v, %v, %s", known, err, m.Reason())
	}
}

// However many rules ask, a window is computed once a moment.
func TestWindowsAreComputedOnce(t *testing.T) {
	computed := 0
	f := &Function{window: func(w window) (float64, cause) { computed++; return sum(w.x.value), known }}
	tape := small()
	for moment := 1; moment <= 3; moment++ {
		tape.Now(january(float64(5 + moment)))
		for range 1000 {
			tape.ask(question{function: f, x: 0, y: -1, length: 3 * microsecondsPerDay})
		}
		if computed != moment {
			t.Fatalf("computed %d times in %d moments", computed, moment)
		}
	}
}

// A publication is one value of a series.
type publication struct {
	at    float64 // days
	value float64
}

// history draws publications in the order of time, several at once among them,
// with a gap and repeated values.
func history(t *rapid.T, label string) []publication {
	list := make([]publication, rapid.IntRange(0, 40).Draw(t, label))
	at := float64(rapid.IntRange(0, 12).Draw(t, label+" begins")) / 4
	for i := range list {
		at += float64(rapid.SampledFrom([]int{0, 4, 4, 4, 4, 1, 20}).Draw(t, "pause")) / 4
		list[i] = publication{at, float64(rapid.IntRange(1, 9).Draw(t, "value"))}
	}
	return list
}

var pair = Names{Series: []string{"x", "y"}}

func tapeOf(histories ...[]publication) *Tape {
	t := NewTape(pair.Series, dayStep)
	for i, h := range histories {
		for _, p := range h {
			t.Publish(i, january(p.at), p.value)
		}
	}
	return t
}

// everyWindow is a rule for each window function.
func everyWindow(t interface{ Fatal(...any) }, days int) map[string]*Rule {
	rules := map[string]*Rule{}
	for _, f := range Functions() {
		if f.window == nil {
			continue
		}
		series := map[int]string{2: "x", 3: "x, y"}[len(f.takes)]
		r, err := Compile(fmt.Sprintf("%s(%s, %dd)", f.Name, series, days), pair, Number)
		if err != nil {
			t.Fatal(err)
		}
		rules[f.Name] = r
	}
	return rules
}

// One tape with everything on it, whose time moves on and sometimes back, gives
// to the bit what a fresh tape gives that holds nothing but the past: neither
// memory nor the future changes an answer.
func TestNoFutureAndNoMemory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := history(t, "x"), history(t, "y")
		rules := everyWindow(t, rapid.IntRange(1, 6).Draw(t, "days"))
		whole := &Moment{Tape: tapeOf(x, y)}
		for _, now := range rapid.SliceOfN(rapid.IntRange(0, 200), 1, 8).Draw(t, "now") {
			day := float64(now) / 4
			past := func(h []publication) []publication {
				return slices.DeleteFunc(slices.Clone(h), func(p publication) bool { return p.at > day })
			}
			fresh := &Moment{Tape: tapeOf(past(x), past(y))}
			whole.Tape.Now(january(day))
			fresh.Tape.Now(january(day))
			for name, r := range rules {
				for range 2 {
					v, known, err := r.Number(whole)
					want, wantKnown, wantErr := r.Number(fresh)
					if known != wantKnown || known && v != want || err != nil || wantErr != nil || whole.Reason() != fresh.Reason() {
						t.Fatalf("%s on day %v: %v, %v (%s), with nothing but the past %v, %v (%s)", name, day, v, known, whole.Reason(), want, wantKnown, fresh.Reason())
					}
				}
			}
		}
	})
}

// Every window function agrees with its definition, computed from the list of
// publications, and is known exactly where that is.
func TestWindowsByDefinition(t *testing.T) {
	for name := range everyWindow(t, 1) {
		if definitions[name] == nil {
			t.Fatalf("%s has no definition", name)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		x, y := history(t, "x"), history(t, "y")
		days := rapid.IntRange(1, 6).Draw(t, "days")
		m := &Moment{Tape: tapeOf(x, y)}
		now := float64(rapid.IntRange(0, 200).Draw(t, "now")) / 4
		m.Tape.Now(january(now))
		for name, r := range everyWindow(t, days) {
			v, known, err := r.Number(m)
			want := definitions[name](cut(x, now, float64(days)), cut(y, now, float64(days)), float64(days))
			if err != nil || known == math.IsNaN(want) || known && math.Abs(v-want) > 1e-9*max(1, math.Abs(want)) {
				t.Fatalf("%s of %dd on day %v = %v, %v (%s), expected %v", name, days, now, v, known, m.Reason(), want)
			}
		}
	})
}

// A cutting is what definitions see.
type cutting struct {
	past, inside []publication
	full         bool
	before       float64 // NaN where there is none
}

func cut(h []publication, now, days float64) cutting {
	c := cutting{before: math.NaN()}
	for _, p := range h {
		switch {
		case p.at > now:
			continue
		case p.at > now-days:
			c.inside = append(c.inside, p)
		default:
			c.before = p.value
		}
		c.past = append(c.past, p)
	}
	c.full = len(c.past) > 0 && c.past[0].at <= now-days+1
	return c
}

// ordinary is a definition over the values in a full window that is not empty.
func ordinary(f func(values []float64) float64) func(x, _ cutting, _ float64) float64 {
	return func(x, _ cutting, _ float64) float64 {
		if !x.full || len(x.inside) == 0 {
			return math.NaN()
		}
		return f(valuesOf(x.inside))
	}
}

// anchoredBy is a definition over the value known before and those inside.
func anchoredBy(f func(before float64, values []float64, days float64) float64) func(x, _ cutting, _ float64) float64 {
	return func(x, _ cutting, days float64) float64 {
		if len(x.inside) == 0 {
			return math.NaN()
		}
		return f(x.before, valuesOf(x.inside), days)
	}
}

func valuesOf(list []publication) []float64 {
	values := make([]float64, len(list))
	for i, p := range list {
		values[i] = p.value
	}
	return values
}

func last(v []float64) float64 { return v[len(v)-1] }

// moments are mean and standard deviation by powers: exact for the small whole
// numbers here.
func moments(v []float64) (mean, sd float64) {
	n, total, squares := float64(len(v)), 0., 0.
	for _, a := range v {
		total, squares = total+a, squares+a*a
	}
	return total / n, math.Sqrt((n*squares - total*total) / (n * (n - 1)))
}

// comoments are n² times variances and covariance.
func comoments(x, y []float64) (xx, yy, xy float64) {
	n, sx, sy := float64(len(x)), sum(x), sum(y)
	for i := range x {
		xx, yy, xy = xx+n*x[i]*x[i], yy+n*y[i]*y[i], xy+n*x[i]*y[i]
	}
	return xx - sx*sx, yy - sy*sy, xy - sx*sy
}

// matched are the values at same times: the k-th of a time with its k-th.
func matched(x, y cutting) (a, b []float64) {
	if !x.full || !y.full || len(x.inside) == 0 || len(y.inside) == 0 {
		return nil, nil
	}
	used := make([]bool, len(y.inside))
	for _, p := range x.inside {
		for j, q := range y.inside {
			if !used[j] && p.at == q.at {
				used[j] = true
				a, b = append(a, p.value), append(b, q.value)
				break
			}
		}
	}
	return a, b
}

// nothing by nothing is not a number here either.
func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

var definitions = map[string]func(x, y cutting, days float64) float64{
	"sum":     ordinary(sum),
	"mean":    ordinary(func(v []float64) float64 { m, _ := moments(v); return m }),
	"sd":      ordinary(func(v []float64) float64 { _, sd := moments(v); return sd }),
	"lowest":  ordinary(func(v []float64) float64 { return slices.Min(v) }),
	"highest": ordinary(func(v []float64) float64 { return slices.Max(v) }),
	"median": ordinary(func(v []float64) float64 {
		s := slices.Sorted(slices.Values(v))
		return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
	}),
	"zscore": ordinary(func(v []float64) float64 { m, sd := moments(v); return ratio(last(v)-m, sd) }),
	"rank": ordinary(func(v []float64) float64 {
		n := 0.
		for _, a := range v {
			if a <= last(v) {
				n++
			}
		}
		return n / float64(len(v))
	}),
	"drawdown": ordinary(func(v []float64) float64 { return last(v)/slices.Max(v) - 1 }),
	"count": func(x, _ cutting, _ float64) float64 {
		if !x.full {
			return math.NaN()
		}
		return float64(len(x.inside))
	},
	"lag":    func(x, _ cutting, _ float64) float64 { return x.before },
	"change": anchoredBy(func(before float64, v []float64, _ float64) float64 { return last(v) - before }),
	"return": anchoredBy(func(before float64, v []float64, _ float64) float64 { return last(v)/before - 1 }),
	"vol": anchoredBy(func(before float64, v []float64, days float64) float64 {
		var returns []float64
		for i, a := range v {
			returns = append(returns, math.Log(a)-math.Log(append([]float64{before}, v...)[i]))
		}
		m, squares := sum(returns)/float64(len(v)), 0.
		for _, r := range returns {
			squares += (r - m) * (r - m)
		}
		return math.Sqrt(squares / float64(len(v)-1) * float64(len(v)) / days * 365)
	}),
	"ema": func(x, _ cutting, days float64) float64 {
		if !x.full || len(x.inside) == 0 {
			return math.NaN()
		}
		// weights of the closed form: a(1-a)^k, the rest on the first value
		v, a, total := valuesOf(x.past), 2/(days+1), 0.
		for i := range v {
			k := float64(len(v) - 1 - i)
			if i == 0 {
				total += math.Pow(1-a, k) * v[i]
				continue
			}
			total += a * math.Pow(1-a, k) * v[i]
		}
		return total
	},
	"rsi": func(x, _ cutting, days float64) float64 {
		v, n := valuesOf(x.past), int(days)
		if !x.full || len(x.inside) == 0 || len(v) < n+1 {
			return math.NaN()
		}
		gain, loss := 0., 0.
		for i := 1; i < len(v); i++ {
			weight := math.Pow(1-1/days, float64(len(v)-1-max(i, n))) / days
			gain += weight * max(v[i]-v[i-1], 0)
			loss += weight * max(v[i-1]-v[i], 0)
		}
		return ratio(100*gain, gain+loss)
	},
	"corr": func(x, y cutting, _ float64) float64 {
		a, b := matched(x, y)
		xx, yy, xy := comoments(a, b)
		return ratio(xy, math.Sqrt(xx*yy))
	},
	"beta": func(x, y cutting, _ float64) float64 {
		a, b := matched(x, y)
		_, yy, xy := comoments(a, b)
		return ratio(xy, yy)
	},
	"slope": func(x, _ cutting, _ float64) float64 {
		if !x.full {
			return math.NaN()
		}
		var at []float64
		for _, p := range x.inside {
			at = append(at, p.at)
		}
		xx, _, xy := comoments(at, valuesOf(x.inside))
		if xx < 1e-9 {
			return math.NaN()
		}
		return xy / xx
	},
}
