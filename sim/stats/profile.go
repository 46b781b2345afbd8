package stats

import (
	"fmt"
	"slices"
	"time"
)

// A Profile names the definitions behind a set of numbers. Libraries disagree, so
// every output carries its profile. A statistic's name means the same concept in
// every profile; how it is computed is said by its Definition there.
type Profile string

const (
	EBB        Profile = "ebb"        // of this package
	QuantStats Profile = "quantstats" // as quantstats 0.0.86
	Empyrical  Profile = "empyrical"  // as empyrical-reloaded 0.7.1
	VectorBT   Profile = "vectorbt"   // as vectorbt 1.2.0
)

// Profiles lists the profiles, that of this package first.
func Profiles() []Profile { return []Profile{EBB, QuantStats, Empyrical, VectorBT} }

// Statistics lists every statistic of the profile in the order of a report. A library
// that does not know a statistic has none in its list.
func (p Profile) Statistics() []Statistic { return slices.Clone(p.table()) }

// Lookup finds a statistic of the profile by name.
func (p Profile) Lookup(name string) (Statistic, bool) { return lookup(p.table(), name) }

// Describe computes every statistic of the profile. One that cannot be computed is
// absent and says why; the others do not change for that. A sample without
// PeriodsPerYear gets those of [Profile.PeriodsPerYear], and the summary shows them.
func (p Profile) Describe(sample Sample) Summary {
	if sample.PeriodsPerYear == 0 {
		if perYear, err := p.PeriodsPerYear(sample.Times); err == nil {
			sample.PeriodsPerYear = perYear
		}
	}
	return summarize(p, p.table(), sample)
}

func (p Profile) table() []Statistic {
	switch p {
	case EBB:
		return ebbTable
	case QuantStats:
		return quantStatsTable
	case Empyrical:
		return empyricalTable
	case VectorBT:
		return vectorBTTable
	}
	return nil
}

// PeriodsPerYear is the number of steps in a year that the profile takes for steps at
// these times when nobody says it.
//
//   - ebb goes by the calendar: 252 for days without a weekend among them, 12, 4 and 1
//     for months, quarters and years, and else 365 days over the step.
//   - quantstats takes 252, whatever the step.
//   - empyrical takes 252, 52, 12, 4 or 1 for days, weeks, months, quarters or years.
//   - vectorbt takes 365 days over the step, business days included.
//
// The step is the median one.
func (p Profile) PeriodsPerYear(times []time.Time) (float64, error) {
	if p == QuantStats {
		return businessDays, nil
	}
	step, err := medianStep(times)
	if err != nil {
		return absent, err
	}
	switch p {
	case EBB:
		return calendarPeriods(times, step)
	case Empyrical:
		return namedPeriods(step)
	case VectorBT:
		return PeriodsPerYear(step)
	}
	return absent, fmt.Errorf("%w: profile %q", ErrArgument, p)
}
