package reconstruct_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/reconstruct"
	"github.com/google/go-cmp/cmp"
)

func TestFilesRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change func(*data.Facts)
		want   string
	}{
		{"too few weeks", func(f *data.Facts) { f.Weekly = f.Weekly[:3] },
			"weekly facts: found 3 weeks, expected at least 4"},
		{"a fact is missing", func(f *data.Facts) { f.FlowFacts[slices.IndexFunc(f.FlowFacts, hasID("btc-high"))].ID = "high" },
			`fund flow facts: found no id "btc-high", expected the fact that dates a price`},
		{"a dated close without a price", func(f *data.Facts) {
			f.FlowFacts[slices.IndexFunc(f.FlowFacts, hasID("btc-0210"))].Value = data.Optional{}
		},
			"fund flow facts: found no value for \"btc-0210\", expected a close of Bitcoin\n" +
				"week ending 2026-02-13: found a close from 0 to 0 on day 4, expected it between low 65118 and high 72271"},
		{"a premium twice", func(f *data.Facts) { f.MarketFacts = append(f.MarketFacts, f.MarketFacts...) },
			"market facts: found coinbase_premium on 2026-02-08 twice, expected it once\n" +
				"market facts: found coinbase_premium on 2026-02-14 twice, expected it once\n" +
				"market facts: found coinbase_premium on 2026-02-24 twice, expected it once"},
		{"cents in Bitcoin", func(f *data.Facts) { f.Weekly[2].BTCClose = 117342.5 },
			"week ending 2025-08-15: btc_close_usd: found 117342.5, expected at most 0 decimals"},
		{"a constant", func(f *data.Facts) {
			for k := range f.Weekly {
				f.Weekly[k].BTCBasis = 0.05
			}
		}, "weekly facts: btc_quarterly_basis_annual: found 0.05 in all weeks, expected it to vary"},
		{"not a number", func(f *data.Facts) { f.Weekly[2].Premium = data.Number(math.NaN()) },
			"week ending 2025-08-15: coinbase_premium: found NaN, expected at most 5 decimals"},
		{"a price of 0", func(f *data.Facts) { f.Weekly[2].ETHClose = 0 },
			"week ending 2025-08-15: found a price of 0 or less, expected prices above 0"},
		{"a fund's price of 0", func(f *data.Facts) { f.Weekly[2].SilverClose = 0 },
			"week ending 2025-08-15: found a price of 0 or less, expected prices above 0"},
		{"a tenth of a cent", func(f *data.Facts) { f.Weekly[2].MSTRClose = 366.321 },
			"week ending 2025-08-15: mstr_close_usd: found 366.321, expected at most 2 decimals"},
		{"two coins that move as one", func(f *data.Facts) {
			for k := range f.Weekly {
				f.Weekly[k].ETHClose = f.Weekly[k].BTCClose / 25
			}
		}, "weekly facts: sol_close_usd: found returns of btc_close_usd, eth_close_usd that are constant or move as one, expected them to vary apart"},
		{"a week left out", func(f *data.Facts) { f.Weekly = append(f.Weekly[:28:28], f.Weekly[29]) },
			"weekly facts: found row 29 for the week ending 2026-02-20, expected consecutive Fridays"},
		{"no range", func(f *data.Facts) { f.Weekly[3].BTCHigh = f.Weekly[3].BTCLow },
			"week ending 2025-08-22: found low 111685 and high 111685, expected a range"},
		{"a gap between weeks", func(f *data.Facts) { f.Weekly[2].BTCClose = 118600 },
			"week ending 2025-08-22: found 118600 on the Friday before, expected it between low 111685 and high 118575"},
		{"a peak that is none", func(f *data.Facts) { f.Weekly[2].BTCHigh = 126300 },
			"week ending 2025-10-10: found a close from 126301 to 126200 on day 3, expected it between low 102000 and high 126200"},
		{"two facts on a Friday", func(f *data.Facts) {
			fact := &f.FlowFacts[slices.IndexFunc(f.FlowFacts, hasID("btc-0210"))]
			fact.Date.Time = time.Date(2026, time.February, 13, 0, 0, 0, 0, time.UTC)
		}, "week ending 2026-02-13: found two facts on the close of day 7, expected one"},
	}
	for _, test := range tests {
		facts := bundledFacts(t)
		test.change(&facts)
		files, err := reconstruct.Files(facts, 1)
		if err == nil {
			t.Errorf("%s: %d files and no error", test.name, len(files))
			continue
		}
		if diff := cmp.Diff(test.want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func hasID(id string) func(data.FlowFact) bool {
	return func(f data.FlowFact) bool { return f.ID == id }
}
