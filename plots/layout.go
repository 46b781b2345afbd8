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
// lines of panels, the footer. A panel has its heading, its legend and its plot
// area; a horizontal axis is labelled once, under the lowest of the panels that
// share it. The labels of events stand in a strip above the first plot area of
// a page of one column. The plot areas of a column have the same left and right
// edge, those of a line the same top and bottom.
type page struct {
	Figure
	theme        theme
	height       vg.Length
	column       vg.Length // width of a column
	columns      int
	left, right  vg.Length // edges of the plot areas of the first column
	title        []string
	subtitle     []string
	status, rest []string
	above        block // of which only the head counts
	blocks       []block
	row          []int // of every event label
	strip        vg.Length
}

// block is a panel with its place.
type block struct {
	panel
	line, column int
	title        []string
	header       []string
	legend       [][]key
	grey         []string // the note, in lines
	ticks        []plot.Tick
	names        [][]string // of categories, in lines
	x            xAxis
	xTicks       []plot.Tick
	labelled     bool      // the horizontal axis is, under this panel
	left, right  vg.Length // edges of the plot area
	plot         vg.Length // its height
}

func (f Figure) layOut() page {
	t := f.frame.Size.theme()
	p := page{Figure: f, theme: t}
	width := t.width - 2*t.pt(pagePad)
	p.title = t.title.wrap(f.frame.Title, width, 3)
	p.subtitle = t.subtitle.wrap(f.frame.Subtitle, width, 3)
	p.status, p.rest = f.frame.footer(t, width)
	p.setColumns(width)
	p.height = p.nominal()
	p.setBlocks()
	p.setEdges()
	p.setAxes()
	p.setStrip()
	p.setHeights()
	return p
}

// gutter is the space between columns.
const gutter = 16

// setColumns puts the panels into lines and columns. Labels beside the panels
// get narrower with the columns.
func (p *page) setColumns(width vg.Length) {
	line, column := -1, 0
	for i, panel := range p.panels {
		if column++; !panel.beside || i == 0 {
			line, column = line+1, 0
		}
		p.columns = max(p.columns, column+1)
		p.blocks = append(p.blocks, block{panel: panel, line: line, column: column, x: p.x})
		if panel.axis != nil {
			p.blocks[i].x = *panel.axis
		}
	}
	n := vg.Length(p.columns)
	p.column = (width - (n-1)*p.theme.pt(gutter)) / n
	p.theme.ends *= p.column / width
}

// begin is the left edge of a column.
func (p *page) begin(column int) vg.Length {
	return p.theme.pt(pagePad) + vg.Length(column)*(p.column+p.theme.pt(gutter))
}

// nominal is the height that the size promises to panels with a vertical axis.
func (p *page) nominal() vg.Length {
	lines := 0
	for _, b := range p.blocks {
		if b.column == 0 && b.categories == nil {
			lines++
		}
	}
	if lines == 0 {
		return 0
	}
	return p.theme.height + p.theme.perPanel*vg.Length(lines-1)
}

func (p *page) setBlocks() {
	sum := p.weights()
	for i := range p.blocks {
		b := &p.blocks[i]
		b.panel = b.inLimits().crowded().placed(b.x)
		b.title = p.theme.strong.wrap(b.panel.title, p.column, 2)
		b.setHead(p.theme, p.column)
		if b.panel.above {
			p.above.panel = b.panel
			p.above.setHead(p.theme, p.theme.width-2*p.theme.pt(pagePad))
			b.header, b.legend, b.grey = nil, nil, nil
		}
		if b.categories != nil {
			b.setNames(p.theme, p.column)
			continue
		}
		b.ticks = b.panel.ticks(p.theme, p.height*.62*vg.Length(b.weight/sum))
	}
}

// setHead breaks heading, legend and note into lines.
func (b *block) setHead(t theme, width vg.Length) {
	b.header, b.legend = b.headLines(t, width)
	b.grey = t.foot.wrap(b.note, width, 2)
}

// weights is the sum over the panels of a column that share what is left of the
// page.
func (p *page) weights() float64 {
	sum := 0.
	for _, b := range p.blocks {
		if b.column == 0 && b.categories == nil {
			sum += b.weight
		}
	}
	return sum
}

