package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"
)

// LiquidationsData is leverage: where it would be liquidated, and what was.
type LiquidationsData struct {
	Frame
	Timeline
	Events []Event
	Price  []float64 // USD
	// Edges are the borders of the buckets of liquidation prices: USD, ascending.
	// LongLadder and ShortLadder hold, for each point, the open interest in each
	// of the len(Edges)−1 buckets, USD. A point without a row is absent, NaN in a
	// row is nothing. One of the two may be nil.
	Edges                   []float64
	LongLadder, ShortLadder [][]float64
	Longs, Shorts           []float64 // optional: USD liquidated per point
	ObservedLongs           []float64 // optional: USD, what the market reported
	ObservedShorts          []float64
	OpenInterest            []float64 // optional: USD
	ObservedOpenInterest    []float64
	ObservedName            string // default "observed"
}

// Liquidations shows open interest by the price at which it would be liquidated,
// over time, with the price on top; below it the liquidated shorts, upwards, and
// longs, downwards; and the open interest. Long timelines are gathered: ladders
// are averaged, what was liquidated is summed up, and the heading says per what.
// The price axis is cut to where the path and 98 % of the open interest are.
func Liquidations(d LiquidationsData) (Figure, error) {
	c := check{chart: "liquidations"}
	x := c.timeline(d.Timeline)
	price := c.prices("price", c.required("price", d.Price))
	amounts := c.ladders(d)
	simulated := [2][]float64{c.amounts("longs", d.Longs), c.amounts("shorts", d.Shorts)}
	observed := [2][]float64{c.amounts("observed longs", d.ObservedLongs), c.amounts("observed shorts", d.ObservedShorts)}
	interest := c.amounts("open interest", d.OpenInterest)
	reported := c.amounts("observed open interest", d.ObservedOpenInterest)
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	start, name := x.pos[d.Start], cmp.Or(d.ObservedName, "observed")
	b := d.bins(x)
	x.widen(b)
	panels := []panel{leverage(x, b, start, price, d.Edges, amounts)}
	if p := liquidated(b, simulated, observed, name); len(p.fills)+len(p.marks) > 0 {
		panels = append(panels, p)
	}
	if p := openInterest(x, start, interest, reported, name); len(p.marks) > 0 {
		panels = append(panels, p)
	}
	return Figure{d.Frame, x, marks, panels}, nil
}

// amounts is an optional series of money that has no sign.
func (c *check) amounts(name string, values []float64) []float64 {
	for i, v := range values {
		if v < 0 {
			c.fault("%s[%d] is %v, expected 0 or more", name, i, v)
			break
		}
	}
	return c.optional(name, values)
}

// ladders validates the open interest by price.
func (c *check) ladders(d LiquidationsData) [2][][]float64 {
	c.edges(d.Edges)
	var found [2][][]float64
	for side, rows := range [2][][]float64{longs: d.LongLadder, shorts: d.ShortLadder} {
		found[side] = c.ladder(sides[side].name+" ladder", rows, len(d.Edges)-1)
	}
	if found[longs] == nil && found[shorts] == nil {
		c.fault("neither the ladder of longs nor that of shorts has a row")
	}
	return found
}

func (c *check) edges(edges []float64) {
	if len(edges) < 2 {
		c.fault("%d edges of buckets, expected at least 2", len(edges))
	}
	if !c.finite("edges", edges) {
		return
	}
	for k, e := range edges {
		if !(e > 0) {
			c.fault("edges[%d] is %v, expected a price of more than 0", k, e)
			return
		}
		if k > 0 && !(math.Log(e/edges[k-1]) > 1e-9) {
			c.fault("edges[%d] is %v, not clearly above edges[%d], %v", k, e, k-1, edges[k-1])
			return
		}
	}
}

// ladder is nil if no point has a row.
func (c *check) ladder(name string, rows [][]float64, buckets int) [][]float64 {
	if rows == nil {
		return nil
	}
	if len(rows) != c.points {
		c.fault("%s has %d rows, the timeline has %d points", name, len(rows), c.points)
		return nil
	}
	empty := true
	for i, row := range rows {
		if row == nil {
			continue
		}
		empty = false
		if !c.row(fmt.Sprintf("%s[%d]", name, i), row, buckets) {
			return nil
		}
	}
	if empty {
		return nil
	}
	return rows
}

