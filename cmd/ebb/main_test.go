package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim/mechanism"
)

// ebb runs a command in the test's process and gives what it printed.
func ebb(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), append([]string{"ebb"}, args...), &stdout, &stderr); code != exitDone {
		t.Fatalf("ebb %s: exit code %d\n%s", strings.Join(args, " "), code, &stderr)
	}
	return stdout.String()
}

// folder reads all files of a result.
func folder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			files[filepath.ToSlash(name)], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readSummary(t *testing.T, dir string) summary {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "summary.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s summary
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// Twice the same command, and with one and with two workers: the same bytes.
func TestSameBytes(t *testing.T) {
	for _, scenario := range []string{"redemption-loop", "treasury-liquidation", "safe-haven", "winter-2025-26"} {
		t.Run(scenario, func(t *testing.T) {
			var first map[string][]byte
			for _, workers := range []string{"1", "1", "2", "7"} {
				dir := filepath.Join(t.TempDir(), "result")
				args := []string{"run", scenario, "--workers", workers, "-o", dir}
				if scenario == "winter-2025-26" { // a replay has one path, its forecasts many
					args = append(args, "--set", "forecast.paths=20")
				} else {
					args = append(args, "--paths", "120")
				}
				ebb(t, args...)
				files := folder(t, dir)
				if first == nil {
					first = files
					continue
				}
				if len(files) != len(first) {
					t.Fatalf("%d files, before %d", len(files), len(first))
				}
				for name, content := range first {
					if !bytes.Equal(content, files[name]) {
						t.Errorf("%s differs with %s workers", name, workers)
					}
				}
			}
		})
	}
}

// A result does not depend on where the scenario and its data lie.
func TestSameBytesElsewhere(t *testing.T) {
	var first map[string][]byte
	for _, name := range []string{"here", "elsewhere"} {
		dir := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		for file, text := range map[string]string{
			"mine.yaml": "name: mine\ntitle: Mine\nhistory:\n  series:\n    btc.price: {file: btc.csv, kind: price, unit: usd}\nmarket:\n  btc: {depth_1pct: 3bn, volatility: 50%}\n",
			"btc.csv":   "date,close\n2026-01-01,100\n2026-01-02,110\n2026-01-04,90\n",
		} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		ebb(t, "run", filepath.Join(dir, "mine.yaml"), "-o", filepath.Join(dir, "result"))
		files := folder(t, filepath.Join(dir, "result"))
		if first == nil {
			first = files
		}
		for file, content := range first {
			if !bytes.Equal(content, files[file]) {
				t.Errorf("%s depends on the folder", file)
			}
			if bytes.Contains(files[file], []byte(dir)) {
				t.Errorf("%s names the folder", file)
			}
		}
	}
}

// checkManifest checks that the manifest of a result has every file with its hash.
func checkManifest(t *testing.T, files map[string][]byte) {
	t.Helper()
	var m manifest
	if err := json.Unmarshal(files[manifestName], &m); err != nil {
		t.Fatal(err)
	}
	if len(m.Files) != len(files)-1 {
		t.Errorf("the manifest has %d files, the folder %d beside it", len(m.Files), len(files)-1)
	}
	for _, f := range m.Files {
		if got := (file{f.Name, files[f.Name]}).sha256(); got != f.SHA256 {
			t.Errorf("%s: hash %s, in the manifest %s", f.Name, got, f.SHA256)
		}
	}
}

// Every file of a result is in the manifest with its hash, and says where the
// numbers come from.
func TestResultFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "result")
	ebb(t, "run", "redemption-loop", "--paths", "200", "-o", dir)
	files := folder(t, dir)
	checkManifest(t, files)
	for _, name := range []string{"path.csv", "ledger.csv", "quantiles.csv"} {
		if !bytes.HasPrefix(files[name], []byte("# reconstructed, not market data\n")) {
			t.Errorf("%s does not say that its data are reconstructed", name)
		}
	}
	for _, name := range []string{"price", "fan", "ledger", "flows", "drawdown", "response", "waves", "distribution"} {
		if len(files["plots/"+name+".png"]) == 0 {
			t.Errorf("no chart %s", name)
		}
	}
	s := readSummary(t, dir)
	if s.Status != "reconstructed, not market data" || s.Profile != "ebb" {
		t.Errorf("status %q, profile %q", s.Status, s.Profile)
	}
}

