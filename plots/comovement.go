package plots

import (
	"fmt"
	"math"
)

// Run is one account of how two assets moved together.
type Run struct {
	Name        string    // "rotation", "common shock"
	A, B        []float64 // prices, USD
	Flow        []float64 // USD per step into B; zeros where nothing moves
	Correlation []float64 // optional: rolling, of the returns
}

// CoMovementData compares accounts of the same co-movement.
type CoMovementData struct {
	Frame
	Timeline
	A, B   string // names of the assets
	Window string // of the correlation, in the heading: "30 days"
	Runs   []Run  // two or three
}

// CoMovement shows the runs side by side on equal axes: both prices, 100 at the
// start, the cumulated flow into the second asset and, where given,
// the rolling correlation. A note says how far the prices of the runs are apart
// at most: where that is little, prices cannot tell the accounts apart.
func CoMovement(d CoMovementData) (Figure, error) {
	c := check{chart: "co-movement"}
	x := c.timeline(d.Timeline)
	if n := len(d.Runs); n < 2 || n > 3 {
		c.fault("%d runs, expected 2 or 3", n)
	}
	d.A, d.B = c.named("A", d.A), c.named("B", d.B)
	runs := make([]Run, len(d.Runs))
	for i, r := range d.Runs {
		runs[i] = c.run(fmt.Sprintf("runs[%d]", i), r, d.Start)
	}
	marks := c.events(x, d.Timeline, nil)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	lines := [][]panel{d.prices(x, runs), d.flows(x, runs), d.correlations(x, runs)}
	lines[0][0].note = d.apart(runs)
	var panels []panel
	for _, line := range lines {
		alike(line)
		panels = append(panels, line...)
	}
	return Figure{d.Frame, x, marks, panels}, nil
}

// run validates one run and indexes its prices.
func (c *check) run(field string, r Run, start int) Run {
	name := c.named(field, r.Name)
	a := c.prices(name+" price of A", c.required(name+" price of A", r.A))
	b := c.prices(name+" price of B", c.required(name+" price of B", r.B))
	checked := Run{name, c.indexed(name+" price of A", a, start), c.indexed(name+" price of B", b, start),
		c.required(name+" flow", r.Flow), c.optional(name+" correlation", r.Correlation)}
	c.correlations(name+" correlation", checked.Correlation)
	return checked
}

// indexed makes the first price from start on 100.
func (c *check) indexed(name string, price []float64, start int) []float64 {
	for i := max(0, start); i < len(price); i++ {
		if base := price[i]; !math.IsNaN(base) {
			for k := range price {
				price[k] *= 100 / base
			}
			c.finite(name+", start = 100,", price)
			return price
		}
	}
	if !absent(price) {
		c.fault("%s has no value from start, %d, on", name, start)
	}
	return price
}

func (d CoMovementData) prices(x xAxis, runs []Run) []panel {
	return each(runs, func(r Run) panel {
		p := panel{title: upperFirst(r.Name), heading: "Prices, 100 at the start", weight: 1.4, unit: Number}
		p.subject(d.B, line{x: x.pos, y: r.B, color: otherColor, width: subjectWidth}, x.pos[d.Start])
		p.subject(d.A, line{x: x.pos, y: r.A, color: ink, width: subjectWidth}, x.pos[d.Start])
		return p
	})
}

func (d CoMovementData) flows(x xAxis, runs []Run) []panel {
	return each(runs, func(r Run) panel {
		p := panel{heading: "Capital rotated into " + d.B + ", cumulated, USD", weight: 1, unit: USD, zero: true}
		at, sum := runningSum(x.pos, r.Flow)
		p.fill(ribbon{x: at, from: baseline(sum), to: sum, color: tint(colorOf("rotation"), .8)})
		p.subject("", line{x: at, y: sum, color: colorOf("rotation"), width: subjectWidth}, x.pos[d.Start])
		return p
	})
}

// correlations are the panels of correlations, none where no run has one.
func (d CoMovementData) correlations(x xAxis, runs []Run) []panel {
	given := false
	panels := each(runs, func(r Run) panel {
		p := panel{heading: "Correlation of returns" + over(d.Window), weight: 1, unit: Number, write: hundredths}
		p.add(space(-1), space(1))
		if r.Correlation == nil {
			p.note = noFigure
			return p
		}
		given = true
		p.subject("", line{x: x.pos, y: r.Correlation, color: ink, width: subjectWidth}, x.pos[d.Start])
		return p
	})
	if !given {
		return nil
	}
	return panels
}

// apart says by how much at most the indexed prices of the runs differ.
func (d CoMovementData) apart(runs []Run) string {
	most := func(price func(Run) []float64) string {
		widest := 0.
		for i := range price(runs[0]) {
			at := make([]float64, len(runs))
			for k, r := range runs {
				at[k] = price(r)[i]
			}
			if lo, hi := reach(at); lo < hi {
				widest = min(max(widest, hi/lo-1), largest)
			}
		}
		return rough(widest)
	}
	return fmt.Sprintf("the runs differ by at most %s (%s) and %s (%s)",
		most(func(r Run) []float64 { return r.A }), d.A, most(func(r Run) []float64 { return r.B }), d.B)
}

// each makes a line of panels, one for every run.
func each(runs []Run, build func(Run) panel) []panel {
	line := make([]panel, len(runs))
	for i, r := range runs {
		line[i] = build(r)
		line[i].beside = i > 0
	}
	return line
}

// alike gives panels of one line the same vertical axis.
func alike(line []panel) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, p := range line {
		for _, m := range p.marks {
			from, to := m.bounds()
			lo, hi = min(lo, from), max(hi, to)
		}
	}
	for i := range line {
		line[i].add(space(lo), space(hi))
	}
}

// over names a rolling window in a heading.
func over(window string) string {
	if window == "" {
		return ""
	}
	return ", rolling over " + window
}
