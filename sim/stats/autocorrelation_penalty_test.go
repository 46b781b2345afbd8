package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/stats"
)

func penalty(t rapid.TB, p stats.Profile, returns []float64, perYear float64) float64 {
	t.Helper()
	prices, err := stats.Wealth(returns)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := p.Lookup("autocorrelation_penalty")
	v, err := s.Compute(stats.Sample{Prices: prices, PeriodsPerYear: perYear})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func percents() []float64 {
	list := make([]float64, 100)
	for i := range list {
		list[i] = float64(i-40) / 100
	}
	return list
}

// The closed form is the sum over lags.
func TestAutocorrelationPenaltyIsTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		returns := rapid.SliceOfNDistinct(rapid.SampledFrom(percents()), 4, 40, rapid.ID[float64]).Draw(t, "returns")
		perYear := rapid.IntRange(2, 400).Draw(t, "periods")
		rho, err := stats.Autocorrelation(returns, 1)
		if err != nil {
			t.Fatal(err)
		}
		sum := 1.
		for k := 1; k < perYear; k++ {
			sum += 2 * (1 - float64(k)/float64(perYear)) * math.Pow(rho, float64(k))
		}
		if got := penalty(t, stats.EBB, returns, float64(perYear)); math.Abs(got*got-sum) > 1e-9 {
			t.Errorf("ρ = %v, %d periods: %v, want √%v", rho, perYear, got, sum)
		}
	})
}

// Returns that repeat those before but for rounding have a volatility that grows with
// time, not with its root.
func TestAutocorrelationPenaltyOfATrend(t *testing.T) {
	returns := make([]float64, 400)
	for i := range returns {
		returns[i] = 0.0001 * float64(i)
	}
	if got := penalty(t, stats.QuantStats, returns, 252); math.Abs(got-20) > 1e-6 {
		t.Errorf("penalty %v, want √400", got)
	}
}
