package plots

import (
	"cmp"
	"image/color"
	"math"
	"slices"
	"strings"
)

// PathGroup is the distribution of some of the paths over time.
type PathGroup struct {
	Share  float64   // of all paths, 0 to 1
	Median []float64 // USD; nil for a group without paths
	Bands  []Band    // at most two, the widest first: "5–95 %", "25–75 %"
}

// ReclaimData is what becomes of a price below a level: the paths that reclaim
// it, and those that do not.
type ReclaimData struct {
	Frame
	Timeline
	Events       []Event
	Level        float64   // USD
	LevelName    string    // default "level"
	History      []float64 // optional: USD, up to Start
	Reclaimed    PathGroup
	Not          PathGroup
	Observed     []float64 // optional: USD, what happened after Start
	ObservedName string    // default "observed"
	Log          bool
}

// Reclaim shows the median and the bands of both groups, each labelled with its
// share of all paths, the level, and the history before.
func Reclaim(d ReclaimData) (Figure, error) {
	c := check{chart: "reclaim"}
	x := c.timeline(d.Timeline)
	c.positive("level", d.Level)
	history := c.prices("history", c.optional("history", d.History))
	observed := c.prices("observed", c.optional("observed", d.Observed))
	reclaimed, not := c.group("reclaimed", d.Reclaimed), c.group("not reclaimed", d.Not)
	if sum := reclaimed.Share + not.Share; sum > 1+1e-9 {
		c.fault("the shares of both groups add up to %v, expected at most 1", sum)
	}
	if reclaimed.Median == nil && not.Median == nil {
		c.fault("neither group has a median")
	}
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p := panel{weight: 2, unit: USD, log: d.Log}
	level := USD.short(d.Level)
	p.level(x, d.Level, cmp.Or(d.LevelName, "level")+" "+level, ink, dashed)
	p.group(x.pos, not, newsGrey, "do not: ")
	p.group(x.pos, reclaimed, sky, "reclaim "+level+": ")
	if history != nil {
		p.add(line{x: x.pos, y: history, color: ink, width: thinWidth})
	}
	if observed != nil {
		p.line(cmp.Or(d.ObservedName, "observed"), line{x: x.pos, y: observed, color: ink, width: thinWidth, dashes: dotted}, false)
	}
	p.note = groupNote(level, reclaimed, not)
	return Figure{d.Frame, x, marks, []panel{p}}, nil
}

func (c *check) positive(name string, v float64) {
	if c.finite(name, []float64{v}) && !(v > 0) { // also NaN
		c.fault("%s is %v, expected a price of more than 0", name, v)
	}
}

func (c *check) group(name string, g PathGroup) PathGroup {
	if !(g.Share >= 0 && g.Share <= 1) {
		c.fault("the share of %s is %v, expected 0 to 1", name, g.Share)
	}
	g.Median = c.prices(name+" median", c.optional(name+" median", g.Median))
	if len(g.Bands) > 2 {
		c.fault("%s has %d bands, expected at most 2", name, len(g.Bands))
	}
	var bands []Band
	for _, b := range g.Bands {
		label := strings.TrimSpace(name + " " + b.Label)
		if low, high := c.interval(label, b.Low, b.High); low != nil {
			c.prices(label+" low", low)
			bands = append(bands, Band{b.Label, low, high})
		}
	}
	g.Bands = bands
	return g
}

// group draws one group; what lies under its bands stays visible.
func (p *panel) group(x []float64, g PathGroup, hue color.NRGBA, name string) {
	for _, b := range g.Bands {
		p.fill(ribbon{x: x, from: b.Low, to: b.High, color: veil(hue, .3)})
	}
	if g.Median == nil {
		return
	}
	l := line{x: x, y: g.Median, color: dark(hue, .3), width: subjectWidth}
	p.add(l)
	if !math.IsNaN(g.Share) {
		p.end(name+Percent.short(g.Share)+" of paths, median", l, true)
	}
}

// groupNote says what the bands are, and which group has no path.
func groupNote(level string, reclaimed, not PathGroup) string {
	var notes, labels []string
	for _, b := range slices.Concat(reclaimed.Bands, not.Bands) {
		if b.Label != "" && !slices.Contains(labels, b.Label) {
			labels = append(labels, b.Label)
		}
	}
	if len(labels) > 0 {
		notes = append(notes, "shaded: "+strings.Join(labels, " and ")+" of each group")
	}
	if reclaimed.Median == nil {
		notes = append(notes, "reclaim "+level+": "+Percent.short(reclaimed.Share)+" of paths")
	}
	if not.Median == nil {
		notes = append(notes, "do not reclaim "+level+": "+Percent.short(not.Share)+" of paths")
	}
	return joined(notes...)
}
