package stats

import (
	"encoding/json"
	"slices"
)

// A Profile names the definitions behind a set of numbers. Libraries disagree, so
// every output carries its profile.
type Profile string

// EBB is the profile of this package.
const EBB Profile = "ebb"

// A Sample is what the statistics of a price path are computed from.
type Sample struct {
	Prices         []float64 // USD, one a step
	PeriodsPerYear float64   // steps in a year: 365 for daily crypto
	RiskFree       float64   // annual rate, a fraction
	Benchmark      []float64 // prices on the same steps, or nil; only statistics that say so use it
}

// A Statistic is one number about a Sample, with the definition that ebb uses.
type Statistic struct {
	Name       string // as in scenario files and results
	Title      string
	Unit       string // "fraction", "fraction per year", "ratio" or "steps"
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

// Statistics lists every statistic of a sample in the order of a report.
func Statistics() []Statistic { return slices.Clone(table) }

// Lookup finds a statistic by name.
func Lookup(name string) (Statistic, bool) {
	i := slices.IndexFunc(table, func(s Statistic) bool { return s.Name == name })
	if i < 0 {
		return Statistic{}, false
	}
	return table[i], true
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

// A Summary is all statistics of one sample, with what they depend on.
type Summary struct {
	Profile        Profile  `json:"profile"`
	PeriodsPerYear float64  `json:"periods_per_year"`
	RiskFree       float64  `json:"risk_free"`
	Returns        int      `json:"returns"` // number of steps with a return
	Statistics     []Result `json:"statistics"`
}

// Describe computes every statistic of a sample. One that cannot be computed is
// absent and says why; the others do not change for that.
func Describe(sample Sample) Summary {
	summary := Summary{
		Profile:        EBB,
		PeriodsPerYear: sample.PeriodsPerYear,
		RiskFree:       sample.RiskFree,
		Returns:        max(0, len(sample.Prices)-1),
	}
	for _, s := range table {
		value, err := s.compute(sample)
		r := Result{Name: s.Name, Unit: s.Unit, Value: value}
		if err != nil {
			r.Reason = err.Error()
		}
		summary.Statistics = append(summary.Statistics, r)
	}
	return summary
}
