package data_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/google/go-cmp/cmp"
)

func TestBundledFacts(t *testing.T) {
	facts, err := data.ReadFacts(data.Bundled)
	if err != nil {
		t.Fatal(err)
	}
	got := []int{len(facts.FlowFacts), len(facts.MarketFacts), len(facts.Holders), len(facts.Weekly)}
	if diff := cmp.Diff([]int{36, 19, 9, 30}, got); diff != "" {
		t.Errorf("rows of flows, market, holders and weeks (-want +got):\n%s", diff)
	}
	week := facts.Weekly[0]
	want := data.Week{
		End:      data.Date{Time: time.Date(2025, time.August, 1, 0, 0, 0, 0, time.UTC)},
		BTCClose: 113298, ETHClose: 3488.20, SOLClose: 162.71, Nasdaq100Close: 553.88, SoftwareClose: 108.63,
		AIClose: 43.43, SilverClose: 33.59, MSTRClose: 366.63, BTCHigh: 119800, BTCLow: 112723,
		BTCFlow: -642.9, ETHFlow: 154.3, BTCBasis: 0.0499, Premium: -0.00040,
	}
	if diff := cmp.Diff(want, week); diff != "" {
		t.Errorf("first week (-want +got):\n%s", diff)
	}
	if last := facts.Weekly[29].End.String(); last != "2026-02-20" {
		t.Errorf("last week ends on %s, want 2026-02-20", last)
	}
	premium := facts.MarketFacts[15]
	if premium.Series != "coinbase_premium" || premium.Value.String() != "-0.000864" || premium.Low.String() != "nothing" {
		t.Errorf("market fact 15 is %+v", premium)
	}
	bhutan := facts.Holders[5]
	if bhutan.Name != "Bhutan sovereign fund" || bhutan.Units.String() != "104000" || bhutan.Debt.String() != "200000000" ||
		bhutan.LiquidationThreshold.String() != "0.83" || bhutan.AverageCost.String() != "nothing" || bhutan.Status != "conflicting" {
		t.Errorf("holder 5 is %+v", bhutan)
	}
}

func TestFlowFact(t *testing.T) {
	facts, err := data.ReadFacts(data.Bundled)
	if err != nil {
		t.Fatal(err)
	}
	eth, ok := facts.FlowFact("w0126-eth")
	low, lowKnown := eth.Low.Get()
	high, highKnown := eth.High.Get()
	if !ok || !lowKnown || !highKnown || low != -630 || high != -308 || eth.Status != "conflicting" || eth.Unit != "usd_m" {
		t.Errorf("w0126-eth is %+v, %t", eth, ok)
	}
	streak, ok := facts.FlowFact("streak")
	if value, known := streak.Value.Get(); !ok || known || value != 0 || streak.Status != "disputed" {
		t.Errorf("streak is %+v, %t", streak, ok)
	}
	if fact, ok := facts.FlowFact("nobody"); ok {
		t.Errorf("found %+v for an id that no fact has", fact)
	}
}

