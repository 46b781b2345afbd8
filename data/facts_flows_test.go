package data_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var reportDay = time.Date(2026, time.January, 26, 0, 0, 0, 0, time.UTC)

func readBundledFacts(t *testing.T) data.Facts {
	t.Helper()
	facts, err := data.ReadFacts(data.Bundled)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func TestFlows(t *testing.T) {
	facts := readBundledFacts(t)
	groups, err := facts.Flows(reportDay.Add(15*time.Hour), "week")
	if err != nil {
		t.Fatal(err)
	}
	keys := make(map[string][]string)
	var dimensions []string
	sums := make(map[string]float64)
	for _, g := range groups {
		dimensions = append(dimensions, g.Dimension)
		for _, figure := range g.Figures {
			keys[g.Dimension] = append(keys[g.Dimension], figure.Key)
			sums[g.Dimension] += figure.Value
		}
	}
	if diff := cmp.Diff([]string{"total", "asset", "region", "issuer"}, dimensions); diff != "" {
		t.Errorf("dimensions (-want +got):\n%s", diff)
	}
	want := map[string][]string{
		"total":  {"all"},
		"asset":  {"BTC", "ETH", "SOL", "XRP", "SUI", "BNB", "LINK", "SHORT-BTC"},
		"region": {"US", "CA", "CH", "DE", "SE", "NL"},
		"issuer": {"iShares", "Fidelity", "Grayscale", "Volatility Shares", "ProFunds"},
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	// The sum of the assets is the one that the note on ETH gives, the regions
	// add up to the total but for rounding, and few issuers are reported.
	wantSums := map[string]float64{"total": -1730e6, "asset": -1718.2e6, "region": -1730.4e6, "issuer": -1570e6}
	if diff := cmp.Diff(wantSums, sums, cmpopts.EquateApprox(0, 1)); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
	eth := groups[1].Figures[1]
	if eth.Value != -630e6 || eth.Low != -630e6 || eth.High != -308e6 || eth.Status != "conflicting" ||
		!strings.HasPrefix(eth.Source, "CoinShares") || !strings.Contains(eth.Note, "308") {
		t.Errorf("ETH is %+v", eth)
	}
	if year, err := facts.Flows(reportDay, "ytd"); err != nil || len(year) != 1 || year[0].Figures[0].Value != -1e9 {
		t.Errorf("year to date: %+v, %v", year, err)
	}
}

func TestAUM(t *testing.T) {
	facts := readBundledFacts(t)
	for day, want := range map[time.Time]float64{reportDay.AddDate(0, 0, -7): 193e9, reportDay.Add(time.Hour): 178e9} {
		aum, err := facts.AUM(day)
		if err != nil || aum.Value != want || aum.Low != want || aum.High != want || aum.Status != "reported" {
			t.Errorf("%v: %+v, %v", day, aum, err)
		}
	}
	if aum, err := facts.AUM(reportDay.AddDate(0, 0, 1)); err != nil || !math.IsNaN(aum.Value) || !math.IsNaN(aum.Low) || !math.IsNaN(aum.High) {
		t.Errorf("on a day without: %+v, %v", aum, err)
	}
}

// What nobody gives is absent and not 0.
func TestFlowsAbsent(t *testing.T) {
	facts := data.Facts{FlowFacts: []data.FlowFact{
		{ID: "a", Date: data.Date{Time: reportDay}, Period: "week", Series: "fund_flow", Dimension: "asset", Key: "BTC", Status: "disputed"},
	}}
	groups, err := facts.Flows(reportDay, "week")
	want := []data.Breakdown{{Dimension: "asset", Figures: []data.Figure{
		{Key: "BTC", Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Status: "disputed"},
	}}}
	if diff := cmp.Diff(want, groups, cmpopts.EquateNaNs()); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestFlowsRefuses(t *testing.T) {
	flows := func(date time.Time, period string) func(data.Facts) error {
		return func(f data.Facts) error { _, err := f.Flows(date, period); return err }
	}
	aum := func(date time.Time) func(data.Facts) error {
		return func(f data.Facts) error {
			figure, err := f.AUM(date)
			if !math.IsNaN(figure.Value) {
				t.Errorf("AUM gives %v beside an error", figure.Value)
			}
			return err
		}
	}
	at := func(f data.Facts, id string) *data.FlowFact {
		return &f.FlowFacts[slices.IndexFunc(f.FlowFacts, func(fact data.FlowFact) bool { return fact.ID == id })]
	}
	tests := []struct {
		name   string
		change func(data.Facts)
		ask    func(data.Facts) error
		want   string
	}{
		{"another day", func(data.Facts) {}, flows(reportDay.AddDate(0, 0, -1), "week"),
			`fund flow facts: found no flow of the period "week" to 2026-01-25, expected one of week 2026-01-26, week 2026-01-19, ytd 2026-01-26`},
		{"another period", func(data.Facts) {}, flows(reportDay, "month"),
			`fund flow facts: found no flow of the period "month" to 2026-01-26, expected one of week 2026-01-26, week 2026-01-19, ytd 2026-01-26`},
		{"all faults", func(f data.Facts) {
			at(f, "w0126-sol").Key = "BTC"
			at(f, "w0126-us").Unit = "fraction"
			at(f, "w0126-ca").Unit = "cad"
		}, flows(reportDay, "week"),
			"fund flow facts: w0126-sol: found asset BTC twice in the week to 2026-01-26, expected it once\n" +
				`fund flow facts: w0126-us: found unit "fraction", expected an amount of USD` + "\n" +
				`fund flow facts: w0126-ca: found unit "cad", expected an amount of USD`},
		{"no flows at all", func(f data.Facts) {
			for i := range f.FlowFacts {
				f.FlowFacts[i].Series = "x"
			}
		}, flows(reportDay, "week"), `fund flow facts: found no flow of the period "week" to 2026-01-26, expected a row of the series fund_flow`},
		{"AUM twice", func(f data.Facts) { at(f, "aum-before").Date = at(f, "aum-after").Date }, aum(reportDay),
			"fund flow facts: found 2 figures of AUM on 2026-01-26, expected one"},
		{"AUM in coins", func(f data.Facts) { at(f, "aum-after").Unit = "coins" }, aum(reportDay),
			`fund flow facts: aum-after: found unit "coins", expected an amount of USD`},
	}
	for _, test := range tests {
		facts := readBundledFacts(t)
		test.change(facts)
		err := test.ask(facts)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if diff := cmp.Diff(test.want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}
