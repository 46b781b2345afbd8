package reconstruct_test

import (
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/google/go-cmp/cmp"
)

// The files are what package data reads, and say of themselves what they are.
func TestBundledHistoriesCanBeRead(t *testing.T) {
	const day = 24 * time.Hour
	price := func(name string) data.Column {
		return data.Column{Name: name, Kind: data.Price, Unit: data.USD, Fixed: true}
	}
	flow := data.Column{Name: "total", Kind: data.Flow, Unit: data.USDMillion, Lag: day, Fixed: true}
	tests := []struct {
		file    string
		rows    int
		columns []data.Column
	}{
		{"btc_usd.csv", 204, []data.Column{price("open"), price("high"), price("low"), price("close")}},
		{"eth_usd.csv", 204, []data.Column{price("close")}},
		{"sol_usd.csv", 204, []data.Column{price("close")}},
		{"nasdaq100_etf.csv", 140, []data.Column{price("close")}},
		{"software_etf.csv", 140, []data.Column{price("close")}},
		{"ai_etf.csv", 140, []data.Column{price("close")}},
		{"silver_etf.csv", 140, []data.Column{price("close")}},
		{"mstr.csv", 140, []data.Column{price("close")}},
		{"btc_etf_flow.csv", 140, []data.Column{flow}},
		{"eth_etf_flow.csv", 140, []data.Column{flow}},
		{"btc_basis.csv", 204, []data.Column{{Name: "basis", Kind: data.Rate, Unit: data.Fraction, Fixed: true}}},
		{"btc_premium.csv", 204, []data.Column{{Name: "premium", Kind: data.Rate, Unit: data.Fraction, Fixed: true}}},
	}
	for _, test := range tests {
		table, err := data.OpenFS(data.Bundled, "histories/"+test.file, data.ReadOptions{})
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(test.columns, table.Columns()); diff != "" {
			t.Errorf("%s: columns (-want +got):\n%s", test.file, diff)
		}
		last := test.columns[len(test.columns)-1].Name
		series, err := table.Series(data.Request{Name: "x", Column: last})
		if err != nil {
			t.Error(err)
			continue
		}
		from := series.Provenance()
		if series.Len() != test.rows || from.Status != "reconstructed, not market data" || from.Source == "" {
			t.Errorf("%s: %d rows, status %q, source %q", test.file, series.Len(), from.Status, from.Source)
		}
	}
}

// What the press says of the dated prices is what the weekly facts say.
func TestDatedFactsAgreeWithTheWeeks(t *testing.T) {
	facts := bundledFacts(t)
	for _, test := range []struct {
		id, week string
		value    func(data.Week) data.Number
	}{
		{"btc-high", "2025-10-10", func(w data.Week) data.Number { return w.BTCHigh }},
		{"btc-low", "2026-02-06", func(w data.Week) data.Number { return w.BTCLow }},
	} {
		fact, ok := facts.FlowFact(test.id)
		low, _ := fact.Low.Get()
		high, _ := fact.High.Get()
		found := false
		for _, w := range facts.Weekly {
			if w.End.String() == test.week {
				found = true
				if price := float64(test.value(w)); !ok || price < low || price > high {
					t.Errorf("%s: the week to %s has %v, the press %v to %v", test.id, test.week, price, low, high)
				}
			}
		}
		if !found {
			t.Errorf("no week to %s", test.week)
		}
	}
}
