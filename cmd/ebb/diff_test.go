package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/stats"
	"pgregory.net/rapid"
)

// The causes of a bridge sum to the difference of the return, and those of a
// mechanism that only one result has are its own.
func TestDiffCloses(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	ebb(t, "run", "treasury-liquidation", "--paths", "60", "-o", at("a"))
	ebb(t, "run", "treasury-liquidation", "--paths", "60", "-o", at("b"), "--seed", "7", "--set", "market.btc.depth_1pct=1.5bn",
		"--set", "compare=[]", "--set", "mechanisms.collateral=~", "--set", "outcomes=[btc.return]", "--set", "charts=[price]")
	var d comparison
	if err := json.Unmarshal([]byte(ebb(t, "diff", at("a"), at("b"), "--json")), &d); err != nil {
		t.Fatal(err)
	}
	if d.Paths == nil || len(d.Paths.Assets) != 2 {
		t.Fatalf("%+v, expected the bridges of two assets", d.Paths)
	}
	for _, asset := range d.Paths.Assets {
		sum, once := 0.0, 0
		for _, c := range asset.Causes {
			sum += c.Difference
			if c.A == nil || c.B == nil {
				once++
			}
		}
		if gap := math.Abs(sum - (*asset.Return.B - *asset.Return.A)); gap > 1e-12 || math.Abs(asset.Residual) > 1e-12 {
			t.Errorf("%s: the causes miss the difference of the return by %v, residual %v", asset.Asset, gap, asset.Residual)
		}
		if once == 0 {
			t.Errorf("%s: no cause is in one result only", asset.Asset)
		}
	}
	var changed []string
	for _, c := range d.Input {
		changed = append(changed, c.What+" "+c.Name)
	}
	want := "run seed|mechanism collateral|parameter market.btc.depth_1pct"
	if got := strings.Join(changed[:min(3, len(changed))], "|"); got != want {
		t.Errorf("changed %s, expected %s first", got, want)
	}
}

// For means with symmetric intervals MOVER is the root of the sum of squares; for
// two shares it is Newcombe's hybrid score interval, method 10 of his table II:
// 56/70 less 48/80 is .2000 [.0524, .3339].
func TestUnpairedInterval(t *testing.T) {
	mean := func(value, half float64) stats.Estimate {
		return stats.Estimate{Value: value, Low: value - half, High: value + half, Level: .95, N: 100}
	}
	share := func(k, n int) stats.Estimate {
		e, err := stats.EstimateProportion(k, n, .95)
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	fixed := stats.Estimate{Value: 1, Low: 1, High: 1, Level: 1, N: 1}
	for _, c := range []struct {
		name      string
		a, b      stats.Estimate
		want      [3]float64
		tolerance float64
		verdict   verdict
	}{
		{"3-4-5", mean(1, 3), mean(2, 4), [3]float64{1, -4, 6}, 1e-15, verdictNo},
		{"beyond", mean(1, .3), mean(2, .4), [3]float64{1, .5, 1.5}, 1e-15, verdictYes},
		{"Newcombe", share(48, 80), share(56, 70), [3]float64{.2, .0524, .3339}, 5e-5, verdictYes},
		{"one certain", fixed, mean(2, .4), [3]float64{1, .6, 1.4}, 1e-15, verdictYes},
		{"both certain", fixed, fixed, [3]float64{0, 0, 0}, 0, verdictExact},
		{"the same", mean(2, .4), mean(2, .4), [3]float64{0, -math.Hypot(.4, .4), math.Hypot(.4, .4)}, 1e-15, verdictSame},
	} {
		got := bridge(c.a, c.b)
		for i, v := range []float64{got.Difference.Value, got.Difference.Low, got.Difference.High} {
			if !(math.Abs(v-c.want[i]) <= c.tolerance) {
				t.Errorf("%s: %v, expected %v", c.name, got.Difference, c.want)
			}
		}
		if got.Verdict != c.verdict {
			t.Errorf("%s: larger than chance: %q, expected %q", c.name, got.Verdict, c.verdict)
		}
	}
	other := mean(2, .4)
	other.Level = .9
	for name, e := range map[string]stats.Estimate{"another level": other, "absent": {Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Level: .95}} {
		if got := bridge(mean(1, .3), e); got.Verdict != verdictUnknown || !math.IsNaN(got.Difference.Low) {
			t.Errorf("%s: %+v, expected no interval", name, got)
		}
	}
}

// Whatever stands in the files in place of what ebb wrote, with hashes that fit,
// gives an answer or a fault.
func TestDiffOfBrokenValues(t *testing.T) {
	dir := t.TempDir()
	good, broken := filepath.Join(dir, "good"), filepath.Join(dir, "broken")
	ebb(t, "run", "redemption-loop", "--paths", "20", "-o", good)
	files := folder(t, good)
	if err := os.Mkdir(broken, 0o755); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var summary, manifest any
		for name, v := range map[string]*any{summaryName: &summary, manifestName: &manifest} {
			if err := json.Unmarshal(files[name], v); err != nil {
				t.Fatal(err)
			}
		}
		inSummary := rapid.Bool().Draw(t, "in the summary")
		if inSummary {
			spoil(t, summary)
		}
		text, err := json.Marshal(summary)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range manifest.(map[string]any)["files"].([]any) {
			if entry := f.(map[string]any); entry["name"] == summaryName {
				entry["sha256"] = file{"", text}.sha256()
			}
		}
		if !inSummary {
			spoil(t, manifest)
		}
		vouching, err := json.Marshal(manifest)
		if err != nil {
			t.Fatal(err)
		}
		for name, content := range map[string][]byte{summaryName: text, manifestName: vouching} {
			if err := os.WriteFile(filepath.Join(broken, name), content, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for _, args := range [][]string{{good, broken}, {broken, good}, {broken, broken, "--json"}} {
			var stdout, stderr bytes.Buffer
			code := run(context.Background(), append([]string{"ebb", "diff"}, args...), &stdout, &stderr)
			if (code == exitDone) != (stderr.Len() == 0) || (code == exitDone) == (stdout.Len() == 0) {
				t.Fatalf("exit code %d\n%s%s", code, &stdout, &stderr)
			}
		}
	})
}

// spoil puts something else in the place of one value.
func spoil(t *rapid.T, v any) {
	for {
		var inner any
		var put func(any)
		switch x := v.(type) {
		case map[string]any:
			if len(x) == 0 {
				return
			}
			key := rapid.SampledFrom(slices.Sorted(maps.Keys(x))).Draw(t, "key")
			inner, put = x[key], func(other any) { x[key] = other }
		case []any:
			if len(x) == 0 {
				return
			}
			i := rapid.IntRange(0, len(x)-1).Draw(t, "entry")
			inner, put = x[i], func(other any) { x[i] = other }
		default:
			return
		}
		_, isMap := inner.(map[string]any)
		_, isList := inner.([]any)
		if isMap || isList {
			if !rapid.Bool().Draw(t, "here") {
				v = inner
				continue
			}
		}
		put(rapid.SampledFrom([]any{nil, 0., -1., 1e308, -1e308, "", "\x1b[2J", true, []any{}, []any{nil}, map[string]any{}}).Draw(t, "value"))
		return
	}
}
