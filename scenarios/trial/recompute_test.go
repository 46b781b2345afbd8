package trial_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/trial"
	"github.com/ebb-sim/ebb/sim/backtest"
)

// source is where the files of a strategy come from.
type source interface {
	text(t *testing.T, file string) string
}

// observed reads a series of a strategy from its file by a reader of its own: by date.
func observed(t *testing.T, s *scenarios.Strategy, from source, name string) map[string]float64 {
	t.Helper()
	ask := s.History.Series[name]
	r := csv.NewReader(strings.NewReader(from.text(t, ask.File)))
	r.Comment = '#'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := slices.Index(rows[0], ask.Column)
	list := map[string]float64{}
	for _, row := range rows[1:] {
		if list[row[0]], err = strconv.ParseFloat(row[column], 64); err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// paid is what a fill costs in all, sales < 0, at a price of the files. It pays half the
// spread, the linear law in closed form, by which an order that moves the price by x is
// filled at (e^x − 1)/x times the price before it, and the fee. The fill must say so too.
func paid(t *testing.T, tr *trial.Trial, f backtest.Fill, mid float64, date string) float64 {
	t.Helper()
	account, market := tr.Strategy.Account, tr.Strategy.Market[tr.Market.Assets[f.Asset].Name]
	if market.Impact != scenarios.Linear {
		t.Fatalf("impact %s, expected linear", market.Impact)
	}
	x := .01 * f.Coins * mid / market.Depth1Pct
	quoted := mid * (1 + math.Copysign(account.Spread/2, f.Coins))
	price, size := quoted*math.Expm1(x)/x, math.Abs(f.Coins)
	fee := account.Fee * size * price
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"mid", f.Mid, mid},
		{"price", f.Price, price},
		{"fee", f.Fee, fee},
		{"spread", f.Spread, size * mid * account.Spread / 2},
		{"impact", f.Impact, size * math.Abs(price-quoted)},
	} {
		near(t, fmt.Sprintf("%s of the fill of %s", c.what, date), c.got, c.want, 1e-9)
	}
	return f.Coins*price + fee
}

// recompute is the equity that orders of so many coins leave, by a loop of its own over
// the files: prices, costs and accounts are not taken from the run.
func recompute(t *testing.T, tr *trial.Trial, from source) {
	t.Helper()
	account, r, m := tr.Strategy.Account, tr.Result, tr.Market
	cash, coins, mark := account.Capital, make([]float64, len(m.Assets)), make([]float64, len(m.Assets))
	fills, closes := make([]map[string]float64, len(m.Assets)), make([]map[string]float64, len(m.Assets))
	for a, asset := range m.Assets {
		closes[a] = observed(t, tr.Strategy, from, scenarios.PriceSeries(asset.Name))
		if fills[a] = closes[a]; account.Fill == scenarios.AtOpen {
			fills[a] = observed(t, tr.Strategy, from, scenarios.OpenSeries(asset.Name))
		}
	}
	next := 0
	for k := range m.Times {
		date := m.Times[k].Format(time.DateOnly)
		trade := func() {
			for ; next < len(r.Fills) && r.Fills[next].Step == k; next++ {
				f := r.Fills[next]
				cash -= paid(t, tr, f, fills[f.Asset][date], date)
				coins[f.Asset] += f.Coins
			}
		}
		if account.Fill == scenarios.AtOpen {
			trade()
		}
		if k > 0 {
			cash += cash * account.Yield / 365
		}
		if account.Fill == scenarios.AtClose {
			trade()
		}
		worth := cash
		for a := range coins {
			if p, ok := closes[a][date]; ok {
				mark[a] = p
			}
			worth += coins[a] * mark[a]
		}
		near(t, "equity at the close of "+date, r.Equity[k]/account.Capital, worth/account.Capital, 1e-9)
	}
	if next != len(r.Fills) {
		t.Errorf("%d of %d fills booked", next, len(r.Fills))
	}
}
