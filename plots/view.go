package plots

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"time"
)

// ViewError says that a figure cannot be shown as it was asked to be.
type ViewError struct{ Found, Expected string }

func (e *ViewError) Error() string {
	return fmt.Sprintf("plots: found %s, expected %s", e.Found, e.Expected)
}

// Titled is the figure with other texts above it; an empty one stays as it is.
func (f Figure) Titled(title, subtitle string) Figure {
	if title != "" {
		f.frame.Title = title
	}
	if subtitle != "" {
		f.frame.Subtitle = subtitle
	}
	return f
}

// Sized is the figure in another format.
func (f Figure) Sized(s Size) Figure { f.frame.Size = s; return f }

// Between shows the dates from one to another, both included; a zero time is no
// limit. Labels at the ends of lines are those of the last date shown; sums and
// extremes stay those of all the data. Errors are of type [*ViewError].
func (f Figure) Between(from, to time.Time) (Figure, error) {
	if !f.x.dates {
		return f, &ViewError{"dates for a chart without any", "one whose axis has dates"}
	}
	pos := f.x.pos
	first := sort.SearchFloat64s(pos, float64(from.Unix()))
	if from.IsZero() {
		first = 0
	}
	end := len(pos)
	if !to.IsZero() {
		if to.Equal(to.Truncate(24 * time.Hour)) {
			to = to.Add(24*time.Hour - time.Second) // a date is the whole day
		}
		end = sort.Search(len(pos), func(i int) bool { return pos[i] > float64(to.Unix()) })
	}
	if end-first < 2 {
		day := func(s float64) string { return fromSeconds(s).Format(time.DateOnly) }
		return f, &ViewError{fmt.Sprintf("dates that hold %s of the chart", plural(max(0, end-first), "point")),
			fmt.Sprintf("at least two of its points, which go from %s to %s", day(pos[0]), day(pos[len(pos)-1]))}
	}
	f.x.pos = pos[first:end]
	f.x.before += first
	span := scale{lo: pos[first], hi: pos[end-1]}
	f.verticals = span.verticals(f.verticals)
	f.panels = slices.Clone(f.panels)
	for i := range f.panels {
		if p := &f.panels[i]; p.axis == nil && p.categories == nil && p.cells == nil {
			p.window = &span
			p.ends = span.labels(p.ends)
		}
	}
	return f, nil
}

// verticals are the marks that a span has room for. Of what began before it and
// lasts, only the band is left.
func (s scale) verticals(all []vertical) []vertical {
	var list []vertical
	for _, v := range all {
		if v.x > s.hi || v.x < s.lo && v.until <= s.lo {
			continue
		}
		if v.x < s.lo {
			v.x, v.label, v.bare = s.lo, "", true
		}
		list = append(list, v)
	}
	return list
}

// labels are those of the ends that lines have in a span.
func (s scale) labels(all []endLabel) []endLabel {
	var list []endLabel
	for _, e := range all {
		switch {
		case e.x > s.hi && e.until != nil:
			list = append(list, e.until(s.hi)...)
		case e.x <= s.hi:
			list = append(list, e)
		}
	}
	return slices.DeleteFunc(list, func(e endLabel) bool { return e.x < s.lo })
}

// Range shows the values from low to high on the axis of the figure's first panel
// that has one. What lies beyond is cut off; a line that ends there keeps its
// label at the edge. Errors are of type [*ViewError].
func (f Figure) Range(low, high float64) (Figure, error) {
	at := slices.IndexFunc(f.panels, func(p panel) bool {
		return p.categories == nil && p.cells == nil && p.steps == nil && !p.bare
	})
	if at < 0 {
		return f, &ViewError{"a range for a chart without an axis of values", "one whose values stand on a vertical axis"}
	}
	p := f.panels[at]
	written := func(lo, hi float64) string { return p.unit.short(lo) + " to " + p.unit.short(hi) }
	if p.log && low <= 0 {
		return f, &ViewError{written(low, high) + " on a logarithmic axis", "a range above 0"}
	}
	lo, hi := p.reach()
	if lo > high || hi < low {
		return f, &ViewError{written(low, high) + ", in which nothing lies", "a range that holds some of the values, " + written(lo, hi)}
	}
	f.panels = slices.Clone(f.panels)
	f.panels[at].limits = &scale{low, high, p.log}
	return f, nil
}

// cut tells whether a part of the panel's data is not shown.
func (p panel) cut() bool { return p.window != nil || p.limits != nil }

// inLimits puts labels of lines that left the panel at its edge.
func (p panel) inLimits() panel {
	if p.limits == nil {
		return p
	}
	p.ends = slices.Clone(p.ends)
	for i := range p.ends {
		p.ends[i].y = max(p.limits.lo, min(p.ends[i].y, p.limits.hi))
	}
	return p
}

// spanned is a mark that knows how far its values reach within a span of its
// horizontal axis.
type spanned interface {
	shown(span scale) (lo, hi float64)
}

// reachIn is [reach] of the values whose positions lie in a span.
func reachIn(span scale, x []float64, series ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i, at := range x {
		if at < span.lo || at > span.hi {
			continue
		}
		for _, values := range series {
			if v := values[i]; !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	return lo, hi
}

func (l line) shown(s scale) (float64, float64)   { return reachIn(s, l.x, l.y) }
func (b ribbon) shown(s scale) (float64, float64) { return reachIn(s, b.x, b.from, b.to) }
func (b bars) shown(s scale) (float64, float64)   { return reachIn(s, b.x, b.from, b.to) }
func (d dots) shown(s scale) (float64, float64)   { return reachIn(s, d.x, d.y) }

// until is a line up to a position.
func (l line) until(x float64) line {
	n := sort.Search(len(l.x), func(i int) bool { return l.x[i] > x })
	l.x, l.y = l.x[:n], l.y[:n]
	return l
}
