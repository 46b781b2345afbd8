package stats_test

import (
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
)

// The worked example of Bailey and López de Prado (2012): 24 monthly returns with a
// Sharpe ratio of 0.458. Their skewness and fat tails take the probability from 0.982
// to 0.913.
func TestProbabilisticSharpePublished(t *testing.T) {
	for _, c := range []struct {
		skewness, kurtosis, want float64
	}{
		{0, 3, 0.982},
		{-2.448, 10.164, 0.913},
	} {
		got, err := stats.ProbabilisticSharpe(stats.SharpeEvidence{Sharpe: 0.458, Returns: 24, Skewness: c.skewness, Kurtosis: c.kurtosis}, 0)
		if err != nil {
			t.Error(err)
		}
		digits(t, "PSR", got, c.want, 3)
	}
}

// The worked example of Bailey and López de Prado (2014): 1250 daily returns with an
// annual Sharpe ratio of 2.5, a year having 250 days, the best of N trials whose annual
// ratios have a variance of 1/2.
func TestDeflatedSharpePublished(t *testing.T) {
	const year = 250
	fat := stats.SharpeEvidence{Sharpe: 0.15811388300841897, Returns: 1250, Skewness: -3, Kurtosis: 10}
	normal := fat
	normal.Skewness, normal.Kurtosis = 0, 3
	for _, c := range []struct {
		evidence stats.SharpeEvidence
		trials   int
		want     float64
	}{
		{fat, 100, 0.9004},
		{fat, 46, 0.9505},
		{normal, 88, 0.9505},
	} {
		got, err := stats.DeflatedSharpe(c.evidence, c.trials, 0.5/year)
		if err != nil {
			t.Error(err)
		}
		digits(t, "DSR", got, c.want, 4)
	}
	expected, err := stats.ExpectedMaxSharpe(100, 0.5/year)
	if err != nil {
		t.Error(err)
	}
	digits(t, "expected maximum", expected, 0.1132, 4)
}

// The formula wants raw kurtosis; with the excess it would be too sure.
func TestEvidenceHasRawKurtosis(t *testing.T) {
	e, err := stats.EvidenceOfSharpe(ten)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "skewness", e.Skewness, -0.8403123920892774)
	near(t, "raw kurtosis", e.Kurtosis, 3+0.4400532218465618)
	if e.Returns != 10 {
		t.Errorf("%d returns", e.Returns)
	}
}

func TestProbabilisticSharpeAbsent(t *testing.T) {
	e := stats.SharpeEvidence{Sharpe: 0.1, Returns: 24, Kurtosis: 3}
	call := func(v float64, err error) func() (float64, error) { return func() (float64, error) { return v, err } }
	one, impossible, gap := e, e, e
	one.Returns = 1
	impossible.Sharpe, impossible.Skewness = 2, 5
	gap.Skewness = nan
	for name, c := range map[string]struct {
		got  func() (float64, error)
		want error
	}{
		"one return":         {call(stats.ProbabilisticSharpe(one, 0)), stats.ErrTooFew},
		"impossible moments": {call(stats.ProbabilisticSharpe(impossible, 0)), stats.ErrArgument},
		"NaN skewness":       {call(stats.ProbabilisticSharpe(gap, 0)), stats.ErrGap},
		"one trial":          {call(stats.DeflatedSharpe(e, 1, 0.1)), stats.ErrArgument},
		"negative variance":  {call(stats.DeflatedSharpe(e, 5, -0.1)), stats.ErrArgument},
	} {
		v, err := c.got()
		wantError(t, name, v, err, c.want)
	}
	if _, err := stats.EvidenceOfSharpe(ten[:3]); err == nil {
		t.Error("three returns have no kurtosis")
	}
	s, _ := stats.EBB.Lookup("deflated_sharpe")
	v, err := s.Compute(sampleOfTen(t))
	wantError(t, "no trials", v, err, stats.ErrTrials)
}
