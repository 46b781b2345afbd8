package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"sort"
)

// Band is a range between two quantiles over paths.
type Band struct {
	Label     string    // "5–95 %"
	Low, High []float64 // in the unit of the chart
}

// FanData is the distribution of a path over time.
type FanData struct {
	Frame
	Timeline
	Events         []Event
	Unit           Unit
	History        []float64 // optional: up to Start
	Bands          []Band    // the widest first, at least one and at most four
	Median         []float64
	Kind           string    // for the colour; default "price"
	Counterfactual []float64 // optional: median without the mechanism
	Without        string    // its name; default "counterfactual"
	Observed       []float64 // optional: what happened after Start
	ObservedName   string    // default "observed"
	Log            bool
}

// Fan shows the bands in tints of one colour, the wider the lighter, with the
// median on top and the history before.
func Fan(d FanData) (Figure, error) {
	c := check{chart: "fan"}
	x := c.timeline(d.Timeline)
	history, observed := c.optional("history", d.History), c.optional("observed", d.Observed)
	median, counter := c.required("median", d.Median), c.optional("counterfactual", d.Counterfactual)
	bands := c.bands(d.Bands)
	if d.Log {
		c.onLogAxis(history, observed, median, counter)
		for _, b := range bands {
			c.onLogAxis(b.Low, b.High)
		}
	}
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p := panel{weight: 2, unit: d.Unit, log: d.Log}
	hue := colorOf(cmp.Or(d.Kind, "price"))
	p.fan(x.pos, bands, hue)
	if history != nil {
		p.add(line{x: x.pos, y: history, color: ink, width: thinWidth})
	}
	if observed != nil {
		p.line(cmp.Or(d.ObservedName, "observed"), line{x: x.pos, y: observed, color: ink, width: thinWidth, dashes: dotted}, false)
	}
	if counter != nil {
		p.line(cmp.Or(d.Without, "counterfactual"), line{x: x.pos, y: counter, color: blue, width: lineWidth}, false)
	}
	p.line("median", line{x: x.pos, y: median, color: hue, width: subjectWidth}, true)
	p.timeline = d.Timeline
	p.tell("history", ink, history)
	p.tell(cmp.Or(d.ObservedName, "observed"), textGrey, observed)
	p.tell("median", hue, median)
	p.tell(cmp.Or(d.Without, "counterfactual"), blue, counter)
	for i, b := range bands {
		p.told = append(p.told, reading{b.Label, tint(hue, .84-.17*float64(i)), d.Unit, b.Low, b.High})
	}
	return Figure{d.Frame, x, marks, []panel{p}}, nil
}

// bands validates the bands of a fan and leaves out those without values.
func (c *check) bands(bands []Band) []Band {
	if len(bands) < 1 || len(bands) > 4 {
		c.fault("%d bands, expected 1 to 4", len(bands))
	}
	var kept []Band
	for i, b := range bands {
		name := cmp.Or(b.Label, fmt.Sprintf("bands[%d]", i))
		if low, high := c.interval(name, b.Low, b.High); low != nil {
			kept = append(kept, Band{b.Label, low, high})
		}
	}
	return kept
}

func (c *check) onLogAxis(series ...[]float64) {
	if lo, _ := reach(series...); lo <= 0 {
		c.fault("a value of %v cannot stand on a log axis", lo)
	}
}

// bandLabel names a band at its last upper edge; nothing if it has none.
func bandLabel(x []float64, b Band, c color.NRGBA) []endLabel {
	k := last(b.High)
	if k < 0 || math.IsNaN(b.Low[k]) {
		return nil
	}
	return []endLabel{{x[k], b.High[k], b.Label, c, false, nil, func(until float64) []endLabel {
		n := sort.Search(len(x), func(i int) bool { return x[i] > until })
		return bandLabel(x[:n], Band{b.Label, b.Low[:n], b.High[:n]}, c)
	}}}
}

func (p *panel) fan(x []float64, bands []Band, hue color.NRGBA) {
	for i, b := range bands {
		p.fill(ribbon{x: x, from: b.Low, to: b.High, color: tint(hue, .84-.17*float64(i))})
		p.ends = append(p.ends, bandLabel(x, b, tint(hue, .35))...)
	}
}
