package backtest

import (
	"errors"
	"fmt"
	"time"
)

// RunAll is [Run] for several deciders on one history, step by step side by side,
// so that they may share what they read of it: before each round of decisions it
// calls at with their time. It stops at the first error, that of the first of the
// deciders.
func RunAll(m Market, deciders []Decider, o Options, at func(time.Time) error) ([]*Result, error) {
	err := errors.Join(m.check(o.Fill), o.check())
	for i, d := range deciders {
		if d == nil {
			err = errors.Join(err, fmt.Errorf("there is no decider %d", i))
		}
	}
	if err != nil {
		return nil, err
	}
	runs, results := make([]*run, len(deciders)), make([]*Result, len(deciders))
	for i, d := range deciders {
		runs[i] = newRun(&m, d, o)
		runs[i].begin()
		results[i] = runs[i].result
	}
	for k := 1; k <= len(m.Times); k++ {
		if err := at(m.closed(k - 1)); err != nil {
			return nil, err
		}
		for i, r := range runs {
			if err := r.next(k); err != nil {
				return nil, fmt.Errorf("decider %d: %w", i, err)
			}
		}
	}
	return results, nil
}
