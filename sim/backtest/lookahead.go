package backtest

import (
	"errors"
	"fmt"
	"slices"
)

// Lookahead is what [CheckLookahead] found.
type Lookahead struct {
	Cuts       int         // histories that were cut and run again
	Decisions  int         // of the full run that were compared, once for each cut after which they stand
	Difference *Difference // the first found; nil: no decision has changed
}

// Difference is a decision that is another one when the future is missing.
type Difference struct {
	Known int // steps that the shorter history had
	Step  int // for which it was decided
	Asset int
	Full  Target // on the full history; Leave where it was none
	Cut   Target // on the shorter one
}

// CheckLookahead tells whether a rule knows the future: it has the rule run again
// on histories that end after some steps, and compares all decisions up to and at
// the last known close with those of the full run, exactly and with their reasons.
// Steps lists the last known steps, nil all but the last one; they are tried in
// ascending order up to the first difference. Rerun runs the rule, from a fresh
// decider, on the first known steps of the data, and everything the rule reads must
// be cut there. Both runs must record everything ([RecordAll]).
func CheckLookahead(steps []int, full *Result, rerun func(known int) (*Result, error)) (*Lookahead, error) {
	if full == nil || full.Decisions == nil {
		return nil, errors.New("the full run has no recorded decisions")
	}
	last := len(full.Equity) - 1
	if steps == nil {
		for k := range last {
			steps = append(steps, k)
		}
	}
	steps = slices.Clone(steps)
	slices.Sort(steps)
	for _, k := range steps {
		if k < 0 || k >= last {
			return nil, fmt.Errorf("the history cannot be cut after step %d, expected 0 to %d", k, last-1)
		}
	}
	found := &Lookahead{}
	for _, k := range slices.Compact(steps) {
		cut, err := rerun(k + 1)
		switch {
		case err != nil:
			return nil, fmt.Errorf("cut after step %d: %w", k, err)
		case cut == nil || cut.Decisions == nil:
			return nil, fmt.Errorf("cut after step %d: the run has no recorded decisions", k)
		case len(cut.Equity) != k+1:
			return nil, fmt.Errorf("cut after step %d: the run has %d steps, expected %d", k, len(cut.Equity), k+1)
		}
		found.Cuts++
		if found.compare(full.Decisions, cut.Decisions, k+1); found.Difference != nil {
			break
		}
	}
	return found, nil
}

// compare looks for the first difference in two lists by step and asset, of
// decisions for steps up to known.
func (l *Lookahead) compare(full, cut []Decision, known int) {
	for i := 0; ; i++ {
		a, b := at(full, i, known), at(cut, i, known)
		if a == nil && b == nil {
			return
		}
		if a != nil {
			l.Decisions++
		}
		if a != nil && b != nil && *a == *b {
			continue
		}
		first := a
		if a == nil || b != nil && (b.Step < a.Step || b.Step == a.Step && b.Asset < a.Asset) {
			first = b
		}
		l.Difference = &Difference{Known: known, Step: first.Step, Asset: first.Asset}
		for _, side := range []struct {
			decision *Decision
			target   *Target
		}{{a, &l.Difference.Full}, {b, &l.Difference.Cut}} {
			if d := side.decision; d != nil && d.Step == first.Step && d.Asset == first.Asset {
				*side.target = d.Target
			}
		}
		return
	}
}

// at is a decision of a list, nil beyond its end or known steps.
func at(list []Decision, i, known int) *Decision {
	if i >= len(list) || list[i].Step > known {
		return nil
	}
	return &list[i]
}
