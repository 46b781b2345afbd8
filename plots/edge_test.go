package plots

import (
	"bytes"
	"image"
	"maps"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// shape is a series of n points for the tests of every chart.
type shape struct {
	name   string
	n      int
	value  func(i int) float64
	signed bool // not a price
	half   bool // drawn at half a page too
}

var shapes = []shape{
	{"one point", 1, func(int) float64 { return 5 }, false, false},
	{"two points", 2, func(i int) float64 { return 5 + float64(i) }, false, false},
	{"five points", 5, func(i int) float64 { return 100 + 9*math.Sin(float64(i)) }, false, true},
	{"5,000 points", 5000, func(i int) float64 { return 1e5 * math.Exp(math.Sin(float64(i)/300)+.02*math.Sin(float64(i*i))) }, false, true},
	{"negative", 30, func(i int) float64 { return -3 - float64(i%7) }, true, false},
	{"signs change", 30, func(i int) float64 { return 2e8 * math.Cos(float64(i)) }, true, true},
	{"huge", 30, func(i int) float64 { return 1e98 * (1 + float64(i)) }, false, false},
	{"tiny", 30, func(i int) float64 { return 1e-12 * (1 + float64(i)) }, false, false},
	{"subnormal", 30, func(i int) float64 { return 5e-324 * (1 + float64(i)) }, false, false},
	{"flat", 30, func(int) float64 { return 84000 }, false, false},
	{"zero", 30, func(int) float64 { return 0 }, true, false},
	{"nearly flat", 30, func(i int) float64 { return 84000 + 1e-9*float64(i) }, false, false},
	{"wide", 30, func(i int) float64 { return math.Pow(10, float64(i-15)) }, false, true},
	{"gaps", 30, func(i int) float64 {
		if i%3 == 1 || i < 4 || i > 26 {
			return math.NaN()
		}
		return 50 + float64(i)
	}, false, false},
}

func (s shape) values(factor float64) []float64 {
	v := make([]float64, s.n)
	for i := range v {
		v[i] = factor * s.value(i)
	}
	return v
}

// figures builds every chart that can show the shape, with all series of it and
// ending at equal or nearly equal values.
func (s shape) figures(size Size) map[string]func() (Figure, error) {
	f := Frame{Title: "A title that says what is seen", Subtitle: "USD", Source: "a test", Scenario: "edge", Hash: "0123456789abcdef",
		Status: "reconstructed, not market data", Size: size}
	line := Timeline{Times: dates(s.n), Start: s.n / 3}
	events := []Event{{At: 0, Label: "first", Until: s.n - 1}, {At: s.n / 2, Label: "in the middle"}, {At: s.n / 2, Label: "the same day"}, {At: s.n - 1, Label: "on the very last day"}}
	v, w, none := s.values(1), s.values(.9999), nan(s.n)
	if s.signed {
		v, w = s.values(1), s.values(1)
	}
	charts := map[string]func() (Figure, error){
		"flows": func() (Figure, error) { return Flows(FlowsData{Frame: f, Timeline: line, Events: events, Flow: v}) },
		"fan": func() (Figure, error) {
			return Fan(FanData{Frame: f, Timeline: line, Events: events, Unit: USD, History: none,
				Bands: []Band{{"5–95 %", v, v}, {"absent", none, none}}, Median: v, Counterfactual: w, Observed: v})
		},
		"waves": func() (Figure, error) { return Waves(WavesData{Frame: f, Move: v, Limit: -.04}) },
		"distribution": func() (Figure, error) {
			return Distribution(DistributionData{Frame: f, Outcomes: v, Counterfactual: w, Marks: []Statistic{{"median", .1}, {"absent", math.NaN()}}})
		},
		"response": func() (Figure, error) {
			return Response(ResponseData{Frame: f, Timeline: Timeline{Steps: s.n, Caption: "steps"}, With: v, Without: w, Shock: none})
		},
	}
	maps.Copy(charts, s.systems(f, line, events))
	if s.name != "gaps" {
		charts["ledger"] = func() (Figure, error) {
			return Ledger(LedgerData{Frame: f, Timeline: line, Events: events, News: v, Unexplained: none,
				Parts: []Part{{"", "redemption.flow", w}, {"response", "redemption.response", w}, {"", "perps", none}, {"", "unheard-of", s.values(-1)}}})
		}
	}
	if s.signed {
		return charts
	}
	charts["price"] = func() (Figure, error) {
		return Price(PriceData{Frame: f, Timeline: line, Events: events, Price: v, Counterfactual: w, Observed: v})
	}
	charts["price on a log axis"] = func() (Figure, error) {
		return Price(PriceData{Frame: f, Timeline: line, Price: v, Counterfactual: none, Observed: v, Log: true})
	}
	if s.n > 1 {
		charts["drawdown"] = func() (Figure, error) {
			return Drawdown(DrawdownData{Frame: f, Timeline: line, Events: events, Price: v})
		}
	}
	charts["treasuries"] = func() (Figure, error) {
		return Treasuries(TreasuriesData{Frame: f, Timeline: line, Events: events, Price: v, TargetHealth: 1.2, Holders: []Holder{
			{Name: "A holder", AverageCost: v, LiquidationPrice: w, UnrealisedPnL: s.values(-1), HealthFactor: none, Holdings: v},
			{Name: "another", AverageCost: v, UnrealisedPnL: v, HealthFactor: v, Holdings: w}}})
	}
	return charts
}

// TestEdges draws every chart from every shape and checks that no ink comes near
// the edge of the page: nothing is cut.
func TestEdges(t *testing.T) {
	for _, s := range shapes {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			sizes := []Size{FullWidth}
			if s.half {
				sizes = append(sizes, HalfPage)
			}
			for _, size := range sizes {
				for name, build := range s.figures(size) {
					fig, err := build()
					if err != nil {
						t.Fatal(err)
					}
					img := fig.canvas().Image()
					if at, ok := inkOnEdge(img, 8); ok {
						t.Errorf("%s, size %d: ink at %v of %v", name, size, at, img.Bounds().Size())
					}
				}
			}
		})
	}
}

