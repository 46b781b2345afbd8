package plots

import "cmp"

// ResponseData is how the price answers a shock, step by step.
type ResponseData struct {
	Frame
	Timeline
	With        []float64 // cumulative response with the loop
	WithName    string    // default "with the loop"
	Without     []float64 // optional: without it
	WithoutName string    // default "without the loop"
	Shock       []float64 // optional: the shock itself, cumulated
	Mechanism   string    // kind, for the colour; default "redemption"
}

// Response shows the cumulative response to a shock with and without the loop,
// beside the shock itself.
func Response(d ResponseData) (Figure, error) {
	c := check{chart: "response"}
	x := c.timeline(d.Timeline)
	with := c.required("with", d.With)
	without := c.optional("without", d.Without)
	shock := c.optional("shock", d.Shock)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p := panel{weight: 2, unit: Percent, zero: true, write: evenly(with, without, shock)}
	hue := colorOf(cmp.Or(d.Mechanism, "redemption"))
	if without != nil {
		p.fill(ribbon{x: x.pos, from: without, to: with, color: tint(hue, .82)})
	}
	if shock != nil {
		p.line("shock", line{x.pos, shock, newsGrey, lineWidth, dashed}, false)
	}
	if without != nil {
		p.line(cmp.Or(d.WithoutName, "without the loop"), line{x: x.pos, y: without, color: blue, width: lineWidth}, false)
	}
	p.line(cmp.Or(d.WithName, "with the loop"), line{x: x.pos, y: with, color: hue, width: subjectWidth}, true)
	return Figure{d.Frame, x, nil, []panel{p}}, nil
}
