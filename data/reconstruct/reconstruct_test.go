package reconstruct_test

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ebb-sim/ebb/data"
	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "write data/histories anew")

// bundledSeed is the seed of the files in data/histories.
const bundledSeed = 1

func TestBundledHistories(t *testing.T) {
	files := rebuild(t, bundledFacts(t), bundledSeed)
	if *update {
		for _, f := range files {
			if err := os.WriteFile(filepath.Join("..", "histories", f.Name), f.Content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		t.Skip("files written; run again to compare the embedded ones")
	}
	entries, err := data.Bundled.ReadDir("histories")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(files) {
		t.Errorf("%d files are bundled, %d rebuilt", len(entries), len(files))
	}
	for _, f := range files {
		bundled, err := data.Bundled.ReadFile("histories/" + f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(bundled), string(f.Content)); diff != "" {
			t.Errorf("%s (-bundled +rebuilt):\n%s", f.Name, diff)
		}
	}
}

func TestBundledHistoriesKeepTheFacts(t *testing.T) {
	facts := bundledFacts(t)
	checkFacts(t, facts, rebuild(t, facts, bundledSeed))
}

func TestEverySeedKeepsTheFacts(t *testing.T) {
	facts := bundledFacts(t)
	bundled := rebuild(t, facts, bundledSeed)
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Filter(func(seed uint64) bool { return seed != bundledSeed }).Draw(t, "seed")
		files := rebuild(t, facts, seed)
		checkFacts(t, facts, files)
		for i, f := range files {
			if slices.Equal(rowsOf(f), rowsOf(bundled[i])) {
				t.Errorf("%s: seed %d gives the rows of seed %d", f.Name, seed, bundledSeed)
			}
		}
	})
}

// A change in one series leaves those alone that do not answer to it.
func TestSeriesAreIndependent(t *testing.T) {
	tests := []struct {
		name    string
		change  func(*data.Week)
		changed []string
	}{
		{"premium", func(w *data.Week) { w.Premium += 0.0001 }, []string{"btc_premium.csv"}},
		{"basis", func(w *data.Week) { w.BTCBasis += 0.001 }, []string{"btc_basis.csv"}},
		{"Bitcoin flow", func(w *data.Week) { w.BTCFlow += 10 }, []string{"btc_etf_flow.csv"}},
		{"Ether", func(w *data.Week) { w.ETHClose += 10 }, []string{"eth_usd.csv", "sol_usd.csv", "eth_etf_flow.csv"}},
		{"Solana", func(w *data.Week) { w.SOLClose++ }, []string{"sol_usd.csv"}},
		{"the Nasdaq-100", func(w *data.Week) { w.Nasdaq100Close++ }, []string{"nasdaq100_etf.csv", "software_etf.csv", "ai_etf.csv"}},
		{"software", func(w *data.Week) { w.SoftwareClose++ }, []string{"software_etf.csv"}},
		{"AI", func(w *data.Week) { w.AIClose++ }, []string{"ai_etf.csv"}},
		{"silver", func(w *data.Week) { w.SilverClose++ }, []string{"silver_etf.csv"}},
		{"Strategy", func(w *data.Week) { w.MSTRClose++ }, []string{"mstr.csv"}},
	}
	facts := bundledFacts(t)
	before := rebuild(t, facts, bundledSeed)
	for _, test := range tests {
		changed := facts
		changed.Weekly = slices.Clone(facts.Weekly)
		test.change(&changed.Weekly[10])
		var names []string
		for i, f := range rebuild(t, changed, bundledSeed) {
			if !bytes.Equal(f.Content, before[i].Content) {
				names = append(names, f.Name)
			}
		}
		if diff := cmp.Diff(test.changed, names); diff != "" {
			t.Errorf("a change in %s changes (-want +got):\n%s", test.name, diff)
		}
	}
}

// The invented part moves as much as the weekly facts imply, and not by more
// than they leave room for.
func TestBundledHistoriesArePlausible(t *testing.T) {
	facts := bundledFacts(t)
	h := parse(t, rebuild(t, facts, bundledSeed))
	var weeklyBTC, weeklyETH, weeklyBTCFlow, weeklyETHFlow []float64
	for k, w := range facts.Weekly {
		weeklyBTCFlow = append(weeklyBTCFlow, float64(w.BTCFlow))
		weeklyETHFlow = append(weeklyETHFlow, float64(w.ETHFlow))
		if k > 0 {
			weeklyBTC = append(weeklyBTC, math.Log(float64(w.BTCClose/facts.Weekly[k-1].BTCClose)))
			weeklyETH = append(weeklyETH, math.Log(float64(w.ETHClose/facts.Weekly[k-1].ETHClose)))
		}
	}
	bitcoin, ether := logReturns(h["btc_usd.csv"].values["close"]), logReturns(h["eth_usd.csv"].values["close"])
	bitcoinFlow, etherFlow := h["btc_etf_flow.csv"].values["total"], h["eth_etf_flow.csv"].values["total"]
	ratio := stat.StdDev(weeklyETH, nil) / stat.StdDev(weeklyBTC, nil)
	for i, r := range bitcoin {
		w := facts.Weekly[1+i/7]
		room := math.Log(float64(w.BTCHigh / w.BTCLow))
		if math.Abs(r) > room || math.Abs(ether[i]) > ratio*room {
			t.Errorf("%s: returns of %.3f and %.3f, the week's range is %.3f", h["btc_usd.csv"].days[i+1], r, ether[i], room)
		}
	}
	for _, test := range []struct {
		name           string
		got, low, high float64
	}{
		{"daily deviation of Bitcoin", stat.StdDev(bitcoin, nil) * math.Sqrt(7) / stat.StdDev(weeklyBTC, nil), 0.5, 2},
		{"daily deviation of Ether", stat.StdDev(ether, nil) * math.Sqrt(7) / stat.StdDev(weeklyETH, nil), 0.5, 2},
		{"daily deviation of Bitcoin flows", stat.StdDev(bitcoinFlow, nil) * math.Sqrt(5) / stat.StdDev(weeklyBTCFlow, nil), 0.5, 2},
		{"daily deviation of Ether flows", stat.StdDev(etherFlow, nil) * math.Sqrt(5) / stat.StdDev(weeklyETHFlow, nil), 0.5, 2},
		{"correlation of Bitcoin and Ether", stat.Correlation(bitcoin, ether, nil), 0.7, 0.95},
		{"persistence of Bitcoin flows", persistence(bitcoinFlow), 0.25, 0.65},
		{"persistence of Ether flows", persistence(etherFlow), 0.25, 0.65},
		{"persistence of the basis", persistence(h["btc_basis.csv"].values["basis"]), 0.8, 0.99},
		{"persistence of the premium", persistence(h["btc_premium.csv"].values["premium"]), 0.8, 0.99},
	} {
		if !(test.got >= test.low && test.got <= test.high) {
			t.Errorf("%s: %.3f, want one from %v to %v", test.name, test.got, test.low, test.high)
		}
	}
}

func logReturns(prices []float64) []float64 {
	var returns []float64
	for i := 1; i < len(prices); i++ {
		returns = append(returns, math.Log(prices[i]/prices[i-1]))
	}
	return returns
}

func persistence(x []float64) float64 { return stat.Correlation(x[:len(x)-1], x[1:], nil) }
