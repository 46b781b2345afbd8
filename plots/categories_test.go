package plots

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// barFigures builds every chart of this kind from the first values of a shape, 40
// of a long one.
func (s shape) barFigures(size Size, name string) map[string]func() (Figure, error) {
	f := Frame{Title: "A title that says what is seen", Subtitle: "USD", Source: "a test", Scenario: "edge", Hash: "0123456789abcdef",
		Status: "reconstructed, not market data", Size: size}
	v := s.values(1)
	if v = v[:min(len(v), 40)]; s.n < 40 {
		v = v[:min(len(v), 8)]
	}
	none, line := nan(len(v)), Timeline{Times: dates(len(v)), Start: len(v) / 3}
	events := []Event{{At: 0, Label: "first", Until: len(v) - 1}, {At: len(v) - 1, Label: "on the very last day"}}
	charts := map[string]func() (Figure, error){
		"breakdown": func() (Figure, error) {
			d := BreakdownData{Frame: f, Dimensions: []Dimension{{Name: "By " + name}}}
			for i, x := range v {
				flow := DimensionFlow{Name: fmt.Sprint(name, i), Value: x, Status: statuses[i%len(statuses)]}
				if i%3 == 0 && !math.IsNaN(x) {
					flow.Range = Range{x - math.Abs(x)/2, x + math.Abs(x)*2}
				}
				d.Dimensions[0].Flows = append(d.Dimensions[0].Flows, flow)
			}
			return Breakdown(d)
		},
		"waterfall": func() (Figure, error) {
			d := WaterfallData{Frame: f, Unit: Unit(len(v) % 3), StartName: name, Start: 10, End: math.NaN()}
			for i, x := range slices.DeleteFunc(slices.Clone(v), math.IsNaN) {
				d.Steps = append(d.Steps, Step{Name: fmt.Sprint(name, i), Kind: []string{"", "perps"}[i%2], Value: x, Remark: name})
			}
			return Waterfall(d)
		},
		"skew": func() (Figure, error) {
			d := SkewData{Frame: f, Asset: name}
			for i, x := range v[:min(len(v), 30)] {
				d.Benchmarks = append(d.Benchmarks, Benchmark{name, Conditional{x, math.Abs(x), i}, Conditional{-x, math.NaN(), 1}})
			}
			return Skew(d)
		},
		"relative": func() (Figure, error) {
			d := RelativeData{Frame: f}
			for i, x := range v {
				d.Assets = append(d.Assets, AssetFlow{name, x, []float64{1e9, math.NaN(), 3}[i%3]})
			}
			return Relative(d)
		},
		"sensitivity": func() (Figure, error) {
			d := SensitivityData{Frame: f, Parameter: name, Unit: USD, Marks: []Statistic{{name, -3}}, References: []Statistic{{name, 1}}}
			for i := range v {
				d.Values = append(d.Values, float64(i*i))
			}
			d.Series = []SensitivitySeries{{Name: name, Outcome: v, Low: v, High: v}, {Name: name, Outcome: none}}
			return Sensitivity(d)
		},
		"rolling": func() (Figure, error) {
			return Rolling(RollingData{Frame: f, Timeline: line, Events: events, Window: name, Beta: Rolled{v, v, v, nil}, Correlation: Rolled{Value: none}})
		},
	}
	if !s.signed && s.name != "gaps" && s.name != "subnormal" {
		charts["exposure"] = func() (Figure, error) {
			whole := v[len(v)-1] - v[line.Start]
			return Exposure(ExposureData{Frame: f, Timeline: line, Events: events, Value: v, Name: name,
				Steps: []Step{{Name: name, Value: whole}, {Name: "none", Value: 0}}})
		}
		charts["co-movement"] = func() (Figure, error) {
			return CoMovement(CoMovementData{Frame: f, Timeline: line, A: name, B: "b", Runs: []Run{
				{name, v, v, s.values(-1)[:len(v)], none}, {"two", v, v, make([]float64, len(v)), make([]float64, len(v))}}})
		}
	}
	return charts
}

