package plots

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim/stats"
	"pgregory.net/rapid"
)

// strategies are the charts of a backtest from a shape, as figures builds the others.
func (s shape) strategies(f Frame, line Timeline, events []Event) map[string]func() (Figure, error) {
	v, none := s.values(1), nan(s.n)
	var all []int
	for i := range s.n {
		all = append(all, i)
	}
	charts := map[string]func() (Figure, error){
		"own impact": func() (Figure, error) {
			return OwnImpact(OwnImpactData{Frame: f, Unit: USD, Without: v, With: s.values(.9)})
		},
		"walk forward": func() (Figure, error) {
			d := WalkForwardData{Frame: f, Timeline: line, Events: events, Unit: USD, OutOfSample: v, InSample: s.values(1.1), Benchmark: none}
			for i := range min(s.n-1, 12) {
				d.Windows = append(d.Windows, WalkWindow{i * (s.n - 1) / 12, (i + 1) * (s.n - 1) / 12, strings.Repeat("chosen ", i)})
			}
			return WalkForward(d)
		},
		"rolling performance": func() (Figure, error) {
			return Rolling(RollingData{Frame: f, Timeline: line, Events: events, Window: "a window", Sharpe: Rolled{Value: v, Levels: []Threshold{{"whole", v[s.n/2]}}},
				Volatility: Rolled{Value: v}, Beta: Rolled{Value: none, Levels: []Threshold{{"whole", 1}}}})
		},
	}
	if s.signed || s.n < 2 {
		return charts
	}
	charts["equity"] = func() (Figure, error) {
		return Equity(EquityData{Frame: f, Timeline: line, Events: events, Unit: USD, Equity: v, Benchmark: s.values(.5), Exposure: s.values(-1), Buys: all, Sells: all[:1]})
	}
	charts["equity alone"] = func() (Figure, error) {
		return Equity(EquityData{Frame: f, Timeline: Timeline{Steps: s.n}, Unit: Number, Equity: v, Benchmark: none, Exposure: none, Buys: all[:1]})
	}
	charts["drawdown periods"] = func() (Figure, error) {
		return DrawdownPeriods(DrawdownPeriodsData{Frame: f, Timeline: line, Events: events, Unit: USD, Price: v, Name: "a name", Worst: 8})
	}
	return charts
}

func TestStrategyEdges(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			sizes := []Size{FullWidth}
			if s.half {
				sizes = append(sizes, HalfPage)
			}
			line := Timeline{Times: dates(s.n), Start: s.n / 3}
			events := []Event{{At: 0, Label: "first", Until: s.n - 1}, {At: s.n - 1, Label: "on the very last day"}}
			for _, size := range sizes {
				f := Frame{Title: "A title that says what is seen", Subtitle: "USD", Status: "reconstructed, not market data", Size: size}
				for name, build := range s.strategies(f, line, events) {
					drawnWhole(t, fmt.Sprintf("%s, size %d", name, size), build)
				}
			}
		})
	}
}

func drawnWhole(t *testing.T, name string, build func() (Figure, error)) {
	t.Helper()
	fig, err := build()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	img := fig.canvas().Image()
	if at, ok := inkOnEdge(img, 8); ok {
		t.Errorf("%s: ink at %v of %v", name, at, img.Bounds().Size())
	}
}

// A table of months stays inside the page, whatever the number of years and the size of
// the returns, and each number inside its cell.
func TestMonthlyEdges(t *testing.T) {
	for _, years := range []int{1, 2, 20, 60} {
		for _, size := range []Size{FullWidth, HalfPage} {
			for _, factor := range []float64{1e-9, .05, .9, 30, 1e6, 1e90} {
				d := MonthlyData{Frame: Frame{Title: "A title", Size: size}}
				for k := range 12 * years {
					r := factor * math.Sin(float64(k))
					d.Months = append(d.Months, stats.Month{Year: 2000 + k/12, Month: time.Month(1 + k%12), Return: max(-1, r), Whole: k > 0})
				}
				if factor == 1e90 && years > 1 {
					continue // its years overflow
				}
				drawnWhole(t, fmt.Sprintf("%d years, size %d, %v", years, size, factor), func() (Figure, error) { return Monthly(d) })
			}
		}
	}
}

