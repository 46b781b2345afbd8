package plots

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// largest is the size beyond which differences of values could overflow.
const largest = 1e100

// check gathers the faults of one chart's data. Its methods return copies, so
// that a figure does not change with the slices it was made from.
type check struct {
	chart  string
	axis   string // what has the points; default "the timeline"
	points int
	faults []error
}

func (c *check) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf("plots: "+c.chart+": "+format, args...))
}

func (c *check) err() error { return errors.Join(c.faults...) }

// timeline validates the horizontal axis; the lengths of series are held
// against it from then on.
func (c *check) timeline(t Timeline) xAxis {
	c.points = t.points()
	if c.points < 1 {
		c.fault("the timeline has no points")
		return xAxis{pos: []float64{0}}
	}
	for i := 1; i < len(t.Times); i++ {
		if !t.Times[i].After(t.Times[i-1]) {
			c.fault("times[%d] is %v, not after times[%d], %v", i, t.Times[i], i-1, t.Times[i-1])
		}
	}
	for i, at := range t.Times {
		if y := at.Year(); y < 1 || y > 9999 {
			c.fault("times[%d] is in the year %d, expected 1 to 9999", i, y)
		}
	}
	if !t.Language.known() {
		c.fault("the language is %q, expected one of %s", t.Language, strings.Join(Languages(), ", "))
	}
	if t.Start < 0 || t.Start >= c.points {
		c.fault("start is %d, expected 0 to %d", t.Start, c.points-1)
	}
	return t.axis()
}

func (c *check) events(x xAxis, t Timeline, events []Event) []vertical {
	var marks []vertical
	if t.Start > 0 && t.Start < len(x.pos) {
		marks = append(marks, vertical{x: x.pos[t.Start], label: "start of simulation", solid: true,
			until: math.Inf(1), band: simulatedTint})
	}
	for _, e := range events {
		if v, ok := c.event(x, e); ok {
			marks = append(marks, v)
		}
	}
	slices.SortStableFunc(marks, func(a, b vertical) int { return cmp.Compare(a.x, b.x) })
	return marks
}

func (c *check) event(x xAxis, e Event) (vertical, bool) {
	end := len(x.pos) - 1
	if e.At < 0 || e.At > end {
		c.fault("event %q is at %d, expected 0 to %d", e.Label, e.At, end)
		return vertical{}, false
	}
	v := vertical{x: x.pos[e.At], label: strings.Join(strings.Fields(e.Label), " ")}
	if e.Until == 0 {
		return v, true
	}
	if e.Until < e.At || e.Until > end {
		c.fault("event %q lasts until %d, expected 0 for none or %d to %d", e.Label, e.Until, e.At, end)
		return vertical{}, false
	}
	v.until, v.band = x.pos[e.Until], eventTint
	return v, true
}

// required is a series that must have a value.
func (c *check) required(name string, values []float64) []float64 {
	if !c.matches(name, values) {
		return nan(max(0, c.points))
	}
	if absent(values) {
		c.fault("%s has no value", name)
	}
	return slices.Clone(values)
}

// optional is a series that may be missing: nil is returned for one that is nil
// or has no value.
func (c *check) optional(name string, values []float64) []float64 {
	if values == nil || !c.matches(name, values) || absent(values) {
		return nil
	}
	return slices.Clone(values)
}

func (c *check) matches(name string, values []float64) bool {
	if len(values) != c.points {
		c.fault("%s has %d values, %s has %d points", name, len(values), cmp.Or(c.axis, "the timeline"), c.points)
		return false
	}
	return c.finite(name, values)
}

func (c *check) finite(name string, values []float64) bool {
	for i, v := range values {
		if math.Abs(v) > largest {
			c.fault("%s[%d] is %v: not a finite number that can be drawn", name, i, v)
			return false
		}
	}
	return true
}

// number is a single value; NaN is absent, and what is returned for one that
// cannot be drawn.
func (c *check) number(name string, v float64) float64 {
	if math.Abs(v) > largest {
		c.fault("%s is %v: not a finite number that can be drawn", name, v)
		return math.NaN()
	}
	return v
}

// interval validates the optional ends of intervals, nil where there are none.
func (c *check) interval(name string, low, high []float64) (from, to []float64) {
	from, to = c.optional(name+" low", low), c.optional(name+" high", high)
	if from == nil || to == nil {
		return nil, nil
	}
	c.ordered(name, from, to)
	return from, to
}

// ordered makes sure that a range is none of negative height.
func (c *check) ordered(name string, low, high []float64) {
	if low == nil || high == nil {
		return
	}
	for i := range low {
		if low[i] > high[i] {
			c.fault("%s: low %v is above high %v at index %d", name, low[i], high[i], i)
			return
		}
	}
}

// named is a name that must not be empty.
func (c *check) named(field, name string) string {
	if strings.TrimSpace(name) == "" {
		c.fault("%s has no name", field)
	}
	return cmp.Or(strings.TrimSpace(name), field)
}

func absent(values []float64) bool { return last(values) < 0 }

// last is the index of the last value that is present, or −1.
func last(values []float64) int {
	for i := len(values) - 1; i >= 0; i-- {
		if !math.IsNaN(values[i]) {
			return i
		}
	}
	return -1
}

func nan(n int) []float64 { return slices.Repeat([]float64{math.NaN()}, n) }

// reach is the range of the values that are present, +Inf to −Inf if none is.
func reach(series ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, values := range series {
		for _, v := range values {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return lo, hi
}

// runs are the index ranges [from, to) in which all series are present.
func runs(series ...[]float64) [][2]int {
	var found [][2]int
	from := -1
	n := len(series[0])
	for i := 0; i <= n; i++ {
		here := i < n
		for _, s := range series {
			here = here && !math.IsNaN(s[i])
		}
		switch {
		case here && from < 0:
			from = i
		case !here && from >= 0:
			found, from = append(found, [2]int{from, i}), -1
		}
	}
	return found
}

// prices passes on a series after making sure that it is positive.
func (c *check) prices(name string, values []float64) []float64 {
	for i, v := range values {
		if v <= 0 {
			c.fault("%s[%d] is %v, a price must be more than 0", name, i, v)
			break
		}
	}
	return values
}
