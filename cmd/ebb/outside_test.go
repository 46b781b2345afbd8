package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Names that lead elsewhere, where each of them may stand in a scenario.
var hostileNames = []string{"../../evil", "/evil", `..\\..\\evil`, "a/../../../evil", "$(touch evil)", "evil\\u0000", "~", "con", "-rf", strings.Repeat("x", 300)}

// Whatever a scenario, a strategy, a column or a manifest calls its parts, nothing is
// written but in the folder that is asked for, and nothing that was there changes.
func TestNothingOutside(t *testing.T) {
	root := straight(t)
	work := filepath.Join(root, "a", "b", "here")
	if err := os.MkdirAll(work, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(work)
	put(t, filepath.Join(root, "evil"), "precious")
	put(t, "btc.csv", "date,close\n2026-01-01,100\n2026-01-02,110\n2026-01-03,90\n2026-01-04,95\n2026-01-05,96\n")
	attempts, accepted := 0, 0
	for _, name := range hostileNames {
		quoted := `"` + name + `"`
		put(t, "evil.yaml", hostileScenario(quoted))
		put(t, "rule.yaml", "name: rule\ntitle: "+quoted+"\nsource: "+quoted+"\nhistory:\n  series:\n    btc.price: {file: btc.csv, column: close, kind: price, unit: usd}\nmarket: {btc: {depth_1pct: 3bn}}\naccount: {fill: close}\nrules: {btc: {enter: btc.price > 100}}\n")
		shown := strings.NewReplacer(`\u0000`, "", `\\`, `\`).Replace(name)
		put(t, "odd.csv", "date,\""+shown+"\"\n2026-01-01,100\n2026-01-02,110\n2026-01-03,90\n")
		before := state(t, root)
		for _, args := range [][]string{
			{"run", "evil.yaml"}, {"run", "evil.yaml", "--set", "name=" + quoted}, {"check", "evil.yaml", "rule.yaml", "odd.csv"},
			{"sweep", "evil.yaml", "--vary", "evil.aum=1bn,2bn", "-o", "out/s"}, {"sweep", "evil.yaml", "--vary", shown + "=1bn,2bn", "--shard", "1/2"},
			{"backtest", "rule.yaml"}, {"backtest", "rule.yaml", "--set", "name=" + quoted},
			{"stats", "odd.csv", "--kind", "price", "-o", "out/t"}, {"data", "check", "odd.csv"}, {"calibrate", "evil.yaml", "--asset", shown, "-o", "out/c.yaml"},
		} {
			var stdout, stderr bytes.Buffer
			attempts++
			if run(context.Background(), append([]string{"ebb"}, args...), &stdout, &stderr) == exitDone {
				accepted++
			}
			unchanged(t, fmt.Sprintf("%q", args), before, state(t, root))
		}
	}
	if accepted < attempts/8 {
		t.Errorf("only %d of %d attempts were accepted, so that little was tried", accepted, attempts)
	}
	t.Logf("%d of %d attempts were accepted", accepted, attempts)
}

// A shard's manifest says the scenario's name, after which the merge names its folder.
func TestMergeOfAHostileManifest(t *testing.T) {
	root := straight(t)
	work := filepath.Join(root, "a", "b", "here")
	if err := os.MkdirAll(work, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(work)
	ebb(t, "sweep", "redemption-loop", "--vary", "redemption.response=0,1bn", "--paths", "20", "--shard", "1/1", "-o", "s")
	shardFolder := shard{1, 1}.folder("s")
	text, err := os.ReadFile(filepath.Join(shardFolder, manifestName))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../../evil", "/evil", "..", "", "a/b"} {
		m["sweep"].(map[string]any)["scenario"] = name
		changed, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(shardFolder, manifestName), string(changed))
		before := state(t, root)
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), []string{"ebb", "merge", shardFolder}, &stdout, &stderr); code != exitUsage || !strings.Contains(stderr.String(), "no name of a folder") {
			t.Errorf("%q: exit code %d, %s", name, code, &stderr)
		}
		unchanged(t, name, before, state(t, root))
	}
}

// A result whose files have such names is not begun.
func TestWriteFolderStaysInside(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"../evil", "/evil", "a/../../evil", ""} {
		if err := writeFolder(context.Background(), filepath.Join(dir, "r"), []file{{name, nil}}); err == nil || !strings.Contains(err.Error(), "leads out of the folder") {
			t.Errorf("%q: %v", name, err)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%q: left %v, %v", name, left, err)
		}
	}
}

// hostileScenario has a name wherever one may stand.
func hostileScenario(name string) string {
	return `name: evil
title: ` + name + `
source: ` + name + `
text: ` + name + `
assumptions: [` + name + `]
history: {series: {btc.price: {file: btc.csv, column: close, kind: price, unit: usd, source: ` + name + `, status: ` + name + `}}}
market:
  btc: {volatility: 50%, depth_1pct: 3bn}
mechanisms:
  - redemption: {name: evil, asset: btc, aum: 113bn}
  - treasury: {asset: btc, holders: [{name: ` + name + `, units: 713502, average_cost: 76052, debt: 8.2bn}]}
shocks: [{on: day 3, news: -10%, name: ` + name + `}]
simulate: {steps: 5, paths: 20, news: gbm}
compare: [{name: ` + name + `, without: [evil]}]
charts: [price, treasuries]
`
}

// straight is a folder without links on its way, so that names in it are what they seem.
func straight(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// state is all that lies under a folder but the folder out of the working one.
func state(t *testing.T, root string) map[string][]byte {
	t.Helper()
	files := folder(t, root)
	for name := range files {
		if strings.HasPrefix(name, "a/b/here/out/") {
			delete(files, name)
		}
	}
	return files
}

func unchanged(t *testing.T, what string, before, after map[string][]byte) {
	t.Helper()
	for name, content := range after {
		if was, ok := before[name]; !ok {
			t.Errorf("%s: wrote %s", what, name)
		} else if !bytes.Equal(was, content) {
			t.Errorf("%s: changed %s", what, name)
		}
	}
	for name := range before {
		if _, ok := after[name]; !ok {
			t.Errorf("%s: removed %s", what, name)
		}
	}
}
