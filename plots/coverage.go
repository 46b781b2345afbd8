package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
)

// Covered is the share of forecasts whose interval of a nominal probability held what
// came.
type Covered struct {
	Nominal   float64
	Share     float64 // NaN where there are no forecasts
	Low, High float64 // of the interval of the share; NaN where it is not asked for
}

// CoverageModel is a model with what its intervals held.
type CoverageModel struct {
	Name   string
	Kind   string    // for the colour, as in [PIT]
	Points []Covered // by ascending nominal probability
}

// CoveragePanel is one horizon.
type CoveragePanel struct {
	Name   string // "5 days ahead, 24 of 120 apart"
	Models []CoverageModel
}

// CoverageData is how often intervals of several models held what came, by horizon.
type CoverageData struct {
	Frame
	Panels []CoveragePanel
}

// A page holds so many panels of coverage beside each other, of so many models each.
const (
	mostCoverages     = 4
	mostCoveredModels = 5
)

// Coverage shows the share of forecasts inside a model's central intervals against the
// probability that the intervals claim. A right model lies on the diagonal; below it the
// intervals are too narrow. Where a share has an interval it is drawn, the models moved
// apart a little. A model without forecasts in a panel is left out of it.
func Coverage(d CoverageData) (Figure, error) {
	c := check{chart: "coverage"}
	if n := len(d.Panels); n < 1 || n > mostCoverages {
		c.fault("%d panels, expected 1 to %d", n, mostCoverages)
	}
	drawn := false
	for i, p := range d.Panels {
		name := c.named(fmt.Sprintf("panels[%d]", i), p.Name)
		if n := len(p.Models); n < 1 || n > mostCoveredModels {
			c.fault("%s: %d models, expected 1 to %d", name, n, mostCoveredModels)
		}
		for _, m := range p.Models {
			c.covered(name+", "+m.Name, m.Points)
			drawn = drawn || m.some()
		}
	}
	if !drawn && len(c.faults) == 0 {
		c.fault("no model has forecasts")
	}
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	f := Figure{frame: d.Frame, x: xAxis{pos: []float64{0, 1}, ticks: valueTicks(Percent), caption: "probability claimed"}}
	tones, keys := d.tones()
	for i, p := range d.Panels {
		drawn := p.panel(tones)
		drawn.beside = i > 0
		if i == 0 {
			drawn.keys, drawn.above = keys, true
		}
		f.panels = append(f.panels, drawn)
	}
	return f, nil
}

// modelDashes tell models apart without colours too.
var modelDashes = [mostCoveredModels][]float64{nil, {6, 1.5}, dotted, broken, {2, 1}}

// tones are the lines of the models of all panels, which share one legend.
func (d CoverageData) tones() (map[string]line, []key) {
	tones, seen := map[string]line{}, hues{}
	var keys []key
	for _, p := range d.Panels {
		for _, m := range p.Models {
			if _, known := tones[m.Name]; known || !m.some() {
				continue
			}
			l := line{color: seen.next(modelColor(m.Kind), lineShades), width: lineWidth, dashes: modelDashes[len(keys)%mostCoveredModels]}
			tones[m.Name] = l
			keys = append(keys, key{m.Name, l.color, true, l.dashes})
		}
	}
	return tones, keys
}

// some tells whether a model has a share.
func (m CoverageModel) some() bool {
	return slices.ContainsFunc(m.Points, func(p Covered) bool { return !math.IsNaN(p.Share) })
}

// covered blames what cannot be a share of an interval.
func (c *check) covered(name string, points []Covered) {
	before := 0.
	for k, p := range points {
		if !(p.Nominal > before && p.Nominal < 1) {
			c.fault("%s: nominal[%d] is %v, expected more than %v and less than 1", name, k, p.Nominal, before)
		}
		before = p.Nominal
		for _, v := range []float64{p.Share, p.Low, p.High} {
			if v < 0 || v > 1 {
				c.fault("%s: %v at %v, expected 0 to 1", name, v, p.Nominal)
			}
		}
		if p.Low > p.Share || p.High < p.Share {
			c.fault("%s: the interval from %v to %v at %v does not hold %v", name, p.Low, p.High, p.Nominal, p.Share)
		}
	}
}

// sideways is how far the intervals of neighbouring models are moved apart.
const sideways = .022

func (d CoveragePanel) panel(tones map[string]line) panel {
	p := panel{title: d.Name, weight: 1.6, unit: Percent}
	p.add(space(0), space(1), line{x: []float64{0, 1}, y: []float64{0, 1}, color: newsGrey, width: thinWidth, dashes: dashed})
	for i, m := range d.Models {
		if !m.some() {
			continue
		}
		curve := tones[m.Name]
		bars := uprights{color: curve.color}
		for _, q := range m.Points {
			curve.x, curve.y = append(curve.x, q.Nominal), append(curve.y, q.Share)
			if !math.IsNaN(q.Low) && !math.IsNaN(q.High) && !math.IsNaN(q.Share) {
				bars.x = append(bars.x, q.Nominal+sideways*(float64(i)-float64(len(d.Models)-1)/2))
				bars.y, bars.low, bars.high = append(bars.y, q.Share), append(bars.low, q.Low), append(bars.high, q.High)
			}
		}
		p.add(curve, bars)
	}
	return p
}

// uprights are points with their intervals, upright.
type uprights struct {
	x, y, low, high []float64
	color           color.NRGBA
}

func (u uprights) bounds() (float64, float64) { return reach(u.low, u.high) }

func (u uprights) draw(a area) {
	cap := a.theme.pt(2)
	for i, x := range u.x {
		low, high := a.at(x, u.low[i]), a.at(x, u.high[i])
		style := a.style(u.color, thinWidth, nil)
		a.StrokeLine2(style, low.X, low.Y, high.X, high.Y)
		a.StrokeLine2(style, low.X-cap, low.Y, low.X+cap, low.Y)
		a.StrokeLine2(style, high.X-cap, high.Y, high.X+cap, high.Y)
		a.dot(a.at(x, u.y[i]), u.color, 2.2)
	}
}
