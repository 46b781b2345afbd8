package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"sort"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// SweepAxis is the values of a parameter of a sweep.
type SweepAxis struct {
	Parameter string    // written at the axis: "share of algorithmic money"
	Values    []float64 // strictly increasing
	Unit      Unit
}

// SweepPanel is the outcomes at one value of a third parameter.
type SweepPanel struct {
	Name    string      // "margin 10 %"; may be empty where there is one panel
	Outcome [][]float64 // a row for each value of Y, in it one for each value of X; NaN: the run failed
}

// SweepMapData is an outcome over two parameters, and perhaps over a third.
type SweepMapData struct {
	Frame
	X, Y          SweepAxis
	Outcome       string // what is shown: "largest fall"
	Unit          Unit   // of the outcome
	Panels        []SweepPanel
	Threshold     float64 // value of the outcome whose contour is drawn; NaN for none
	ThresholdName string  // "tipping point"; default "threshold"
}

// A page holds so many maps, and a map so many values of a parameter.
const (
	mostMaps  = 9
	mostSteps = 200
)

// SweepMap shows an outcome as the colour of cells, all as large as each other whatever the
// distances between values: positive outcomes blue and negative ones vermilion, the stronger
// the darker, on one scale for all maps. The contour of the threshold is interpolated
// between the middles of cells. Cells whose run failed are hatched.
func SweepMap(d SweepMapData) (Figure, error) {
	c := check{chart: "sweep map"}
	c.sweepAxis("x", d.X)
	c.sweepAxis("y", d.Y)
	c.maps(d)
	threshold := c.number("threshold", d.Threshold)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	colors := newMapColors(d.Panels, d.Unit)
	f := Figure{frame: d.Frame, x: xAxis{pos: []float64{0, float64(len(d.X.Values))}, ticks: d.X.ticks}}
	across := "; across: " + d.X.Parameter
	if len(d.Panels) == 1 {
		f.x.caption, across = d.X.Parameter, ""
	}
	keys := colors.keys()
	if !math.IsNaN(threshold) {
		keys = append(keys, key{cmp.Or(d.ThresholdName, "threshold") + " " + d.Unit.short(threshold), ink, true, nil})
	}
	for i, m := range d.Panels {
		p := panel{title: m.Name, weight: 1, steps: d.Y.steps(), beside: i%beside(len(d.Panels)) > 0}
		if i == 0 {
			p.heading, p.keys, p.above = cmp.Or(d.Outcome, "outcome")+across+"; upwards: "+d.Y.Parameter, keys, true
		}
		p.fill(mapCells{m.Outcome, colors})
		if !math.IsNaN(threshold) {
			p.add(contour{segments(m.Outcome, threshold)})
		}
		f.panels = append(f.panels, p)
	}
	return f, nil
}

// beside is how many of n maps stand beside each other.
func beside(n int) int {
	if n == 4 {
		return 2
	}
	return min(n, 3)
}

func (c *check) sweepAxis(name string, a SweepAxis) {
	if n := len(a.Values); n < 1 || n > mostSteps {
		c.fault("%s has %d values, expected 1 to %d", name, n, mostSteps)
	}
	if strings.TrimSpace(a.Parameter) == "" {
		c.fault("%s has no parameter", name)
	}
	c.finite(name, a.Values)
	for i, v := range a.Values {
		if math.IsNaN(v) || i > 0 && v <= a.Values[i-1] {
			c.fault("%s[%d] is %v, expected ascending values", name, i, v)
			return
		}
	}
}

// maps validates the outcomes.
func (c *check) maps(d SweepMapData) {
	if n := len(d.Panels); n < 1 || n > mostMaps {
		c.fault("%d maps, expected 1 to %d", n, mostMaps)
	}
	some := false
	for i, m := range d.Panels {
		name := fmt.Sprintf("panels[%d]", i)
		if len(d.Panels) > 1 {
			name = c.named(name, m.Name)
		}
		if len(m.Outcome) != len(d.Y.Values) {
			c.fault("%s has %d rows, y has %d values", name, len(m.Outcome), len(d.Y.Values))
			continue
		}
		for k, row := range m.Outcome {
			field := fmt.Sprintf("%s, row %d", name, k)
			if len(row) != len(d.X.Values) {
				c.fault("%s has %d values, x has %d", field, len(row), len(d.X.Values))
			}
			c.finite(field, row)
			some = some || !absent(row)
		}
	}
	if !some && len(c.faults) == 0 {
		c.fault("no outcome has a value")
	}
}

// steps label the middle of every step with its value.
func (a SweepAxis) steps() []plot.Tick {
	var ticks []plot.Tick
	for k, v := range a.Values {
		ticks = append(ticks, plot.Tick{Value: float64(k) + .5, Label: a.Unit.short(v)})
	}
	return ticks
}

// ticks are as many of the steps as fit.
func (a SweepAxis) ticks(_ scale, fits func(string) int) []plot.Tick {
	steps := a.steps()
	most := len(steps)
	for _, s := range steps {
		most = min(most, fits(s.Label))
	}
	return thinned(steps, most)
}

// thinned keeps the first of every 1, 2, 5, 10, … ticks, so that at most so many are left: of
// evenly spaced values the rounder ones.
func thinned(ticks []plot.Tick, most int) []plot.Tick {
	var kept []plot.Tick
	for power := 1; ; power *= 10 {
		for _, m := range []int{1, 2, 5} {
			every := m * power
			if (len(ticks)+every-1)/every > max(most, 1) {
				continue
			}
			for k := 0; k < len(ticks); k += every {
				kept = append(kept, ticks[k])
			}
			return kept
		}
	}
}

