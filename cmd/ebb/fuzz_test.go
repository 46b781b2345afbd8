package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/data/datatest/bounded"
	"github.com/ebb-sim/ebb/scenarios/sweep"
)

// seedResult is a result of a small run.
func seedResult(f *testing.F) (manifest, summary []byte) {
	f.Helper()
	dir := filepath.Join(f.TempDir(), "r")
	var stderr bytes.Buffer
	if code := run(f.Context(), []string{"ebb", "run", "redemption-loop", "--paths", "20", "--set", "charts=[price]", "--set", "compare=[]", "-o", dir}, io.Discard, &stderr); code != exitDone {
		f.Fatal(stderr.String())
	}
	for name, text := range map[string]*[]byte{manifestName: &manifest, summaryName: &summary} {
		var err error
		if *text, err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			f.Fatal(err)
		}
	}
	return manifest, summary
}

// Whatever stands in the manifest and the summary of a result, ebb diff finds a fault
// in a file of it, or a result that differs in nothing from itself.
func FuzzResult(f *testing.F) {
	manifest, summary := seedResult(f)
	f.Add(manifest, summary)
	f.Add([]byte(`{"ebb":"x","command":"sweep"}`), []byte(`{}`))
	f.Add([]byte(`{"ebb":"x","scenario_sha256":"y","scenario":"s","parameters":[{"path":"a","value":"1"}],"files":[{"name":"summary.json"}]}`),
		[]byte(`{"scenario":"s","scenario_sha256":"y","run":{"step":"1d","steps":9000000000000000000,"paths":1,"runs":["x"]},"outcomes":[{"name":"a","runs":[{"run":"x"}]}],"path":{"returns":[{"asset":"a"}],"ledger":[{"asset":"a","cause":"b"}]}}`))
	f.Add([]byte(strings.Repeat("[", 20000)), []byte(strings.Repeat(`{"a":`, 20000)))
	f.Fuzz(func(t *testing.T, manifest, summary []byte) {
		bounded.By(t, 64<<20+1000*uint64(len(manifest)+len(summary)), func() {
			r := &result{folder: "r"}
			fault := r.readManifest(manifest)
			if fault == nil {
				for i := range r.manifest.Files { // the hash that fits
					r.manifest.Files[i].SHA256 = file{"", summary}.sha256()
				}
				fault = r.readSummary(summary)
			}
			if fault != nil {
				if (fault.File != "r" && filepath.Dir(fault.File) != "r") || fault.Text+fault.Found+fault.Expected == "" {
					t.Fatalf("%#v does not say what is wrong with which file", fault)
				}
				return
			}
			d := compareResults(r, r)
			if len(d.Input) > 0 {
				t.Fatalf("a result differs from itself in %v", d.Input)
			}
			if err := printComparison(io.Discard, d); err != nil {
				t.Fatal(err)
			}
			if _, err := encode(d); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// seedShard is a shard of a small sweep: its manifest and its cells.
func seedShard(f *testing.F) (manifest, rows []byte) {
	f.Helper()
	dir := f.TempDir()
	var stderr bytes.Buffer
	if code := run(f.Context(), []string{"ebb", "sweep", "redemption-loop", "--paths", "20", "--vary", "redemption.response=0..1bn/3", "--set", "compare=[]", "--shard", "1/1", "-o", filepath.Join(dir, "s")}, io.Discard, &stderr); code != exitDone {
		f.Fatal(stderr.String())
	}
	folder := shard{1, 1}.folder(filepath.Join(dir, "s"))
	for name, text := range map[string]*[]byte{manifestName: &manifest, rowsName: &rows} {
		var err error
		if *text, err = os.ReadFile(filepath.Join(folder, name)); err != nil {
			f.Fatal(err)
		}
	}
	return manifest, rows
}

// Whatever stands in the files of a shard, ebb merge says which folder is at fault, or
// has rows of which it can make a result.
func FuzzShard(f *testing.F) {
	manifest, rows := seedShard(f)
	f.Add(manifest, rows)
	f.Add([]byte(`{"ebb":"x","command":"sweep","shard":{"index":1,"count":100000},"sweep":{"cells":9000000000000000000}}`), []byte("{}\n"))
	f.Add([]byte(`{"ebb":"x","command":"sweep","shard":{"index":1,"count":1},"sweep":{"cells":2,"axes":[{"key":"a"}],"outcomes":[{"name":"o"}]}}`), []byte(`{"cell":0,"values":["1"],"failed":"x"}{"cell":1,"values":["2"],"outcomes":[{}]}`))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, manifest, rows []byte) {
		bounded.By(t, 256<<20+1000*uint64(len(manifest)+len(rows)), func() {
			var m map[string]any
			if json.Unmarshal(manifest, &m) == nil && m != nil { // the hash that fits
				m["files"] = filesOf([]file{{rowsName, rows}})
				if fitting, err := json.Marshal(m); err == nil {
					manifest = fitting
				}
			}
			for name, text := range map[string][]byte{manifestName: manifest, rowsName: rows} {
				if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			shards, err := findShards([]string{dir})
			if err == nil {
				err = belong(shards, "")
			}
			var cells []sweep.Row
			if err == nil && shards[0].Command == "sweep" {
				if cells, err = mergedRows(shards); err == nil {
					_, err = newSweepResult(*shards[0].Sweep, cells).files(formats[:1])
				}
			}
			if err != nil && err.Error() == "" {
				t.Fatal("an error without words")
			}
		})
	})
}

// Whatever a kill or a full disk has left of a journal, it is refused, or its cells are
// those of the sweep, each once, and what is added after them is found again.
func FuzzJournal(f *testing.F) {
	manifest, rows := seedShard(f)
	var m shardManifest
	if err := json.Unmarshal(manifest, &m); err != nil {
		f.Fatal(err)
	}
	by, err := build()
	if err != nil {
		f.Fatal(err)
	}
	head, err := json.Marshal(journalHead{journalForm, by, "hash", ""})
	if err != nil {
		f.Fatal(err)
	}
	whole := append(append(head, '\n'), rows...)
	f.Add(whole)
	f.Add(whole[:len(whole)-7])
	f.Add(append(bytes.Clone(whole), `{"cell":1,"values":["1"]}`+"\n{}\n"...))
	f.Add(append(bytes.Clone(whole[:len(head)+1]), make([]byte, 5000)...))
	f.Add([]byte{})
	dir := filepath.Join(f.TempDir(), "r")
	f.Fuzz(func(t *testing.T, text []byte) {
		bounded.By(t, 64<<20+1000*uint64(len(text)), func() {
			path := dir + ".unfinished.jsonl"
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
			j, err := openJournal(dir, "hash", shard{}, m.Sweep.fits)
			if err != nil {
				if !strings.HasPrefix(err.Error(), path+": ") {
					t.Fatalf("%q does not name the file", err)
				}
				return
			}
			want := j.Done()
			seen := map[int]bool{}
			for _, row := range want {
				if err := m.Sweep.fits(row); err != nil || seen[row.Cell] {
					t.Fatalf("cell %d is there twice, or %v", row.Cell, err)
				}
				seen[row.Cell] = true
			}
			for cell := range m.Sweep.Cells {
				if row := (sweep.Row{Cell: cell, Values: []string{"1"}, Failed: "x"}); !seen[cell] {
					want = append(want, row)
					if err := j.Add(row); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := j.close(); err != nil {
				t.Fatal(err)
			}
			again, err := openJournal(dir, "hash", shard{}, m.Sweep.fits)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(asJSON(t, want), asJSON(t, again.Done())); diff != "" {
				t.Fatalf("(-kept +found again):\n%s", diff)
			}
			if err := again.remove(); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// asJSON is how rows are written; in memory an absent number is not equal to itself.
func asJSON(t *testing.T, rows []sweep.Row) string {
	t.Helper()
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
