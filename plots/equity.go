package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
)

// EquityData is what a strategy was worth over time.
type EquityData struct {
	Frame
	Timeline
	Events        []Event
	Unit          Unit      // of equity and benchmark
	Equity        []float64 // not negative; at least two points
	Name          string    // default "strategy"
	Benchmark     []float64 // optional: another line in the unit, such as holding the asset from the same start
	BenchmarkName string    // default "benchmark"
	Exposure      []float64 // optional: net weight from a point to the next, a fraction of equity; negative is short
	Buys, Sells   []int     // points of the timeline at which the strategy traded; the same one may stand in both
}

// mostTrades is how many triangles a reader tells apart.
const mostTrades = 60

// Equity shows what a strategy was worth beside its benchmark, its buys and sells as
// triangles where there are few, its net exposure and how far it stood below its
// highest. The axis is logarithmic where the lines span more than a factor of three.
func Equity(d EquityData) (Figure, error) {
	c := check{chart: "equity"}
	x := c.timeline(d.Timeline)
	equity, benchmark := c.required("equity", d.Equity), c.optional("benchmark", d.Benchmark)
	exposure := c.optional("exposure", d.Exposure)
	c.places("buys", d.Buys)
	c.places("sells", d.Sells)
	marks := c.events(x, d.Timeline, d.Events)
	under := c.underwater("equity", equity)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	name, other := cmp.Or(d.Name, "strategy"), cmp.Or(d.BenchmarkName, "benchmark")
	p := panel{heading: "Equity", weight: 2, unit: d.Unit, log: manifold(equity, benchmark)}
	if benchmark != nil {
		p.line(other, line{x: x.pos, y: benchmark, color: newsGrey, width: thinWidth}, false)
	}
	subject := line{x: x.pos, y: equity, color: ink, width: subjectWidth}
	p.subject(name, subject, x.pos[d.Start])
	p.trades(subject, d.Buys, d.Sells)
	panels := []panel{p}
	if exposure != nil {
		panels = append(panels, held(x, exposure))
	}
	return Figure{d.Frame, x, marks, append(panels, depths(x, under, name))}, nil
}

// places are indices of the timeline.
func (c *check) places(name string, at []int) {
	for i, k := range at {
		if k < 0 || k >= c.points {
			c.fault("%s[%d] is %d, expected 0 to %d", name, i, k, c.points-1)
			return
		}
	}
}

// manifold tells whether values are all above 0, by more than nothing, and span more than a factor of three:
// on a linear axis the early ones would then be flat.
func manifold(series ...[]float64) bool {
	lo, hi := reach(series...)
	return lo > least && lo < hi/3 // no value at all is +Inf to −Inf
}

// trades marks buys and sells on a line, or says how many there are if they are many.
func (p *panel) trades(l line, buys, sells []int) {
	n := len(buys) + len(sells)
	if n == 0 {
		return
	}
	if n > mostTrades {
		p.note = fmt.Sprintf("%s trades are too many to be marked", digits(float64(n), 0))
		return
	}
	p.add(triangles{l.x, l.y, slices.Clone(buys), true}, triangles{l.x, l.y, slices.Clone(sells), false})
	for _, k := range []struct {
		name  string
		at    []int
		color color.NRGBA
	}{{"buy", buys, green}, {"sell", sells, vermilion}} {
		if len(k.at) > 0 {
			p.keys = append(p.keys, key{k.name, k.color, false, nil})
		}
	}
}

// triangles stand below a line and point up to it where something is bought, above it
// and down where it is sold. A point without a value has none.
type triangles struct {
	x, y []float64
	at   []int
	up   bool
}

func (triangles) bounds() (float64, float64) { return reach() }

func (m triangles) draw(a area) {
	side, shade := vg.Length(1), vermilion
	if m.up {
		side, shade = -1, green
	}
	half, high, gap := a.theme.pt(2.8), side*a.theme.pt(5), side*a.theme.pt(2)
	for _, i := range m.at {
		if m.y[i] != m.y[i] {
			continue
		}
		p := a.at(m.x[i], m.y[i])
		shape := []vg.Point{{X: p.X, Y: p.Y + gap}, {X: p.X - half, Y: p.Y + gap + high}, {X: p.X + half, Y: p.Y + gap + high}}
		a.FillPolygon(dark(shade, .15), shape)
		a.StrokeLines(a.style(rgb(0xffffff), hairWidth, nil), append(shape, shape[0]))
	}
}

// held is the panel of a weight that lasts from each point to the next.
func held(x xAxis, weight []float64) panel {
	p := panel{heading: "Net exposure, share of equity", weight: .6, unit: Percent, zero: true}
	at, y := stairs(x.pos, weight)
	p.fill(ribbon{x: at, from: baseline(y), to: y, color: tint(ink, .72)})
	p.add(line{x: at, y: y, color: tint(ink, .35), width: hairWidth})
	p.end("", line{x: x.pos, y: weight, color: textGrey}, false)
	return p
}

// stairs doubles the points so that a value lasts until the next.
func stairs(x, y []float64) (at, values []float64) {
	for i := range x {
		at, values = append(at, x[i]), append(values, y[i])
		if i+1 < len(x) {
			at, values = append(at, x[i+1]), append(values, y[i])
		}
	}
	return at, values
}

// depths is the panel of how far a line stands below its highest so far.
func depths(x xAxis, under []float64, name string) panel {
	lowest, _ := reach(under)
	p := panel{heading: "Drawdown of " + name + ", at most " + rough(lowest), weight: .8, unit: Percent, zero: true, write: rough}
	p.fill(ribbon{x: x.pos, from: baseline(under), to: under, color: tint(vermilion, .72)})
	l := line{x: x.pos, y: under, color: vermilion, width: thinWidth}
	p.line("", l, false)
	p.add(space(min(lowest, -.01)))
	return p
}
