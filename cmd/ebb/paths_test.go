package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/stats"
	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

// Two row groups, a column with a comma in its name, a comparison that lacks a series.
const keptScenario = `
name: kept
title: Kept
market: {btc: {price: 90000, volatility: 50%, depth_1pct: 3bn}}
mechanisms: [redemption: {asset: btc, aum: 100bn, persistence: 0.4, response: 2bn, same_day: 25%, innovation_sd: 300m}]
simulate: {from: 2026-01-05, steps: 60, paths: 2500, news: gbm}
compare:
  - {name: "half, with less", with: {redemption.response: 1bn}}
  - {without: [redemption]}
outcomes: [return]
`

// parquetRows reads a Parquet file: its columns by name, and its rows group by group.
func parquetRows(t *testing.T, content []byte) (names []string, groups [][]parquet.Row) {
	t.Helper()
	f, err := parquet.OpenFile(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range f.Schema().Columns() {
		names = append(names, strings.Join(path, "/"))
	}
	for _, g := range f.RowGroups() {
		rows := make([]parquet.Row, g.NumRows())
		reader := g.Rows()
		for n := 0; n < len(rows); {
			more, err := reader.ReadRows(rows[n:])
			if n += more; err != nil && (!errors.Is(err, io.EOF) || n < len(rows)) {
				t.Fatalf("%d of %d rows: %v", n, len(rows), err)
			}
		}
		for i := range rows {
			rows[i] = rows[i].Clone()
		}
		groups = append(groups, rows)
		reader.Close()
	}
	return names, groups
}

// Every path is there, step by step within a group of paths, and gives the quantiles of
// the result; all else is as in a result without them, and the bytes do not depend on
// the workers.
func TestKeepPaths(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("kept.yaml", []byte(keptScenario), 0o644); err != nil {
		t.Fatal(err)
	}
	ebb(t, "run", "kept.yaml", "-o", "plain")
	if said := ebb(t, "run", "kept.yaml", "-o", "kept", "--keep-paths", "--workers", "1"); !strings.Contains(said, "all 2,500 paths in kept/paths.parquet") {
		t.Errorf("said %s", said)
	}
	want := folder(t, "kept")
	for _, workers := range []string{"8"} {
		ebb(t, "run", "kept.yaml", "-o", "again", "--keep-paths", "--workers", workers)
		if !maps.EqualFunc(want, folder(t, "again"), bytes.Equal) {
			t.Errorf("%s workers: not the same bytes", workers)
		}
	}
	checkManifest(t, want)
	names, groups := parquetRows(t, want[pathsName])
	delete(want, pathsName)
	plain := folder(t, "plain")
	delete(want, manifestName)
	delete(plain, manifestName)
	if diff := cmp.Diff(plain, want); diff != "" {
		t.Error(diff)
	}

	columns := []string{"path", "step", "date", "btc.price", "btc.etf_flow", "btc.etf_aum", "btc.price: half, with less", "btc.etf_flow: half, with less", "btc.etf_aum: half, with less", "btc.price: without redemption"}
	if diff := cmp.Diff(columns, names); diff != "" {
		t.Fatal(diff)
	}
	values, first := make([][61][]float64, len(names)), 0
	if len(groups) != 2 {
		t.Errorf("%d row groups", len(groups))
	}
	for _, rows := range groups {
		paths := len(rows) / 61
		for i, row := range rows {
			step, path := i/paths, first+i%paths
			if row[0].Int64() != int64(path) || row[1].Int32() != int32(step) || row[2].Int32() != int32(20458+step) { // 2026-01-05 is day 20458 from 1970-01-01
				t.Fatalf("row %d of a group is %v, expected path %d and step %d", i, row, path, step)
			}
			for c, v := range row[3:] {
				if !v.IsNull() {
					values[3+c][step] = append(values[3+c][step], v.Double())
				}
			}
		}
		first += paths
	}
	if first != 2500 {
		t.Errorf("%d paths", first)
	}
	compareQuantiles(t, plain["quantiles.csv"], names, values)
}

func compareQuantiles(t *testing.T, text []byte, names []string, values [][61][]float64) {
	t.Helper()
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines[1:] {
		name := line[1]
		if line[0] != "with everything" {
			name += ": " + line[0]
		}
		step, err := strconv.Atoi(line[2])
		if err != nil {
			t.Fatal(err)
		}
		found := values[slices.Index(names, name)][step]
		slices.Sort(found)
		got := []string{strconv.Itoa(len(found))}
		for _, p := range []float64{.01, .05, .1, .25, .5, .75, .9, .95, .99} {
			cell := "" // of a series that no path has
			if q, err := stats.Quantile(found, p); err == nil {
				cell = strconv.FormatFloat(q, 'g', -1, 64)
			}
			got = append(got, cell)
		}
		if diff := cmp.Diff(line[4:], got); diff != "" {
			t.Fatalf("%s at step %d:\n%s", name, step, diff)
		}
	}
	if len(lines) != 1+7*61 {
		t.Errorf("%d lines of quantiles", len(lines))
	}
}

// A run without dates has none, and one in hours has times.
func TestKeepPathsDates(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, c := range map[string]struct{ when, columns, second string }{
		"undated": {"", "path step btc.price", "<null>"},
		"hours":   {"from: 2026-01-05, step: 1h, ", "path step date btc.price", "1767574800000000"},
	} {
		text := "name: " + name + "\ntitle: Kept\nmarket: {btc: {price: 90000, volatility: 50%, depth_1pct: 3bn}}\nsimulate: {" + c.when + "steps: 2, paths: 3, news: gbm}\noutcomes: [return]\n"
		if err := os.WriteFile(name+".yaml", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		ebb(t, "run", name+".yaml", "--keep-paths")
		names, groups := parquetRows(t, folder(t, filepath.Join("out", name))[pathsName])
		if got := strings.Join(names, " "); got != c.columns {
			t.Errorf("%s: columns %s", name, got)
		}
		if len(groups) != 1 || len(groups[0]) != 9 {
			t.Fatalf("%s: %d groups", name, len(groups))
		}
		if at := slices.Index(names, "date"); at >= 0 && groups[0][3][at].String() != c.second {
			t.Errorf("%s: the second step is at %v", name, groups[0][3][at])
		}
	}
}

// A disk that is full leaves nothing, not even the beginning of a file, and says why.
func TestStreamedFileFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "result")
	u, err := beginFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	full := errors.New("no space left on device")
	_, err = u.stream(pathsName, func(w io.Writer) error {
		if _, err := io.WriteString(w, "PAR1"); err != nil {
			return err
		}
		w.(*hashed).w = noRoom{full}
		if _, err := io.WriteString(w, "more"); !errors.Is(err, full) {
			t.Errorf("the writer is told %v", err)
		}
		return errors.New("a library that does not say why")
	})
	if err == nil || err.Error() != filepath.Join(dir, pathsName)+": no space left on device; nothing was written" {
		t.Errorf("a full disk: %v", err)
	}
	if err := u.drop(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

type noRoom struct{ err error }

func (f noRoom) Write([]byte) (int, error) { return 0, f.err }

// A run that is stopped while it writes its paths leaves nothing.
func TestKeepPathsStopped(t *testing.T) {
	t.Chdir(t.TempDir())
	s, err := readScenario("redemption-loop", []scenarios.Override{{Key: "simulate.paths", Value: "2500"}, {Key: "attribute", Value: "~"}, {Key: "reverse", Value: "~"}})
	if err != nil {
		t.Fatal(err)
	}
	st, err := study.Execute(context.Background(), s, library{folder: ".", anywhere: true}, study.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	begun := false
	_, err = leaveStudy(ctx, st, leaving{dir: "result", formats: formats[:1], keepPaths: true}, study.Options{Workers: 2, Progress: func(string, int, int) { begun = true; cancel() }})
	if !errors.Is(err, context.Canceled) || !begun {
		t.Errorf("a run that was stopped: begun %t, %v", begun, err)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
