package plots

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Values are the numbers behind a figure of one column whose panels share a time line,
// written for a reader. The points are evenly spaced.
type Values struct {
	First, Last float64  // where the first and the last point stand, as shares of the figure's width
	Points      []string // what the points are called: "6 Oct 2025"
	Lines       []ValueLine
}

// ValueLine is one series of a figure.
type ValueLine struct {
	Name   string
	Color  color.Color
	Values []string // of the points; "" where there is none
}

// mostPoints is how many points can be told apart on a figure; of more every second,
// third, … is told.
const mostPoints = 1500

// Title is the figure's title.
func (f Figure) Title() string { return f.frame.Title }

// Subtitle is what stands under the title: the unit, and what is shown.
func (f Figure) Subtitle() string { return f.frame.Subtitle }

// Values are the figure's numbers; nil where it has no even time line, or is of a kind
// that tells none.
func (f Figure) Values() *Values {
	var told []reading
	for _, p := range f.panels {
		told = append(told, p.told...)
	}
	if len(told) == 0 || !f.x.even() {
		return nil
	}
	p := f.layOut()
	if p.columns > 1 {
		return nil
	}
	n := len(f.x.pos)
	stride := (n + mostPoints - 1) / mostPoints
	from := (n - 1) % stride
	s := f.x.scale()
	place := func(i int) float64 {
		along := (f.x.pos[i] - s.lo) / (s.hi - s.lo)
		return float64((p.left + vg.Length(along)*(p.right-p.left)) / p.theme.width)
	}
	v := &Values{First: place(from), Last: place(n - 1)}
	for i := from; i < n; i += stride {
		v.Points = append(v.Points, f.panels[0].timeline.moment(f.x.before+i))
	}
	for _, r := range told {
		line := ValueLine{Name: r.name, Color: r.color}
		for i := from; i < n; i += stride {
			line.Values = append(line.Values, r.text(f.x.before+i))
		}
		v.Lines = append(v.Lines, line)
	}
	return v
}

// even tells whether neighbours have the same distance everywhere.
func (x xAxis) even() bool {
	if len(x.pos) == 0 {
		return false
	}
	for i := 2; i < len(x.pos); i++ {
		if math.Abs((x.pos[i]-x.pos[i-1])/(x.pos[1]-x.pos[0])-1) > 1e-6 {
			return false
		}
	}
	return true
}

// moment names a point with its time, where points are closer than days.
func (t Timeline) moment(i int) string {
	if t.Times == nil {
		return fmt.Sprintf("%d", i-t.Start)
	}
	if t.axis().spacing() < 86400 {
		return t.Times[i].UTC().Format("2 Jan 2006 15:04")
	}
	return t.Language.Date(t.Times[i])
}

// reading is a series that a figure can tell, or, with to, the two edges of a range.
type reading struct {
	name   string
	color  color.NRGBA
	unit   Unit
	values []float64
	to     []float64
}

// tell adds a series to what the panel can tell.
func (p *panel) tell(name string, c color.NRGBA, values []float64) {
	if values != nil {
		p.told = append(p.told, reading{name: name, color: c, unit: p.unit, values: values})
	}
}

func (r reading) text(i int) string {
	v := r.values[i]
	if math.IsNaN(v) {
		return ""
	}
	if r.to != nil {
		return r.unit.full(v) + " to " + r.unit.full(r.to[i])
	}
	return r.unit.full(v)
}

// full writes a value with two decimals of a percentage, whole dollars up to a million
// and else four significant digits.
func (u Unit) full(v float64) string {
	text := ""
	switch size := math.Abs(v); {
	case u == Percent:
		text = u.wrap(v*100, 1, 2, "")
	case size >= 1e6:
		size, suffix := magnitude(size, 0)
		text = u.wrap(v, size, significant(v/size, 4), suffix)
	case size >= 1000:
		text = u.wrap(v, 1, 0, "")
	default:
		text = u.wrap(v, 1, significant(v, 4), "")
	}
	return strings.ReplaceAll(text, nbsp, " ")
}
