package design_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/ebb-sim/ebb/sim/design"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAxes(t *testing.T) {
	axis := must[design.Axis](t)
	for name, c := range map[string]struct {
		axis  design.Axis
		count int
		at    map[float64]float64
	}{
		"linear":    {axis(design.Linear(.05, .5)), 0, map[float64]float64{0: .05, 1: .5, 2. / 9: .15, .5: .275}},
		"negative":  {axis(design.Linear(-3, -1)), 0, map[float64]float64{0: -3, .25: -2.5, 1: -1}},
		"huge":      {axis(design.Linear(-math.MaxFloat64, math.MaxFloat64)), 0, map[float64]float64{0: -math.MaxFloat64, .5: 0, 1: math.MaxFloat64}},
		"log":       {axis(design.Log(1, 1000)), 0, map[float64]float64{0: 1, 1. / 3: 10, 2. / 3: 100, 1: 1000}},
		"small log": {axis(design.Log(1e-300, 1e300)), 0, map[float64]float64{0: 1e-300, .5: 1, 1: 1e300}},
		"integer":   {axis(design.Integer(-1, 2)), 4, map[float64]float64{0: -1, .24: -1, .25: 0, .5: 1, .75: 2, 1: 2}},
		"one":       {axis(design.Integer(7, 7)), 1, map[float64]float64{0: 7, .5: 7, 1: 7}},
		"list":      {axis(design.List(5, 1, 3)), 3, map[float64]float64{0: 5, .33: 5, .34: 1, .67: 3, 1: 3}},
		"none":      {design.Axis{}, 0, map[float64]float64{.5: math.NaN()}},
	} {
		c.at[math.NaN()], c.at[-1e-9], c.at[1.1] = math.NaN(), math.NaN(), math.NaN()
		if c.axis.Count() != c.count {
			t.Errorf("%s: %d values, want %d", name, c.axis.Count(), c.count)
		}
		for u, want := range c.at {
			if got := c.axis.At(u); !(math.Abs(got-want) <= 2e-15*math.Abs(want)) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s: At(%v) = %v, want %v", name, u, got, want)
			}
		}
	}
}

// Levels are the numbers that people write.
func TestLevels(t *testing.T) {
	axis, levels := must[design.Axis](t), must[[]float64](t)
	for name, c := range map[string]struct{ got, want []float64 }{
		"linear":   {levels(axis(design.Linear(.05, .5)).Levels(10)), []float64{.05, .1, .15, .2, .25, .3, .35, .4, .45, .5}},
		"log":      {levels(axis(design.Log(1, 1000)).Levels(4)), []float64{1, 10, 100, 1000}},
		"middle":   {levels(axis(design.Linear(0, 1)).Levels(1)), []float64{.5}},
		"integers": {levels(axis(design.Integer(3, 6)).Levels(4)), []float64{3, 4, 5, 6}},
		"fewer":    {levels(axis(design.Integer(0, 10)).Levels(3)), []float64{0, 5, 10}},
		"list":     {levels(axis(design.List(8, 2, 4)).Levels(3)), []float64{8, 2, 4}},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
	}
}

// A grid with as many levels as there are values meets each value, however many there are.
func TestLevelsMeetEveryValue(t *testing.T) {
	for n := 1; n <= 300; n++ {
		got := must[[]float64](t)(must[design.Axis](t)(design.Integer(1, n)).Levels(n))
		for j, v := range got {
			if v != float64(j+1) {
				t.Fatalf("%d levels: %v", n, got)
			}
		}
	}
}

// Ranges rise, and stay inside their ends.
func TestRangesRise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ends := rapid.SliceOfNDistinct(rapid.Float64Range(1e-9, 1e9), 2, 2, rapid.ID).Draw(t, "ends")
		slices.Sort(ends)
		us := rapid.SliceOfN(rapid.Float64Range(0, 1), 2, 2).Draw(t, "u")
		slices.Sort(us)
		for _, of := range []func(float64, float64) (design.Axis, error){design.Linear, design.Log} {
			a := must[design.Axis](t)(of(ends[0], ends[1]))
			if x, y := a.At(us[0]), a.At(us[1]); x < ends[0] || x > y || y > ends[1] {
				t.Fatalf("from %v to %v: %v at %v", ends[0], ends[1], []float64{x, y}, us)
			}
		}
	})
}

func TestSpace(t *testing.T) {
	axis := must[design.Axis](t)
	space := design.Space{axis(design.Linear(0, 10)), axis(design.Integer(1, 3)), axis(design.List(4, 2))}
	got := must[[]float64](t)(space.At([]float64{.25, .5, 1}))
	if diff := cmp.Diff([]float64{2.5, 2, 2}, got); diff != "" {
		t.Error(diff)
	}
}

func TestAxisFaults(t *testing.T) {
	fail := func(_ any, err error) error { return err }
	inf, none := math.Inf(1), math.NaN()
	axis := must[design.Axis](t)
	unit := axis(design.Linear(0, 1))
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"linear":         {fail(design.Linear(1, 1)), "design: found a range from 1 to 1, expected finite numbers, the second above the first"},
		"infinite":       {fail(design.Linear(-inf, 1)), "design: found a range from -Inf to 1, expected finite numbers, the second above the first"},
		"absent":         {fail(design.Linear(0, none)), "design: found a range from 0 to NaN, expected finite numbers, the second above the first"},
		"log":            {fail(design.Log(0, 1)), "design: found a logarithmic range from 0 to 1, expected finite numbers above 0, the second above the first"},
		"log infinite":   {fail(design.Log(1, inf)), "design: found a logarithmic range from 1 to +Inf, expected finite numbers above 0, the second above the first"},
		"integer":        {fail(design.Integer(2, 1)), "design: found integers from 2 to 1, expected the second not below the first, both within ±2^53, and at most 2147483647 of them"},
		"integers":       {fail(design.Integer(math.MinInt, math.MaxInt)), "design: found integers from -9223372036854775808 to 9223372036854775807, expected the second not below the first, both within ±2^53, and at most 2147483647 of them"},
		"empty list":     {fail(design.List()), "design: found 0 values of a list, expected 1 to 2147483647"},
		"list":           {fail(design.List(1, none, 1)), "design: found values[1] of a list NaN, expected a finite number\ndesign: found values[2] of a list 1, which values[0] is too, expected each once"},
		"levels":         {fail(unit.Levels(0)), "design: found 0 levels, expected 1 to 2147483647"},
		"too many":       {fail(axis(design.List(1, 2)).Levels(3)), "design: found 3 levels, expected 1 to 2"},
		"no axis":        {fail(design.Axis{}.Levels(1)), "design: an axis without values has no levels"},
		"coordinates":    {fail(design.Space{unit}.At(nil)), "design: found a point of 0 coordinates, expected 1"},
		"outside":        {fail(design.Space{unit, {}, unit}.At([]float64{2, 0, none})), "design: found coordinate 0 at 2, expected 0 to 1\ndesign: axis 1 has no values\ndesign: found coordinate 2 at NaN, expected 0 to 1"},
		"never in range": {fail(design.Linear(inf, inf)), "design: found a range from +Inf to +Inf, expected finite numbers, the second above the first"},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("%s: error\n%v\nwant\n%s", name, c.err, strings.TrimSpace(c.want))
		}
	}
}
