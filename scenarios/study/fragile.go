package study

import (
	"fmt"

	"github.com/ebb-sim/ebb/sim/replay"
)

// fragile measures how much the market of the chosen path would have multiplied a
// little more news, step by step.
func (study *Study) fragile() error {
	base := study.Base.Case
	if len(base.Plan.Entries) == 0 {
		return nil
	}
	var err error
	study.Fragility, err = replay.Measure(base.Plan, base.Driver, seed(base), uint64(study.Base.Chosen), replay.Nudge)
	if err != nil {
		return err
	}
	for a, asset := range base.Plan.Assets {
		if step, tipped := study.Fragility.Worst(a); tipped {
			study.Warnings = append(study.Warnings, fmt.Sprintf("fragility: on the path shown the loop of %s tips over in step %d: a little more or less news makes its close jump", asset.Name, step+1))
		}
	}
	return nil
}
