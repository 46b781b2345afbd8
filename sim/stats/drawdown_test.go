package stats_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/ebb-sim/ebb/data/datatest"
	"github.com/ebb-sim/ebb/sim/stats"
)

var close12 = cmpopts.EquateApprox(0, 1e-12)

func TestDrawdowns(t *testing.T) {
	for name, c := range map[string]struct {
		prices []float64
		want   []stats.Drawdown // deepest first
	}{
		"rising":              {[]float64{1, 2, 3}, nil},
		"constant":            {[]float64{5, 5, 5}, nil},
		"first step":          {[]float64{100, 90, 95}, []stats.Drawdown{{Depth: -0.1, Peak: 0, Trough: 1, End: 2}}},
		"recovered to a cent": {[]float64{100, 90, 100}, []stats.Drawdown{{Depth: -0.1, Peak: 0, Trough: 1, End: 2, Recovered: true}}},
		"total loss":          {[]float64{100, 120, 0, 0}, []stats.Drawdown{{Depth: -1, Peak: 1, Trough: 2, End: 3}}},
		"peak on a plateau":   {[]float64{9, 10, 10, 8, 8, 11}, []stats.Drawdown{{Depth: -0.2, Peak: 2, Trough: 3, End: 5, Recovered: true}}},
		"several": {[]float64{100, 95, 100, 80, 90, 110, 99, 88, 120, 114},
			[]stats.Drawdown{
				{Depth: -0.2, Peak: 2, Trough: 3, End: 5, Recovered: true},
				{Depth: -0.2, Peak: 5, Trough: 7, End: 8, Recovered: true},
				{Depth: -0.05, Peak: 0, Trough: 1, End: 2, Recovered: true},
				{Depth: -0.05, Peak: 8, Trough: 9, End: 9},
			}},
	} {
		got, err := stats.WorstDrawdowns(c.prices, 10)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}

		if diff := cmp.Diff(c.want, got, close12, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
		deepest, err := stats.MaxDrawdown(c.prices)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want := stats.Drawdown{}
		if len(got) > 0 {
			want = got[0]
		}
		if deepest != want {
			t.Errorf("%s: deepest %+v, want %+v", name, deepest, want)
		}
	}
}

func TestWorstDrawdownsCount(t *testing.T) {
	prices := []float64{100, 99, 100, 97, 100, 98, 100}
	for k, want := range []int{0, 1, 2, 3, 3} {
		got, err := stats.WorstDrawdowns(prices, k)
		if err != nil || len(got) != want {
			t.Errorf("%d worst: %d, error %v", k, len(got), err)
		}
	}
	if _, err := stats.WorstDrawdowns(prices, -1); !errors.Is(err, stats.ErrArgument) {
		t.Errorf("-1 worst: error %v", err)
	}
}

func TestMaxDrawdownOfReturns(t *testing.T) {
	d, err := stats.MaxDrawdown(wealth(t, ten))
	if err != nil {
		t.Fatal(err)
	}
	near(t, "depth", d.Depth, -0.060936210000000046)
}

func TestDrawdownAbsent(t *testing.T) {
	for name, c := range map[string]struct {
		prices []float64
		want   error
	}{
		"none":     {nil, stats.ErrTooFew},
		"one row":  {[]float64{1}, stats.ErrTooFew},
		"gap":      {[]float64{1, nan, 2}, stats.ErrGap},
		"zeros":    {[]float64{0, 0}, stats.ErrPrice},
		"negative": {[]float64{1, -1}, stats.ErrPrice},
	} {
		d, err := stats.MaxDrawdown(c.prices)
		wantError(t, name, d.Depth, err, c.want)
		if _, err := stats.WorstDrawdowns(c.prices, 1); !errors.Is(err, c.want) {
			t.Errorf("%s: worst: error %v", name, err)
		}
		if _, err := stats.Underwater(c.prices); !errors.Is(err, c.want) {
			t.Errorf("%s: underwater: error %v", name, err)
		}
	}
}