func TestMonthlyRows(t *testing.T) {
	d := MonthlyData{Months: []stats.Month{{Year: 2024, Month: 12, Return: .1}, {Year: 2024, Month: 11, Return: -.5, Whole: true}, {Year: 2026, Month: 1, Return: math.NaN()}, {Year: 2026, Month: 2, Return: 0, Whole: true}}}
	fig, err := Monthly(d)
	if err != nil {
		t.Fatal(err)
	}
	p := fig.panels[0]
	var got []string
	for i, row := range p.cells[1:] {
		text := p.categories[i+1].name + ":"
		for _, c := range row {
			text += fmt.Sprintf(" %g=%.4f%s", c.from, c.value, c.mark)
		}
		got = append(got, text)
	}
	want := "2024: 10=-0.5000 11=0.1000* 12.15=-0.4500*\n2025:\n2026: 1=0.0000 12.15=0.0000*"
	if strings.Join(got, "\n") != want {
		t.Errorf("rows\n%s\nwant\n%s", strings.Join(got, "\n"), want)
	}
	if p.note == "" {
		t.Error("nothing explains the asterisk")
	}
}

// The text of a cell can be read on its colour, and in grey a stronger move is darker
// whatever its sign.
func TestHeat(t *testing.T) {
	for _, sign := range []float64{-1, 1} {
		before := math.Inf(1)
		for share := 0.; share < 1.5; share += .25 {
			c := heat(sign * share)
			light := luminance(c)
			if light > before {
				t.Errorf("%v: luminance %v after %v", sign*share, light, before)
			}
			before = light
			if contrast(ink)/contrast(c) < 4.5 {
				t.Errorf("%v: dark text cannot be read on #%s", sign*share, hex(c))
			}
		}
	}
}

func TestStrategyErrors(t *testing.T) {
	three, ok, inf := Timeline{Steps: 3}, []float64{1, 2, 3}, math.Inf(1)
	for _, c := range []struct {
		name  string
		build func() (Figure, error)
		want  []string
	}{
		{"equity", func() (Figure, error) {
			return Equity(EquityData{Timeline: three, Equity: []float64{1, inf, 3}, Benchmark: ok[:2], Exposure: ok[:1], Buys: []int{0, 3}, Sells: []int{-1}})
		}, []string{"plots: equity: equity[1] is +Inf", "plots: equity: benchmark has 2 values", "plots: equity: exposure has 1 values",
			"plots: equity: buys[1] is 3, expected 0 to 2", "plots: equity: sells[0] is -1, expected 0 to 2"}},
		{"equity below 0", func() (Figure, error) {
			return Equity(EquityData{Timeline: three, Equity: []float64{1, 1, -1}})
		}, []string{"plots: equity: equity: no return can be taken from this price: index 2 is -1"}},
		{"months", func() (Figure, error) {
			return Monthly(MonthlyData{Months: []stats.Month{{Year: 2025, Month: 13}, {Year: 2025, Month: 1, Return: -2}, {Year: 2025, Month: 1, Return: inf}, {Year: 2025, Month: 2}, {Year: 2025, Month: 2}}})
		}, []string{"plots: monthly: months[0] is month 13 of the year 2025", "plots: monthly: the return of January 2025 is -2, which loses more than everything",
			"plots: monthly: the return of January 2025 is +Inf", "plots: monthly: two returns of February 2025"}},
		{"no months", func() (Figure, error) { return Monthly(MonthlyData{}) }, []string{"plots: monthly: no month has a return"}},
		{"too many years", func() (Figure, error) {
			return Monthly(MonthlyData{Months: []stats.Month{{Year: 1, Month: 1}, {Year: 9999, Month: 1}}})
		}, []string{"plots: monthly: 9999 years, expected at most 60"}},
		{"periods", func() (Figure, error) {
			return DrawdownPeriods(DrawdownPeriodsData{Timeline: three, Price: ok, Worst: 9})
		}, []string{"plots: drawdown periods: worst is 9, expected 1 to 8"}},
		{"periods of one price", func() (Figure, error) {
			return DrawdownPeriods(DrawdownPeriodsData{Timeline: three, Price: []float64{math.NaN(), 1, math.NaN()}})
		}, []string{"plots: drawdown periods: price: too few values: 1 of at least 2"}},
		{"own impact", func() (Figure, error) { return OwnImpact(OwnImpactData{Without: nan(2), With: []float64{inf}}) },
			[]string{"plots: own impact: with[0] is +Inf", "plots: own impact: without has no value"}},
		{"walk forward", func() (Figure, error) {
			return WalkForward(WalkForwardData{Timeline: three, OutOfSample: nan(3), Windows: []WalkWindow{{0, 2, ""}, {1, 2, ""}}})
		}, []string{"plots: walk forward: out of sample has no value", "plots: walk forward: windows[1] is 1 to 2, expected a range within 2 to 2"}},
		{"whole sample", func() (Figure, error) {
			return Rolling(RollingData{Timeline: three, Sharpe: Rolled{Value: ok, Levels: []Threshold{{"whole", inf}}}})
		}, []string{"plots: rolling: Sharpe ratio: whole is +Inf"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantFaults(t, c.build, c.want) })
	}
}

