package luck

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/ebb-sim/ebb/sim/stats"
)

// A Holding is what a rule held and what the assets did, both asset × step.
type Holding struct {
	Weights [][]float64 // share of the account held over the step, below 0 for a short position
	Returns [][]float64 // simple return of the asset over the step
	Cost    []float64   // share of a trade's value, by asset: fee and half the spread; nil: none
}

// A RandomEntry holds the same positions at other times. Every step's weights are used once,
// all assets together, so that the exposure is equal and only the timing differs.
type RandomEntry struct {
	Draws int // at least 99
	Seed  uint64
	Level float64 // of the interval of the p-value, such as .95

	// Rotate shifts all weights by the same number of steps round the history, which keeps
	// their order; where there are no more rotations than Draws+1, all are tried and the
	// p-value is exact. Without it the holding periods are put into a random order, and so
	// are the gaps between them.
	Rotate bool
}

// Test asks how often the same positions at random times do as well as the rule by a
// criterion. The account's return in a step is the sum of weight × return over the assets,
// less cost × change of weight; weights are 0 before the first step, and do not drift within
// a step. The computation is the same for the rule and for the draws, but not the engine's:
// what is observed here is to be compared with the draws alone.
//
// A holding period is a longest run of steps with a weight other than 0 in any asset, a gap
// one without: a turn from long to short is inside a holding period. A random order
// begins with what the rule began with, and each period keeps its weights. A rotation may cut
// a holding period in two at the ends of the history.
//
// The null is that the timing has nothing to do with the returns. It says nothing of whether
// the exposure as such was good: that is in the null's quantiles.
func (r RandomEntry) Test(of Holding, by Criterion) (*Verdict, error) {
	if err := errors.Join(checkDraws(r.Draws, r.Level), of.check(), by.check()); err != nil {
		return nil, err
	}
	n := len(of.Weights[0])
	simple, at := make([]float64, n), make([]int, n)
	rotate(at, 0)
	of.placed(at, simple)
	value, err := by.figure(simple)
	if err != nil {
		return nil, fmt.Errorf("the rule has no %s: %w", by.Name, err)
	}
	v := observe(stats.Result{Name: by.Name, Unit: by.Unit, Value: value}, n, r.Level, r.Seed)
	figure := func() float64 {
		of.placed(at, simple)
		f, _ := by.figure(simple) // NaN is a lost draw, which the verdict counts
		return f
	}
	source := rand.New(rand.NewPCG(r.Seed, uint64(n)))
	if r.Rotate {
		v, err = r.rotations(v, of, source, at, figure)
	} else {
		v, err = r.orders(v, of, source, at, figure)
	}
	if err != nil {
		return nil, err
	}
	return &v, nil
}

func (h Holding) check() error {
	if len(h.Weights) == 0 || len(h.Weights) != len(h.Returns) {
		return fmt.Errorf("%w: weights of %d assets and returns of %d", stats.ErrLength, len(h.Weights), len(h.Returns))
	}
	var faults []error
	if h.Cost != nil && len(h.Cost) != len(h.Weights) {
		faults = append(faults, fmt.Errorf("%w: costs of %d assets, expected %d or none", stats.ErrLength, len(h.Cost), len(h.Weights)))
	}
	for a, c := range h.Cost {
		if !(c >= 0) || math.IsInf(c, 0) {
			faults = append(faults, fmt.Errorf("asset %d: %w: a cost of %v, expected 0 or more", a, stats.ErrArgument, c))
		}
	}
	n := len(h.Weights[0])
	for a := range h.Weights {
		if len(h.Weights[a]) != n || len(h.Returns[a]) != n {
			faults = append(faults, fmt.Errorf("asset %d: %w: %d weights and %d returns, expected %d", a, stats.ErrLength, len(h.Weights[a]), len(h.Returns[a]), n))
			continue
		}
		if err := checkReturns(h.Returns[a], 2); err != nil {
			faults = append(faults, fmt.Errorf("asset %d: %w", a, err))
		}
		for t, w := range h.Weights[a] {
			if math.IsNaN(w) || math.IsInf(w, 0) {
				faults = append(faults, fmt.Errorf("asset %d: %w: the weight in step %d is %v", a, stats.ErrNotFinite, t, w))
				break
			}
		}
	}
	return errors.Join(faults...)
}

