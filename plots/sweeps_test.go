package plots

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// The contour of a plane is a straight line, wherever it cuts the squares: here 2x + y = c
// with x and y counted in cells from the middle of the first.
func TestContourOfPlane(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.Float64Range(-1, 16).Draw(t, "c")
		values := make([][]float64, 5)
		for k := range values {
			for i := range 6 {
				values[k] = append(values[k], 2*float64(i)+float64(k))
			}
		}
		length := 0.
		for _, s := range segments(values, c) {
			for _, p := range s {
				if x, y := float64(p.X)-.5, float64(p.Y)-.5; math.Abs(2*x+y-c) > 1e-12 {
					t.Fatalf("(%v, %v) is not on 2x + y = %v", x, y, c)
				}
			}
			length += math.Hypot(float64(s[1].X-s[0].X), float64(s[1].Y-s[0].Y))
		}
		// y runs from 0 to 4 and x from 0 to 5: of the line, so much of y is inside.
		inside := max(0, min(4, c)-max(0, c-10))
		if want := inside * math.Sqrt(1.25); math.Abs(length-want) > 1e-9 {
			t.Fatalf("the contour at %v is %v long, want %v", c, length, want)
		}
	})
}

// In a saddle the mean decides which corners are joined.
func TestContourOfSaddle(t *testing.T) {
	at := func(x, y vg.Length) vg.Point { return vg.Point{X: x, Y: y} }
	for level, want := range map[float64][2][2]vg.Point{
		.4: {{at(.5, .9), at(.9, .5)}, {at(1.5, 1.1), at(1.1, 1.5)}}, // around the low corners
		.6: {{at(1.1, .5), at(1.5, .9)}, {at(.9, 1.5), at(.5, 1.1)}}, // around the high ones
	} {
		got := segments([][]float64{{0, 1}, {1, 0}}, level)
		if len(got) != 2 {
			t.Fatalf("%d segments", len(got))
		}
		for i, s := range got {
			for j, p := range s {
				if distance(p, want[i][j]) > 1e-12 {
					t.Errorf("level %v: segment %d ends at %v, want %v", level, i, p, want[i][j])
				}
			}
		}
	}
}

// A square without one of its values has no contour.
func TestContourAroundFailedRuns(t *testing.T) {
	if got := segments([][]float64{{0, math.NaN(), 0, 0}, {1, 1, 1, 1}}, .5); len(got) != 1 {
		t.Errorf("%d segments, want 1", len(got))
	}
}

func TestThinned(t *testing.T) {
	for _, c := range []struct{ n, most, want, last int }{{13, 13, 13, 12}, {13, 7, 7, 12}, {13, 6, 3, 10}, {13, 2, 2, 10}, {13, 0, 1, 0}, {1, 1, 1, 0}, {200, 9, 4, 150}} {
		ticks := make([]plot.Tick, c.n)
		for k := range ticks {
			ticks[k].Value = float64(k)
		}
		got := thinned(ticks, c.most)
		if len(got) != c.want || got[len(got)-1].Value != float64(c.last) {
			t.Errorf("%d of %d: %d ticks, the last %v, want %d and %d", c.most, c.n, len(got), got[len(got)-1].Value, c.want, c.last)
		}
	}
}

// Classes have round borders, one of them at 0, and the farther from 0 the darker.
func TestMapColors(t *testing.T) {
	colors := func(values ...float64) mapColors {
		return newMapColors([]SweepPanel{{Outcome: [][]float64{values}}}, Percent)
	}
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{-.78, -.12}, "−80 % to −70 %, −70 % to −60 %, −60 % to −50 %, −50 % to −40 %, −40 % to −30 %, −30 % to −20 %, −20 % to −10 %"},
		{[]float64{0, 1}, "0 % to 20 %, 20 % to 40 %, 40 % to 60 %, 60 % to 80 %, 80 % to 100 %"},
		{[]float64{-.04, -.04, -.039, -.038, -.038, -.037, -.037, -.036, -.035, .06}, "−4.0 % to −3.8 %, −3.8 % to −3.6 %, −3.6 % to 0 %, 0 % to 6.0 %"},
		{[]float64{-.04, .06}, "−4 % to −2 %, −2 % to 0 %, 0 % to 2 %, 2 % to 4 %, 4 % to 6 %"},
	} {
		m := colors(c.values...)
		var texts []string
		for _, k := range m.keys() {
			texts = append(texts, k.text)
		}
		if got := strings.ReplaceAll(strings.Join(texts, ", "), nbsp, " "); got != c.want {
			t.Errorf("%v: %s, want %s", c.values, got, c.want)
		}
		for class := range m.classes() - 1 {
			darker := luminance(m.shade(class)) > luminance(m.shade(class+1))
			if (m.borders[class] >= 0) != darker && m.borders[class+1] != 0 {
				t.Errorf("%v: class %d has luminance %v, the next %v", c.values, class, luminance(m.shade(class)), luminance(m.shade(class+1)))
			}
		}
	}
	if m := colors(.1, math.NaN()); m.of(math.NaN()) != unknown || m.keys()[len(m.keys())-1].text != "run failed" {
		t.Error("a failed run is not hatched")
	}
}

