package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"github.com/ebb-sim/ebb/sim/stats"
)

// MorrisEffect is the elementary effects of a parameter on an outcome.
type MorrisEffect struct {
	Parameter string
	MuStar    stats.Estimate // mean size
	Sigma     stats.Estimate // standard deviation
}

// MorrisPlaneData is the effects of several parameters on one outcome.
type MorrisPlaneData struct {
	Frame
	Unit     Unit // of the outcome
	Effects  []MorrisEffect
	Interval string // what the crosses are: "95 % interval"; default "interval"
	Note     string // optional: what the reader must know, as that runs failed
}

// Parameters are named in the plane, but not the smallest, which lie in a heap.
const (
	mostNamed = 12
	heap      = .15 // of the largest effect
)

// MorrisPlane shows each parameter by the mean size of its effects and their standard
// deviation. On the right is what matters, near the left edge what may be left out. Towards
// the top effects differ from place to place: they are not linear, or depend on other
// parameters. Dashed lines are of deviations of 0.1, 0.5 and 1 times the size: below them
// effects are almost linear, monotonic, and almost monotonic (Garcia Sanchez, Lacarrière,
// Musy and Bourges, 2014, Energy and Buildings 68).
func MorrisPlane(d MorrisPlaneData) (Figure, error) {
	c := check{chart: "Morris plane"}
	var points []planePoint
	for i, e := range d.Effects {
		if p, ok := c.effect(fmt.Sprintf("effects[%d]", i), e); ok {
			points = append(points, p)
		}
	}
	if len(points) == 0 {
		c.fault("no effect has a size and a deviation")
	}
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	right := 0.
	for _, p := range points {
		_, far := reach([]float64{p.x, p.xHigh})
		right = max(right, far)
	}
	if right == 0 {
		right = 1
	}
	right *= 1.05
	x := xAxis{pos: []float64{0, right}, caption: "mean size of effects, μ*", ticks: valueTicks(d.Unit)}
	p := panel{heading: "Standard deviation of effects, σ; an effect is the change of the outcome for a move through the whole range", weight: 2, unit: d.Unit, zero: true}
	p.slopes(points, right)
	p.add(crosses(points))
	p.note = joined(crossed(points, d.Interval), "dashed: σ of 1, 0.5 and 0.1 times μ*", p.nameLargest(points), d.Note)
	return Figure{d.Frame, x, nil, []panel{p}}, nil
}

// A planePoint is a parameter's place; NaN ends are absent.
type planePoint struct {
	name           string
	x, xLow, xHigh float64
	y, yLow, yHigh float64
}

func (c *check) effect(field string, e MorrisEffect) (planePoint, bool) {
	name := c.named(field, e.Parameter)
	p := planePoint{name: name}
	p.x, p.xLow, p.xHigh = c.size(name+" μ*", e.MuStar)
	p.y, p.yLow, p.yHigh = c.size(name+" σ", e.Sigma)
	return p, !math.IsNaN(p.x) && !math.IsNaN(p.y)
}

// size is an estimate of what cannot be negative.
func (c *check) size(field string, e stats.Estimate) (v, low, high float64) {
	v, low, high = c.number(field, e.Value), c.number(field+" low", e.Low), c.number(field+" high", e.High)
	if v < 0 || low < 0 || low > high {
		c.fault("%s: found %v in %v to %v, expected 0 or more, and ends in their order", field, v, low, high)
	}
	return v, low, high
}

// slopes adds the lines of deviations in proportion to the size, as far as the plot goes.
func (p *panel) slopes(points crosses, right float64) {
	_, top := points.bounds()
	for _, slope := range []float64{1, .5, .1} {
		end := min(right, top/slope)
		p.add(line{x: []float64{0, end}, y: []float64{0, slope * end}, color: newsGrey, width: thinWidth, dashes: dashed})
	}
}

// nameLargest labels the parameters with the largest effects and returns the names of the
// others.
func (p *panel) nameLargest(points []planePoint) string {
	order := slices.Clone(points)
	slices.SortStableFunc(order, func(a, b planePoint) int { return cmp.Compare(b.x, a.x) })
	var others []string
	for i, q := range order {
		label := endLabel{x: q.x, y: q.y, text: q.name, color: blue, strong: true}
		if i >= mostNamed || q.x <= heap*order[0].x {
			others = append(others, q.name)
			label.text = "" // the others keep away from it
		}
		p.inside = append(p.inside, label)
	}
	if others == nil {
		return ""
	}
	return "without a name, the largest first: " + strings.Join(others, ", ")
}

// crossed says what crosses are where there are some.
func crossed(points []planePoint, interval string) string {
	for _, p := range points {
		if p.xLow < p.xHigh || p.yLow < p.yHigh {
			return "crosses: " + cmp.Or(interval, "interval")
		}
	}
	return ""
}

// crosses are points with the intervals of both coordinates.
type crosses []planePoint

func (l crosses) bounds() (lo, hi float64) {
	lo, hi = reach()
	for _, p := range l {
		from, to := reach([]float64{p.y, p.yLow, p.yHigh})
		lo, hi = min(lo, from), max(hi, to)
	}
	return lo, hi
}

func (l crosses) draw(a area) {
	style := a.style(crossColor, lineWidth, nil)
	for _, p := range l {
		at := a.at(p.x, p.y)
		if p.xLow < p.xHigh {
			a.StrokeLine2(style, a.at(p.xLow, p.y).X, at.Y, a.at(p.xHigh, p.y).X, at.Y)
		}
		if p.yLow < p.yHigh {
			a.StrokeLine2(style, at.X, a.at(p.x, p.yLow).Y, at.X, a.at(p.x, p.yHigh).Y)
		}
	}
	for _, p := range l {
		a.dot(a.at(p.x, p.y), blue, 2.6)
	}
}

// inside is how much of the crosses runs through a box: across, and upright.
func (l crosses) inside(a area, box vg.Rectangle) vg.Length {
	var sum vg.Length
	for _, p := range l {
		at := a.at(p.x, p.y)
		if low, high := a.at(p.xLow, p.y), a.at(p.xHigh, p.y); at.Y > box.Min.Y && at.Y < box.Max.Y && p.xLow < p.xHigh {
			sum += max(0, min(high.X, box.Max.X)-max(low.X, box.Min.X))
		}
		if low, high := a.at(p.x, p.yLow), a.at(p.x, p.yHigh); at.X > box.Min.X && at.X < box.Max.X && p.yLow < p.yHigh {
			sum += max(0, min(high.Y, box.Max.Y)-max(low.Y, box.Min.Y))
		}
	}
	return sum
}

var crossColor = tint(blue, .55)
