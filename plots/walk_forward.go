package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// WalkWindow is a stretch of the timeline that was traded with parameters chosen on what
// lies before it.
type WalkWindow struct {
	From, To int    // first and last point
	Cell     string // the parameters that were chosen: "lookback 20"; may be empty
}

// WalkForwardData is a strategy whose parameters were chosen anew for each window.
type WalkForwardData struct {
	Frame
	Timeline
	Events        []Event
	Unit          Unit
	OutOfSample   []float64 // equity, joined over the windows
	Name          string    // default "out of sample"
	InSample      []float64 // optional: equity of the best parameters in hindsight
	InSampleName  string    // default "best in hindsight"
	Benchmark     []float64 // optional
	BenchmarkName string    // default "benchmark"
	Windows       []WalkWindow
}

// WalkForward shows what a strategy earned out of sample beside what the best parameters
// in hindsight and a benchmark earned. Every other window is shaded, and the parameters
// that were chosen stand at its top where they fit. The axis is logarithmic where the
// lines span more than a factor of three.
func WalkForward(d WalkForwardData) (Figure, error) {
	c := check{chart: "walk forward"}
	x := c.timeline(d.Timeline)
	out := c.required("out of sample", d.OutOfSample)
	in, benchmark := c.optional("in sample", d.InSample), c.optional("benchmark", d.Benchmark)
	c.windows(d.Windows)
	marks := c.events(x, d.Timeline, d.Events)
	if err := c.err(); err != nil {
		return Figure{}, err
	}
	p := panel{heading: "Equity", weight: 2, unit: d.Unit, log: manifold(out, in, benchmark)}
	windows := slices.Clone(d.Windows)
	p.fill(windowBands{x.pos, windows})
	if benchmark != nil {
		p.line(cmp.Or(d.BenchmarkName, "benchmark"), line{x: x.pos, y: benchmark, color: newsGrey, width: thinWidth}, false)
	}
	if in != nil {
		p.line(cmp.Or(d.InSampleName, "best in hindsight"), line{x: x.pos, y: in, color: blue, width: lineWidth, dashes: dashed}, false)
	}
	p.subject(cmp.Or(d.Name, "out of sample"), line{x: x.pos, y: out, color: ink, width: subjectWidth}, x.pos[d.Start])
	if len(windows) > 0 {
		p.note = fmt.Sprintf("bands: %s, each traded with parameters chosen before it", plural(len(windows), "window"))
	}
	if slices.ContainsFunc(windows, func(w WalkWindow) bool { return w.Cell != "" }) {
		p.headroom(.18, out, in, benchmark)
		p.add(cells{x.pos, windows})
	}
	return Figure{d.Frame, x, marks, []panel{p}}, nil
}

// windows must lie one after the other.
func (c *check) windows(windows []WalkWindow) {
	next := 0
	for i, w := range windows {
		if w.From < next || w.To < w.From || w.To >= c.points {
			c.fault("windows[%d] is %d to %d, expected a range within %d to %d", i, w.From, w.To, next, c.points-1)
			return
		}
		next = w.To
	}
}

// windowBands shades every other window.
type windowBands struct {
	x       []float64
	windows []WalkWindow
}

func (windowBands) bounds() (float64, float64) { return reach() }

func (b windowBands) draw(a area) {
	for i, w := range b.windows {
		if from, to := a.at(b.x[w.From], a.y.hi).X, a.at(b.x[w.To], a.y.hi).X; i%2 == 0 {
			a.FillPolygon(veil(rgb(0), .045), rectangle(from, a.Min.Y, to, a.Max.Y))
		}
	}
}

// cells writes what was chosen at the top of each window that is wide enough.
type cells struct {
	x       []float64
	windows []WalkWindow
}

func (cells) bounds() (float64, float64) { return reach() }

func (m cells) draw(a area) {
	style := a.theme.foot
	for _, w := range m.windows {
		from, to := a.at(m.x[w.From], a.y.hi).X, a.at(m.x[w.To], a.y.hi).X
		if lines, ok := style.fits(w.Cell, to-from-a.theme.pt(4), 3); ok {
			style.halo(a, (from+to)/2, a.Max.Y-a.theme.pt(1), center, lines)
		}
	}
}

// fits breaks a text into at most so many lines of a width, without breaking a word, and
// tells whether that is possible.
func (s textStyle) fits(text string, width vg.Length, most int) ([]string, bool) {
	if s.widest(strings.Fields(text)) > width {
		return nil, false
	}
	lines := s.wrap(text, width, 0)
	return lines, len(lines) <= most
}
