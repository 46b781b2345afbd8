package stats_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ebb-sim/ebb/sim/stats"
)

// Falls of 20 % for 2 steps, of 10 % for 5 and of 50 % for 1 that has not ended.
var threeFalls = []float64{100, 80, 100, 110, 99, 104.5, 100, 104.5, 110, 120, 60}

func TestLongestDrawdown(t *testing.T) {
	got, err := stats.LongestDrawdown(threeFalls)
	if err != nil {
		t.Fatal(err)
	}
	want := stats.Drawdown{Depth: got.Depth, Peak: 3, Trough: 4, End: 8, Recovered: true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	near(t, "depth", got.Depth, -0.1)
	dated, err := got.Dated(from(date(t, "2024-01-01"), oneDay, len(threeFalls)))
	if err != nil || dated.Peak != date(t, "2024-01-04") || !dated.Recovery.Equal(date(t, "2024-01-09")) {
		t.Errorf("%+v, error %v", dated, err)
	}
	if none, err := stats.LongestDrawdown([]float64{1, 2, 2}); err != nil || none != (stats.Drawdown{}) {
		t.Errorf("%+v, error %v, of a path that never falls", none, err)
	}
	d, err := stats.LongestDrawdown([]float64{1, nan})
	wantError(t, "gap", d.Depth, err, stats.ErrGap)
}

func TestAverageDrawdown(t *testing.T) {
	sample := stats.Sample{Prices: threeFalls, Times: from(date(t, "2024-01-01"), oneDay, len(threeFalls)), PeriodsPerYear: 365}
	for _, c := range []struct {
		profile stats.Profile
		name    string
		want    float64
	}{
		{stats.EBB, "average_drawdown", -0.8 / 3},
		{stats.EBB, "average_drawdown_length", 8. / 3},
		{stats.EBB, "longest_drawdown_length", 5},
		{stats.EBB, "time_under_water", 6. / 10},
		{stats.QuantStats, "longest_drawdown_length", 4},    // days below 110
		{stats.QuantStats, "average_drawdown_length", 2},    // 1, 4 and 1
		{stats.VectorBT, "average_drawdown", -0.6 / 2},      // begins at 80
		{stats.VectorBT, "average_drawdown_length", 5. / 2}, // 4 and 1
		{stats.VectorBT, "time_under_water", 5. / 10},
	} {
		s, ok := c.profile.Lookup(c.name)
		if !ok {
			t.Fatalf("%s has no %s", c.profile, c.name)
		}
		got, err := s.Compute(sample)
		if err != nil {
			t.Error(err)
		}
		near(t, string(c.profile)+" "+c.name, got, c.want)
	}
}
