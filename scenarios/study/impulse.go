package study

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// Nudge is the news of an impulse: a fall of 1 % in log price.
const Nudge = -.01

// Impulse is how an asset answers to a small fall on the first session, beside
// the same run without it: from the starting state, without chance and without
// the scenario's shocks.
type Impulse struct {
	Asset  string
	Index  int // of the asset
	Step   int // of the nudge
	Curves []Curve
}

// Curve is the response of one run.
type Curve struct {
	Run        string
	Response   []float64 // log return caused, after k steps, from 0
	Multiplier float64   // response at the end over the nudge
	Settled    bool      // whether the response had come to rest by then
	Capped     bool      // whether the cap on waves cut it short
}

// respond works out the impulse of every asset that some mechanism can move.
func (study *Study) respond() error {
	plan := study.Base.Case.Plan
	if len(plan.Entries) == 0 {
		return nil
	}
	for a, asset := range plan.Assets {
		impulse := Impulse{Asset: asset.Name, Index: a}
		for impulse.Step < plan.Steps-1 && !plan.Session(impulse.Step) {
			impulse.Step++
		}
		for _, run := range study.runs() {
			curve, err := impulse.curve(run)
			if err != nil {
				return fmt.Errorf("%s, response to a fall of 1 %%: %w", run.Label, err)
			}
			impulse.Curves = append(impulse.Curves, curve)
		}
		study.Impulses = append(study.Impulses, impulse)
	}
	return nil
}

// Plain tells whether every run leaves the nudge as it is.
func (i Impulse) Plain() bool {
	for _, c := range i.Curves {
		if !c.Settled || math.Abs(c.Multiplier-1) > .0005 {
			return false
		}
	}
	return true
}

func (i Impulse) curve(run *Run) (Curve, error) {
	bare := *run.Case.Plan
	bare.Shocks = nil
	plan, err := sim.Compile(bare)
	if err != nil {
		return Curve{}, err
	}
	calm, err := quiet(plan, nudge{i.Index, -1})
	if err != nil {
		return Curve{}, err
	}
	nudged, err := quiet(plan, nudge{i.Index, i.Step})
	if err != nil {
		return Curve{}, err
	}
	c := Curve{Run: run.Label, Capped: calm.Capped+nudged.Capped > 0, Response: make([]float64, plan.Steps+1)}
	for k := range c.Response {
		c.Response[k] = nudged.LogPrice[i.Index][k] - calm.LogPrice[i.Index][k]
	}
	c.Multiplier = c.Response[plan.Steps] / Nudge
	c.Settled = settled(c.Response[i.Step+1:])
	return c, nil
}

// settled tells whether a response is at rest: its last quarter moves by less
// than a hundredth of the nudge.
func settled(response []float64) bool {
	low, high := math.Inf(1), math.Inf(-1)
	for _, r := range response[len(response)-1-len(response)/4:] {
		low, high = min(low, r), max(high, r)
	}
	return len(response) >= 4 && high-low < -Nudge/100
}

func quiet(plan *sim.Plan, source sim.Source) (*sim.Path, error) {
	path := plan.NewPath(false)
	return path, sim.NewRunner(plan).Run(source, path)
}

// nudge is no news but for one asset in one step.
type nudge struct{ asset, step int }

func (n nudge) Next(step int, news, innovations []float64) {
	clear(news)
	clear(innovations)
	if step == n.step {
		news[n.asset] = Nudge
	}
}
