package plots

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// DrawdownPeriodsData is a price or what something is worth over time.
type DrawdownPeriodsData struct {
	Frame
	Timeline
	Events []Event
	Unit   Unit
	Price  []float64 // not negative; absent points are skipped; at least two
	Name   string    // at the end of the line
	Worst  int       // how many stays under water are shown: 1 to 8; default 5
}

// DrawdownPeriods shows a line with its longest way down: the worst stays below an
// earlier high are shaded from that high until it was reached again, numbered by depth,
// and listed with their dates under the line. The axis is logarithmic where the line
// spans more than a factor of three. [Drawdown] shows how far below the high it was.
func DrawdownPeriods(d DrawdownPeriodsData) (Figure, error) {
	c := check{chart: "drawdown periods"}
	x := c.timeline(d.Timeline)
	price := c.required("price", d.Price)
	marks := c.events(x, d.Timeline, d.Events)
	k := cmp.Or(d.Worst, 5)
	if k < 1 || k > 8 {
		c.fault("worst is %d, expected 1 to 8", d.Worst)
	}
	worst := c.worst("price", price, k)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p := panel{weight: 2, unit: d.Unit, log: manifold(price)}
	p.fill(stays{x.pos, worst})
	l := line{x: x.pos, y: price, color: ink, width: lineWidth}
	p.subject(d.Name, l, x.pos[d.Start])
	p.headroom(.1, price)
	p.add(ranks{x.pos, worst})
	if len(worst) == 0 {
		p.note = "never below an earlier high"
		return Figure{d.Frame, x, marks, []panel{p}}, nil
	}
	return Figure{d.Frame, x, marks, []panel{p, listed(d.Timeline, worst)}}, nil
}

// worst are the deepest drawdowns by indices of the timeline.
func (c *check) worst(name string, values []float64, k int) []stats.Drawdown {
	if len(c.faults) > 0 {
		return nil
	}
	index, present := compact(values)
	worst, err := stats.WorstDrawdowns(present, k)
	if err != nil {
		c.fault("%s: %w", name, err)
	}
	for i, w := range worst {
		worst[i].Peak, worst[i].Trough, worst[i].End = index[w.Peak], index[w.Trough], index[w.End]
	}
	return worst
}

// headroom extends the vertical axis upwards by a share of its length, for texts.
func (p *panel) headroom(share float64, series ...[]float64) {
	lo, hi := reach(series...)
	if p.log {
		p.add(space(math.Exp(math.Log(hi) + share*(math.Log(hi)-math.Log(lo)))))
		return
	}
	p.add(space(hi + share*(hi-lo)))
}

// stays shades the time of every drawdown, the deepest darkest.
type stays struct {
	x     []float64
	worst []stats.Drawdown
}

func (stays) bounds() (float64, float64) { return reach() }

func (s stays) draw(a area) {
	for i, w := range s.worst {
		from, to := a.at(s.x[w.Peak], a.y.hi).X, a.at(s.x[w.End], a.y.hi).X
		share := .68 + .2*float64(i)/float64(max(1, len(s.worst)-1))
		a.FillPolygon(tint(vermilion, share), rectangle(from, a.Min.Y, max(to, from+a.theme.pt(1)), a.Max.Y))
	}
}

// ranks numbers the drawdowns at the top, lower where two are close.
type ranks struct {
	x     []float64
	worst []stats.Drawdown
}

func (ranks) bounds() (float64, float64) { return reach() }

func (r ranks) draw(a area) {
	t, style := a.theme, a.theme.strong
	var taken []vg.Rectangle
	for i, w := range r.worst {
		text := strconv.Itoa(i + 1)
		width, height := style.width(text)+t.pt(3), style.leading()
		middle := (a.at(r.x[w.Peak], a.y.hi).X + a.at(r.x[w.End], a.y.hi).X) / 2
		low := vg.Point{X: max(a.Min.X, min(middle-width/2, a.Max.X-width)), Y: a.Max.Y - height}
		box := vg.Rectangle{Min: low, Max: low.Add(vg.Point{X: width, Y: height})}
		for covered(box, taken) > 0 {
			box.Min.Y, box.Max.Y = box.Min.Y-height, box.Max.Y-height
		}
		taken = append(taken, box)
		style.halo(a, (box.Min.X+box.Max.X)/2, box.Max.Y, center, []string{text})
	}
}

// listed is a panel that holds the dates of the drawdowns as a table.
func listed(t Timeline, worst []stats.Drawdown) panel {
	rows := [][]string{{"", "depth", "high", "lowest", "recovered", "under water"}}
	for i, w := range worst {
		back := "not yet"
		if w.Recovered {
			back = t.point(w.End)
		}
		rows = append(rows, []string{strconv.Itoa(i + 1), rough(w.Depth), t.point(w.Peak), t.point(w.Trough), back, t.span(w.Peak, w.End)})
	}
	none := &xAxis{pos: []float64{0, 1}, ticks: func(scale, func(string) int) []plot.Tick { return nil }}
	p := panel{weight: .13 * float64(len(rows)), bare: true, axis: none}
	p.add(columns{[]float64{.03, .17, .37, .57, .79, 1}, rows})
	return p
}

// span is the length of a stretch of a timeline.
func (t Timeline) span(from, to int) string {
	if t.Times == nil {
		return plural(to-from, "step")
	}
	length := t.Times[to].Sub(t.Times[from])
	switch days := length.Hours() / 24; {
	case days >= 2:
		return plural(int(math.Round(days)), "day")
	case length >= 2*time.Hour:
		return plural(int(math.Round(length.Hours())), "hour")
	}
	return plural(int(math.Round(length.Minutes())), "minute")
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%s%s%s", digits(float64(n), 0), nbsp, noun)
}

// columns is a table whose cells end at shares of the width; the first row is its head.
type columns struct {
	ends []float64
	rows [][]string
}

func (columns) bounds() (float64, float64) { return 0, 1 }

func (m columns) draw(a area) {
	t := a.theme
	style, pitch := t.label.in(ink), (a.Max.Y-a.Min.Y)/vg.Length(len(m.rows))
	for i, row := range m.rows {
		y := a.Max.Y - (vg.Length(i)+.5)*pitch
		if i > 0 {
			a.StrokeLine2(a.style(gridLine, hairWidth, nil), a.Min.X, y+pitch/2, a.Max.X, y+pitch/2)
		}
		for k, text := range row {
			s := style
			switch {
			case i == 0:
				s = t.foot
			case k == 0:
				s = t.strong
			}
			s.write(a, a.Min.X+vg.Length(m.ends[k])*(a.Max.X-a.Min.X), y-s.middle(), right, text)
		}
	}
}
