package plots

import (
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
	"pgregory.net/rapid"
)

// TestSpread: slots keep their order, never overlap, and stay within bounds if
// they fit there.
func TestSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var slots []slot
		var total vg.Length
		for range rapid.IntRange(1, 8).Draw(t, "n") {
			s := slot{vg.Length(rapid.Float64Range(0, 100).Draw(t, "at")), vg.Length(rapid.Float64Range(1, 20).Draw(t, "height"))}
			slots, total = append(slots, s), total+s.height
		}
		slices.SortStableFunc(slots, func(a, b slot) int {
			if a.at < b.at {
				return -1
			}
			return 1
		})
		spread(slots, 0, 100)
		for i, s := range slots {
			if i > 0 && s.at-s.height/2 < slots[i-1].at+slots[i-1].height/2-1e-6 {
				t.Fatalf("slots %d and %d overlap: %v", i-1, i, slots)
			}
			if total <= 100 && (s.at-s.height/2 < -1e-6 || s.at+s.height/2 > 100+1e-6) {
				t.Fatalf("slot %d out of bounds: %v", i, slots)
			}
		}
	})
}

func TestSpreadLeavesFreeSlotsAlone(t *testing.T) {
	slots := []slot{{80, 10}, {20, 10}, {50, 10}, {52, 10}}
	spread(slots, 0, 100)
	for i, want := range []vg.Length{80, 20, 46, 56} {
		if got := slots[i].at; got != want {
			t.Errorf("slot %d at %v, want %v", i, got, want)
		}
	}
}

// TestRows: event labels of one row do not overlap.
func TestRows(t *testing.T) {
	th := FullWidth.theme()
	at := func(x float64) vg.Length { return vg.Length(x) }
	rapid.Check(t, func(t *rapid.T) {
		var marks []vertical
		x := 40.
		for range rapid.IntRange(1, 12).Draw(t, "n") {
			x += rapid.Float64Range(0, 60).Draw(t, "step")
			marks = append(marks, vertical{x: min(x, 440), label: strings.Repeat("m", rapid.IntRange(1, 20).Draw(t, "length"))})
		}
		row, count := rows(th, marks, at, 470)
		for i := range marks {
			if row[i] >= count {
				t.Fatalf("row %d of %d", row[i], count)
			}
			xi, wi := labelSpan(th, marks[i], at, 470)
			for j := range i {
				if xj, wj := labelSpan(th, marks[j], at, 470); row[i] == row[j] && xj < xi+wi && xi < xj+wj {
					t.Fatalf("labels %d and %d overlap in row %d", j, i, row[i])
				}
			}
		}
	})
}

