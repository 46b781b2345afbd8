package rule

import (
	"fmt"
	"math"
	"testing"
)

// A year of daily values and the rule of the package comment.
func year(b *testing.B) (*Tape, Names) {
	n := Names{Series: []string{"premium", "btc.etf_flow", "btc.basis"}, Parameters: map[string]Kind{"entry": Number, "quiet": Number}}
	t := NewTape(n.Series, dayStep)
	for i := range 365 {
		for s := range n.Series {
			t.Publish(s, january(float64(i)), 1+.001*math.Sin(float64(i*(s+1))))
		}
	}
	t.Now(january(300))
	return t, n
}

const lights = "premium > entry and sum(btc.etf_flow, 5d) > 0 and sd(btc.basis, 20d) < quiet"

// BenchmarkFlag asks again at the same moment, as a grid does.
func BenchmarkFlag(b *testing.B) {
	tape, n := year(b)
	benchmark(b, tape, n, lights, false)
}

// BenchmarkFlagNextMoment moves time on before each answer, so that every window is computed.
func BenchmarkFlagNextMoment(b *testing.B) {
	tape, n := year(b)
	benchmark(b, tape, n, lights, true)
}

// BenchmarkArithmetic has no window and no series.
func BenchmarkArithmetic(b *testing.B) {
	tape, n := year(b)
	benchmark(b, tape, n, "(entry + 1) * 2 < quiet / 3 or not (entry > 0)", false)
}

// BenchmarkEveryFunction computes each window function of 20 days at each moment.
func BenchmarkEveryFunction(b *testing.B) {
	tape, n := year(b)
	for _, f := range Functions() {
		if f.window == nil {
			continue
		}
		series := map[int]string{2: "premium", 3: "premium, btc.basis"}[len(f.takes)]
		b.Run(f.Name, func(b *testing.B) { benchmark(b, tape, n, fmt.Sprintf("%s(%s, 20d) > 0", f.Name, series), true) })
	}
}

// BenchmarkGrid is a thousand cells that share their windows, over 100 moments.
func BenchmarkGrid(b *testing.B) {
	tape, n := year(b)
	r, err := Compile(lights, n, Flag)
	if err != nil {
		b.Fatal(err)
	}
	m := &Moment{Tape: tape, Parameters: make([]float64, 2)}
	for b.Loop() {
		for day := range 100 {
			tape.Now(january(float64(200 + day)))
			for cell := range 1000 {
				m.Parameters[0], m.Parameters[1] = float64(cell%30)/1000, float64(cell/30)/1000
				if _, _, err := r.Flag(m); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

func benchmark(b *testing.B, tape *Tape, n Names, text string, move bool) {
	r, err := Compile(text, n, Flag)
	if err != nil {
		b.Fatal(err)
	}
	m := &Moment{Tape: tape, Parameters: []float64{.5, .02}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if move {
			tape.Now(january(float64(100 + i%250)))
		}
		if _, known, err := r.Flag(m); err != nil || !known {
			b.Fatal(known, err, m.Reason())
		}
	}
}

// Once a rule has been asked, asking it again at other moments allocates nothing.
func TestAsksWithoutAllocating(t *testing.T) {
	rules := map[string]*Rule{"the whole": compile(t, "rising and median(btc.price, 3d) > threshold or not long and weekday() == 1 and max(1, 2, gain) > vol(btc.price, 2d)", Flag)}
	m := moment(t, 8)
	for name, r := range everyWindow(t, 3) {
		rules[name] = r
	}
	for name, r := range rules {
		m := m
		if name != "the whole" {
			m = &Moment{Tape: tapeOf([]publication{{1, 1}, {2, 3}, {4, 2}, {7, 3}, {8, 4}}, []publication{{1, 1}, {2, 2}, {6, 4}, {7, 1}, {8, 3}})}
		}
		day := 7.
		if n := testing.AllocsPerRun(100, func() {
			day = 15 - day
			m.Tape.Now(january(day))
			if r.root.kind == Flag {
				_, _, _ = r.Flag(m)
				return
			}
			_, _, _ = r.Number(m)
		}); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}
