package plots

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// page is a figure with every length decided. From the top: title, subtitle,
// for each panel its heading, its legend and its plot area, the labels of the
// shared horizontal axis, the footer. The labels of events stand in a strip
// above the first plot area. All plot areas have the same left and right edge.
type page struct {
	Figure
	theme        theme
	height       vg.Length
	left, right  vg.Length // edges of the plot areas
	title        []string
	subtitle     []string
	status, rest []string
	blocks       []block
	xTicks       []plot.Tick
	row          []int // of every event label
	strip        vg.Length
}

// block is a panel with its place.
type block struct {
	panel
	header []string
	legend [][]key
	grey   []string // the note, in lines
	ticks  []plot.Tick
	plot   vg.Length // height of the plot area
}

func (f Figure) layOut() page {
	t := f.frame.Size.theme()
	p := page{Figure: f, theme: t}
	width := t.width - 2*t.pt(pagePad)
	p.title = t.title.wrap(f.frame.Title, width, 3)
	p.subtitle = t.subtitle.wrap(f.frame.Subtitle, width, 3)
	p.status, p.rest = f.frame.footer(t, width)
	p.height = t.height + t.perPanel*vg.Length(len(f.panels)-1)
	p.setBlocks(width)
	p.setEdges()
	p.xTicks = f.x.ticks(f.x.scale(), t.fitting(p.right-p.left))
	p.setStrip()
	p.setHeights()
	return p
}

func (p *page) setBlocks(width vg.Length) {
	sum := p.weights()
	for _, panel := range p.panels {
		panel = panel.crowded().placed(p.x)
		b := block{panel: panel}
		b.header, b.legend = panel.headLines(p.theme, width)
		b.grey = p.theme.foot.wrap(panel.note, width, 2)
		b.ticks = panel.ticks(p.theme, p.height*.62*vg.Length(panel.weight/sum))
		p.blocks = append(p.blocks, b)
	}
}

func (p *page) weights() float64 {
	sum := 0.
	for _, panel := range p.panels {
		sum += panel.weight
	}
	return sum
}

// setEdges makes room for the widest tick label on the left and the widest end
// label on the right.
func (p *page) setEdges() {
	t := p.theme
	var ticks, ends vg.Length
	for _, b := range p.blocks {
		for _, tick := range b.ticks {
			ticks = max(ticks, t.label.width(tick.Label))
		}
		for _, e := range b.ends {
			ends = max(ends, e.style(t).widest(e.lines(t))+t.pt(endGap))
		}
	}
	p.left = t.pt(pagePad+tickGap) + ticks
	p.right = t.width - t.pt(pagePad) - max(ends, t.pt(12))
}

// at is the place of a horizontal value on the page.
func (p *page) at(x float64) vg.Length {
	return p.left + vg.Length(p.x.scale().norm(x))*(p.right-p.left)
}

func (p *page) setStrip() {
	var count int
	p.row, count = rows(p.theme, p.verticals, p.at, p.theme.width-p.theme.pt(pagePad))
	if count > 0 {
		p.strip = vg.Length(count)*p.theme.foot.leading() + p.theme.pt(3)
	}
}

// setHeights shares what is left of the page among the plot areas by weight,
// and lengthens the page if that is too little.
func (p *page) setHeights() {
	t := p.theme
	rest := p.height - p.headHeight() - p.strip - p.axisHeight() - p.footHeight()
	for i, b := range p.blocks {
		rest -= b.headHeight(t)
		if i > 0 {
			rest -= t.pt(panelGap)
		}
	}
	if least := p.leastPlots(); rest < least {
		p.height += least - rest
		rest = least
	}
	for i := range p.blocks {
		p.blocks[i].plot = rest * vg.Length(p.blocks[i].weight/p.weights())
	}
}

// leastPlots is the height that all plot areas together need so that none is
// tiny and each is as high as the labels beside it.
func (p *page) leastPlots() vg.Length {
	t := p.theme
	least := t.leastPlot * (.2 + vg.Length(len(p.blocks)))
	for _, b := range p.blocks {
		var ends vg.Length
		for _, e := range b.ends {
			ends += e.style(t).height(e.lines(t))
		}
		least = max(least, ends*vg.Length(p.weights()/b.weight))
	}
	return least
}

func (p *page) headHeight() vg.Length {
	t := p.theme
	return t.pt(pagePad) + t.title.height(p.title) + t.subtitle.height(p.subtitle) + t.pt(10)
}

