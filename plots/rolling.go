package plots

import (
	"cmp"
	"math"
)

// Rolled is a statistic over a rolling window, with its interval where there is
// one.
type Rolled struct {
	Value     []float64 // at the last point of every window
	Low, High []float64 // optional
}

// RollingData is how two series moved together.
type RollingData struct {
	Frame
	Timeline
	Events      []Event
	Window      string // of both, in the headings: "60 days"
	Interval    string // what the bands are: "95 % interval"; default "interval"
	Correlation Rolled // optional if there is a beta
	Beta        Rolled // optional if there is a correlation
}

// Rolling shows the correlation, on an axis from −1 to 1, and the beta, with a
// line at 1, each with its interval.
func Rolling(d RollingData) (Figure, error) {
	c := check{chart: "rolling"}
	x := c.timeline(d.Timeline)
	correlation, beta := c.rolled("correlation", d.Correlation), c.rolled("beta", d.Beta)
	c.correlations("correlation", correlation.Value, correlation.Low, correlation.High)
	if correlation.Value == nil && beta.Value == nil {
		c.fault("neither correlation nor beta has a value")
	}
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	var panels []panel
	if correlation.Value != nil {
		p := panel{heading: "Correlation" + over(d.Window), weight: 1, unit: Number, write: hundredths, note: correlation.band(d.Interval)}
		p.add(space(-1), space(1))
		p.rolled(x, correlation, x.pos[d.Start])
		panels = append(panels, p)
	}
	if beta.Value != nil {
		p := panel{heading: "Beta" + over(d.Window), weight: 1, unit: Number, zero: true, write: hundredths, note: beta.band(d.Interval)}
		p.add(level{1, newsGrey, dashed})
		p.rolled(x, beta, x.pos[d.Start])
		panels = append(panels, p)
	}
	return Figure{d.Frame, x, marks, panels}, nil
}

// rolled validates a statistic; one without a value has no interval either.
func (c *check) rolled(name string, r Rolled) Rolled {
	value := c.optional(name, r.Value)
	low, high := c.interval(name, r.Low, r.High)
	if value == nil {
		return Rolled{}
	}
	return Rolled{value, low, high}
}

// correlations faults what lies beyond −1 or 1 by more than rounding.
func (c *check) correlations(name string, series ...[]float64) {
	for _, values := range series {
		for i, v := range values {
			if math.Abs(v) > 1+1e-9 {
				c.fault("%s[%d] is %v, expected −1 to 1", name, i, v)
				break
			}
		}
	}
}

// band says what the band around a statistic is, where there is one.
func (r Rolled) band(interval string) string {
	if r.Low == nil {
		return ""
	}
	return "band: " + cmp.Or(interval, "interval")
}

// hundredths writes a number with two decimals.
func hundredths(v float64) string { return Number.wrap(v, 1, 2, "") }

// rolled draws a statistic over its interval.
func (p *panel) rolled(x xAxis, r Rolled, start float64) {
	if r.Low != nil {
		p.fill(ribbon{x: x.pos, from: r.Low, to: r.High, color: tint(ink, .84)})
	}
	p.subject("", line{x: x.pos, y: r.Value, color: ink, width: subjectWidth}, start)
}
