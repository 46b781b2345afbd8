package stats

import (
	"encoding/json"

	"gonum.org/v1/gonum/stat"
)

// A Measured is a number estimated from n observed periods instead of n simulated
// paths, with its standard error.
type Measured struct {
	Estimate
	SE float64 `json:"se"` // standard error, in the unit of the value
}

// MarshalJSON writes absent numbers as null.
func (m Measured) MarshalJSON() ([]byte, error) {
	return json.Marshal(measuredJSON{m.written(), number(m.SE)})
}

// UnmarshalJSON reads what MarshalJSON writes; null and missing numbers are absent.
func (m *Measured) UnmarshalJSON(text []byte) error {
	if err := m.Estimate.UnmarshalJSON(text); err != nil {
		return err
	}
	j := measuredJSON{SE: number(absent)}
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	m.SE = float64(j.SE)
	return nil
}

type measuredJSON struct {
	estimateJSON
	SE number `json:"se"`
}

const methodObservedMean = "Student t, independent periods"

// measureMean is the mean of periods that are taken for independent.
func measureMean(x []float64, level float64) (Measured, error) {
	n := len(x)
	if err := checkValues(x, 1); err != nil {
		return unmeasured(level, n, methodObservedMean, err)
	}
	e := estimate(stat.Mean(x, nil), level, n, methodObservedMean)
	if n == 1 {
		return Measured{e.warn("one period has no spread: no standard error"), absent}, nil
	}
	return e.measured(stat.StdErr(stat.StdDev(x, nil), float64(n)), studentT(n-1, level))
}

// measured closes the estimate with its standard error and the interval that
// reaches so many of them to both sides.
func (e Estimate) measured(se, reach float64) (Measured, error) {
	switch {
	case se == 0:
		e = e.warn("no spread between the periods: the interval has no width")
	case e.N < fewPaths:
		e = e.warn("%d periods are few: the interval trusts that errors are close to normal", e.N)
	}
	e, err := e.within(e.Value-reach*se, e.Value+reach*se)
	if err != nil {
		se = absent
	}
	return Measured{e, se}, err
}

// unmeasured is the number that could not be found, for those who show it nevertheless.
func unmeasured(level float64, n int, method string, err error) (Measured, error) {
	e, err := failed(level, n, method, err)
	return Measured{e, absent}, err
}
