package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// A SharpeEvidence is a Sharpe ratio with what says how much it is worth.
type SharpeEvidence struct {
	Sharpe   float64 // mean over standard deviation of one period, not annualised
	Returns  int     // number of periods
	Skewness float64 // of the returns
	Kurtosis float64 // raw, not excess: 3 for the normal law
}

// EvidenceOfSharpe measures at least four simple returns above the risk-free return of
// their period, with the corrected moments of [Skewness] and [ExcessKurtosis].
func EvidenceOfSharpe(excess []float64) (SharpeEvidence, error) {
	return evidenceWith(excess, Skewness, ExcessKurtosis)
}

func evidenceWith(excess []float64, skewness, excessKurtosis func([]float64) (float64, error)) (SharpeEvidence, error) {
	third, err := skewness(excess)
	if err != nil {
		return SharpeEvidence{}, err
	}
	fourth, err := excessKurtosis(excess)
	if err != nil {
		return SharpeEvidence{}, err
	}
	mean, sd := stat.MeanStdDev(excess, nil)
	return SharpeEvidence{mean / sd, len(excess), third, fourth + 3}, nil
}

// ProbabilisticSharpe is the probability that the true Sharpe ratio is above a
// threshold, both of one period:
//
//	Φ((SR-SR*)·√(n-1) / √(1 - γ₃·SR + (γ₄-1)/4·SR²))
//
// Bailey and López de Prado (2012), Journal of Risk 15(2).
func ProbabilisticSharpe(e SharpeEvidence, threshold float64) (float64, error) {
	if e.Returns < 2 {
		return absent, fmt.Errorf("%w: %d returns of at least 2", ErrTooFew, e.Returns)
	}
	if err := checkValues([]float64{e.Sharpe, e.Skewness, e.Kurtosis, threshold}, 4); err != nil {
		return absent, err
	}
	spread := 1 - e.Skewness*e.Sharpe + (e.Kurtosis-1)/4*e.Sharpe*e.Sharpe
	if !(spread > 0) {
		return absent, fmt.Errorf("%w: the moments leave the Sharpe ratio a variance of %v", ErrArgument, spread)
	}
	z := (e.Sharpe - threshold) * math.Sqrt(float64(e.Returns-1)/spread)
	return finite(distuv.UnitNormal.CDF(z))
}

// ExpectedMaxSharpe is the highest Sharpe ratio to be expected of so many independent
// trials without skill, whose ratios have the given variance; it is in their unit of
// time. Trials that are alike count for fewer, so that their number need not be whole.
// Bailey and López de Prado (2014), Journal of Portfolio Management 40(5).
func ExpectedMaxSharpe(trials, variance float64) (float64, error) {
	if !(trials > 1) || math.IsInf(trials, 0) {
		return absent, fmt.Errorf("%w: %v trials, expected more than 1", ErrArgument, trials)
	}
	if !(variance >= 0) || math.IsInf(variance, 0) {
		return absent, fmt.Errorf("%w: variance %v of the trials' Sharpe ratios", ErrArgument, variance)
	}
	z := distuv.UnitNormal.Quantile
	return finite(math.Sqrt(variance) * max(0, (1-eulerGamma)*z(1-1/trials)+eulerGamma*z(1-1/(trials*math.E))))
}

const eulerGamma = 0.57721566490153286060651209008240243

// DeflatedSharpe is the [ProbabilisticSharpe] of the best of so many trials above
// [ExpectedMaxSharpe]; variance is that of the trials' Sharpe ratios of one period.
func DeflatedSharpe(e SharpeEvidence, trials int, variance float64) (float64, error) {
	threshold, err := ExpectedMaxSharpe(float64(trials), variance)
	if err != nil {
		return absent, err
	}
	return ProbabilisticSharpe(e, threshold)
}

func probabilisticSharpe(simple []float64, s Sample) (float64, error) {
	excess, err := aboveRiskFree(simple, s)
	if err != nil {
		return absent, err
	}
	e, err := EvidenceOfSharpe(excess)
	if err != nil {
		return absent, err
	}
	return ProbabilisticSharpe(e, 0)
}

// deflatedSharpe is DeflatedSharpe by the trials of the sample.
func deflatedSharpe(skewness, excessKurtosis func([]float64) (float64, error)) ofSimple {
	return func(simple []float64, s Sample) (float64, error) {
		if s.Trials == 0 {
			return absent, ErrTrials
		}
		if err := checkPeriods(s.PeriodsPerYear); err != nil {
			return absent, err
		}
		excess, err := aboveRiskFree(simple, s)
		if err != nil {
			return absent, err
		}
		e, err := evidenceWith(excess, skewness, excessKurtosis)
		if err != nil {
			return absent, err
		}
		return DeflatedSharpe(e, s.Trials, s.TrialVariance/s.PeriodsPerYear)
	}
}
