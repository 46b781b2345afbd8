package luck_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/sim/backtest/luck"
	"github.com/ebb-sim/ebb/sim/stats"
)

func TestWindows(t *testing.T) {
	type (
		w = luck.Window
		r = luck.Range
	)
	for name, c := range map[string]struct {
		n     int
		split luck.Split
		want  []w
	}{
		"rolling": {10, luck.Split{Train: 4, Test: 3}, []w{
			{[]r{{0, 4}}, r{4, 7}}, {[]r{{3, 7}}, r{7, 10}},
		}},
		"anchored": {10, luck.Split{Train: 4, Test: 3, Anchored: true}, []w{
			{[]r{{0, 4}}, r{4, 7}}, {[]r{{0, 7}}, r{7, 10}},
		}},
		"last window shorter": {9, luck.Split{Train: 4, Test: 3}, []w{
			{[]r{{0, 4}}, r{4, 7}}, {[]r{{3, 7}}, r{7, 9}},
		}},
		"purged": {10, luck.Split{Train: 4, Test: 3, Purge: 2}, []w{
			{[]r{{0, 2}}, r{4, 7}}, {[]r{{3, 5}}, r{7, 10}},
		}},
		// The first test window ends before step 7, the second before step 10: steps 7 and
		// 10 follow them. Step 10 is in the third test window.
		"embargo, anchored": {13, luck.Split{Train: 4, Test: 3, Embargo: 1, Anchored: true}, []w{
			{[]r{{0, 4}}, r{4, 7}}, {[]r{{0, 7}}, r{7, 10}}, {[]r{{0, 7}, {8, 10}}, r{10, 13}},
		}},
		"embargo, rolling, purged": {16, luck.Split{Train: 8, Test: 2, Purge: 1, Embargo: 1}, []w{
			{[]r{{0, 7}}, r{8, 10}},
			{[]r{{2, 9}}, r{10, 12}},
			{[]r{{4, 10}}, r{12, 14}}, // step 10 is under embargo, step 11 purged
			{[]r{{6, 10}, {11, 12}}, r{14, 16}},
		}},
	} {
		got, err := luck.Windows(c.n, c.split)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestWindowsRefused(t *testing.T) {
	_, err := luck.Windows(10, luck.Split{Train: 0, Test: 0, Purge: -1, Embargo: -1})
	wantError(t, "nothing right", err, stats.ErrArgument, "training windows of 0", "test windows of 0", "-1 steps purged", "embargo of -1")
	_, err = luck.Windows(10, luck.Split{Train: 4, Test: 3, Purge: 4})
	wantError(t, "all purged", err, stats.ErrArgument, "4 steps purged, expected from 0 to less than the 4")
	_, err = luck.Windows(4, luck.Split{Train: 4, Test: 3})
	wantError(t, "nothing to test", err, stats.ErrTooFew, "4 steps, expected more than the 4")
	_, err = luck.Windows(20, luck.Split{Train: 3, Test: 3, Embargo: 3})
	wantError(t, "all under embargo", err, stats.ErrArgument, "leaves nothing to train on before step 9")
}

// Each step from Train on is tested once; a step is trained on if and only if the definition
// allows it.
func TestWindowsFollowTheirDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := luck.Split{
			Train: rapid.IntRange(1, 20).Draw(t, "train"), Test: rapid.IntRange(1, 8).Draw(t, "test"),
			Embargo: rapid.IntRange(0, 6).Draw(t, "embargo"), Anchored: rapid.Bool().Draw(t, "anchored"),
		}
		s.Purge = rapid.IntRange(0, s.Train-1).Draw(t, "purge")
		n := rapid.IntRange(s.Train+1, 80).Draw(t, "n")
		windows, err := luck.Windows(n, s)
		if err != nil {
			return // an embargo over everything
		}
		next := s.Train
		var ends []int
		for _, w := range windows {
			if w.Test.From != next || w.Test.Len() < 1 || w.Test.Len() > s.Test {
				t.Fatalf("test window %+v after step %d", w.Test, next)
			}
			next = w.Test.To
			trained := make([]bool, n)
			for _, r := range w.Train {
				if r.Len() < 1 {
					t.Fatalf("empty range in %+v", w)
				}
				for i := r.From; i < r.To; i++ {
					trained[i] = true
				}
			}
			for i, got := range trained {
				want := i < w.Test.From-s.Purge && (s.Anchored || i >= w.Test.From-s.Train)
				for _, e := range ends {
					want = want && (i < e || i >= e+s.Embargo)
				}
				if got != want {
					t.Fatalf("step %d in training: %v, want %v; %+v", i, got, want, w)
				}
			}
			ends = append(ends, w.Test.To)
		}
		if next != n {
			t.Fatalf("tested up to step %d of %d", next, n)
		}
	})
}
