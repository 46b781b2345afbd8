package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A sweep that is stopped keeps its finished cells, goes on where it was, and ends in
// the same bytes as one that was not.
func TestSweepInterruptedAndResumed(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	args := func(out string) []string {
		return []string{"ebb", "sweep", "redemption-loop", "--vary", "redemption.response=0..4bn/12", "--vary", "market.btc.depth_1pct=1bn..9bn/log5", "--paths", "120", "-o", out}
	}
	ebb(t, args("whole")[1:]...)

	ctx, cancel := context.WithCancel(context.Background())
	go func() { // once some cells are safe
		for range 10_000 {
			if text, err := os.ReadFile("stopped.unfinished.jsonl"); err == nil && bytes.Count(text, []byte("\n")) > 3 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	var stdout, stderr bytes.Buffer
	if code := run(ctx, args("stopped"), &stdout, &stderr); code != exitFailed || !strings.Contains(stderr.String(), "of 60 cells are finished and kept in stopped.unfinished.jsonl") {
		t.Fatalf("exit code %d, %s", code, &stderr)
	}
	if _, err := os.Stat("stopped"); !os.IsNotExist(err) {
		t.Errorf("a result folder of a stopped sweep: %v", err)
	}
	kept, err := os.ReadFile("stopped.unfinished.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.Count(kept, []byte("\n"))
	// As two that did the same work and a kill would leave it: the last cell twice, and
	// then a line cut short.
	last := kept[bytes.LastIndexByte(kept[:len(kept)-1], '\n')+1:]
	if err := os.WriteFile("stopped.unfinished.jsonl", slices.Concat(kept, last, []byte(`{"cell":59,"val`)), 0o644); err != nil {
		t.Fatal(err)
	}
	other := append(args("stopped"), "--seed", "7")
	stderr.Reset()
	if code := run(context.Background(), other, &stdout, &stderr); code != exitFailed || !strings.Contains(stderr.String(), "holds the cells of another sweep") {
		t.Errorf("another sweep took the journal: exit code %d, %s", code, &stderr)
	}
	ebb(t, args("stopped")[1:]...)
	for _, name := range []string{"cells.csv", "summary.json", "manifest.json"} {
		want, err := os.ReadFile(filepath.Join("whole", name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("stopped", name))
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s differs from that of a sweep that was not stopped after %d lines (%v)", name, lines, err)
		}
	}
	if _, err := os.Stat("stopped.unfinished.jsonl"); !os.IsNotExist(err) {
		t.Errorf("the journal is still there: %v", err)
	}
}
