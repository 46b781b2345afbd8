package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawCategories draws the grid, then bars and whiskers, then the texts.
func (b block) drawCategories(a area) {
	grid := a.style(gridLine, hairWidth, nil)
	for _, tick := range b.xTicks {
		x := a.X(a.x.norm(tick.Value))
		a.StrokeLine2(grid, x, a.Min.Y, x, a.Max.Y)
	}
	for i, c := range b.categories {
		c.draw(a, float64(i)+c.shift)
	}
	if a.x.lo < 0 && a.x.hi > 0 {
		x := a.X(a.x.norm(0))
		a.StrokeLine2(a.style(zeroGrey, hairWidth, nil), x, a.Min.Y, x, a.Max.Y)
	}
	for _, v := range b.rules {
		x := a.X(a.x.norm(v))
		a.StrokeLine2(a.style(ink, thinWidth, nil), x, a.Min.Y, x, a.Max.Y)
	}
	for i, c := range b.categories {
		c.write(a, float64(i)+c.shift, b.names[i])
	}
}

// thick is half the thickness of a bar.
func (a area) thick() vg.Length {
	return min(.32*(a.at(0, 0).Y-a.at(0, -1).Y), a.theme.pt(8))
}

// draw draws the value and its range in a row counted from the top.
func (c category) draw(a area, row float64) {
	if c.under != nil {
		c.under.draw(a, row)
	}
	p, q, half := a.at(c.from, -row), a.at(c.to, -row), a.thick()
	if c.linked {
		a.StrokeLine2(a.style(zeroGrey, hairWidth, nil), q.X, q.Y-half, q.X, a.at(0, -row-1).Y+half)
	}
	switch {
	case c.shape == stroke:
		a.StrokeLine2(a.style(c.color, 2*subjectWidth, nil), q.X, q.Y-half, q.X, q.Y+half)
	case c.from < c.to || c.from > c.to:
		from, to := min(p.X, q.X), max(p.X, q.X)
		if thin := a.theme.pt(thinWidth); to-from < thin {
			from, to = (from+to-thin)/2, (from+to+thin)/2 // still to be seen
		}
		a.bar(vg.Rectangle{Min: vg.Point{X: from, Y: p.Y - half}, Max: vg.Point{X: to, Y: p.Y + half}}, c.color, c.shape)
	}
	c.whisker(a, p.Y)
	if c.pointed() && !math.IsNaN(c.to) {
		a.dot(q, c.color, dotRadius)
		if c.shape == ring {
			a.dot(q, rgb(0xffffff), 2)
		}
	}
}

// pointed tells whether the value is a point.
func (c category) pointed() bool { return c.shape == dot || c.shape == ring }

// bar fills a rectangle, or fills it lightly with an outline and perhaps hatching.
func (a area) bar(r vg.Rectangle, c color.NRGBA, shape shapeOf) {
	outline := rectangle(r.Min.X, r.Min.Y, r.Max.X, r.Max.Y)
	if shape == solidBar {
		a.FillPolygon(c, outline)
		return
	}
	style := a.style(c, thinWidth, nil)
	a.FillPolygon(tint(c, .85), outline)
	a.StrokeLines(style, append(outline, outline[0]))
	if shape != hatchedBar {
		return
	}
	high := r.Max.Y - r.Min.Y
	for x := r.Min.X - high; x < r.Max.X; x += a.theme.pt(4) { // each line rises at 45 degrees
		from, to := max(x, r.Min.X), min(x+high, r.Max.X)
		a.StrokeLine2(style, from, r.Min.Y+from-x, to, r.Min.Y+to-x)
	}
}

// whisker draws the range as a line with caps on a white rim, unless it is too
// short for them.
func (c category) whisker(a area, y vg.Length) {
	low, high, end := a.at(c.low, 0).X, a.at(c.high, 0).X, .5*a.thick()
	if !(high-low > a.theme.pt(5)) {
		return
	}
	for _, style := range []draw.LineStyle{a.style(rgb(0xffffff), 2.6, nil), a.style(ink, lineWidth, nil)} {
		a.StrokeLine2(style, low, y, high, y)
		a.StrokeLine2(style, low, y-end, low, y+end)
		a.StrokeLine2(style, high, y-end, high, y+end)
	}
}

// write sets name, value and remark of a row.
func (c category) write(a area, row float64, name []string) {
	t, style := a.theme, c.style(a.theme)
	y := a.at(a.x.lo, -row).Y
	style.writeDown(a, a.Min.X-t.pt(tickGap), y+style.above(name), right, name)
	remark := c.remarkLines(t)
	t.foot.writeDown(a, a.Max.X+t.pt(endGap), y+t.foot.above(remark), left, remark)
	lo, hi := c.reach()
	x, side := a.X(a.x.norm(hi))+c.gap(t), left
	if c.before {
		x, side = a.X(a.x.norm(lo))-c.gap(t), right
	}
	text := []string{c.text}
	style.halo(a, x, y+style.above(text), side, text)
}

// above is how far the top of lines lies above the point they are centred on.
func (s textStyle) above(lines []string) vg.Length {
	return (s.height(lines)-s.leading())/2 + .95*s.font.Size - s.middle()
}
