package plots

import (
	"cmp"
	"image/color"
	"math"
)

// FlowsData is money that comes in and goes out.
type FlowsData struct {
	Frame
	Timeline
	Events []Event
	Flow   []float64 // USD per point, inflow > 0; NaN where none was published
	Name   string    // of a flow, in the heading: "Daily net flow, USD"; default "Net flow, USD"
}

// Flows shows signed bars, inflow green and outflow vermilion, and below them
// their running sum from the first flow on. An absent flow has no bar and leaves
// the sum as it was.
func Flows(d FlowsData) (Figure, error) {
	c := check{chart: "flows"}
	x := c.timeline(d.Timeline)
	flow := c.required("flow", d.Flow)
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	width := x.spacing()
	x.edge = width / 2
	daily := panel{heading: cmp.Or(d.Name, "Net flow, USD"), weight: 1.4, unit: USD, zero: true,
		keys: []key{{"inflow", green, false, nil}, {"outflow", vermilion, false, nil}}}
	daily.fill(bars{x: x.pos, from: baseline(flow), to: flow, width: width, color: signed(flow)})
	first := runs(flow)[0][0]
	total := panel{heading: "Running sum from " + d.point(first) + ", USD", weight: 1, unit: USD, zero: true}
	at, sum := runningSum(x.pos, flow)
	total.fill(ribbon{x: at, from: make([]float64, len(at)), to: sum, color: gridGrey})
	total.subject("", line{x: at, y: sum, color: ink, width: subjectWidth}, x.pos[d.Start])
	daily.timeline = d.Timeline
	daily.tell("net flow", textGrey, flow)
	return Figure{d.Frame, x, marks, []panel{daily, total}}, nil
}

// baseline is zero where a value is present.
func baseline(values []float64) []float64 {
	zero := make([]float64, len(values))
	for i, v := range values {
		if math.IsNaN(v) {
			zero[i] = v
		}
	}
	return zero
}

func signed(values []float64) func(int) color.NRGBA {
	return func(i int) color.NRGBA {
		if values[i] < 0 {
			return vermilion
		}
		return green
	}
}

// runningSum adds up the values that are present, at their positions.
func runningSum(x, values []float64) (at, sum []float64) {
	total := 0.
	for i, v := range values {
		if !math.IsNaN(v) {
			total += v
			at, sum = append(at, x[i]), append(sum, total)
		}
	}
	return at, sum
}