// TestStrategiesNeverPanic: whatever the data, a chart is drawn or an error is returned.
func TestStrategiesNeverPanic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := []float64{math.NaN(), math.Inf(1), 0, -1, 1, 2, 1e300, -1e99, 5e-324, 1e99, 1e-99}
		if rapid.Bool().Draw(t, "mild") {
			values = []float64{math.NaN(), 0, 1, 2, 1e-99}
		}
		n := rapid.IntRange(0, 6).Draw(t, "n")
		series := func() []float64 { return rapid.SliceOfN(rapid.SampledFrom(values), n, n).Draw(t, "series") }
		whole := func() []int { return rapid.SliceOfN(rapid.IntRange(-1, 6), 0, 4).Draw(t, "points") }
		line := Timeline{Steps: n, Start: rapid.IntRange(0, 2).Draw(t, "start")}
		charts := []func() (Figure, error){
			func() (Figure, error) {
				return Equity(EquityData{Timeline: line, Equity: series(), Benchmark: series(), Exposure: series(), Buys: whole(), Sells: whole()})
			},
			func() (Figure, error) {
				return DrawdownPeriods(DrawdownPeriodsData{Timeline: line, Price: series(), Worst: rapid.IntRange(-1, 9).Draw(t, "worst")})
			},
			func() (Figure, error) { return OwnImpact(OwnImpactData{Without: series(), With: series()}) },
			func() (Figure, error) {
				d := WalkForwardData{Timeline: line, OutOfSample: series(), InSample: series()}
				for _, k := range whole() {
					d.Windows = append(d.Windows, WalkWindow{k, k + 1, "x"})
				}
				return WalkForward(d)
			},
			func() (Figure, error) {
				var d MonthlyData
				for i, r := range series() {
					d.Months = append(d.Months, stats.Month{Year: 2025, Month: time.Month(i + rapid.IntRange(0, 1).Draw(t, "shift")), Return: r})
				}
				return Monthly(d)
			},
			func() (Figure, error) {
				return Rolling(RollingData{Timeline: line, Sharpe: Rolled{Value: series(), Levels: []Threshold{{"", values[n%len(values)]}}}, Volatility: Rolled{Value: series()}})
			},
		}
		if fig, err := rapid.SampledFrom(charts).Draw(t, "chart")(); err == nil {
			fig.canvas()
		}
	})
}

// TestStrategiesImmutable: a figure does not change with the data it was made from.
func TestStrategiesImmutable(t *testing.T) {
	e, m, p, o, w := equityData(), monthlyData(), periodsData(), ownImpactData(), walkForwardData()
	for name, c := range map[string]struct {
		build  func() (Figure, error)
		change func()
	}{
		"equity":  {func() (Figure, error) { return Equity(e) }, func() { clear(e.Equity); clear(e.Benchmark); clear(e.Exposure); clear(e.Buys) }},
		"monthly": {func() (Figure, error) { return Monthly(m) }, func() { clear(m.Months) }},
		"periods": {func() (Figure, error) { return DrawdownPeriods(p) }, func() { clear(p.Price); clear(p.Times) }},
		"impact":  {func() (Figure, error) { return OwnImpact(o) }, func() { clear(o.With); clear(o.Without) }},
		"walk":    {func() (Figure, error) { return WalkForward(w) }, func() { clear(w.OutOfSample); clear(w.Windows) }},
	} {
		fig, err := c.build()
		if err != nil {
			t.Fatal(err)
		}
		again := func() (Figure, error) { return fig, nil }
		before := render(t, again)
		c.change()
		if !bytes.Equal(before, render(t, again)) {
			t.Errorf("%s: the picture changed with the data", name)
		}
	}
}