func TestDated(t *testing.T) {
	day := func(i int) time.Time { return time.Date(2025, time.October, 6+i, 0, 0, 0, 0, time.UTC) }
	times := []time.Time{day(0), day(1), day(2), day(5)}
	d := stats.Drawdown{Depth: -0.5, Peak: 0, Trough: 1, End: 3, Recovered: true}
	got, err := d.Dated(times)
	if err != nil {
		t.Fatal(err)
	}
	recovery := day(5)
	want := stats.DatedDrawdown{Depth: -0.5, Peak: day(0), Trough: day(1), Recovery: &recovery, Length: 3}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	d.Recovered = false
	if got, err := d.Dated(times); err != nil || got.Recovery != nil {
		t.Errorf("not recovered: %+v, error %v", got, err)
	}
	if _, err := d.Dated(times[:3]); !errors.Is(err, stats.ErrLength) {
		t.Errorf("too few times: error %v", err)
	}
}

func TestDrawdownIgnoresScale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prices := rapid.SliceOfN(rapid.Float64Range(0.01, 1e6), 2, 60).Draw(t, "prices")
		scale := math.Ldexp(1, rapid.IntRange(-30, 30).Draw(t, "scale")) // exact in binary
		scaled := make([]float64, len(prices))
		for i, p := range prices {
			scaled[i] = p * scale
		}
		want, err1 := stats.WorstDrawdowns(prices, len(prices))
		got, err2 := stats.WorstDrawdowns(scaled, len(prices))
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestEqualDrawdownsKeepTheirOrder(t *testing.T) {
	var prices []float64
	for i := range 60 {
		prices = append(prices, 100, 90-float64(i*7%3))
	}
	got, err := stats.WorstDrawdowns(prices, len(prices))
	if err != nil || len(got) != 60 {
		t.Fatalf("%d drawdowns, error %v", len(got), err)
	}
	for i := range got[:59] {
		if a, b := got[i], got[i+1]; a.Depth > b.Depth || a.Depth == b.Depth && a.Peak > b.Peak {
			t.Errorf("%+v is listed before %+v", a, b)
		}
	}
}

// The drawdowns, laid side by side, are exactly the stretches under water. Few distinct
// prices make for many that end exactly at their high.
func TestDrawdownsCoverWhatIsUnderwater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.Map(rapid.IntRange(1, 4), func(i int) float64 { return float64(i) })
		prices := rapid.SliceOfN(whole, 2, 100).Draw(t, "prices")
		all, err := stats.WorstDrawdowns(prices, len(prices))
		if err != nil {
			t.Fatal(err)
		}
		below, err := stats.Underwater(prices)
		if err != nil {
			t.Fatal(err)
		}
		covered := make([]bool, len(prices))
		for _, d := range all {
			if below[d.Trough] != d.Depth || below[d.Peak] != 0 || d.Recovered != (below[d.End] == 0) {
				t.Errorf("%+v does not fit %v", d, below)
			}
			for i := d.Peak + 1; i < d.End || i == d.End && !d.Recovered; i++ {
				covered[i] = true
				if below[i] < d.Depth {
					t.Errorf("%+v is not the lowest of %v", d, below)
				}
			}
		}
		for i := range below {
			if covered[i] != (below[i] < 0) {
				t.Errorf("index %d: covered %v, under water %v", i, covered[i], below[i])
			}
		}
	})
}

// The fall of Bitcoin of 2025–26: the close of 6 October 2025 is the peak and the
// fall to 5 February 2026 is 49.5 %.
func TestDrawdownOfBitcoin(t *testing.T) {
	prices := datatest.Column(t, "RonaldLu66__binance-btc-monitor/data/BTCUSDT_1d.csv", "open_time", "close")
	from := time.Date(2025, time.July, 1, 0, 0, 0, 0, time.UTC)
	to := time.Date(2026, time.February, 20, 0, 0, 0, 0, time.UTC)
	times := history(prices).days(from, to)
	closes := history(prices).on(t, times)
	deepest, err := stats.MaxDrawdown(closes)
	if err != nil {
		t.Fatal(err)
	}
	got, err := deepest.Dated(times)
	if err != nil {
		t.Fatal(err)
	}
	want := stats.DatedDrawdown{
		Depth:  62909.86/124658.54 - 1,
		Peak:   time.Date(2025, time.October, 6, 0, 0, 0, 0, time.UTC),
		Trough: time.Date(2026, time.February, 5, 0, 0, 0, 0, time.UTC),
		Length: 137,
	}
	if diff := cmp.Diff(want, got, close12); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if math.Round(1000*got.Depth) != -495 {
		t.Errorf("depth %v, want -49.5 %%", got.Depth)
	}
}
