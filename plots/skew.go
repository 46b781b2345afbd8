package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Conditional is a mean over the days on which something held.
type Conditional struct {
	Mean  float64 // NaN where there is none
	Error float64 // its standard error; NaN where it is not known
	Days  int
}

// Benchmark is how an asset did beside a benchmark: the means of r_asset −
// r_benchmark over the days on which the benchmark fell, and rose.
type Benchmark struct {
	Name     string
	Down, Up Conditional
}

// SkewData compares one asset with several benchmarks.
type SkewData struct {
	Frame
	Asset      string // default "the asset"
	Benchmarks []Benchmark
}

// normal95 is the 97.5 % quantile of the normal distribution: a mean and this
// many standard errors on either side are an interval of 95 %.
const normal95 = 1.96

// Skew shows by how much the asset did worse or better than each benchmark on the
// days on which the benchmark fell, and on those on which it rose, with intervals
// of 1.96 standard errors. A mean whose interval includes zero is a ring.
func Skew(d SkewData) (Figure, error) {
	c := check{chart: "skew"}
	c.few(2 * len(d.Benchmarks))
	asset := cmp.Or(d.Asset, "the asset")
	axis, write := valueAxis(Percent), withSign(d.write())
	down := panel{heading: "Days on which the benchmark fell: return of " + asset + " less that of the benchmark, mean", axis: axis, zero: true}
	up := panel{heading: "Days on which it rose", axis: axis, zero: true}
	for i, b := range d.Benchmarks {
		field := fmt.Sprintf("benchmarks[%d]", i)
		name := c.named(field, b.Name)
		down.categories = append(down.categories, c.conditional(name, "down", b.Down, write))
		up.categories = append(up.categories, c.conditional(name, "up", b.Up, write))
	}
	c.some("benchmark", slices.Concat(down.categories, up.categories))
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	down.note = "line with caps: 1.96 standard errors on either side; a ring in place of a dot: it includes zero"
	return Figure{frame: d.Frame, panels: []panel{down, up}}, nil
}

// write gives all means one number of decimals.
func (d SkewData) write() func(float64) string {
	var means [][]float64
	for _, b := range d.Benchmarks {
		means = append(means, []float64{b.Down.Mean}, []float64{b.Up.Mean})
	}
	return printed(means...)
}

// conditional is the row of one mean.
func (c *check) conditional(name, when string, m Conditional, write func(float64) string) category {
	field := name + " " + when
	m.Mean, m.Error = c.number(field+" mean", m.Mean), c.number(field+" standard error", m.Error)
	if m.Error < 0 {
		c.fault("%s: the standard error is %v, expected 0 or more", field, m.Error)
	}
	if m.Days < 0 {
		c.fault("%s: %d days, expected 0 or more", field, m.Days)
	}
	half := normal95 * m.Error
	row := category{name: name, from: m.Mean, to: m.Mean, low: m.Mean - half, high: m.Mean + half, shape: dot, color: ink,
		text: write(m.Mean), before: m.Mean < 0, remark: count(m.Days, "day")}
	if row.low <= 0 && row.high >= 0 {
		row.shape = ring
	}
	if math.IsNaN(m.Mean) {
		row.text = noFigure
	}
	return row
}

// count writes a number of things.
func count(n int, what string) string {
	if n == 1 {
		return "1" + nbsp + what
	}
	return Number.label(float64(n), 1, 1) + nbsp + what + "s"
}
