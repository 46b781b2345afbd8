package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

// SobolIndex is the share of an outcome's variance that belongs to a parameter.
type SobolIndex struct {
	Parameter string
	First     stats.Estimate // alone
	Total     stats.Estimate // with its part in interactions
}

// SobolBarsData is the indices of several parameters on one outcome.
type SobolBarsData struct {
	Frame
	Indices  []SobolIndex // in the order in which they are drawn
	Interval string       // what the whiskers are: "95 % interval"; default "interval"
	Note     string       // optional: what the reader must know, as that runs failed
}

// The colours of the first and the total index.
var (
	firstColor = blue
	totalColor = tint(blue, .55)
)

// pairing is how far the two bars of a parameter are moved towards each other.
const pairing = .15

// SobolBars shows two bars for each parameter, the share of the variance that it explains
// alone and the share with interactions, each with its interval. An index that sampling error
// has made negative points to the left.
func SobolBars(d SobolBarsData) (Figure, error) {
	c := check{chart: "Sobol bars"}
	p := panel{heading: "Share of the variance of the outcome", axis: valueAxis(Percent), zero: true,
		keys: []key{{"first order: the parameter alone", firstColor, false, nil}, {"total: with interactions", totalColor, false, nil}}}
	for i, index := range d.Indices {
		name := c.named(fmt.Sprintf("indices[%d]", i), index.Parameter)
		first, total := c.index(name+", first order", index.First, firstColor), c.index(name+", total", index.Total, totalColor)
		first.name, first.shift, total.shift = name, pairing, -pairing
		p.categories = append(p.categories, first, total)
	}
	c.some("index", p.categories)
	c.few(len(p.categories))
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p.note = joined(whiskers(p.categories, d.Interval), d.Note)
	return Figure{frame: d.Frame, panels: []panel{p}}, nil
}

// index is the row of one index.
func (c *check) index(field string, e stats.Estimate, tone color.NRGBA) category {
	row := category{to: c.number(field, e.Value), low: c.number(field+" low", e.Low), high: c.number(field+" high", e.High), color: tone}
	if row.low > row.high {
		c.fault("%s: low %v is above high %v", field, row.low, row.high)
	}
	row.text, row.before = percentage(row.to), row.to < 0
	return row
}

// percentage is one of at most two digits behind the point, which is all that indices bear.
func percentage(v float64) string {
	if math.IsNaN(v) {
		return noFigure
	}
	return rough(v)
}

// whiskers says what whiskers are where there are some.
func whiskers(rows []category, interval string) string {
	for _, row := range rows {
		if row.low < row.high {
			return "line with caps: " + cmp.Or(interval, "interval")
		}
	}
	return ""
}
