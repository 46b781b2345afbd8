package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Paths that are drawn together, comparisons, a sweep and what only the merge computes.
const slicedScenario = `
name: sliced
title: Sliced
history:
  series:
    btc.price: {file: btc.csv, kind: price}
market: {btc: {volatility: 50%, depth_1pct: 3bn}}
mechanisms: [redemption: {asset: btc, aum: 100bn, persistence: 0.4, response: 2bn, same_day: 25%, innovation_sd: 300m}]
simulate: {steps: 4, paths: 640, seed: 7, news: gbm, variance: stratified}
compare:
  - {with: {redemption.response: 1bn}}
  - {without: [redemption]}
sweep: {redemption.response: [0, 1bn]}
attribute: {outcomes: [return]}
rare: {outcome: return, threshold: -15%}
charts: [fan, sensitivity]
outcomes: [return, btc.etf_flow]
`

// leaveScenario writes a scenario and a history for it to the current folder.
func leaveScenario(t *testing.T, name, text string) {
	t.Helper()
	history := "date,close\n"
	for day := range 28 {
		history += fmt.Sprintf("2026-02-%02d,%d\n", day+1, 90000+day%5*700)
	}
	for name, text := range map[string]string{name: text, "btc.csv": history} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A run in shards is the run in one piece, byte for byte, whatever the number of shards
// and of workers.
func TestRunInShards(t *testing.T) {
	t.Chdir(t.TempDir())
	leaveScenario(t, "sliced.yaml", slicedScenario)
	ebb(t, "run", "sliced.yaml", "-o", "whole")
	want := folder(t, "whole")
	for _, count := range []int{1, 4, 16} {
		for _, workers := range []string{"1", "2", "8"} {
			dir := fmt.Sprintf("s%d-%s", count, workers)
			for i := count; i > 0; i-- {
				ebb(t, "run", "sliced.yaml", "--workers", workers, "-o", dir, "--shard", fmt.Sprintf("%d/%d", i, count))
			}
			ebb(t, "merge", shardsFolder(dir, count), "--workers", workers, "-o", dir)
			if diff := cmp.Diff(want, folder(t, dir)); diff != "" {
				t.Errorf("%d shards, %s workers (-whole +merged):\n%s", count, workers, diff)
			}
		}
	}
}

// So is one whose series are counted in histograms, and outcomes too: then its runs go
// together.
func TestLongRunInShards(t *testing.T) {
	t.Chdir(t.TempDir())
	text := strings.NewReplacer("paths: 640", "paths: 270000", "steps: 4", "steps: 1", ", variance: stratified", "", "attribute: {outcomes: [return]}\n", "", "rare: {outcome: return, threshold: -15%}\n", "").Replace(slicedScenario)
	leaveScenario(t, "sliced.yaml", text)
	ebb(t, "run", "sliced.yaml", "-o", "whole")
	for i := range 3 {
		ebb(t, "run", "sliced.yaml", "-o", "s", "--shard", fmt.Sprintf("%d/3", i+1))
	}
	ebb(t, "merge", "s.3-shards", "-o", "s")
	if diff := cmp.Diff(folder(t, "whole"), folder(t, "s")); diff != "" {
		t.Error(diff)
	}
}

// A task of an array takes its slice from the environment; what is finished is not run
// again, what was damaged is; and a merge finds the scenario where it is told.
func TestRunShardOfTask(t *testing.T) {
	t.Chdir(t.TempDir())
	leaveScenario(t, "sliced.yaml", slicedScenario)
	t.Setenv("SLURM_ARRAY_TASK_ID", "3")
	for name, value := range map[string]string{"COUNT": "3", "MIN": "1", "MAX": "3", "STEP": "1"} {
		t.Setenv("SLURM_ARRAY_TASK_"+name, value)
	}
	args := []string{"run", "sliced.yaml", "-o", "s", "--paths", "100", "--set", "simulate.seed=8"}
	// Five twenties, of which the last of three shards has two.
	if said := ebb(t, args...); !strings.Contains(said, "shard 3/3, paths 60 to 99 of 100 paths: finished in s.3-shards/3\nwhen all shards are there: ebb merge s.3-shards -o s\n") {
		t.Errorf("said %s", said)
	}
	if said := ebb(t, args...); !strings.Contains(said, "finished before") {
		t.Errorf("said %s", said)
	}
	name := filepath.Join("s.3-shards", "3", ensembleName(1))
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, whole[:len(whole)-1], 0o644); err != nil {
		t.Fatal(err)
	}
	if said := ebb(t, args...); !strings.Contains(said, "finished in") {
		t.Errorf("a shard that was cut short: %s", said)
	}
	for _, part := range []string{"1/3", "2/3"} {
		ebb(t, append(args, "--shard", part)...)
	}
	ebb(t, append(args[:2:2], "-o", "whole", "--shard", "all", "--paths", "100", "--set", "simulate.seed=8")...)
	if err := os.Mkdir("elsewhere", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sliced.yaml", "btc.csv"} {
		if err := os.Rename(name, filepath.Join("elsewhere", name)); err != nil {
			t.Fatal(err)
		}
	}
	ebb(t, "merge", "s.3-shards", "-o", "s", "--scenario", "elsewhere/sliced.yaml")
	if diff := cmp.Diff(folder(t, "whole"), folder(t, "s")); diff != "" {
		t.Error(diff)
	}
}

