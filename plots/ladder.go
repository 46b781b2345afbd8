package plots

import (
	"image/color"
	"math"
	"slices"
	"sort"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// ladder is open interest by time and by the price at which it would be
// liquidated, as shades of two colours. It is a density over the logarithm of the
// price, USD per 1 % of price: how much a move of 1 % there would liquidate. That
// does not depend on how fine the buckets are.
type ladder struct {
	x       []float64 // middle of every column
	width   float64
	edges   []float64      // USD: bucket k reaches from edges[k] to edges[k+1]
	cells   [2][][]float64 // longs and shorts, density by column and bucket; nil is absent
	classes []float64      // ascending: the least density of each shade
	lo, hi  float64        // USD: where the mass is
}

// The two sides of open interest.
const (
	longs  = 0
	shorts = 1
)

// sides are their names, what their liquidation is, and which way it points.
var sides = [2]struct {
	name, liquidation string
	color             color.NRGBA
	sign              float64
}{
	longs:  {"longs", "longs, sold", purple, -1},
	shorts: {"shorts", "shorts, bought back", moss, 1},
}

const (
	mostRows   = 200 // finer buckets than that are joined
	shadeCount = 5
	cropped    = .01 // share of the open interest that may lie beyond the axis at either end
)

// ladderShade is the colour of a class: the greater, the darker, also in print
// without colours.
func ladderShade(side, class int) color.NRGBA {
	return shade(sides[side].color, []float64{-.78, -.52, -.16, .22, .52}, class)
}

func (l ladder) bounds() (float64, float64) { return l.lo, l.hi }

// draw fills the cells of every column, joining those of one shade. Edges lie on
// dots of the picture: neighbours leave no seam.
func (l ladder) draw(a area) {
	rows := make([]vg.Length, len(l.edges))
	for k, e := range l.edges {
		rows[k] = a.snap(max(a.Min.Y, min(a.at(a.x.lo, e).Y, a.Max.Y)))
	}
	for i, x := range l.x {
		left, right := a.snap(a.at(x-l.width/2, a.y.lo).X), a.snap(a.at(x+l.width/2, a.y.lo).X)
		for k := 0; k < len(rows)-1; {
			from, c := k, l.colorAt(i, k)
			for k++; k < len(rows)-1 && l.colorAt(i, k) == c; k++ {
			}
			if c.A > 0 && rows[k] > rows[from] {
				a.FillPolygon(c, rectangle(left, rows[from], right, rows[k]))
			}
		}
	}
}

// colorAt is the shade of the greater side of a cell, transparent if both are
// below the first class.
func (l ladder) colorAt(i, k int) color.NRGBA {
	side, most := longs, l.density(longs, i, k)
	if short := l.density(shorts, i, k); short > most {
		side, most = shorts, short
	}
	class, on := slices.BinarySearch(l.classes, most)
	if !on {
		class--
	}
	if class < 0 {
		return color.NRGBA{}
	}
	return ladderShade(side, class)
}

func (l ladder) density(side, i, k int) float64 {
	if l.cells[side] == nil || l.cells[side][i] == nil {
		return 0
	}
	return l.cells[side][i][k]
}

// newLadder averages the rows of each bin and joins buckets until few enough lie
// where the mass is.
func newLadder(b bins, edges []float64, amounts [2][][]float64) ladder {
	l := ladder{x: b.x, width: b.width, edges: edges}
	for side, rows := range amounts {
		l.cells[side] = b.average(rows, len(edges)-1)
	}
	first, last := l.core()
	join := (last - first + mostRows - 1) / mostRows
	l.coarsen(max(1, join))
	if first, last = l.core(); first < last {
		l.lo, l.hi = l.edges[first], l.edges[last]
	} else {
		l.lo, l.hi = reach()
	}
	l.toDensity()
	l.classes = classes(l.cells[:], shadeCount)
	return l
}

// average is the mean row of every bin over its points that have one; what is
// absent in a row counts as nothing.
func (b bins) average(rows [][]float64, buckets int) [][]float64 {
	if rows == nil {
		return nil
	}
	mean, count := make([][]float64, len(b.x)), make([]float64, len(b.x))
	for i, row := range rows {
		if row == nil {
			continue
		}
		k := b.of[i]
		if mean[k] == nil {
			mean[k] = make([]float64, buckets)
		}
		count[k]++
		for j, v := range row {
			if !math.IsNaN(v) {
				mean[k][j] += (v - mean[k][j]) / count[k]
			} else {
				mean[k][j] -= mean[k][j] / count[k]
			}
		}
	}
	return mean
}

// core is the range [first, last) of buckets without the outermost cropped share
// of the mass at either end; empty if there is none.
func (l ladder) core() (first, last int) {
	mass, total := make([]float64, len(l.edges)-1), 0.
	for _, cells := range l.cells {
		for _, row := range cells {
			for k, v := range row {
				mass[k] += v
				total += v
			}
		}
	}
	if total == 0 {
		return 0, 0
	}
	last = len(mass)
	for sum := mass[0]; sum <= cropped*total; sum += mass[first] {
		first++
	}
	for sum := mass[last-1]; sum <= cropped*total; sum += mass[last-1] {
		last--
	}
	return first, last
}

// coarsen joins every n buckets; the last may hold fewer.
func (l *ladder) coarsen(n int) {
	var edges []float64
	for k := 0; k < len(l.edges)-1; k += n {
		edges = append(edges, l.edges[k])
	}
	l.edges = append(edges, l.edges[len(l.edges)-1])
	for _, cells := range l.cells {
		for i, row := range cells {
			if row == nil {
				continue
			}
			joined := make([]float64, len(l.edges)-1)
			for k, v := range row {
				joined[k/n] += v
			}
			cells[i] = joined
		}
	}
}

func (l ladder) toDensity() {
	for _, cells := range l.cells {
		for _, row := range cells {
			for k := range row {
				row[k] /= 100 * math.Log(l.edges[k+1]/l.edges[k])
			}
		}
	}
}

// classes are n values of 1, 2 and 5 times powers of ten up to what one cell in a
// hundred reaches: a few extremes do not wash out the rest.
func classes(sides [][][]float64, n int) []float64 {
	var present []float64
	for _, cells := range sides {
		for _, row := range cells {
			for _, v := range row {
				if v > 0 {
					present = append(present, v)
				}
			}
		}
	}
	if len(present) == 0 {
		return nil
	}
	slices.Sort(present)
	return roundValues(present[len(present)*99/100], n)
}

// roundValues are the n largest of 1, 2 and 5 times powers of ten up to top,
// ascending; fewer near the smallest floats.
func roundValues(top float64, n int) []float64 {
	var found []float64
	for e := int(math.Floor(math.Log10(top))); len(found) < n && e > -320; e-- {
		for _, m := range []string{"5", "2", "1"} {
			v, err := strconv.ParseFloat(m+"e"+strconv.Itoa(e), 64)
			if err == nil && v <= top*(1+1e-9) && len(found) < n {
				found = append(found, v)
			}
		}
	}
	slices.Reverse(found)
	return found
}

// keys are the shades of the sides there are, in pairs.
func (l ladder) keys() []key {
	var keys []key
	for class, least := range l.classes {
		text := "from " + USD.short(least)
		for side, cells := range l.cells {
			if cells != nil {
				keys = append(keys, key{"", ladderShade(side, class), false, nil})
			}
		}
		keys[len(keys)-1].text = text
	}
	return keys
}

// note says what the two colours are, and what is too little for the first.
func (l ladder) note() string {
	if l.classes == nil {
		return "there is no open interest"
	}
	what := "longs below the price, shorts above it"
	switch {
	case l.cells[shorts] == nil:
		what = "longs only"
	case l.cells[longs] == nil:
		what = "shorts only"
	}
	return what + "; white: less than " + USD.short(l.classes[0])
}

// sideLabel names a side where its open interest last stood, with its sum.
func sideLabel(side int, x, edges []float64, amounts [][]float64) []endLabel {
	for i := len(amounts) - 1; i >= 0; i-- {
		sum, center := 0., 0.
		for k, v := range amounts[i] {
			if v > 0 {
				sum += v
				center += v * (math.Log(edges[k]) + math.Log(edges[k+1])) / 2
			}
		}
		if sum > 0 {
			return []endLabel{{x[i], math.Exp(center / sum), sides[side].name + " " + USD.short(sum), sides[side].color, false, nil, func(until float64) []endLabel {
				n := sort.Search(len(x), func(i int) bool { return x[i] > until })
				return sideLabel(side, x[:n], edges, amounts[:n])
			}}}
		}
	}
	return nil
}
