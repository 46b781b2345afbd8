package luck

import (
	"errors"
	"fmt"

	"github.com/ebb-sim/ebb/sim/stats"
)

// A Split says how a history is cut for a walk forward. Lengths are numbers of steps.
type Split struct {
	Train int `json:"train"` // before the first test window; for rolling windows, before each
	Test  int `json:"test"`  // each test window; the last one may be shorter

	// Purge is how many steps before its test window a training window leaves out, because
	// what was decided in them ends in the test window.
	Purge int `json:"purge"`
	// Embargo is how many steps after each earlier test window a training window leaves out,
	// because serial correlation carries the test over into them.
	Embargo int `json:"embargo"`

	Anchored bool `json:"anchored"` // every training window begins at step 0
}

// A Range is the steps From ≤ t < To.
type Range struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// Len is the number of steps.
func (r Range) Len() int { return r.To - r.From }

// A Window is what may be learned from and what is judged by it. Train has several ranges,
// ascending, where an embargo cuts holes.
type Window struct {
	Train []Range `json:"train"`
	Test  Range   `json:"test"`
}

// Windows cuts n steps into windows for a walk forward. Test window k is
//
//	[Train + k·Test, min(Train + (k+1)·Test, n))
//
// so that the test windows follow each other and cover every step from Train on. With a its first
// step, the training window is [a-Train, a-Purge), or [0, a-Purge) when anchored, without
// [e, e+Embargo) for each earlier test window that ends before step e.
//
// Purging and the embargo are those of López de Prado (2018), Advances in Financial Machine
// Learning, section 7.4. There the embargo follows the test set of the same split, and a
// training window that only ever lies before its test needs none: here it follows the earlier
// test windows, which later training windows enclose. It is therefore 0 for most walks.
func Windows(n int, s Split) ([]Window, error) {
	if err := s.check(n); err != nil {
		return nil, err
	}
	var windows []Window
	for a := s.Train; a < n; a += s.Test {
		train := Range{a - s.Train, a - s.Purge}
		if s.Anchored {
			train.From = 0
		}
		w := Window{Train: s.embargoed(train), Test: Range{a, min(a+s.Test, n)}}
		if len(w.Train) == 0 {
			return nil, fmt.Errorf("%w: an embargo of %d steps after every %d leaves nothing to train on before step %d", stats.ErrArgument, s.Embargo, s.Test, a)
		}
		windows = append(windows, w)
	}
	return windows, nil
}

func (s Split) check(n int) error {
	var faults []error
	wrong := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%w: "+format, append([]any{stats.ErrArgument}, args...)...))
	}
	if s.Train < 1 {
		wrong("training windows of %d steps, expected at least 1", s.Train)
	}
	if s.Test < 1 {
		wrong("test windows of %d steps, expected at least 1", s.Test)
	}
	if s.Purge < 0 || s.Purge >= max(1, s.Train) {
		wrong("%d steps purged, expected from 0 to less than the %d of a training window", s.Purge, s.Train)
	}
	if s.Embargo < 0 {
		wrong("an embargo of %d steps, expected 0 or more", s.Embargo)
	}
	if n <= s.Train {
		faults = append(faults, fmt.Errorf("%w: %d steps, expected more than the %d of a training window", stats.ErrTooFew, n, s.Train))
	}
	return errors.Join(faults...)
}

// embargoed cuts the embargo after each test window out of a training window.
func (s Split) embargoed(train Range) []Range {
	var kept []Range
	from := train.From
	for end := s.Train + s.Test; s.Embargo > 0 && end < train.To; end += s.Test {
		if end+s.Embargo <= from {
			continue
		}
		if from < end {
			kept = append(kept, Range{from, end})
		}
		from = end + s.Embargo
	}
	if from < train.To {
		kept = append(kept, Range{from, train.To})
	}
	return kept
}

// joined are the values of these ranges, one after the other.
func joined(values []float64, ranges []Range) []float64 {
	var all []float64
	for _, r := range ranges {
		all = append(all, values[r.From:r.To]...)
	}
	return all
}