// inkOnEdge finds a pixel that is not white within a frame around a picture.
func inkOnEdge(img image.Image, wide int) (image.Point, bool) {
	b := img.Bounds()
	for _, side := range []image.Rectangle{
		{b.Min, image.Pt(b.Max.X, b.Min.Y+wide)}, {image.Pt(b.Min.X, b.Max.Y-wide), b.Max},
		{b.Min, image.Pt(b.Min.X+wide, b.Max.Y)}, {image.Pt(b.Max.X-wide, b.Min.Y), b.Max},
	} {
		for y := side.Min.Y; y < side.Max.Y; y++ {
			for x := side.Min.X; x < side.Max.X; x++ {
				if r, g, b, _ := img.At(x, y).RGBA(); r+g+b < 3*0xffff {
					return image.Pt(x, y), true
				}
			}
		}
	}
	return image.Point{}, false
}

// TestLongTexts: whatever the texts, nothing is cut and the status is whole.
func TestLongTexts(t *testing.T) {
	long := strings.Repeat("a long text that has to be wrapped ", 12)
	word := strings.Repeat("unbreakable", 40)
	for _, text := range []string{long, word} {
		for _, size := range []Size{FullWidth, HalfPage} {
			d := priceData()
			d.Frame = Frame{text, text, text, text, "", "0123456789abcdef", text, size}
			d.Name, d.Without = text, text
			for i := range 12 {
				d.Events = append(d.Events, Event{At: i * 17, Label: text})
			}
			fig, err := Price(d)
			if err != nil {
				t.Fatal(err)
			}
			img := decode(t, render(t, func() (Figure, error) { return fig, nil }))
			if at, ok := inkOnEdge(img, 8); ok {
				t.Errorf("size %d, %.20q: ink at %v of %v", size, text, at, img.Bounds().Size())
			}
			p := fig.layOut()
			shown := strings.ReplaceAll(strings.Join(p.status, ""), " ", "")
			if want := strings.ReplaceAll(upperFirst(text), " ", ""); shown != want {
				t.Errorf("size %d: status %q, want %q", size, shown, want)
			}
			if last := p.rest[len(p.rest)-1]; !strings.HasSuffix(last, "(0123456789ab)") {
				t.Errorf("size %d: the last line of the footer is %q, want the hash at its end", size, last)
			}
		}
	}
}

// TestGap: an absent stretch is white, not a line at zero or a bridge.
func TestGap(t *testing.T) {
	v := make([]float64, 101)
	for i := range v {
		v[i] = 1
		if i > 30 && i < 70 {
			v[i] = math.NaN()
		}
	}
	l := line{x: Timeline{Steps: 101}.axis().pos, y: v, color: ink, width: 1}
	if lo, hi := l.bounds(); lo != 1 || hi != 1 {
		t.Errorf("bounds %v to %v, want 1 to 1", lo, hi)
	}
	fig, err := Response(ResponseData{Timeline: Timeline{Steps: 101}, With: v})
	if err != nil {
		t.Fatal(err)
	}
	p := fig.layOut()
	img := decode(t, render(t, func() (Figure, error) { return fig, nil }))
	column := func(at float64) int {
		x, dark := int(p.at(at)*dpi/72), 0
		for y := range img.Bounds().Dy() {
			if r, _, b, _ := img.At(x, y).RGBA(); r > 0xb000 && b < 0x4000 { // vermilion
				dark++
			}
		}
		return dark
	}
	for at, want := range map[float64]bool{10: true, 50: false, 90: true} {
		if got := column(at) > 0; got != want {
			t.Errorf("a line at step %v: %v, want %v", at, got, want)
		}
	}
}

