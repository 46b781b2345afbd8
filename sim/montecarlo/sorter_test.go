package montecarlo

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSorter(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	s := newSorter(5000)
	for name, draw := range map[string]func() float64{
		"prices":   func() float64 { return 1e5 * math.Exp(.3*rng.NormFloat64()) },
		"flows":    func() float64 { return 1e9 * rng.NormFloat64() },
		"all bits": func() float64 { return math.Float64frombits(rng.Uint64()) }, // NaN and infinities among them
		"few":      func() float64 { return float64(rng.IntN(3)) - 1 },
		"gaps":     func() float64 { return []float64{math.NaN(), rng.Float64()}[rng.IntN(2)] },
		"one":      func() float64 { return -2.5 },
	} {
		for _, n := range []int{0, 1, radixFrom - 1, radixFrom, 5000} {
			values := make([]float64, n)
			for i := range values {
				values[i] = draw()
			}
			want := slices.DeleteFunc(slices.Clone(values), math.IsNaN)
			slices.Sort(want)
			if diff := cmp.Diff(want, slices.Clone(s.sort(values))); len(want) > 0 && diff != "" {
				t.Fatalf("%d %s:\n%s", n, name, diff)
			} else if len(s.sort(values)) != len(want) {
				t.Fatalf("%d %s: %d present, want %d", n, name, len(s.sort(values)), len(want))
			}
		}
	}
}
