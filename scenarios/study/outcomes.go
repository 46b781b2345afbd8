package study

import (
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/montecarlo"
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
	base := &study.Base
	for _, o := range base.Outcomes {
		table := Outcome{Outcome: o, Cases: []Estimates{base.estimates(o)}}
		for k := range study.Variants {
			run := &study.Variants[k]
			if run.place(o) < 0 {
				continue
			}
			table.Cases = append(table.Cases, run.estimates(o))
			d := base.less(run, o, func() *montecarlo.Pair { return run.pair(o) })
			d.Against = run.Label
			table.Differences = append(table.Differences, d)
		}
		study.Outcomes = append(study.Outcomes, table)
	}
}

// place is that of an outcome among those of the run, −1 where the run has it not.
func (run *Run) place(o outcome.Outcome) int {
	return slices.IndexFunc(run.Outcomes, func(own outcome.Outcome) bool { return own.Name == o.Name })
}

// pair is what was counted of an outcome that the run has, and the run with which it
// is compared.
func (run *Run) pair(o outcome.Outcome) *montecarlo.Pair { return run.Ensemble.Pairs[run.place(o)] }

// estimates are those of an outcome that the run has.
func (run *Run) estimates(o outcome.Outcome) Estimates {
	if e := run.Ensemble; !e.Listed() {
		return counted(run, o.Unit, e.Tally(run.place(o)))
	}
	return estimates(run, o.Unit, run.Ensemble.Values[run.place(o)])
}

// less is what an outcome of two runs that have it differs by, path by path, from
// its values on all paths or from what was counted of them.
func (run *Run) less(other *Run, o outcome.Outcome, counts func() *montecarlo.Pair) Difference {
	if !run.Ensemble.Listed() {
		return countedDifference(o.Unit, counts())
	}
	return difference(run, o.Unit, run.Ensemble.Values[run.place(o)], other.Ensemble.Values[other.place(o)])
}

func estimates(run *Run, unit string, values []float64) Estimates {
	present, sampling := presentOnly(values), run.Ensemble.Sampling()
	if !random(run.Case) && len(present) == 1 {
		one := certain(present[0])
		return Estimates{Run: run.Label, Mean: one, Median: one, Low5: one, High95: one}
	}
	if sim.ReportUnit(unit) == sim.Flag { // a quantile of a yes or no would say nothing more
		share, _ := sampling.EstimateProportion(values, Level) // a failed estimate says why in its warnings
		return Estimates{Run: run.Label, Mean: share, Median: noEstimate, Low5: noEstimate, High95: noEstimate}
	}
	mean, _ := sampling.EstimateMean(values, Level)
	quantiles, _ := sampling.EstimateQuantiles(values, []float64{.5, .05, .95}, Level)
	return Estimates{Run: run.Label, Mean: mean, Median: quantiles[0], Low5: quantiles[1], High95: quantiles[2]}
}

// counted is estimates of what is not there path by path; paths that were drawn together
// are taken for independent ones, which makes their intervals too wide.
func counted(run *Run, unit string, t *montecarlo.Tally) Estimates {
	if sim.ReportUnit(unit) == sim.Flag {
		ones, err := t.Flags()
		e, _ := stats.EstimateProportion(ones, t.N(), Level) // a failed estimate says why in its warnings
		if err != nil {
			e = noEstimate
			e.Warnings = []string{err.Error()}
		}
		return Estimates{Run: run.Label, Mean: e, Median: noEstimate, Low5: noEstimate, High95: noEstimate}
	}
	mean, _ := t.Moments().EstimateMean(Level)
	quantiles, _ := stats.EstimateOrderedQuantiles(t.N(), t.At, []float64{.5, .05, .95}, Level)
	return Estimates{Run: run.Label, Mean: mean, Median: quantiles[0], Low5: quantiles[1], High95: quantiles[2]}
}

// countedDifference is difference of what is not there path by path.
func countedDifference(unit string, p *montecarlo.Pair) Difference {
	d := Difference{Median: noEstimate}
	d.Mean, _ = p.Differences.Moments().EstimateMeanDifference(Level) // a failed estimate says why in its warnings
	if sim.ReportUnit(unit) != sim.Flag {
		medians, _ := stats.EstimateOrderedQuantiles(p.Differences.N(), p.Differences.At, []float64{.5}, Level)
		d.Median = medians[0]
	}
	if p.Losses() {
		r, _ := p.Moments().EstimateRatio(Level)
		d.Ratio = &r
	}
	return d
}

var noEstimate = stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: Level}

// certain is the estimate of a run in which nothing is random.
func certain(value float64) stats.Estimate {
	return stats.Estimate{Value: value, Low: value, High: value, Level: 1, N: 1, Method: "one path, nothing random"}
}

func difference(run *Run, unit string, with, without []float64) Difference {
	a, b := pairs(with, without)
	if !random(run.Case) && len(a) == 1 {
		d := certain(a[0] - b[0])
		return Difference{Mean: d, Median: d, Ratio: ratio(a, b, func() stats.Estimate { return certain(a[0] / b[0]) })}
	}
	sampling, gaps := run.Ensemble.Sampling(), make([]float64, len(with))
	for i := range with {
		gaps[i] = with[i] - without[i]
	}
	mean, _ := sampling.EstimateMeanDifference(with, without, Level)
	median := noEstimate
	if sim.ReportUnit(unit) != sim.Flag {
		list, _ := sampling.EstimateQuantiles(gaps, []float64{.5}, Level)
		median = list[0]
	}
	return Difference{Mean: mean, Median: median, Ratio: ratio(a, b, func() stats.Estimate {
		r, _ := sampling.EstimateRatio(with, without, Level)
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
