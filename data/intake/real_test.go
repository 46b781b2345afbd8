package intake_test

import (
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/data/intake"
)

// Answers that the histories' notes give to what their files do not tell.
var (
	reserves    = intake.Answers{Kind: all("level"), Unit: all("coins")}
	percentRate = intake.Answers{Kind: all("rate"), Unit: all("percent")}
	utc3        = intake.Answers{Zone: "UTC+3"}
	none        intake.Answers
)

func all(s string) map[string]string { return map[string]string{"": s} }

func unit(s string) intake.Answers { return intake.Answers{Unit: all(s)} }

// realFile is what is known of a file of the histories: rows and days are those of
// the notes beside the files. A row of the notes may be a bar that ebb labels with
// its start.
type realFile struct {
	path        string
	rows        int
	first, last string // of the first table
	tables      int
	asks        string // part of what is asked; "" if nothing is
	answers     intake.Answers
}

var realFiles = []realFile{
	{"HowardLiYH__crypto-regime-ml/Bybit_CSV_Data/Bybit_BTC.csv", 8766, "2021-11-05 08:00", "2025-11-05 04:00", 6, "", none},
	{"HowardLiYH__crypto-regime-ml/Bybit_CSV_Data/Bybit_ETH.csv", 8766, "2021-11-05 08:00", "2025-11-05 04:00", 6, "", none},
	{"JintaoLiuorJoey__coinbase-ohlcv-data/data/BTC_aggregated.csv", 108, "2025-11-20", "2026-03-07", 1, "", none},
	{"JintaoLiuorJoey__coinbase-ohlcv-data/data/ETH_aggregated.csv", 108, "2025-11-20", "2026-03-07", 1, "", none},
	{"Mohammad-Hannan__mcg_macro_intel/data/btc_etf_flows.csv", 516, "2024-01-11", "2026-01-02", 1, "", none},
	{"RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv", 2051, "2021-01-01", "2026-08-13", 1, "", none},
	{"RonaldLu66__binance-btc-monitor/data/BTCUSDT_4h.csv", 12304, "2021-01-01", "2026-08-13 12:00", 1, "", none},
	{"RonaldLu66__binance-btc-monitor/data/futures/BTCUSDT_1d.csv", 2038, "2021-01-01", "2026-07-31", 1, "", none},
	{"RonaldLu66__binance-btc-monitor/data/futures/BTCUSDT_4h.csv", 12228, "2021-01-01", "2026-07-31 20:00", 1, "", none},
	{"RonaldLu66__binance-btc-monitor/data/futures/BTCUSDT_funding.csv", 6114, "2020-12-31 16:00", "2026-07-31 08:00", 1, "", none},
	{"Zombie-3000__Bitfinex-historical-data/BTCUSD/Candles_1m/2015/merged.csv.gz", 366710, "2015-01-01", "2015-12-31 23:59", 1, "", none},
	{"Zombie-3000__Bitfinex-historical-data/BTCUSD/Candles_1m/2016/merged.csv.gz", 293230, "2016-01-01", "2016-12-31 23:58", 1, "", none},
	{"btctree__btc-power/data/alt/ETHUSDT.csv", 3237, "2017-08-17", "2026-06-27", 1, "", none},
	{"btctree__btc-power/data/alt/SOLUSDT.csv", 2147, "2020-08-11", "2026-06-27", 1, "", none},
	{"btctree__btc-power/data/btc_daily.csv", 3243, "2017-08-17", "2026-07-03", 1, "", none},
	{"btctree__btc-power/data/funding.csv", 2343, "2020-01-01", "2026-05-31", 1, "--per 8h or --per day", intake.Answers{Unit: all("fraction"), Per: all("day")}},
	{"btctree__btc-power/data/global/SLV.csv", 2512, "2016-07-05", "2026-07-01", 1, "", none},
	{"btctree__btc-power/data/global/TLT.csv", 2512, "2016-07-05", "2026-07-01", 1, "", none},
	{"btctree__btc-power/data/global/UUP.csv", 2514, "2016-06-27", "2026-06-26", 1, "", none},
	{"btctree__btc-power/data/orderflow.csv", 3237, "2017-08-17", "2026-06-27", 2, "", none},
	{"ccyun95__Cryptocurrency_Work/data/etf.csv", 258, "2024-12-13", "2025-12-12", 2, "", none},
	{"ccyun95__Cryptocurrency_Work/data/oi.csv", 40, "2025-11-08", "2025-12-17", 2, "", none},
	{"ciyberpunk__farside-etf/Data/bitcoin_etf_flows_long_daily.csv", 6611, "2024-01-11", "2025-09-02", 11, "", none},
	{"ciyberpunk__farside-etf/Data/bitcoin_etf_totals_daily.csv", 601, "2024-01-11", "2025-09-02", 1, "", none},
	{"dsturdy__Factor_Attribution/data/AIQ.csv", 2064, "2018-05-16", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/BMNR.csv", 291, "2025-06-05", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/ETHA.csv", 509, "2024-07-23", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/GBTC.csv", 2824, "2015-05-11", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/IBIT.csv", 641, "2024-01-11", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/IGV.csv", 6298, "2001-07-17", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/MSTR.csv", 7079, "1998-06-11", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/NVDA.csv", 6924, "1999-01-22", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/SBET.csv", 7345, "1997-05-21", "2026-08-03", 1, "", none},
	{"dsturdy__Factor_Attribution/data/SMH.csv", 6579, "2000-06-05", "2026-08-03", 1, "", none},
	{"haturatu__crypto-etf-flow/etf_btc.csv", 671, "2024-01-11", "2026-08-21", 1, "", none},
	{"haturatu__crypto-etf-flow/etf_eth.csv", 534, "2024-07-23", "2026-08-21", 1, "", none},
	{"haturatu__crypto-etf-flow/etf_sol.csv", 16, "2026-08-03", "2026-08-21", 1, "", none},
	{"heun630__Onchain-Data-Eval-Algorithm/data/exchange_reserves.csv", 4615, "2012-04-02", "2024-11-19", 1, "--kind price", reserves},
	{"heun630__Onchain-Data-Eval-Algorithm/data/fund_reserves.csv", 1623, "2020-06-09", "2024-11-17", 1, "--kind price", intake.Answers{Kind: all("level"), Unit: all("coins"), Zero: all("absent")}},
	{"heun630__Onchain-Data-Eval-Algorithm/data/funding_fee.csv", 3112, "2016-05-15", "2024-11-20", 1, "--kind price", percentRate},
	{"heun630__Onchain-Data-Eval-Algorithm/data/open_interest.csv", 2063, "2019-03-30", "2024-11-20", 1, "--kind price", intake.Answers{Kind: all("level"), Unit: all("usd")}},
	{"hyyu189__mstr-btc-structural-model/data/preferred_stock.csv", 0, "", "", 0, "a table without dates is a snapshot", none},
	{"hyyu189__mstr-btc-structural-model/mstr-balance-sheet-basic.csv", 20, "2021-03-31", "2025-12-31", 1, "--published such as 45d", intake.Answers{Known: all("45d")}},
	{"hyyu189__mstr-btc-structural-model/mstr-btc-holdings-over-time.csv", 116, "2020-08-10", "2026-03-16", 1, "--zone UTC", intake.Answers{Zone: "America/New_York", Stamp: "day"}},
	{"hyyu189__mstr-btc-structural-model/mstr-btc-purchase-history.csv", 103, "2020-08-11", "2026-03-16", 3, "", none},
	{"hyyu189__mstr-btc-structural-model/mstr-daily-price&shares.csv", 1306, "2021-01-04", "2026-03-17", 2, "", none},
	{"ismethanhtung__btc-liquidations-analysis/data/coinglass_BTC_liquidation_10y_1h.csv", 4320, "2025-11-23 06:00", "2026-05-22 05:00", 1, "", none},
	{"ismethanhtung__btc-liquidations-analysis/data/coinglass_BTC_regime_1h_1y.csv", 4312, "2025-12-04 06:00", "2026-06-02 05:00", 4, "--unit fraction", unit("percent")},
	{"ismethanhtung__btc-liquidations-analysis/data/coinglass_BTC_regime_binance_5m_14d.csv", 4406, "2026-06-07 04:40", "2026-06-22 11:45", 3, "--unit fraction", unit("fraction")},
	{"jtkimpr__strategy-preferred/data/btc_holdings.csv", 54, "2025-01-01", "2026-03-16", 1, "--unit usd", unit("coins")},
	{"jtkimpr__strategy-preferred/data/mstr_debt.csv", 2, "2025-01-01", "2025-12-31", 1, "--unit usd", unit("usd")},
	{"jtkimpr__strategy-preferred/data/mstr_shares.csv", 6, "2025-01-01", "2026-03-08", 1, "", none},
	{"jtkimpr__strategy-preferred/data/strc.csv", 165, "2025-07-28", "2026-03-21", 1, "", none},
	{"aljazceru__bitcoin-treasury-premiums/treasuries.csv", 0, "", "", 0, "a table without dates is a snapshot", none},
	{"kittycapital__btc-asset-correlation/data/BTC.csv", 4328, "2014-09-17", "2026-07-23", 1, "", none},
	{"kittycapital__btc-asset-correlation/data/DXY.csv", 3158, "2014-01-02", "2026-07-23", 1, "", none},
	{"kittycapital__btc-asset-correlation/data/GLD.csv", 3157, "2014-01-02", "2026-07-23", 1, "", none},
	{"kittycapital__btc-asset-correlation/data/IGV.csv", 3157, "2014-01-02", "2026-07-23", 1, "", none},
	{"kittycapital__btc-asset-correlation/data/QQQ.csv", 3157, "2014-01-02", "2026-07-23", 1, "", none},
	{"kittycapital__btc-asset-correlation/data/SPY.csv", 3157, "2014-01-02", "2026-07-23", 1, "", none},
	{"kittycapital__btc-etf-dashboard/data/etf_flows.json", 662, "2024-01-11", "2026-08-21", 1, "", none},
	{"kittycapital__btc_cme_basis/data/btc_basis.json", 3076, "2017-12-01", "2026-05-04", 2, "", none},
	{"kittycapital__crypto-history/data/bitcoin.csv", 4681, "2013-04-27", "2026-02-20", 3, "", none},
	{"kittycapital__crypto-history/data/ethereum.csv", 3851, "2015-08-06", "2026-02-20", 3, "", none},
	{"kittycapital__crypto-treasury/data/treasury_data.json", 11055, "2025-02-22", "2026-02-21", 39, "", none},
	{"kittycapital__strategy/MSTR_USD.csv", 1500, "2020-08-03", "2026-07-23", 1, "", none},
	{"kittycapital__strategy/strategy_atm.json", 60, "2024-11-10", "2026-03-22", 2, "--stamp open", intake.Answers{Stamp: "close"}},
	{"kittycapital__strategy/strategy_btc_seed.json", 110, "2020-08-11", "2026-06-15", 3, "", none},
	{"kittycapital__strategy/strategy_mnav.json", 1494, "2020-08-11", "2026-07-23", 5, "", none},
	{"lukmol__gamlss-btc-VaR/data/fear_greed.csv", 2931, "2018-02-01", "2026-02-13", 1, "", none},
	{"lukmol__gamlss-btc-VaR/data/funding_rates.csv", 2348, "2019-09-10", "2026-02-12", 1, "", none},
	{"lukmol__gamlss-btc-VaR/data/vix.csv", 2795, "2015-01-02", "2026-02-12", 1, "", none},
	{"owlacar-dotcom__isda/LTCUSDT-1m-2026-02.csv", 40320, "2026-02-01", "2026-02-28 23:59", 1, "", none},
	{"smoothbrainquant__trading-for-new-dads/data/raw/coinbase_top200_daily_20200101_to_present_20251025_171425.csv", 60726, "2020-01-01", "2025-10-25", 136, "", none},
	{"smoothbrainquant__trading-for-new-dads/data/raw/historical_open_interest_top10_since2020_20251026_040214.csv", 13047, "2021-09-15", "2025-10-26", 10, "", none},
	{"supervik__historical-funding-rates-fetcher/data/BTC-USDT/BTC-USDT_binance_2020-01-01_2024-01-01_funding_history.csv", 4383, "2019-12-31 16:00", "2023-12-31 08:00", 1, "--zone UTC", utc3},
	{"supervik__historical-funding-rates-fetcher/data/ETH-USDT/ETH-USDT_binance_2020-01-01_2024-01-01_funding_history.csv", 4383, "2019-12-31 16:00", "2023-12-31 08:00", 1, "--zone UTC", utc3},
	{"tommy31383__btc-dashboard/.cache/binance-1h-3y.json", 26280, "2023-04-27 16:00", "2026-04-26 15:00", 1, "--stamp open", intake.Answers{Stamp: "open"}},
}

