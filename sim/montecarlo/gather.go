package montecarlo

import (
	"errors"
	"fmt"
	"iter"
)

// Gather is [Merge] for all parts of a run. They come in the order of their paths, and
// no more than one of them is needed at a time.
func Gather(parts iter.Seq2[*Ensemble, error]) (*Ensemble, error) {
	var whole *Ensemble
	var of shape
	next := 0
	for part, err := range parts {
		if err != nil {
			return nil, err
		}
		if whole == nil {
			whole, of = part.room(0, part.Whole), part.shape()
		}
		if part.From != next {
			return nil, fmt.Errorf("found a part from path %d, expected one from path %d", part.From, next)
		}
		if err := errors.Join(of.differs(part.shape()), part.undigested()); err != nil {
			return nil, fmt.Errorf("the part from path %d: %w", part.From, err)
		}
		whole.take(part)
		next += part.Paths
		if err := whole.fits(); err != nil {
			return nil, err
		}
	}
	switch {
	case whole == nil:
		return nil, errors.New("found no part of a run to gather, expected at least one")
	case next != whole.Whole:
		return nil, fmt.Errorf("found %d paths, expected all %d", next, whole.Whole)
	}
	return whole, nil
}

// room is an ensemble like e for some paths, in which nothing is yet.
func (e *Ensemble) room(from, to int) *Ensemble {
	whole := newEnsemble(Subject{Plan: e.Plan, Driver: e.Driver, Outcomes: e.Outcomes},
		Options{Paths: e.Whole, From: from, To: to, Seed: e.Seed, OutcomesOnly: len(e.Series) == 0})
	if e.Pairs != nil {
		whole.Pairs = make([]*Pair, len(e.Pairs))
		for k, p := range e.Pairs {
			if p != nil {
				whole.Pairs[k] = newPair()
			}
		}
	}
	return whole
}

// undigested is an error where e was condensed.
func (e *Ensemble) undigested() error {
	var faults []error
	for _, s := range e.Series {
		if s.digest != nil {
			faults = append(faults, s.digest.lost(s.Name))
		}
	}
	return errors.Join(faults...)
}
