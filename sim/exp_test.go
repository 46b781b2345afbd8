package sim

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestExp(t *testing.T) {
	for _, x := range []float64{0, 1, -1, 1e-300, 11.5, 299.9, -299.9, 599, -599, 600, 709, -745, 1000, -1000, math.Inf(1), math.Inf(-1), math.NaN()} {
		want, got := math.Exp(x), Exp(x)
		if math.Abs(got-want) > 0x1p-52*want || math.IsNaN(want) != math.IsNaN(got) {
			t.Errorf("Exp(%v) is %v, want %v", x, got, want)
		}
	}
}

func TestExpIsMathExp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-600, 600).Draw(t, "x")
		if want, got := math.Exp(x), Exp(x); math.Abs(got-want) > 0x1p-51*want {
			t.Fatalf("Exp(%v) is %v, want %v", x, got, want)
		}
	})
}

func BenchmarkExp(b *testing.B) {
	sum := 0.
	for i := range b.N {
		sum += Exp(11 + float64(i&1023)*1e-3)
	}
	if sum == 0 {
		b.Fatal()
	}
}
func BenchmarkMathExp(b *testing.B) {
	sum := 0.
	for i := range b.N {
		sum += math.Exp(11 + float64(i&1023)*1e-3)
	}
	if sum == 0 {
		b.Fatal()
	}
}
