package plots

import (
	"cmp"
	"math"
	"slices"
)

// ExposureData is the value of an indirect holding, and what changed it.
type ExposureData struct {
	Frame
	Timeline
	Events []Event
	Value  []float64 // USD per point
	Name   string    // of the holding, in the heading; default "Value of the holding"
	// Observed is what the holding was worth in the market, optional: USD per point.
	Observed     []float64
	ObservedName string // default "observed"
	// Steps lead from the first value at or after Start to the last: the price of
	// the coin, the premium of the share over what it holds, leverage.
	Steps []Step
}

// Exposure shows the value over time and, below, the way from its value at the
// start to the last one by named steps, which must add up.
func Exposure(d ExposureData) (Figure, error) {
	c := check{chart: "exposure"}
	x := c.timeline(d.Timeline)
	value, observed := c.required("value", d.Value), c.optional("observed", d.Observed)
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil { // the waterfall needs both ends
		c.waterfall(WaterfallData{Unit: USD, Steps: d.Steps, End: math.NaN()})
		return Figure{}, c.err()
	}
	top := panel{heading: cmp.Or(d.Name, "Value of the holding") + ", USD", weight: 1, unit: USD}
	name := ""
	if observed != nil {
		name = "simulated"
		top.line(cmp.Or(d.ObservedName, "observed"), line{x: x.pos, y: observed, color: textGrey, width: thinWidth}, false)
	}
	top.subject(name, line{x: x.pos, y: value, color: ink, width: subjectWidth}, x.pos[d.Start])
	from, to := d.Start, last(value)
	for from < to && math.IsNaN(value[from]) {
		from++
	}
	if from > to {
		c.fault("value has none from start, %d, on", d.Start)
		return Figure{}, c.err()
	}
	below := c.waterfall(WaterfallData{Unit: USD, StartName: d.point(from), Start: value[from], Steps: d.shares(value[from]),
		EndName: d.point(to), End: value[to]})
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	below.heading = "The change by component, USD"
	return Figure{d.Frame, x, marks, []panel{top, below}}, nil
}

// shares are the steps with their share of the value at the start as a remark,
// where they have no other.
func (d ExposureData) shares(start float64) []Step {
	steps := slices.Clone(d.Steps)
	for i, s := range steps {
		if share := s.Value / start; s.Remark == "" && start > 0 && math.Abs(share) <= largest {
			steps[i].Remark = rough(share) + " of the start"
		}
	}
	return steps
}
