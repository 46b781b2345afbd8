package reconstruct

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/floats"
	"pgregory.net/rapid"
)

func TestCondition(t *testing.T) {
	tests := []struct {
		name            string
		shocks, weights []float64
		target          float64
		want            []float64
	}{
		{"a gap is shared", []float64{1, 2, 3}, []float64{1, 1, 1}, 9, []float64{2, 3, 4}},
		{"in proportion to the weights", []float64{0, 0}, []float64{1, 3}, 10, []float64{1, 3}},
		{"nothing to do", []float64{1, -1}, []float64{1, 1}, 0, []float64{1, -1}},
	}
	for _, test := range tests {
		condition(test.shocks, test.weights, test.target)
		if diff := cmp.Diff(test.want, test.shocks); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// The two sets of weights are those of an autoregression's end and sum.
func TestWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shocks := rapid.SliceOfN(rapid.Float64Range(-1, 1), 1, 7).Draw(t, "shocks")
		phi := rapid.Float64Range(0, 0.99).Draw(t, "phi")
		values := autoregression(phi, shocks)
		n := len(values)
		if end := floats.Dot(powers(phi, n), shocks); math.Abs(end-values[n-1]) > 1e-12 {
			t.Errorf("the end is %v by its weights, %v by its steps", end, values[n-1])
		}
		if sum := floats.Dot(sumPowers(phi, n), shocks); math.Abs(sum-floats.Sum(values)) > 1e-12 {
			t.Errorf("the sum is %v by its weights, %v by its steps", sum, floats.Sum(values))
		}
	})
}

func TestWholes(t *testing.T) {
	tests := []struct {
		values []float64
		sum    int
		want   []int
	}{
		{[]float64{1.4, 1.4, 1.2}, 4, []int{1, 2, 1}},
		{[]float64{-0.6, 0.6}, 0, []int{-1, 1}},
		{[]float64{2.0000000001}, 2, []int{2}},
	}
	for _, test := range tests {
		if diff := cmp.Diff(test.want, wholes(test.values, test.sum)); diff != "" {
			t.Errorf("wholes(%v) (-want +got):\n%s", test.values, diff)
		}
	}
}

func TestDecimal(t *testing.T) {
	tests := []struct {
		ticks, decimals int
		want            string
	}{
		{126200, 0, "126200"}, {-5, 1, "-0.5"}, {0, 1, "0.0"}, {-40, 5, "-0.00040"}, {348820, 2, "3488.20"},
	}
	for _, test := range tests {
		if got := decimal(test.ticks, test.decimals); got != test.want {
			t.Errorf("decimal(%d, %d) = %s, want %s", test.ticks, test.decimals, got, test.want)
		}
	}
}

// A week in which no drawn path can fit still keeps its facts: here each day
// would have to fall while the week rises, or the walk is far too small.
func TestStraightLineKeepsTheFacts(t *testing.T) {
	friday := []knot{{day: 6, low: 110, high: 110}}
	tests := []struct {
		name string
		week bitcoinWeek
	}{
		{"falls in a rise", bitcoinWeek{open: 100, knots: friday, high: 120, low: 90, highDay: -1, lowDay: -1, falls: []int{0, 1, 2, 3, 4, 5, 6}, sd: 0.03}},
		{"a distant range", bitcoinWeek{open: 100, knots: friday, high: 9000, low: 1, highDay: -1, lowDay: -1, sd: 1e-4}},
		{"known days", bitcoinWeek{open: 100, knots: friday, high: 9000, low: 1, highDay: 5, lowDay: 2, sd: 1e-4}},
	}
	for _, test := range tests {
		bars := test.week.bars(rand.New(rand.NewPCG(1, 1)))
		var highs, lows []int
		for i, b := range bars {
			highs, lows = append(highs, b.high), append(lows, b.low)
			if b.low > min(b.open, b.close) || b.high < max(b.open, b.close) {
				t.Errorf("%s: day %d is %+v", test.name, i, b)
			}
		}
		if slices.Max(highs) != test.week.high || slices.Min(lows) != test.week.low {
			t.Errorf("%s: range from %d to %d", test.name, slices.Min(lows), slices.Max(highs))
		}
		if d := test.week.highDay; d >= 0 && (highs[d] != test.week.high || lows[test.week.lowDay] != test.week.low) {
			t.Errorf("%s: highs %v, lows %v", test.name, highs, lows)
		}
		if bars[0].open != 100 || bars[6].close != 110 {
			t.Errorf("%s: from %d to %d", test.name, bars[0].open, bars[6].close)
		}
	}
}

// The densities that a day makes the week's high add up, over all levels, to
// the probability of having some high.
func TestExtremeDensity(t *testing.T) {
	path := []int{100000, 103000, 99000, 101000}
	var mass float64
	const step = 5
	for level := 103000; level < 200000; level += step {
		s := side{level: level, up: true, day: -1, sd: 0.03}
		// The density leaves out a factor 2/σ² and is per unit of log price.
		mass += total(s.days(path)) * 2 / (s.sd * s.sd) * step / float64(level)
	}
	if math.Abs(mass-1) > 0.01 {
		t.Errorf("the densities add up to %.4f, want 1", mass)
	}
}
