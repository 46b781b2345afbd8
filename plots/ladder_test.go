package plots

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

var close9 = cmp.Options{cmpopts.EquateApprox(1e-9, 1e-12), cmpopts.EquateNaNs()}

// hours are consecutive.
func hours(n int) Timeline {
	t := Timeline{Times: make([]time.Time, n)}
	for i := range t.Times {
		t.Times[i] = time.Date(2025, 12, 4, 6+i, 0, 0, 0, time.UTC)
	}
	return t
}

func TestBins(t *testing.T) {
	for _, c := range []struct {
		name  string
		line  Timeline
		bins  int
		per   string
		width float64
		first int // points in the first bin
	}{
		{"days", Timeline{Times: dates(204)}, 204, "per day", 86400, 1},
		{"few hours", hours(400), 400, "per hour", 3600, 1},
		{"half a year of hours", hours(4300), 180, "per day", 86400, 18},        // from 06:00
		{"401 days", Timeline{Times: dates(401)}, 58, "per week", 7 * 86400, 3}, // 1 August 2025 is a Friday
		{"401 steps", Timeline{Steps: 401}, 201, "per 2 steps", 2, 2},
		{"steps from the start on", Timeline{Steps: 5000, Start: 1003}, 251, "per 20 steps", 20, 3},
		{"one", Timeline{Times: dates(1)}, 1, "per step", 1, 1},
	} {
		b := c.line.bins(c.line.axis())
		first := 0
		for _, k := range b.of {
			if k == 0 {
				first++
			}
		}
		if len(b.x) != c.bins || b.per != c.per || b.width != c.width || first != c.first {
			t.Errorf("%s: %d bins %s of %v, %d in the first; want %d %s of %v, %d", c.name, len(b.x), b.per, b.width, first, c.bins, c.per, c.width, c.first)
		}
	}
}

// TestBinsHoldTheirPoints: every point lies in its bin, bins do not overlap, fit
// on the axis and are few, and sums are kept.
func TestBinsHoldTheirPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "points")
		line := Timeline{Steps: n, Start: rapid.IntRange(0, n-1).Draw(t, "start")}
		if rapid.Bool().Draw(t, "dated") {
			line.Times = make([]time.Time, n)
			step := time.Duration(rapid.IntRange(1, 1e6).Draw(t, "seconds")) * time.Second
			for i := range line.Times {
				line.Times[i] = time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC).Add(time.Duration(i) * step)
			}
		}
		x := line.axis()
		b := line.bins(x)
		x.widen(b)
		if len(b.x) > mostBins+2 {
			t.Fatalf("%d bins", len(b.x))
		}
		for i, pos := range x.pos {
			if math.Abs(pos-b.x[b.of[i]]) > b.width/2*(1+1e-9) {
				t.Fatalf("point %d at %v is not in the bin around %v, %v wide", i, pos, b.x[b.of[i]], b.width)
			}
		}
		for k := 1; k < len(b.x); k++ {
			if b.x[k]-b.x[k-1] < b.width*(1-1e-9) {
				t.Fatalf("bins %d and %d overlap", k-1, k)
			}
		}
		if s := x.scale(); b.x[0]-b.width/2 < s.lo-1e-6*b.width || b.x[len(b.x)-1]+b.width/2 > s.hi+1e-6*b.width {
			t.Fatalf("bins from %v to %v, %v wide, are not within %v", b.x[0], b.x[len(b.x)-1], b.width, s)
		}
		sum := 0.
		for _, v := range b.sum(slices.Repeat([]float64{.25}, n)) {
			sum += v
		}
		if sum != .25*float64(n) {
			t.Fatalf("the sum of %d quarters is %v", n, sum)
		}
	})
}

func TestBinSum(t *testing.T) {
	none := math.NaN()
	b := bins{of: []int{0, 0, 1, 1, 2, 2}, x: []float64{0, 2, 8}, width: 2}
	got := b.sum([]float64{1, 2, none, none, none, -4})
	if diff := cmp.Diff([]float64{3, none, -4}, got, close9); diff != "" {
		t.Error(diff)
	}
	x, y := b.steps([]float64{3, 1, -4})
	if diff := cmp.Diff([]float64{-1, -1, 1, 1, 3, 3, 7, 7, 9, 9}, x); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{0, 3, 3, 1, 1, 0, 0, -4, -4, 0}, y); diff != "" {
		t.Error(diff)
	}
	_, y = b.steps(got)
	if diff := cmp.Diff([]float64{0, 3, 3, 0, none, 0, -4, -4, 0}, y, close9); diff != "" {
		t.Error(diff)
	}
}

