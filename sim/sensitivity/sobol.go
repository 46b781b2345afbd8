package sensitivity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
)

// An Index is the share of the outcome's variance that belongs to a parameter.
type Index struct {
	Parameter string         `json:"parameter"`
	First     stats.Estimate `json:"first"` // what would go on average if this parameter were known
	Total     stats.Estimate `json:"total"` // what would be left on average if all others were known
}

// Indices are the Sobol indices of an outcome. Total less first order is a parameter's part
// in interactions, counted once for each parameter in them.
type Indices struct {
	Runs
	Indices  []Index        `json:"indices"` // the largest total index first; equal and absent ones in the order given
	FirstSum stats.Estimate `json:"first_sum"`
	Mean     float64        `json:"mean"`     // of the outcome, over both samples
	Variance float64        `json:"variance"` // of the outcome, in the square of its unit
	Warnings []string       `json:"warnings,omitempty"`
}

// Sobol finds the indices of first and total order from outcomes in the order of Saltelli in
// package design: for each block f(A), f(AB₁) to f(AB_k) for the k parameters, f(B). With
// q_j = f(AB_j) − f(A), f less its mean over all runs, and V the variance (divisor n) of f over
// A and B together,
//
//	first_j = mean(f(B)·q_j) / V     Saltelli et al. (2010), table 2 (b)
//	total_j = mean(q_j²) / 2V        Jansen (1999), Computer Physics Communications 117; table 2 (f)
//
// An index of first order may come out negative, or above the total one; it is shown as it
// is, with a warning. Where V is 0 every index is absent, with the reason as its warning.
//
// Results warn of no convergence while the widest interval is wider than 0.05: Sarrazin,
// Pianosi and Wagener (2016), Environmental Modelling & Software 79.
func Sobol(parameters []string, outcomes []float64, o Options) (Indices, error) {
	k := len(parameters)
	err := errors.Join(checkNames(parameters), o.check())
	if k == 0 {
		return Indices{}, err
	}
	kept, runs, fault := o.blocks(outcomes, k+2, "blocks")
	if err := errors.Join(err, fault); err != nil {
		return Indices{Runs: runs}, err
	}
	r := Indices{Runs: runs, Warnings: runs.warnings("blocks")}
	c := newCrossings(outcomes, kept, k)
	r.Mean, r.Variance = c.mean, c.variance()
	all := o.estimate(c)
	for f := range all {
		if c.scale == 0 {
			all[f].Warnings = []string{"the outcomes of both samples are equal: there is no variance to share"}
		}
	}
	for j, name := range parameters {
		r.Indices = append(r.Indices, Index{name, all[j], all[k+j]})
		r.Indices[j].judge()
	}
	r.FirstSum = all[2*k]
	slices.SortStableFunc(r.Indices, func(a, b Index) int { return cmp.Compare(b.Total.Value, a.Total.Value) })
	r.judge()
	return r, nil
}

// judge warns of indices that cannot be.
func (i *Index) judge() {
	if i.First.Value < 0 {
		i.First.Warnings = append(i.First.Warnings, "negative, which no index is: the error of sampling is larger than the index")
	}
	if i.First.Low > i.Total.High {
		i.First.Warnings = append(i.First.Warnings, "above the total index, which no index is: more blocks are needed")
	}
}

// widest is the width of an interval from which an index counts as not converged.
const widest = .05

// judge warns of what is not settled.
func (r *Indices) judge() {
	var wide float64
	var of string
	var totals []named
	for _, i := range r.Indices {
		for _, e := range []stats.Estimate{i.First, i.Total} {
			if w := e.High - e.Low; w > wide {
				wide, of = w, i.Parameter
			}
		}
		totals = append(totals, named{i.Parameter, i.Total})
	}
	if wide > widest {
		r.Warnings = append(r.Warnings, fmt.Sprintf("not converged: the widest interval, of %s, is %.2g wide, above %v: more blocks are needed", of, wide, widest))
	}
	if r.FirstSum.Low > 1 {
		r.Warnings = append(r.Warnings, "the indices of first order add up to more than 1, which they cannot: more blocks are needed")
	}
	r.Warnings = append(r.Warnings, unsettled(totals)...)
}

// A named estimate is that of a parameter.
type named struct {
	parameter string
	stats.Estimate
}

// unsettled warns where the first of a list, the largest first, may not be the largest.
func unsettled(list []named) []string {
	var rivals string
	for _, e := range list[1:] {
		if e.High >= list[0].Low && list[0].Value > 0 {
			rivals += ", " + e.parameter
		}
	}
	if rivals == "" {
		return nil
	}
	return []string{fmt.Sprintf("which matters most is not settled: the intervals of these overlap with that of %s: %s", list[0].parameter, rivals[2:])}
}
