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

func TestGrid(t *testing.T) {
	d := must[design.Design](t)(design.Grid(2, 1, 3))
	want := [][]float64{{0, .5, 0}, {0, .5, .5}, {0, .5, 1}, {1, .5, 0}, {1, .5, .5}, {1, .5, 1}}
	if diff := cmp.Diff(want, d.Points()); diff != "" {
		t.Error(diff)
	}
	if want := "grid of 2 × 1 × 3 levels"; d.Method != want {
		t.Errorf("method %q, want %q", d.Method, want)
	}
}

// Every part of every coordinate holds one point, wherever the cells lie.
func TestLatinHypercube(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, dim := rapid.IntRange(1, 40).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "dim")
		o := design.LatinOptions{Seed: rapid.Uint64().Draw(t, "seed"), Centred: rapid.Bool().Draw(t, "centred"), Exchange: rapid.IntRange(0, 50).Draw(t, "exchange")}
		d := must[design.Design](t)(design.LatinHypercube(n, dim, o))
		for j := range dim {
			held := make([]bool, n)
			for _, x := range d.Points() {
				at := x[j] * float64(n)
				held[int(at)] = true
				if o.Centred && math.Abs(at-math.Floor(at)-.5) > 1e-9 {
					t.Fatalf("%v of %d parts is not in the middle of one", x[j], n)
				}
			}
			if slices.Contains(held, false) {
				t.Fatalf("a part of coordinate %d is empty", j)
			}
		}
	})
}

// Without exchanges the smallest distance of 50 points in 3 dimensions is about .08; the best
// that is known for a cube of spheres is about .25.
func TestMaximinMovesPointsApart(t *testing.T) {
	closest := func(seed uint64, exchange int) float64 {
		points := must[design.Design](t)(design.LatinHypercube(50, 3, design.LatinOptions{Seed: seed, Centred: true, Exchange: exchange})).Points()
		least := math.Inf(1)
		for i, x := range points {
			for _, y := range points[:i] {
				least = min(least, math.Sqrt((x[0]-y[0])*(x[0]-y[0])+(x[1]-y[1])*(x[1]-y[1])+(x[2]-y[2])*(x[2]-y[2])))
			}
		}
		return least
	}
	var plain, spread float64
	for seed := range uint64(10) {
		plain += closest(seed, 0) / 10
		spread += closest(seed, 5000) / 10
	}
	if plain > .1 || spread < .19 {
		t.Errorf("smallest distance on average %.3f, with exchanges %.3f", plain, spread)
	}
}

// Along a trajectory every coordinate moves once, by Δ, from the point before or the first.
func TestMorris(t *testing.T) {
	for walk, name := range map[design.Walk]string{design.Stairs: "stairs", design.Radial: "radial"} {
		rapid.Check(t, func(t *rapid.T) {
			dim, levels := rapid.IntRange(1, 6).Draw(t, "dim"), 2*rapid.IntRange(1, 4).Draw(t, "half of levels")
			d := must[design.Design](t)(design.Morris(3, dim, levels, walk, rapid.Uint64().Draw(t, "seed")))
			for points := d.Points(); len(points) > 0; points = points[dim+1:] {
				moved := make([]bool, dim)
				for s := range dim {
					from := points[0]
					if walk == design.Stairs {
						from = points[s]
					}
					for j, x := range points[s+1] {
						if step := float64(levels) / float64(2*(levels-1)); x != from[j] {
							if math.Abs(math.Abs(x-from[j])-step) > 1e-15 || moved[j] {
								t.Fatalf("%s: coordinate %d moves from %v to %v, want a step of %v, once", name, j, from[j], x, step)
							}
							moved[j] = true
						}
						if level := x * float64(levels-1); math.Abs(level-math.Round(level)) > 1e-12 {
							t.Fatalf("%v is not one of %d levels", x, levels)
						}
					}
				}
				if slices.Contains(moved, false) {
					t.Fatal("a coordinate does not move")
				}
			}
		})
	}
}

