package plots

import (
	"cmp"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// category is a row of a panel of horizontal bars: a name, what is drawn, a
// value printed at its end and a remark beside the panel. NaN is absent.
type category struct {
	name      string
	from, to  float64 // the bar
	shape     shapeOf
	color     color.NRGBA
	low, high float64 // whisker; none if equal
	text      string
	before    bool   // the text stands left of what is drawn
	remark    string // one line for each of its own
	strong    bool
	linked    bool // the end of the bar is joined to the row below
}

// shapeOf is how the value of a category is drawn.
type shapeOf int

const (
	solidBar   shapeOf = iota
	hatchedBar         // a figure that is not sure
	dot                // a value without a bar
	ring               // one that cannot be told from zero
	levelBar           // a level, not a change
	stroke             // a level on an axis that does not begin at zero
)

// mostCategories is how many rows a figure holds: more are a table.
const mostCategories = 60

// valueAxis is a horizontal axis of values, to be shared by panels of bars.
func valueAxis(u Unit) *xAxis { return &xAxis{ticks: mostTicks(u)} }

// mostTicks are as many round values as stand side by side, but at most eight.
// Where values are printed, one or two are enough if no more have room.
func mostTicks(u Unit) func(scale, func(string) int) []plot.Tick {
	return func(s scale, fits func(string) int) []plot.Tick {
		var ticks []plot.Tick
		for most := 8; most > 0; most-- {
			fewer := s.multiples(u, roundStep(s.hi-s.lo, most))
			if len(fewer) == 0 {
				break
			}
			ticks = fewer
			room := len(ticks)
			for _, tick := range ticks {
				room = min(room, fits(tick.Label))
			}
			if room == len(ticks) {
				break
			}
		}
		return ticks
	}
}

func (c category) style(t theme) textStyle {
	if c.strong {
		return t.strong
	}
	return t.label.in(ink)
}

// reach is the range of what is drawn; a row of which nothing is has its text at
// zero.
func (c category) reach() (lo, hi float64) {
	if lo, hi = reach([]float64{c.from, c.to, c.low, c.high}); lo > hi {
		return 0, 0
	}
	return lo, hi
}

// nameShare is the most that names take of a column's width.
const nameShare = .3

// setNames breaks the names into lines.
func (b *block) setNames(t theme, column vg.Length) {
	for _, c := range b.categories {
		b.names = append(b.names, c.style(t).wrap(c.name, nameShare*column, 2))
	}
}

func (c category) remarkLines(t theme) []string {
	var lines []string
	for _, text := range strings.Split(c.remark, "\n") {
		lines = append(lines, t.foot.wrap(text, t.ends, 2)...)
	}
	return lines
}

// barsHeight is the height of a line of panels of bars, 0 for other panels.
// Rows are further apart where there are few, or where their texts need it.
func (p *page) barsHeight(line []block) vg.Length {
	t, total := p.theme, 0
	for _, b := range p.blocks {
		if b.column == 0 {
			total += len(b.categories)
		}
	}
	pitch := max(t.pt(16), min(t.pt(260)/vg.Length(max(total, 1)), t.pt(26)))
	for _, b := range p.blocks {
		for i, c := range b.categories {
			pitch = max(pitch, t.pt(3)+t.foot.height(c.remarkLines(t)), t.pt(3)+c.style(t).height(b.names[i]))
		}
	}
	rows := 0
	for _, b := range line {
		rows = max(rows, len(b.categories))
	}
	return pitch * vg.Length(rows)
}

// holding is the axis on which an area so wide has room for all that is drawn
// and for the texts beside it. With s the units per length, an axis from a to b
// must have a ≤ v − l·s for the room l left of every value v, b likewise, and
// b − a = width·s; the smallest s is the fixed point found here from below.
func (x xAxis) holding(t theme, width vg.Length, all []category, zero bool) xAxis {
	lo, hi := math.Inf(1), math.Inf(-1)
	if zero {
		lo, hi = 0, 0
	}
	room, most := make([]float64, len(all)), 0.
	for i, c := range all {
		from, to := c.reach()
		lo, hi = min(lo, from), max(hi, to)
		room[i] = float64(c.room(t))
		most = max(most, 2*room[i]) // on both sides
	}
	if flat(lo, hi) {
		s := fit(lo, hi, false)
		lo, hi = s.lo, s.hi
	}
	squeeze := min(1, .85*float64(width)/max(most, 1)) // in a tiny area texts run over its edges
	a, b := lo, hi
	for range 100 {
		s := (b - a) / float64(width)
		a, b = lo-4*s, hi+4*s
		for i, c := range all {
			if from, to := c.reach(); c.before {
				a = min(a, from-squeeze*room[i]*s)
			} else {
				b = max(b, to+squeeze*room[i]*s)
			}
		}
	}
	x.pos = []float64{a, b}
	return x
}

// room is what the text needs beside what is drawn.
func (c category) room(t theme) vg.Length {
	return c.gap(t) + c.style(t).width(c.text) + t.pt(textGap)
}

// gap is between what is drawn and the text.
func (c category) gap(t theme) vg.Length {
	if c.pointed() {
		return t.pt(textGap + dotRadius)
	}
	return t.pt(textGap)
}

const (
	textGap   = 4
	dotRadius = 3.5
)

// drawCategories draws the grid, then bars and whiskers, then the texts.
func (b block) drawCategories(a area) {
	grid := a.style(gridLine, hairWidth, nil)
	for _, tick := range b.xTicks {
		x := a.X(a.x.norm(tick.Value))
		a.StrokeLine2(grid, x, a.Min.Y, x, a.Max.Y)
	}
	for i, c := range b.categories {
		c.draw(a, float64(i))
	}
	if a.x.lo < 0 && a.x.hi > 0 {
		x := a.X(a.x.norm(0))
		a.StrokeLine2(a.style(zeroGrey, hairWidth, nil), x, a.Min.Y, x, a.Max.Y)
	}
	for i, c := range b.categories {
		c.write(a, float64(i), b.names[i])
	}
}

// thick is half the thickness of a bar.
func (a area) thick() vg.Length {
	return min(.32*(a.at(0, 0).Y-a.at(0, -1).Y), a.theme.pt(8))
}

// draw draws the value and its range in a row counted from the top.
func (c category) draw(a area, row float64) {
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

// Range is what sources that disagree say of one number, or the ends of an
// interval. The zero value and one whose ends are equal are none.
type Range struct{ Low, High float64 }

// within validates the range of a value and gives its ends, NaN for none.
func (c *check) within(name string, value float64, r Range) (low, high float64) {
	r.Low, r.High = c.number(name+" low", r.Low), c.number(name+" high", r.High)
	if r == (Range{}) || math.IsNaN(r.Low) || math.IsNaN(r.High) {
		return math.NaN(), math.NaN()
	}
	if r.Low > r.High {
		c.fault("%s: low %v is above high %v", name, r.Low, r.High)
	} else if value < r.Low || value > r.High {
		c.fault("%s: the value %v is outside its range, %v to %v", name, value, r.Low, r.High)
	}
	return r.Low, r.High
}

// written is a range in words; empty for none and for one whose ends read alike.
func (r Range) written(write func(float64) string) string {
	if !(r.Low < r.High) || write(r.Low) == write(r.High) {
		return ""
	}
	return strings.ReplaceAll(write(r.Low)+" to "+write(r.High), " ", nbsp)
}

// few faults more categories than a figure holds.
func (c *check) few(n int) {
	if n > mostCategories {
		c.fault("%d rows, expected at most %d", n, mostCategories)
	}
}

// some faults rows of which none has anything to draw.
func (c *check) some(what string, rows []category) {
	for _, row := range rows {
		if !math.IsNaN(row.to) || row.low < row.high {
			return
		}
	}
	c.fault("no %s has a value", what)
}

// named is a name that must not be empty.
func (c *check) named(field, name string) string {
	if strings.TrimSpace(name) == "" {
		c.fault("%s has no name", field)
	}
	return cmp.Or(strings.TrimSpace(name), field)
}

// withSign writes a value with its plus.
func withSign(write func(float64) string) func(float64) string {
	return func(v float64) string {
		text := write(v)
		if v > 0 && strings.ContainsAny(text, "123456789") {
			return "+" + text
		}
		return text
	}
}

// printed writes percentages with one number of decimals, but none that is not
// zero as zero.
func printed(values ...[]float64) func(float64) string {
	even := evenly(values...)
	return func(v float64) string {
		if text := even(v); v == 0 || strings.ContainsAny(text, "123456789") {
			return text
		}
		return rough(v)
	}
}

// noFigure stands in place of a value that is absent.
const noFigure = "no figure"
