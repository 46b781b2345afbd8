package luck

import (
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
)

// A Quantile is one of the figures under the null.
type Quantile struct {
	P     float64 `json:"p"`
	Value float64 `json:"value"`
}

// A Verdict is what a rule achieved, and how often luck alone did as well.
type Verdict struct {
	Observed stats.Result    `json:"observed"`
	Interval *stats.Estimate `json:"interval,omitempty"` // of what was observed, where the method gives one
	P        stats.Estimate  `json:"p"`                  // n draws; the interval is the Monte Carlo error alone
	Null     []Quantile      `json:"null,omitempty"`     // the figure under the null, at 1, 5, 25, 50, 75, 95 and 99 %
	N        int             `json:"n"`                  // steps
	Seed     uint64          `json:"seed"`
	Warnings []string        `json:"warnings,omitempty"`

	Draws []float64 `json:"-"` // every figure under the null, in the order drawn
}

// mostLost is the share of draws without a figure above which there is no verdict.
const mostLost = .05

var shown = []float64{.01, .05, .25, .5, .75, .95, .99}

func absent(n int, level float64) stats.Estimate {
	return stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: level, N: n}
}

// observe begins a verdict. Without a figure there is no more to it.
func observe(r stats.Result, n int, level float64, seed uint64) Verdict {
	v := Verdict{Observed: r, P: absent(0, level), N: n, Seed: seed}
	if r.Reason != "" {
		v.P.Warnings = append(v.P.Warnings, "no figure to judge: "+r.Reason)
	}
	return v
}

func (v Verdict) warn(format string, args ...any) Verdict {
	v.Warnings = append(v.Warnings, fmt.Sprintf(format, args...))
	return v
}

// present are the draws that have a figure.
func present(draws []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(draws), math.IsNaN)
}

func enough(known, draws int) bool { return float64(draws-known) <= mostLost*float64(draws) }

// against closes a verdict with its p-value from draws under the null. A draw without a
// figure is NaN. method says how they were made.
func (v Verdict) against(draws []float64, method string) Verdict {
	return v.close(draws, method, func(hits, n int) (stats.Estimate, error) {
		p, err := stats.EstimateProportion(1+hits, 1+n, v.P.Level)
		p.Method = method + "; interval: " + p.Method
		return p, err
	})
}

// among closes a verdict with its p-value from all figures there are under the null, the
// observed one included: there is no Monte Carlo error.
func (v Verdict) among(all []float64, method string) Verdict {
	return v.close(all, method, func(hits, n int) (stats.Estimate, error) {
		p := float64(hits) / float64(n)
		return stats.Estimate{Value: p, Low: p, High: p, Level: v.P.Level, Method: method}, nil
	})
}

func (v Verdict) close(draws []float64, method string, estimate func(hits, n int) (stats.Estimate, error)) Verdict {
	v.Draws = present(draws)
	v.P.N, v.P.Method = len(v.Draws), method
	if lost := len(draws) - len(v.Draws); lost > 0 {
		v = v.warn("%d of %d draws have no %s", lost, len(draws), v.Observed.Name)
	}
	if !enough(len(v.Draws), len(draws)) {
		v.P.Warnings = append(v.P.Warnings, "too many draws without a figure")
		return v
	}
	p, err := estimate(v.hits(), len(v.Draws))
	if err != nil {
		v.P.Warnings = append(v.P.Warnings, err.Error())
		return v
	}
	v.P, v.P.N = p, len(v.Draws)
	for _, q := range shown {
		if value, err := stats.Quantile(v.Draws, q); err == nil {
			v.Null = append(v.Null, Quantile{q, value})
		}
	}
	return v
}

// hits counts the draws that do as well as what was observed. Two ways to add up the same
// numbers differ in the last digits, and that shall not decide.
func (v Verdict) hits() int {
	limit := v.Observed.Value - 1e-12*max(1, math.Abs(v.Observed.Value))
	count := 0
	for _, d := range v.Draws {
		if d >= limit {
			count++
		}
	}
	return count
}
