package forecast

import (
	"fmt"
	"math"
	"testing"
)

// The design's figures, and the table of Kupiec (1995) as Jorion (Value at Risk, table
// 6-3) prints it: the counts at which a test of 95 % does not refuse the model.
func TestKupiec(t *testing.T) {
	for _, c := range []struct {
		x, n     int
		p        float64
		want, pv float64
	}{
		{20, 252, .05, 3.91255082755319, .04792680100008832}, {6, 250, .01, 3.555354771061751, .059353618972288816},
		{0, 250, .01, 5.025167926750721, .024981503053449754}, {250, 250, .01, 2302.5850929940457, 0},
		{7, 255, .01, 5.316341340978198, .021126323789771043}, {1, 20, .05, 0, 1},
	} {
		got := kupiec(c.x, c.n, c.p)
		near(t, fmt.Sprintf("%d of %d", c.x, c.n), got.Statistic, c.want, 1e-10)
		near(t, "its p", got.P, c.pv, 1e-9)
	}
	near(t, "no violation in n: −2n·ln(1−p)", kupiec(0, 100, .05).Statistic, -200*math.Log(.95), 1e-12)
	for _, c := range []struct {
		n         int
		p         float64
		low, high int // more than low and less than high; −1: none is too few
	}{
		{255, .01, -1, 7}, {255, .025, 2, 12}, {255, .05, 6, 21}, {255, .075, 11, 28}, {255, .1, 16, 36},
		{510, .01, 1, 11}, {510, .025, 6, 21}, {510, .05, 16, 36}, {1000, .01, 4, 17}, {1000, .025, 15, 36}, {1000, .05, 37, 65},
	} {
		for x := range c.n {
			if accepted := kupiec(x, c.n, c.p).P > .05; accepted != (x > c.low && x < c.high) && x != 0 {
				t.Errorf("%d of %d at %v: accepted %v, the table says more than %d and less than %d", x, c.n, c.p, accepted, c.low, c.high)
			}
		}
	}
	for _, bad := range []Test{Kupiec(nil, .05), Kupiec([]bool{true}, 0), Kupiec([]bool{true}, math.NaN())} {
		if bad.Absent == "" || !math.IsNaN(bad.P) || !math.IsNaN(bad.Statistic) {
			t.Errorf("%+v has a value", bad)
		}
	}
	if few := Kupiec(make([]bool, 20), .05); len(few.Warnings) != 1 {
		t.Errorf("20 forecasts: warnings %q", few.Warnings)
	}
}

func TestChristoffersen(t *testing.T) {
	independence, conditional := christoffersen([2][2]int{{218, 14}, {14, 6}}, .05)
	near(t, "independence", independence.Statistic, 9.529569, 1e-6)
	near(t, "conditional coverage", conditional.Statistic, 13.442120, 1e-6)
	near(t, "p of independence", independence.P, math.Erfc(math.Sqrt(independence.Statistic/2)), 1e-9) // χ² with 1 degree
	near(t, "p of both", conditional.P, math.Exp(-conditional.Statistic/2), 1e-12)                     // χ² with 2

	// 0 0 1 1 0 0 0 1: pairs 00 01 11 10 00 00 01, so three 00, two 01, one 10, one 11.
	list := []bool{false, false, true, true, false, false, false, true}
	want := -2 * (4*math.Log(4./7) + 3*math.Log(3./7) - (3*math.Log(.6) + 2*math.Log(.4) + 2*math.Log(.5)))
	got, both := Christoffersen(list, .25)
	near(t, "by hand", got.Statistic, want, 1e-12)
	near(t, "both by hand", both.Statistic, want+kupiec(3, 7, .25).Statistic, 1e-12)
	if got.N != 7 || len(got.Warnings) == 0 {
		t.Errorf("%+v", got)
	}
	// Violations apart: as 0·ln 0 = 0 it has a value though none follows on another.
	if apart, _ := Christoffersen([]bool{false, true, false, false, true, false}, .05); apart.Absent != "" || apart.Statistic <= 0 {
		t.Errorf("%+v", apart)
	}
	for name, list := range map[string][]bool{"none": make([]bool, 50), "all": {true, true, true}, "only the last": {false, false, true}, "one": {true}, "nothing": nil} {
		if i, c := Christoffersen(list, .05); i.Absent == "" || c.Absent == "" || !math.IsNaN(i.P) || !math.IsNaN(c.Statistic) {
			t.Errorf("%s: %+v, %+v", name, i, c)
		}
	}
}

func TestCoverage(t *testing.T) {
	hits := make([]bool, 100)
	for i := range 83 {
		hits[i] = true
	}
	c, err := NewCoverage(hits, .9, 1, .95)
	if err != nil {
		t.Fatal(err)
	}
	// Wilson's interval in closed form.
	z := 1.959963984540054
	centre, half := (.83+z*z/200)/(1+z*z/100), z/(1+z*z/100)*math.Sqrt(.83*.17/100+z*z/40000)
	near(t, "share", c.Share.Value, .83, 1e-12)
	near(t, "low", c.Share.Low, centre-half, 1e-9)
	near(t, "high", c.Share.High, centre+half, 1e-9)

	over, err := NewCoverage(hits, .9, 5, .95)
	if err != nil {
		t.Fatal(err)
	}
	if over.Share.Value != c.Share.Value || over.Share.N != 20 || over.Share.High-over.Share.Low < 2*half || len(over.Share.Warnings) != 1 {
		t.Errorf("overlapping: %+v", over)
	}
	if all, err := NewCoverage([]bool{true, true, true}, .5, 2, .95); err != nil || all.Share.High != 1 || all.Share.Low >= 1 {
		t.Errorf("all: %+v, %v", all, err)
	}
	if _, err := NewCoverage(nil, .9, 1, .95); err == nil {
		t.Error("no hits: no error")
	}
	if _, err := NewCoverage(hits, 1, 1, .95); err == nil {
		t.Error("an interval that holds all: no error")
	}
}
