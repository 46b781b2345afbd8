package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
)

// BreakdownData is the flow of one period, cut in several ways.
type BreakdownData struct {
	Frame
	Dimensions []Dimension // "by asset", "by region"
}

// Dimension is one way to cut a flow.
type Dimension struct {
	Name  string // the heading: "By asset"
	Flows []DimensionFlow
}

// DimensionFlow is what one asset, region or issuer gained or lost.
type DimensionFlow struct {
	Name  string
	Value float64 // USD, inflow > 0; NaN where no figure is known
	Range Range   // of sources that disagree; it contains the value
	// Status is "reported", which is the same as empty, "pending", "conflicting"
	// or "disputed".
	Status string
}

// Breakdown shows the flows of one period as signed bars on one axis, a panel for
// every dimension. Where more money left than came, rows run from the largest
// outflow to the largest inflow, otherwise the other way. Figures that are pending, conflicting or disputed are hatched and say so, ranges
// are whiskers, and every value is printed, also where its bar is too short to be
// seen.
func Breakdown(d BreakdownData) (Figure, error) {
	c := check{chart: "breakdown"}
	panels := make([]panel, len(d.Dimensions))
	axis, net := valueAxis(USD), 0.
	var rows []category
	for i, dim := range d.Dimensions {
		name := c.named(fmt.Sprintf("dimensions[%d]", i), dim.Name)
		if len(dim.Flows) == 0 {
			c.fault("%s has no flows", name)
		}
		panels[i] = panel{heading: name + ", USD", unit: USD, axis: axis}
		for k, f := range dim.Flows {
			panels[i].categories = append(panels[i].categories, c.flow(fmt.Sprintf("%s: flows[%d]", name, k), f))
			if !math.IsNaN(f.Value) {
				net += f.Value
			}
		}
		rows = append(rows, panels[i].categories...)
	}
	c.some("flow", rows)
	c.few(len(rows))
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	for _, p := range panels {
		inOrder(p.categories, net < 0)
	}
	panels[0].keys = []key{{"inflow", green, false, nil}, {"outflow", vermilion, false, nil}}
	panels[0].note = explained(rows)
	return Figure{frame: d.Frame, panels: panels}, nil
}

// explained says what hatching and whiskers mean where they occur.
func explained(rows []category) string {
	var parts []string
	if slices.ContainsFunc(rows, func(c category) bool { return c.shape == hatchedBar && !math.IsNaN(c.to) }) {
		parts = append(parts, "hatched: pending, conflicting or disputed, as the remark says")
	}
	if slices.ContainsFunc(rows, func(c category) bool { return c.low < c.high }) {
		parts = append(parts, "line with caps: range of the sources")
	}
	return strings.Join(parts, "; ")
}

// statuses of a figure; those after the first two are not sure.
var statuses = []string{"", "reported", "pending", "conflicting", "disputed"}

// flow is the row of one flow.
func (c *check) flow(field string, f DimensionFlow) category {
	name := c.named(field, f.Name)
	if f.Name != "" {
		field = name
	}
	row := signedRow(name, c.number(field, f.Value), USD.short)
	row.low, row.high = c.within(field, f.Value, f.Range)
	ends := Range{row.low, row.high}.written(USD.short)
	at := slices.Index(statuses, f.Status)
	if at < 0 {
		c.fault("%s: unknown status %q, expected %s", field, f.Status, strings.Join(statuses[1:], ", "))
	}
	if at > 1 {
		row.shape, row.remark = hatchedBar, f.Status
	}
	switch {
	case ends == "":
	case math.IsNaN(f.Value): // the range is all that is known
		row.text, row.before = ends, row.high <= 0
	case row.remark == "":
		row.remark = ends
	default:
		row.remark += ": " + ends
	}
	return row
}

// signedRow is a bar from zero, inflow green and outflow vermilion.
func signedRow(name string, v float64, write func(float64) string) category {
	row := category{name: name, to: v, low: math.NaN(), high: math.NaN(), color: green, text: withSign(write)(v)}
	if math.IsNaN(v) {
		row.from, row.text = v, noFigure
	}
	if v < 0 {
		row.color, row.before = vermilion, true
	}
	return row
}

// inOrder sorts rows by value, absent ones last.
func inOrder(rows []category, lowFirst bool) {
	slices.SortStableFunc(rows, func(a, b category) int {
		if lowFirst && !math.IsNaN(a.to) && !math.IsNaN(b.to) {
			return cmp.Compare(a.to, b.to)
		}
		return cmp.Compare(b.to, a.to) // NaN is the least
	})
}
