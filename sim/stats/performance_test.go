package stats_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Ten simple returns and a companion. The values wanted from them in the tests of
// this package were computed with pandas 3.1.1, SciPy 1.17.1 and NumPy 2.4.6.
var (
	ten       = []float64{0.02, -0.03, 0.015, 0.004, -0.05, 0.011, -0.007, 0.03, 0.0, -0.012}
	companion = []float64{0.01, -0.02, 0.005, 0.014, -0.06, 0.001, -0.017, 0.02, 0.003, -0.002}
)

func wealth(t *testing.T, simple []float64) []float64 {
	t.Helper()
	w, err := stats.Wealth(simple)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestPerformance(t *testing.T) {
	prices := wealth(t, ten)
	total, err1 := stats.TotalReturn(prices)
	annual, err2 := stats.AnnualReturn(prices, 365)
	volatility, err3 := stats.Volatility(ten, 365)
	sharpe, err4 := stats.Sharpe(ten, 0.04, 365)
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			t.Error(err)
		}
	}
	near(t, "total return", total, -0.021434636520107908)
	near(t, "annual return", annual, -0.5465502664529378)
	near(t, "volatility", volatility, 0.46006020137465586)
	near(t, "Sharpe", sharpe, -1.5926672601776917)
}

func TestAnnualReturnByHand(t *testing.T) {
	// 21 % in two of the four quarters of a year: 1.21² - 1.
	got, err := stats.AnnualReturn([]float64{100, 90, 121}, 4)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "annual return", got, 0.4641)
}

func TestTotalLoss(t *testing.T) {
	prices := []float64{100, 50, 0}
	total, err := stats.TotalReturn(prices)
	if err != nil || total != -1 {
		t.Errorf("total return %v, error %v, want -1", total, err)
	}
	annual, err := stats.AnnualReturn(prices, 365)
	if err != nil || annual != -1 {
		t.Errorf("annual return %v, error %v, want -1", annual, err)
	}
}

func TestPerformanceAbsent(t *testing.T) {
	constant := []float64{0.01, 0.01, 0.01}
	call := func(v float64, err error) func() (float64, error) { return func() (float64, error) { return v, err } }
	for name, c := range map[string]struct {
		got  func() (float64, error)
		want error
	}{
		"annual return that overflows": {call(stats.AnnualReturn([]float64{1, 1e6}, 8760)), stats.ErrNotFinite},
		"annual return per 0 periods":  {call(stats.AnnualReturn([]float64{1, 2}, 0)), stats.ErrArgument},
		"volatility of NaN periods":    {call(stats.Volatility(ten, nan)), stats.ErrArgument},
		"volatility of one return":     {call(stats.Volatility(ten[:1], 365)), stats.ErrTooFew},
		"volatility with a gap":        {call(stats.Volatility([]float64{0.1, nan, 0.2}, 365)), stats.ErrGap},
		"volatility that overflows":    {call(stats.Volatility([]float64{-1e200, 1e200}, 365)), stats.ErrNotFinite},
		"Sharpe of constant returns":   {call(stats.Sharpe(constant, 0, 365)), stats.ErrConstant},
		"Sharpe with a rate of -100 %": {call(stats.Sharpe(ten, -1, 365)), stats.ErrArgument},
		"total return of one price":    {call(stats.TotalReturn([]float64{7})), stats.ErrTooFew},
	} {
		v, err := c.got()
		wantError(t, name, v, err, c.want)
	}
	still, err := stats.Volatility(constant, 365)
	if err != nil || still != 0 {
		t.Errorf("volatility of constant returns = %v, error %v: it is known to be 0", still, err)
	}
}

// A rate of growth that is constant but for rounding has no Sharpe ratio, not one of 1e14.
func TestSharpeOfSteadyGrowth(t *testing.T) {
	prices := make([]float64, 500)
	for i := range prices {
		prices[i] = 100 * math.Pow(1.0001, float64(i))
	}
	simple, err := stats.SimpleReturns(prices)
	if err != nil {
		t.Fatal(err)
	}
	got, err := stats.Sharpe(simple, 0, 365)
	wantError(t, "Sharpe", got, err, stats.ErrConstant)
}