// TestBarEdges: whatever the values and names, no ink comes near the edge of the
// page.
func TestBarEdges(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			names, sizes := []string{"Volatility Shares"}, []Size{FullWidth}
			if s.half {
				sizes = append(sizes, HalfPage)
			}
			if s.n == 5 {
				names = append(names, strings.Repeat("long name ", 20), strings.Repeat("x", 200))
			}
			for _, size := range sizes {
				for i, name := range names {
					if i > 0 && size == FullWidth {
						continue // the narrower is the harder
					}
					for chart, build := range s.barFigures(size, name) {
						fig, err := build()
						if err != nil {
							t.Fatalf("%s: %v", chart, err)
						}
						img := fig.canvas().Image()
						if at, ok := inkOnEdge(img, 8); ok {
							t.Errorf("%s, size %d, %.10q: ink at %v of %v", chart, size, name, at, img.Bounds().Size())
						}
					}
				}
			}
		})
	}
}

// TestHolding: bars, whiskers and the texts beside them lie in the plot area, and
// the axis is no longer than they need.
func TestHolding(t *testing.T) {
	th := FullWidth.theme()
	rapid.Check(t, func(t *rapid.T) {
		width := vg.Length(rapid.Float64Range(150, 400).Draw(t, "width"))
		var all []category
		for range rapid.IntRange(1, 12).Draw(t, "rows") {
			v := float64(rapid.IntRange(-1e9, 1e9).Draw(t, "value"))
			all = append(all, signedRow("", v, USD.short))
		}
		s := valueAxis(USD).holding(th, width, all, true).scale()
		least := width
		for _, c := range all {
			lo, hi := c.reach()
			free := width - vg.Length(s.norm(hi))*width - c.room(th)
			if c.before {
				free = vg.Length(s.norm(lo))*width - c.room(th)
			}
			if free < -.01 {
				t.Fatalf("%v runs %v out of an area of %v", c, free, width)
			}
			least = min(least, free)
		}
		if least > 4.01 && slices.ContainsFunc(all, func(c category) bool { return c.to != 0 }) {
			t.Fatalf("%v free on either side", least)
		}
	})
}

// TestMostTicks: labels of an axis do not overlap, and there is at least one.
func TestMostTicks(t *testing.T) {
	th := FullWidth.theme()
	rapid.Check(t, func(t *rapid.T) {
		width := vg.Length(rapid.Float64Range(80, 400).Draw(t, "width"))
		lo := rapid.Float64Range(-2e9, 1e9).Draw(t, "lo")
		s := scale{lo: lo, hi: lo + rapid.Float64Range(1e6, 1e10).Draw(t, "span")}
		ticks := mostTicks(USD)(s, th.fitting(width))
		if len(ticks) == 0 {
			t.Fatalf("no ticks on %v", s)
		}
		for i := 1; i < len(ticks); i++ {
			gap := vg.Length(s.norm(ticks[i].Value)-s.norm(ticks[i-1].Value)) * width
			if need := (th.label.width(ticks[i].Label) + th.label.width(ticks[i-1].Label)) / 2; gap < need {
				t.Fatalf("%q and %q overlap in %v", ticks[i-1].Label, ticks[i].Label, width)
			}
		}
	})
}

// rows writes the rows of a panel as name, value and remark.
func written(p panel) []string {
	var rows []string
	for _, c := range p.categories {
		rows = append(rows, strings.ReplaceAll(strings.TrimRight(strings.Join([]string{c.name, c.text, c.remark}, "|"), "|"), nbsp, " "))
	}
	return rows
}

