package plots

import (
	"math"
	"testing"
)

// A figure tells the numbers that it shows, at the places where it shows them.
func TestValues(t *testing.T) {
	d := priceData()
	f, err := Price(d)
	if err != nil {
		t.Fatal(err)
	}
	v := f.Values()
	if v == nil || len(v.Points) != days || v.Points[0] != "1 Aug 2025" || v.Points[flush] != "10 Oct 2025" {
		t.Fatalf("points: %+v", v)
	}
	p := f.layOut()
	if left, right := float64(p.left/p.theme.width), float64(p.right/p.theme.width); math.Abs(v.First-left) > 1e-12 || math.Abs(v.Last-right) > 1e-12 {
		t.Errorf("from %v to %v, the plot area from %v to %v", v.First, v.Last, left, right)
	}
	for _, line := range v.Lines {
		if len(line.Values) != days || line.Name == "" || line.Color == nil {
			t.Errorf("line %q has %d values", line.Name, len(line.Values))
		}
	}
	if got, want := v.Lines[0].Values[flush], USD.full(d.Price[flush]); got != want {
		t.Errorf("price %s, expected %s", got, want)
	}
	if got := v.Lines[1].Values[0]; got != "" {
		t.Errorf("before the start the counterfactual is %q", got)
	}
	if f.Title() != d.Title || f.Subtitle() != d.Subtitle {
		t.Errorf("title %q, subtitle %q", f.Title(), f.Subtitle())
	}
}

// A figure that shows a part of its dates tells that part.
func TestValuesBetween(t *testing.T) {
	d := priceData()
	whole, err := Price(d)
	if err != nil {
		t.Fatal(err)
	}
	part, err := whole.Between(d.Times[flush], d.Times[flush+9])
	if err != nil {
		t.Fatal(err)
	}
	v := part.Values()
	if len(v.Points) != 10 || v.Points[0] != "10 Oct 2025" || v.Lines[0].Values[0] != USD.full(d.Price[flush]) {
		t.Errorf("%d points from %s, %s", len(v.Points), v.Points[0], v.Lines[0].Values[0])
	}
}

// Of very many points every so many-th is told, the last among them; bars stand half
// their width inside.
func TestValuesOfManyPoints(t *testing.T) {
	n := 4000
	flow := make([]float64, n)
	for i := range flow {
		flow[i] = float64(i) * 1e6
	}
	f, err := Flows(FlowsData{Timeline: Timeline{Steps: n, Start: 10}, Flow: flow})
	if err != nil {
		t.Fatal(err)
	}
	v := f.Values()
	if len(v.Points) != 1334 || v.Points[len(v.Points)-1] != "3989" || v.Lines[0].Values[len(v.Points)-1] != "$3.999bn" {
		t.Errorf("%d points, the last is %s: %s", len(v.Points), v.Points[len(v.Points)-1], v.Lines[0].Values[len(v.Points)-1])
	}
	if p := f.layOut(); !(v.First > float64(p.left/p.theme.width) && v.Last < float64(p.right/p.theme.width)) {
		t.Errorf("bars from %v to %v", v.First, v.Last)
	}
}

// Figures without one even time line tell nothing.
func TestNoValues(t *testing.T) {
	f, err := Waterfall(WaterfallData{Start: 1, End: 2, Steps: []Step{{Name: "a", Value: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	if f.Values() != nil || (Figure{}).Values() != nil {
		t.Error("values of a waterfall")
	}
	uneven := dates(5)
	uneven[4] = uneven[4].AddDate(0, 0, 3)
	if f, err = Drawdown(DrawdownData{Timeline: Timeline{Times: uneven}, Price: []float64{1, 2, 1, 2, 1}}); err != nil || f.Values() != nil {
		t.Errorf("values on uneven dates: %v", err)
	}
}

func TestFull(t *testing.T) {
	for _, c := range []struct {
		u    Unit
		v    float64
		want string
	}{{USD, 93155.4, "$93,155"}, {USD, -447.6e6, "−$447.6m"}, {USD, 12.345678, "$12.35"}, {USD, 0, "$0"},
		{Percent, -.09788, "−9.79 %"}, {Percent, 0, "0 %"}, {Number, 1.23456, "1.235"}} {
		if got := c.u.full(c.v); got != c.want {
			t.Errorf("%v is %q, expected %q", c.v, got, c.want)
		}
	}
}
