package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// area is the rectangle in which a panel's data are drawn, with its scales.
type area struct {
	draw.Canvas
	theme theme
	x, y  scale
}

func (a area) at(x, y float64) vg.Point {
	return vg.Point{X: a.X(a.x.norm(x)), Y: a.Y(a.y.norm(y))}
}

// snap moves a length to the edge between two dots of the picture.
func (a area) snap(v vg.Length) vg.Length {
	return vg.Length(math.Round(float64(v)*dpi/72)) * 72 / dpi
}

func (a area) style(c color.NRGBA, width float64, dashes []float64) draw.LineStyle {
	s := draw.LineStyle{Color: c, Width: a.theme.pt(width)}
	for _, d := range dashes {
		s.Dashes = append(s.Dashes, a.theme.pt(d))
	}
	return s
}

// mark is something drawn in a panel.
type mark interface {
	bounds() (lo, hi float64) // what the vertical axis must show
	draw(a area)
}

// line joins the values that are present; a lone one is a dot.
type line struct {
	x, y   []float64
	color  color.NRGBA
	width  float64
	dashes []float64
}

func (l line) bounds() (float64, float64) { return reach(l.y) }

func (l line) draw(a area) {
	style := a.style(l.color, l.width, l.dashes)
	for _, r := range runs(l.y) {
		if r[1]-r[0] == 1 {
			a.dot(a.at(l.x[r[0]], l.y[r[0]]), l.color, l.width)
			continue
		}
		points := make([]vg.Point, 0, r[1]-r[0])
		for i := r[0]; i < r[1]; i++ {
			points = append(points, a.at(l.x[i], l.y[i]))
		}
		a.StrokeLines(style, points)
	}
}

func (a area) dot(p vg.Point, c color.NRGBA, radius float64) {
	a.DrawGlyphNoClip(draw.GlyphStyle{Color: c, Radius: a.theme.pt(radius), Shape: draw.CircleGlyph{}}, p)
}

// ribbon fills the space between two series where both are present.
type ribbon struct {
	x, from, to []float64
	color       color.NRGBA
}

func (b ribbon) bounds() (float64, float64) { return reach(b.from, b.to) }

func (b ribbon) draw(a area) {
	for _, r := range runs(b.from, b.to) {
		if r[1]-r[0] == 1 {
			from, to := a.at(b.x[r[0]], b.from[r[0]]), a.at(b.x[r[0]], b.to[r[0]])
			a.StrokeLine2(a.style(b.color, 2*lineWidth, nil), from.X, from.Y, to.X, to.Y)
			continue
		}
		outline := make([]vg.Point, 0, 2*(r[1]-r[0]))
		for i := r[0]; i < r[1]; i++ {
			outline = append(outline, a.at(b.x[i], b.to[i]))
		}
		for i := r[1] - 1; i >= r[0]; i-- {
			outline = append(outline, a.at(b.x[i], b.from[i]))
		}
		a.FillPolygon(b.color, outline)
	}
}

// barShare is how much of the distance between points a bar takes.
const barShare = .8

// bars stand at the points, each from one value to another. They touch where
// they are too narrow for gaps.
type bars struct {
	x, from, to []float64
	width       float64 // in units of x, gap included
	color       func(i int) color.NRGBA
	dense       bool // no gaps, as in a histogram
}

func (b bars) bounds() (float64, float64) { return reach(b.from, b.to) }

func (b bars) draw(a area) {
	full := a.at(b.x[0]+b.width, 0).X - a.at(b.x[0], 0).X
	wide := full * barShare
	if b.dense || full < a.theme.pt(2) {
		wide = max(full, a.theme.pt(.4))
	}
	for i := range b.x {
		if math.IsNaN(b.from[i]) || math.IsNaN(b.to[i]) {
			continue
		}
		p, q := a.at(b.x[i], b.from[i]), a.at(b.x[i], b.to[i])
		a.FillPolygon(b.color(i), rectangle(p.X-wide/2, p.Y, p.X+wide/2, q.Y))
	}
}

func rectangle(x0, y0, x1, y1 vg.Length) []vg.Point {
	return []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}}
}

// level is a horizontal line across the panel.
type level struct {
	y      float64
	color  color.NRGBA
	dashes []float64
}

func (l level) bounds() (float64, float64) { return l.y, l.y }

func (l level) draw(a area) {
	y := a.at(a.x.lo, l.y).Y
	a.StrokeLine2(a.style(l.color, lineWidth, l.dashes), a.Min.X, y, a.Max.X, y)
}