// TestLadder: the density is USD per 1 % of the logarithm of the price, whatever
// the width of a bucket; rows are averaged, absent ones skipped; the axis leaves
// out at most 1 % at either end.
func TestLadder(t *testing.T) {
	edges := []float64{100, 100 * math.Exp(.01), 100 * math.Exp(.03), 100 * math.Exp(.04)}
	long := [][]float64{{4, 8, 0}, {8, math.NaN(), 0}, nil}
	short := [][]float64{nil, nil, {0, 0, .05}}
	l := newLadder(bins{of: []int{0, 0, 1}, x: []float64{.5, 2}, width: 2}, edges, [2][][]float64{long, short})
	want := [2][][]float64{{{6, 2, 0}, nil}, {nil, {0, 0, .05}}}
	if diff := cmp.Diff(want, l.cells, close9); diff != "" {
		t.Error(diff)
	}
	if l.lo != edges[0] || l.hi != edges[2] {
		t.Errorf("axis from %v to %v, want %v to %v", l.lo, l.hi, edges[0], edges[2])
	}
	if diff := cmp.Diff([]float64{.2, .5, 1, 2, 5}, l.classes); diff != "" {
		t.Error(diff)
	}
	for i, wants := range [][]int{{4, 3, -1}, {-1, -1, -1}} {
		for k, class := range wants {
			c := unknown
			if class >= 0 {
				c = ladderShade(longs, class)
			}
			if got := l.colorAt(i, k); got != c {
				t.Errorf("column %d, bucket %d: %v, want that of class %d, %v", i, k, got, class, c)
			}
		}
	}
}

// TestJoinedBuckets: many fine buckets are joined, and their density stays.
func TestJoinedBuckets(t *testing.T) {
	edges := geometric(10, 1000, 1001)
	row := slices.Repeat([]float64{3}, 1001)
	l := newLadder(bins{of: []int{0}, x: []float64{0}, width: 1}, edges, [2][][]float64{{row}, nil})
	if n := len(l.edges) - 1; n > mostRows+10 || n < mostRows/2 {
		t.Errorf("%d rows, want about %d", n, mostRows)
	}
	if l.edges[0] != edges[0] || l.edges[len(l.edges)-1] != edges[1001] {
		t.Errorf("joined edges run from %v to %v", l.edges[0], l.edges[len(l.edges)-1])
	}
	for k, v := range l.cells[longs][0] {
		if want := 3 / (100 * math.Log(100) / 1001); math.Abs(v-want) > 1e-9*want {
			t.Errorf("density %v in row %d, want %v", v, k, want)
		}
	}
}

func TestRoundValues(t *testing.T) {
	for top, want := range map[float64][]float64{
		340e6: {1e7, 2e7, 5e7, 1e8, 2e8}, 5: {.2, .5, 1, 2, 5}, .99: {.02, .05, .1, .2, .5},
		1e-318: {1e-319, 2e-319, 5e-319, 1e-318}, // smaller ones are not exact
	} {
		if diff := cmp.Diff(want, roundValues(top, 5)); diff != "" {
			t.Errorf("%v: %s", top, diff)
		}
	}
}

// TestShadesInGrey: without colours, every class is darker than the one before,
// by enough to be seen, and lights that are on are darker than those that are off.
func TestShadesInGrey(t *testing.T) {
	for side := range sides {
		for class := 1; class < shadeCount; class++ {
			lighter, darker := contrast(ladderShade(side, class-1)), contrast(ladderShade(side, class))
			if darker < 1.25*lighter {
				t.Errorf("%s, class %d: contrast to white %.2f after %.2f", sides[side].name, class, darker, lighter)
			}
		}
	}
	if on, off := contrast(onColor), contrast(offColor); on < 1.5*off {
		t.Errorf("contrast to white: on %.2f, off %.2f", on, off)
	}
}

// TestPairedKeys: the patches of a pair stand in one row, whatever the width.
func TestPairedKeys(t *testing.T) {
	l := ladder{classes: []float64{1e6, 1e7, 1e8}, cells: [2][][]float64{{{1}}, {{1}}}}
	p := panel{keys: l.keys()}
	for width := 100.; width < 500; width += 7 {
		_, legend := p.headLines(FullWidth.theme(), FullWidth.theme().pt(width))
		for _, row := range legend {
			if row[len(row)-1].text == "" {
				t.Errorf("at a width of %v a row ends with half a pair", width)
			}
		}
	}
}

// TestTotals: what is compared is counted at the same points.
func TestTotals(t *testing.T) {
	none := math.NaN()
	got := totals([2][]float64{{1e6, 2e6, 4e6}, {1, 2, none}}, [2][]float64{{none, 3e6, 5e6}, nil}, "reported")
	if want := "in all, where both are known: longs $6m (reported $8m), shorts $3"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