// The multiplier that the run measures is that of the closed form.
func TestMultiplierIsTheClosedForm(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "result")
	ebb(t, "run", "redemption-loop", "--paths", "50", "-o", dir)
	want := map[string]float64{
		"with everything":      mechanism.RedemptionMultiplier(10*.01/3e9, .43489, 2.82222e9),
		"without the response": 1,
		"without the funds":    1,
		"mechanical impact":    mechanism.RedemptionMultiplier(.01/3e9, .43489, 2.82222e9),
		"half the depth":       mechanism.RedemptionMultiplier(10*.01/1.5e9, .43489, 2.82222e9),
	}
	for _, run := range readSummary(t, dir).Impulses[0].Runs {
		if math.Abs(run.Multiplier-want[run.Run]) > 1e-6 {
			t.Errorf("%s: multiplier %.9f, closed form %.9f", run.Run, run.Multiplier, want[run.Run])
		}
	}
}

// The bundled histories are what the command makes of the facts.
func TestReconstructGivesTheBundledHistories(t *testing.T) {
	dir := t.TempDir()
	ebb(t, "data", "reconstruct", "-o", dir)
	names, err := fs.Glob(data.Bundled, "histories/*.csv")
	if err != nil || len(names) < 6 {
		t.Fatalf("%d bundled histories, %v", len(names), err)
	}
	for _, name := range names {
		want, err := fs.ReadFile(data.Bundled, name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, filepath.Base(name)))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what ebb data reconstruct writes", name)
		}
	}
}

// Everything that can be listed can be explained.
func TestExplainAll(t *testing.T) {
	for _, topic := range topics() {
		if text := ebb(t, "explain", topic.name); len(text) < 40 || topic.title == "" {
			t.Errorf("explain %s says only %q", topic.name, text)
		}
	}
	for _, k := range mechanism.Kinds() {
		text := ebb(t, "explain", k.Name)
		for _, want := range []string{strings.Split(k.Equation, "\n")[0], k.Source, "impact_scale"} {
			if !strings.Contains(text, want) {
				t.Errorf("explain %s lacks %q", k.Name, want)
			}
		}
	}
}

// The main scenario on real histories: its figures are the facts that the data
// agree on.
func TestRealHistories(t *testing.T) {
	raw := datatest.Folder(t)
	for name, price := range map[string]string{
		"btctree":    "btctree__btc-power/data/btc_daily.csv",
		"RonaldLu66": "RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv",
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "result")
			ebb(t, "run", "redemption-loop", "--paths", "500", "-o", dir,
				"--set", "history.series.btc.price.file="+filepath.Join(raw, price),
				"--set", "history.series.btc.etf_flow.file="+filepath.Join(raw, "haturatu__crypto-etf-flow/etf_btc.csv"),
				"--set", "history.series.btc.etf_flow.column=Total",
				"--set", "history.from=2025-08-01", "--set", "history.to=2026-02-10")
			s := readSummary(t, dir)
			if s.Status != "" {
				t.Errorf("status %q on market data", s.Status)
			}
			for _, h := range s.History {
				switch h.Series {
				case "btc.price":
					worst := h.Drawdowns[0]
					if math.Round(h.Max) != 124659 || h.MaxAt != "2025-10-06" {
						t.Errorf("peak close %v on %s, want 124,659 on 2025-10-06", h.Max, h.MaxAt)
					}
					if worst.Peak.Format(time.DateOnly) != "2025-10-06" || worst.Trough.Format(time.DateOnly) != "2026-02-05" || math.Abs(worst.Depth+.495) > .0005 {
						t.Errorf("worst fall %v, want −49.5 %% from 2025-10-06 to 2026-02-05", worst)
					}
				case "btc.etf_flow":
					if h.Min != -903.2e6 || h.MinAt != "2025-11-20" {
						t.Errorf("worst flow %v on %s, want −903.2m on 2025-11-20", h.Min, h.MinAt)
					}
				}
			}
		})
	}
	text := ebb(t, "data", "describe", filepath.Join(raw, "haturatu__crypto-etf-flow/etf_btc.csv"), "--column", "Total", "--from", "2025-11-01", "--to", "2026-02-10")
	if !strings.Contains(text, minus+"6170.7m") {
		t.Errorf("flows from 2025-11-01 to 2026-02-10 do not sum to −6,170.7 million:\n%s", text)
	}
}

