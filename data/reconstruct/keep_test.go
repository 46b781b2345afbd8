package reconstruct_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/reconstruct"
	"github.com/google/go-cmp/cmp"
)

// A tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func bundledFacts(t tester) data.Facts {
	t.Helper()
	facts, err := data.ReadFacts(data.Bundled)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

func rebuild(t tester, facts data.Facts, seed uint64) []reconstruct.File {
	t.Helper()
	files, err := reconstruct.Files(facts, seed)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A history is a parsed file.
type history struct {
	days   []string
	cells  map[string][]string
	values map[string][]float64
}

func rowsOf(f reconstruct.File) []string {
	lines := strings.Split(strings.TrimSuffix(string(f.Content), "\n"), "\n")
	return slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "#") })
}

func parse(t tester, files []reconstruct.File) map[string]history {
	t.Helper()
	parsed := make(map[string]history)
	for _, f := range files {
		rows := rowsOf(f)
		names := strings.Split(rows[0], ",")
		h := history{cells: make(map[string][]string), values: make(map[string][]float64)}
		for _, row := range rows[1:] {
			cells := strings.Split(row, ",")
			h.days = append(h.days, cells[0])
			for i, name := range names[1:] {
				value, err := strconv.ParseFloat(cells[i+1], 64)
				if err != nil {
					t.Fatalf("%s: %s: %v", f.Name, row, err)
				}
				h.cells[name] = append(h.cells[name], cells[i+1])
				h.values[name] = append(h.values[name], value)
			}
		}
		parsed[f.Name] = h
	}
	return parsed
}

// on gives the written value of a column on a day.
func (h history) on(t tester, column, day string) string {
	t.Helper()
	i := slices.Index(h.days, day)
	if i < 0 {
		t.Fatalf("no row on %s", day)
	}
	return h.cells[column][i]
}

// span gives the values of a column from one day to another.
func (h history) span(column, from, to string) []float64 {
	var values []float64
	for i, day := range h.days {
		if day >= from && day <= to {
			values = append(values, h.values[column][i])
		}
	}
	return values
}

// checkFacts checks all that the files promise to keep.
func checkFacts(t tester, facts data.Facts, files []reconstruct.File) {
	t.Helper()
	h := parse(t, files)
	checkDays(t, h)
	checkBars(t, h["btc_usd.csv"])
	checkDated(t, h)
	for k, w := range facts.Weekly {
		friday := w.End.String()
		for _, a := range assets {
			checkFriday(t, h, a.file, friday, "close", a.decimals, a.value(w))
		}
		checkFriday(t, h, "btc_basis.csv", friday, "basis", 4, w.BTCBasis)
		checkFriday(t, h, "btc_premium.csv", friday, "premium", 5, w.Premium)
		if k > 0 {
			checkWeek(t, h, w)
		}
	}
}

func checkFriday(t tester, h map[string]history, file, friday, column string, decimals int, want data.Number) {
	t.Helper()
	text := strconv.FormatFloat(float64(want), 'f', decimals, 64)
	if got := h[file].on(t, column, friday); got != text {
		t.Errorf("%s: %s on %s is %s, want %s", file, column, friday, got, text)
	}
}

// checkWeek checks what is known of a whole week.
func checkWeek(t tester, h map[string]history, w data.Week) {
	t.Helper()
	from, to := w.End.AddDate(0, 0, -6).Format(time.DateOnly), w.End.String()
	if high := slices.Max(h["btc_usd.csv"].span("high", from, to)); high != float64(w.BTCHigh) {
		t.Errorf("week to %s: high %v, want %v", to, high, w.BTCHigh)
	}
	if low := slices.Min(h["btc_usd.csv"].span("low", from, to)); low != float64(w.BTCLow) {
		t.Errorf("week to %s: low %v, want %v", to, low, w.BTCLow)
	}
	for file, want := range map[string]data.Number{"btc_etf_flow.csv": w.BTCFlow, "eth_etf_flow.csv": w.ETHFlow} {
		tenths := 0
		for _, flow := range h[file].span("total", from, to) {
			tenths += int(math.Round(flow * 10))
		}
		if float64(tenths)/10 != float64(want) {
			t.Errorf("%s: week to %s: sum %v, want %v", file, to, float64(tenths)/10, want)
		}
	}
}