// setEdges makes room for the widest tick label or name on the left of every
// column and the widest end label or remark on its right.
func (p *page) setEdges() {
	t := p.theme
	for column := range p.columns {
		var before, after vg.Length
		for _, b := range p.blocks {
			if b.column == column {
				before, after = max(before, b.before(t)), max(after, b.after(t))
			}
		}
		for i := range p.blocks {
			if b := &p.blocks[i]; b.column == column {
				b.left = p.begin(column) + before
				b.right = p.begin(column) + p.column - after
			}
		}
	}
	p.left, p.right = p.blocks[0].left, p.blocks[0].right
}

// before is the room that a block needs left of its plot area.
func (b block) before(t theme) vg.Length {
	var w vg.Length
	for _, tick := range b.ticks {
		w = max(w, t.label.width(tick.Label))
	}
	for i, name := range b.names {
		w = max(w, b.categories[i].style(t).widest(name))
	}
	return w + t.pt(tickGap)
}

// after is the room that a block needs right of its plot area.
func (b block) after(t theme) vg.Length {
	w := t.pt(12)
	for _, e := range b.ends {
		w = max(w, e.style(t).widest(e.lines(t))+t.pt(endGap))
	}
	for _, c := range b.categories {
		if lines := c.remarkLines(t); len(lines) > 0 {
			w = max(w, t.foot.widest(lines)+t.pt(endGap))
		}
	}
	return w
}

// setAxes fits the axes of bars to the plot areas and ticks all of them.
func (p *page) setAxes() {
	for i := range p.blocks {
		b := &p.blocks[i]
		b.labelled = true
		var all []category
		for _, other := range p.blocks {
			if other.column != b.column || other.axis != b.axis {
				continue
			}
			all = append(all, other.categories...)
			if other.line == b.line+1 {
				b.labelled = false
			}
		}
		if b.categories != nil && b.cells == nil {
			b.x = b.x.holding(p.theme, b.right-b.left, all, b.zero)
		}
		b.xTicks = b.x.ticks(b.x.scale(), p.theme.fitting(b.right-b.left))
	}
}

// at is the place of a horizontal value in the first column.
func (p *page) at(x float64) vg.Length {
	return p.left + vg.Length(p.x.scale().norm(x))*(p.right-p.left)
}

func (p *page) setStrip() {
	if p.columns > 1 {
		return
	}
	var count int
	p.row, count = rows(p.theme, p.verticals, p.at, p.theme.width-p.theme.pt(pagePad))
	if count > 0 {
		p.strip = vg.Length(count)*p.theme.foot.leading() + p.theme.pt(3)
	}
}

// setHeights gives rows of bars the height they need and shares what is left of
// the page among the other plot areas by weight; it lengthens the page if that
// is too little.
func (p *page) setHeights() {
	rest := p.height - p.headHeight() - p.strip - p.footHeight()
	lines := p.lines()
	for _, line := range lines {
		around := p.lineHead(line) + p.axisHeight(line)
		if line[0].line > 0 {
			around += p.theme.pt(panelGap)
		}
		if bars := p.barsHeight(line); bars > 0 {
			p.height += around + bars // the size counts the other panels only
			continue
		}
		rest -= around
	}
	sum := p.weights()
	if sum == 0 {
		p.height += p.headHeight() + p.footHeight()
	} else if least := p.leastPlots(); rest < least {
		p.height += least - rest
		rest = least
	}
	for i := range p.blocks {
		b := &p.blocks[i]
		if b.plot = p.barsHeight(lines[b.line]); b.plot == 0 {
			b.plot = rest * vg.Length(lines[b.line][0].weight/sum)
		}
	}
}

// lines are the blocks that stand side by side.
func (p *page) lines() [][]block {
	var lines [][]block
	for _, b := range p.blocks {
		if b.column == 0 {
			lines = append(lines, nil)
		}
		lines[b.line] = append(lines[b.line], b)
	}
	return lines
}

// leastPlots is the height that all plot areas with a vertical axis together
// need so that none is tiny and each is as high as the labels beside it.
func (p *page) leastPlots() vg.Length {
	t := p.theme
	var least vg.Length
	for _, b := range p.blocks {
		if b.column == 0 && b.categories == nil {
			least += t.leastPlot
		}
	}
	least += .2 * t.leastPlot
	for _, b := range p.blocks {
		var ends vg.Length
		for _, e := range b.ends {
			ends += e.style(t).height(e.lines(t))
		}
		if ends > 0 {
			least = max(least, ends*vg.Length(p.weights()/b.weight))
		}
	}
	return least
}