// The performance skew of ai-rotation on real closes: the figures that the
// scenario's text states.
func TestRealSkew(t *testing.T) {
	raw := datatest.Folder(t)
	dir := filepath.Join(t.TempDir(), "result")
	args := []string{"run", "ai-rotation", "--paths", "50", "-o", dir, "--set", "history.from=2025-08-01"}
	for asset, file := range map[string]string{
		"btc":       "btctree__btc-power/data/btc_daily.csv",
		"nasdaq100": "kittycapital__btc-asset-correlation/data/QQQ.csv",
		"ai":        "dsturdy__Factor_Attribution/data/AIQ.csv",
		"software":  "kittycapital__btc-asset-correlation/data/IGV.csv",
	} {
		args = append(args, "--set", "history.series."+asset+".price.file="+filepath.Join(raw, file))
	}
	ebb(t, args...)
	want := map[string][3]float64{"nasdaq100": {-1.02, .48, 38}, "ai": {-.97, .45, 40}, "software": {-.24, .40, 47}}
	text := strings.Join(strings.Fields(bundledScenario(t, "ai-rotation").Text), " ")
	for _, s := range readSummary(t, dir).Skew {
		w := want[s.Against]
		if math.Abs(100*s.Down.Value-w[0]) > .005 || math.Abs(100*s.Down.SE-w[1]) > .005 || s.Down.N != int(w[2]) {
			t.Errorf("%s: %.3f %% (%.3f, %d days), want %v", s.Against, 100*s.Down.Value, 100*s.Down.SE, s.Down.N, w)
		}
		if said := strings.Replace(fmt.Sprintf("%.2f %%", w[0]), "-0", minus, 1); !strings.Contains(text, strings.Replace(said, "-", minus, 1)) {
			t.Errorf("the scenario's text does not state %s", said)
		}
	}
}

// The ladder along real hours, prices as they were: simulated liquidations stand
// beside the observed ones. The figures are reported as they are: with all of the
// open interest in the ladder it liquidates about four times what was seen.
func TestRealLadder(t *testing.T) {
	raw := datatest.Folder(t)
	hours := filepath.Join(raw, "ismethanhtung__btc-liquidations-analysis/data/coinglass_BTC_regime_1h_1y.csv")
	series := func(name, column, kind string) string {
		return fmt.Sprintf("    btc.%s: {file: %q, column: %s, kind: %s}\n", name, hours, column, kind)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "hours.yaml")
	text := "name: hours\ntitle: The ladder along real hours\nhistory:\n  from: 2025-12-05\n  to: 2026-05-31\n  step: 1h\n  series:\n" +
		series("price", "price_close", "price") + series("liquidated_longs", "liquidation_long_usd", "flow, unit: usd") +
		series("liquidated_shorts", "liquidation_short_usd", "flow, unit: usd") + series("open_interest", "oi_close", "level, unit: usd") +
		"market:\n  btc: {depth_1pct: 1e20}\nmechanisms:\n  - perps: {asset: btc, open_interest: 7.29bn}\n" +
		"outcomes: [btc.liquidated_longs, btc.liquidated_shorts]\ncharts: [liquidations]\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ebb(t, "run", file, "--allow-outside", "-o", filepath.Join(dir, "out"))
	s := readSummary(t, filepath.Join(dir, "out"))
	observed := map[string]float64{}
	for _, h := range s.History {
		if h.Sum != nil {
			observed[h.Series] = *h.Sum
		}
	}
	for _, o := range s.Outcomes {
		simulated, seen := o.Runs[0].Mean.Value, observed[o.Name]
		t.Logf("%s: simulated %s, observed %s", o.Name, money(simulated), money(seen))
		if !(simulated > 2*seen && simulated < 7*seen) {
			t.Errorf("%s: simulated %v, observed %v", o.Name, simulated, seen)
		}
	}
	if !pictureOf("liquidations", folder(t, filepath.Join(dir, "out"))) {
		t.Error("no picture of the ladder")
	}
}

