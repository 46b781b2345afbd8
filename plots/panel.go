package plots

import (
	"image/color"
	"slices"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// panel is one plot area: what it shows, in the order in which it is drawn.
type panel struct {
	title   string // in bold above the heading: of a column
	heading string // what is shown and its unit; empty where the subtitle says it
	weight  float64
	unit    Unit
	log     bool
	zero    bool                 // the axis contains zero
	bare    bool                 // the axis has no ticks: heights mean nothing
	fills   []mark               // areas, under the lines of events
	marks   []mark               // lines, over them
	write   func(float64) string // a value at the end of a line; default as short as the unit has it
	ends    []endLabel           // beside the panel
	inside  []endLabel           // of lines that end early; set when the page is laid out
	keys    []key
	note    string // in grey under the legend
	above   bool   // heading, legend and note stand above all panels, as wide as the page

	categories []category // in place of marks: rows with names, drawn from left to right
	axis       *xAxis     // of values, which panels of bars share; nil is the figure's
	rules      []float64  // values that a line through all rows marks
	beside     bool       // stands to the right of the panel before it, not below

	cells [][]tableCell // of a table, a row for each category

	window *scale // positions that are shown; nil is all
	limits *scale // of the vertical axis; nil is that of the marks

	steps []plot.Tick // of a map: the axis has a step for each, step k from k to k+1

	timeline Timeline  // of the figure; in its first panel, where any has something to tell
	told     []reading // what the panel shows, for those who ask for numbers
}

// key is an entry of a legend.
type key struct {
	text   string      // of none, the patch stands at that of the next entry
	color  color.NRGBA // the zero colour is hatched
	thin   bool        // a line, not an area
	dashes []float64   // of a line
}

// mostEnds is how many labels stand beside a panel; more become a legend.
const mostEnds = 7

func (p *panel) fill(m ...mark) { p.fills = append(p.fills, m...) }
func (p *panel) add(m ...mark)  { p.marks = append(p.marks, m...) }

// line adds a named line with a label at its end.
func (p *panel) line(name string, l line, strong bool) {
	p.add(l)
	p.end(name, l, strong)
}

// end labels the end of a line.
func (p *panel) end(name string, l line, strong bool) {
	write := p.write
	if write == nil {
		write = p.unit.short
	}
	p.ends = append(p.ends, endOf(name, write, l, strong)...)
}

// path adds a line that is history up to a position, thin, and simulated from
// there.
func (p *panel) path(l line, start float64) {
	k := sort.Search(len(l.x), func(i int) bool { return l.x[i] > start }) - 1 // the last point of history
	if k > 0 {
		p.add(line{l.x[:k+1], l.y[:k+1], l.color, thinWidth, l.dashes})
	}
	if k = max(k, 0); k == 0 || k < len(l.x)-1 {
		p.add(line{l.x[k:], l.y[k:], l.color, l.width, l.dashes})
	}
}

// subject adds the line that a panel is about, its history thin, and labels its
// end.
func (p *panel) subject(name string, l line, start float64) {
	p.path(l, start)
	p.end(name, l, true)
}

// placed moves the labels of lines that end early into the panel: a line from
// there to the edge would look like data.
func (p panel) placed(x xAxis) panel {
	var beside []endLabel
	for _, e := range p.ends {
		if x.early(e.x) {
			p.inside = append(p.inside, e)
			continue
		}
		beside = append(beside, e)
	}
	p.ends = beside
	return p
}

// crowded turns the end labels into a legend where they are too many.
func (p panel) crowded() panel {
	if len(p.ends) <= mostEnds {
		return p
	}
	p.keys = slices.Clone(p.keys) // the figure keeps its own
	for _, e := range p.ends {
		p.keys = append(p.keys, key{e.text, e.color, true, e.dashes})
	}
	p.ends = nil
	return p
}

// scale fits the vertical axis to the marks.
func (p panel) scale() scale {
	if p.categories != nil {
		return scale{lo: .5 - float64(len(p.categories)), hi: .5}
	}
	if p.steps != nil {
		return scale{hi: float64(len(p.steps))}
	}
	if p.limits != nil {
		return *p.limits
	}
	lo, hi := p.reach()
	if p.zero {
		lo, hi = min(lo, 0), max(hi, 0)
	}
	if lo > hi {
		lo, hi = 0, 0
	}
	return fit(lo, hi, p.log)
}

// reach is what the marks need of the vertical axis, +Inf to −Inf if that is
// nothing.
func (p panel) reach() (lo, hi float64) {
	lo, hi = reach()
	for _, m := range slices.Concat(p.fills, p.marks) {
		from, to := m.bounds()
		if s, ok := m.(spanned); ok && p.window != nil {
			from, to = s.shown(*p.window)
		}
		lo, hi = min(lo, from), max(hi, to)
	}
	return lo, hi
}

// ticks of the vertical axis: as many as a panel of about this height holds.
func (p panel) ticks(t theme, height vg.Length) []plot.Tick {
	if p.bare {
		return nil
	}
	most := int(height / (1.75 * t.label.font.Size))
	if p.steps != nil {
		return thinned(p.steps, most)
	}
	return p.scale().ticks(p.unit, max(3, min(8, most)))
}

// headLines are the heading and the rows of the legend.
func (p panel) headLines(t theme, width vg.Length) (heading []string, legend [][]key) {
	if p.heading != "" {
		heading = t.label.wrap(p.heading, width, 2)
	}
	var used vg.Length
	for i, k := range p.keys {
		w := k.width(t, width)
		room := w
		if k.text == "" && i+1 < len(p.keys) {
			room += p.keys[i+1].width(t, width)
		}
		if len(legend) == 0 || used+room > width {
			legend, used = append(legend, nil), 0
		}
		legend[len(legend)-1] = append(legend[len(legend)-1], k)
		used += w
	}
	return heading, legend
}

const (
	swatch = 9  // width of a legend's patch of colour
	keyGap = 12 // between the entries of a legend
)

func (k key) label(t theme, width vg.Length) string {
	return t.label.shorten(k.text, width-t.pt(swatch+3))
}

func (k key) width(t theme, width vg.Length) vg.Length {
	if k.text == "" {
		return t.pt(swatch)
	}
	return t.pt(swatch+3+keyGap) + t.label.width(k.label(t, width))
}

func (k key) draw(c draw.Canvas, t theme, x, y, width vg.Length) {
	low, high := y-t.pt(1), y+t.pt(6)
	if k.thin {
		low, high = y+t.pt(2), y+t.pt(3.5)
	}
	patch := rectangle(x, low, x+t.pt(swatch), high)
	switch {
	case k.color == unknown:
		hatch(c, t, patch[0], patch[2])
	case k.dashes != nil:
		a := area{Canvas: c, theme: t}
		a.StrokeLine2(a.style(k.color, subjectWidth, k.dashes), x, (low+high)/2, x+t.pt(swatch), (low+high)/2)
	default:
		c.FillPolygon(k.color, patch)
	}
	t.label.in(ink).write(c, x+t.pt(swatch+3), y, left, k.label(t, width))
}

// draw draws bands and the grid, then areas, events, lines and labels.
func (p panel) draw(a area, ticks []plot.Tick, verticals []vertical) {
	t := a.theme
	for _, v := range verticals {
		v.drawBand(a)
	}
	grid := a.style(gridLine, hairWidth, nil)
	for _, tick := range ticks {
		y := a.Y(a.y.norm(tick.Value))
		a.StrokeLine2(grid, a.Min.X, y, a.Max.X, y)
		t.label.write(a, a.Min.X-t.pt(tickGap), y-t.label.middle(), right, tick.Label)
	}
	data := a
	if p.cut() {
		data = a.clipped()
	}
	for _, m := range p.fills {
		m.draw(data)
	}
	for _, v := range verticals {
		if v.bare {
			continue
		}
		x := a.X(a.x.norm(v.x))
		a.StrokeLine2(v.style(a), x, a.Min.Y, x, a.Max.Y)
	}
	for _, m := range p.marks {
		m.draw(data)
	}
	if !p.log && a.y.lo < 0 && a.y.hi > 0 {
		y := a.Y(a.y.norm(0))
		a.StrokeLine2(a.style(zeroGrey, hairWidth, nil), a.Min.X, y, a.Max.X, y)
	}
	drawEnds(a, p.ends)
	drawInside(a, p.inside, p.marks)
}

// drawBand draws what lasts.
func (v vertical) drawBand(a area) {
	if v.until > v.x {
		from, to := a.X(a.x.norm(v.x)), min(a.X(a.x.norm(v.until)), a.Max.X)
		a.FillPolygon(v.band, rectangle(from, a.Min.Y, to, a.Max.Y))
	}
}

func (v vertical) style(a area) draw.LineStyle {
	if v.solid {
		return a.style(v.ink(), hairWidth, nil)
	}
	return a.style(v.ink(), .6, dashed)
}
