package backtest_test

import (
	"fmt"
	"time"

	"github.com/ebb-sim/ebb/sim/backtest"
)

// afterARise holds everything after a close above the one before, and nothing otherwise.
type afterARise struct{ closes []float64 }

func (r afterARise) Decide(s *backtest.State, targets []backtest.Target) error {
	last := s.Step - 1 // the close at which it decides
	if last == 0 {
		return nil
	}
	targets[0] = backtest.Target{Kind: backtest.Weight, Reason: "exit"}
	if r.closes[last] > r.closes[last-1] {
		targets[0] = backtest.Target{Kind: backtest.Weight, Value: 1, Reason: "enter"}
	}
	return nil
}

// A decision at a close fills at the next one here, and pays ten basis points.
func ExampleRun() {
	closes := []float64{100, 104, 108, 105, 102}
	market := backtest.Market{Assets: []backtest.Asset{{Name: "btc", Fee: .001}}, Step: 24 * time.Hour, Close: [][]float64{closes}}
	for k := range closes {
		market.Times = append(market.Times, time.Date(2026, 1, 5+k, 0, 0, 0, 0, time.UTC))
	}
	result, err := backtest.Run(market, afterARise{closes}, backtest.Options{Capital: 1000, Fill: backtest.FillClose})
	if err != nil {
		fmt.Println(err)
		return
	}
	for k, at := range result.Times {
		fmt.Printf("%s  close %.0f  coins %.3f  equity %.2f\n", at.Format("2 Jan"), closes[k], result.Coins[0][k], result.Equity[k])
	}
	fmt.Printf("%d orders, fees %.2f\n", result.Orders, result.Total.Fees)
	// Output:
	// 5 Jan  close 100  coins 0.000  equity 1000.00
	// 6 Jan  close 104  coins 0.000  equity 1000.00
	// 7 Jan  close 108  coins 9.250  equity 999.00
	// 8 Jan  close 105  coins 9.250  equity 971.25
	// 9 Jan  close 102  coins 0.000  equity 942.56
	// 2 orders, fees 1.94
}
