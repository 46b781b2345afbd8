package main

import (
	"math"
	"slices"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
)

// The series of a sheet, all of them along its time line.

// length is the number of points of the time line.
func (s *sheet) length() int { return s.history + s.steps + 1 }

// absent is a series without a value anywhere.
func (s *sheet) absent() []float64 {
	list := make([]float64, s.length())
	for i := range list {
		list[i] = math.NaN()
	}
	return list
}

// observed is a series of the history along the time line.
func (s *sheet) observed(name string) []float64 {
	list := s.absent()
	panel := s.Base.Case.Panel
	if panel == nil {
		return list
	}
	for i := range list {
		if v, ok := panel.Value(name, s.Base.Case.Start-s.history+i); ok {
			list[i] = v
		}
	}
	return list
}

// path is a run's price, and before it the history.
func (s *sheet) path(run study.Run, asset int) []float64 {
	list := s.observed(scenarios.PriceSeries(s.assets[asset]))
	for k := range s.steps + 1 {
		list[s.history+k] = run.Path.Price(asset, k)
	}
	return list
}

// from keeps a series from the starting close on.
func (s *sheet) from(list []float64) []float64 {
	for i := range s.history {
		list[i] = math.NaN()
	}
	return list
}

// before keeps a series up to the starting close.
func (s *sheet) before(list []float64) []float64 {
	for i := s.history + 1; i < len(list); i++ {
		list[i] = math.NaN()
	}
	return list
}

// future is a series of steps, put after the starting close.
func (s *sheet) future(steps []float64) []float64 {
	list := s.absent()
	copy(list[s.history+1:], steps)
	return list
}

// report is a published series of a run's chosen path, or nil.
func report(run study.Run, name string) []float64 {
	for i, r := range run.Path.Plan.Reports() {
		if r.Name == name {
			return run.Path.Reports[i]
		}
	}
	return nil
}

// published is a series of the base's chosen path along the time line, from the
// starting close on; nil where nobody publishes it.
func (s *sheet) published(name string) []float64 {
	steps := report(s.Base, name)
	if steps == nil {
		return nil
	}
	list := s.future(steps)
	list[s.history] = s.opening(name)
	return list
}

// opening is a published level at the starting close, NaN where there is none.
func (s *sheet) opening(name string) float64 {
	path := s.Base.Path
	for i, r := range path.Plan.Reports() {
		if r.Name == name {
			return path.Opening[i]
		}
	}
	return math.NaN()
}

// joined is a published series behind its history.
func (s *sheet) joined(name string) []float64 {
	simulated := s.published(name)
	if simulated == nil {
		return nil
	}
	list := s.before(s.observed(name))
	copy(list[s.history+1:], simulated[s.history+1:])
	if list[s.history] != list[s.history] {
		list[s.history] = simulated[s.history]
	}
	return list
}

// constant is one value from the start on.
func (s *sheet) constant(value float64) []float64 {
	list := s.absent()
	for i := s.history; i < len(list); i++ {
		list[i] = value
	}
	return list
}

func allAbsent(list []float64) bool {
	return !slices.ContainsFunc(list, func(v float64) bool { return v == v })
}

func presentOnly(list []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(list), func(v float64) bool { return v != v })
}