// TestWrap: no line is too wide, and without a limit no letter is lost.
func TestWrap(t *testing.T) {
	style := FullWidth.theme().label
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-zé−]{1,40} ){0,12}[a-z]{1,9}`).Draw(t, "text")
		width := vg.Length(rapid.Float64Range(20, 400).Draw(t, "width"))
		lines := style.wrap(text, width, 0)
		if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(text, " ", ""); got != want {
			t.Fatalf("%q became %q", want, got)
		}
		short := style.wrap(text, width, 2)
		if len(short) > 2 {
			t.Fatalf("%d lines, want at most 2", len(short))
		}
		for _, l := range append(lines, short...) {
			if style.width(l) > width {
				t.Fatalf("%q is %v wide, want at most %v", l, style.width(l), width)
			}
		}
	})
}

// TestDrawable: what the font lacks leaves a box.
func TestDrawable(t *testing.T) {
	face := FullWidth.theme().title.face()
	for text, want := range map[string]string{
		"plain −5\u00a0% — naïve Ελλάδα": "plain −5\u00a0% — naïve Ελλάδα",
		"比特币 falls":       "□□□ falls",
		"👩\u200d👧\ufe0f!": "□□!",
		"a\tb\u2028c":     "a b c",
		"\xff":            "□",
	} {
		if got := drawable(face, text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if i, err := face.Face.GlyphIndex(nil, missing); err != nil || i == 0 {
		t.Errorf("the font has no %c: glyph %d, error %v", missing, i, err)
	}
}

// TestEarlyLabels: a line that ends well before the right edge is labelled inside
// the panel, another beside it.
func TestEarlyLabels(t *testing.T) {
	for end, inside := range map[int]bool{100: false, 97: false, 95: true, 50: true} {
		observed := nan(101)
		for i := range end + 1 {
			observed[i] = 2
		}
		fig, err := Price(PriceData{Timeline: Timeline{Steps: 101}, Price: slices.Repeat([]float64{1}, 101),
			Observed: observed, ObservedName: "replayed"})
		if err != nil {
			t.Fatal(err)
		}
		b := fig.layOut().blocks[0]
		want, other := b.panel.ends, b.panel.inside
		if inside {
			want, other = other, want
		}
		has := func(l endLabel) bool { return l.text == "replayed $2" }
		if !slices.ContainsFunc(want, has) || slices.ContainsFunc(other, has) {
			t.Errorf("a line up to %d of 100: beside %v, inside %v", end, b.panel.ends, b.panel.inside)
		}
	}
}

// TestPlace: labels inside a panel lie in it, cover no line where there is room,
// and do not overlap.
func TestPlace(t *testing.T) {
	a := area{theme: FullWidth.theme(), x: scale{lo: 0, hi: 100}, y: scale{lo: 0, hi: 100}}
	a.Rectangle = vg.Rectangle{Max: vg.Point{X: 400, Y: 200}}
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.Float64Range(10, 90).Draw(t, "height")
		end := rapid.Float64Range(5, 95).Draw(t, "end")
		marks := []mark{line{x: []float64{0, end}, y: []float64{y, y}}, level{y: 100 - y}}
		l := endLabel{x: end, y: y, text: "gone $60k", color: ink}
		first := l.place(a, marks, nil)
		second := l.place(a, marks, []vg.Rectangle{first})
		for _, box := range []vg.Rectangle{first, second} {
			if box.Min.X < 0 || box.Min.Y < 0 || box.Max.X > 400 || box.Max.Y > 200 {
				t.Fatalf("%v is outside the panel", box)
			}
			if crossing(a, box, marks) > 1 {
				t.Fatalf("a line runs through %v", box)
			}
		}
		if covered(second, []vg.Rectangle{first}) > 0 {
			t.Fatalf("%v overlaps %v", second, first)
		}
	})
}

// TestPath: history is thin, the simulation not, and both have the point where
// they meet.
func TestPath(t *testing.T) {
	x := []float64{0, 1, 2, 4, 5}
	for start, want := range map[float64][]int{0: {5}, 2: {3, 3}, 3: {3, 3}, 5: {5}, -1: {5}} {
		var p panel
		p.path(line{x: x, y: x, width: subjectWidth}, start)
		var got []int
		for i, m := range p.marks {
			l := m.(line)
			got = append(got, len(l.x))
			if thin := l.width == thinWidth; thin != (i == 0 && start > 0) {
				t.Errorf("start %v: part %d has the width %v", start, i, l.width)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("start %v: parts of %v points, want %v", start, got, want)
		}
	}
}

// TestLargestHolders: eight are drawn, in their order; a note counts the rest.
func TestLargestHolders(t *testing.T) {
	none := math.NaN()
	d := TreasuriesData{Timeline: Timeline{Steps: 2}, Price: []float64{10, 20}}
	for i := range 10 {
		d.Holders = append(d.Holders, Holder{Name: string(rune('a' + i)), Holdings: []float64{float64(i + 1), none}})
	}
	d.Holders[0] = Holder{Name: "loss", UnrealisedPnL: []float64{none, -1e6}}
	fig, err := Treasuries(d)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range fig.panels[1:] {
		for _, e := range p.ends {
			got = append(got, e.text)
		}
	}
	if want := []string{"loss −$1m", "d 4", "e 5", "f 6", "g 7", "h 8", "i 9", "j 10"}; !slices.Equal(got, want) {
		t.Errorf("holders %q, want %q", got, want)
	}
	if got, want := fig.panels[0].note, "the 8 largest holders, and 2 more that are not drawn"; got != want {
		t.Errorf("note %q, want %q", got, want)
	}
}

// TestSmallContributions: what cannot be seen is in the note, not in the legend.
func TestSmallContributions(t *testing.T) {
	fig, err := Ledger(LedgerData{Timeline: Timeline{Steps: 2}, News: []float64{-.3, -.4},
		Parts: []Part{{"collateral: voluntary", "collateral", []float64{-.002, -.003}}, {"seen", "perps", []float64{-.01, .01}}}})
	if err != nil {
		t.Fatal(err)
	}
	p := fig.panels[0]
	if len(p.keys) != 2 || p.keys[0].text != "news" || p.keys[1].text != "seen" {
		t.Errorf("legend %v, want news and seen", p.keys)
	}
	if want := "too small to see: collateral: voluntary −0.5\u00a0%"; p.note != want {
		t.Errorf("note %q, want %q", p.note, want)
	}
}

// TestSizes: a page has the size that its name promises.
func TestSizes(t *testing.T) {
	for _, c := range []struct {
		name string
		make func() (Figure, error)
		want [2]int // pixels at 240 dots per inch
	}{
		{"full width", func() (Figure, error) { return Price(priceData()) }, [2]int{1606, 850}},
		{"two panels", func() (Figure, error) { return Ledger(ledgerData()) }, [2]int{1606, 1228}},
		{"four panels", func() (Figure, error) { return Treasuries(treasuriesData()) }, [2]int{1606, 1984}},
		{"half a page", func() (Figure, error) { return half(Price(priceData())) }, [2]int{803, 567}},
	} {
		if got := decode(t, render(t, c.make)).Bounds().Size(); [2]int{got.X, got.Y} != c.want {
			t.Errorf("%s: %v pixels, want %v", c.name, got, c.want)
		}
	}
}

// TestAligned: panels share their left and right edges, and heights follow
// weights.
func TestAligned(t *testing.T) {
	fig, err := Treasuries(treasuriesData())
	if err != nil {
		t.Fatal(err)
	}
	p := fig.layOut()
	if len(p.blocks) != 4 {
		t.Fatalf("%d panels, want 4", len(p.blocks))
	}
	for i, b := range p.blocks {
		if got, want := float64(b.plot/p.blocks[1].plot), b.weight/p.blocks[1].weight; got < want-1e-9 || got > want+1e-9 {
			t.Errorf("panel %d has %v times the height of panel 1, want %v", i, got, want)
		}
	}
}

func TestTreasuriesWithoutData(t *testing.T) {
	d := treasuriesData()
	for i := range d.Holders {
		d.Holders[i].HealthFactor, d.Holders[i].Holdings = nil, nan(days)
	}
	fig, err := Treasuries(d)
	if err != nil {
		t.Fatal(err)
	}
	if len(fig.panels) != 2 {
		t.Errorf("%d panels, want price and profit only", len(fig.panels))
	}
}

func TestColorOf(t *testing.T) {
	for kind, want := range map[string]string{
		"price": "1a1a1a", "counterfactual": "0072b2", "redemption": "d55e00", "redemption.response": "d55e00", "perps": "cc79a7",
		"treasury": "e69f00", "collateral": "e69f00", "trend": "56b4e9", "dip_buyers": "009e73", "news": "8c8c8c",
		"inflow": "009e73", "outflow": "d55e00",
	} {
		if got := hex(colorOf(kind)); got != want {
			t.Errorf("%s: #%s, want #%s", kind, got, want)
		}
	}
}

// TestReadable: text of every colour has a contrast of 4.5 on white, by the
// formula of WCAG 2.
func TestReadable(t *testing.T) {
	for _, kind := range []string{"price", "counterfactual", "redemption", "perps", "treasury", "trend", "dip_buyers", "portfolio",
		"carry", "rotation", "macro", "news", "unexplained", "anything"} {
		for i := range 4 {
			if got := contrast(inkOf(shade(colorOf(kind), lineShades, i))); got < 4.5 {
				t.Errorf("%s, shade %d: contrast %.2f", kind, i, got)
			}
		}
	}
}
