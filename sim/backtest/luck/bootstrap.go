package luck

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/ebb-sim/ebb/sim/resample"
	"github.com/ebb-sim/ebb/sim/stats"
)

// A Bootstrap draws the steps of a history anew, in blocks of random length (Politis and
// Romano, 1994, Journal of the American Statistical Association 89(428)), so that calm and
// stormy times stay together.
type Bootstrap struct {
	Draws int     // at least 99; 9,999 tell a p-value of 1 % to ±0.2 %
	Block float64 // mean length of a block in steps; 0: BlockLength of the gains that are tested
	Seed  uint64
	Level float64 // of the intervals, such as .95

}

func (b Bootstrap) check() error {
	var faults []error
	if b.Block != 0 && !(b.Block >= 1 && !math.IsInf(b.Block, 0)) {
		faults = append(faults, fmt.Errorf("%w: blocks of %v steps, expected at least 1, or 0 to choose", stats.ErrArgument, b.Block))
	}
	return errors.Join(append(faults, checkDraws(b.Draws, b.Level))...)
}

// fits refuses blocks that are longer than the history.
func (b Bootstrap) fits(n int) error {
	if b.Block > float64(n) {
		return fmt.Errorf("%w: blocks of %v steps in a history of %d", stats.ErrArgument, b.Block, n)
	}
	return nil
}

func tooFew(n int) error {
	return fmt.Errorf("%w: %d steps, expected at least %d to resample them", stats.ErrTooFew, n, leastSteps)
}

// Test asks whether the mean return, the Sharpe ratio and the total return of a rule are
// above 0 or, given a benchmark on the same steps, above the benchmark's: then every figure
// is a difference, and both are drawn together. Sharpe ratios are annual and above an annual
// risk-free rate, as those of [Sharpe]; mean and total return are of the returns as they are.
//
// Intervals are percentiles of the draws. The null is the same history without the gain:
// from every return of the rule the same amount is taken, such that the figure is 0, or the
// benchmark's. For the total return that is an amount of log return, and what a draw is then ahead
// in log return counts from where the benchmark ended. There is a verdict for
// each of the three; one without a figure says why.
func (b Bootstrap) Test(simple, benchmark []float64, riskFree, periodsPerYear float64) ([]Verdict, error) {
	if err := errors.Join(b.check(), checkRates(riskFree, periodsPerYear), checkReturns(simple, leastSteps), b.fits(max(leastSteps, len(simple)))); err != nil {
		return nil, err
	}
	compared := simple
	if benchmark != nil {
		if len(benchmark) != len(simple) {
			return nil, fmt.Errorf("%w: %d returns of the benchmark and %d of the rule", stats.ErrLength, len(benchmark), len(simple))
		}
		if err := checkReturns(benchmark, leastSteps); err != nil {
			return nil, fmt.Errorf("benchmark: %w", err)
		}
		compared = excess(simple, benchmark)
	}
	if err := checkSample(compared); err != nil {
		return nil, fmt.Errorf("nothing to resample: %w", err)
	}
	if b.Block == 0 {
		var err error
		if b.Block, err = BlockLength(compared); err != nil {
			return nil, err
		}
	}
	free := perStep(riskFree, periodsPerYear)
	return b.test(pair{newTrack(simple, free), newTrack(benchmark, free)}, math.Sqrt(periodsPerYear)), nil
}

func excess(simple, benchmark []float64) []float64 {
	d := make([]float64, len(simple))
	for t := range d {
		d[t] = simple[t] - benchmark[t]
	}
	return d
}

func (b Bootstrap) test(of pair, root float64) []Verdict {
	n := len(of.rule.simple)
	rows := make([]int, n)
	for t := range rows {
		rows[t] = t
	}
	observed := of.drawn(rows)
	source := b.source(n)
	drawn := make([]resampled, b.Draws)
	for i := range drawn {
		resample.Stationary(source, rows, 1/b.Block)
		drawn[i] = of.drawn(rows)
	}
	var verdicts []Verdict
	for _, f := range figures {
		verdicts = append(verdicts, b.judge(f, observed, drawn, root))
	}
	return verdicts
}

func (b Bootstrap) judge(f figure, observed resampled, drawn []resampled, root float64) Verdict {
	name := f.name
	if observed.compared {
		name += "_difference"
	}
	r := stats.Result{Name: name, Unit: f.unit, Value: f.of(observed, root, 0)}
	if math.IsNaN(r.Value) {
		r.Reason = f.absent
		return observe(r, observed.n, b.Level, b.Seed)
	}
	gain := f.gain(observed)
	free, null := make([]float64, len(drawn)), make([]float64, len(drawn))
	for i, d := range drawn {
		free[i], null[i] = f.of(d, root, 0), f.null(d, observed, root, gain)
	}
	v := observe(r, observed.n, b.Level, b.Seed)
	v.Interval = b.interval(r.Value, observed.n, free)
	return v.against(null, fmt.Sprintf("%s; null: %s", b.method(), f.done))
}

func (b Bootstrap) source(n int) *rand.Rand { return rand.New(rand.NewPCG(b.Seed, uint64(n))) }

func (b Bootstrap) method() string {
	return fmt.Sprintf("stationary bootstrap, %d draws in blocks of %.4g on average", b.Draws, b.Block)
}

// interval is that of the percentiles of the draws that have a figure.
func (b Bootstrap) interval(value float64, n int, draws []float64) *stats.Estimate {
	e := absent(n, b.Level)
	e.Value, e.Method = value, "percentiles of the "+b.method()
	known := present(draws)
	if !enough(len(known), len(draws)) {
		e.Warnings = append(e.Warnings, fmt.Sprintf("no interval: %d of %d draws have no figure", len(draws)-len(known), len(draws)))
		return &e
	}
	if least := 2/(1-b.Level) - 1; float64(b.Draws) < least {
		e.Warnings = append(e.Warnings, fmt.Sprintf("%d draws are too few for an interval at this level: it needs %.0f", b.Draws, math.Ceil(least)))
		return &e
	}
	low, err1 := stats.Quantile(known, (1-b.Level)/2)
	high, err2 := stats.Quantile(known, (1+b.Level)/2)
	if err := errors.Join(err1, err2); err != nil {
		e.Warnings = append(e.Warnings, err.Error())
		return &e
	}
	e.Low, e.High = low, high
	return &e
}