// TestPrinted: every chart of bars prints the values, in order, with their ranges.
func TestPrinted(t *testing.T) {
	for _, c := range []struct {
		name  string
		build func() (Figure, error)
		want  [][]string // per panel
	}{
		{"breakdown", func() (Figure, error) { return Breakdown(breakdownData()) }, [][]string{
			{"Bitcoin|−$1.09bn|−$1.09bn to −$1bn", "Ether|−$630m|conflicting: −$630m to −$308m", "XRP|−$18.2m", "Sui|−$6m",
				"short Bitcoin|+$500k", "Chainlink|+$3.8m", "BNB|+$4.6m", "Solana|+$17.1m"},
			{"United States|−$1.8bn|−$1.8bn to −$1.6bn", "Sweden|−$11.1m|pending", "Netherlands|−$4.4m", "Germany|+$19.1m|pending",
				"Switzerland|+$32.5m|pending", "Canada|+$33.5m|pending"},
			{"iShares|−$951m", "Fidelity|−$469m", "Grayscale|−$270m", "ProFunds|+$37m", "Volatility Shares|+$83m", "others|no figure|disputed"},
		}},
		{"a week of inflows", func() (Figure, error) {
			return Breakdown(BreakdownData{Dimensions: []Dimension{{"By asset", []DimensionFlow{{Name: "a", Value: -1}, {Name: "b", Value: 2}, {Name: "c", Value: 0}}}}})
		}, [][]string{{"b|+$2", "c|$0", "a|−$1"}}},
		{"only a range is known", func() (Figure, error) {
			return Breakdown(BreakdownData{Dimensions: []Dimension{{"By market", []DimensionFlow{{"crypto", math.NaN(), Range{-19300e6, -9890e6}, "conflicting"}}}}})
		}, [][]string{{"crypto|−$19.3bn to −$9.89bn|conflicting"}}},
		{"AUM bridge", func() (Figure, error) { return AUMBridge(bridgeData()) }, [][]string{
			{"19 January|$193bn", "net flow|−$1.73bn|−0.9 % of assets\n−$1.73bn to −$1.7bn",
				"price effect|−$13.3bn|return −6.88 % (flow at close)\nreturn −6.94 % (flow at open)", "26 January|$178bn"}}},
		{"waterfall", func() (Figure, error) {
			return Waterfall(WaterfallData{Unit: Percent, End: -.1, Steps: []Step{{Name: "a", Value: -.125, Range: Range{-.2, -.1}}, {Name: "b", Value: .025}}})
		}, [][]string{{"a|−12.5 %|−20.0 % to −10.0 %", "b|+2.5 %", "total|−10.0 %"}}},
		{"skew", func() (Figure, error) { return Skew(skewData()) }, [][]string{
			{"Nasdaq-100|−1.02 %|38 days", "AI shares|−0.97 %|40 days", "software|−0.24 %|47 days"},
			{"Nasdaq-100|−0.21 %|44 days", "AI shares|−0.34 %|42 days", "software|−0.68 %|35 days"}}},
		{"relative", func() (Figure, error) { return Relative(relativeData()) }, [][]string{
			{"Chainlink|+4.22 %", "Solana|+0.50 %", "XRP|−0.70 %", "Bitcoin|−0.73 %", "Ether|−2.42 %", "Sui|no figure"},
			{"|+$3.8m|assets $90m", "|+$17.1m|assets $3.4bn", "|−$18.2m|assets $2.6bn", "|−$1.09bn|assets $150bn", "|−$630m|assets $26bn", "|−$6m|assets not known"}}},
		{"exposure", func() (Figure, error) {
			return Exposure(ExposureData{Timeline: Timeline{Steps: 4, Start: 1}, Value: []float64{120, math.NaN(), 100, 40},
				Steps: []Step{{Name: "price", Value: -40}, {Name: "mNAV", Value: -20}}})
		}, [][]string{nil, {"step 1|$100", "price|−$40|−40 % of the start", "mNAV|−$20|−20 % of the start", "step 2|$40"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fig, err := c.build()
			if err != nil {
				t.Fatal(err)
			}
			var got [][]string
			for _, p := range fig.panels {
				got = append(got, written(p))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestWaterfallChain: every bar begins where the one above ended.
func TestWaterfallChain(t *testing.T) {
	fig, err := Waterfall(WaterfallData{Unit: USD, StartName: "start", Start: 10, End: 7,
		Steps: []Step{{Name: "a", Value: 5}, {Name: "nothing"}, {Name: "b", Value: -8, Range: Range{-9, -7}}}})
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]float64{{0, 10}, {10, 15}, {15, 15}, {15, 7}, {0, 7}}
	for i, c := range fig.panels[0].categories {
		if got := [2]float64{c.from, c.to}; got != want[i] {
			t.Errorf("%s from %v to %v, want %v", c.name, c.from, c.to, want[i])
		}
		if c.linked != (i < 4) {
			t.Errorf("%s is linked: %v", c.name, c.linked)
		}
	}
	if c := fig.panels[0].categories[3]; c.low != 6 || c.high != 8 {
		t.Errorf("whisker from %v to %v, want 6 to 8", c.low, c.high)
	}
}

// TestWrittenPercentages: none that is not zero is written as zero.
func TestWrittenPercentages(t *testing.T) {
	write := printed([]float64{.25}, []float64{.0000123}, []float64{0})
	for v, want := range map[float64]string{.25: "25.0\u00a0%", .0000123: "≈\u00a00\u00a0%", 0: "0\u00a0%"} {
		if got := write(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

// TestAloft: small steps beside a high level need an axis that does not begin at
// zero, and say so; start and end are then no bars.
func TestAloft(t *testing.T) {
	for start, want := range map[float64]bool{0: false, 2: false, 100: true, -100: true} {
		fig, err := Waterfall(WaterfallData{StartName: "start", Start: start, Steps: []Step{{Name: "a", Value: 1}}, End: math.NaN()})
		if err != nil {
			t.Fatal(err)
		}
		p := fig.panels[0]
		if got := p.categories[0].shape == stroke; got != want || (p.note != "") != want {
			t.Errorf("start %v: stroke %v, note %q, want %v", start, got, p.note, want)
		}
	}
}

// TestSkewIntervals: 1.96 standard errors, and a ring where they include zero.
func TestSkewIntervals(t *testing.T) {
	fig, err := Skew(SkewData{Benchmarks: []Benchmark{{"x", Conditional{-.02, .01, 9}, Conditional{.01, .01, 9}}, {"y", Conditional{.01, math.NaN(), 1}, Conditional{math.NaN(), 1, 0}}}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]shapeOf{{dot, dot}, {ring, dot}} {
		for k, c := range fig.panels[i].categories {
			if c.shape != want[k] {
				t.Errorf("panel %d, %s: shape %d, want %d", i, c.name, c.shape, want[k])
			}
		}
	}
	c := fig.panels[0].categories[0]
	if math.Abs(c.low+.0396) > 1e-12 || math.Abs(c.high+.0004) > 1e-12 {
		t.Errorf("interval %v to %v, want −0.0396 to −0.0004", c.low, c.high)
	}
	if up := fig.panels[1].categories[1]; up.text != noFigure || up.remark != "0"+nbsp+"days" {
		t.Errorf("without a mean: %q, %q", up.text, up.remark)
	}
}

// TestCoMovement: prices are 100 at the start, the axes of a line are equal, and
// the note has the largest distance.
func TestCoMovement(t *testing.T) {
	none := math.NaN()
	fig, err := CoMovement(CoMovementData{Timeline: Timeline{Steps: 3, Start: 1}, A: "a", B: "b", Runs: []Run{
		{"one", []float64{1, none, 2}, []float64{4, 8, 2}, []float64{1, none, 2}, nil},
		{"two", []float64{1, 2, 2.2}, []float64{4, 8, 2}, []float64{0, 0, 0}, nil}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(fig.panels) != 4 {
		t.Fatalf("%d panels, want prices and flows of two runs", len(fig.panels))
	}
	if want := "the runs differ by at most 10\u00a0% (a) and 0\u00a0% (b)"; fig.panels[0].note != want {
		t.Errorf("note %q, want %q", fig.panels[0].note, want)
	}
	for i, want := range []string{"b 25", "a 100", "b 25", "a 110"} {
		if got := fig.panels[i/2].ends[i%2].text; got != want {
			t.Errorf("label %q, want %q", got, want)
		}
	}
	if got := fig.panels[2].ends[0].text; got != "$3" {
		t.Errorf("cumulated flow %q, want $3", got)
	}
	for _, k := range []int{0, 2} {
		if a, b := fig.panels[k].scale(), fig.panels[k+1].scale(); a != b {
			t.Errorf("axes %v and %v differ", a, b)
		}
	}
}

// TestColumns: panels that stand side by side have the same width, top and
// height, and do not overlap.
func TestColumns(t *testing.T) {
	for name, build := range map[string]func() (Figure, error){
		"relative": func() (Figure, error) { return Relative(relativeData()) }, "co-movement": func() (Figure, error) { return CoMovement(coMovementData()) },
	} {
		fig, err := build()
		if err != nil {
			t.Fatal(err)
		}
		p := fig.layOut()
		for _, line := range p.lines() {
			if len(line) != 2 || line[0].plot != line[1].plot || line[0].plot < 20 {
				t.Errorf("%s: line of %d panels, heights %v and %v", name, len(line), line[0].plot, line[1].plot)
			}
			if line[0].right > p.begin(1) || line[1].left < p.begin(1) || line[1].right > p.theme.width-p.theme.pt(pagePad) {
				t.Errorf("%s: plot areas from %v to %v and from %v to %v", name, line[0].left, line[0].right, line[1].left, line[1].right)
			}
		}
	}
}

func TestBarErrors(t *testing.T) {
	inf, none := math.Inf(1), math.NaN()
	three := Timeline{Steps: 3}
	ok := []float64{1, 2, 3}
	many := make([]AssetFlow, 61)
	for i := range many {
		many[i] = AssetFlow{"a", 1, 1}
	}
	for _, c := range []struct {
		name  string
		build func() (Figure, error)
		want  []string
	}{
		{"no flows", func() (Figure, error) { return Breakdown(BreakdownData{}) }, []string{"plots: breakdown: no flow has a value"}},
		{"breakdown", func() (Figure, error) {
			return Breakdown(BreakdownData{Dimensions: []Dimension{{"", nil}, {"By asset", []DimensionFlow{
				{"a", inf, Range{}, "sure"}, {"", 1, Range{3, 2}, ""}, {"c", 1, Range{2, 3}, ""}, {"d", 1, Range{-inf, 3}, ""}}}}})
		}, []string{
			"plots: breakdown: dimensions[0] has no name",
			"plots: breakdown: dimensions[0] has no flows",
			"plots: breakdown: a is +Inf: not a finite number that can be drawn",
			`plots: breakdown: a: unknown status "sure", expected reported, pending, conflicting, disputed`,
			"plots: breakdown: By asset: flows[1] has no name",
			"plots: breakdown: By asset: flows[1]: low 3 is above high 2",
			"plots: breakdown: c: the value 1 is outside its range, 2 to 3",
			"plots: breakdown: d low is -Inf: not a finite number that can be drawn",
		}},
		{"no steps", func() (Figure, error) { return Waterfall(WaterfallData{Start: none, End: inf}) },
			[]string{"plots: waterfall: there are no steps", "plots: waterfall: start has no value", "plots: waterfall: end is +Inf: not a finite number that can be drawn"}},
		{"end that is not the sum", func() (Figure, error) {
			return Waterfall(WaterfallData{Start: 1, Steps: []Step{{Name: "a", Value: 2}}, End: 4})
		}, []string{"plots: waterfall: start and steps add up to 3, the end is 4: what is unexplained must be a step"}},
		{"a step without a value", func() (Figure, error) {
			return Waterfall(WaterfallData{Steps: []Step{{Name: "a", Value: none}, {"b", "", inf, Range{-inf, 1}, ""}}, End: none})
		}, []string{"plots: waterfall: a has no value", "plots: waterfall: b is +Inf: not a finite", "plots: waterfall: b low is -Inf"}},
		{"bridge", func() (Figure, error) { return AUMBridge(AUMBridgeData{Before: 5, After: none, Flow: -5}) },
			[]string{"plots: AUM bridge: after has no value", "plots: AUM bridge: an outflow of 5 is not less than the assets before, 5"}},
		{"all of it came in", func() (Figure, error) { return AUMBridge(AUMBridgeData{Before: 5, After: 6, Flow: 7}) },
			[]string{"plots: AUM bridge: an inflow of 7 is more than the assets after, 6"}},
		{"no assets left", func() (Figure, error) { return AUMBridge(AUMBridgeData{Before: 5, After: 0, Flow: none}) },
			[]string{"plots: AUM bridge: after is 0, assets must be more than 0", "plots: AUM bridge: flow has no value"}},
		{"skew", func() (Figure, error) {
			return Skew(SkewData{Benchmarks: []Benchmark{{"x", Conditional{inf, -1, -2}, Conditional{}}}})
		}, []string{"plots: skew: x down mean is +Inf", "plots: skew: x down: the standard error is -1, expected 0 or more", "plots: skew: x down: -2 days, expected 0 or more"}},
		{"no benchmarks", func() (Figure, error) { return Skew(SkewData{}) }, []string{"plots: skew: no benchmark has a value"}},
		{"sensitivity", func() (Figure, error) {
			return Sensitivity(SensitivityData{Values: []float64{1, none, 1, .5}, Series: make([]SensitivitySeries, 5)})
		}, []string{"plots: sensitivity: values[1] is absent", "plots: sensitivity: values[3] is 0.5, not more than values[2], 1",
			"plots: sensitivity: 5 series, expected 1 to 4", "plots: sensitivity: no series has a value"}},
		{"no values", func() (Figure, error) { return Sensitivity(SensitivityData{}) },
			[]string{"plots: sensitivity: the parameter has no values", "plots: sensitivity: 0 series, expected 1 to 4"}},
		{"crossed interval", func() (Figure, error) {
			return Sensitivity(SensitivityData{Values: ok, Series: []SensitivitySeries{{"a", "", ok, []float64{1, 5, 1}, ok}, {"b", "", ok[:2], nil, nil}}})
		}, []string{"plots: sensitivity: a: low 5 is above high 2 at index 1", "plots: sensitivity: b has 2 values, the parameter has 3 points"}},
		{"exposure", func() (Figure, error) {
			return Exposure(ExposureData{Timeline: three, Value: ok[:2], Steps: []Step{{Value: 1}}})
		}, []string{"plots: exposure: value has 2 values, the timeline has 3 points", "plots: exposure: steps[0] has no name"}},
		{"nothing from start on", func() (Figure, error) {
			return Exposure(ExposureData{Timeline: Timeline{Steps: 3, Start: 1}, Value: []float64{1, none, none}, Steps: []Step{{Name: "a"}}})
		}, []string{"plots: exposure: value has none from start, 1, on"}},
		{"exposure that does not add up", func() (Figure, error) {
			return Exposure(ExposureData{Timeline: three, Value: ok, Steps: []Step{{Name: "a", Value: 1}}})
		}, []string{"plots: exposure: start and steps add up to 2, the end is 3"}},
		{"relative", func() (Figure, error) {
			return Relative(RelativeData{Assets: []AssetFlow{{"", 1, 1}, {"b", inf, 0}}})
		}, []string{"plots: relative: assets[0] has no name", "plots: relative: b flow is +Inf", "plots: relative: b AUM is 0, assets must be more than 0"}},
		{"too many", func() (Figure, error) { return Relative(RelativeData{Assets: many}) }, []string{"plots: relative: 61 rows, expected at most 60"}},
		{"co-movement", func() (Figure, error) {
			return CoMovement(CoMovementData{Timeline: three, A: "a", Runs: []Run{{"one", ok, []float64{1, -2, 3}, nil, []float64{0, 2, 0}}}})
		}, []string{"plots: co-movement: 1 runs, expected 2 or 3", "plots: co-movement: B has no name", "plots: co-movement: one price of B[1] is -2, a price must be more than 0",
			"plots: co-movement: one flow has 0 values, the timeline has 3 points", "plots: co-movement: one correlation[1] is 2, expected −1 to 1"}},
		{"rolling", func() (Figure, error) { return Rolling(RollingData{Timeline: three}) },
			[]string{"plots: rolling: no statistic has a value"}},
		{"correlation of 2", func() (Figure, error) {
			return Rolling(RollingData{Timeline: three, Correlation: Rolled{Value: []float64{0, 2, 0}}})
		}, []string{"plots: rolling: correlation[1] is 2, expected −1 to 1"}},
	} {
		t.Run(c.name, func(t *testing.T) { wantFaults(t, c.build, c.want) })
	}
}

// TestBarsNeverPanic: whatever the data, a chart is drawn or an error is returned.
func TestBarsNeverPanic(t *testing.T) {
	values := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 1, 2, 1e300, -1e99, 5e-324, 1e-99, .5}
	rapid.Check(t, func(t *rapid.T) {
		one := func() float64 { return rapid.SampledFrom(values).Draw(t, "value") }
		if rapid.Bool().Draw(t, "mild") {
			values = []float64{math.NaN(), 0, 1, 1e-99}
		}
		n := rapid.IntRange(0, 4).Draw(t, "n")
		series := func() []float64 { return rapid.SliceOfN(rapid.SampledFrom(values), n, n).Draw(t, "series") }
		text := rapid.SampledFrom([]string{"", "a", "pending"}).Draw(t, "text")
		between := func() Range { return Range{one(), one()} }
		line := Timeline{Steps: n, Start: rapid.IntRange(0, 3).Draw(t, "start")}
		steps := []Step{{text, text, one(), between(), text}, {"b", "", one(), Range{}, ""}}[:min(n, 2)]
		charts := []func() (Figure, error){
			func() (Figure, error) {
				return Breakdown(BreakdownData{Dimensions: []Dimension{{"x", []DimensionFlow{{"a", one(), between(), text}, {"b", one(), Range{}, ""}}[:min(n, 2)]}}})
			},
			func() (Figure, error) {
				return Waterfall(WaterfallData{StartName: text, Start: one(), Steps: steps, End: one()})
			},
			func() (Figure, error) {
				return AUMBridge(AUMBridgeData{Before: one(), After: one(), Flow: one(), FlowRange: between()})
			},
			func() (Figure, error) {
				return Skew(SkewData{Benchmarks: []Benchmark{{"x", Conditional{one(), one(), n}, Conditional{one(), one(), n - 1}}}})
			},
			func() (Figure, error) {
				return Relative(RelativeData{Assets: []AssetFlow{{"a", one(), one()}, {"b", one(), one()}}})
			},
			func() (Figure, error) {
				return Sensitivity(SensitivityData{Values: slices.Sorted(slices.Values(series())), Marks: []Statistic{{"m", one()}}, References: []Statistic{{"r", one()}},
					Series: []SensitivitySeries{{"a", "", series(), series(), series()}}})
			},
			func() (Figure, error) {
				return Exposure(ExposureData{Timeline: line, Value: series(), Steps: steps})
			},
			func() (Figure, error) {
				return CoMovement(CoMovementData{Timeline: line, A: "a", B: "b", Runs: []Run{{"x", series(), series(), series(), series()}, {"y", series(), series(), series(), nil}}})
			},
			func() (Figure, error) {
				return Rolling(RollingData{Timeline: line, Correlation: Rolled{series(), series(), series(), nil}, Beta: Rolled{Value: series()}})
			},
		}
		if fig, err := rapid.SampledFrom(charts).Draw(t, "chart")(); err == nil {
			fig.canvas()
		}
	})
}

// TestBarsImmutable: a figure does not change with the data it was made from.
func TestBarsImmutable(t *testing.T) {
	s, e, m := sensitivityData(), exposureData(), coMovementData()
	b := breakdownData()
	for name, c := range map[string]struct {
		build  func() (Figure, error)
		change func()
	}{
		"sensitivity": {func() (Figure, error) { return Sensitivity(s) }, func() { clear(s.Values); clear(s.Series[0].Outcome); clear(s.Series[0].Low); clear(s.Marks) }},
		"exposure":    {func() (Figure, error) { return Exposure(e) }, func() { clear(e.Value); clear(e.Steps); clear(e.Times) }},
		"co-movement": {func() (Figure, error) { return CoMovement(m) }, func() { clear(m.Runs[0].A); clear(m.Runs[0].Flow); clear(m.Runs) }},
		"breakdown":   {func() (Figure, error) { return Breakdown(b) }, func() { clear(b.Dimensions[0].Flows); clear(b.Dimensions) }},
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
