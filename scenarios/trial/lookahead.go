package trial

import (
	"context"

	"github.com/ebb-sim/ebb/sim/backtest"
)

// maxCuts is how many shortened histories the look-ahead check runs at most.
const maxCuts = 2000

// checkLookahead runs the strategy again on the history as it was at each of its
// closes, read and aligned anew, and compares what it decided.
func (t *Trial) checkLookahead(_ context.Context, opt Options) error {
	if !opt.Lookahead {
		return nil
	}
	var err error
	t.Lookahead, err = backtest.CheckLookahead(t.cuts(), t.Result, t.rerun)
	return err
}

// cuts are the steps after which the history is cut, evenly spread; nil for all of
// them.
func (t *Trial) cuts() []int {
	n := len(t.Market.Times) - 1
	if n <= maxCuts {
		return nil
	}
	list := make([]int, maxCuts)
	for i := range list {
		list[i] = (i+1)*n/maxCuts - 1
	}
	return list
}

// rerun is the strategy on what was known after the first steps.
func (t *Trial) rerun(known int) (*backtest.Result, error) {
	panel, err := cut(t.Panel, t.closed(known-1))
	if err != nil {
		return nil, err
	}
	d, err := t.decider(panel, nil)
	if err != nil {
		return nil, err
	}
	return backtest.Run(t.between(0, known), d, t.options(backtest.RecordAll))
}
