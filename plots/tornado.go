package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// TornadoEnd is the outcome with a parameter at one end of its range.
type TornadoEnd struct {
	Value   string  // of the parameter, as it is written: "5 %"
	Outcome float64 // NaN where the run failed
}

// TornadoBar is what a parameter does to an outcome while the others stay as they are.
type TornadoBar struct {
	Parameter string
	Low, High TornadoEnd
}

// TornadoData is an outcome at the ends of the range of each of several parameters.
type TornadoData struct {
	Frame
	Outcome string  // what is on the axis: "largest fall"
	Unit    Unit    // of the outcome
	Base    float64 // outcome with every parameter as it is
	Bars    []TornadoBar
}

// The colours of the ends of a range.
var (
	lowColor  = tint(blue, .55)
	highColor = blue
)

// Tornado shows bars from the base to the outcomes at both ends of a parameter's range, the
// widest on top. Where both lie on one side of the base, the shorter bar is over the longer.
// Beside the bars stand the ends, and what they make of the outcome.
func Tornado(d TornadoData) (Figure, error) {
	c := check{chart: "tornado"}
	p := panel{heading: cmp.Or(d.Outcome, "Outcome"), axis: valueAxis(d.Unit),
		keys: []key{{"parameter at its low end", lowColor, false, nil}, {"at its high end", highColor, false, nil}}}
	if math.IsNaN(c.number("base", d.Base)) && len(c.faults) == 0 {
		c.fault("the base has no value")
	}
	for i, bar := range d.Bars {
		field := fmt.Sprintf("bars[%d]", i)
		name := c.named(field, bar.Parameter)
		p.categories = append(p.categories, c.swing(name, d, bar))
	}
	c.some("bar", p.categories)
	c.few(len(p.categories))
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	slices.SortStableFunc(p.categories, func(a, b category) int { return cmp.Compare(width(b), width(a)) })
	p.rules = []float64{d.Base}
	p.note = "line: every parameter as it is, " + d.Unit.short(d.Base) + "; a bar: one of them moves"
	return Figure{frame: d.Frame, panels: []panel{p}}, nil
}

// swing is the row of one parameter.
func (c *check) swing(name string, d TornadoData, bar TornadoBar) category {
	end := func(what string, e TornadoEnd) category {
		v := c.number(name+" at its "+what, e.Outcome)
		row := category{name: name, from: d.Base, to: v, low: math.NaN(), high: math.NaN(), color: lowColor, remark: cmp.Or(e.Value, what) + ": " + noFigure}
		if what == "high" {
			row.color = highColor
		}
		if !math.IsNaN(v) {
			row.remark = cmp.Or(e.Value, what) + ": " + d.Unit.short(v)
		}
		return row
	}
	row, under := end("low", bar.Low), end("high", bar.High)
	remark := row.remark + "\n" + under.remark
	if math.IsNaN(row.to) || math.Abs(row.to-d.Base) > math.Abs(under.to-d.Base) {
		row, under = under, row
	}
	row.remark, row.under = remark, &under
	return row
}

// width is the range of outcomes of a row, the base included; -1 where there are none.
func width(c category) float64 {
	lo, hi := reach([]float64{c.to, c.under.to})
	if lo > hi {
		return -1
	}
	return max(hi, c.from) - min(lo, c.from)
}
