package plots

import (
	"cmp"
	"image/color"
	"math"
	"sort"
)

// PriceData is a price with and without a feedback loop.
type PriceData struct {
	Frame
	Timeline
	Events         []Event
	Price          []float64 // USD: history up to Start, simulated from there
	Name           string    // of the price, at its end; default "price"
	Counterfactual []float64 // optional: USD without the mechanism, from Start
	Without        string    // its name; default "counterfactual"
	Mechanism      string    // kind, for the colour of the area between; default "redemption"
	Between        string    // what lies between the two; default "feedback"
	Observed       []float64 // optional: USD, what the market did after Start
	ObservedName   string    // default "observed"
	Log            bool      // logarithmic axis
}

// Price shows a price, its counterfactual and, as the shaded area between them,
// the feedback. Its size is the simple difference of the two at the last point
// that has both.
func Price(d PriceData) (Figure, error) {
	c := check{chart: "price"}
	x := c.timeline(d.Timeline)
	price := c.prices("price", c.required("price", d.Price))
	counter := c.prices("counterfactual", c.optional("counterfactual", d.Counterfactual))
	observed := c.prices("observed", c.optional("observed", d.Observed))
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p := panel{weight: 2, unit: USD, log: d.Log}
	if counter != nil {
		p.between(cmp.Or(d.Between, "feedback"), x.pos, price, counter, colorOf(cmp.Or(d.Mechanism, "redemption")))
		p.line(cmp.Or(d.Without, "counterfactual"), line{x: x.pos, y: counter, color: blue, width: lineWidth}, false)
	}
	if observed != nil {
		p.line(cmp.Or(d.ObservedName, "observed"), line{x: x.pos, y: observed, color: textGrey, width: thinWidth}, false)
	}
	p.subject(cmp.Or(d.Name, "price"), line{x: x.pos, y: price, color: ink, width: subjectWidth}, x.pos[d.Start])
	p.timeline = d.Timeline
	p.tell(cmp.Or(d.Name, "price"), ink, price)
	p.tell(cmp.Or(d.Without, "counterfactual"), blue, counter)
	p.tell(cmp.Or(d.ObservedName, "observed"), textGrey, observed)
	return Figure{d.Frame, x, marks, []panel{p}}, nil
}

// between shades the area between a price and its counterfactual and labels it
// beside its right end.
func (p *panel) between(name string, x, price, counter []float64, c color.NRGBA) {
	p.fill(ribbon{x: x, from: price, to: counter, color: veil(c, .28)})
	p.ends = append(p.ends, gapLabel(name, x, price, counter, c)...)
}

// gapLabel names the last gap between two series, with its size; nothing if there
// is none.
func gapLabel(name string, x, price, counter []float64, c color.NRGBA) []endLabel {
	for i := len(x) - 1; i >= 0; i-- {
		if gap := price[i]/counter[i] - 1; !math.IsNaN(gap) {
			middle := math.Sqrt(price[i]) * math.Sqrt(counter[i])
			return []endLabel{{x[i], middle, name + " " + rough(gap), c, true, nil, func(until float64) []endLabel {
				n := sort.Search(len(x), func(i int) bool { return x[i] > until })
				return gapLabel(name, x[:n], price[:n], counter[:n], c)
			}}}
		}
	}
	return nil
}