func (c *check) row(name string, row []float64, buckets int) bool {
	if len(row) != buckets {
		c.fault("%s has %d values, expected one for each of %d buckets", name, len(row), buckets)
		return false
	}
	for k, v := range row {
		if v < 0 {
			c.fault("%s[%d] is %v, expected 0 or more", name, k, v)
			return false
		}
	}
	return c.finite(name, row)
}

// leverage is the ladder with the path on top, which has a white rim to be seen
// on dark shades.
func leverage(x xAxis, b bins, start float64, price, edges []float64, amounts [2][][]float64) panel {
	p := panel{heading: "Open interest by liquidation price, USD per 1" + nbsp + "% of price", weight: 2, unit: USD, log: true}
	l := newLadder(b, slices.Clone(edges), amounts)
	p.fill(l)
	p.keys = append(p.keys, l.keys()...)
	p.note = l.note()
	if b.joins {
		p.note = joined(p.note, "means "+b.per)
	}
	p.add(line{x: x.pos, y: price, color: rgb(0xffffff), width: 2.6 * lineWidth})
	p.subject("price", line{x: x.pos, y: price, color: ink, width: lineWidth}, start)
	for side, rows := range amounts {
		p.ends = append(p.ends, sideLabel(side, x.pos, edges, rows)...)
	}
	return p
}

// liquidated are bars, shorts upwards: they are bought back, and longs downwards:
// they are sold. What was observed is an outline.
func liquidated(b bins, simulated, observed [2][]float64, name string) panel {
	p := panel{heading: "Liquidated " + b.per + ", USD", weight: 1.2, unit: USD, zero: true}
	for i, s := range sides {
		if values := scaled(b.sum(simulated[i]), s.sign); values != nil {
			p.fill(bars{x: b.x, from: baseline(values), to: values, width: b.width, color: func(int) color.NRGBA { return s.color }})
			p.keys = append(p.keys, key{s.liquidation, s.color, false, nil})
		}
		if values := scaled(b.sum(observed[i]), s.sign); values != nil {
			at, y := b.steps(values)
			p.add(line{x: at, y: y, color: textGrey, width: thinWidth})
		}
	}
	if len(p.marks) > 0 {
		p.keys = append(p.keys, key{name, textGrey, true, nil})
	}
	p.note = joined(totals(simulated, observed, name), b.partial())
	return p
}

// joined are the parts of a note that there are.
func joined(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

func scaled(values []float64, factor float64) []float64 {
	for i := range values {
		values[i] *= factor
	}
	return values
}

// totals says how much of each side was liquidated. A side that was observed is
// counted where both are known, so that the two can be compared.
func totals(simulated, observed [2][]float64, name string) string {
	var texts []string
	where := "in all: "
	for i, s := range sides {
		if simulated[i] == nil {
			continue
		}
		text := s.name + " " + USD.short(sumBeside(simulated[i], observed[i]))
		if observed[i] != nil {
			text += " (" + name + " " + USD.short(sumBeside(observed[i], simulated[i])) + ")"
			where = "in all, where both are known: "
		}
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return ""
	}
	return where + strings.Join(texts, ", ")
}

// sumBeside adds up the values that are present where those beside them, if any, are
// too.
func sumBeside(values, beside []float64) float64 {
	sum := 0.
	for i, v := range values {
		if !math.IsNaN(v) && (beside == nil || !math.IsNaN(beside[i])) {
			sum += v
		}
	}
	return sum
}

func openInterest(x xAxis, start float64, simulated, observed []float64, name string) panel {
	p := panel{heading: "Open interest, USD", weight: 1, unit: USD, zero: true}
	if observed != nil {
		p.line(name, line{x: x.pos, y: observed, color: textGrey, width: thinWidth}, false)
	}
	if simulated != nil {
		p.subject("simulated", line{x: x.pos, y: simulated, color: purple, width: subjectWidth}, start)
	}
	return p
}
