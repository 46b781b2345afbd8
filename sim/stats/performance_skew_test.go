package stats_test

import (
	"encoding/json"
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

// The other falls three times, by -1, -2 and -3 %, while the asset loses 1, 1 and 4 %
// more: mean -2 %, sd √3 %, standard error 1 %, and t with 2 degrees of freedom reaches
// 4.302652729911275 of them.
func TestPerformanceSkew(t *testing.T) {
	other := []float64{-.01, .02, -.02, 0, -.03}
	returns := []float64{-.02, .01, -.03, .5, -.07}
	skew, err := stats.PerformanceSkew(returns, other, .95)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "down", skew.Down.Value, -.02)
	digits(t, "low", skew.Down.Low, -.02-.01*4.302652729911275, 10) // gonum's quantile is good to ten digits here
	digits(t, "high", skew.Down.High, -.02+.01*4.302652729911275, 10)
	near(t, "standard error", skew.Down.SE, .01)
	near(t, "up", skew.Up.Value, -.01)
	if skew.Down.N != 3 || skew.Up.N != 1 || skew.Flat != 1 || !warned(skew.Down.Estimate, "3 periods are few") {
		t.Errorf("%+v", skew)
	}
	if !math.IsNaN(skew.Up.SE) || !math.IsNaN(skew.Up.Low) || !warned(skew.Up.Estimate, "no standard error") {
		t.Errorf("one period: %+v, want a value alone", skew.Up)
	}
}

func TestPerformanceSkewOfOneSide(t *testing.T) {
	skew, err := stats.PerformanceSkew([]float64{.25, .5}, []float64{.5, .75}, .95)
	if err != nil || !math.IsNaN(skew.Down.Value) || !math.IsNaN(skew.Down.SE) || !warned(skew.Down.Estimate, "no period in which the other fell") {
		t.Errorf("%+v, error %v", skew, err)
	}
	near(t, "up", skew.Up.Value, -.25)
	if !warned(skew.Up.Estimate, "no spread") {
		t.Errorf("no warning: %+v", skew.Up)
	}
}

func TestPerformanceSkewRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		x, y  []float64
		level float64
		want  error
	}{
		"none":     {nil, nil, .95, stats.ErrTooFew},
		"lengths":  {ten, ten[1:], .95, stats.ErrLength},
		"gap":      {[]float64{.1, nan}, []float64{.1, .2}, .95, stats.ErrGap},
		"gap in X": {[]float64{.1, .2}, []float64{nan, .2}, .95, stats.ErrGap},
		"infinite": {[]float64{.1, math.Inf(1)}, []float64{.1, .2}, .95, stats.ErrNotFinite},
		"huge":     {[]float64{1.7e308, -1.7e308}, []float64{-1.7e308, 1.7e308}, .95, stats.ErrNotFinite},
		"level":    {ten, ten, 95, stats.ErrArgument},
	} {
		skew, err := stats.PerformanceSkew(c.x, c.y, c.level)
		wantError(t, name+", down", skew.Down.Value, err, c.want)
		wantError(t, name+", up", skew.Up.Value, err, c.want)
		if len(skew.Down.Warnings) == 0 || len(skew.Up.Warnings) == 0 {
			t.Errorf("%s: no reason in %+v", name, skew)
		}
		if _, err := json.Marshal(skew); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever both gained in the same period cancels, and every period is counted once.
func TestPerformanceSkewIsRelative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 40).Draw(t, "n")
		sample := rapid.SliceOfN(rapid.Map(rapid.IntRange(-64, 64), func(i int) float64 { return float64(i) / 256 }), n, n)
		other, ahead := sample.Draw(t, "other"), sample.Draw(t, "ahead")
		returns := make([]float64, n)
		down, falls := 0., 0
		for i := range other {
			returns[i] = other[i] + ahead[i]
			if other[i] < 0 {
				down, falls = down+ahead[i], falls+1
			}
		}
		skew, err := stats.PerformanceSkew(returns, other, .9)
		if err != nil {
			t.Fatal(err)
		}
		if skew.Down.N != falls || skew.Down.N+skew.Up.N+skew.Flat != n {
			t.Fatalf("%d falls and %d periods, counted %+v", falls, n, skew)
		}
		if falls > 0 && math.Abs(skew.Down.Value-down/float64(falls)) > 1e-15 {
			t.Errorf("down %v, want %v", skew.Down.Value, down/float64(falls))
		}
	})
}

