package luck

import (
	"errors"
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/stat"
)

// A Criterion says how good the simple returns of a rule were: more is better. Where it
// gives an error, or no finite number, there is no figure: such a cell is neither chosen
// nor ranked. A rule that held nothing has no Sharpe ratio, for one.
type Criterion struct {
	Name  string
	Unit  string // as in [stats.Statistic]
	Value func(simple []float64) (float64, error)

	merged func(t tally) float64 // the same from a tally, NaN where absent; nil: only from the returns
}

// Criteria lists those of this package, in the order of a report. Sharpe ratios are above 0.
func Criteria(periodsPerYear float64) []Criterion {
	return []Criterion{Sharpe(0, periodsPerYear), MeanReturn(), TotalReturn(), Calmar(periodsPerYear)}
}

// perStep is the return of one step that an annual rate compounds from.
func perStep(annual, periodsPerYear float64) float64 {
	return math.Expm1(math.Log1p(annual) / periodsPerYear)
}

// errNoDrawdown is why a ratio to the drawdown is absent.
var errNoDrawdown = errors.New("no drawdown to divide by")

// MeanReturn is the mean simple return of one step.
func MeanReturn() Criterion {
	return Criterion{
		Name: "mean", Unit: "fraction",
		Value: func(simple []float64) (float64, error) {
			if err := checkReturns(simple, 1); err != nil {
				return math.NaN(), err
			}
			return stat.Mean(simple, nil), nil
		},
		merged: func(t tally) float64 { return t.mean },
	}
}

// Sharpe is [stats.Sharpe] above an annual risk-free rate.
func Sharpe(riskFree, periodsPerYear float64) Criterion {
	free := perStep(riskFree, periodsPerYear)
	return Criterion{
		Name: "sharpe", Unit: "ratio",
		Value: func(simple []float64) (float64, error) { return stats.Sharpe(simple, riskFree, periodsPerYear) },
		merged: func(t tally) float64 {
			if constant(t.least, t.most) {
				return math.NaN()
			}
			return (t.mean - free) / t.sd() * math.Sqrt(periodsPerYear)
		},
	}
}

// TotalReturn is the simple return over all steps, compounded.
func TotalReturn() Criterion {
	return Criterion{
		Name: "total_return", Unit: "fraction",
		Value: func(simple []float64) (float64, error) {
			wealth, err := stats.Wealth(simple)
			if err != nil {
				return math.NaN(), err
			}
			return stats.TotalReturn(wealth)
		},
		merged: func(t tally) float64 { return math.Expm1(t.growth) },
	}
}

// Calmar is the annual return over the depth of the maximum drawdown, over all steps
// (Young, 1991, Futures 20(12), takes the last 36 months). Returns without a drawdown have none.
func Calmar(periodsPerYear float64) Criterion {
	wrong := checkPeriods(periodsPerYear) != nil // Value says what
	return Criterion{
		Name: "calmar", Unit: "ratio",
		Value: func(simple []float64) (float64, error) {
			wealth, err := stats.Wealth(simple)
			if err != nil {
				return math.NaN(), err
			}
			annual, err := stats.AnnualReturn(wealth, periodsPerYear)
			if err != nil {
				return math.NaN(), err
			}
			deepest, err := stats.MaxDrawdown(wealth)
			if err != nil {
				return math.NaN(), err
			}
			if deepest.Depth == 0 {
				return math.NaN(), errNoDrawdown
			}
			return annual / -deepest.Depth, nil
		},
		merged: func(t tally) float64 {
			if t.fall == 0 || wrong {
				return math.NaN()
			}
			return math.Expm1(t.growth*periodsPerYear/t.n) / -math.Expm1(t.fall)
		},
	}
}

func (by Criterion) check() error {
	if by.Value == nil {
		return fmt.Errorf("%w: a criterion without a function", stats.ErrArgument)
	}
	return nil
}

// figure is the criterion's value, or NaN and why there is none.
func (by Criterion) figure(simple []float64) (float64, error) {
	v, err := by.Value(simple)
	if err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
		err = fmt.Errorf("%w: %s is %v", stats.ErrNotFinite, by.Name, v)
	}
	if err != nil {
		return math.NaN(), err
	}
	return v, nil
}

// result is the figure as it stands in a report.
func (by Criterion) result(simple []float64) stats.Result {
	v, err := by.figure(simple)
	r := stats.Result{Name: by.Name, Unit: by.Unit, Value: v}
	if err != nil {
		r.Reason = err.Error()
	}
	return r
}

// Best is the cell with the best figure over all steps, the first of equals; -1 where no
// cell has one.
func (by Criterion) Best(returns [][]float64) int {
	figures := make([]float64, len(returns))
	for c, simple := range returns {
		figures[c], _ = by.figure(simple) // NaN is not chosen
	}
	return best(figures)
}

// best is the first of the largest figures, or -1 where there is none.
func best(figures []float64) int {
	at := -1
	for c, v := range figures {
		if !math.IsNaN(v) && (at < 0 || v > figures[at]) {
			at = c
		}
	}
	return at
}

// place is how many figures are below one of them and how many there are; equals count
// one half, itself included, so that the ranks from 1 are below + ½.
func place(figures []float64, at int) (below float64, of int) {
	for _, v := range figures {
		switch {
		case math.IsNaN(v):
			continue
		case v < figures[at]:
			below++
		case v == figures[at]:
			below += .5
		}
		of++
	}
	return below, of
}
