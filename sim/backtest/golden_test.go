package backtest_test

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/sim/backtest"
)

// columns reads a file with one column of dates and others of numbers.
func columns(t *testing.T, name string) (dates []time.Time, list map[string][]float64) {
	t.Helper()
	f, err := os.Open("testdata/golden/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	list = map[string][]float64{}
	for _, row := range rows[1:] {
		at, err := time.Parse(time.DateOnly, row[0])
		if err != nil {
			t.Fatal(err)
		}
		dates = append(dates, at)
		for i, cell := range row[1:] {
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			list[rows[0][i+1]] = append(list[rows[0][i+1]], x)
		}
	}
	return dates, list
}

// TestOtherEngines compares equity at every close with backtesting.py and vectorbt
// on the same signals and costs; testdata/golden/README.md says what differs.
func TestOtherEngines(t *testing.T) {
	dates, prices := columns(t, "prices.csv")
	_, wanted := columns(t, "equity.csv")
	signal := prices["signal"]
	follow := func(target func(signal float64) backtest.Target, always bool) rule {
		return func(s *backtest.State, targets []backtest.Target) error {
			k := s.Step - 1 // the last close
			before := 0.
			if k > 0 {
				before = signal[k-1]
			}
			if always || target(signal[k]) != target(before) {
				targets[0] = target(signal[k])
			}
			return nil
		}
	}
	const fee, slippage = .001, .0005
	for name, c := range map[string]struct {
		asset backtest.Asset
		rule  rule
	}{
		"backtesting":      {backtest.Asset{Fee: .0015}, follow(func(s float64) backtest.Target { return coins(100 * s) }, false)},
		"vectorbt_allin":   {backtest.Asset{Fee: fee, Spread: 2 * slippage}, follow(func(s float64) backtest.Target { return weight(max(s, 0)) }, false)},
		"vectorbt_percent": {backtest.Asset{}, follow(func(s float64) backtest.Target { return weight(.8 * s) }, true)},
		"vectorbt_coins":   {backtest.Asset{Fee: fee, Spread: 2 * slippage}, follow(func(s float64) backtest.Target { return coins(150 * s) }, false)},
		"vectorbt_usd":     {backtest.Asset{Fee: fee, Spread: 2 * slippage}, follow(func(s float64) backtest.Target { return usd(20_000 * s) }, false)},
	} {
		for suffix, fill := range map[string]backtest.FillAt{"_open": backtest.FillOpen, "_close": backtest.FillClose} {
			t.Run(name+suffix, func(t *testing.T) {
				m := backtest.Market{Assets: []backtest.Asset{c.asset}, Times: dates, Step: day, Open: [][]float64{prices["open"]}, Close: [][]float64{prices["close"]}}
				r := run(t, m, c.rule, backtest.Options{Capital: 100_000, Fill: fill})
				want := wanted[name+suffix]
				if len(want) != len(r.Equity) {
					t.Fatalf("%d values, want %d", len(r.Equity), len(want))
				}
				for k, got := range r.Equity {
					if name+suffix == "backtesting_close" {
						got += r.Flows[k].Fees // booked there in the next bar
					}
					if !(math.Abs(got-want[k]) <= 1e-9*want[k]) {
						t.Fatalf("equity at close %d is %.17g, want %.17g", k, got, want[k])
					}
				}
				if r.Orders < 150 {
					t.Errorf("%d orders, want some hundred", r.Orders)
				}
			})
		}
	}
}
