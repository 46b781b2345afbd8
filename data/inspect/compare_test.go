package inspect

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/ebb-sim/ebb/data"
	"github.com/google/go-cmp/cmp"
)

// compared holds the only columns of two files against each other.
func compared(t *testing.T, a, b string) Comparison {
	t.Helper()
	ta, tb := parse(t, a), parse(t, b)
	var series []data.Series
	for _, table := range []*data.Table{ta, tb} {
		s, err := table.Series(data.Request{})
		if err != nil {
			t.Fatal(err)
		}
		series = append(series, s)
	}
	c, err := Compare(ta, tb, series[0], series[1])
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompare(t *testing.T) {
	const price, flow, rate = "p: price usd", "f: flow usd_m", "r: rate fraction"
	p, f := walk(300, 1), flows(300, 1)
	noisy := func(v []float64, size float64) []float64 {
		out := append([]float64(nil), v...)
		for i, n := range flows(len(v), 5) { // in hundreds
			out[i] *= 1 + size*n/100
		}
		return out
	}
	times := func(v []float64, by float64) []float64 {
		out := append([]float64(nil), v...)
		for i := range out {
			out[i] *= by
		}
		return out
	}
	with := func(v []float64, i int, x float64) []float64 {
		out := append([]float64(nil), v...)
		out[i] = x
		return out
	}
	late := append(append([]float64(nil), p[0]), p[:299]...)
	tests := []struct {
		name string
		a, b string
		want []string
	}{
		{"the same", file([]string{price}, nil, p), file([]string{price}, nil, p), nil},
		{"another exchange", file([]string{price}, nil, p), file([]string{price}, nil, noisy(p, .001)), nil},
		{"a day late", file([]string{price}, nil, p), file([]string{price}, nil, late), []string{
			"warning shift: p: the second source looks a row late: moved back it misfits by 0, as it stands by 0.01795; a stamp of the end of the day, such as 00:00 UTC of the next, or of another zone?"}},
		{"a day early", file([]string{price}, nil, late), file([]string{price}, nil, p), []string{
			"warning shift: p: the second source looks a row early: moved back it misfits by 0, as it stands by 0.01795; a stamp of the end of the day, such as 00:00 UTC of the next, or of another zone?"}},
		{"a sum against a mean", file([]string{rate}, nil, times(f, 1e-6)), file([]string{rate}, nil, times(f, 3e-6)), []string{
			"warning ratio: r: the second source is 3 times the first on 300 of 300 rows; a sum of three payments a day against their mean?"}},
		{"millions as dollars", file([]string{flow}, nil, f), file([]string{"f: flow usd"}, nil, f), []string{
			"warning ratio: f: the second source is 1e-06 times the first on 300 of 300 rows; millions?"}},
		{"the opposite sign", file([]string{flow}, nil, f), file([]string{flow}, nil, times(f, -1)), []string{
			"warning ratio: f: the second source is -1 times the first on 300 of 300 rows; the opposite sign?"}},
		{"a last day revised", file([]string{flow}, nil, f), file([]string{flow}, nil, with(f, 299, 77)), []string{
			"note revision: f: differs only in the last three common rows, which may have been partial and revised: 1 (line 303, 2025-10-27: -1.4705e+08, the other 77000000)"}},
		{"a day in the middle", file([]string{flow}, nil, f), file([]string{flow}, nil, with(f, 100, 77)), []string{
			"warning differ: f: differs, where nearly all other rows are the same; revised, or a mistake?: 1 (line 104, 2025-04-11: 33950000, the other 77000000)"}},
		{"a day of another exchange", file([]string{price}, nil, p), file([]string{price}, nil, with(noisy(p, .001), 100, 40000)), []string{
			"warning differ: p: differs far more than it usually does: 1 (line 104, 2025-04-11: 36520.41, the other 40000 (+9.53 %))"}},
		{"days that one lacks", file([]string{price}, nil, p), file([]string{price}, closed, p), []string{
			"note only: p: rows that only the first source has: 94 (line 7, 2025-01-04; line 8, 2025-01-05; 91 more; line 302, 2025-10-26)"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == nil {
				tt.want = []string{}
			}
			if diff := cmp.Diff(tt.want, said(compared(t, tt.a, tt.b).Findings)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Payments at 3, 11 and 19 h of Moscow time are those of 0, 8 and 16 h UTC, give or take
// milliseconds.
func TestCompareStamps(t *testing.T) {
	var a, b strings.Builder
	for i, v := range flows(30, 1) {
		utc := day(0).Add(time.Duration(i)*8*time.Hour + time.Duration(i%7)*time.Millisecond)
		fmt.Fprintf(&a, "%s,%v\n", utc.Format(time.RFC3339Nano), v)
		fmt.Fprintf(&b, "%s,%v\n", utc.Add(3*time.Hour).Format(time.RFC3339Nano), v)
	}
	const head = "# ebb history 1\n# column r: rate percent\ndate,r\n"
	want := []string{"warning stamp: r: the stamps of the second source are 3h0m0s later than those of the first in the same step; another zone?"}
	if diff := cmp.Diff(want, said(compared(t, head+a.String(), head+b.String()).Findings)); diff != "" {
		t.Error(diff)
	}
	want = []string{"warning stamp: r: the stamps of the second source are 3h0m0s earlier than those of the first in the same step; another zone?"}
	if diff := cmp.Diff(want, said(compared(t, head+b.String(), head+a.String()).Findings)); diff != "" {
		t.Error(diff)
	}
}

// By hand: B over A is 1.1, 1, 0.9 and 1.
func TestCompareFigures(t *testing.T) {
	c := compared(t, file([]string{"p: price usd"}, nil, []float64{100, 200, 100, 400, 7}),
		file([]string{"p: price usd"}, nil, []float64{110, 200, 90, 400}))
	for _, x := range []struct {
		name      string
		got, want float64
	}{
		{"bias", c.Bias, 0}, {"mean", c.MeanAbsolute, .05}, {"largest", c.MaxAbsolute, .1}, {"ratio", c.Ratio, 1},
		{"common", float64(c.Common), 4}, {"same", float64(c.Same), 2}, {"only a", float64(c.OnlyA), 0},
	} {
		if math.Abs(x.got-x.want) > 1e-12 {
			t.Errorf("%s: %v, expected %v", x.name, x.got, x.want)
		}
	}
	if !c.Relative || !c.MaxAt.Equal(day(0)) {
		t.Errorf("relative %v, largest on %v, expected true and the first day", c.Relative, c.MaxAt)
	}
}

func TestCompareRefuses(t *testing.T) {
	hourly := strings.Replace(file([]string{"p: price usd"}, nil, walk(5, 1)), "2025-01-02", "2025-01-01T01:00:00Z", 1)
	hourly = hourly[:strings.Index(hourly, "2025-01-03")]
	for name, b := range map[string]string{
		"found rows of 24h0m0s in f.csv and of 1h0m0s in f.csv, expected the same length": hourly,
		"found usd in f.csv and coins in f.csv, expected the same unit":                   file([]string{"p: level coins"}, nil, walk(5, 1)),
		"found 2 dates that both f.csv and f.csv have, expected at least 3":               file([]string{"p: price usd"}, nil, walk(2, 1)),
	} {
		ta, tb := parse(t, file([]string{"p: price usd"}, nil, walk(5, 1))), parse(t, b)
		sa, _ := ta.Series(data.Request{})
		sb, _ := tb.Series(data.Request{})
		if _, err := Compare(ta, tb, sa, sb); err == nil || err.Error() != name {
			t.Errorf("found %v, expected %s", err, name)
		}
	}
}
