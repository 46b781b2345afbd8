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
	// Levels are optional thin lines to hold it against, such as the statistic of all
	// points; their values are added to their names.
	Levels []Threshold
}

// RollingData is how something performed, and how it moved with another, over time. At
// least one of the statistics has a value.
type RollingData struct {
	Frame
	Timeline
	Events      []Event
	Window      string // of all, in the headings: "60 days"
	Interval    string // what the bands are: "95 % interval"; default "interval"
	Sharpe      Rolled // annualised
	Volatility  Rolled // a year, a fraction
	Correlation Rolled
	Beta        Rolled
}

// Rolling shows a panel for each statistic that has a value: the Sharpe ratio, the
// volatility, the correlation on an axis from −1 to 1, and the beta with a line at 1,
// each with its interval and its levels.
func Rolling(d RollingData) (Figure, error) {
	c := check{chart: "rolling"}
	x := c.timeline(d.Timeline)
	sharpe, volatility := c.rolled("Sharpe ratio", d.Sharpe), c.rolled("volatility", d.Volatility)
	correlation, beta := c.rolled("correlation", d.Correlation), c.rolled("beta", d.Beta)
	c.correlations("correlation", correlation.Value, correlation.Low, correlation.High)
	if sharpe.Value == nil && volatility.Value == nil && correlation.Value == nil && beta.Value == nil {
		c.fault("no statistic has a value")
	}
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	var panels []panel
	show := func(name string, r Rolled, p panel) {
		if r.Value == nil {
			return
		}
		p.heading, p.weight, p.note = name+over(d.Window), 1, r.band(d.Interval)
		p.rolled(x, r, x.pos[d.Start])
		panels = append(panels, p)
	}
	show("Sharpe ratio", sharpe, panel{unit: Number, zero: true, write: hundredths})
	show("Volatility a year", volatility, panel{unit: Percent, zero: true, write: rough})
	show("Correlation", correlation, panel{unit: Number, write: hundredths, marks: []mark{space(-1), space(1)}})
	show("Beta", beta, panel{unit: Number, zero: true, write: hundredths, marks: []mark{level{1, newsGrey, dashed}}})
	return Figure{d.Frame, x, marks, panels}, nil
}

// rolled validates a statistic; one without a value has no interval either.
func (c *check) rolled(name string, r Rolled) Rolled {
	value := c.optional(name, r.Value)
	low, high := c.interval(name, r.Low, r.High)
	levels := c.thresholds(name, r.Levels)
	if value == nil {
		return Rolled{}
	}
	return Rolled{value, low, high, levels}
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
	for _, l := range r.Levels {
		ends := []float64{x.pos[0], x.pos[len(x.pos)-1]}
		p.line(l.Name, line{x: ends, y: []float64{l.Value, l.Value}, color: textGrey, width: thinWidth, dashes: dashed}, false)
	}
	p.subject("", line{x: x.pos, y: r.Value, color: ink, width: subjectWidth}, start)
}
