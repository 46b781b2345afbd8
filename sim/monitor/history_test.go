package monitor_test

import (
	"math"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim/monitor"
)

// The winter of 2025 on real files: the premium of Coinbase's closes over
// Binance's, the flows of US spot Bitcoin ETFs, and, as no annualised quarterly
// basis is at hand day by day, the perpetual future over spot, both on Binance
// and closed at one time. It is no annual rate and some hundred times smaller; its
// threshold here is one basis point.
func TestRealWinter(t *testing.T) {
	spot := datatest.Column(t, "btctree__btc-power/data/btc_daily.csv", "date", "close")
	perpetual := datatest.Column(t, "RonaldLu66__binance-btc-monitor/data/futures/BTCUSDT_1d.csv", "open_time", "close")
	flows := datatest.Column(t, "haturatu__crypto-etf-flow/etf_btc.csv", "Date", "Total")
	coinbase := datatest.Column(t, "smoothbrainquant__trading-for-new-dads/data/raw/coinbase_top200_daily_20200101_to_present_20251025_171425.csv",
		"date", "close", datatest.Where("symbol", "BTC/USD"))
	for at, price := range datatest.Column(t, "JintaoLiuorJoey__coinbase-ohlcv-data/data/BTC_aggregated.csv", "Date", "Close") {
		coinbase[at] = price // the days from 2025-10-26 to 2025-11-19 are in neither file
	}

	c := defaults()
	c.BasisSD = 1e-4
	w := watch(c, day)
	shown := map[string]monitor.State{}
	lit := map[string]int{}
	var all []string // days with all three on
	for at := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC); at.Before(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)); at = at.Add(day) {
		value := func(of map[time.Time]float64, unit float64) float64 {
			if v, ok := of[at]; ok {
				return v * unit
			}
			return math.NaN()
		}
		s := w.Step(monitor.Reading{Premium: value(coinbase, 1)/spot[at] - 1, Flow: value(flows, 1e6), Basis: value(perpetual, 1)/spot[at] - 1})
		name := at.Format(time.DateOnly)
		shown[name] = s
		if name < "2025-10-01" {
			continue
		}
		for light, state := range map[string]monitor.Light{"premium": s.Premium, "flows": s.Flows, "basis": s.Basis, "all": s.Lights()} {
			switch state {
			case on:
				lit[light]++
			case unknown:
				lit[light+" unknown"]++
			}
		}
		if s.Lights() == on {
			all = append(all, name)
		}
	}
	t.Logf("2025-10-01..2026-02-28, days with a light on: %v; all three on %v", lit, all)

	for name, want := range map[string]monitor.Light{"2025-10-06": on, "2025-11-05": unknown, "2025-12-05": off, "2025-12-06": on, "2026-02-05": off, "2026-02-20": off} {
		if got := shown[name].Premium; got != want {
			t.Errorf("premium light on %s: %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]monitor.Light{"2025-10-06": on, "2025-11-21": off, "2026-01-16": on, "2026-02-05": off} {
		if got := shown[name].Flows; got != want {
			t.Errorf("flow light on %s: %v, want %v", name, got, want)
		}
	}
	for name, want := range map[string]monitor.Light{"2025-10-01": on, "2025-10-17": off, "2025-11-12": on} {
		if got := shown[name].Basis; got != want {
			t.Errorf("basis light on %s: %v, want %v", name, got, want)
		}
	}
	if sum := shown["2025-10-06"].FlowSum; math.Abs(sum-6390.4e6) > 5e6 {
		t.Errorf("four weeks of flows to 2025-10-06 sum to %v", sum)
	}
	if len(all) == 0 || all[len(all)-1] >= "2025-10-25" {
		t.Errorf("all three lights were on on %v, want days before the premium turned on 2025-10-25", all)
	}
}