func (p *page) headHeight() vg.Length {
	t := p.theme
	return t.pt(pagePad) + t.title.height(p.title) + t.subtitle.height(p.subtitle) + t.pt(10) + p.above.headHeight(t)
}

// axisHeight is that of the labels under a line of panels.
func (p *page) axisHeight(line []block) vg.Length {
	count := 0
	for _, b := range line {
		if !b.labelled {
			continue
		}
		for _, tick := range b.xTicks {
			count = max(count, 1+strings.Count(tick.Label, "\n"))
		}
		if b.x.caption != "" {
			count = max(count, 2)
		}
	}
	if count == 0 {
		return 0
	}
	return p.theme.pt(5) + vg.Length(count)*p.theme.label.leading()
}

func (p *page) footHeight() vg.Length {
	t := p.theme
	return t.pt(6) + t.status.height(p.status) + t.foot.height(p.rest) + t.pt(pagePad-2)
}

func (p *page) lineHead(line []block) vg.Length {
	var h vg.Length
	for _, b := range line {
		h = max(h, b.headHeight(p.theme))
	}
	return h
}

func (b block) headHeight(t theme) vg.Length {
	h := t.strong.height(b.title) + t.label.height(b.header) + t.label.leading()*vg.Length(len(b.legend)) + t.foot.height(b.grey)
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
	p.above.drawHead(c, t, x, y+p.above.headHeight(t), t.width-2*x)
	for i, line := range p.lines() {
		if i > 0 {
			y -= t.pt(panelGap)
		}
		y = p.drawLine(c, line, y) - p.axisHeight(line)
	}
	y -= t.pt(6)
	y = t.status.writeDown(c, x, y, left, p.status)
	t.foot.writeDown(c, x, y, left, p.rest)
}

// drawLine draws panels that stand side by side, whose heads begin at y, and
// returns where their plot areas end.
func (p page) drawLine(c draw.Canvas, line []block, y vg.Length) vg.Length {
	top := y - p.lineHead(line)
	if line[0].line == 0 {
		top -= p.strip
	}
	for _, b := range line {
		b.drawHead(c, p.theme, p.begin(b.column), y, p.column)
		a := area{Canvas: c, theme: p.theme, x: b.x.scale(), y: b.scale()}
		a.Rectangle = vg.Rectangle{Min: vg.Point{X: b.left, Y: top - b.plot}, Max: vg.Point{X: b.right, Y: top}}
		switch {
		case b.cells != nil:
			b.drawCells(a)
		case b.categories != nil:
			b.drawCategories(a)
		case b.axis != nil:
			b.draw(a, b.ticks, nil) // events stand on the figure's axis
		default:
			b.draw(a, b.ticks, p.verticals)
		}
		if b.line == 0 && b.column == 0 && p.columns == 1 {
			p.drawStrip(a)
		}
		a.StrokeLine2(a.style(zeroGrey, hairWidth, nil), a.Min.X, a.Min.Y, a.Max.X, a.Min.Y)
		if b.labelled {
			b.drawXAxis(a)
		}
	}
	return top - line[0].plot
}

func (b block) drawHead(c draw.Canvas, t theme, x, y, width vg.Length) {
	y = t.strong.writeDown(c, x, y, left, b.title)
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

// drawXAxis writes the tick labels under a plot area.
func (b block) drawXAxis(a area) {
	t, y := a.theme, a.Min.Y
	for _, tick := range b.xTicks {
		x := a.X(a.x.norm(tick.Value))
		a.StrokeLine2(a.style(zeroGrey, hairWidth, nil), x, y, x, y-t.pt(3))
		t.label.writeDown(a, x, y-t.pt(4), center, strings.Split(tick.Label, "\n"))
	}
	caption := t.label.shorten(b.x.caption, b.right-t.pt(pagePad))
	t.label.write(a, b.right, y-t.pt(4)-1.95*t.label.font.Size-.22*t.label.font.Size, right, caption)
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}
