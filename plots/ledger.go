package plots

import (
	"image/color"
	"math"
	"strings"
)

// Part is what one mechanism, or one part of it, contributed to the return.
type Part struct {
	Name   string    // in the legend; default Kind
	Kind   string    // for the colour: "redemption", "redemption.response"
	Return []float64 // log return per step
}

// LedgerData says who moved the price. Every series holds log returns per step;
// NaN before the first and after the last entry only.
type LedgerData struct {
	Frame
	Timeline
	Events      []Event
	Price       []float64 // optional: USD, a panel above
	News        []float64
	Parts       []Part
	Unexplained []float64 // optional
}

// Ledger stacks the contributions, summed up over time, upwards and downwards
// from zero, with the log return, their total, as a line. What is too small to
// be seen stands in a note instead of the legend.
func Ledger(d LedgerData) (Figure, error) {
	c := check{chart: "ledger"}
	x := c.timeline(d.Timeline)
	price := c.prices("price", c.optional("price", d.Price))
	layers := c.layers(d)
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	var panels []panel
	if price != nil {
		p := panel{heading: "Price, USD", weight: 1.3, unit: USD}
		p.subject("", line{x: x.pos, y: price, color: ink, width: subjectWidth}, x.pos[d.Start])
		panels = append(panels, p)
	}
	below := contributions(x.pos, layers)
	for _, l := range layers {
		below.tell(l.name, l.color, l.sum)
	}
	panels = append(panels, below)
	panels[0].timeline = d.Timeline
	return Figure{d.Frame, x, marks, panels}, nil
}

// layer is a cumulated contribution.
type layer struct {
	name  string
	color color.NRGBA
	sum   []float64
}

// layers gathers news, mechanisms and the unexplained, those that have values.
func (c *check) layers(d LedgerData) []layer {
	var layers []layer
	add := func(field, name string, color color.NRGBA, values []float64) {
		if values = c.optional(field, values); values != nil {
			layers = append(layers, layer{name, color, c.cumulate(field, values)})
		}
	}
	add("news", "news", newsGrey, d.News)
	seen := hues{}
	for _, part := range d.Parts {
		kind, _, _ := strings.Cut(part.Kind, ".")
		name := part.Name
		if name == "" {
			name = part.Kind
		}
		add(name, name, seen.next(colorOf(kind), areaShades), part.Return)
	}
	add("unexplained", "unexplained", lightGrey, d.Unexplained)
	if len(layers) == 0 {
		c.fault("no contribution has a value")
	}
	return layers
}

// cumulate sums returns from the first to the last entry. A gap between them is
// a fault: the sum after it would be a guess.
func (c *check) cumulate(name string, returns []float64) []float64 {
	total, sum := 0., nan(len(returns))
	spans := runs(returns)
	if len(spans) > 1 {
		c.fault("%s has a gap before index %d: contributions can only be summed without gaps", name, spans[1][0])
	}
	for i := spans[0][0]; i < spans[0][1]; i++ {
		total += returns[i]
		sum[i] = total
	}
	return sum
}

// seam parts a layer from the next, which without colours may be as dark.
func (b ribbon) seam() line {
	return line{x: b.x, y: b.to, color: rgb(0xffffff), width: hairWidth}
}

func contributions(x []float64, layers []layer) panel {
	p := panel{heading: "Contributions to the cumulative log return", weight: 2, unit: Percent, zero: true}
	up, down, total := make([]float64, len(x)), make([]float64, len(x)), nan(len(x))
	for _, l := range layers {
		above, below := stack(x, l, up, 1), stack(x, l, down, -1)
		p.fill(above, below, above.seam(), below.seam())
		for i, v := range l.sum {
			if math.IsNaN(total[i]) {
				total[i] = v
			} else if !math.IsNaN(v) {
				total[i] += v
			}
		}
	}
	p.line("log return", line{x: x, y: total, color: ink, width: lineWidth}, true)
	p.tell("log return", ink, total)
	p.name(layers)
	return p
}

// visible is the share of the vertical axis from which on an area is seen: about
// a pixel where the chart is shown 600 wide.
const visible = .0075

// name puts the layers into the legend, or into the note if none of their points
// is high enough to be seen.
func (p *panel) name(layers []layer) {
	var small []string
	s := p.scale()
	for _, l := range layers {
		if lo, hi := reach(l.sum); max(-lo, hi) < visible*(s.hi-s.lo) {
			small = append(small, l.name+" "+rough(l.sum[last(l.sum)]))
			continue
		}
		p.keys = append(p.keys, key{l.name, l.color, false, nil})
	}
	if len(small) > 0 {
		p.note = "too small to see: " + strings.Join(small, ", ")
	}
}

// stack lays what a layer has on one side of zero on top of what is there.
func stack(x []float64, l layer, height []float64, side float64) ribbon {
	r := ribbon{x: x, from: nan(len(x)), to: nan(len(x)), color: l.color}
	for i, v := range l.sum {
		if math.IsNaN(v) {
			continue
		}
		r.from[i] = height[i]
		height[i] += side * max(0, side*v)
		r.to[i] = height[i]
	}
	return r
}
