package plots

import (
	"fmt"
	"image/color"
	"slices"
)

// PIT is how often what came lay in each of equal parts of a model's forecasts: the
// histogram of the probability integral transform.
type PIT struct {
	Model     string
	Kind      string // for the colour: with feedback, no feedback, garch, or any other
	Counts    []int  // by part, from the lowest; nil where the model gave no forecasts
	Low, High float64
}

// PITRow is one horizon.
type PITRow struct {
	Name   string // "5 days ahead"
	Models []PIT  // the same models in every row
}

// PITData is how the forecasts of several models lie to what came, by horizon.
type PITData struct {
	Frame
	Rows []PITRow
}

// A page holds so many columns of histograms.
const mostPITs = 5

// PITHistograms shows a histogram for every model and horizon, beside each other, on one
// scale in each row: share of forecasts by the place of what came in the ensemble. The
// dashed line is what each part has where the model is right, and the shaded band holds
// the share of one part then, from Low to High counts. What fills the outer parts has come
// too often: the forecasts are too narrow.
func PITHistograms(d PITData) (Figure, error) {
	c := check{chart: "PIT"}
	if len(d.Rows) == 0 {
		c.fault("there are no rows")
	}
	drawn := false
	for i, row := range d.Rows {
		name := c.named(fmt.Sprintf("rows[%d]", i), row.Name)
		if n := len(row.Models); n < 1 || n > mostPITs || n != len(d.Rows[0].Models) {
			c.fault("%s: %d models, expected 1 to %d, and as many in every row", name, n, mostPITs)
		}
		for _, m := range row.Models {
			drawn = drawn || m.Counts != nil
			c.pit(name+", "+m.Model, m)
		}
	}
	if !drawn && len(c.faults) == 0 {
		c.fault("no model has forecasts")
	}
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	f := Figure{frame: d.Frame, x: xAxis{pos: []float64{0, 1}, ticks: valueTicks(Percent), caption: "place in the ensemble"}}
	for i, row := range d.Rows {
		top := row.top()
		for k, m := range row.Models {
			p := m.panel(row.Name, top)
			if p.beside = k > 0; i == 0 {
				p.title = m.Model
			}
			f.panels = append(f.panels, p)
		}
	}
	return f, nil
}

func (c *check) pit(name string, m PIT) {
	if m.Counts == nil {
		return
	}
	if len(m.Counts) < 2 || m.total() == 0 {
		c.fault("%s: %d forecasts in %d parts, expected some, and at least 2 parts", name, m.total(), len(m.Counts))
	}
	for k, n := range m.Counts {
		if n < 0 {
			c.fault("%s: counts[%d] is %d, expected 0 or more", name, k, n)
		}
	}
	if m.Low < 0 || !(m.Low <= m.High) || c.number(name+": high", m.High) != m.High {
		c.fault("%s: a band from %v to %v", name, m.Low, m.High)
	}
}

func (m PIT) total() int {
	sum := 0
	for _, n := range m.Counts {
		sum += n
	}
	return sum
}

// top is the highest share of a row, bands included.
func (r PITRow) top() float64 {
	top := 0.
	for _, m := range r.Models {
		if n := float64(m.total()); n > 0 {
			top = max(top, float64(slices.Max(m.Counts))/n, m.High/n)
		}
	}
	return top
}

func (m PIT) panel(row string, top float64) panel {
	p := panel{heading: row + ": no forecasts", weight: 1, unit: Percent, zero: true}
	p.add(space(top))
	if m.Counts == nil {
		return p
	}
	n, parts := m.total(), len(m.Counts)
	p.heading = row + ", n" + nbsp + "=" + nbsp + Number.label(float64(n), 1, 1)
	tone := tint(modelColor(m.Kind), .45)
	columns := bars{width: 1 / float64(parts), color: func(int) color.NRGBA { return tone }, dense: true}
	for k, count := range m.Counts {
		columns.x = append(columns.x, (float64(k)+.5)/float64(parts))
		columns.from, columns.to = append(columns.from, 0), append(columns.to, float64(count)/float64(n))
	}
	across, even := []float64{0, 1}, 1./float64(parts)
	low, high := m.Low/float64(n), m.High/float64(n)
	p.fill(columns, ribbon{x: across, from: []float64{low, low}, to: []float64{high, high}, color: veil(ink, .1)})
	p.add(line{x: across, y: []float64{even, even}, color: ink, width: thinWidth, dashes: dashed})
	for _, edge := range []float64{low, high} {
		p.add(line{x: across, y: []float64{edge, edge}, color: newsGrey, width: hairWidth})
	}
	return p
}

// modelColor tells models of forecasts apart: the scenario's and the same without feedback
// have the colours of a price and of its counterfactual.
func modelColor(kind string) color.NRGBA {
	switch kind {
	case "with feedback":
		return ink
	case "no feedback":
		return blue
	case "garch":
		return brown
	}
	return newsGrey
}