func TestReadFactsRefuses(t *testing.T) {
	const (
		flows   = "facts/fund_flow_facts.csv"
		market  = "facts/market_facts.csv"
		holders = "facts/holders.csv"
		weekly  = "facts/weekly_market.csv"
	)
	tests := []struct {
		name, file, old, new string
		want                 string
	}{
		{"misspelt column", flows, "id,date,period", "id,date,peroid",
			flows + `:1: found columns id, date, peroid, series, dimension, key, value, low, high, unit, status, source, note, expected a column "period"; is it "peroid"?` + "\n" +
				flows + `:1:9: found column "peroid", expected only columns of this table; did you mean "period"?`},
		{"column twice", market, "status,source", "source,source",
			market + `:1: found columns date, series, value, low, high, unit, source, source, note, expected a column "status"` + "\n" +
				market + `:1:40: found column "source" twice, expected each column name once`},
		{"text in a number", flows, "week,fund_flow,asset,SUI,-6", "week,fund_flow,asset,SUI,six",
			flows + `:7:47: column value: found "six", expected a number, or a blank cell where there is none`},
		{"not a number", weekly, "113298,3488.20", "113298,NaN",
			weekly + `:2:19: column eth_close_usd: found "NaN", expected a number`},
		{"blank where a number must be", weekly, "113298,3488.20", "113298,",
			weekly + `:2:19: column eth_close_usd: found nothing, expected a number`},
		{"two faults in a row", weekly, "113298,3488.20", ",many",
			weekly + `:2:12: column btc_close_usd: found nothing, expected a number` + "\n" +
				weekly + `:2:13: column eth_close_usd: found "many", expected a number`},
		{"date of another form", holders, "MSTR,2026-01-26", "MSTR,26 Jan 2026",
			holders + `:10:42: column as_of: found "26 Jan 2026", expected a date such as 2026-01-26`},
		{"blank text", holders, "reported,S1,", "reported,,",
			holders + `:10:70: column source: found nothing, expected a text`},
		{"id twice", flows, "w0126-btc,", "w0126-total,",
			flows + `:3:1: column id: found "w0126-total", expected an id that no row above has`},
		{"unknown status", flows, "asset,SUI,-6,-6,-6,usd_m,reported", "asset,SUI,-6,-6,-6,usd_m,estimated",
			flows + `:7:62: column status: found "estimated", expected one of reported, pending, conflicting, disputed`},
		{"half a range", market, "us_spot_btc_etf_aum,167.5,165,170", "us_spot_btc_etf_aum,167.5,165,",
			market + `:2:38: column low: found a range from 165 to nothing, expected both bounds or none, low before high`},
		{"value outside its range", market, "us_spot_btc_etf_aum,167.5,165,170", "us_spot_btc_etf_aum,190,165,170",
			market + `:2:32: column value: found 190, expected a value from 165 to 170`},
		{"figure without unit", market, "165,170,usd_bn", "165,170,",
			market + `:2:46: column unit: found nothing, expected the unit of the figure`},
		{"mNAV without definition", holders, "0.945,market cap", "0.945,",
			holders + `:3:67: column mnav_definition: found nothing, expected market cap or enterprise value, because mnav is given`},
		{"not a Friday", weekly, "2025-08-01,", "2025-07-31,",
			weekly + `:2:1: column week_end: found Thursday, expected a Friday` + "\n" +
				weekly + `:3:1: column week_end: found 2025-08-08, expected the week after the row above, 2025-08-07`},
		{"close above the high", weekly, "2025-08-08,116675", "2025-08-08,117631",
			weekly + `:3:12: column btc_close_usd: found 117631, expected a price from the week's low 111920 to its high 117630`},
		{"price of 0", weekly, ",162.71,", ",0,",
			weekly + `:2:27: column sol_close_usd: found 0, expected a price above 0`},
	}
	for _, test := range tests {
		files := bundledFactFiles(t)
		text := string(files[test.file].Data)
		if strings.Count(text, test.old) != 1 {
			t.Fatalf("%s: %q stands %d times in %s", test.name, test.old, strings.Count(text, test.old), test.file)
		}
		files[test.file].Data = []byte(strings.Replace(text, test.old, test.new, 1))
		_, err := data.ReadFacts(files)
		if err == nil {
			t.Errorf("%s: no error", test.name)
			continue
		}
		if diff := cmp.Diff(test.want, err.Error()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestReadFactsNamesEveryFile(t *testing.T) {
	_, err := data.ReadFacts(fstest.MapFS{"facts/holders.csv": {Data: []byte("# a remark\nholder\n")}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, file := range []string{"fund_flow_facts", "market_facts", "holders", "weekly_market"} {
		if !strings.Contains(err.Error(), "facts/"+file+".csv") {
			t.Errorf("the error does not name %s:\n%v", file, err)
		}
	}
}

func bundledFactFiles(t *testing.T) fstest.MapFS {
	t.Helper()
	files := make(fstest.MapFS)
	names, err := fs.Glob(data.Bundled, "facts/*.csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := data.Bundled.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: content}
	}
	return files
}
