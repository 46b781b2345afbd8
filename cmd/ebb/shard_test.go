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
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Every piece of the work is in one shard, and no shard has two more than another.
func TestShardsPartition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		count, pieces := rapid.IntRange(1, 40).Draw(t, "count"), rapid.IntRange(0, 300).Draw(t, "pieces")
		least, most, sum := pieces, 0, 0
		for i := range count {
			n := shard{i + 1, count}.size(pieces)
			least, most, sum = min(least, n), max(most, n), sum+n
		}
		if sum != pieces || most > least+1 {
			t.Fatalf("%d pieces in %d shards: %d of them, from %d to %d", pieces, count, sum, least, most)
		}
		for piece := range pieces {
			in := 0
			for i := range count {
				if (shard{i + 1, count}).has(piece) {
					in++
				}
			}
			if in != 1 {
				t.Fatalf("piece %d is in %d shards", piece, in)
			}
		}
	})
	// Of a grid of 4 by 4 no shard has a whole column.
	if got := (shard{1, 4}); !got.has(0) || !got.has(7) || !got.has(10) || !got.has(13) {
		t.Error("the first shard of 4 is not the diagonal of a grid of 4 by 4")
	}
}

func TestParseShard(t *testing.T) {
	if s, err := parseShard("3/16"); err != nil || s != (shard{3, 16}) || s.String() != "3/16" || s.folder("out/x") != filepath.FromSlash("out/x.16-shards/03") {
		t.Errorf("%v in %s, %v", s, s.folder("out/x"), err)
	}
	for _, text := range []string{"", "0/4", "5/4", "1", "1/", "/4", "-1/4", "1/4/2", "a/b", "1.5/4", "1/100001"} {
		if s, err := parseShard(text); err == nil || exitCode(err) != exitUsage {
			t.Errorf("%q is %v, %v", text, s, err)
		}
	}
}

func TestScheduledShard(t *testing.T) {
	slurm := func(id, count, first, last, step string) map[string]string {
		return map[string]string{"SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_COUNT": count, "SLURM_ARRAY_TASK_MIN": first, "SLURM_ARRAY_TASK_MAX": last, "SLURM_ARRAY_TASK_STEP": step}
	}
	with := func(set map[string]string, more ...string) map[string]string {
		for i := 0; i < len(more); i += 2 {
			set[more[i]] = more[i+1]
		}
		return set
	}
	for _, c := range []struct {
		set  map[string]string
		want string
	}{
		{nil, ""},
		{slurm("0", "4", "0", "3", "1"), "1/4"},
		{slurm("4", "4", "1", "4", "1"), "4/4"},
		{slurm("19", "4", "13", "22", "3"), "3/4"},
		{slurm("7", "1", "7", "7", "1"), "1/1"},
		{map[string]string{"JOB_COMPLETION_INDEX": "0", "EBB_SHARDS": "4"}, "1/4"},
		{map[string]string{"AWS_BATCH_JOB_ARRAY_INDEX": "3", "AWS_BATCH_JOB_ARRAY_SIZE": "4"}, "4/4"},
		{with(slurm("1", "4", "0", "3", "1"), "EBB_SHARDS", "4"), "2/4"},
		{with(slurm("1", "4", "0", "3", "1"), "AWS_BATCH_JOB_ARRAY_INDEX", "1", "AWS_BATCH_JOB_ARRAY_SIZE", "4"), "2/4"},
		// An array with gaps says nothing of a task's place in it.
		{slurm("3", "3", "1", "7", "1"), "! SLURM_ARRAY_TASK_COUNT is 3 from 1 to 7 in steps of 1, expected an array without gaps"},
		{slurm("20", "5", "1", "20", "2"), "! expected an array without gaps"},
		{slurm("2", "4", "1", "7", "2"), "! SLURM_ARRAY_TASK_ID is 2, which is not from 1 to 7 in steps of 2"},
		{slurm("9", "4", "1", "7", "2"), "! SLURM_ARRAY_TASK_ID is 9, which is not from 1 to 7"},
		{slurm("1", "4", "", "4", "x"), "! SLURM_ARRAY_TASK_MIN: found \"\", expected a whole number\nSLURM_ARRAY_TASK_STEP: found \"x\""},
		{slurm("1", "4", "1", "4", "0"), "! in steps of 0"},
		{map[string]string{"JOB_COMPLETION_INDEX": "2"}, "! EBB_SHARDS: found \"\""},
		{map[string]string{"JOB_COMPLETION_INDEX": "4", "EBB_SHARDS": "4"}, "! JOB_COMPLETION_INDEX is 4, expected less than EBB_SHARDS, which is 4"},
		{map[string]string{"AWS_BATCH_JOB_ARRAY_INDEX": "-1", "AWS_BATCH_JOB_ARRAY_SIZE": "4"}, "! found \"-1\""},
		{map[string]string{"AWS_BATCH_JOB_ARRAY_INDEX": "1"}, "! AWS_BATCH_JOB_ARRAY_SIZE: found \"\""},
		{map[string]string{"EBB_SHARDS": "4"}, "! EBB_SHARDS is 4, but no variable says which"},
		{with(slurm("1", "4", "0", "3", "1"), "EBB_SHARDS", "8"), "! EBB_SHARDS is 8, but SLURM_ARRAY_TASK_ID gives shard 2/4"},
		{with(slurm("1", "4", "0", "3", "1"), "JOB_COMPLETION_INDEX", "2", "EBB_SHARDS", "4"), "! SLURM_ARRAY_TASK_ID gives shard 2/4, JOB_COMPLETION_INDEX gives 3/4"},
	} {
		got, err := scheduledShard(func(name string) string { return c.set[name] })
		fault, wrong := strings.CutPrefix(c.want, "! ")
		switch {
		case wrong && (err == nil || !strings.Contains(err.Error(), fault)):
			t.Errorf("%v: %v, %v, want %q", c.set, got, err, fault)
		case !wrong && (err != nil || got.String() != c.want):
			t.Errorf("%v: %v, %v, want %q", c.set, got, err, c.want)
		}
	}
}

