package plots

import (
	"cmp"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg"
)

// WavesData is what happens inside one step.
type WavesData struct {
	Frame
	Move      []float64 // return after each wave, cumulated; wave 0 is the news alone
	Limit     float64   // what the waves tend to under a constant gain; 0 or NaN is none
	Mechanism string    // kind of what trades, for the colour; default "redemption"
}

// Waves shows how the move of one step builds up wave by wave: what was there
// before in a tint, what the wave adds in full colour.
func Waves(d WavesData) (Figure, error) {
	c := check{chart: "waves"}
	x := c.timeline(Timeline{Steps: len(d.Move), Caption: "wave (0 is the news)"})
	move := c.required("move", d.Move)
	limit := c.number("limit", d.Limit)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	x.edge = .6
	before := append([]float64{0}, move[:len(move)-1]...)
	hue := colorOf(cmp.Or(d.Mechanism, "redemption"))
	p := panel{weight: 2, unit: Percent, zero: true,
		keys: []key{{"news", newsGrey, false, nil}, {"added by the wave", hue, false, nil}, {"before it", tint(hue, .7), false, nil}}}
	p.fill(
		bars{x: x.pos, from: baseline(before), to: before, width: 1, color: func(int) color.NRGBA { return tint(hue, .7) }},
		bars{x: x.pos, from: before, to: move, width: 1, color: func(i int) color.NRGBA {
			if i == 0 {
				return newsGrey
			}
			return hue
		}},
	)
	p.add(values{x.pos, move})
	if limit > 0 || limit < 0 {
		p.level(x, limit, "limit of a constant gain "+Percent.short(limit), ink, dashed)
	}
	return Figure{d.Frame, x, nil, []panel{p}}, nil
}

// values writes percentages, without the sign, at the feet of bars one unit apart
// if they fit into them.
type values struct{ x, y []float64 }

func (values) bounds() (float64, float64) { return reach() }

func (v values) draw(a area) {
	style := a.theme.foot.in(ink)
	room := (a.at(1, 0).X - a.at(0, 0).X) * barShare
	for i, y := range v.y {
		if text := strings.TrimSuffix(Percent.short(y), nbsp+"%"); style.width(text) < room && y == y {
			foot := a.at(v.x[i], 0)
			shift := a.theme.pt(3)
			if y < 0 {
				shift = -style.font.Size * vg.Length(1.1)
			}
			style.write(a, foot.X, foot.Y+shift, center, text)
		}
	}
}
