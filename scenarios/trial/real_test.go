package trial_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/ebb-sim/ebb/sim/stats"
)

// realFiles are market data under the names of the bundled files, from two months
// before the first ETF flow to 20 February 2026: closes and opens of Binance, flows
// of the US funds on their sessions, Coinbase's close over Binance's, and the
// perpetual over spot, which is no annual rate and some hundred times smaller.
func realFiles(t *testing.T) files {
	t.Helper()
	const daily = "btctree__btc-power/data/btc_daily.csv"
	opens, closes := datatest.Column(t, daily, "date", "open"), datatest.Column(t, daily, "date", "close")
	perpetual := datatest.Column(t, "RonaldLu66__binance-btc-monitor/data/futures/BTCUSDT_1d.csv", "open_time", "close")
	coinbase := datatest.Column(t, "smoothbrainquant__trading-for-new-dads/data/raw/coinbase_top200_daily_20200101_to_present_20251025_171425.csv",
		"date", "close", datatest.Where("symbol", "BTC/USD"))
	// The days from 2025-10-26 to 2025-11-19 are in neither file.
	maps.Copy(coinbase, datatest.Column(t, "JintaoLiuorJoey__coinbase-ohlcv-data/data/BTC_aggregated.csv", "Date", "Close"))
	funds := datatest.Column(t, "haturatu__crypto-etf-flow/etf_btc.csv", "Date", "Total", datatest.Session)
	over := func(a map[time.Time]float64) map[time.Time]float64 {
		list := map[time.Time]float64{}
		for at, price := range a {
			if spot, ok := closes[at]; ok {
				list[at] = price/spot - 1
			}
		}
		return list
	}
	table := func(columns []string, series ...map[time.Time]float64) string {
		var b strings.Builder
		b.WriteString("# ebb history 1\n")
		names := []string{"date"}
		for _, c := range columns {
			fmt.Fprintf(&b, "# column %s\n", c)
			name, _, _ := strings.Cut(c, ":")
			names = append(names, name)
		}
		b.WriteString(strings.Join(names, ",") + "\n")
		for _, at := range slices.SortedFunc(maps.Keys(series[0]), time.Time.Compare) {
			if at.Before(time.Date(2023, 11, 1, 0, 0, 0, 0, time.UTC)) || at.After(time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC)) {
				continue
			}
			row := []string{at.Format(time.DateOnly)}
			for _, s := range series {
				row = append(row, fmt.Sprint(s[at]))
			}
			b.WriteString(strings.Join(row, ",") + "\n")
		}
		return b.String()
	}
	return files{
		"histories/btc_usd.csv":      table([]string{"open: price usd", "close: price usd"}, opens, closes),
		"histories/btc_etf_flow.csv": table([]string{"total: flow usd_m published 1d"}, funds),
		"histories/btc_basis.csv":    table([]string{"basis: rate fraction"}, over(perpetual)),
		"histories/btc_premium.csv":  table([]string{"premium: rate fraction"}, over(coinbase)),
	}
}

// realSet changes a bundled strategy for the real files.
func realSet(name string) []scenarios.Override {
	set := []scenarios.Override{{Key: "from", Value: "2024-01-11"}}
	switch name {
	case "recovery-lights":
		set = append(set, scenarios.Override{Key: "parameters.calm", Value: "0.01%"}, scenarios.Override{Key: "grid.calm", Value: "[0.005%, 0.01%, 0.02%]"})
	case "flow-momentum", "trend-target":
		set = append(set, scenarios.Override{Key: "walk_forward.train", Value: "180d"}, scenarios.Override{Key: "walk_forward.test", Value: "60d"})
	}
	return set
}