// The last cell of each row cannot be run.
var smallSweep = []string{"sweep", "redemption-loop", "--vary", "redemption.response=0..2bn/3", "--vary", "market.btc.depth_1pct=3bn,9bn,-1", "--paths", "20"}

// A sweep in shards is the sweep in one piece, byte for byte, whatever the number of
// shards and of workers.
func TestShardsMerged(t *testing.T) {
	t.Chdir(t.TempDir())
	ebb(t, append(smallSweep, "-o", "whole")...)
	want := folder(t, "whole")
	if !bytes.Contains(want["cells.csv"], []byte("expected more than 0")) {
		t.Error("no cell has failed")
	}
	for _, count := range []int{1, 4, 16} {
		for _, workers := range []int{1, 2, 8} {
			dir := fmt.Sprintf("s%d-%d", count, workers)
			for i := count; i > 0; i-- {
				ebb(t, append(smallSweep, "--workers", fmt.Sprint(workers), "-o", dir, "--shard", fmt.Sprintf("%d/%d", i, count))...)
			}
			ebb(t, "merge", shardsFolder(dir, count), "-o", dir)
			if diff := cmp.Diff(want, folder(t, dir)); diff != "" {
				t.Errorf("%d shards, %d workers (-whole +merged):\n%s", count, workers, diff)
			}
		}
	}
}

