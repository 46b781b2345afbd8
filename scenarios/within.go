package scenarios

import (
	"fmt"
	"time"

	"github.com/ebb-sim/ebb/data"
)

// OHLC is the value of history.within that replays candles through their
// extremes: liquidations happen at the low, not at the close.
const OHLC = "ohlc"

// visits is how many prices of a candle such a replay goes through.
const visits = 4

// grid is the history on the plan's grid: as it is, or with each candle taken
// apart.
func (s *Scenario) grid(panel *data.Panel) (*data.Panel, error) {
	if s.History.Within != OHLC {
		return panel, nil
	}
	if s.Simulate != nil {
		return nil, data.Faults{s.fault("history.within", "history.within", OHLC, "a replay: without simulate")}
	}
	if panel.Step()%visits != 0 {
		return nil, data.Faults{s.fault("history.step", "history.step", panel.Step().String(), "a step that four visits divide")}
	}
	part := panel.Step() / visits
	var list []data.Series
	var faults data.Faults
	for _, asset := range s.Assets() {
		candles, err := visited(panel, asset, part)
		if err != nil {
			faults = append(faults, s.fault("history.within", "candles of "+asset, err.Error(), "open, high, low and price on every step"))
			continue
		}
		list = append(list, candles)
	}
	for _, name := range panel.Names() {
		if !s.isCandle(name) {
			rest, _ := panel.Series(name) // goes to the last part of each step: none is known before
			list = append(list, rest)
		}
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return data.Align(list, data.AlignOptions{From: panel.Time(0), To: panel.Time(panel.Len() - 1).Add((visits - 1) * part), Step: part})
}

// isCandle tells whether a series is part of an asset's candles.
func (s *Scenario) isCandle(name string) bool {
	for asset := range s.Market {
		for _, quantity := range []string{"price", "open", "high", "low"} {
			if name == asset+"."+quantity {
				return true
			}
		}
	}
	return false
}

// visited is an asset's price with each candle's visits as points: a falling
// candle goes open, high, low, close; a rising one open, low, high, close.
func visited(panel *data.Panel, asset string, part time.Duration) (data.Series, error) {
	var times []time.Time
	var prices []float64
	for i := range panel.Len() {
		var candle [visits]float64
		for k, quantity := range []string{"open", "high", "low", "price"} {
			v, ok := panel.Value(asset+"."+quantity, i)
			if !ok {
				return data.Series{}, fmt.Errorf("no %s.%s on %s", asset, quantity, panel.Time(i).Format(time.DateOnly))
			}
			candle[k] = v
		}
		if candle[3] > candle[0] {
			candle[1], candle[2] = candle[2], candle[1]
		}
		for k, price := range candle {
			times, prices = append(times, panel.Time(i).Add(time.Duration(k)*part)), append(prices, price)
		}
	}
	closes, _ := panel.Series(PriceSeries(asset))
	return data.NewSeries(data.Meta{Name: closes.Name(), Kind: closes.Kind(), Unit: closes.Unit(), Lag: closes.Lag(),
		Provenance: closes.Provenance()}, times, prices)
}
