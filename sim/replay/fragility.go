package replay

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim"
)

// Nudge is the usual difference of news by which [Measure] tries a step: small
// beside a day's return, large beside what the last wave leaves open.
const Nudge = 1e-5

// Fragility is how much the market would have multiplied a little more or less
// news in one asset, in each step along a path:
//
//	A = ∂x/∂ε = (x(ε+h) − x(ε−h)) / 2h,  x log close, ε news of the same asset; 1/(1−g) for a loop of gain g
//
// It counts what follows within the step; flows that answer on the next day are
// not in it.
type Fragility struct {
	// Multiplier is A by asset × step. It is that of the other side alone where one
	// of the two sides holds a jump, and +Inf where a loop has no end: the waves
	// reach their cap.
	Multiplier [][]float64
	// Tipped tells, by asset × step, that the loop tips over within h of the step's
	// news: its gain passes 1, so that the close jumps or the waves have no end.
	Tipped [][]bool
}

// steep is how many times the larger of two one-sided slopes is the smaller, or
// 1, where a jump makes it so. A kink, such as a threshold, does less.
const steep = 10

// Measure runs a driver's path of a plan and tries each of its steps with news
// that differs by nudge, a log return, up and down; see [Nudge]. It may be as
// large as the shock one has in mind.
func Measure(plan *sim.Plan, driver sim.Driver, seed, path uint64, nudge float64) (*Fragility, error) {
	if !(nudge > 0 && nudge < farthest) {
		return nil, fmt.Errorf("replay: the nudge is %v, expected a log return above 0", nudge)
	}
	n := len(plan.Assets)
	p := &prober{runner: sim.NewRunner(plan), nudge: nudge, mid: make([]float64, n), from: driver.Start(seed, path),
		fragility: &Fragility{Multiplier: sim.Matrix(n, plan.Steps), Tipped: make([][]bool, n)}}
	for a := range p.fragility.Tipped {
		p.fragility.Tipped[a] = make([]bool, plan.Steps)
	}
	if err := p.runner.Run(p, plan.NewPath(false)); err != nil {
		return nil, fmt.Errorf("replay: %w", err)
	}
	return p.fragility, nil
}

// Fragility measures the identified history itself, step by step.
func (i *Identified) Fragility() (*Fragility, error) {
	driver, err := i.Driver(i.Path.Plan)
	if err != nil {
		return nil, err
	}
	return Measure(i.Path.Plan, driver, 0, 0, Nudge)
}

// Worst is the step in which an asset's market was most fragile: the first that
// would have tipped, or else the one of the largest multiplier.
func (f *Fragility) Worst(asset int) (step int, tipped bool) {
	for k, a := range f.Multiplier[asset] {
		if f.Tipped[asset][k] {
			return k, true
		}
		if a > f.Multiplier[asset][step] {
			step = k
		}
	}
	return step, false
}

// prober is a source that tries each step before it passes its news on.
type prober struct {
	runner    *sim.Runner
	from      sim.Source
	nudge     float64
	mid       []float64 // log closes by asset, of the step as it is
	fragility *Fragility
}

// Next implements [sim.Source].
func (p *prober) Next(step int, news, innovations []float64) {
	p.from.Next(step, news, innovations)
	p.runner.Try(news, innovations)
	endlessMid := p.runner.Capped()
	for a := range p.mid {
		p.mid[a] = p.runner.Market().LogPrice(a)
	}
	for a, e := range news {
		try := func(x float64) (close float64, endless bool) {
			news[a] = x
			p.runner.Try(news, innovations)
			return p.runner.Market().LogPrice(a), p.runner.Capped()
		}
		low, endlessLow := try(e - p.nudge)
		high, endlessHigh := try(e + p.nudge)
		news[a] = e
		down, up := (p.mid[a]-low)/p.nudge, (high-p.mid[a])/p.nudge
		f, tipped := (down+up)/2, false
		switch {
		case endlessMid || endlessLow && endlessHigh || math.IsNaN(f):
			f, tipped = math.Inf(1), true
		case endlessLow || math.Abs(down) > steep*max(1, math.Abs(up)):
			f, tipped = up, true
		case endlessHigh || math.Abs(up) > steep*max(1, math.Abs(down)):
			f, tipped = down, true
		}
		p.fragility.Multiplier[a][step], p.fragility.Tipped[a][step] = f, tipped
	}
}

// Unexplained implements [sim.Landing].
func (p *prober) Unexplained(step int, returns []float64) {
	if landing, ok := p.from.(sim.Landing); ok {
		landing.Unexplained(step, returns)
	}
}
