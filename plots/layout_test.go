package plots

import (
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
