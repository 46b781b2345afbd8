package replay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
)

// DefaultBound is the factor up to which [Stress.Scale] looks where nothing else
// is asked for, and DefaultCells in how many steps.
const (
	DefaultBound = 10.0
	DefaultCells = 200
)

// ScaleOptions say where to look for a factor.
type ScaleOptions struct {
	Bound      float64 // largest factor; 0 = [DefaultBound]
	Cells      int     // of the grid from 0 to Bound; 0 = [DefaultCells]
	EitherSign bool    // shocks of the opposite sign as well
}

// Scaled is the smallest factor of the planned shocks.
type Scaled struct {
	Breaking
	Factor float64 `json:"factor"`
	// Cell is the width of the grid on which the first crossing was looked for: an
	// outcome that passes the threshold and comes back within one cell is not seen.
	Cell float64 `json:"cell"`
}

// Scale multiplies the shocks by one factor and finds the smallest, by size, with
// which the outcome passes the threshold. The outcome need be neither monotone nor
// continuous: the first crossing on a grid is narrowed by bisection until nothing
// lies between its sides but rounding, and the side past the threshold is the
// answer. The error is [ErrNotReached] where there is none up to the bound; it tells
// how near the outcome came, and from where on runs failed, if so.
func (s Stress) Scale(ctx context.Context, o ScaleOptions) (*Scaled, error) {
	o.Bound, o.Cells = cmp.Or(o.Bound, DefaultBound), cmp.Or(o.Cells, DefaultCells)
	if err := errors.Join(checkBound(o.Bound), checkCells(o.Cells)); err != nil {
		return nil, fmt.Errorf("reverse stress: %w", err)
	}
	t, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	planned := t.totals()
	if norm(planned) == 0 {
		return nil, errors.New("reverse stress: the shocks are 0, expected something to scale")
	}
	best, err := t.along(planned, o.Bound, o.Cells, finest)
	if err != nil {
		return nil, err
	}
	cell := o.Bound / float64(o.Cells)
	if o.EitherSign && !(best.found && best.high.at == 0) {
		other, err := t.along(scaled(planned, -1), o.Bound, o.Cells, finest)
		if err != nil {
			return nil, err
		}
		if other.nearer(best, t) {
			best = other.mirrored()
		}
	}
	if !best.found {
		return nil, t.missed("factor", best, o.Bound)
	}
	found := &Scaled{Factor: best.high.at, Cell: cell}
	found.Breaking, err = t.breaking(best.low, best.high, scaled(planned, best.high.at))
	return found, err
}

func checkBound(bound float64) error {
	if !(bound > 0) || math.IsInf(bound, 1) {
		return fmt.Errorf("the bound is %v, expected a finite number above 0", bound)
	}
	return nil
}

func checkCells(cells int) error {
	if cells < 1 {
		return fmt.Errorf("the grid has %d cells, expected at least 1", cells)
	}
	return nil
}

// line is what was found along a ray of shocks: the two sides of its first
// crossing, or of the place where runs begin to fail.
type line struct {
	low, high point
	found     bool
	nearest   point // to the threshold, of those that do not pass it
}

// nearer tells whether this line crosses at a smaller shock than another or,
// where neither does, comes nearer to the threshold.
func (l line) nearer(other line, s *stressed) bool {
	if l.found != other.found {
		return l.found
	}
	if l.found {
		return l.high.at < other.high.at
	}
	return s.short(l.nearest) < s.short(other.nearest)
}

// mirrored is the line on the other side of 0.
func (l line) mirrored() line {
	l.low.at, l.high.at, l.nearest.at = -l.low.at, -l.high.at, -l.nearest.at
	return l
}

// along looks for the first crossing on the ray at·totals, 0 ≤ at ≤ bound: on a
// grid, then by bisection until the sides differ by no more than the share fine of
// their size. Where runs fail from some size on, it looks before that.
func (s *stressed) along(totals []float64, bound float64, cells int, fine float64) (line, error) {
	l := line{low: point{value: s.unshocked}, high: point{value: s.unshocked}}
	if l.nearest = l.low; s.passed(l.low) {
		l.found = true
		return l, nil
	}
	for k := 1; k <= cells; k++ {
		at := bound * float64(k) / float64(cells)
		p, err := s.try(at, scaled(totals, at))
		if err != nil {
			return l, err
		}
		if p.fault != nil || s.passed(p) {
			l.high = p
			err := s.narrow(&l, totals, fine)
			return l, err
		}
		l.pass(p, s)
	}
	return l, nil
}

// finest is the width of a bracket, as a share of its place, that holds nothing
// but rounding.
const finest = 1e-12

// pass takes a point that does not pass the threshold.
func (l *line) pass(p point, s *stressed) {
	l.low = p
	if s.short(p) < s.short(l.nearest) {
		l.nearest = p
	}
}

// narrow bisects the bracket.
func (s *stressed) narrow(l *line, totals []float64, fine float64) error {
	for l.high.at-l.low.at > fine*l.high.at {
		at := l.low.at + (l.high.at-l.low.at)/2
		if at == l.low.at || at == l.high.at {
			break
		}
		p, err := s.try(at, scaled(totals, at))
		if err != nil {
			return err
		}
		if p.fault != nil || s.passed(p) {
			l.high = p
		} else {
			l.pass(p, s)
		}
	}
	l.found = s.passed(l.high)
	return nil
}

// missed says how far a search got. What is the size in question: a factor, or a
// norm.
func (s *stressed) missed(what string, l line, bound float64) error {
	near := l.nearest
	text := fmt.Sprintf("%s is to be %s %.6g, is %.6g without the shocks and comes nearest, %.6g, at %s %.6g of at most %.6g",
		s.Limit.Outcome, s.passing, s.Limit.Threshold, s.unshocked, near.value, what, near.at, bound)
	if l.high.fault != nil {
		text += fmt.Sprintf("; from %.6g on runs fail: %v", l.high.at, l.high.fault)
	}
	return fmt.Errorf("reverse stress: %w within the bound: %s", ErrNotReached, text)
}

func scaled(x []float64, factor float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = factor * v
	}
	return y
}

// norm is the Euclidean length.
func norm(x []float64) float64 {
	n := 0.0
	for _, v := range x {
		n = math.Hypot(n, v)
	}
	return n
}