// The widest bar is on top, the longer of two on one side is under the shorter.
func TestTornadoOrder(t *testing.T) {
	f, err := Tornado(tornadoData())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range f.panels[0].categories {
		names = append(names, c.name)
	}
	if got, want := strings.Join(names, ", "), "market depth, share of algorithmic money, speed of redemptions, margin of treasuries, fee"; got != want {
		t.Errorf("order %s, want %s", got, want)
	}
	if c := f.panels[0].categories[2]; c.to != -.34 || c.under.to != -.36 || c.remark != "1 day: −34\u00a0%\n20 days: −36\u00a0%" {
		t.Errorf("%v over %v, %q", c.to, c.under.to, c.remark)
	}
}

func TestSweepChartFaults(t *testing.T) {
	none, inf := math.NaN(), math.Inf(1)
	bars := func(list ...SobolIndex) func() (Figure, error) {
		return func() (Figure, error) { return SobolBars(SobolBarsData{Indices: list}) }
	}
	tornado := func(base float64, list ...TornadoBar) func() (Figure, error) {
		return func() (Figure, error) { return Tornado(TornadoData{Base: base, Bars: list}) }
	}
	plane := func(list ...MorrisEffect) func() (Figure, error) {
		return func() (Figure, error) { return MorrisPlane(MorrisPlaneData{Effects: list}) }
	}
	sweep := func(x, y []float64, threshold float64, panels ...SweepPanel) func() (Figure, error) {
		return func() (Figure, error) {
			return SweepMap(SweepMapData{X: SweepAxis{Values: x, Parameter: "a"}, Y: SweepAxis{Values: y, Parameter: "b"}, Threshold: threshold, Panels: panels})
		}
	}
	absent := stats.Estimate{Value: none, Low: none, High: none}
	for _, c := range []struct {
		name  string
		build func() (Figure, error)
		want  []string
	}{
		{"no indices", bars(), []string{"plots: Sobol bars: no index has a value"}},
		{"absent indices", bars(SobolIndex{"a", absent, absent}), []string{"plots: Sobol bars: no index has a value"}},
		{"indices", bars(SobolIndex{"", stats.Estimate{Value: inf}, stats.Estimate{Low: 2, High: 1}}), []string{"indices[0] has no name",
			"indices[0], first order is +Inf", "indices[0], total: low 2 is above high 1"}},
		{"many indices", bars(make([]SobolIndex, 31)...), []string{"62 rows, expected at most 60"}},
		{"no bars", tornado(0), []string{"plots: tornado: no bar has a value"}},
		{"no base", tornado(none), []string{"plots: tornado: the base has no value"}},
		{"bars", tornado(-inf, TornadoBar{"", TornadoEnd{"", inf}, TornadoEnd{"", none}}), []string{"base is -Inf", "bars[0] has no name", "bars[0] at its low is +Inf"}},
		{"no effects", plane(), []string{"plots: Morris plane: no effect has a size and a deviation"}},
		{"effects", plane(MorrisEffect{"a", about(-1, 0), stats.Estimate{Value: 1, Low: 2, High: 1}}), []string{"a μ*: found -1 in -1 to -1", "a σ: found 1 in 2 to 1"}},
		{"no maps", sweep([]float64{1}, []float64{1}, 0), []string{"plots: sweep map: 0 maps, expected 1 to 9"}},
		{"no axes", func() (Figure, error) { return SweepMap(SweepMapData{Panels: make([]SweepPanel, 10)}) }, []string{"x has 0 values, expected 1 to 200", "x has no parameter",
			"y has 0 values", "y has no parameter", "10 maps, expected 1 to 9", "panels[0] has no name"}},
		{"axes", sweep([]float64{1, 1}, []float64{none}, inf, SweepPanel{"", [][]float64{{1}}}), []string{"x[1] is 1, expected ascending values", "y[0] is NaN", "panels[0], row 0 has 1 values, x has 2", "threshold is +Inf"}},
		{"rows", sweep([]float64{1}, []float64{1}, 0, SweepPanel{"", nil}), []string{"panels[0] has 0 rows, y has 1 values"}},
		{"all failed", sweep([]float64{1}, []float64{1}, 0, SweepPanel{"", [][]float64{{none}}}), []string{"no outcome has a value"}},
		{"infinite", sweep([]float64{1}, []float64{1}, 0, SweepPanel{"", [][]float64{{inf}}}), []string{"panels[0], row 0[0] is +Inf"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.build()
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error\n%v\nlacks\n%s", err, want)
				}
			}
		})
	}
}

