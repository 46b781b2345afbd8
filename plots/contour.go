package plots

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// contour is where a map crosses a level.
type contour struct{ segments [][2]vg.Point } // in units of cells

func (c contour) bounds() (float64, float64) { return reach() }

// draw draws a white rim below the line, to be seen on dark cells.
func (c contour) draw(a area) {
	at := func(p vg.Point) vg.Point { return a.at(float64(p.X), float64(p.Y)) }
	rim, style := a.style(rgb(0xffffff), 2.6*lineWidth, nil), a.style(ink, lineWidth, nil)
	for _, s := range c.segments {
		p, q := at(s[0]), at(s[1])
		a.StrokeLine2(rim, p.X, p.Y, q.X, q.Y)
	}
	for _, s := range c.segments {
		p, q := at(s[0]), at(s[1])
		a.StrokeLine2(style, p.X, p.Y, q.X, q.Y)
	}
}

// segments are the contour of a level through values in the middles of cells, by linear
// interpolation along the sides of squares of four of them (marching squares). Squares with
// an absent value have none. In a saddle the mean of the four decides.
func segments(values [][]float64, level float64) [][2]vg.Point {
	var found [][2]vg.Point
	for k := 0; k+1 < len(values); k++ {
		for i := 0; i+1 < len(values[k]); i++ {
			found = append(found, square(i, k, [4]float64{values[k][i], values[k][i+1], values[k+1][i+1], values[k+1][i]}, level)...)
		}
	}
	return found
}

// square finds the contour within four values, counted round from the lower left.
func square(i, k int, v [4]float64, level float64) [][2]vg.Point {
	corners := [4][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}}
	var cuts []vg.Point
	mean := 0.
	for s, here := range v {
		if math.IsNaN(here) {
			return nil
		}
		mean += here / 4
		next := (s + 1) % 4
		if (here < level) == (v[next] < level) {
			continue
		}
		share := (level - here) / (v[next] - here)
		from, to := corners[s], corners[next]
		cuts = append(cuts, vg.Point{
			X: vg.Length(float64(i) + .5 + from[0] + share*(to[0]-from[0])),
			Y: vg.Length(float64(k) + .5 + from[1] + share*(to[1]-from[1])),
		})
	}
	switch {
	case len(cuts) == 2:
		return [][2]vg.Point{{cuts[0], cuts[1]}}
	case len(cuts) == 4 && (mean < level) == (v[0] < level): // the lower left is joined to the upper right
		return [][2]vg.Point{{cuts[0], cuts[1]}, {cuts[2], cuts[3]}}
	case len(cuts) == 4:
		return [][2]vg.Point{{cuts[3], cuts[0]}, {cuts[1], cuts[2]}}
	}
	return nil
}
