package mechanism_test

import (
	"math"
	"testing"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim/mechanism"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// The default basis is the least squares fit of the weekly readings, its
// reversion and volatility those of the process behind it.
func TestBasisDefaultsAreTheFit(t *testing.T) {
	basis := datatest.Fact(t, "weekly_market.csv", "btc_quarterly_basis_annual")
	n := len(basis) - 1
	constant, kept := stat.LinearRegression(basis[:n], basis[1:], nil, false)
	squares := 0.0
	for k := range n {
		squares += math.Pow(basis[k+1]-constant-kept*basis[k], 2)
	}
	left := math.Sqrt(squares / float64(n-2))
	near(t, "readings", float64(n+1), 30, 0)
	near(t, "left of a gap after a week", kept, .579, 5e-4)
	near(t, "left of a week", left, .0133, 5e-5)

	c := defaults[*mechanism.Carry]("carry")
	near(t, "mean", c.Mean, stat.Mean(basis, nil), 5e-5)
	near(t, "reversion", c.Reversion, -math.Log(kept)/7, 5e-5)
	near(t, "volatility", c.Volatility, left*math.Sqrt(2*c.Reversion/(1-kept*kept)), 5e-6)
}

// The default premium is the least squares fit of a day's premium on yesterday's
// and on the flow of the funds.
func TestPremiumDefaultsAreTheFit(t *testing.T) {
	const first = "smoothbrainquant__trading-for-new-dads/data/raw/coinbase_top200_daily_20200101_to_present_20251025_171425.csv"
	const then = "JintaoLiuorJoey__coinbase-ohlcv-data/data/BTC_aggregated.csv"
	closes, coins := datatest.Column(t, first, "date", "close", datatest.Where("symbol", "BTC/USD")), datatest.Column(t, first, "date", "volume", datatest.Where("symbol", "BTC/USD"))
	for at, x := range datatest.Column(t, then, "Date", "Close") {
		closes[at] = x
	}
	for at, x := range datatest.Column(t, then, "Date", "Volume") {
		coins[at] = x
	}
	elsewhere := datatest.Column(t, "btctree__btc-power/data/btc_daily.csv", "date", "close")
	flows := datatest.Column(t, "haturatu__crypto-etf-flow/etf_btc.csv", "Date", "Total")

	var x, y []float64
	volume := 0.0
	for at := day("2024-01-11"); !at.After(day("2026-03-07")); at = at.AddDate(0, 0, 1) {
		before := at.AddDate(0, 0, -1)
		if closes[at] == 0 || closes[before] == 0 {
			continue
		}
		x = append(x, 1, closes[before]/elsewhere[before]-1, 1e6*flows[at])
		y = append(y, closes[at]/elsewhere[at]-1)
		volume += closes[at] * coins[at]
	}
	n := len(y)
	var fit, residuals mat.VecDense
	if err := fit.SolveVec(mat.NewDense(n, 3, x), mat.NewVecDense(n, y)); err != nil {
		t.Fatal(err)
	}
	residuals.MulVec(mat.NewDense(n, 3, x), &fit)
	residuals.SubVec(&residuals, mat.NewVecDense(n, y))
	left := mat.Norm(&residuals, 2) / math.Sqrt(float64(n-3))
	near(t, "days", float64(n), 761, 0)
	near(t, "left of a day", left, 3.59e-4, 5e-7)

	c := defaults[*mechanism.Premium]("premium")
	kept := fit.AtVec(1)
	near(t, "volume", c.Volume, volume/float64(n), 5e5)
	near(t, "reversion", c.Reversion, 1-kept, 5e-5)
	near(t, "sensitivity", c.Sensitivity, fit.AtVec(2)*c.Volume, 5e-7)
	near(t, "volatility", c.Volatility, left*math.Sqrt(-2*math.Log(kept)/(1-kept*kept)), 5e-7)
}
