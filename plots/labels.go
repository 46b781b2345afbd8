package plots

import (
	"cmp"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// endLabel names a line at the right of the panel, at the height of its last
// value.
type endLabel struct {
	x, y   float64 // of the last value
	text   string
	color  color.NRGBA
	strong bool
	dashes []float64                  // of the line
	until  func(x float64) []endLabel // the label where the line is shown up to x; nil for none
}

// endOf labels a series with its name and last value; nothing if it has none.
func endOf(name string, write func(float64) string, l line, strong bool) []endLabel {
	i := last(l.y)
	if i < 0 {
		return nil
	}
	text := write(l.y[i])
	if name != "" {
		text = name + " " + text
	}
	until := func(x float64) []endLabel { return endOf(name, write, l.until(x), strong) }
	return []endLabel{{l.x[i], l.y[i], text, l.color, strong, l.dashes, until}}
}

func (l endLabel) style(t theme) textStyle {
	if l.strong {
		return t.strong.in(inkOf(l.color))
	}
	return t.label.in(inkOf(l.color))
}

func (l endLabel) lines(t theme) []string {
	return l.style(t).wrap(l.text, t.ends, 3)
}

// drawEnds writes the labels beside the panel, moved apart, each joined to the
// end of its line in the line's own colour: that of the text is darker.
func drawEnds(a area, labels []endLabel) {
	t := a.theme
	slots := make([]slot, len(labels))
	for i, l := range labels {
		slots[i] = slot{at: a.at(l.x, l.y).Y, height: l.style(t).height(l.lines(t))}
	}
	spread(slots, a.Min.Y-t.pt(3), a.Max.Y+t.pt(3))
	for i, l := range labels {
		end, style := a.at(l.x, l.y), l.style(t)
		x := a.Max.X + t.pt(endGap)
		a.StrokeLine2(draw.LineStyle{Color: l.color, Width: t.pt(thinWidth)}, end.X, end.Y, x-t.pt(2), slots[i].at)
		top := slots[i].at + slots[i].height/2
		style.writeDown(a, x, top, left, l.lines(t))
	}
}

const endGap = 12 // between a plot area and the labels of its lines

// slot is a place on a vertical: where its middle should be, and its height.
type slot struct {
	at, height vg.Length
}

// spread moves slots by as little as needed so that none overlap and all lie
// between lo and hi; if they do not fit there, they keep apart and run over hi.
func spread(slots []slot, lo, hi vg.Length) {
	order := make([]int, len(slots))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(slots[i].at, slots[j].at) })
	var groups []group
	for _, i := range order {
		groups = append(groups, group{from: slots[i].at - slots[i].height/2, height: slots[i].height, members: []int{i}})
		groups = settle(groups, lo, hi)
	}
	for _, g := range groups {
		y := g.from
		for _, i := range g.members {
			slots[i].at = y + slots[i].height/2
			y += slots[i].height
		}
	}
}

// group is a stack of slots that touch.
type group struct {
	from, height vg.Length
	members      []int
}

// settle keeps the last group within bounds and merges it with those it runs
// into; a merged group stands where its parts wished to on average.
func settle(groups []group, lo, hi vg.Length) []group {
	for {
		g := &groups[len(groups)-1]
		g.from = max(min(g.from, hi-g.height), lo)
		if len(groups) == 1 {
			return groups
		}
		below := groups[len(groups)-2]
		if below.from+below.height <= g.from {
			return groups
		}
		n, m := vg.Length(len(below.members)), vg.Length(len(g.members))
		merged := group{
			from:    (n*below.from + m*(g.from-below.height)) / (n + m),
			height:  below.height + g.height,
			members: append(slices.Clone(below.members), g.members...),
		}
		groups = append(groups[:len(groups)-2], merged)
	}
}

// vertical marks an event, a shock, or a statistic on a horizontal axis.
type vertical struct {
	x     float64
	label string
	solid bool
	color color.NRGBA // zero: grey
	until float64     // where its band ends, +Inf at the edge; none unless after x
	band  color.NRGBA
	bare  bool // the band without its line
}

// rows staggers labels that begin at their verticals and run to the right: a
// label stands above every later vertical it covers, so that none is crossed.
func rows(t theme, verticals []vertical, at func(float64) vg.Length, edge vg.Length) ([]int, int) {
	row, begin := make([]int, len(verticals)), make([]vg.Length, len(verticals))
	count := 0
	for i := len(verticals) - 1; i >= 0; i-- {
		if verticals[i].label == "" {
			continue
		}
		x, w := labelSpan(t, verticals[i], at, edge)
		begin[i] = x
		for j := i + 1; j < len(verticals); j++ {
			if verticals[j].label != "" && begin[j] < x+w+t.pt(4) {
				row[i] = max(row[i], row[j]+1)
			}
		}
		count = max(count, row[i]+1)
	}
	return row, count
}

// labelSpan is where a label begins and its width; labels near the edge of the
// page are pushed back from it.
func labelSpan(t theme, v vertical, at func(float64) vg.Length, edge vg.Length) (x, w vg.Length) {
	w = t.foot.width(v.text(t))
	return min(at(v.x)-t.pt(1), edge-w), w
}

// text is the label, cut so that a page can hold it.
func (v vertical) text(t theme) string { return t.foot.shorten(v.label, t.width*.45) }

func (v vertical) ink() color.NRGBA {
	if v.color == (color.NRGBA{}) {
		return rgb(0x707070)
	}
	return v.color
}
