package stats

import (
	"encoding/json"
	"slices"
	"time"
)

// A Sample is what the statistics of a price path are computed from.
type Sample struct {
	Prices         []float64   // USD, one a step; those of a return series are its Wealth
	Times          []time.Time // of the prices, or nil; statistics of days, weeks and months need them
	PeriodsPerYear float64     // steps in a year: 365 for daily crypto
	RiskFree       float64     // annual rate, a fraction
	Benchmark      []float64   // prices on the same steps, or nil; only statistics that say so use it
	Trials         int         // rules that were tried before this one was chosen, or 0; for the deflated Sharpe ratio
	TrialVariance  float64     // of the annual Sharpe ratios of the trials
}

// A Statistic is one number about a Sample, with the definition of its profile.
type Statistic struct {
	Name       string // as in scenario files and results
	Title      string
	Unit       string // "fraction", "fraction per year", "ratio", "steps" or "days"
	Definition string
	Source     string // where the definition is from
	compute    func(Sample) (float64, error)
}

// Compute gives the statistic of a sample, or NaN and the reason why it is absent.
func (s Statistic) Compute(sample Sample) (float64, error) {
	if s.compute == nil {
		return absent, ErrArgument
	}
	return s.compute(sample)
}

// Statistics lists the few statistics of the profile ebb that [Describe] computes, in
// the order of a report. [Profile.Statistics] has all.
func Statistics() []Statistic { return slices.Clone(shortTable) }

// Lookup finds one of [Statistics] by name.
func Lookup(name string) (Statistic, bool) { return lookup(shortTable, name) }

func lookup(in []Statistic, name string) (Statistic, bool) {
	i := slices.IndexFunc(in, func(s Statistic) bool { return s.Name == name })
	if i < 0 {
		return Statistic{}, false
	}
	return in[i], true
}

// A Result is the value of one Statistic. An absent one is NaN here and null in JSON,
// with the reason.
type Result struct {
	Name   string  `json:"name"`
	Unit   string  `json:"unit"`
	Value  float64 `json:"value"`
	Reason string  `json:"reason,omitempty"` // why the value is absent
}

// MarshalJSON writes an absent value as null.
func (r Result) MarshalJSON() ([]byte, error) {
	return json.Marshal(resultJSON{r.Name, r.Unit, number(r.Value), r.Reason})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Result) UnmarshalJSON(text []byte) error {
	j := resultJSON{Value: number(absent)}
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	*r = Result{j.Name, j.Unit, float64(j.Value), j.Reason}
	return nil
}

type resultJSON struct {
	Name   string `json:"name"`
	Unit   string `json:"unit"`
	Value  number `json:"value"`
	Reason string `json:"reason,omitempty"`
}

// A Summary is the statistics of one sample, with what they depend on.
type Summary struct {
	Profile        Profile  `json:"profile"`
	PeriodsPerYear float64  `json:"periods_per_year"`
	RiskFree       float64  `json:"risk_free"`
	Returns        int      `json:"returns"` // number of steps with a return
	Statistics     []Result `json:"statistics"`
}

// Describe computes the few [Statistics] that stand beside every series of a scenario.
// One that cannot be computed is absent and says why; the others do not change for that.
// [Profile.Describe] computes all.
func Describe(sample Sample) Summary { return summarize(EBB, shortTable, sample) }

func summarize(profile Profile, list []Statistic, sample Sample) Summary {
	summary := Summary{
		Profile:        profile,
		PeriodsPerYear: sample.PeriodsPerYear,
		RiskFree:       sample.RiskFree,
		Returns:        max(0, len(sample.Prices)-1),
	}
	for _, s := range list {
		value, err := s.compute(sample)
		r := Result{Name: s.Name, Unit: s.Unit, Value: value}
		if err != nil {
			r.Reason = err.Error()
		}
		summary.Statistics = append(summary.Statistics, r)
	}
	return summary
}
