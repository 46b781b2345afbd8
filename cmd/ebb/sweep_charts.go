package main

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/ebb-sim/ebb/plots"
	"github.com/ebb-sim/ebb/scenarios/sweep"
)

// charts are those of a sweep: maps of a grid over two or three parameters, and bars, a
// plane or a tornado of what matters.
func (r sweepResult) charts(as []format) ([]file, error) {
	var pictures []picture
	for i, o := range r.Outcomes {
		kind := r.chart(i)
		draw := map[string]func(int) (plots.Figure, error){"map": r.sweepMap, "sobol": r.sobolBars, "morris": r.morrisPlane, "tornado": r.tornado}[kind]
		if draw == nil {
			continue
		}
		figure, err := draw(i)
		if err != nil {
			return nil, fmt.Errorf("chart of %s: %w", o.Name, err)
		}
		pictures = append(pictures, picture{fmt.Sprintf("%s-%d", kind, i+1), figure})
	}
	return paint(pictures, as)
}

// mostMapped is how many values of a third parameter get a map each.
const mostMapped = 9

// chart is what fits an outcome, or "".
func (r sweepResult) chart(outcome int) string {
	axes := r.Axes
	whole := len(r.rows) == r.Cells
	switch {
	case len(r.sensitivity) > 0 && r.sensitivity[outcome].Indices != nil:
		return "sobol"
	case len(r.sensitivity) > 0 && r.sensitivity[outcome].Effects != nil:
		return "morris"
	case r.Design.Name == sweep.OneByOne && whole && !math.IsNaN(r.mean(0, outcome)):
		return "tornado"
	case r.Design.Name != sweep.Grid || !whole || len(axes) < 2 || len(axes) > 3 || len(axes) == 3 && len(axes[2].Values) > mostMapped:
		return ""
	case len(axes[0].Values) < 2 || len(axes[1].Values) < 2 || !slices.ContainsFunc(r.rows, func(row sweep.Row) bool {
		return row.Failed == "" && !math.IsNaN(row.Outcomes[outcome].Mean.Value)
	}):
		return ""
	}
	return "map"
}

func (r sweepResult) frame(title, subtitle string) plots.Frame {
	return plots.Frame{Title: title, Subtitle: subtitle, Source: r.Source, Scenario: r.Scenario, Hash: r.Hash, Status: r.Status}
}

// about says on what the figures rest.
func (r sweepResult) about() string {
	return fmt.Sprintf("mean over %s, %s on the same random numbers", counted(r.Paths, "path"), counted(len(r.rows), "cell"))
}

// sweepMap is the mean of an outcome over the first two parameters, a map for each
// value of the third.
func (r sweepResult) sweepMap(outcome int) (plots.Figure, error) {
	o, axes := r.Outcomes[outcome], r.Axes
	x, xs, err := mapped(axes[0])
	if err != nil {
		return plots.Figure{}, err
	}
	y, ys, err := mapped(axes[1])
	if err != nil {
		return plots.Figure{}, err
	}
	d := plots.SweepMapData{Frame: r.frame(o.Title, r.about()), X: x, Y: y, Outcome: o.Title, Unit: unitOfChart(o.Unit), Threshold: math.NaN()}
	thirds := []string{""}
	if len(axes) == 3 {
		thirds = axes[2].Values
	}
	for k, third := range thirds {
		p := plots.SweepPanel{}
		if third != "" {
			p.Name = axes[2].Key + " " + third
		}
		for _, j := range ys {
			var row []float64
			for _, i := range xs {
				row = append(row, r.mean((i*len(ys)+j)*len(thirds)+k, outcome))
			}
			p.Outcome = append(p.Outcome, row)
		}
		d.Panels = append(d.Panels, p)
	}
	return plots.SweepMap(d)
}

// mapped is an axis with ascending values, and the place of each among those of the
// sweep.
func mapped(a sweep.Axis) (plots.SweepAxis, []int, error) {
	out := plots.SweepAxis{Parameter: a.Key, Unit: unitOfParameter(a.Unit)}
	var values []float64
	var order []int
	for i, text := range a.Values {
		v, err := a.Value(text)
		if err != nil {
			return out, nil, err
		}
		values, order = append(values, v), append(order, i)
	}
	sort.Slice(order, func(i, j int) bool { return values[order[i]] < values[order[j]] })
	for _, i := range order {
		out.Values = append(out.Values, values[i])
	}
	return out, order, nil
}

// mean is that of an outcome in a cell, NaN where there is none.
func (r sweepResult) mean(cell, outcome int) float64 {
	if r.rows[cell].Failed != "" {
		return math.NaN()
	}
	return r.rows[cell].Outcomes[outcome].Mean.Value
}

// tornado is what each parameter alone does to an outcome, from the least of its values
// to the greatest.
func (r sweepResult) tornado(outcome int) (plots.Figure, error) {
	o, base := r.Outcomes[outcome], r.mean(0, outcome)
	d := plots.TornadoData{Frame: r.frame(o.Title+": what each parameter alone does", "each through its values, the others as in the scenario; "+r.about()),
		Outcome: o.Title, Unit: unitOfChart(o.Unit), Base: base}
	for i, a := range r.Axes {
		_, order, err := mapped(a)
		if err != nil {
			return plots.Figure{}, err
		}
		end := func(value int) plots.TornadoEnd {
			return plots.TornadoEnd{Value: a.Values[value], Outcome: r.mean(sweep.Alone(r.Axes, i, value), outcome)}
		}
		d.Bars = append(d.Bars, plots.TornadoBar{Parameter: a.Key, Low: end(order[0]), High: end(order[len(order)-1])})
	}
	return plots.Tornado(d)
}

func (r sweepResult) sobolBars(outcome int) (plots.Figure, error) {
	o, s := r.Outcomes[outcome], r.sensitivity[outcome].Indices
	d := plots.SobolBarsData{Frame: r.frame(o.Title+": which parameter matters", "share of the variance; "+r.about()), Interval: "95 % interval"}
	for _, i := range s.Indices {
		d.Indices = append(d.Indices, plots.SobolIndex(i))
	}
	if s.Lost > 0 {
		d.Note = fmt.Sprintf("%d of %d blocks are left out: a cell failed", s.Lost, s.Blocks)
	}
	return plots.SobolBars(d)
}

func (r sweepResult) morrisPlane(outcome int) (plots.Figure, error) {
	o, s := r.Outcomes[outcome], r.sensitivity[outcome].Effects
	d := plots.MorrisPlaneData{Frame: r.frame(o.Title+": which parameter matters at all", "effect of a step through its range; "+r.about()), Unit: unitOfChart(o.Unit), Interval: "95 % interval"}
	for _, e := range s.Effects {
		d.Effects = append(d.Effects, plots.MorrisEffect{Parameter: e.Parameter, MuStar: e.MuStar, Sigma: e.Sigma})
	}
	if s.Lost > 0 {
		d.Note = fmt.Sprintf("%d of %d walks are left out: a cell failed", s.Lost, s.Blocks)
	}
	return plots.MorrisPlane(d)
}
