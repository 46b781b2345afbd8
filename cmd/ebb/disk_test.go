//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Every command that writes, on a disk that takes nothing more and on one that may not be
// written: an error that names the place, and the older result as it was. When there is
// room again the same command does its work.
func TestDiskThatTakesNothing(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=8m"); err != nil {
		t.Skipf("no small disk could be mounted here: %v", err)
	}
	defer syscall.Unmount(disk, syscall.MNT_DETACH)
	ebb, shards := program(t), open(t)
	do := func(args string) (int, string) { return exit(t, exec.Command(ebb, strings.Fields(args)...)) }
	must := func(args string) {
		t.Helper()
		if code, stderr := do(args); code != exitDone {
			t.Fatalf("ebb %s: %s", args, stderr)
		}
	}
	for _, seed := range []string{"1", "9"} {
		must("sweep redemption-loop --vary redemption.response=0,1bn --paths 20 --shard 1/1 --seed " + seed + " -o " + filepath.Join(shards, seed))
	}
	merged := func(seed string) string { return "merge " + shard{1, 1}.folder(filepath.Join(shards, seed)) + " -o " }
	for _, c := range []struct{ older, newer, place string }{
		{"run redemption-loop --paths 20 --set charts=[waves] -o ", "run redemption-loop --paths 20 --set charts=[waves] --seed 9 -o ", "run"},
		{"sweep redemption-loop --vary redemption.response=0,1bn --paths 20 -o ", "sweep redemption-loop --vary redemption.response=0,1bn --paths 20 --seed 9 -o ", "sweep"},
		{merged("1"), merged("9"), "merge"},
		{"backtest buy-and-hold -o ", "backtest buy-and-hold --set account.capital=2m -o ", "backtest"},
		{"stats histories/btc_usd.csv -o ", "stats histories/btc_usd.csv --risk-free 4% -o ", "stats"},
		{"calibrate redemption-loop -o ", "calibrate redemption-loop --set history.from=2025-09-02 -o ", "estimates.yaml"},
		{"data reconstruct -o ", "data reconstruct --seed 9 -o ", "histories"},
	} {
		place := filepath.Join(disk, c.place)
		must(c.older + place)
		before := folder(t, disk)
		fails := func(why string) {
			t.Helper()
			code, stderr := do(c.newer + place)
			if code != exitFailed || !strings.Contains(stderr, disk) || !strings.Contains(stderr, why) || strings.Contains(stderr, unfinishedName) {
				t.Errorf("%s: exit code %d, %q, expected %s and its place", c.place, code, stderr, why)
			}
			after := folder(t, disk)
			delete(after, c.place+".unfinished.jsonl") // of a sweep: empty, or its cells
			if !same(before, after) {
				t.Errorf("%s: %s: something has changed on the disk", c.place, why)
			}
		}
		filler := filepath.Join(disk, "filler")
		fill(t, filler)
		before["filler"] = folder(t, disk)["filler"]
		fails("no space left on device")
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		delete(before, "filler")
		if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
		fails("read-only file system")
		if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, ""); err != nil {
			t.Fatal(err)
		}
		must(c.newer + place)
		after := folder(t, disk)
		if same(before, after) {
			t.Errorf("%s: with room again nothing has changed", c.place)
		}
		if _, left := after[c.place+".unfinished.jsonl"]; left {
			t.Errorf("%s: the journal is still there", c.place)
		}
		if err := os.RemoveAll(place); err != nil {
			t.Fatal(err)
		}
	}
}

// fill writes until there is no room.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 4096)
	for {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}

// What has no end, or is of any size, is refused where a file is read, soon and without
// the memory for it.
func TestEndlessFiles(t *testing.T) {
	ebb, dir := program(t), open(t)
	sparse := func(name string) string {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := f.Truncate(10 << 30); err != nil {
			t.Skipf("no file of 10 GiB here: %v", err)
		}
		return path
	}
	fifo := filepath.Join(dir, "fifo.csv")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skipf("no FIFO on this file system, so no file without an end: %v", err)
	}
	zero := filepath.Join(dir, "zero.yaml")
	if err := os.Symlink("/dev/zero", zero); err != nil {
		t.Fatal(err)
	}
	csv, yaml := sparse("big.csv"), sparse("big.yaml")
	good := filepath.Join(dir, "good")
	if code, stderr := exit(t, exec.Command(ebb, "run", "redemption-loop", "--paths", "20", "--set", "charts=[waves]", "-o", good)); code != exitDone {
		t.Fatal(stderr)
	}
	shardOf := func(name string) string {
		place := filepath.Join(dir, name)
		if code, stderr := exit(t, exec.Command(ebb, "sweep", "redemption-loop", "--vary", "redemption.response=0,1bn", "--paths", "20", "--shard", "1/1", "-o", place)); code != exitDone {
			t.Fatal(stderr)
		}
		return shard{1, 1}.folder(place)
	}
	bigRows, bigManifest, bigSummary := shardOf("rows"), shardOf("manifest"), filepath.Join(dir, "summary")
	if err := os.CopyFS(bigSummary, os.DirFS(good)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(bigRows, rowsName), filepath.Join(bigManifest, manifestName), filepath.Join(bigSummary, summaryName), filepath.Join(dir, "stopped.unfinished.jsonl"), filepath.Join(dir, "other", manifestName)} {
		os.Remove(path)
		name, err := filepath.Rel(dir, path)
		if err != nil {
			t.Fatal(err)
		}
		sparse(name)
	}
	for _, args := range [][]string{
		{"check", csv, yaml, fifo, zero, "/dev/zero"}, {"data", "check", csv, fifo, "/dev/zero"}, {"stats", csv}, {"stats", fifo, "--kind", "price"}, {"run", yaml}, {"run", zero},
		{"backtest", yaml}, {"backtest", zero}, {"run", fifo}, {"calibrate", zero},
		{"run", "redemption-loop", "--set", "history.series.btc.price.file=" + csv}, {"run", "redemption-loop", "--set", "history.series.btc.price.file=/dev/zero"},
		{"merge", bigRows}, {"merge", bigManifest}, {"diff", good, bigSummary}, {"run", "redemption-loop", "-o", filepath.Join(dir, "other")},
		{"sweep", "redemption-loop", "--vary", "redemption.response=0,1bn", "--paths", "20", "-o", filepath.Join(dir, "stopped")},
	} {
		cmd := exec.Command(ebb, args...)
		code, stderr := exit(t, cmd)
		if code == exitDone || strings.Contains(stderr, "goroutine") || stderr == "" {
			t.Errorf("ebb %v: exit code %d, %s", args, code, stderr)
		}
		if used := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss >> 10; used > 300 {
			t.Errorf("ebb %v took %d MiB", args, used)
		}
	}
}