// Trajectories visit the levels alike, and begin with one coordinate as often as another.
func TestMorrisIsFair(t *testing.T) {
	const trajectories, levels, dim = 6000, 4, 3
	for _, walk := range []design.Walk{design.Stairs, design.Radial} {
		points := must[design.Design](t)(design.Morris(trajectories, dim, levels, walk, 1)).Points()
		var at [levels]int
		var first [dim]int
		for i := 0; i < len(points); i += dim + 1 {
			at[int(math.Round(points[i][0]*(levels-1)))]++
			for j := range dim {
				if points[i+1][j] != points[i][j] {
					first[j]++
				}
			}
		}
		evenly(t, "levels", at[:])
		evenly(t, "first moves", first[:])
	}
}

// evenly holds counts of equal chances within four standard errors.
func evenly(t *testing.T, what string, counts []int) {
	t.Helper()
	all := 0
	for _, n := range counts {
		all += n
	}
	p := 1 / float64(len(counts))
	for _, n := range counts {
		if math.Abs(float64(n)-p*float64(all)) > 4*math.Sqrt(float64(all)*p*(1-p)) {
			t.Errorf("%s: %v", what, counts)
			return
		}
	}
}

func TestSaltelliCrossesTwoSamples(t *testing.T) {
	const n, dim = 8, 3
	d := must[design.Design](t)(design.Saltelli(n, dim, design.Owen, 9))
	both := must[design.Design](t)(design.Sobol(n, 2*dim, design.Owen, 9)).Points()
	var want [][]float64
	for _, x := range both {
		a, b := x[:dim], x[dim:]
		want = append(want, a, []float64{b[0], a[1], a[2]}, []float64{a[0], b[1], a[2]}, []float64{a[0], a[1], b[2]}, b)
	}
	if diff := cmp.Diff(want, d.Points()); diff != "" {
		t.Error(diff)
	}
}

// All are designs of every kind, on about n points of dim coordinates.
func all(t interface{ Fatal(...any) }, n, dim int, seed uint64) map[string]design.Design {
	ok := must[design.Design](t)
	levels := make([]int, dim)
	for j := range levels {
		levels[j] = 1 + (n+j)%3
	}
	return map[string]design.Design{
		"grid":     ok(design.Grid(levels...)),
		"latin":    ok(design.LatinHypercube(n, dim, design.LatinOptions{Seed: seed})),
		"maximin":  ok(design.LatinHypercube(n, dim, design.LatinOptions{Seed: seed, Exchange: 20})),
		"sobol":    ok(design.Sobol(n, dim, design.Owen, seed)),
		"shift":    ok(design.Sobol(n, dim, design.Shift, seed)),
		"plain":    ok(design.Sobol(n, dim, design.Plain, seed)),
		"morris":   ok(design.Morris(n, dim, 4, design.Stairs, seed)),
		"radial":   ok(design.Morris(n, dim, 4, design.Radial, seed)),
		"saltelli": ok(design.Saltelli(n, dim, design.Owen, seed)),
	}
}

// A point is the same in every shard: it depends neither on what was asked for before nor
// on the design having been made twice. Points lie in the cube.
func TestPointsStandAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, dim, seed := rapid.IntRange(1, 20).Draw(t, "n"), rapid.IntRange(1, 4).Draw(t, "dim"), rapid.Uint64().Draw(t, "seed")
		again := all(t, n, dim, seed)
		for name, d := range all(t, n, dim, seed) {
			points := d.Points()
			if len(points) != d.Len() || d.Dim() != dim || d.Method == "" || d.Method != again[name].Method {
				t.Fatalf("%s: %d points, Len %d, Dim %d, method %q", name, len(points), d.Len(), d.Dim(), d.Method)
			}
			for i := d.Len() - 1; i >= 0; i-- {
				alone := must[[]float64](t)(again[name].Point(i))
				if diff := cmp.Diff(points[i], alone); diff != "" {
					t.Fatalf("%s, point %d\n%s", name, i, diff)
				}
				for _, u := range alone {
					if !(u >= 0 && u <= 1) {
						t.Fatalf("%s, point %d: %v", name, i, alone)
					}
				}
			}
			if _, err := d.Point(d.Len()); err == nil {
				t.Fatalf("%s: no error beyond the last point", name)
			}
		}
	})
}

