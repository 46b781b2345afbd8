package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"slices"
)

// Holder is one treasury or leveraged holder. Every series is optional.
type Holder struct {
	Name             string
	AverageCost      []float64 // USD per coin
	LiquidationPrice []float64 // USD per coin
	LiquidationName  string    // what happens there; default "liquidation"
	UnrealisedPnL    []float64 // USD
	HealthFactor     []float64 // collateral × threshold / debt; liquidated below 1
	Holdings         []float64 // coins
}

// TreasuriesData is a price and the state of those who hold the coin.
type TreasuriesData struct {
	Frame
	Timeline
	Events       []Event
	Price        []float64 // USD
	Holders      []Holder
	TargetHealth float64 // optional: drawn beside the line at 1; 0 or NaN is none
}

// Treasuries shows up to four panels: the price with average costs and
// liquidation prices, unrealised profit and loss, health factors, holdings. A
// panel for which no holder has data is left out. Of more than eight holders the
// eight largest are drawn and a note counts the others: by the most each ever
// held, at the price of the time, or, where holdings are absent, by the largest
// profit or loss.
func Treasuries(d TreasuriesData) (Figure, error) {
	c := check{chart: "treasuries"}
	x := c.timeline(d.Timeline)
	price := c.prices("price", c.required("price", d.Price))
	target := c.number("target health", d.TargetHealth)
	holders := c.holders(d.Holders)
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	holders, more := largestHolders(holders, price)
	first := costs(x.pos, price, x.pos[d.Start], holders)
	if more > 0 {
		first.note = fmt.Sprintf("the %d largest holders, and %d more that are not drawn", len(holders), more)
	}
	panels := []panel{first}
	for _, p := range []panel{
		perHolder("Unrealised profit and loss, USD", USD, true, x.pos, holders, func(h Holder) []float64 { return h.UnrealisedPnL }),
		health(x, holders, target),
		perHolder("Holdings, coins", Number, true, x.pos, holders, func(h Holder) []float64 { return h.Holdings }),
	} {
		if len(p.marks) > 0 {
			panels = append(panels, p)
		}
	}
	return Figure{d.Frame, x, marks, panels}, nil
}

func (c *check) holders(holders []Holder) []Holder {
	checked := make([]Holder, len(holders))
	for i, h := range holders {
		checked[i] = Holder{
			Name:             h.Name,
			AverageCost:      c.optional(h.Name+" average cost", h.AverageCost),
			LiquidationPrice: c.optional(h.Name+" liquidation price", h.LiquidationPrice),
			LiquidationName:  cmp.Or(h.LiquidationName, "liquidation"),
			UnrealisedPnL:    c.optional(h.Name+" unrealised P&L", h.UnrealisedPnL),
			HealthFactor:     c.optional(h.Name+" health factor", h.HealthFactor),
			Holdings:         c.optional(h.Name+" holdings", h.Holdings),
		}
	}
	return checked
}

// mostHolders is how many holders a chart can tell apart.
const mostHolders = 8

// largestHolders keeps the largest in their order and counts the others.
func largestHolders(holders []Holder, price []float64) (kept []Holder, more int) {
	if len(holders) <= mostHolders {
		return holders, 0
	}
	order := make([]int, len(holders))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(holders[j].size(price), holders[i].size(price)) })
	order = order[:mostHolders]
	slices.Sort(order)
	for _, i := range order {
		kept = append(kept, holders[i])
	}
	return kept, len(holders) - mostHolders
}

// size of a holder in USD; 0 if nothing is known of it.
func (h Holder) size(price []float64) float64 {
	values := h.UnrealisedPnL
	if h.Holdings != nil {
		values = make([]float64, len(price))
		for i, coins := range h.Holdings {
			values[i] = coins * price[i]
		}
	}
	lo, hi := reach(values)
	return max(0, -lo, hi)
}

// holderLine is the line of a holder. Four shades are told apart, in print without
// colours too; after them the lines are interrupted.
func holderLine(i int, x, y []float64) line {
	l := line{x: x, y: y, color: shade(orange, lineShades, i%4), width: lineWidth}
	if i >= 4 {
		l.dashes = broken
	}
	return l
}

func costs(x, price []float64, start float64, holders []Holder) panel {
	p := panel{heading: "Price and average cost, USD", weight: 1.6, unit: USD}
	for i, h := range holders {
		if h.LiquidationPrice != nil {
			p.heading = "Price, average cost and price of forced sales (dashed), USD"
		}
		if h.AverageCost != nil {
			p.line(h.Name+" cost", holderLine(i, x, h.AverageCost), false)
		}
		if h.LiquidationPrice != nil {
			p.line(h.Name+" "+h.LiquidationName, line{x, h.LiquidationPrice, shade(orange, lineShades, i%4), lineWidth, dashed}, false)
		}
	}
	p.subject("price", line{x: x, y: price, color: ink, width: subjectWidth}, start)
	return p
}

// perHolder draws one series of every holder that has it.
func perHolder(heading string, u Unit, zero bool, x []float64, holders []Holder, series func(Holder) []float64) panel {
	p := panel{heading: heading, weight: 1, unit: u, zero: zero}
	for i, h := range holders {
		if values := series(h); values != nil {
			p.line(h.Name, holderLine(i, x, values), false)
		}
	}
	return p
}

// health has a line at 1, where liquidation begins, and one at the target to
// which holders deleverage.
func health(x xAxis, holders []Holder, target float64) panel {
	p := perHolder("Health factor", Number, false, x.pos, holders, func(h Holder) []float64 { return h.HealthFactor })
	if len(p.marks) == 0 {
		return p
	}
	p.level(x, 1, "liquidation below 1", vermilion, nil)
	if target > 0 {
		p.level(x, target, "target "+Number.short(target), newsGrey, dashed)
	}
	return p
}

// rowLabel names what stands at one height, wherever the panel ends.
func rowLabel(x, y float64, name string, c color.NRGBA) []endLabel {
	return []endLabel{{x, y, name, c, false, nil, func(until float64) []endLabel { return rowLabel(until, y, name, c) }}}
}

// level draws a named horizontal line.
func (p *panel) level(x xAxis, y float64, name string, c color.NRGBA, dashes []float64) {
	p.add(level{y, c, dashes})
	p.ends = append(p.ends, rowLabel(x.scale().hi, y, name, c)...)
}