// Every file of the histories is recognised, asks for what it does not tell and for
// nothing else, keeps its rows, and reads back from ebb's own format.
func TestRealFilesImport(t *testing.T) {
	folder := datatest.Folder(t)
	var there []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			there = append(there, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(there) != len(realFiles) {
		t.Errorf("%d files, of which %d are known", len(there), len(realFiles))
	}
	for _, f := range realFiles {
		t.Run(f.path, func(t *testing.T) { f.check(t) })
	}
}

func (f realFile) check(t *testing.T) {
	raw := content(t, f.path)
	im, err := imported(f.path, raw, none, intake.Options{})
	switch {
	case f.asks == "" && err != nil:
		t.Fatal(err)
	case f.asks != "" && err == nil:
		t.Fatal("asks nothing")
	case f.asks != "" && !strings.Contains(err.Error(), f.asks):
		t.Fatalf("asks %v, expected %s", err, f.asks)
	case f.rows == 0:
		return
	case f.asks != "":
		if im, err = imported(f.path, raw, f.answers, intake.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	if im.Rows != f.rows || len(im.Tables) != f.tables {
		t.Errorf("%d rows in %d tables, expected %d in %d", im.Rows, len(im.Tables), f.rows, f.tables)
	}
	times := im.Tables[0].Times
	if got := showed(times[0]) + " " + showed(times[len(times)-1]); got != f.first+" "+f.last {
		t.Errorf("from and to %s, expected %s %s", got, f.first, f.last)
	}
	files, err := im.Files("") // reads them back
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != f.tables {
		t.Errorf("%d files", len(files))
	}
}

func showed(t time.Time) string { return strings.TrimSuffix(t.Format("2006-01-02 15:04"), " 00:00") }

func content(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(datatest.File(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// real imports a file and reads one column of one of the written files back.
func real(t *testing.T, path, file, column string, a intake.Answers, o intake.Options) map[time.Time]float64 {
	t.Helper()
	im, err := imported(path, content(t, path), a, o)
	if err != nil {
		t.Fatal(err)
	}
	files, err := im.Files("x")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Name != file {
			continue
		}
		table, err := data.Parse(f.Name, f.Content, data.ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := table.Series(data.Request{Column: column})
		if err != nil {
			t.Fatal(err)
		}
		values := map[time.Time]float64{}
		for i := range s.Len() {
			at, v := s.At(i)
			values[at] = v
		}
		return values
	}
	t.Fatalf("%s: no file %s", path, file)
	return nil
}

func near(t *testing.T, what string, got, want, off float64) {
	t.Helper()
	if !(math.Abs(got-want) <= off) {
		t.Errorf("%s: %v, expected %v", what, got, want)
	}
}

// Net flows of the months and worst days, in millions, as the histories' notes have
// them.
func TestRealFundFlows(t *testing.T) {
	flows := real(t, "haturatu__crypto-etf-flow/etf_btc.csv", "x.csv", "total", none, intake.Options{})
	months := map[string]float64{}
	for at, v := range flows {
		months[at.Format("2006-01")] += v / 1e6
	}
	for month, want := range map[string]float64{"2025-08": -749, "2025-09": 3511, "2025-10": 3425, "2025-11": -3467, "2025-12": -1092, "2026-01": -1605, "2026-02": -207, "2026-03": 1316, "2026-04": 2022, "2026-05": -2406, "2026-06": -4510, "2026-07": 173} {
		near(t, month, months[month], want, .51) // whole millions
	}
	for day, want := range map[string]float64{"2025-02-25": -1113.7, "2025-11-20": -903.2, "2025-11-13": -866.7, "2026-01-29": -817.8} {
		near(t, day, flows[at(day)]/1e6, want, 1e-9)
	}
	if len(flows) != 671-16 {
		t.Errorf("%d days with a flow, expected those without the 16 holidays", len(flows))
	}
	// Another copy agrees on all common days but the last, which it took too early.
	other := real(t, "kittycapital__btc-etf-dashboard/data/etf_flows.json", "x.csv", "total", none, intake.Options{})
	common := 0
	for day, v := range flows {
		if o, ok := other[day]; ok {
			common++
			if math.Abs(o-v) > 1 && day != at("2026-08-21") {
				t.Errorf("%v: %v and %v", day, v, o)
			}
		}
	}
	if common != 655 {
		t.Errorf("%d common days", common)
	}
}

// The file in UTC+3 and the one in epochs are the same payments; daily files are
// their means, and a third of their sums.
func TestRealFunding(t *testing.T) {
	fromUTC3 := real(t, "supervik__historical-funding-rates-fetcher/data/BTC-USDT/BTC-USDT_binance_2020-01-01_2024-01-01_funding_history.csv", "x.csv", "funding", utc3, intake.Options{})
	epochs := real(t, "RonaldLu66__binance-btc-monitor/data/futures/BTCUSDT_funding.csv", "x.csv", "funding", none, intake.Options{})
	common := 0
	for at, v := range epochs {
		if o, ok := fromUTC3[at]; ok {
			common++
			near(t, at.String(), o, v, 1e-12)
		}
	}
	if common != 3*3*365 {
		t.Errorf("%d common payments, expected three a day from 2021 to 2023", common)
	}
	means := real(t, "lukmol__gamlss-btc-VaR/data/funding_rates.csv", "x.csv", "mean", none, intake.Options{})
	thirds := real(t, "btctree__btc-power/data/funding.csv", "x.csv", "funding", intake.Answers{Unit: all("fraction"), Per: all("day")}, intake.Options{})
	for day, v := range thirds {
		if mean, ok := means[day]; ok {
			near(t, day.String(), v, mean, 1e-9)
		}
	}
	near(t, "13 March 2020", means[at("2020-03-13")], -.00127, 5e-6)
	percent := real(t, "heun630__Onchain-Data-Eval-Algorithm/data/funding_fee.csv", "x.csv", "data", percentRate, intake.Options{})
	near(t, "13 April 2021", percent[at("2021-04-13")], .00109, 5e-6)
}

// A snapshot of D is the close of D-1, and four-hour bars end where the day does.
func TestRealPrices(t *testing.T) {
	daily := real(t, "RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv", "x.csv", "close", none, intake.Options{DropLast: true})
	snapshots := real(t, "kittycapital__crypto-history/data/bitcoin.csv", "x-price.csv", "price", none, intake.Options{})
	off, n := 0.0, 0
	for day, v := range snapshots {
		if c, ok := daily[day]; ok {
			off, n = off+math.Abs(v/c-1), n+1
		}
	}
	if n < 1800 || off/float64(n) > .003 {
		t.Errorf("snapshots are off by %.4f on %d days, expected at most .003", off/float64(n), n)
	}
	four := real(t, "RonaldLu66__binance-btc-monitor/data/BTCUSDT_4h.csv", "x.csv", "close", none, intake.Options{})
	for day, v := range daily {
		if c, ok := four[day.Add(20*time.Hour)]; ok && c != v {
			t.Errorf("%v: day %v, last four hours %v", day, v, c)
		}
	}
	for day, want := range map[string]float64{"2021-04-13": 63575, "2022-06-18": 18971, "2022-11-21": 15781, "2025-10-06": 124659, "2026-02-05": 62910} {
		near(t, day, daily[at(day)], want, 1)
	}
	hours := real(t, "tommy31383__btc-dashboard/.cache/binance-1h-3y.json", "x.csv", "low", intake.Answers{Stamp: "open"}, intake.Options{})
	near(t, "low of the first hour of 2026-02-06", hours[at("2026-02-06")], 60000, 0)
	coinbase := real(t, "smoothbrainquant__trading-for-new-dads/data/raw/coinbase_top200_daily_20200101_to_present_20251025_171425.csv", "x-btc.csv", "close", none, intake.Options{})
	for day, want := range map[string]float64{"2022-05-11": -.0045, "2022-11-11": -.0033, "2023-03-12": .0101} {
		near(t, "premium on "+day, coinbase[at(day)]/daily[at(day)]-1, want, .00005)
	}
	spot := real(t, "kittycapital__btc_cme_basis/data/btc_basis.json", "x-spot.csv", "spot", none, intake.Options{})
	futures := real(t, "kittycapital__btc_cme_basis/data/btc_basis.json", "x-futures.csv", "futures", none, intake.Options{})
	near(t, "basis of 2020-03-12", futures[at("2020-03-12")]/spot[at("2020-03-12")]-1, .209, .0005)
}

// A split that is given makes the raw closes those of the adjusted file.
func TestRealSplit(t *testing.T) {
	split := intake.Options{Splits: []intake.Split{{Date: at("2024-08-08"), Factor: 10}}}
	const path = "hyyu189__mstr-btc-structural-model/mstr-daily-price&shares.csv"
	closes := real(t, path, "x-mstr-price.csv", "close", none, split)
	adjusted := real(t, "kittycapital__strategy/MSTR_USD.csv", "x.csv", "close", none, intake.Options{})
	n := 0
	for day, v := range closes {
		if a, ok := adjusted[day]; ok {
			n++
			near(t, day.String(), v/a, 1, .01)
		}
	}
	if n < 1200 {
		t.Errorf("%d common days", n)
	}
	shares := real(t, path, "x-mstr-shares.csv", "shares", none, split)
	near(t, "shares before the split", shares[at("2024-08-07")], 174.7e6, 1e5)
	purchases := real(t, "hyyu189__mstr-btc-structural-model/mstr-btc-purchase-history.csv", "x-holdings.csv", "holdings", none, intake.Options{})
	near(t, "holdings", purchases[at("2026-03-16")], 761068, 0)
}
