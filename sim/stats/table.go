package stats

import "slices"

const (
	unitFraction = "fraction"
	unitPerYear  = "fraction per year"
	unitRatio    = "ratio"
	unitSteps    = "steps"
	unitDays     = "days"
)

// worstShare is the share of worst returns behind value at risk and expected shortfall.
const worstShare = 0.05

// ebbTable holds every statistic of the profile ebb. Return statistics use simple
// returns, as the common performance libraries do, so that their numbers can be compared.
var ebbTable = slices.Concat(growthTable, ratioTable, drawdownTable, winsTable, tailTable, shapeTable, benchmarkTable)

// shortTable is the part of ebbTable that stands beside a series in the results of a scenario.
var shortTable = pick(ebbTable,
	"total_return", "annual_return", "volatility", "sharpe", "max_drawdown", "max_drawdown_length",
	"var_5", "cvar_5", "skewness", "excess_kurtosis", "autocorrelation", "autocorrelation_abs", "correlation",
)

func pick(from []Statistic, names ...string) []Statistic {
	var picked []Statistic
	for _, name := range names {
		if s, ok := lookup(from, name); ok {
			picked = append(picked, s)
		}
	}
	return picked
}

// ofReturns makes a statistic of a sample from one of its simple returns, which are
// its own to alter.
func ofReturns(of func(simple []float64, s Sample) (float64, error)) func(Sample) (float64, error) {
	return func(s Sample) (float64, error) {
		simple, err := SimpleReturns(s.Prices)
		if err != nil {
			return absent, err
		}
		return of(simple, s)
	}
}

// ofDrawdown makes a statistic of a sample from its deepest drawdown.
func ofDrawdown(of func(Drawdown) float64) func(Sample) (float64, error) {
	return func(s Sample) (float64, error) {
		deepest, err := MaxDrawdown(s.Prices)
		if err != nil {
			return absent, err
		}
		return of(deepest), nil
	}
}