// The bundled strategies on market data since the first day of the US funds. What
// they show stands in the chapter of strategies/README.md, row by row.
func TestRealStrategies(t *testing.T) {
	f := realFiles(t)
	chapter, err := os.ReadFile("../strategies/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scenarios.StrategyNames() {
		t.Run(name, func(t *testing.T) {
			tr := execute(t, strategy(t, name, realSet(name)...), f, trial.Options{Lookahead: true})
			recompute(t, tr, f)
			if l := tr.Lookahead; l.Difference != nil || l.Cuts != 771 {
				t.Errorf("look-ahead check: %+v", l)
			}
			for _, text := range append(chapterTexts[name](tr), chapterRow(name, tr)) {
				if !strings.Contains(string(chapter), text) {
					t.Errorf("the chapter lacks\n%s", text)
				}
			}
		})
	}
}

// chapterTexts are figures that the chapter gives in words.
var chapterTexts = map[string]func(*trial.Trial) []string{
	"buy-and-hold": none, "reclaim-93k": none, "treasury-accumulation": none, "trend-target": none,
	"recovery-lights": func(tr *trial.Trial) []string {
		least, most := math.Inf(1), math.Inf(-1)
		for _, c := range tr.Grid.Cells {
			least, most = min(least, c.Total), max(most, c.Total)
		}
		difference := tr.Luck.Against[1].Interval
		trades := tr.Result.Trades
		return []string{fmt.Sprintf("Among %d combinations around them the return lies between −%.0f %% and %.0f %%", len(tr.Grid.Cells), -100*least, 100*most),
			fmt.Sprintf("The interval of the difference, −%.2f to %.2f,", -difference.Low, difference.High),
			fmt.Sprintf("it lost %.0f %% in February 2025, won %.0f %% from April to August 2025 and lost %.0f %% from", -100*trades[0].Return, 100*trades[1].Return, -100*trades[2].Return)}
	},
	"flow-momentum": func(tr *trial.Trial) []string {
		f, capital := tr.Forward, tr.Strategy.Account.Capital
		last := len(f.Result.Equity) - 1
		return []string{fmt.Sprintf("earns %.0f %%, the best window in hindsight %.0f %%, holding %.0f %% over the same days",
			100*(f.Result.Equity[last]/capital-1), 100*(f.Best.Equity[last]/capital-1), 100*(f.Benchmark.Equity[last]/capital-1))}
	},
}

func none(*trial.Trial) []string { return nil }

// chapterRow is what the chapter says of a strategy.
func chapterRow(name string, tr *trial.Trial) string {
	of := func(s stats.Summary, name string) float64 {
		for _, r := range s.Statistics {
			if r.Name == name {
				return r.Value
			}
		}
		return math.NaN()
	}
	percent := func(x float64) string {
		return strings.Replace(fmt.Sprintf("%.1f %%", 100*x), "-", "−", 1)
	}
	p := func(v float64, ok bool) string {
		if !ok {
			return "–"
		}
		return fmt.Sprintf("%.2f", v)
	}
	l := tr.Luck
	above, timing := math.NaN(), math.NaN()
	for _, v := range l.Against {
		if v.Observed.Name == "sharpe_difference" {
			above = v.P.Value
		}
	}
	if l.Timing != nil {
		timing = l.Timing.P.Value
	}
	pbo, dsr := math.NaN(), math.NaN()
	if l.Overfitting != nil {
		pbo, dsr = l.Overfitting.PBO, l.Deflated.DSR
	}
	cells := []string{"`" + name + "`", percent(of(tr.Statistics, "total_return")), strings.Replace(fmt.Sprintf("%.2f", of(tr.Statistics, "sharpe")), "-", "−", 1),
		percent(of(tr.Statistics, "max_drawdown")), fmt.Sprintf("%.0f %%", 100*tr.Result.TimeInMarket()), fmt.Sprint(len(tr.Result.Trades)),
		p(above, !math.IsNaN(above)), p(timing, !math.IsNaN(timing)), p(pbo, !math.IsNaN(pbo)), p(dsr, !math.IsNaN(dsr))}
	return "| " + strings.Join(cells, " | ") + " |"
}
