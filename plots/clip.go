package plots

import (
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// clip passes on to a canvas what lies in a rectangle: of lines and areas the part
// that does, of dots those whose middle does, of texts those that begin there.
type clip struct {
	vg.Canvas
	in draw.Canvas // of the rectangle
}

// clipped is the area when nothing may be drawn outside it.
func (a area) clipped() area {
	a.Canvas = draw.Canvas{Canvas: clip{a.Canvas.Canvas, a.Canvas}, Rectangle: a.Rectangle}
	return a
}

// round tells whether a path is a dot.
func round(path vg.Path) bool { return len(path) > 1 && path[1].Type == vg.ArcComp }

func (c clip) Stroke(path vg.Path) {
	if round(path) {
		if c.holds(path[1].Pos) {
			c.Canvas.Stroke(path)
		}
		return
	}
	for _, points := range c.in.ClipLinesXY(corners(path)) {
		c.Canvas.Stroke(through(points))
	}
}

func (c clip) Fill(path vg.Path) {
	if round(path) {
		if c.holds(path[1].Pos) {
			c.Canvas.Fill(path)
		}
		return
	}
	if points := c.in.ClipPolygonXY(corners(path)); len(points) > 2 {
		closed := through(points)
		closed.Close()
		c.Canvas.Fill(closed)
	}
}

func (c clip) FillString(face font.Face, at vg.Point, text string) {
	if c.holds(at) {
		c.Canvas.FillString(face, at, text)
	}
}

func (c clip) holds(p vg.Point) bool { return c.in.Contains(p) }

// corners are the points of a path of straight lines; a closed one ends where it
// began.
func corners(path vg.Path) []vg.Point {
	var points []vg.Point
	for _, part := range path {
		if part.Type == vg.CloseComp {
			points = append(points, points[0])
			continue
		}
		points = append(points, part.Pos)
	}
	return points
}

// through is the path through points.
func through(points []vg.Point) vg.Path {
	var path vg.Path
	for i, p := range points {
		if i == 0 {
			path.Move(p)
			continue
		}
		path.Line(p)
	}
	return path
}