// A task of an array takes its shard from the environment; what is finished is not run
// again; a shard that was changed is.
func TestShardOfTask(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("JOB_COMPLETION_INDEX", "1")
	t.Setenv("EBB_SHARDS", "2")
	args := append(smallSweep, "-o", "s")
	if said := ebb(t, args...); !strings.Contains(said, "shard 2/2, 4 of 9 cells: finished in s.2-shards/2") {
		t.Errorf("said %s", said)
	}
	if said := ebb(t, args...); !strings.Contains(said, "finished before") {
		t.Errorf("said %s", said)
	}
	rows := filepath.Join("s.2-shards", "2", rowsName)
	text, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(rows, text[:len(text)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if said := ebb(t, args...); !strings.Contains(said, "finished in") {
		t.Errorf("a shard that was cut short: %s", said)
	}
	if again, err := os.ReadFile(rows); err != nil || !bytes.Equal(again, text) {
		t.Errorf("the shard is not what it was: %v", err)
	}
	if said := ebb(t, append(args, "--shard", "all")...); !strings.Contains(said, "9 cells of 20 paths") {
		t.Errorf("--shard all: %s", said)
	}
	var stdout, stderr bytes.Buffer
	t.Setenv("EBB_SHARDS", "1")
	if code := run(context.Background(), append([]string{"ebb"}, args...), &stdout, &stderr); code != exitUsage || !strings.Contains(stderr.String(), "--shard i/n says it without a scheduler") {
		t.Errorf("exit code %d, %s", code, &stderr)
	}
}

// A merge that waits goes on when the last shard has come.
func TestMergeWaits(t *testing.T) {
	t.Chdir(t.TempDir())
	ebb(t, append(smallSweep, "-o", "whole")...)
	ebb(t, append(smallSweep, "-o", "s", "--shard", "2/2")...)
	late := make(chan int)
	go func() {
		time.Sleep(200 * time.Millisecond)
		var out bytes.Buffer
		late <- run(context.Background(), append(append([]string{"ebb"}, smallSweep...), "-o", "s", "--shard", "1/2"), &out, &out)
	}()
	var stdout, stderr bytes.Buffer
	code := run(context.Background(), []string{"ebb", "merge", "s.2-shards", "--wait", "1m", "-o", "s"}, &stdout, &stderr)
	if done := <-late; code != exitDone || done != exitDone || !strings.Contains(stderr.String(), "waiting: of 2 shards 1 are missing: 1") {
		t.Fatalf("exit codes %d and %d: %s", code, done, &stderr)
	}
	if diff := cmp.Diff(folder(t, "whole"), folder(t, "s")); diff != "" {
		t.Error(diff)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	if code := run(ctx, []string{"ebb", "merge", "s.3-shards", "--wait", "1h"}, &stdout, &stderr); code != exitFailed {
		t.Errorf("a merge that is stopped: exit code %d", code)
	}
}

// What does not belong together is not merged; all that is wrong is told.
func TestMergeChecks(t *testing.T) {
	ours, err := build()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, part := range []string{"1/3", "2/3", "3/3"} {
		ebb(t, append(smallSweep, "-o", "a", "--shard", part)...)
	}
	ebb(t, append(smallSweep, "-o", "b", "--seed", "7", "--shard", "2/3")...)
	ebb(t, append(smallSweep[:4:4], "--paths", "20", "-o", "c", "--shard", "3/3")...)
	ebb(t, append(smallSweep, "-o", "d", "--shard", "2/4")...)
	changed := func(name, from string, change func(*shardManifest)) {
		files := folder(t, from)
		var m shardManifest
		if err := json.Unmarshal(files[manifestName], &m); err != nil {
			t.Fatal(err)
		}
		change(&m)
		text, err := encode(m)
		if err != nil {
			t.Fatal(err)
		}
		if err := writeFolder(context.Background(), name, []file{{rowsName, files[rowsName]}, {manifestName, text}}); err != nil {
			t.Fatal(err)
		}
	}
	changed("version", "a.3-shards/3", func(m *shardManifest) { m.Ebb = "v9" })
	changed("program", "a.3-shards/3", func(m *shardManifest) { m.Ebb = version() + " 00ff00ff00ff" })
	changed("data", "a.3-shards/3", func(m *shardManifest) { m.Sweep.Histories[1].SHA256 = "00ff" })
	changed("hash", "a.3-shards/3", func(m *shardManifest) { m.SHA256 = "00ff" })
	changed("wrong", "a.3-shards/2", func(m *shardManifest) { m.Shard.Index = 3 })
	changed("cut", "a.3-shards/3", func(m *shardManifest) { m.Files[0].Bytes-- })
	if err := os.Mkdir("empty", 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		folders string
		want    []string
	}{
		{"a.3-shards/1", []string{"of 3 shards 2 are missing: 2–3"}},
		{"a.3-shards/2 a.3-shards/2", []string{"shard 2/3 is there 2 times: a.3-shards/2, a.3-shards/2", "of 3 shards 2 are missing: 1, 3"}},
		{"a.3-shards b.3-shards", []string{"not the same scenario", "in a.3-shards/1, a.3-shards/2, a.3-shards/3; ", "in b.3-shards/2", "shard 2/3 is there 2 times"}},
		{"a.3-shards/1 a.3-shards/2 c.3-shards", []string{"not the same parameters that are varied", "in c.3-shards/3"}},
		{"a.3-shards d.4-shards", []string{"not the same number of shards: 3 in a.3-shards/1, a.3-shards/2, a.3-shards/3; 4 in d.4-shards/2"}},
		{"a.3-shards/1 a.3-shards/2 version", []string{`not the same version of ebb: "` + ours + `" in a.3-shards/1, a.3-shards/2; "v9" in version`}},
		{"a.3-shards/1 a.3-shards/2 program", []string{`not the same version of ebb: "` + ours + `" in a.3-shards/1, a.3-shards/2; "` + version() + ` 00ff00ff00ff" in program`}},
		{"version", []string{"the shards were made by ebb v9, expected " + ours, "of 3 shards 2 are missing"}},
		{"a.3-shards/1 a.3-shards/2 data", []string{"not the same data", `00ff`, "in data"}},
		{"a.3-shards/1 a.3-shards/2 hash", []string{"not the same sweep", `"00ff" in hash`}},
		{"a.3-shards/1 a.3-shards/2 wrong", []string{"wrong: cell 2 is not where it should be"}},
		{"a.3-shards/1 a.3-shards/2 cut", []string{"cut: rows.jsonl is not what manifest.json says"}},
		{"a.3-shards empty nowhere", []string{"empty: no shard", "nowhere: no shard"}},
		{"a.3-shards --sha256 00ff", []string{"expected 00ff"}},
	} {
		var stdout, stderr bytes.Buffer
		code := run(context.Background(), append(append([]string{"ebb", "merge"}, strings.Fields(c.folders)...), "-o", "out"), &stdout, &stderr)
		for _, want := range c.want {
			if code == exitDone || !strings.Contains(stderr.String(), want) {
				t.Errorf("merge %s: exit code %d, want %q, found\n%s", c.folders, code, want, &stderr)
			}
		}
	}
	if _, err := os.Stat("out"); !os.IsNotExist(err) {
		t.Errorf("a result of shards that do not belong together: %v", err)
	}
}
