package study

import (
	"fmt"

	"github.com/ebb-sim/ebb/sim"
)

// Nudge is the news of an impulse: a fall of 1 % in log price.
const Nudge = -.01

// Impulse is how the first asset answers to a small fall on the first session,
// beside the same run without it. News and shocks of the scenario are left in
// place, chance is left out.
type Impulse struct {
	Asset  string
	Step   int // of the nudge
	Curves []Curve
}

// Curve is the response of one run.
type Curve struct {
	Run        string
	Response   []float64 // log return caused, after k steps, from 0
	Multiplier float64   // response at the end over the nudge
}

// respond works out the impulse of every run.
func (study *Study) respond() error {
	plan := study.Base.Case.Plan
	if len(plan.Entries) == 0 {
		return nil
	}
	impulse := &Impulse{Asset: plan.Assets[0].Name}
	for impulse.Step < plan.Steps-1 && !plan.Session(impulse.Step) {
		impulse.Step++
	}
	for _, run := range study.runs() {
		calm, err := quiet(run.Case.Plan, nudge{-1})
		if err != nil {
			return fmt.Errorf("%s: %w", run.Label, err)
		}
		nudged, err := quiet(run.Case.Plan, nudge{impulse.Step})
		if err != nil {
			return fmt.Errorf("%s: %w", run.Label, err)
		}
		curve := Curve{Run: run.Label, Response: make([]float64, plan.Steps+1)}
		for k := range curve.Response {
			curve.Response[k] = nudged.LogPrice[0][k] - calm.LogPrice[0][k]
		}
		curve.Multiplier = curve.Response[plan.Steps] / Nudge
		impulse.Curves = append(impulse.Curves, curve)
	}
	study.Impulse = impulse
	return nil
}

func quiet(plan *sim.Plan, source sim.Source) (*sim.Path, error) {
	path := plan.NewPath(false)
	return path, sim.NewRunner(plan).Run(source, path)
}

// nudge is no news but for one step.
type nudge struct{ step int }

func (n nudge) Next(step int, news, innovations []float64) {
	clear(news)
	clear(innovations)
	if step == n.step {
		news[0] = Nudge
	}
}
