package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// Light is one condition of a recovery: on, off, or not known.
type Light struct {
	Name      string    // "Coinbase premium"
	Rule      string    // optional: when it is on: "on after five days above 0"
	On        []float64 // 1 on, 0 off, NaN not known; a light that is never known stays in the chart
	Value     []float64 // optional: what the light judges
	Unit      Unit      // of the value
	Threshold float64   // drawn with Value; 0 is a line at 0, NaN is none
}

// LightsData is a price and the lights of a recovery watch.
type LightsData struct {
	Frame
	Timeline
	Events   []Event
	Price    []float64        // optional: USD, history up to Start, simulated from there
	Lights   []Light          // at least one
	Recovery []ProbabilityRun // optional: probability that recovery has begun by then
	Interval string           // what is shaded around it: "95 % interval"; default "interval"
}

// Lights shows a price and under it, over time, which lights are on: green and
// dark where one is on, light grey where it is off, hatched where that is not
// known. Lights without a value are rows of one panel. A light with a value has a
// panel of its own, filled by its state, with the value as a thin line and its
// threshold. The probability of recovery is the last panel.
func Lights(d LightsData) (Figure, error) {
	c := check{chart: "lights"}
	x := c.timeline(d.Timeline)
	price := c.prices("price", c.optional("price", d.Price))
	lights := c.lights(d.Lights)
	recovery := c.probabilities("recovery", d.Recovery)
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	x.edge = x.spacing() / 2
	panels := lamps(x, lights)
	panels[0].keys = []key{{"on", onColor, false, nil}, {"off", offColor, false, nil}, {"not known", unknown, false, nil}}
	if price != nil {
		p := panel{heading: "Price, USD", weight: 1.6, unit: USD}
		p.subject("", line{x: x.pos, y: price, color: ink, width: subjectWidth}, x.pos[d.Start])
		panels = append([]panel{p}, panels...)
	}
	if len(recovery) > 0 {
		panels = append(panels, chances("Probability of recovery by then", x.pos, recovery, d.Interval))
	}
	return Figure{d.Frame, x, marks, panels}, nil
}

// lights validates and copies; the value of a light may be absent.
func (c *check) lights(lights []Light) []Light {
	if len(lights) == 0 {
		c.fault("no lights, expected at least 1")
	}
	checked := make([]Light, len(lights))
	for i, l := range lights {
		name := cmp.Or(l.Name, fmt.Sprintf("lights[%d]", i))
		if c.matches(name, l.On) {
			for k, v := range l.On {
				if v != 0 && v != 1 && !math.IsNaN(v) {
					c.fault("%s[%d] is %v, expected 1 for on, 0 for off or NaN for not known", name, k, v)
					break
				}
			}
		}
		checked[i] = l
		checked[i].Name = name
		checked[i].On = slices.Clone(l.On)
		checked[i].Value = c.optional(name+" value", l.Value)
		checked[i].Threshold = c.number(name+" threshold", l.Threshold)
	}
	return checked
}

// lamps are the panels of the lights: rows first.
func lamps(x xAxis, lights []Light) []panel {
	var rows []Light
	var panels []panel
	for _, l := range lights {
		if l.Value == nil {
			rows = append(rows, l)
			continue
		}
		panels = append(panels, l.panel(x))
	}
	if len(rows) > 0 {
		panels = append([]panel{lampRows(x, rows)}, panels...)
	}
	return panels
}

// panel shows the state as the ground and the value on it.
func (l Light) panel(x xAxis) panel {
	p := panel{heading: l.Name, weight: .8, unit: l.Unit}
	if l.Rule != "" {
		p.heading += ": " + l.Rule
	}
	p.fill(strip{x.borders(), l.On, math.Inf(-1), math.Inf(1)})
	if !math.IsNaN(l.Threshold) {
		p.level(x, l.Threshold, "threshold "+l.Unit.short(l.Threshold), textGrey, dashed)
	}
	p.line("", line{x: x.pos, y: l.Value, color: ink, width: thinWidth}, false)
	return p
}

// lampRows are strips below each other with the last state beside them.
func lampRows(x xAxis, lights []Light) panel {
	p := panel{weight: .3 * float64(len(lights)), bare: true}
	var rules []string
	for i, l := range lights {
		row := float64(len(lights) - i)
		p.fill(strip{x.borders(), l.On, row - .85, row - .15})
		p.ends = append(p.ends, l.stateLabel(x.pos, x.scale().hi, row-.5)...)
		if l.Rule != "" {
			rules = append(rules, l.Name+" "+l.Rule)
		}
	}
	p.note = strings.Join(rules, "; ")
	return p
}

// stateLabel names the light beside its row, with its last state.
func (l Light) stateLabel(x []float64, at, row float64) []endLabel {
	n := len(x)
	if n == 0 {
		return nil
	}
	return []endLabel{{at, row, l.Name + ": " + l.state(n-1), textGrey, false, nil, func(until float64) []endLabel {
		return l.stateLabel(x[:sort.Search(n, func(i int) bool { return x[i] > until })], until, row)
	}}}
}

// state at a point.
func (l Light) state(at int) string {
	switch l.On[at] {
	case 1:
		return "on"
	case 0:
		return "off"
	}
	return "not known"
}
