package trial

import (
	"context"
	"errors"

	"github.com/ebb-sim/ebb/sim/backtest"
	"github.com/ebb-sim/ebb/sim/stats"
)

// worst is how many drawdowns are listed.
const worst = 5

// compare runs the benchmark at the same costs, and computes the statistics of
// both.
func (t *Trial) compare(context.Context, Options) error {
	var err error
	if t.Benchmark, err = backtest.Run(t.Market, t.hold(), t.options(backtest.RecordAll)); err != nil {
		return t.blame("benchmark", err)
	}
	t.Statistics, t.Compared = t.describe(t.Result, t.Benchmark), t.describe(t.Benchmark, nil)
	sample := t.sample(t.Result)
	last := len(sample.Times) - 1
	if t.Months, err = stats.MonthlyReturns(sample.Times, sample.Prices, sample.Times[last].Add(t.Market.Step)); err != nil && !errors.Is(err, stats.ErrPrice) {
		return err
	}
	drawdowns, err := stats.WorstDrawdowns(sample.Prices, worst)
	if err != nil && !errors.Is(err, stats.ErrPrice) { // a ruined account has no price to speak of
		return err
	}
	for _, d := range drawdowns {
		dated, err := d.Dated(t.Market.Times)
		if err != nil {
			return err
		}
		t.Drawdowns = append(t.Drawdowns, dated)
	}
	return nil
}

// sample is what the statistics of an account are computed from: its equity up to
// where it is worth nothing.
func (t *Trial) sample(r *backtest.Result) stats.Sample {
	last := len(r.Equity)
	if r.Ruined >= 0 {
		last = r.Ruined + 1
	}
	return stats.Sample{Prices: r.Equity[:last], Times: r.Times[:last], PeriodsPerYear: t.PeriodsPerYear, RiskFree: t.RiskFree}
}

// hold buys the benchmark.
func (t *Trial) hold() backtest.Hold {
	h := backtest.Hold{}
	for _, a := range t.Market.Assets {
		h.Weights = append(h.Weights, t.Weights[a.Name])
	}
	return h
}

// describe computes every statistic of an account, against a benchmark's where one
// is given.
func (t *Trial) describe(r, benchmark *backtest.Result) stats.Summary {
	sample := t.sample(r)
	if benchmark != nil {
		sample.Benchmark = benchmark.Equity[:len(sample.Prices)]
	}
	return stats.EBB.Describe(sample)
}
