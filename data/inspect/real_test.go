package inspect

import (
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/datatest"
)

func open(t *testing.T, path string) *data.Table {
	t.Helper()
	table, err := data.Open(datatest.File(t, path), data.ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// What is known to be odd about real files is found, and no file has more warnings
// than it deserves.
func TestRealFiles(t *testing.T) {
	tests := []struct {
		path     string
		warnings int
		says     []string
	}{
		{"haturatu__crypto-etf-flow/etf_btc.csv", 0, []string{"note file: market holiday, no flow: 16", "note outlier: BTCW: far outside"}},
		{"haturatu__crypto-etf-flow/etf_eth.csv", 0, []string{"note file: row Seed is not a day"}},
		{"Mohammad-Hannan__mcg_macro_intel/data/btc_etf_flows.csv", 2, []string{
			"warning holiday: Total: 0 on a holiday of the NYSE: closed, which is not a flow of 0: 16 (line 4, 2024-01-15;",
			"warning last: Total: the last row looks as if it had not been reported yet: 1 (line 513, 2026-01-02: 0,",
		}},
		{"ciyberpunk__farside-etf/Data/bitcoin_etf_totals_daily.csv", 1, []string{"warning weekend: total_usd_millions: every weekend is filled with 0: closed, which is not a flow of 0: 172"}},
		{"btctree__btc-power/data/btc_daily.csv", 0, nil},
		{"btctree__btc-power/data/alt/ETHUSDT.csv", 0, []string{"note wick: low: jumps and returns in the next row; a wick, or a mistake?: 1 (line 7, 2017-08-22"}},
		{"btctree__btc-power/data/alt/SOLUSDT.csv", 0, nil},
		{"btctree__btc-power/data/orderflow.csv", 1, []string{"warning last: quote_vol, taker_buy_quote: the last row looks as if its period were not over: 2 (quote_vol line 3238, 2026-06-27"}},
		{"RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv", 0, nil},
		{"RonaldLu66__binance-btc-monitor/data/BTCUSDT_4h.csv", 0, nil},
		{"RonaldLu66__binance-btc-monitor/data/futures/BTCUSDT_1d.csv", 0, nil},
		{"owlacar-dotcom__isda/LTCUSDT-1m-2026-02.csv", 0, nil},
		{"kittycapital__crypto-history/data/bitcoin.csv", 3, []string{"warning zero: market_cap, total_volume: 0 in a column that is otherwise greater; no data?: 1004"}},
		{"kittycapital__btc-asset-correlation/data/DXY.csv", 2, []string{"warning copy: the whole row is that of the row before: 1 (line 278, 2015-02-06)"}},
		{"ismethanhtung__btc-liquidations-analysis/data/coinglass_BTC_regime_binance_5m_14d.csv", 2, []string{
			"warning stale: oi_open, oi_high, oi_low and 1 more: the same value in row after row",
			"warning zero: liquidation_long_usd, liquidation_short_usd, liquidation_total_usd: every value is 0; no data?",
		}},
		{"dsturdy__Factor_Attribution/data/BMNR.csv", 0, []string{"note split: Close: changes by about a whole factor and stays"}},
		{"lukmol__gamlss-btc-VaR/data/funding_rates.csv", 0, nil},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			found := said(inspected(t, open(t, tt.path)))
			all := strings.Join(found, "\n")
			if n := strings.Count("\n"+all, "\nwarning "); n != tt.warnings || strings.Contains("\n"+all, "\nerror ") {
				t.Errorf("%d warnings, expected %d and no error:\n%s", n, tt.warnings, all)
			}
			for _, want := range tt.says {
				if !strings.Contains(all, want) {
					t.Errorf("%q is not said:\n%s", want, all)
				}
			}
		})
	}
}

func columnOf(t *testing.T, path, column string, k data.Kind, u data.Unit) (*data.Table, data.Series) {
	t.Helper()
	table := open(t, path)
	s, err := table.Series(data.Request{Column: column, Kind: k, Unit: u})
	if err != nil {
		t.Fatal(err)
	}
	return table, s
}

// CoinGecko stamps the close of a day with 00:00 UTC of the next.
func TestRealShift(t *testing.T) {
	for asset, exchange := range map[string]string{"bitcoin": "btc_daily.csv", "ethereum": "alt/ETHUSDT.csv"} {
		ta, a := columnOf(t, "btctree__btc-power/data/"+exchange, "close", data.Price, data.USD)
		tb, b := columnOf(t, "kittycapital__crypto-history/data/"+asset+".csv", "price", data.Price, data.USD)
		c, err := Compare(ta, tb, a, b)
		if err != nil {
			t.Fatal(err)
		}
		if late := LateBy(a, b); late != 1 || len(c.Findings) == 0 || c.Findings[0].Check != "shift" {
			t.Errorf("%s: %d rows late, %v, expected 1", asset, late, said(c.Findings))
		}
	}
}

// One source of funding has the mean of a day, the other the sum of its three payments.
func TestRealRatio(t *testing.T) {
	ta, a := columnOf(t, "lukmol__gamlss-btc-VaR/data/funding_rates.csv", "funding_mean", data.Rate, data.Fraction)
	tb, b := columnOf(t, "btctree__btc-power/data/funding.csv", "", data.Rate, data.Fraction)
	c, err := Compare(ta, tb, a, b)
	if err != nil {
		t.Fatal(err)
	}
	if want := "warning ratio: funding_rate: the second source is 3 times the first on 2235 of 2235 rows; a sum of three payments a day against their mean?"; said(c.Findings)[0] != want {
		t.Errorf("found %v, expected %s", said(c.Findings), want)
	}
}

// A copy of the table of flows was made before its last day was reported.
func TestRealRevision(t *testing.T) {
	ta, a := columnOf(t, "haturatu__crypto-etf-flow/etf_btc.csv", "", "", "")
	tb, b := columnOf(t, "Mohammad-Hannan__mcg_macro_intel/data/btc_etf_flows.csv", "", "", "")
	c, err := Compare(ta, tb, a, b)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(said(c.Findings), "\n")
	if !strings.Contains(all, "note revision: Total: differs only in the last three common rows, which may have been partial and revised: 1 (line 513, 2026-01-02: 4.713e+08, the other 0)") || c.Same != c.Common-1 {
		t.Errorf("%d of %d the same\n%s", c.Same, c.Common, all)
	}
}
