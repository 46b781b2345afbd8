package plots

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

// DrawdownData is a price whose falls are to be shown.
type DrawdownData struct {
	Frame
	Timeline
	Events []Event
	Price  []float64 // USD, not negative; absent points are skipped
}

// Drawdown shows how far the price is below its highest so far, with the three
// deepest falls marked by depth and by dates from the peak to the trough. A fall
// of less than a tenth of the deepest is not marked.
func Drawdown(d DrawdownData) (Figure, error) {
	c := check{chart: "drawdown"}
	x := c.timeline(d.Timeline)
	price := c.required("price", d.Price)
	marks := c.events(x, d.Timeline, d.Events)
	under := c.underwater("price", price)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	index, present := compact(price)
	worst, err := stats.WorstDrawdowns(present, 3)
	if err != nil {
		return Figure{}, fmt.Errorf("plots: drawdown: %w", err)
	}
	p := panel{weight: 2, unit: Percent, zero: true}
	p.fill(ribbon{x: x.pos, from: baseline(under), to: under, color: tint(vermilion, .72)})
	p.path(line{x: x.pos, y: under, color: vermilion, width: subjectWidth}, x.pos[d.Start])
	p.add(d.episodes(x.pos, under, index, worst), footroom(under))
	p.timeline = d.Timeline
	p.tell("below the highest so far", vermilion, under)
	return Figure{d.Frame, x, marks, []panel{p}}, nil
}

// underwater is how far each value is below the highest so far; absent values are
// skipped.
func (c *check) underwater(name string, values []float64) []float64 {
	under := nan(len(values))
	if len(c.faults) > 0 {
		return under
	}
	index, present := compact(values)
	depth, err := stats.Underwater(present)
	if err != nil {
		c.fault("%s: %w", name, err)
	}
	for i, d := range depth {
		under[index[i]] = d
	}
	return under
}

// compact gives the values that are present and their indices.
func compact(values []float64) (index []int, present []float64) {
	for i, v := range values {
		if !math.IsNaN(v) {
			index, present = append(index, i), append(present, v)
		}
	}
	return index, present
}

// episodes labels the falls, leaving out those too shallow to be seen beside the
// deepest.
func (d DrawdownData) episodes(x, under []float64, index []int, worst []stats.Drawdown) notes {
	n := notes{x: x, y: under}
	for _, w := range worst {
		if w.Depth > .1*worst[0].Depth {
			continue
		}
		peak, trough := index[w.Peak], index[w.Trough]
		n.at = append(n.at, note{point: trough, color: vermilion,
			lines: []string{rough(w.Depth), d.period(peak, trough)}})
	}
	return n
}

// space extends the vertical axis and draws nothing.
type space float64

func (s space) bounds() (float64, float64) { return float64(s), float64(s) }
func (space) draw(area)                    {}

// footroom is a third of the depth, for the note under the deepest point; a
// price that never fell has an axis down to −1 %.
func footroom(depth []float64) space {
	lo, _ := reach(depth)
	return space(min(lo*1.3, -.01))
}