// What cannot be sliced, or does not belong together, is refused, and leaves nothing.
func TestRunShardFaults(t *testing.T) {
	t.Chdir(t.TempDir())
	leaveScenario(t, "sliced.yaml", slicedScenario)
	leaveScenario(t, "replay.yaml", strings.Split(slicedScenario, "simulate:")[0]+"outcomes: [return]\n")
	for i := range 3 {
		ebb(t, "run", "sliced.yaml", "-o", "a", "--shard", fmt.Sprintf("%d/3", i+1))
	}
	ebb(t, "run", "sliced.yaml", "-o", "seed", "--seed", "8", "--shard", "2/3")
	ebb(t, append(smallSweep, "-o", "sweep", "--shard", "2/3")...)
	copied := func(name string, change func(files map[string][]byte)) {
		files := folder(t, "a.3-shards/2")
		change(files)
		var list []file
		for _, name := range []string{ensembleName(0), ensembleName(1), ensembleName(2), ensembleName(3), ensembleName(4), manifestName} {
			list = append(list, file{name, files[name]})
		}
		if err := writeFolder(context.Background(), name, list); err != nil {
			t.Fatal(err)
		}
	}
	copied("swapped", func(files map[string][]byte) { files[ensembleName(0)] = folder(t, "a.3-shards/1")[ensembleName(0)] })
	copied("damaged", func(files map[string][]byte) { files[ensembleName(4)][900] ^= 1 })
	copied("other-data", func(files map[string][]byte) {
		files[manifestName] = bytes.Replace(files[manifestName], []byte(`"sha256": "`), []byte(`"sha256": "00`), 1)
	})
	for i := range 3 { // all of the shards agree on what they are not
		files := folder(t, fmt.Sprintf("a.3-shards/%d", i+1))
		list := []file{{manifestName, regexp.MustCompile(`"work_sha256": "..`).ReplaceAll(files[manifestName], []byte(`"work_sha256": "0-`))}}
		if err := writeFolder(context.Background(), fmt.Sprintf("lying/%d", i+1), list); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("changed", 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir("changed")
	leaveScenario(t, "sliced.yaml", strings.Replace(slicedScenario, "seed: 7", "seed: 9", 1))
	leaveScenario(t, "same.yaml", slicedScenario)
	if err := os.WriteFile("btc.csv", []byte("date,close\n2026-02-01,90000\n2026-02-02,91000\n2026-02-03,90500\n2026-02-04,91000\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir("..")
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"run replay.yaml --shard 1/2 -o out", exitUsage, "a slice of one path"},
		{"run sliced.yaml --set simulate.precision=1% --shard 1/2 -o out", exitUsage, "simulate.precision says how many they are only after they were run"},
		{"run sliced.yaml --keep-paths --shard 1/2 -o out", exitUsage, "--keep-paths for shard 1/2"},
		{"run sliced.yaml --paths 20 --shard 1/2 -o out", exitUsage, "sliced: 2 shards of 20 paths, expected fewer shards"},
		{"run sliced.yaml --shard 3/2 -o out", exitUsage, `--shard "3/2"`},
		{"merge a.3-shards/1 a.3-shards/3 -o out", exitFailed, "of 3 shards 1 are missing: 2"},
		{"merge a.3-shards seed.3-shards -o out", exitFailed, "not the same scenario"},
		{"merge a.3-shards/1 sweep.3-shards a.3-shards/3 -o out", exitFailed, `not the same command: "run" in a.3-shards/1, a.3-shards/3; "sweep" in sweep.3-shards/2`},
		{"merge a.3-shards/1 other-data a.3-shards/3 -o out", exitFailed, "not the same data"},
		{"merge a.3-shards/1 swapped a.3-shards/3 -o out", exitFailed, "with everything: swapped: 0.ensemble is not what manifest.json says"},
		{"merge a.3-shards/1 damaged a.3-shards/3 -o out", exitFailed, "damaged: 4.ensemble: part of a run"},
		{"merge a.3-shards --sha256 00ff -o out", exitFailed, "expected 00ff"},
		{"merge a.3-shards --scenario changed/sliced.yaml -o out", exitFailed, "changed/sliced.yaml: says something else than when the shards were run"},
		{"merge a.3-shards --scenario changed/same.yaml -o out", exitFailed, "its data are not those with which the shards were run: btc.price in btc.csv"},
		{"merge lying -o out", exitFailed, "which the shards say"},
		{"merge sweep.3-shards/2 --scenario sliced.yaml -o out", exitFailed, "missing"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), append([]string{"ebb"}, strings.Fields(c.args)...), &stdout, &stderr); code != c.code || !strings.Contains(stderr.String(), c.want) {
			t.Errorf("%s: exit code %d, want %q, found\n%s", c.args, code, c.want, &stderr)
		}
	}
	for _, name := range []string{"out", "out.2-shards"} {
		if left, err := os.ReadDir(name); len(left) > 0 || err == nil && name == "out" {
			t.Errorf("%s is there: %v", name, left)
		}
	}
}
