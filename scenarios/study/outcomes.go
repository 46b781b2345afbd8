package study

import (
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
)

// Level is the confidence level of every interval of a study.
const Level = .95

// Outcome is one figure, over the paths of every run.
type Outcome struct {
	outcome.Outcome
	Cases       []Estimates  // of the runs that have it
	Differences []Difference // base minus variant, path by path
}

// Estimates is one outcome over the paths of one run.
type Estimates struct {
	Run                        string
	Mean, Median, Low5, High95 stats.Estimate
}

// Difference is what the base has and a variant has not, on the same news.
type Difference struct {
	Against string
	Mean    stats.Estimate  // of base − variant
	Median  stats.Estimate  // of base − variant
	Ratio   *stats.Estimate // mean base / mean variant; nil where the outcome is not always a loss
}

// estimate fills the outcome table.
func (study *Study) estimate() {
	for i, o := range study.Base.Outcomes {
		table := Outcome{Outcome: o}
		base := study.Base.Ensemble.Values[i]
		table.Cases = append(table.Cases, estimates(&study.Base, o.Unit, base))
		for k := range study.Variants {
			run := &study.Variants[k]
			values := run.values(o.Name)
			if values == nil {
				continue
			}
			table.Cases = append(table.Cases, estimates(run, o.Unit, values))
			table.Differences = append(table.Differences, difference(run, o.Unit, base, values))
		}
		study.Outcomes = append(study.Outcomes, table)
	}
}

// values are those of an outcome by path, nil where the run has it not.
func (run *Run) values(name string) []float64 {
	at := slices.IndexFunc(run.Outcomes, func(o outcome.Outcome) bool { return o.Name == name })
	if at < 0 {
		return nil
	}
	return run.Ensemble.Values[at]
}

func estimates(run *Run, unit string, values []float64) Estimates {
	present := presentOnly(values)
	if !random(run.Case) && len(present) == 1 {
		one := certain(present[0])
		return Estimates{Run: run.Label, Mean: one, Median: one, Low5: one, High95: one}
	}
	if sim.ReportUnit(unit) == sim.Flag {
		return Estimates{Run: run.Label, Mean: share(present), Median: noEstimate, Low5: noEstimate, High95: noEstimate}
	}
	mean, _ := stats.EstimateMean(present, Level) // a failed estimate says why in its warnings
	quantiles, _ := stats.EstimateQuantiles(present, []float64{.5, .05, .95}, Level)
	return Estimates{Run: run.Label, Mean: mean, Median: quantiles[0], Low5: quantiles[1], High95: quantiles[2]}
}

// share is the estimate of how many paths a yes or no is a yes on; a quantile of
// such an outcome would say nothing more.
func share(values []float64) stats.Estimate {
	ones := 0
	for _, v := range values {
		if v == 1 {
			ones++
		}
	}
	e, _ := stats.EstimateProportion(ones, len(values), Level) // a failed estimate says why in its warnings
	return e
}

var noEstimate = stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: Level}

// certain is the estimate of a run in which nothing is random.
func certain(value float64) stats.Estimate {
	return stats.Estimate{Value: value, Low: value, High: value, Level: 1, N: 1, Method: "one path, nothing random"}
}

func difference(variant *Run, unit string, with, without []float64) Difference {
	a, b := pairs(with, without)
	if !random(variant.Case) && len(a) == 1 {
		d := certain(a[0] - b[0])
		return Difference{Against: variant.Label, Mean: d, Median: d, Ratio: ratio(a, b, func() stats.Estimate { return certain(a[0] / b[0]) })}
	}
	gaps := make([]float64, len(a))
	for i := range a {
		gaps[i] = a[i] - b[i]
	}
	mean, _ := stats.EstimateMeanDifference(a, b, Level)
	median := noEstimate
	if sim.ReportUnit(unit) != sim.Flag {
		median, _ = stats.EstimateQuantile(gaps, .5, Level)
	}
	return Difference{Against: variant.Label, Mean: mean, Median: median, Ratio: ratio(a, b, func() stats.Estimate {
		r, _ := stats.EstimateRatio(a, b, Level)
		return r
	})}
}

// ratio is an amplification: it has a meaning where both are losses on every
// path.
func ratio(base, variant []float64, of func() stats.Estimate) *stats.Estimate {
	loss := false
	for i := range base {
		if !(base[i] <= 0 && variant[i] <= 0) {
			return nil
		}
		loss = loss || variant[i] < 0
	}
	if !loss {
		return nil
	}
	r := of()
	return &r
}

func presentOnly(values []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v != v })
}

// pairs keeps the paths on which both outcomes exist.
func pairs(a, b []float64) (x, y []float64) {
	for i := range a {
		if a[i] == a[i] && b[i] == b[i] {
			x, y = append(x, a[i]), append(y, b[i])
		}
	}
	return x, y
}