// placed fills simple with the account's returns when step t has the weights of step at[t].
func (h Holding) placed(at []int, simple []float64) {
	clear(simple)
	for a, weights := range h.Weights {
		before, cost := 0., 0.
		if h.Cost != nil {
			cost = h.Cost[a]
		}
		for t, from := range at {
			w := weights[from]
			simple[t] += w*h.Returns[a][t] - cost*math.Abs(w-before)
			before = w
		}
	}
}

// equal tells whether two steps have the same weights in all assets.
func (h Holding) equal(s, t int) bool {
	return !slices.ContainsFunc(h.Weights, func(w []float64) bool { return w[s] != w[t] })
}

func (h Holding) flat(t int) bool {
	return !slices.ContainsFunc(h.Weights, func(w []float64) bool { return w[t] != 0 })
}

func rotate(at []int, by int) {
	for t := range at {
		at[t] = (t + by) % len(at)
	}
}

func (r RandomEntry) rotations(v Verdict, of Holding, source *rand.Rand, at []int, figure func() float64) (Verdict, error) {
	n := len(at)
	if !slices.ContainsFunc(at, func(t int) bool { return !of.equal(0, t) }) {
		return v, fmt.Errorf("%w: the weights are the same in every step, and so in every rotation", stats.ErrConstant)
	}
	var draws []float64
	if n <= r.Draws+1 {
		for by := range n {
			rotate(at, by)
			draws = append(draws, figure())
		}
		return v.among(draws, fmt.Sprintf("all %d rotations of the positions", n)).fewPlaces(float64(n)), nil
	}
	for _, by := range source.Perm(n - 1)[:r.Draws] { // different ones, and not the rule itself
		rotate(at, by+1)
		draws = append(draws, figure())
	}
	return v.against(draws, fmt.Sprintf("%d of the rotations of the positions, drawn at random", r.Draws)), nil
}

func (r RandomEntry) orders(v Verdict, of Holding, source *rand.Rand, at []int, figure func() float64) (Verdict, error) {
	held, gaps := of.periods()
	orders := of.Orders()
	switch {
	case len(held) == 0:
		return v, fmt.Errorf("%w: nothing was ever held", stats.ErrConstant)
	case orders == 1:
		return v, fmt.Errorf("%w: %d holding periods and %d gaps have one order only; rotate instead", stats.ErrTooFew, len(held), len(gaps))
	}
	flatFirst := of.flat(0)
	var draws []float64
	for range r.Draws {
		for _, list := range [][]Range{held, gaps} {
			source.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		order(at, held, gaps, flatFirst)
		draws = append(draws, figure())
	}
	method := fmt.Sprintf("%d random orders of %d holding periods and %d gaps", r.Draws, len(held), len(gaps))
	return v.against(draws, method).fewPlaces(orders), nil
}

// Orders is in how many orders the holding periods and the gaps can be put. Where they are
// few, RandomEntry should rotate.
func (h Holding) Orders() float64 {
	held, gaps := h.periods()
	return math.Gamma(float64(len(held)+1)) * math.Gamma(float64(len(gaps)+1))
}

// periods are the holding periods and the gaps, in time.
func (h Holding) periods() (held, gaps []Range) {
	n := len(h.Weights[0])
	for from := 0; from < n; {
		to := from + 1
		for to < n && h.flat(to) == h.flat(from) {
			to++
		}
		if h.flat(from) {
			gaps = append(gaps, Range{from, to})
		} else {
			held = append(held, Range{from, to})
		}
		from = to
	}
	return held, gaps
}

// order fills at with holding periods and gaps by turns.
func order(at []int, held, gaps []Range, flat bool) {
	for t, h, g := 0, 0, 0; t < len(at); flat = !flat {
		next := &h
		list := held
		if flat {
			next, list = &g, gaps
		}
		for step := list[*next].From; step < list[*next].To; step++ {
			at[t] = step
			t++
		}
		*next++
	}
}

// fewPlaces warns where the p-value cannot be small whatever the rule has done.
func (v Verdict) fewPlaces(places float64) Verdict {
	if places < 100 {
		return v.warn("there are %.0f placements at most: the p-value cannot be much below %.2g", places, 1/places)
	}
	return v
}