func TestMeasuredJSON(t *testing.T) {
	m := stats.Measured{Estimate: stats.Estimate{Value: -.25, Low: -.5, High: nan, Level: .95, N: 10, Method: "m"}, SE: .125}
	text, err := json.Marshal(m)
	if want := `{"value":-0.25,"low":-0.5,"high":null,"level":0.95,"n":10,"method":"m","se":0.125}`; err != nil || string(text) != want {
		t.Errorf("got  %s, error %v\nwant %s", text, err, want)
	}
	var back stats.Measured
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, back, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
	var bare stats.Measured
	if err := json.Unmarshal([]byte(`{"n":3}`), &bare); err != nil || !math.IsNaN(bare.SE) || !math.IsNaN(bare.Value) {
		t.Errorf("missing numbers: %+v, error %v: they are absent, not 0", bare, err)
	}
	if err := json.Unmarshal([]byte(`{"se":"much"}`), &bare); err == nil {
		t.Error("a standard error that is no number was read")
	}
}

// fundSkew is Bitcoin's skew against a fund over the fund's own trading days: the first
// return ends on the first trading day of the window and begins at the close before it,
// outside. Both IGV files give the same.
func fundSkew(t *testing.T, path, from, to string) stats.Skew {
	t.Helper()
	fund := history(datatest.Column(t, path, "Date", "Close"))
	first := date(t, from)
	before := fund.days(time.Time{}, first.AddDate(0, 0, -1))
	days := append(before[len(before)-1:], fund.days(first, date(t, to))...)
	other, err1 := stats.SimpleReturns(fund.on(t, days))
	returns, err2 := stats.SimpleReturns(bitcoin(t).on(t, days))
	skew, err3 := stats.PerformanceSkew(returns, other, .95)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return skew
}

// Bitcoin against the Nasdaq-100, AI and software from October 2025 to February 2026, and
// what becomes of the figures when the window moves by two weeks: in the earlier window
// about half of the first two is gone, and software's changes its sign in both.
func TestPerformanceSkewOfBitcoin(t *testing.T) {
	const kitty, sturdy = "kittycapital__btc-asset-correlation/data/", "dsturdy__Factor_Attribution/data/"
	type figures struct { // percent
		down, downSE float64
		downDays     int
		up, upSE     float64
		upDays       int
		flat         int
	}
	for _, window := range []struct {
		from, to string
		want     map[string]figures
	}{
		{"2025-10-10", "2026-02-10", map[string]figures{
			kitty + "QQQ.csv":  {-1.02, .48, 38, -.30, .41, 46, 0},
			sturdy + "AIQ.csv": {-.97, .45, 40, -.30, .39, 44, 0},
			kitty + "IGV.csv":  {-.24, .40, 47, -.31, .45, 37, 0},
			sturdy + "IGV.csv": {-.24, .40, 47, -.31, .45, 37, 0},
		}},
		{"2025-09-26", "2026-01-27", map[string]figures{
			kitty + "QQQ.csv":  {-.53, .38, 35, -.10, .30, 49, 0},
			sturdy + "AIQ.csv": {-.59, .36, 37, -.11, .29, 46, 1},
			kitty + "IGV.csv":  {.04, .36, 44, -.11, .37, 40, 0},
		}},
		{"2025-10-24", "2026-02-24", map[string]figures{
			kitty + "QQQ.csv":  {-.91, .49, 37, -.34, .41, 46, 0},
			sturdy + "AIQ.csv": {-.86, .46, 39, -.31, .39, 44, 0},
			kitty + "IGV.csv":  {.08, .39, 47, -.45, .46, 36, 0},
		}},
	} {
		for path, want := range window.want {
			what := path + " from " + window.from
			skew := fundSkew(t, path, window.from, window.to)
			digits(t, what+", down", 100*skew.Down.Value, want.down, 2)
			digits(t, what+", down, standard error", 100*skew.Down.SE, want.downSE, 2)
			digits(t, what+", up", 100*skew.Up.Value, want.up, 2)
			digits(t, what+", up, standard error", 100*skew.Up.SE, want.upSE, 2)
			if skew.Down.N != want.downDays || skew.Up.N != want.upDays || skew.Flat != want.flat {
				t.Errorf("%s: %d, %d and %d days", what, skew.Down.N, skew.Up.N, skew.Flat)
			}
		}
	}
}
