package plots

import (
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
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

	under *category // another bar in the same row, drawn first and without a text
	shift float64   // down, in rows: towards a row it belongs to
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
			if room == len(ticks) && (room == 1 || apart(s, ticks, fits)) {
				return ticks
			}
		}
		return ticks[:min(len(ticks), 1)] // no coarser ones lie on the axis
	}
}

// apart tells whether evenly spaced labels keep off each other, which the room for all
// of them alone does not say where the ends of the axis are bare.
func apart(s scale, ticks []plot.Tick, fits func(string) int) bool {
	steps := (s.hi - s.lo) / (ticks[1].Value - ticks[0].Value)
	for _, tick := range ticks {
		if float64(fits(tick.Label)) < steps-.5 { // a label has room around it
			return false
		}
	}
	return true
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
	drawn := []float64{c.from, c.to, c.low, c.high}
	if c.under != nil {
		drawn = append(drawn, c.under.from, c.under.to)
	}
	if lo, hi = reach(drawn); lo > hi {
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
