package design_test

import (
	"encoding/json"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"testing"

	"github.com/ebb-sim/ebb/sim/design"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func must[T any](t interface{ Fatal(...any) }) func(T, error) T {
	return func(v T, err error) T {
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// qmc.Sobol(8, scramble=False).random(16) of scipy 1.17.1.
func TestSobolBegins(t *testing.T) {
	want := [][]float64{
		{0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0},
		{0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5},
		{0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75},
		{0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.75, 0.25},
		{0.375, 0.375, 0.625, 0.875, 0.375, 0.125, 0.375, 0.875},
		{0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375},
		{0.625, 0.125, 0.875, 0.625, 0.625, 0.875, 0.125, 0.125},
		{0.125, 0.625, 0.375, 0.125, 0.125, 0.375, 0.625, 0.625},
		{0.1875, 0.3125, 0.9375, 0.4375, 0.5625, 0.3125, 0.4375, 0.9375},
		{0.6875, 0.8125, 0.4375, 0.9375, 0.0625, 0.8125, 0.9375, 0.4375},
		{0.9375, 0.0625, 0.6875, 0.1875, 0.3125, 0.5625, 0.1875, 0.1875},
		{0.4375, 0.5625, 0.1875, 0.6875, 0.8125, 0.0625, 0.6875, 0.6875},
		{0.3125, 0.1875, 0.3125, 0.5625, 0.9375, 0.4375, 0.0625, 0.0625},
		{0.8125, 0.6875, 0.8125, 0.0625, 0.4375, 0.9375, 0.5625, 0.5625},
		{0.5625, 0.4375, 0.0625, 0.8125, 0.1875, 0.6875, 0.3125, 0.8125},
		{0.0625, 0.9375, 0.5625, 0.3125, 0.6875, 0.1875, 0.8125, 0.3125},
	}
	got := must[design.Design](t)(design.Sobol(16, 8, design.Plain, 1)).Points()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// testdata/scipy.json has points far along the sequence in all 128 dimensions, from
// qmc.Sobol(128, scramble=False) of scipy, in units of 2⁻³⁰. Their Gray codes have each of
// the first twenty digits set at least once, so that no direction number up to there is unused.
func TestSobolIsThatOfScipy(t *testing.T) {
	var golden struct {
		Index  []int
		Points [][]float64
	}
	text := must[[]byte](t)(os.ReadFile(filepath.Join("testdata", "scipy.json")))
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	d := must[design.Design](t)(design.Sobol(1<<20, design.MostSobol, design.Plain, 0))
	used := 0
	for k, i := range golden.Index {
		used |= i ^ i>>1
		got := must[[]float64](t)(d.Point(i))
		for j := range got {
			got[j] *= 1 << 30
		}
		if diff := cmp.Diff(golden.Points[k], got); diff != "" {
			t.Errorf("point %d\n%s", i, diff)
		}
	}
	if used != 1<<20-1 {
		t.Errorf("digits used: %b", used)
	}
}

var scrambles = map[string]design.Scramble{"owen": design.Owen, "shift": design.Shift, "plain": design.Plain}

// Each of 2ᵐ equal parts of every dimension holds one of the first 2ᵐ points and one of the
// next, and in the first two dimensions so does each rectangle of that area.
func TestSobolIsEven(t *testing.T) {
	const m = 7
	for name, s := range scrambles {
		t.Run(name, func(t *testing.T) {
			d := must[design.Design](t)(design.Sobol(2<<m, design.MostSobol, s, 5))
			all := d.Points()
			for _, points := range [][][]float64{all[:1<<m], all[1<<m:]} {
				for j := range d.Dim() {
					onePerPart(t, points, func(x []float64) int { return int(x[j] * (1 << m)) })
				}
				for a := range m + 1 {
					onePerPart(t, points, func(x []float64) int { return int(x[0]*float64(int(1)<<a))<<(m-a) + int(x[1]*float64(int(1)<<(m-a))) })
				}
			}
		})
	}
}

func onePerPart(t *testing.T, points [][]float64, part func([]float64) int) {
	t.Helper()
	held := make([]int, len(points))
	for _, x := range points {
		held[part(x)]++
	}
	for p, n := range held {
		if n != 1 {
			t.Fatalf("part %d of %d holds %d points", p, len(points), n)
		}
	}
}

// Nested scrambling keeps how many leading digits two points have in common, and what
// comes after is random: over seeds a coordinate is uniform, and those of two points are
// uncorrelated but for that.
func TestScramblingIsNested(t *testing.T) {
	for _, name := range []string{"owen", "shift"} {
		rapid.Check(t, func(t *rapid.T) {
			const n = 1 << 20
			seed, i, k := rapid.Uint64().Draw(t, "seed"), rapid.IntRange(0, n-1).Draw(t, "i"), rapid.IntRange(0, n-1).Draw(t, "k")
			if i == k {
				return
			}
			common := func(s design.Scramble) int {
				d := must[design.Design](t)(design.Sobol(n, 3, s, seed))
				x, y := must[[]float64](t)(d.Point(i)), must[[]float64](t)(d.Point(k))
				return bits.LeadingZeros64(uint64(x[2]*(1<<52)) ^ uint64(y[2]*(1<<52)))
			}
			if got, want := common(scrambles[name]), common(design.Plain); got != want {
				t.Fatalf("%s: %d digits in common, want %d", name, got, want)
			}
		})
	}
}

func TestScrambledPointsAreUniform(t *testing.T) {
	const seeds, parts = 4096, 16
	for _, name := range []string{"owen", "shift"} {
		counts := map[string]*[parts]int{"first": {}, "second": {}, "second within its half": {}, "dimensions": {}}
		for seed := range uint64(seeds) {
			d := must[design.Design](t)(design.Sobol(2, 2, scrambles[name], seed))
			p := d.Points()
			counts["first"][int(p[0][0]*parts)]++
			counts["second"][int(p[1][0]*parts)]++
			_, within := math.Modf(2 * p[1][1])
			counts["second within its half"][int(within*parts)]++
			counts["dimensions"][int(p[0][0]*4)*4+int(p[0][1]*4)]++
		}
		for what, count := range counts {
			chi := 0.
			for _, n := range count {
				chi += math.Pow(float64(n)-seeds/parts, 2) / (seeds / parts)
			}
			if chi > 44.3 { // P = 1e-4 with 15 degrees of freedom
				t.Errorf("%s, %s: χ² = %.1f", name, what, chi)
			}
		}
	}
}

// Owen's scrambling integrates smooth functions with an error that falls almost as n^-1.5,
// where that of independent points falls as n^-.5.
func TestScrambledMeanConverges(t *testing.T) {
	rms := func(n int) float64 {
		sum := 0.
		for seed := range uint64(50) {
			mean := 0.
			for _, x := range must[design.Design](t)(design.Sobol(n, 2, design.Owen, seed)).Points() {
				mean += math.Exp(x[0]+x[1]) / float64(n)
			}
			sum += math.Pow(mean-(math.E-1)*(math.E-1), 2) / 50
		}
		return math.Sqrt(sum)
	}
	small, large := rms(16), rms(1024)
	if rate := math.Log(small/large) / math.Log(64); rate < 1.3 {
		t.Errorf("errors %.2g and %.2g: the rate is %.2f", small, large, rate)
	}
}
