package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
)

// SensitivitySeries is an outcome over the values of a parameter.
type SensitivitySeries struct {
	Name      string    // at its end; may be empty where there is one series
	Kind      string    // of the mechanism, for the colour; default "redemption"
	Outcome   []float64 // one per value of the parameter
	Low, High []float64 // optional: ends of the interval of each
}

// SensitivityData is an outcome against a parameter.
type SensitivityData struct {
	Frame
	Parameter  string    // written at the axis: "share of algorithmic money"
	Values     []float64 // of the parameter, strictly increasing
	ValueUnit  Unit      // of the parameter
	Unit       Unit      // of the outcome
	Series     []SensitivitySeries
	Interval   string      // what the bands are: "95 % interval"; default "interval"
	Marks      []Statistic // values of the parameter to be marked: {"default", 0.1}
	References []Statistic // levels of the outcome to be marked: {"no amplification", 1}
}

// mostSensitivities is how many series a chart can tell apart with their
// intervals.
const mostSensitivities = 4

// Sensitivity shows every series as points joined by a line, with its interval
// in a tint of the colour. Series without a value are left out.
func Sensitivity(d SensitivityData) (Figure, error) {
	c := check{chart: "sensitivity", axis: "the parameter", points: len(d.Values)}
	values := c.parameter(d.Values)
	series := c.outcomes(d.Series)
	marks, references := c.statistics(d.Marks), c.statistics(d.References)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	x := xAxis{pos: span(values, marks), caption: d.Parameter, ticks: mostTicks(d.ValueUnit)}
	p := panel{weight: 2, unit: d.Unit}
	for _, r := range references {
		p.level(x, r.Value, r.Name+" "+d.Unit.short(r.Value), newsGrey, dashed)
	}
	seen := hues{}
	for _, s := range series {
		tone := seen.next(colorOf(cmp.Or(s.Kind, "redemption")), lineShades)
		if s.Low != nil && s.High != nil {
			p.note = "band: " + cmp.Or(d.Interval, "interval")
			p.fill(ribbon{x: values, from: s.Low, to: s.High, color: veil(tone, .2)})
		}
		p.add(dots{values, s.Outcome, tone})
		p.line(s.Name, line{x: values, y: s.Outcome, color: tone, width: subjectWidth}, len(series) == 1)
	}
	return Figure{d.Frame, x, marked(marks, d.ValueUnit, "", false), []panel{p}}, nil
}

// parameter validates the values of a parameter.
func (c *check) parameter(values []float64) []float64 {
	if len(values) == 0 {
		c.fault("the parameter has no values")
	}
	c.finite("values", values)
	for i, v := range values {
		if math.IsNaN(v) {
			c.fault("values[%d] is absent", i)
		} else if i > 0 && v <= values[i-1] {
			c.fault("values[%d] is %v, not more than values[%d], %v", i, v, i-1, values[i-1])
		}
	}
	return slices.Clone(values)
}

// outcomes validates series and leaves out those without values.
func (c *check) outcomes(series []SensitivitySeries) []SensitivitySeries {
	if n := len(series); n < 1 || n > mostSensitivities {
		c.fault("%d series, expected 1 to %d", n, mostSensitivities)
	}
	var kept []SensitivitySeries
	for i, s := range series {
		name := cmp.Or(s.Name, fmt.Sprintf("series[%d]", i))
		s.Outcome = c.optional(name, s.Outcome)
		s.Low, s.High = c.interval(name, s.Low, s.High)
		if s.Outcome != nil {
			kept = append(kept, s)
		}
	}
	if len(kept) == 0 && len(series) > 0 {
		c.fault("no series has a value")
	}
	return kept
}

// span is the range of an axis that holds values and marks with some air, so
// that no point stands on an edge.
func span(values []float64, marks []Statistic) []float64 {
	lo, hi := reach(values)
	for _, m := range marks {
		lo, hi = min(lo, m.Value), max(hi, m.Value)
	}
	if flat(lo, hi) {
		s := fit(lo, hi, false)
		return []float64{s.lo, s.hi}
	}
	air := .02 * (hi - lo)
	return []float64{lo - air, hi + air}
}

// dots are points at the values that are present.
type dots struct {
	x, y  []float64
	color color.NRGBA
}

func (d dots) bounds() (float64, float64) { return reach(d.y) }

func (d dots) draw(a area) {
	for i, y := range d.y {
		if !math.IsNaN(y) {
			a.dot(a.at(d.x[i], y), d.color, 2.4)
		}
	}
}
