package plots

import (
	"cmp"
	"fmt"
)

// ProbabilityRun is the probability of one event by step, in one run.
type ProbabilityRun struct {
	Name      string    // at the end of its line
	Kind      string    // for the colour; default "price". Runs of one kind get shades of it
	Values    []float64 // 0 to 1
	Low, High []float64 // optional: interval of the estimate
}

// ProbabilityData is how likely something is, by step.
type ProbabilityData struct {
	Frame
	Timeline
	Events   []Event
	Runs     []ProbabilityRun // at least one
	Interval string           // what is shaded: "95 % interval"; default "interval"
}

// Probability shows one or several probabilities over time on an axis from 0 to
// 100 %, each with its interval.
func Probability(d ProbabilityData) (Figure, error) {
	c := check{chart: "probability"}
	x := c.timeline(d.Timeline)
	runs := c.probabilities("probability", d.Runs)
	if len(runs) == 0 {
		c.fault("no run has a value")
	}
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	return Figure{d.Frame, x, marks, []panel{chances("", x.pos, runs, d.Interval)}}, nil
}

// probabilities validates the runs and leaves out those without values.
func (c *check) probabilities(what string, runs []ProbabilityRun) []ProbabilityRun {
	var kept []ProbabilityRun
	for i, r := range runs {
		name := cmp.Or(r.Name, fmt.Sprintf("%s[%d]", what, i))
		r.Values = c.shares(name, r.Values)
		r.Low, r.High = c.shares(name+" low", r.Low), c.shares(name+" high", r.High)
		c.ordered(name, r.Low, r.High)
		if r.Values != nil {
			kept = append(kept, r)
		}
	}
	return kept
}

// shares is an optional series of fractions.
func (c *check) shares(name string, values []float64) []float64 {
	for i, v := range values {
		if v < 0 || v > 1 {
			c.fault("%s[%d] is %v, expected 0 to 1", name, i, v)
			break
		}
	}
	return c.optional(name, values)
}

func chances(heading string, x []float64, runs []ProbabilityRun, interval string) panel {
	p := panel{heading: heading, weight: 1, unit: Percent}
	p.add(space(0), space(1))
	seen := hues{}
	for _, r := range runs {
		color := seen.next(colorOf(cmp.Or(r.Kind, "price")), lineShades)
		if r.Low != nil && r.High != nil {
			p.fill(ribbon{x: x, from: r.Low, to: r.High, color: veil(color, .2)})
			p.note = "shaded: " + cmp.Or(interval, "interval")
		}
		p.line(r.Name, line{x: x, y: r.Values, color: color, width: subjectWidth}, len(runs) == 1)
	}
	return p
}
