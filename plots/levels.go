package plots

import (
	"cmp"
	"fmt"
	"math"
)

// LevelSeries is one line of a panel.
type LevelSeries struct {
	Name     string
	Kind     string    // for the colour; default "price". Series of one kind get shades of it
	Values   []float64 // in the unit of the panel: history up to Start, simulated from there
	Observed bool      // what the market did: thin and grey
	Beside   bool      // what the subject is compared with: not as strong a line
}

// Threshold is a named horizontal line.
type Threshold struct {
	Name  string // "hurdle"; its value is added
	Value float64
}

// LevelPanel is a plot area of lines in one unit.
type LevelPanel struct {
	Heading    string // what is shown and its unit: "Basis, % a year"
	Unit       Unit
	Zero       bool // the axis contains zero
	Series     []LevelSeries
	Thresholds []Threshold
}

// LevelsData is one or more things that have a level over time: a basis, a
// premium, an mNAV.
type LevelsData struct {
	Frame
	Timeline
	Events []Event
	Panels []LevelPanel
}

// Levels shows lines over time with their thresholds, history thin and what is
// simulated stronger. A series without a value is left out, and so is a panel of
// which none has one.
func Levels(d LevelsData) (Figure, error) {
	c := check{chart: "levels"}
	x := c.timeline(d.Timeline)
	kept := c.levels(d.Panels)
	if len(kept) == 0 {
		c.fault("no series has a value")
	}
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	var panels []panel
	for _, p := range kept {
		panels = append(panels, p.panel(x, x.pos[d.Start]))
	}
	return Figure{d.Frame, x, marks, panels}, nil
}

// levels validates the panels and keeps those with values.
func (c *check) levels(panels []LevelPanel) []LevelPanel {
	var kept []LevelPanel
	for i, p := range panels {
		name := cmp.Or(p.Heading, fmt.Sprintf("panels[%d]", i))
		var series []LevelSeries
		for k, s := range p.Series {
			if s.Values = c.optional(name+": "+cmp.Or(s.Name, fmt.Sprintf("series[%d]", k)), s.Values); s.Values != nil {
				series = append(series, s)
			}
		}
		if p.Series, p.Thresholds = series, c.thresholds(name, p.Thresholds); len(series) > 0 {
			kept = append(kept, p)
		}
	}
	return kept
}

// thresholds are those that are present.
func (c *check) thresholds(name string, list []Threshold) []Threshold {
	var present []Threshold
	for k, t := range list {
		t.Value = c.number(name+": "+cmp.Or(t.Name, fmt.Sprintf("thresholds[%d]", k)), t.Value)
		if !math.IsNaN(t.Value) {
			present = append(present, t)
		}
	}
	return present
}

func (l LevelPanel) panel(x xAxis, start float64) panel {
	p := panel{heading: l.Heading, weight: 1, unit: l.Unit, zero: l.Zero}
	for _, t := range l.Thresholds {
		p.level(x, t.Value, cmp.Or(t.Name, "threshold")+" "+l.Unit.short(t.Value), textGrey, dashed)
	}
	seen := hues{}
	for _, s := range l.Series {
		if s.Observed {
			p.line(cmp.Or(s.Name, "observed"), line{x: x.pos, y: s.Values, color: textGrey, width: thinWidth}, false)
			continue
		}
		drawn := line{x: x.pos, y: s.Values, color: seen.next(colorOf(cmp.Or(s.Kind, "price")), lineShades), width: subjectWidth}
		if s.Beside {
			drawn.width = lineWidth
		}
		p.path(drawn, start)
		p.end(s.Name, drawn, !s.Beside)
	}
	return p
}
