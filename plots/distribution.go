package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
)

// Statistic is a number of a distribution to be marked: its place on the axis
// of outcomes (a 5 % value at risk of a return is a negative return here).
type Statistic struct {
	Name  string // "median", "VaR 5 %", "CVaR 5 %"
	Value float64
}

// DistributionData is an outcome over paths.
type DistributionData struct {
	Frame
	Unit           Unit
	Outcomes       []float64 // one per path; absent ones are left out
	Of             string    // what is counted; default "paths"
	Name           string    // default "with feedback"
	Counterfactual []float64 // optional: one per path, its number of paths may differ
	Without        string    // default "without"
	Marks          []Statistic
}

// Distribution shows the outcomes as a histogram, the counterfactual as an
// outline on the same bins, and marks statistics of the outcomes. The heading says
// that bars are shares of paths; the subtitle need not.
func Distribution(d DistributionData) (Figure, error) {
	c := check{chart: "distribution"}
	base, counter := c.sample("outcomes", d.Outcomes), c.sample("counterfactual", d.Counterfactual)
	if len(base) == 0 {
		c.fault("outcomes has no value")
	}
	marks := c.statistics(d.Marks)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	edges := binEdges(base, counter)
	name := cmp.Or(d.Name, "with feedback")
	p := panel{heading: "Share of " + cmp.Or(d.Of, "paths"), weight: 2, unit: Percent, zero: true, keys: []key{{name, lightGrey, false, nil}}}
	if lo, hi := reach(base, counter); lo < edges[0] || hi > edges[len(edges)-1] {
		p.note = "the outer bars hold what lies beyond"
	}
	p.fill(filled(edges, shares(base, edges)))
	if len(counter) > 0 {
		p.add(outline(edges, shares(counter, edges), blue))
		p.keys = append(p.keys, key{cmp.Or(d.Without, "without"), blue, true, nil})
	}
	x := xAxis{pos: []float64{edges[0], edges[len(edges)-1]}, ticks: valueTicks(d.Unit)}
	for _, m := range marks {
		x.pos[0], x.pos[1] = min(x.pos[0], m.Value), max(x.pos[1], m.Value)
	}
	return Figure{d.Frame, x, marked(marks, d.Unit, name, len(counter) > 0), []panel{p}}, nil
}

// sample is the values that are present.
func (c *check) sample(name string, values []float64) []float64 {
	c.finite(name, values)
	_, present := compact(values)
	return present
}

// statistics are those that are present, from left to right.
func (c *check) statistics(marks []Statistic) []Statistic {
	var present []Statistic
	for i, m := range marks {
		c.number(cmp.Or(m.Name, fmt.Sprintf("marks[%d]", i)), m.Value)
		if !math.IsNaN(m.Value) {
			present = append(present, m)
		}
	}
	slices.SortStableFunc(present, func(a, b Statistic) int { return cmp.Compare(a.Value, b.Value) })
	return present
}

// marked are the lines of statistics; beside a counterfactual they say whose they
// are.
func marked(marks []Statistic, u Unit, name string, beside bool) []vertical {
	of := ""
	if beside {
		of = " (" + name + ")"
	}
	var lines []vertical
	for _, m := range marks {
		lines = append(lines, vertical{x: m.Value, label: m.Name + ": " + u.short(m.Value) + of, color: ink})
	}
	return lines
}

// binEdges cut the range of all values into bins of a round width, by the rule
// of Freedman and Diaconis (1981), at least 8 and at most about 60 of them.
func binEdges(samples ...[]float64) []float64 {
	lo, hi := bulk(samples...)
	s := fit(lo, hi, false)
	if !flat(lo, hi) {
		s.lo, s.hi = lo, hi
	}
	span := s.hi - s.lo
	sorted := slices.Sorted(slices.Values(samples[0]))
	n := len(sorted)
	bins := span / (2 * (sorted[n*3/4] - sorted[n/4]) / math.Cbrt(float64(n)))
	if math.IsNaN(bins) {
		bins = 8
	}
	step := roundStep(span, int(max(8, min(bins, 60))))
	var edges []float64
	first, last := math.Floor(s.lo/step), math.Floor(s.hi/step)+1
	for k := first; k <= last; k++ {
		edges = append(edges, k*step)
	}
	return edges
}

// tail is the share of a large sample that may lie beyond the outer bins on one
// side, so that one wild path does not squeeze all others into a corner.
const tail = .0025

// bulk is the range of the samples, of large ones without their tails.
func bulk(samples ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, sample := range samples {
		if len(sample) == 0 {
			continue
		}
		sorted := slices.Sorted(slices.Values(sample))
		cut := int(tail * float64(len(sorted)))
		lo, hi = min(lo, sorted[cut]), max(hi, sorted[len(sorted)-1-cut])
	}
	return lo, hi
}

// shares of the values in each bin; what lies beyond counts in the outer ones; a value on an edge belongs to the right.
func shares(values, edges []float64) []float64 {
	share := make([]float64, len(edges)-1)
	for _, v := range values {
		i, on := slices.BinarySearch(edges, v)
		if !on {
			i--
		}
		i = max(0, min(i, len(share)-1))
		share[i] += 1 / float64(len(values))
	}
	return share
}

func filled(edges, share []float64) bars {
	mid := make([]float64, len(share))
	for i := range mid {
		mid[i] = (edges[i] + edges[i+1]) / 2
	}
	return bars{x: mid, from: make([]float64, len(share)), to: share, width: edges[1] - edges[0],
		color: func(int) color.NRGBA { return lightGrey }, dense: true}
}

// outline runs along the tops of the bins, down to zero at both ends.
func outline(edges, share []float64, c color.NRGBA) line {
	x, y := []float64{edges[0]}, []float64{0}
	for i, s := range share {
		x, y = append(x, edges[i], edges[i+1]), append(y, s, s)
	}
	return line{x: append(x, edges[len(edges)-1]), y: append(y, 0), color: c, width: lineWidth}
}
