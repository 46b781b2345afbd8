package montecarlo

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Merge puts parts of one run together, in whatever order they come. They have to
// follow on one another: the result is the part that reaches from the first of their
// paths to the last, bit for bit what one run over these paths gives, and may be
// merged again. Whether the parts are of the same scenario is for the caller to know;
// here they must agree in seed, paths, steps, series and outcomes. Nothing is changed
// in them.
func Merge(parts ...*Ensemble) (*Ensemble, error) {
	if len(parts) == 0 {
		return nil, errors.New("found no part of a run to merge, expected at least one")
	}
	parts = slices.Clone(parts)
	slices.SortStableFunc(parts, func(a, b *Ensemble) int { return cmp.Compare(a.From, b.From) })
	if err := checkParts(parts); err != nil {
		return nil, err
	}
	first, last := parts[0], parts[len(parts)-1]
	whole := first.room(first.From, last.From+last.Paths)
	for _, part := range parts {
		whole.take(part)
	}
	return whole, whole.fits()
}

func checkParts(parts []*Ensemble) error {
	var faults []error
	for i, part := range parts {
		if err := part.undigested(); err != nil {
			faults = append(faults, err)
		}
		if i == 0 {
			continue
		}
		if err := parts[0].shape().differs(part.shape()); err != nil {
			faults = append(faults, fmt.Errorf("the parts from path %d and from path %d are not of one run: %w", parts[0].From, part.From, err))
		}
		switch end := parts[i-1].From + parts[i-1].Paths; {
		case part.From > end:
			faults = append(faults, fmt.Errorf("no part has the paths %d to %d", end, part.From-1))
		case part.From < end:
			faults = append(faults, fmt.Errorf("two parts have the paths %d to %d", part.From, min(end, part.From+part.Paths)-1))
		}
	}
	return errors.Join(faults...)
}

// take adds a part.
func (e *Ensemble) take(part *Ensemble) {
	at := part.From - e.From
	for k, values := range part.Values {
		if len(values) > 0 {
			copy(e.Values[k][at:], values)
		}
	}
	for k, t := range part.tallies {
		e.tallies[k].merge(t)
	}
	for k, p := range part.Pairs {
		if p != nil {
			e.Pairs[k].merge(p)
		}
	}
	for k, s := range part.Series {
		for step, values := range s.Values {
			if len(values) > 0 {
				copy(e.Series[k].Values[step][at:], values)
			}
		}
		for step, c := range s.counts {
			e.grown.Add(int64(e.Series[k].counts[step].merge(&c.histogram)))
		}
	}
	e.CappedPaths += part.CappedPaths
	e.CappedSteps += part.CappedSteps
}
