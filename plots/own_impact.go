package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/sim/stats"
)

// OwnImpactData is what a strategy earned on each path, once as if its orders did not
// move the price and once with what they move.
type OwnImpactData struct {
	Frame
	Unit        Unit
	Without     []float64 // one per path; absent ones are left out
	With        []float64 // one per path; their number may differ
	WithoutName string    // default "without its own impact"
	WithName    string    // default "with its own impact"
}

// OwnImpact shows both results as histograms on the same bins, with their medians and
// 5 % quantiles, and says what the strategy's own orders take from each.
func OwnImpact(d OwnImpactData) (Figure, error) {
	c := check{chart: "own impact"}
	without, with := c.sample("without", d.Without), c.sample("with", d.With)
	for _, s := range []struct {
		name   string
		values []float64
	}{{"without", without}, {"with", with}} {
		if len(s.values) == 0 {
			c.fault("%s has no value", s.name)
		}
	}
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	edges := binEdges(with, without)
	names := [2]string{cmp.Or(d.WithoutName, "without its own impact"), cmp.Or(d.WithName, "with its own impact")}
	p := panel{heading: "Share of paths", weight: 2, unit: Percent, zero: true,
		keys: []key{{names[0], blue, true, nil}, {names[1], lightGrey, false, nil}}}
	p.fill(filled(edges, shares(with, edges)))
	p.add(outline(edges, shares(with, edges), ink), outline(edges, shares(without, edges), blue))
	x := xAxis{pos: []float64{edges[0], edges[len(edges)-1]}, ticks: valueTicks(d.Unit)}
	marks, costs := quantileMarks(d.Unit, without, with)
	for _, m := range marks {
		x.pos[0], x.pos[1] = min(x.pos[0], m.x), max(x.pos[1], m.x)
	}
	p.note = costs
	if lo, hi := reach(without, with); lo < edges[0] || hi > edges[len(edges)-1] {
		p.note = joined(p.note, "the outer bars hold what lies beyond")
	}
	return Figure{d.Frame, x, marks, []panel{p}}, nil
}

// quantileMarks are the medians and the 5 % quantiles of both samples, and what lies
// between those without and with the impact in words.
func quantileMarks(u Unit, without, with []float64) (marks []vertical, costs string) {
	var moved []string
	for _, q := range []struct {
		name  string
		p     float64
		solid bool
	}{{"5" + nbsp + "% quantile", .05, false}, {"median", .5, true}} {
		var values [2]float64
		for i, s := range []struct {
			values []float64
			name   string
			color  color.NRGBA
		}{{without, "without", blue}, {with, "with", ink}} {
			values[i], _ = stats.Quantile(s.values, q.p) // the samples are not empty and finite
			marks = append(marks, vertical{x: values[i], label: fmt.Sprintf("%s %s: %s", q.name, s.name, u.short(values[i])), solid: q.solid, color: s.color})
		}
		moved = append(moved, "the "+q.name+" by "+u.difference(values[1]-values[0]))
	}
	slices.SortStableFunc(marks, func(a, b vertical) int { return cmp.Compare(a.x, b.x) })
	return marks, "its own orders move " + strings.Join(moved, " and ")
}
