package stats_test

import (
	"fmt"
	"log"

	"github.com/ebb-sim/ebb/sim/stats"
)

func ExampleMaxDrawdown() {
	closes := []float64{110, 124, 118, 90, 63, 70}
	d, err := stats.MaxDrawdown(closes)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.1f %% from index %d to %d, recovered: %v\n", 100*d.Depth, d.Peak, d.Trough, d.Recovered)
	// Output: -49.2 % from index 1 to 4, recovered: false
}

// How much deeper is the fall with redemptions than without? Path i of both runs has
// the same news.
func ExampleEstimateRatio() {
	with := []float64{-0.241, -0.118, -0.327, -0.085, -0.196}
	without := []float64{-0.205, -0.099, -0.281, -0.074, -0.166}
	multiplier, err := stats.EstimateRatio(with, without, 0.95)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(multiplier)
	// Output:
	// 1.172 [1.158, 1.197] at 95 %, n = 5 (5 paths are few: the interval trusts that means are close to normal)
}

func ExampleEstimate_Text() {
	e := stats.Estimate{Value: -0.495, Low: -0.52, High: -0.471, Level: 0.95, N: 10000}
	fmt.Println(e.Text(func(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) }))
	// Output: -49.5 % [-52.0 %, -47.1 %] at 95 %, n = 10000
}

func ExampleDescribe() {
	summary := stats.Describe(stats.Sample{Prices: []float64{100, 80, 100}, PeriodsPerYear: 365})
	for _, r := range summary.Statistics[4:9] {
		if r.Reason != "" {
			fmt.Println(r.Name, "is absent:", r.Reason)
			continue
		}
		fmt.Printf("%s %.4g (%s)\n", r.Name, r.Value, r.Unit)
	}
	// Output:
	// max_drawdown -0.2 (fraction)
	// max_drawdown_length 2 (steps)
	// var_5 -0.1775 (fraction)
	// cvar_5 -0.2 (fraction)
	// skewness is absent: too few values: 2 of at least 3
}

// The same path by two profiles: a library that begins after the first return misses the
// loss in it, and has no Treynor ratio.
func ExampleProfile_Describe() {
	prices, err := stats.Wealth([]float64{-0.1, 0.05, -0.02, 0.03})
	if err != nil {
		log.Fatal(err)
	}
	for _, profile := range []stats.Profile{stats.EBB, stats.VectorBT} {
		for _, r := range profile.Describe(stats.Sample{Prices: prices, PeriodsPerYear: 365}).Statistics {
			switch {
			case r.Name == "max_drawdown":
				fmt.Printf("%s: %s %.4g\n", profile, r.Name, r.Value)
			case r.Name == "treynor":
				fmt.Printf("%s: %s is absent: %s\n", profile, r.Name, r.Reason)
			}
		}
	}
	// Output:
	// ebb: max_drawdown -0.1
	// ebb: treynor is absent: no benchmark given
	// vectorbt: max_drawdown -0.02
}