// Odd data are drawn: one parameter and thirty, one cell and thousands, long names, values
// next to nothing and huge, both sizes.
func TestSweepChartsOfOddData(t *testing.T) {
	long := "a parameter with a name that goes on and on"
	for _, size := range []Size{FullWidth, HalfPage} {
		for _, unit := range []float64{1e-12, 1e12} {
			for _, n := range []int{1, 30} {
				f := Frame{Title: long, Size: size}
				indices, planes, tornado := SobolBarsData{Frame: f}, MorrisPlaneData{Frame: f, Unit: USD}, TornadoData{Frame: f, Unit: USD, Base: unit}
				for i := range n {
					v, name := unit*float64(i), fmt.Sprint(long, i)
					indices.Indices = append(indices.Indices, SobolIndex{name, about(1/float64(i+1), .1), about(2/float64(i+1), 0)})
					planes.Effects = append(planes.Effects, MorrisEffect{name, about(v, 0), about(v*v/unit, 0)})
					tornado.Bars = append(tornado.Bars, TornadoBar{name, TornadoEnd{long, v}, TornadoEnd{"", -v}})
				}
				drawn(t, "Sobol bars", func() (Figure, error) { return SobolBars(indices) })
				drawn(t, "Morris plane", func() (Figure, error) { return MorrisPlane(planes) })
				drawn(t, "tornado", func() (Figure, error) { return Tornado(tornado) })
				for _, maps := range []int{1, 9} {
					if n > 1 && unit < 1 {
						continue
					}
					d := SweepMapData{Frame: f, X: SweepAxis{Parameter: long, Unit: USD}, Y: SweepAxis{Parameter: long}, Outcome: long, Unit: USD, Threshold: 3 * unit}
					for i := range n {
						d.X.Values, d.Y.Values = append(d.X.Values, unit*float64(i)), append(d.Y.Values, float64(i))
					}
					for range maps {
						p := SweepPanel{Name: long}
						for k := range n {
							row := make([]float64, n)
							for i := range row {
								row[i] = unit * float64((i-k)*(i+k)%7)
							}
							p.Outcome = append(p.Outcome, row)
						}
						d.Panels = append(d.Panels, p)
					}
					drawn(t, "sweep map", func() (Figure, error) { return SweepMap(d) })
				}
			}
		}
	}
}

// Whatever the data, a chart is drawn or an error is returned.
func TestSweepChartsNeverPanic(t *testing.T) {
	values := []float64{math.NaN(), math.Inf(1), 0, -1, 1, .5, 1e99, -1e99, 1e300, 5e-324}
	rapid.Check(t, func(t *rapid.T) {
		one := func() float64 { return rapid.SampledFrom(values).Draw(t, "value") }
		estimate := func() stats.Estimate { return stats.Estimate{Value: one(), Low: one(), High: one()} }
		rows := [][]float64{{one(), one()}, {one(), one()}}
		for _, build := range []func() (Figure, error){
			func() (Figure, error) {
				return SobolBars(SobolBarsData{Indices: []SobolIndex{{"a", estimate(), estimate()}}})
			},
			func() (Figure, error) {
				return MorrisPlane(MorrisPlaneData{Effects: []MorrisEffect{{"a", estimate(), estimate()}, {"b", estimate(), estimate()}}})
			},
			func() (Figure, error) {
				return Tornado(TornadoData{Base: one(), Bars: []TornadoBar{{"a", TornadoEnd{"", one()}, TornadoEnd{"", one()}}}})
			},
			func() (Figure, error) {
				return SweepMap(SweepMapData{X: SweepAxis{"a", []float64{0, 1}, USD}, Y: SweepAxis{"b", []float64{0, 1}, USD}, Threshold: one(), Panels: []SweepPanel{{"", rows}}})
			},
		} {
			if figure, err := build(); err == nil {
				figure.canvas()
			}
		}
	})
}