// TestImmutable: a figure does not change with the data it was made from.
func TestImmutable(t *testing.T) {
	d := fanData()
	fig, err := Fan(d)
	if err != nil {
		t.Fatal(err)
	}
	before := render(t, func() (Figure, error) { return fig, nil })
	for _, s := range [][]float64{d.History, d.Median, d.Counterfactual, d.Observed, d.Bands[0].Low, d.Bands[0].High} {
		for i := range s {
			s[i] = 1
		}
	}
	d.Events[0] = Event{At: 3, Label: "moved"}
	for i := range d.Times {
		d.Times[i] = d.Times[0]
	}
	if after := render(t, func() (Figure, error) { return fig, nil }); !bytes.Equal(before, after) {
		t.Error("the picture changed with the data")
	}
}

// TestNeverPanics: whatever the data, a chart is drawn or an error is returned.
func TestNeverPanics(t *testing.T) {
	values := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1, 1, 2, 1e300, -1e99, 5e-324, 1e-99}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(t, "points")
		bad := rapid.IntRange(0, 9).Draw(t, "bad")
		line := Timeline{Steps: n, Start: rapid.IntRange(0, n-1).Draw(t, "start")}
		allowed, least, most := []float64{1, 2, 1e-99, math.NaN()}, n, n
		switch bad { // the other half of the cases can be drawn
		case 0:
			allowed = values
		case 1:
			least, most = 0, 5
		case 2:
			line.Steps, line.Start = rapid.IntRange(-1, 5).Draw(t, "steps"), rapid.IntRange(-1, 5).Draw(t, "any start")
		case 3, 4:
			allowed = append(allowed, 0, -1, -1e99)
		}
		series := func() []float64 {
			return rapid.SliceOfN(rapid.SampledFrom(allowed), least, most).Draw(t, "series")
		}
		if rapid.Bool().Draw(t, "dated") {
			line.Times = dates(n)
		}
		f := Frame{Size: HalfPage}
		holder := Holder{Name: "A", AverageCost: series(), LiquidationPrice: series(), UnrealisedPnL: series(), HealthFactor: series(), Holdings: series()}
		charts := []func() (Figure, error){
			func() (Figure, error) {
				return Price(PriceData{Frame: f, Timeline: line, Price: series(), Counterfactual: series(), Observed: series(), Log: bad == 9})
			},
			func() (Figure, error) { return Flows(FlowsData{Frame: f, Timeline: line, Flow: series()}) },
			func() (Figure, error) {
				return Ledger(LedgerData{Frame: f, Timeline: line, Price: series(), News: series(), Parts: []Part{{"", "perps", series()}}})
			},
			func() (Figure, error) {
				return Fan(FanData{Frame: f, Timeline: line, Bands: []Band{{"", series(), series()}}, Median: series(), Log: bad == 9})
			},
			func() (Figure, error) { return Drawdown(DrawdownData{Frame: f, Timeline: line, Price: series()}) },
			func() (Figure, error) {
				return Treasuries(TreasuriesData{Frame: f, Timeline: line, Price: series(), Holders: []Holder{holder}})
			},
			func() (Figure, error) { return Waves(WavesData{Frame: f, Move: series(), Limit: -1}) },
			func() (Figure, error) {
				return Distribution(DistributionData{Frame: f, Outcomes: series(), Counterfactual: series(), Marks: []Statistic{{"x", values[bad]}}})
			},
			func() (Figure, error) {
				return Response(ResponseData{Frame: f, Timeline: line, With: series(), Without: series()})
			},
			func() (Figure, error) {
				ladder := [][]float64{series(), nil, series()}
				return Liquidations(LiquidationsData{Frame: f, Timeline: line, Price: series(), Edges: series(), LongLadder: ladder, ShortLadder: ladder[:min(n, 3)],
					Longs: series(), Shorts: series(), ObservedLongs: series(), OpenInterest: series()})
			},
			func() (Figure, error) {
				return Lights(LightsData{Frame: f, Timeline: line, Price: series(), Recovery: []ProbabilityRun{{Values: series(), Low: series(), High: series()}},
					Lights: []Light{{On: series()}, {On: nan(n), Value: series(), Threshold: values[bad]}, {On: series(), Rule: "a rule"}}})
			},
			func() (Figure, error) {
				return Split(SplitData{Frame: f, Timeline: line, Discretionary: series(), Arbitrage: series(), Basis: series(), Hurdle: series()})
			},
			func() (Figure, error) {
				group := PathGroup{Share: .4, Median: series(), Bands: []Band{{"", series(), series()}}}
				return Reclaim(ReclaimData{Frame: f, Timeline: line, Level: values[bad], History: series(), Reclaimed: group, Not: group, Observed: series(), Log: bad == 9})
			},
			func() (Figure, error) {
				return Probability(ProbabilityData{Frame: f, Timeline: line, Runs: []ProbabilityRun{{Values: series(), High: series()}, {Values: series()}}})
			},
			func() (Figure, error) {
				return Levels(LevelsData{Frame: f, Timeline: line, Panels: []LevelPanel{{Series: []LevelSeries{{Values: series()}, {Values: series(), Observed: true}},
					Thresholds: []Threshold{{"", values[bad]}}}}})
			},
		}
		if fig, err := rapid.SampledFrom(charts).Draw(t, "chart")(); err == nil {
			fig.canvas()
		}
	})
}
