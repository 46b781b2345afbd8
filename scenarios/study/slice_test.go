package study_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/scenarios/study"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func ready(t *testing.T, yaml string) *study.Study {
	t.Helper()
	s, err := scenarios.Parse("x.yaml", []byte(yaml), nil)
	if err != nil {
		t.Fatal(err)
	}
	st, err := study.Ready(s, files(nil))
	if err != nil {
		t.Fatal(err)
	}
	return st
}

const drawnTogether = loop + `
sweep: {redemption.response: [0, 2bn, 5bn]}
`

// The parts of the paths follow on one another, have whole groups, and none has a group
// more than another.
func TestSlice(t *testing.T) {
	st := ready(t, "name: x\ntitle: X\nmarket: {btc: {price: 100, volatility: 50%, depth_1pct: 3bn}}\nsimulate: {steps: 3, paths: 460, news: gbm, variance: stratified}\noutcomes: [return]\n")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "parts")
		next, least, most := 0, 460, 0
		for i := range n {
			from, to := st.Slice(i, n)
			if from != next || from > to || from%20 != 0 || to%20 != 0 {
				t.Fatalf("part %d of %d is from %d to %d, after %d", i, n, from, to, next)
			}
			next, least, most = to, min(least, to-from), max(most, to-from)
		}
		if next != 460 || most > least+20 {
			t.Fatalf("%d parts end at %d and have from %d to %d paths", n, next, least, most)
		}
	})
}

// What slices gave takes the place of the runs, each where it belongs, and the study is
// the same; what cannot be had ends it.
func TestGatheredStudy(t *testing.T) {
	want := execute(t, drawnTogether, nil)
	shards := map[int][][]byte{}
	for _, part := range [][2]int{{0, 150}, {150, 151}, {151, 400}} {
		err := ready(t, drawnTogether).RunSlice(context.Background(), part[0], part[1], study.Options{Workers: 2}, func(number int, e *montecarlo.Ensemble) error {
			var b bytes.Buffer
			err := e.Encode(&b)
			shards[number] = append(shards[number], b.Bytes())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(shards) != 6 { // base, two comparisons, three values
		t.Errorf("%d runs", len(shards))
	}
	gather := func(number int, s montecarlo.Subject, base *montecarlo.Subject) (*montecarlo.Ensemble, error) {
		return montecarlo.Gather(func(yield func(*montecarlo.Ensemble, error) bool) {
			for _, text := range shards[number] {
				if !yield(montecarlo.Decode(bytes.NewReader(text), s, base)) {
					return
				}
			}
		})
	}
	got := ready(t, drawnTogether)
	if err := got.Complete(context.Background(), study.Options{Gather: gather}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Outcomes, got.Outcomes, cmpopts.IgnoreFields(outcome.Outcome{}, "Of")); diff != "" {
		t.Errorf("outcomes (-run +gathered):\n%s", diff)
	}
	if diff := cmp.Diff(want.Sweep.Outcomes, got.Sweep.Outcomes, cmpopts.IgnoreFields(outcome.Outcome{}, "Of")); diff != "" {
		t.Errorf("sweep (-run +gathered):\n%s", diff)
	}
	if want.Base.Chosen != got.Base.Chosen || !slices.Equal(want.Warnings, got.Warnings) {
		t.Errorf("path %d and %q, want %d and %q", got.Base.Chosen, got.Warnings, want.Base.Chosen, want.Warnings)
	}

	lost := errors.New("the second shard is lost")
	err := ready(t, drawnTogether).Complete(context.Background(), study.Options{Gather: func(number int, s montecarlo.Subject, base *montecarlo.Subject) (*montecarlo.Ensemble, error) {
		if number == 4 {
			return nil, lost
		}
		return gather(number, s, base)
	}})
	if !errors.Is(err, lost) || err.Error() != "redemption.response = 2bn: the second shard is lost" {
		t.Errorf("a shard that is lost: %v", err)
	}
	if err := got.RunSlice(context.Background(), 7, 7, study.Options{}, nil); err == nil {
		t.Error("no path at all is no error")
	}
}
