package plots

import (
	"cmp"
	"image/color"
	"math"
)

// SplitData is the flow of funds in two parts: investors' own decisions, and
// arbitrage that holds the fund against futures.
type SplitData struct {
	Frame
	Timeline
	Events        []Event
	Discretionary []float64 // optional: USD per point, inflow > 0; NaN where none was published
	Arbitrage     []float64 // optional: USD per point
	Name          string    // of a flow, in the heading; default "Net flow"
	Basis         []float64 // optional: fraction a year
	Hurdle        []float64 // optional: fraction a year, what arbitrage costs: the rate and the fees
}

// Split shows both parts as bars stacked up and down from zero, their running
// sums, and the basis beside the hurdle below which arbitrage does not pay. Long
// timelines are gathered: the heading says per what the bars are.
func Split(d SplitData) (Figure, error) {
	c := check{chart: "split"}
	x := c.timeline(d.Timeline)
	parts := []flowPart{
		{"discretionary", vermilion, vermilion, c.optional("discretionary", d.Discretionary)},
		{"arbitrage", brown, tint(brown, .5), c.optional("arbitrage", d.Arbitrage)},
	}
	if parts[0].flow == nil && parts[1].flow == nil {
		c.fault("neither discretionary nor arbitrage has a value")
	}
	basis, hurdle := c.optional("basis", d.Basis), c.optional("hurdle", d.Hurdle)
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	b := d.bins(x)
	x.widen(b)
	panels := []panel{stackedFlows(cmp.Or(d.Name, "Net flow")+" "+b.per+", USD", b, parts), d.sums(x, parts)}
	if basis != nil || hurdle != nil {
		panels = append(panels, carry(x, x.pos[d.Start], basis, hurdle))
	}
	return Figure{d.Frame, x, marks, panels}, nil
}

// flowPart is one part of a flow; its flow is nil if it is absent.
type flowPart struct {
	name  string
	color color.NRGBA // of its line
	bar   color.NRGBA // of its bars: one is lighter, to be told apart without colours
	flow  []float64
}

// stackedFlows lays what is positive on top of each other upwards from zero and
// what is negative downwards.
func stackedFlows(heading string, b bins, parts []flowPart) panel {
	p := panel{heading: heading, weight: 1.4, unit: USD, zero: true, note: b.partial()}
	up, down := make([]float64, len(b.x)), make([]float64, len(b.x))
	for _, part := range parts {
		if part.flow == nil {
			continue
		}
		flow := b.sum(part.flow)
		from, to := nan(len(flow)), nan(len(flow))
		for i, v := range flow {
			height := up
			if v < 0 {
				height = down
			}
			if !math.IsNaN(v) {
				from[i] = height[i]
				height[i] += v
				to[i] = height[i]
			}
		}
		p.fill(bars{x: b.x, from: from, to: to, width: b.width, color: func(int) color.NRGBA { return part.bar }})
		p.keys = append(p.keys, key{part.name, part.bar, false, nil})
	}
	return p
}

// sums are running sums from the first flow on. An absent flow leaves them as they
// were.
func (d SplitData) sums(x xAxis, parts []flowPart) panel {
	total, first := nan(len(x.pos)), len(x.pos)
	p := panel{weight: 1, unit: USD, zero: true}
	present := 0
	for _, part := range parts {
		if part.flow == nil {
			continue
		}
		present++
		for i, v := range part.flow {
			if !math.IsNaN(v) {
				first = min(first, i)
				total[i] = v + ifAbsent(total[i], 0)
			}
		}
		at, sum := runningSum(x.pos, part.flow)
		l := line{x: at, y: sum, color: part.color, width: lineWidth}
		p.path(l, x.pos[d.Start])
		p.end(part.name, l, false)
	}
	if present > 1 {
		at, sum := runningSum(x.pos, total)
		p.subject("both", line{x: at, y: sum, color: ink, width: subjectWidth}, x.pos[d.Start])
	}
	p.heading = "Running sum from " + d.point(first) + ", USD"
	return p
}

func ifAbsent(v, otherwise float64) float64 {
	if math.IsNaN(v) {
		return otherwise
	}
	return v
}

func carry(x xAxis, start float64, basis, hurdle []float64) panel {
	p := panel{heading: "Futures basis, % a year", weight: 1, unit: Percent}
	if hurdle != nil {
		p.line("hurdle", line{x.pos, hurdle, textGrey, lineWidth, dashed}, false)
	}
	if basis != nil {
		p.subject("basis", line{x: x.pos, y: basis, color: brown, width: subjectWidth}, start)
	}
	return p
}
