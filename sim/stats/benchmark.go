package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
)

// ofBenchmark makes a statistic of a sample from its simple returns and those of its
// benchmark, which are its own to alter.
func ofBenchmark(of func(simple, benchmark []float64, s Sample) (float64, error)) func(Sample) (float64, error) {
	return ofReturns(func(simple []float64, s Sample) (float64, error) {
		if len(s.Benchmark) == 0 {
			return absent, ErrBenchmark
		}
		benchmark, err := SimpleReturns(s.Benchmark)
		if err != nil {
			return absent, fmt.Errorf("benchmark: %w", err)
		}
		if err := checkPairs(simple, benchmark, 1); err != nil {
			return absent, err
		}
		return of(simple, benchmark, s)
	})
}

// alphaPerPeriod is mean(r) - β·mean(b) of one period.
func alphaPerPeriod(returns, benchmark []float64) (float64, error) {
	beta, err := Beta(returns, benchmark)
	if err != nil {
		return absent, err
	}
	return finite(stat.Mean(returns, nil) - beta*stat.Mean(benchmark, nil))
}

// excessAlpha is alphaPerPeriod of returns above the risk-free one.
func excessAlpha(simple, benchmark []float64, s Sample) (float64, error) {
	if err := checkPeriods(s.PeriodsPerYear); err != nil {
		return absent, err
	}
	r, err := aboveRiskFree(simple, s)
	if err != nil {
		return absent, err
	}
	b, err := aboveRiskFree(benchmark, s)
	if err != nil {
		return absent, err
	}
	return alphaPerPeriod(r, b)
}

// alpha is Jensen's, times the periods per year.
func alpha(simple, benchmark []float64, s Sample) (float64, error) {
	a, err := excessAlpha(simple, benchmark, s)
	if err != nil {
		return absent, err
	}
	return finite(a * s.PeriodsPerYear)
}

// compoundAlpha is Jensen's, compounded over a year.
func compoundAlpha(simple, benchmark []float64, s Sample) (float64, error) {
	a, err := excessAlpha(simple, benchmark, s)
	if err != nil {
		return absent, err
	}
	return finite(math.Pow(1+a, s.PeriodsPerYear) - 1)
}

func rSquared(simple, benchmark []float64, _ Sample) (float64, error) {
	r, err := Correlation(simple, benchmark)
	if err != nil {
		return absent, err
	}
	return r * r, nil
}

func treynor(simple, benchmark []float64, s Sample) (float64, error) {
	gain, err := aboveRiskFreeYear(s)
	if err != nil {
		return absent, err
	}
	return perBeta(gain, simple, benchmark)
}

// perBeta divides by beta. Returns that are equal but for rounding have a beta of
// rounding errors.
func perBeta(gain float64, simple, benchmark []float64) (float64, error) {
	beta, err := Beta(simple, benchmark)
	if err != nil {
		return absent, err
	}
	if err := checkVaries(simple, 2); err != nil {
		return absent, fmt.Errorf("beta of nothing: %w", err)
	}
	return divide(gain, beta, "beta is 0")
}

// informationRatio is mean/sd (ddof 1) of the returns above the benchmark's, of one
// period. A lead whose spread is below the ninth digit of the returns is one of rounding.
func informationRatio(simple, benchmark []float64, _ Sample) (float64, error) {
	lead := make([]float64, len(simple))
	floats.SubTo(lead, simple, benchmark)
	if err := checkVaries(lead, 2); err != nil {
		return absent, fmt.Errorf("returns above the benchmark: %w", err)
	}
	if floats.Max(lead)-floats.Min(lead) <= 1e-9*floats.Norm(simple, math.Inf(1)) {
		return absent, fmt.Errorf("returns above the benchmark: %w: %v", ErrConstant, lead[0])
	}
	mean, sd := stat.MeanStdDev(lead, nil)
	return finite(mean / sd)
}