// checkDays checks that each file has all its days and no other.
func checkDays(t tester, h map[string]history) {
	t.Helper()
	last := time.Date(2026, time.February, 20, 0, 0, 0, 0, time.UTC)
	for file, calendar := range map[string]data.Calendar{
		"btc_usd.csv": data.EveryDay, "eth_usd.csv": data.EveryDay, "sol_usd.csv": data.EveryDay,
		"btc_basis.csv": data.EveryDay, "btc_premium.csv": data.EveryDay,
		"btc_etf_flow.csv": data.NYSE, "eth_etf_flow.csv": data.NYSE,
		"nasdaq100_etf.csv": data.NYSE, "software_etf.csv": data.NYSE, "ai_etf.csv": data.NYSE,
		"silver_etf.csv": data.NYSE, "mstr.csv": data.NYSE,
	} {
		var days []string
		for d := time.Date(2025, time.August, 1, 0, 0, 0, 0, time.UTC); !d.After(last); d = d.AddDate(0, 0, 1) {
			if calendar.Open(d) {
				days = append(days, d.Format(time.DateOnly))
			}
		}
		if diff := cmp.Diff(days, h[file].days); diff != "" {
			t.Errorf("%s: days (-want +got):\n%s", file, diff)
		}
	}
}

func checkBars(t tester, h history) {
	t.Helper()
	for i, day := range h.days {
		open, high, low, closing := h.values["open"][i], h.values["high"][i], h.values["low"][i], h.values["close"][i]
		if low > min(open, closing) || high < max(open, closing) {
			t.Errorf("%s: open %v, high %v, low %v, close %v", day, open, high, low, closing)
		}
		if i > 0 && open != h.values["close"][i-1] {
			t.Errorf("%s: opens at %v after a close of %v", day, open, h.values["close"][i-1])
		}
	}
	if first := h.values["high"][0]; first > 119800 {
		t.Errorf("the first day's high is %v, above its week's", first)
	}
	if first := h.values["low"][0]; first < 112723 {
		t.Errorf("the first day's low is %v, below its week's", first)
	}
}

// checkDated checks the facts that have a day.
func checkDated(t tester, h map[string]history) {
	t.Helper()
	btc := h["btc_usd.csv"]
	for _, want := range []struct{ file, column, day, value string }{
		{"btc_usd.csv", "high", "2025-10-06", "126200"},
		{"btc_usd.csv", "low", "2025-10-10", "102000"},
		{"btc_usd.csv", "low", "2026-02-06", "60000"},
		{"btc_usd.csv", "close", "2026-02-10", "69700"},
		{"btc_premium.csv", "premium", "2026-02-08", "-0.00086"},
		{"btc_premium.csv", "premium", "2026-02-14", "-0.00057"},
	} {
		if got := h[want.file].on(t, want.column, want.day); got != want.value {
			t.Errorf("%s: %s on %s is %s, want %s", want.file, want.column, want.day, got, want.value)
		}
	}
	for _, column := range []string{"high", "close"} {
		peak := slices.Max(btc.values[column])
		i := slices.Index(btc.values[column], peak)
		if btc.days[i] != "2025-10-06" || slices.Contains(btc.values[column][i+1:], peak) {
			t.Errorf("the highest %s, %v, is on %s, want 2025-10-06 alone", column, peak, btc.days[i])
		}
	}
	for _, day := range []string{"2025-10-10", "2026-01-31", "2026-02-05"} {
		i := slices.Index(btc.days, day)
		if loss := math.Log(btc.values["close"][i] / btc.values["open"][i]); loss > -0.02 {
			t.Errorf("%s: a day of liquidations with a return of %.3f", day, loss)
		}
	}
}