func (p *page) axisHeight() vg.Length {
	lines := 1
	for _, tick := range p.xTicks {
		lines = max(lines, 1+strings.Count(tick.Label, "\n"))
	}
	if p.x.caption != "" {
		lines = max(lines, 2)
	}
	return p.theme.pt(5) + vg.Length(lines)*p.theme.label.leading()
}

func (p *page) footHeight() vg.Length {
	t := p.theme
	return t.pt(6) + t.status.height(p.status) + t.foot.height(p.rest) + t.pt(pagePad-2)
}

func (b block) headHeight(t theme) vg.Length {
	h := t.label.height(b.header) + t.label.leading()*vg.Length(len(b.legend)) + t.foot.height(b.grey)
	if h > 0 {
		h += t.pt(7)
	}
	return h
}

func (p page) draw(c draw.Canvas) {
	t := p.theme
	x := t.pt(pagePad)
	y := t.title.writeDown(c, x, p.height-t.pt(pagePad), left, p.title)
	t.subtitle.writeDown(c, x, y-t.pt(1), left, p.subtitle)
	y = p.height - p.headHeight()
	for i, b := range p.blocks {
		if i > 0 {
			y -= t.pt(panelGap)
		}
		y = p.drawBlock(c, b, y, i == 0)
	}
	p.drawXAxis(c, y)
	y -= p.axisHeight() + t.pt(6)
	y = t.status.writeDown(c, x, y, left, p.status)
	t.foot.writeDown(c, x, y, left, p.rest)
}

// drawBlock draws a panel whose head begins at y and returns where it ends.
func (p page) drawBlock(c draw.Canvas, b block, y vg.Length, first bool) vg.Length {
	b.drawHead(c, p.theme, y)
	top := y - b.headHeight(p.theme)
	if first {
		top -= p.strip
	}
	a := area{Canvas: c, theme: p.theme, x: p.x.scale(), y: b.scale()}
	a.Rectangle = vg.Rectangle{Min: vg.Point{X: p.left, Y: top - b.plot}, Max: vg.Point{X: p.right, Y: top}}
	b.draw(a, b.ticks, p.verticals)
	if first {
		p.drawStrip(a)
	}
	a.StrokeLine2(a.style(zeroGrey, hairWidth, nil), a.Min.X, a.Min.Y, a.Max.X, a.Min.Y)
	return a.Min.Y
}

func (b block) drawHead(c draw.Canvas, t theme, y vg.Length) {
	x, width := t.pt(pagePad), t.width-2*t.pt(pagePad)
	y = t.label.in(ink).writeDown(c, x, y, left, b.header)
	for _, row := range b.legend {
		at := x
		for _, k := range row {
			k.draw(c, t, at, y-.95*t.label.font.Size, width)
			at += k.width(t, width)
		}
		y -= t.label.leading()
	}
	t.foot.writeDown(c, x, y, left, b.grey)
}

// drawStrip writes the labels of events above the first plot area and draws
// their lines up to them.
func (p page) drawStrip(a area) {
	t := p.theme
	for i, v := range p.verticals {
		if v.label == "" {
			continue
		}
		x, _ := labelSpan(t, v, p.at, t.width-t.pt(pagePad))
		y := a.Max.Y + t.pt(3) + vg.Length(p.row[i])*t.foot.leading()
		a.StrokeLine2(v.style(a), p.at(v.x), a.Max.Y, p.at(v.x), y)
		t.foot.in(inkOf(v.ink())).write(a, x, y+t.pt(1), left, v.text(t))
	}
}

// drawXAxis writes the tick labels under the lowest panel.
func (p page) drawXAxis(c draw.Canvas, y vg.Length) {
	t := p.theme
	for _, tick := range p.xTicks {
		x := p.at(tick.Value)
		c.StrokeLine2(draw.LineStyle{Color: zeroGrey, Width: t.pt(hairWidth)}, x, y, x, y-t.pt(3))
		t.label.writeDown(c, x, y-t.pt(4), center, strings.Split(tick.Label, "\n"))
	}
	caption := t.label.shorten(p.x.caption, p.right-t.pt(pagePad))
	t.label.write(c, p.right, y-t.pt(4)-1.95*t.label.font.Size-.22*t.label.font.Size, right, caption)
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
