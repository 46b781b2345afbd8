package montecarlo

import (
	"bufio"
	"bytes"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func histogramOf(values ...float64) *histogram {
	h := newHistogram()
	for _, v := range values {
		h.add(v)
	}
	return &h
}

// anyFloat draws numbers of all magnitudes, and those at which bins go wrong.
func anyFloat() *rapid.Generator[float64] {
	return rapid.OneOf(rapid.Float64(), rapid.Float64Range(-3, 3),
		rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1, -1, 1e-300, -1e300, math.MaxFloat64, math.SmallestNonzeroFloat64, 0x1p-1022, 1.39e-309, -0x1p-1027, math.NaN()}))
}

func presentOf(values []float64) []float64 {
	list := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v != v })
	slices.Sort(list)
	return list
}

// bound is by how much an order statistic may be off.
func bound(v float64) float64 { return max(RelativeError*math.Abs(v), 0x1p-1031) }

// Every order statistic is off by less than the stated part of itself, the extremes
// by nothing, and the absent are counted.
func TestHistogramBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(anyFloat(), 1, 300).Draw(t, "values")
		h, want := histogramOf(values...), presentOf(values)
		if h.present != len(want) || h.absent != len(values)-len(want) {
			t.Fatalf("%d present and %d absent of %d, want %d present", h.present, h.absent, len(values), len(want))
		}
		for rank, v := range want {
			got := h.at(rank)
			if !(math.Abs(got-v) <= bound(v)) {
				t.Fatalf("rank %d is %v, want %v", rank, got, v)
			}
			if rank > 0 && got < h.at(rank-1) {
				t.Fatalf("rank %d is %v, below the one before", rank, got)
			}
		}
		if n := len(want); n > 0 && (h.min != want[0] || h.max != want[n-1]) {
			t.Fatalf("from %v to %v, want %v to %v", h.min, h.max, want[0], want[n-1])
		}
		negative := h.negative()
		for rank := range want {
			if got, v := negative.at(rank), -want[len(want)-1-rank]; !(math.Abs(got-v) <= bound(v)) {
				t.Fatalf("with the other sign, rank %d is %v, want %v", rank, got, v)
			}
		}
	})
}

// Where a value stands alone in its bin, or all are alike, nothing is interpolated
// beyond what was seen; 0 and 1 stay what they are.
func TestHistogramOfFew(t *testing.T) {
	for _, v := range []float64{0, 1, -1, 100, 1e-9, -73.2} {
		if h := histogramOf(v, v, math.NaN(), v); h.at(0) != v || h.at(2) != v || h.absent != 1 {
			t.Errorf("of %v: %v and %v", v, h.at(0), h.at(2))
		}
	}
	h := histogramOf(0, 1, 1, math.Copysign(0, -1), 1)
	if ones, present, err := h.flags(); ones != 3 || present != 5 || err != nil {
		t.Errorf("%d of %d, %v, want 3 of 5", ones, present, err)
	}
	for _, h := range []*histogram{histogramOf(0, .5), histogramOf(0, 1.0001), histogramOf(-1, 1), histogramOf(1, math.Nextafter(1, 2))} {
		if _, _, err := h.flags(); err == nil {
			t.Errorf("from %v to %v: taken for 0 and 1", h.min, h.max)
		}
	}
	if ones, present, err := histogramOf(math.NaN()).flags(); ones != 0 || present != 0 || err != nil {
		t.Errorf("of nothing: %d of %d, %v", ones, present, err)
	}
}

// In the thick of a distribution of many values quantiles are far nearer than the
// bound.
func TestHistogramOfMany(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	h, values := newHistogram(), make([]float64, 300_000)
	for i := range values {
		values[i] = 100 * math.Exp(.3*rng.NormFloat64())
		h.add(values[i])
	}
	slices.Sort(values)
	for _, p := range []float64{.05, .25, .5, .75, .95} {
		want, got := quantile(values, p), quantileOf(h.present, h.at, p)
		if off := math.Abs(got/want - 1); off > RelativeError/10 {
			t.Errorf("quantile %v is %v, want %v: off by %.2g", p, got, want, off)
		}
	}
}

