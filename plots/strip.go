package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// strip shows a light over time: filled where it is on, light grey where it is
// off, hatched where that is not known.
type strip struct {
	borders  []float64 // of the points: one more than there are points
	on       []float64 // 1 on, 0 off, NaN unknown
	from, to float64   // infinite: the edges of the panel
}

var (
	onColor  = tint(green, .36)
	offColor = rgb(0xe8e8e8)
	unknown  = color.NRGBA{} // hatched
)

func (s strip) bounds() (float64, float64) {
	if math.IsInf(s.from, 0) || math.IsInf(s.to, 0) {
		return reach()
	}
	return s.from, s.to
}

func (s strip) draw(a area) {
	low, high := a.Min.Y, a.Max.Y
	if !math.IsInf(s.from, 0) {
		low = a.at(a.x.lo, s.from).Y
	}
	if !math.IsInf(s.to, 0) {
		high = a.at(a.x.lo, s.to).Y
	}
	low, high = a.snap(low), a.snap(high)
	for i := 0; i < len(s.on); {
		from := i
		for i++; i < len(s.on) && same(s.on[i], s.on[from]); i++ {
		}
		left, right := a.snap(a.at(s.borders[from], a.y.lo).X), a.snap(a.at(s.borders[i], a.y.lo).X)
		switch s.on[from] {
		case 1:
			a.FillPolygon(onColor, rectangle(left, low, right, high))
		case 0:
			a.FillPolygon(offColor, rectangle(left, low, right, high))
		default:
			hatch(a.Canvas, a.theme, vg.Point{X: left, Y: low}, vg.Point{X: right, Y: high})
		}
	}
}

// same also holds for two values that are absent.
func same(a, b float64) bool { return a == b || a != a && b != b }

// hatch fills a rectangle with diagonal hairlines on white. They lie on one grid
// for the whole page.
func hatch(c draw.Canvas, t theme, low, high vg.Point) {
	c.FillPolygon(rgb(0xffffff), rectangle(low.X, low.Y, high.X, high.Y))
	style := draw.LineStyle{Color: newsGrey, Width: t.pt(hairWidth)}
	gap := t.pt(3.5)
	for k := math.Ceil(float64((low.Y - high.X) / gap)); vg.Length(k)*gap < high.Y-low.X; k++ {
		shift := vg.Length(k) * gap // the line y = x + shift
		from, to := max(low.X, low.Y-shift), min(high.X, high.Y-shift)
		if from >= to {
			continue
		}
		c.StrokeLine2(style, from, from+shift, to, to+shift)
	}
}

// borders part the points of an axis half way between neighbours.
func (x xAxis) borders() []float64 {
	s := x.scale()
	borders := []float64{s.lo}
	for i := 1; i < len(x.pos); i++ {
		borders = append(borders, (x.pos[i-1]+x.pos[i])/2)
	}
	return append(borders, s.hi)
}