// Seeds matter where there is chance, and a random point under a seed stays what it was.
func TestSeeds(t *testing.T) {
	one, two := all(t, 8, 3, 1), all(t, 8, 3, 2)
	for name, d := range one {
		if same := cmp.Equal(d.Points(), two[name].Points()); same != (name == "grid" || name == "plain") {
			t.Errorf("%s: equal points under two seeds: %v", name, same)
		}
	}
	for name, want := range map[string][]float64{
		"latin":   {0.3477200155682708, 0.5535258175597407, 0.22209613552869412},
		"maximin": {0.3477200155682708, 0.3035258175597408, 0.8470961355286941},
		"sobol":   {0.49581747188767566, 0.8960326677228146, 0.7292040165638066},
		"shift":   {0.24378434460696685, 0.3962387045233934, 0.5916240403896987},
		"morris":  {1, 0.3333333333333333, 0},
	} {
		if diff := cmp.Diff(want, must[[]float64](t)(one[name].Point(5))); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
	}
}

func TestFaults(t *testing.T) {
	fail := func(_ any, err error) error { return err }
	for name, c := range map[string]struct {
		err  error
		want []string
	}{
		"no coordinates": {fail(design.Grid()), []string{"design: found 0 coordinates of a grid, expected 1 to 2147483647"}},
		"levels": {fail(design.Grid(0, 2, -1)), []string{"design: found 0 levels of coordinate 0, expected 1 to 2147483647",
			"design: found -1 levels of coordinate 2, expected 1 to 2147483647"}},
		"too many points": {fail(design.Grid(1<<16, 1<<16)), []string{"design: found a grid of more than 2147483647 points"}},
		"latin": {fail(design.LatinHypercube(0, 0, design.LatinOptions{Exchange: -1})), []string{"design: found 0 points of a Latin hypercube, expected 1 to 67108864",
			"design: found 0 coordinates of a Latin hypercube, expected 1 to 67108864", "design: found -1 exchanges of a Latin hypercube, expected 0 to 2147483647"}},
		"latin memory": {fail(design.LatinHypercube(1<<20, 1<<10, design.LatinOptions{})), []string{"design: found a Latin hypercube of 1048576 × 1024, expected at most 67108864 coordinates in all"}},
		"sobol": {fail(design.Sobol(0, 129, 3, 1)), []string{"design: found 0 points of a Sobol sequence, expected 1 to 2147483647",
			"design: found 129 dimensions of a Sobol sequence, expected 1 to 128", "design: found scrambling 3, expected 0 to 2"}},
		"morris": {fail(design.Morris(0, 0, 3, 2, 1)), []string{"design: found 0 coordinates of trajectories, expected 1 to 2147483646",
			"design: found 0 trajectories, expected 1 to 2147483647", "design: found 3 levels, expected an even number", "design: found walk 2, expected 0 or 1"}},
		"one level": {fail(design.Morris(1, 1, 0, 0, 1)), []string{"design: found 0 levels, expected 2 to 2147483647"}},
		"saltelli":  {fail(design.Saltelli(0, 65, -1, 1)), []string{"design: found 65 coordinates of crossed samples, expected 1 to 64", "design: found 0 blocks of crossed samples, expected 1 to 32051994", "design: found scrambling -1, expected 0 to 2"}},
		"negative":  {fail(design.Saltelli(1, -5, 0, 1)), []string{"design: found -5 coordinates of crossed samples, expected 1 to 64"}},
		"no points": {fail(design.Design{}.Point(0)), []string{"design: found point 0, expected 0 to -1"}},
	} {
		if c.err == nil || c.err.Error() != strings.Join(c.want, "\n") {
			t.Errorf("%s: error\n%v\nwant\n%s", name, c.err, strings.Join(c.want, "\n"))
		}
	}
}