// The published counterfactuals of the real fall, from a scenario file: log
// change of the close from 2025-10-06 to 2026-02-05 as observed, without the
// response and without the funds.
func TestRealCounterfactuals(t *testing.T) {
	raw := datatest.Folder(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "fall.yaml")
	text := fmt.Sprintf(`name: fall
title: The fall of the winter
history:
  from: 2025-09-30
  to: 2026-02-05
  series:
    btc.price: {file: %q, column: close, kind: price}
    btc.etf_flow: {file: %q, column: Total, kind: flow, unit: usd_m}
market:
  btc: {depth_1pct: 3bn, volatility: 50%%}
mechanisms:
  - redemption: {asset: btc, aum: 150bn, persistence: 0.443, response: 2.87bn, impact_scale: 10.08}
compare:
  - {name: without the response, with: {redemption.response: 0}}
  - {without: [redemption]}
attribute: {outcomes: [return]}
`, filepath.Join(raw, "btctree__btc-power/data/btc_daily.csv"), filepath.Join(raw, "haturatu__crypto-etf-flow/etf_btc.csv"))
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ebb(t, "run", file, "--allow-outside", "-o", filepath.Join(dir, "out"))
	rows, err := csv.NewReader(bytes.NewReader(folder(t, filepath.Join(dir, "out"))["path.csv"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	price := func(date, column string) float64 {
		at := slices.Index(rows[0], column)
		for _, row := range rows[1:] {
			if row[1] == date && at >= 0 {
				v, err := strconv.ParseFloat(row[at], 64)
				if err != nil {
					t.Fatal(err)
				}
				return v
			}
		}
		t.Fatalf("no %s on %s", column, date)
		return 0
	}
	for column, want := range map[string][2]float64{
		"btc.price":                       {-.683875, 62910},
		"btc.price: without the response": {-.600691, 67634.85},
		"btc.price: without redemption":   {-.451310, 70590.37},
	} {
		last := price("2026-02-05", column)
		if change := math.Log(last / price("2025-10-06", column)); math.Abs(change-want[0]) > 5e-7 {
			t.Errorf("%s: %.7f, want %v", column, change, want[0])
		}
		if want[1] != 62910 && math.Abs(last-want[1]) > .005 {
			t.Errorf("%s: last close %v, want %v", column, last, want[1])
		}
	}
}

// The winter on real closes and flows: the replay gives them back, and under both
// calibrations fewer than one day in twenty leaves a gap.
func TestRealWinter(t *testing.T) {
	raw := datatest.Folder(t)
	for _, scale := range []string{"1", "10"} {
		dir := filepath.Join(t.TempDir(), "out")
		ebb(t, "run", "winter-2025-26", "-o", dir, "--set", "redemption.impact_scale="+scale,
			"--set", "history.series.btc.price.file="+filepath.Join(raw, "btctree__btc-power/data/btc_daily.csv"),
			"--set", "history.series.eth.price.file="+filepath.Join(raw, "btctree__btc-power/data/alt/ETHUSDT.csv"),
			"--set", "history.series.btc.etf_flow.file="+filepath.Join(raw, "haturatu__crypto-etf-flow/etf_btc.csv"),
			"--set", "history.series.btc.etf_flow.column=Total",
			"--set", "history.series.btc.basis=~", "--set", "history.series.btc.coinbase_premium=~")
		s := readSummary(t, dir)
		var explained, steps int
		for _, w := range s.Warnings {
			if n, _ := fmt.Sscanf(w, "the replay: %d of %d steps leave a gap", &explained, &steps); n == 2 && 20*explained >= steps {
				t.Errorf("scale %s: %s", scale, w)
			}
			if strings.HasPrefix(w, "the replay") {
				t.Logf("scale %s: %s", scale, w)
			}
		}
		for _, o := range s.Attribution.Outcomes {
			sum := o.News.Value
			for _, share := range o.Shares {
				sum += share.Shapley.Value
				t.Logf("scale %s, %s: %s %s", scale, o.Name, share.Player, percent(share.Shapley.Value))
			}
			if math.Abs(sum-o.Total.Value) > 1e-9 {
				t.Errorf("%s: news and shares are %v, the total %v", o.Name, sum, o.Total.Value)
			}
			t.Logf("scale %s, %s: news %s, total %s", scale, o.Name, percent(o.News.Value), percent(o.Total.Value))
		}
	}
}
