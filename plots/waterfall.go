package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"strings"
)

// Step is one change on the way from a start to an end.
type Step struct {
	Name   string
	Kind   string  // of the mechanism, for the colour; empty: green up and vermilion down, as flows
	Value  float64 // signed, in the unit of the chart
	Range  Range   // optional: of the value, which it contains
	Remark string  // optional: beside the bar, above the range
}

// WaterfallData leads from a start to an end by named steps.
type WaterfallData struct {
	Frame
	Unit      Unit
	StartName string // empty: the start has no row, as where it is zero
	Start     float64
	Steps     []Step
	EndName   string  // default "total"
	End       float64 // NaN: start plus steps
}

// Waterfall shows every step as a bar that begins where the one above ended. An
// end that is not start plus steps, to a millionth, is an error: what is
// unexplained is a step of its own. Where the steps are small beside the level, the axis does not begin at
// zero, and start and end are strokes in place of bars.
func Waterfall(d WaterfallData) (Figure, error) {
	c := check{chart: "waterfall"}
	p := c.waterfall(d)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	return Figure{frame: d.Frame, panels: []panel{p}}, nil
}

// waterfall is the panel of a waterfall.
func (c *check) waterfall(d WaterfallData) panel {
	if len(d.Steps) == 0 {
		c.fault("there are no steps")
	}
	c.few(len(d.Steps))
	d.Start, d.End = c.level("start", d.Start), c.number("end", d.End)
	write := d.write()
	w := staircase{level: d.Start, low: d.Start, high: d.Start}
	rows := make([]category, len(d.Steps))
	seen := hues{}
	for i, s := range d.Steps {
		rows[i] = c.step(fmt.Sprintf("steps[%d]", i), s, w.level, withSign(write))
		if s.Kind != "" {
			rows[i].color = seen.next(rows[i].color, areaShades)
		}
		w.climb(rows[i].to)
	}
	if off := math.Abs(d.End - w.level); off > 1e-6*w.size() {
		c.fault("start and steps add up to %v, the end is %v: what is unexplained must be a step", w.level, d.End)
	}
	p := panel{unit: d.Unit, axis: valueAxis(d.Unit), categories: rows}
	if d.StartName != "" {
		p.categories = append([]category{w.total(d.StartName, d.Start, write)}, rows...)
	}
	for i := range p.categories {
		p.categories[i].linked = true
	}
	p.categories = append(p.categories, w.total(cmp.Or(d.EndName, "total"), w.level, write))
	if w.aloft() {
		p.note = "the axis does not begin at zero"
	}
	return p
}

// level is a number that must have a value.
func (c *check) level(name string, v float64) float64 {
	if math.IsNaN(v) {
		c.fault("%s has no value", name)
	}
	return c.number(name, v)
}

// write gives money three digits and percentages one number of decimals, so that
// they are seen to add up.
func (d WaterfallData) write() func(float64) string {
	if d.Unit != Percent {
		return d.Unit.short
	}
	values := [][]float64{{d.Start}, {d.End}}
	for _, s := range d.Steps {
		values = append(values, []float64{s.Value})
	}
	return printed(values...)
}

// step is the row of a step from a level.
func (c *check) step(field string, s Step, level float64, write func(float64) string) category {
	name := c.named(field, s.Name)
	if s.Name != "" {
		field = name
	}
	s.Value = c.level(field, s.Value)
	row := category{name: name, from: level, to: level + s.Value, text: write(s.Value), color: s.color(), before: s.Value < 0}
	low, high := c.within(field, s.Value, s.Range)
	row.low, row.high = level+low, level+high
	row.remark = strings.TrimSpace(s.Remark + "\n" + Range{low, high}.written(write))
	return row
}

func (s Step) color() color.NRGBA {
	switch {
	case s.Kind != "":
		return colorOf(s.Kind)
	case s.Value < 0:
		return vermilion
	}
	return green
}

// staircase is the level of a waterfall and the range it has been through.
type staircase struct{ level, low, high float64 }

// climb takes a step to another level.
func (w *staircase) climb(level float64) {
	w.level = level
	w.low, w.high = min(w.low, level), max(w.high, level)
}

// size is the largest level without its sign.
func (w staircase) size() float64 { return max(math.Abs(w.low), math.Abs(w.high)) }

// aloft tells whether the whole staircase is so far from zero that an axis from
// there would leave it too little room.
func (w staircase) aloft() bool { return w.low*w.high > 0 && w.high-w.low < w.size()/3 }

// total is the row of a start or an end.
func (w staircase) total(name string, v float64, write func(float64) string) category {
	row := category{name: name, to: v, low: math.NaN(), high: math.NaN(), color: ink, text: write(v), before: v < 0, strong: true, shape: levelBar}
	if w.aloft() {
		row.from, row.shape = v, stroke
	}
	return row
}
