package luck

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"github.com/ebb-sim/ebb/sim/stats"
)

// A Deflated is the Sharpe ratio of one cell of a grid, judged by what the best of so many
// cells would have without any skill. Sharpe ratios are annual.
type Deflated struct {
	Cell     int     `json:"cell"`
	N        int     `json:"n"` // steps
	Sharpe   float64 `json:"sharpe"`
	Skewness float64 `json:"skewness"` // of the returns, bias-corrected
	Kurtosis float64 `json:"kurtosis"` // bias-corrected, 3 for the normal law

	Trials   int     `json:"trials"`   // cells with a Sharpe ratio
	Spread   float64 `json:"spread"`   // standard deviation of their Sharpe ratios, ddof 1
	Expected float64 `json:"expected"` // the largest of so many independent trials without skill
	DSR      float64 `json:"dsr"`      // confidence that the true Sharpe ratio is above Expected
	PSR      float64 `json:"psr"`      // that it is above 0, as if it had been the only trial

	Correlation       float64 `json:"correlation"`        // mean over the pairs of trials
	EffectiveTrials   float64 `json:"effective_trials"`   // ρ + (1-ρ)·trials
	EffectiveExpected float64 `json:"effective_expected"` // Expected for so many
	EffectiveDSR      float64 `json:"effective_dsr"`

	Method   string   `json:"method"`
	Warnings []string `json:"warnings,omitempty"`
}

const methodDeflated = "deflated Sharpe ratio, expected maximum of the trials"

// Deflate is the deflated Sharpe ratio of a chosen cell (Bailey and López de Prado, 2014,
// Journal of Portfolio Management 40(5)): the probabilistic Sharpe ratio against the largest
// one that so many trials are expected to have by chance, from how far the trials' Sharpe
// ratios are spread. Trials of a grid are alike, so that there are fewer independent ones;
// how many, by their mean correlation, is in the fields called effective (their appendix).
// DSR counts them all and is the careful one.
//
// Sharpe ratios are above an annual risk-free rate, as those of [Sharpe]. The formula treats the
// steps as independent.
func Deflate(returns [][]float64, chosen int, riskFree, periodsPerYear float64) (*Deflated, error) {
	if err := checkRates(riskFree, periodsPerYear); err != nil {
		return nil, err
	}
	if err := checkMatrix(returns, 1, 4); err != nil {
		return nil, err
	}
	if chosen < 0 || chosen >= len(returns) {
		return nil, fmt.Errorf("%w: cell %d, expected 0 to %d", stats.ErrArgument, chosen, len(returns)-1)
	}
	free := perStep(riskFree, periodsPerYear)
	if _, err := stats.Sharpe(returns[chosen], free, 1); err != nil {
		return nil, fmt.Errorf("cell %d: %w", chosen, err)
	}
	excess := slices.Clone(returns[chosen])
	floats.AddConst(-free, excess)
	e, err := stats.EvidenceOfSharpe(excess)
	if err != nil {
		return nil, fmt.Errorf("cell %d: %w", chosen, err)
	}
	d := &Deflated{Cell: chosen, N: len(returns[0]), Method: methodDeflated}
	var trials [][]float64
	var ratios []float64
	for _, row := range returns {
		if ratio, err := stats.Sharpe(row, free, 1); err == nil {
			trials, ratios = append(trials, row), append(ratios, ratio)
		}
	}
	d.Trials = len(ratios)
	if lost := len(returns) - len(ratios); lost > 0 {
		d.Warnings = append(d.Warnings, fmt.Sprintf("%d of %d cells have constant returns and are not counted as trials", lost, len(returns)))
	}
	if d.Trials == 1 {
		d.Warnings = append(d.Warnings, "one trial: there is nothing to deflate")
	} else {
		d.Spread = stat.StdDev(ratios, nil)
	}
	d.Correlation = meanCorrelation(trials)
	d.EffectiveTrials = effectiveTrials(d.Trials, d.Correlation)
	return d, d.fill(e, math.Sqrt(periodsPerYear))
}

// fill judges the chosen cell and makes the Sharpe ratios annual; root is that of the steps in
// a year.
func (d *Deflated) fill(e stats.SharpeEvidence, root float64) error {
	var err error
	d.Skewness, d.Kurtosis = e.Skewness, e.Kurtosis
	if d.Expected, err = expectedMaximum(float64(d.Trials), d.Spread); err != nil {
		return err
	}
	if d.EffectiveExpected, err = expectedMaximum(d.EffectiveTrials, d.Spread); err != nil {
		return err
	}
	if d.PSR, err = stats.ProbabilisticSharpe(e, 0); err != nil {
		return err
	}
	if d.DSR, err = stats.ProbabilisticSharpe(e, d.Expected); err != nil {
		return err
	}
	if d.EffectiveDSR, err = stats.ProbabilisticSharpe(e, d.EffectiveExpected); err != nil {
		return err
	}
	d.Sharpe = e.Sharpe * root
	for _, annual := range []*float64{&d.Spread, &d.Expected, &d.EffectiveExpected} {
		*annual *= root
	}
	return nil
}

// expectedMaximum is [stats.ExpectedMaxSharpe], and 0 for a single trial.
func expectedMaximum(trials, spread float64) (float64, error) {
	if trials <= 1 {
		return 0, nil
	}
	return stats.ExpectedMaxSharpe(trials, spread*spread)
}

// effectiveTrials counts trials of this mean correlation (Bailey and López de Prado, 2014,
// appendix); a negative one is taken for 0, lest there be more than all of them.
func effectiveTrials(trials int, correlation float64) float64 {
	correlation = max(0, correlation)
	return correlation + (1-correlation)*float64(trials)
}

// meanCorrelation is the mean over all pairs of trials, 0 without a pair. The sum of the
// standardised trials has the sum of all correlations as its variance.
func meanCorrelation(trials [][]float64) float64 {
	n := float64(len(trials))
	if n < 2 {
		return 0
	}
	sum := make([]float64, len(trials[0]))
	for _, row := range trials {
		mean, sd := stat.PopMeanStdDev(row, nil)
		floats.AddScaled(sum, 1/sd, row)
		floats.AddConst(-mean/sd, sum)
	}
	total := floats.Dot(sum, sum) / float64(len(sum))
	return (total - n) / (n * (n - 1))
}