// mapColors are classes of outcomes with round borders, one of them at 0 where
// outcomes lie on both sides of it.
type mapColors struct {
	unit    Unit
	borders []float64 // ascending: class k is from borders[k] to borders[k+1]
	step    float64   // of which all borders are multiples
	failed  bool
}

// mostClasses is how many shades the eye can find in a legend.
const mostClasses = 8

// newMapColors makes classes of equal width, or, where most outcomes would be of
// one colour, of about as many outcomes each.
func newMapColors(panels []SweepPanel, unit Unit) mapColors {
	m := mapColors{unit: unit}
	var all []float64
	for _, p := range panels {
		for _, v := range slices.Concat(p.Outcome...) {
			if math.IsNaN(v) {
				m.failed = true
				continue
			}
			all = append(all, v)
		}
	}
	slices.Sort(all)
	lo, hi := reach(all)
	even := flat(lo, hi)
	if even {
		s := fit(lo, hi, false)
		lo, hi = s.lo, s.hi
	}
	m.step = roundStep(hi-lo, mostClasses)
	m.borders = multiplesAround(lo, hi, m.step)
	if !even && m.fullest(all) > .6 {
		m.step = roundStep(hi-lo, 8*mostClasses)
		m.borders = quantilesAround(all, m.step)
	}
	return m
}

// multiplesAround are the multiples of a step from the last below lo to the first
// from hi on; a highest value that is a multiple needs no class of its own.
func multiplesAround(lo, hi, step float64) []float64 {
	var list []float64
	for k := math.Floor(lo/step + 1e-9); ; k++ {
		list = append(list, k*step)
		if len(list) > 1 && (k*step > hi || k*step >= hi*(1-1e-12) && hi > 0) {
			return list
		}
	}
}

// quantilesAround are multiples of a step near values that cut a sorted list into as
// many parts as there are shades.
func quantilesAround(sorted []float64, step float64) []float64 {
	n := len(sorted)
	all := multiplesAround(sorted[0], sorted[n-1], step)
	list := []float64{all[0], all[len(all)-1]}
	if all[0] < 0 && all[len(all)-1] > 0 {
		list = append(list, 0)
	}
	for k := 1; k < mostClasses-1; k++ {
		list = append(list, math.Round(sorted[k*n/(mostClasses-1)]/step)*step)
	}
	slices.Sort(list)
	list = slices.CompactFunc(list, func(a, b float64) bool { return math.Abs(a-b) < step/2 })
	return list
}

// fullest is the share of outcomes in the class that has most.
func (m mapColors) fullest(outcomes []float64) float64 {
	count := make([]int, len(m.borders))
	for _, v := range outcomes {
		count[m.class(v)]++
	}
	return float64(slices.Max(count)) / float64(len(outcomes))
}

// class is that of a value; the outer ones hold what lies beyond.
func (m mapColors) class(v float64) int {
	above := sort.Search(len(m.borders), func(i int) bool { return m.borders[i] > v+1e-9*m.step })
	return max(0, min(above-1, m.classes()-1))
}

func (m mapColors) classes() int { return len(m.borders) - 1 }

// of is the colour of an outcome.
func (m mapColors) of(v float64) color.NRGBA {
	if math.IsNaN(v) {
		return unknown
	}
	return m.shade(m.class(v))
}

// shade is light near 0 or, where all outcomes lie on one side of it, at the class next to it.
func (m mapColors) shade(class int) color.NRGBA {
	below := sort.Search(m.classes(), func(k int) bool { return m.borders[k] > -m.step/2 }) // classes below 0
	hue, rank := blue, class-below
	if class < below {
		hue, rank = vermilion, below-1-class
	}
	ranks := max(below, m.classes()-below) - 1
	share := float64(rank) / float64(max(ranks, 1))
	if share < .6 {
		return tint(hue, .85*(1-share/.6))
	}
	return dark(hue, .55*(share-.6)/.4)
}

// keys are the classes from the lowest.
func (m mapColors) keys() []key {
	var keys []key
	top := max(math.Abs(m.borders[0]), math.Abs(m.borders[m.classes()]))
	write := func(k int) string { return m.unit.label(m.borders[k], m.step, top) }
	for k := range m.classes() {
		keys = append(keys, key{write(k) + " to " + write(k+1), m.shade(k), false, nil})
	}
	if m.failed {
		keys = append(keys, key{"run failed", unknown, false, nil})
	}
	return keys
}

// mapCells fills a cell for each outcome.
type mapCells struct {
	outcome [][]float64
	colors  mapColors
}

func (m mapCells) bounds() (lo, hi float64) { return 0, float64(len(m.outcome)) }

// draw fills cells to the edges of dots of the picture, so that neighbours leave no seam.
func (m mapCells) draw(a area) {
	for k, row := range m.outcome {
		for i, v := range row {
			low, high := a.at(float64(i), float64(k)), a.at(float64(i+1), float64(k+1))
			low, high = vg.Point{X: a.snap(low.X), Y: a.snap(low.Y)}, vg.Point{X: a.snap(high.X), Y: a.snap(high.Y)}
			if c := m.colors.of(v); c == unknown {
				hatch(a.Canvas, a.theme, low, high)
			} else {
				a.FillPolygon(c, rectangle(low.X, low.Y, high.X, high.Y))
			}
		}
	}
}