// To merge is associative and commutative, and gives what one histogram counts.
func TestHistogramMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SliceOfN(anyFloat(), 0, 60)
		a, b, c := part.Draw(t, "a"), part.Draw(t, "b"), part.Draw(t, "c")
		want := encoded(histogramOf(slices.Concat(a, b, c)...))
		left := histogramOf(a...)
		left.merge(histogramOf(b...))
		left.merge(histogramOf(c...))
		right := histogramOf(c...)
		right.merge(histogramOf(b...))
		other := histogramOf(a...)
		right.merge(other)
		if encoded(left) != want || encoded(right) != want {
			t.Fatalf("merged histograms differ")
		}
	})
}

// An exact sum is that of big numbers, whatever the order, the grouping and the
// signs; so is that of products.
func TestExactSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := presentOf(rapid.SliceOfN(anyFloat(), 0, 60).Draw(t, "values"))
		cut := rapid.IntRange(0, len(values)).Draw(t, "cut")
		var sum, head, tail exactSum
		want := newBig()
		for i, v := range values {
			sum.add(v)
			want.Add(want, newBig().SetFloat64(v))
			if i < cut {
				head.add(v)
			}
		}
		slices.Reverse(values)
		for _, v := range values[:len(values)-cut] {
			tail.add(v)
		}
		tail.merge(&head)
		for _, s := range []*exactSum{&sum, &tail} {
			if got, finite := s.value(); got.Cmp(want) != 0 || !finite {
				t.Fatalf("sum %v, %v, want %v", got, finite, want)
			}
		}
		if encodedSum(&sum) != encodedSum(&tail) {
			t.Fatal("equal sums are written differently")
		}
	})
}

func TestExactSumOfProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(-1e9, 1e9).Draw(t, "a"), rapid.Float64Range(-1e9, 1e9).Draw(t, "b")
		if p := math.Abs(a * b); p < 1e-200 && a != 0 && b != 0 {
			t.Skip("what rounding leaves of so small a product is no float64")
		}
		var s exactSum
		s.addProduct(a, b)
		want := newBig().Mul(newBig().SetFloat64(a), newBig().SetFloat64(b))
		if got, _ := s.value(); got.Cmp(want) != 0 {
			t.Fatalf("product %v, want %v", got, want)
		}
	})
}

// Limbs that have not been carried for long are carried in time.
func TestExactSumCarries(t *testing.T) {
	s := exactSum{pending: mostPending - 3}
	for range 10 {
		s.add(-math.MaxFloat64)
	}
	if s.pending > 10 {
		t.Errorf("%d additions are pending", s.pending)
	}
	want := newBig().Mul(newBig().SetFloat64(-math.MaxFloat64), newBig().SetInt64(10))
	if got, _ := s.value(); got.Cmp(want) != 0 {
		t.Errorf("sum %v, want %v", got, want)
	}
	s.add(math.Inf(1))
	if _, finite := s.value(); finite {
		t.Error("the sum is finite with an infinity in it")
	}
}

// The moments do not suffer from a mean far from 0, where sums of float64 squares do.
func TestMoments(t *testing.T) {
	tally := newTally()
	for i := range 1000 {
		tally.add([]float64{1e9 + float64(i%2), math.NaN()})
	}
	m := tally.Moments()
	if want, _ := new(big.Rat).SetFrac64(250, 999).Float64(); m.Mean != 1e9+.5 || m.Variance != want || m.N != 1000 || tally.Absent() != 1000 {
		t.Errorf("moments %+v and %d absent, want variance %v", m, tally.Absent(), want)
	}
	low, high := tally.Range()
	if low != 1e9 || high != 1e9+1 {
		t.Errorf("from %v to %v", low, high)
	}
	one, none := newTally(), newTally()
	one.add([]float64{3})
	if m := one.Moments(); m.Mean != 3 || !math.IsNaN(m.Variance) {
		t.Errorf("of one: %+v", m)
	}
	if m := none.Moments(); !math.IsNaN(m.Mean) {
		t.Errorf("of none: %+v", m)
	}
}
func encoded(h *histogram) string {
	return encodedBy(func(out *encoder) { out.histogram(h) })
}

func encodedSum(s *exactSum) string {
	return encodedBy(func(out *encoder) { out.sum(s) })
}

func encodedBy(write func(*encoder)) string {
	var b bytes.Buffer
	out := &encoder{w: bufio.NewWriter(&b)}
	write(out)
	out.w.Flush()
	return b.String()
}
