package replay

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"github.com/ebb-sim/ebb/sim"
)

// ExactPlayers is the largest number of players whose subsets are all
// evaluated where nothing else is asked for.
const ExactPlayers = 10

// DefaultPermutations is the number of orders of arrival that are sampled above
// that.
const DefaultPermutations = 512

// mostPlayers is bounded by the bits of a subset.
const mostPlayers = 63

// ShapleyOptions say how the value of players is found.
type ShapleyOptions struct {
	// Permutations is the number of orders of arrival to sample, an odd one
	// rounded up; 0 = every subset for up to [ExactPlayers] players, and
	// [DefaultPermutations] above. Where the orders may meet as many subsets as
	// there are, all of those are evaluated instead.
	Permutations int
	Workers      int // 0 = one for each core
}

func (o ShapleyOptions) check(players int) error {
	if players < 0 || players > mostPlayers {
		return fmt.Errorf("found %d players, expected 0 to %d", players, mostPlayers)
	}
	if o.Permutations < 0 {
		return fmt.Errorf("permutations is %d, expected at least 2, or 0 for the default", o.Permutations)
	}
	return checkWorkers(o.Workers)
}

// Shares is what each player contributes to several outcomes at once: Shapley's
// value. With v(S) the outcome when the players S are on,
//
//	None + Σ Value = All,   Single = v(all) − v(all but i),   Interaction = Σ Single − (All − None)
//
// Interaction is 0 where the players act independently of each other; it is what
// the single switch-offs count more than once.
type Shares struct {
	None, All   []float64   // by outcome: v of no player, and of all
	Value       [][]float64 // player × outcome
	SE          [][]float64 // player × outcome: standard error of Value by sampling; 0 = exact, NaN = one pair of orders
	Single      [][]float64 // player × outcome
	Interaction []float64   // by outcome

	// Absent holds by outcome nil, or which players are on in a subset where the
	// outcome is no finite number, one of the largest. Value, SE, Single and
	// Interaction of the outcome are NaN then.
	Absent [][]bool

	Permutations int // orders of arrival sampled; 0 = every subset was evaluated
	Evaluations  int // subsets, each evaluated once
}

// Shapley divides v(all) − v(none) among players: each gets its mean
// contribution over all orders in which they may arrive (Shapley 1953, in
// Contributions to the Theory of Games II), the only division that is efficient,
// symmetric, additive, and gives nothing to a player who changes nothing.
//
// value gives the outcomes, as many each time, when the players marked in are on;
// it must not keep in, and is called from several goroutines at once unless there
// is one worker. Every subset is evaluated at most once. For many players, orders
// of arrival are sampled instead, each with its reverse (Castro, Gómez and Tejada
// 2009, Computers & Operations Research 36; antithetic: Mitchell, Cooper, Frank
// and Holmes 2022, Journal of Machine Learning Research 23): the values then have
// a standard error, and still add up. Which orders are drawn depends on the number
// of players alone, and nothing on the number of workers. The error is that of the
// first subset that fails, or the cause of ctx when that ends.
func Shapley(ctx context.Context, players int, value func(in []bool) ([]float64, error), o ShapleyOptions) (*Shares, error) {
	if err := o.check(players); err != nil {
		return nil, err
	}
	pairs, _ := sampling(players, o.Permutations, DefaultPermutations)
	d := newDesign(players, pairs, 0)
	values := make([][]float64, len(d.subsets))
	err := inParallel(ctx, o.Workers, len(values), func(i int) (err error) {
		values[i], err = value(members(d.subsets[i], players))
		return err
	})
	if err != nil {
		return nil, err
	}
	for i, v := range values {
		if len(v) != len(values[0]) {
			return nil, fmt.Errorf("found %d outcomes with players %v on, expected %d as with none", len(v), members(d.subsets[i], players), len(values[0]))
		}
	}
	return d.shares(values), nil
}

// members tells who is in a subset.
func members(subset uint64, players int) []bool {
	in := make([]bool, players)
	for i := range in {
		in[i] = subset>>i&1 == 1
	}
	return in
}

// design says which subsets are evaluated and how they are weighed.
type design struct {
	players int
	subsets []uint64 // ascending: the first is nobody, the last everybody
	orders  [][]int  // of arrival, each followed by its reverse; nil = every subset is evaluated
}

// newDesign draws orders of arrival as a function of the number of players and of
// path; pairs = 0 evaluates every subset.
func newDesign(players, pairs int, path uint64) *design {
	d := &design{players: players}
	if pairs == 0 {
		for subset := range uint64(1) << players {
			d.subsets = append(d.subsets, subset)
		}
		return d
	}
	all := everybody(players)
	d.subsets = append(d.subsets, 0, all)
	for i := range players {
		d.subsets = append(d.subsets, all&^(1<<i)) // for the single switch-offs
	}
	rng := rand.New(rand.NewPCG(uint64(players), path))
	for range pairs {
		order := rng.Perm(players)
		back := slices.Clone(order)
		slices.Reverse(back)
		d.orders = append(d.orders, order, back)
	}
	for _, order := range d.orders {
		arrived := uint64(0)
		for _, i := range order {
			arrived |= 1 << i
			d.subsets = append(d.subsets, arrived)
		}
	}
	slices.Sort(d.subsets)
	d.subsets = slices.Compact(d.subsets)
	return d
}

func everybody(players int) uint64 { return 1<<players - 1 }

// sampling is the number of pairs of orders to draw, 0 where every subset is
// evaluated, and how many subsets that takes at most. many is the number of orders
// for many players, where none is asked for.
func sampling(players, permutations, many int) (pairs int, subsets float64) {
	all := math.Ldexp(1, players)
	if permutations == 0 {
		if players <= ExactPlayers {
			return 0, all
		}
		permutations = many
	}
	pairs = permutations/2 + permutations%2
	// nobody, everybody and all but one; and each order passes players−1 subsets
	met := float64(2+players) + 2*float64(pairs)*float64(players-1)
	if met >= all {
		return 0, all
	}
	return pairs, met
}

// at is the place of a subset.
func (d *design) at(subset uint64) int {
	if d.orders == nil {
		return int(subset)
	}
	i, _ := slices.BinarySearch(d.subsets, subset)
	return i
}

// shares weighs the outcomes, subset × outcome.
func (d *design) shares(values [][]float64) *Shares {
	none, all := values[0], values[len(values)-1]
	n, m := d.players, len(none)
	s := &Shares{None: slices.Clone(none), All: slices.Clone(all), Value: sim.Matrix(n, m), SE: sim.Matrix(n, m), Single: sim.Matrix(n, m),
		Interaction: make([]float64, m), Absent: make([][]bool, m), Permutations: len(d.orders), Evaluations: len(d.subsets)}
	if d.orders == nil {
		d.exact(values, s.Value)
	} else {
		d.sampled(values, s.Value, s.SE)
	}
	for k := range m {
		s.Interaction[k] = none[k] - all[k]
	}
	for i, single := range s.Single {
		without := values[d.at(everybody(n)&^(1<<i))]
		for k := range single {
			single[k] = all[k] - without[k]
			s.Interaction[k] += single[k]
		}
	}
	for k := range m {
		if s.Absent[k] = d.absent(values, k); s.Absent[k] != nil {
			s.refuse(k)
		}
	}
	return s
}

// absent finds the largest subset, the first of equals, in which an outcome is
// no finite number; nil where there is none.
func (d *design) absent(values [][]float64, k int) []bool {
	found, size := -1, -1
	for j, v := range values {
		if n := bits.OnesCount64(d.subsets[j]); n > size && !(math.Abs(v[k]) <= math.MaxFloat64) {
			found, size = j, n
		}
	}
	if found < 0 {
		return nil
	}
	return members(d.subsets[found], d.players)
}

// refuse takes back the shares of an outcome.
func (s *Shares) refuse(k int) {
	s.Interaction[k] = math.NaN()
	for i := range s.Value {
		s.Value[i][k], s.SE[i][k], s.Single[i][k] = math.NaN(), math.NaN(), math.NaN()
	}
}

// exact adds to value the contributions to every subset, with the weight
// s!(n−s−1)!/n! of a subset of s players.
func (d *design) exact(values, value [][]float64) {
	n := d.players
	weight := make([]float64, n)
	last := 1 / float64(n)
	for s := range weight {
		weight[s] = last
		last *= float64(s+1) / float64(n-s-1)
	}
	for subset, before := range values {
		for i := range n {
			if subset>>i&1 == 1 {
				continue
			}
			w, after := weight[bits.OnesCount(uint(subset))], values[subset|1<<i]
			for k := range before {
				value[i][k] += w * (after[k] - before[k])
			}
		}
	}
}

// sampled sets value to the mean contribution over the sampled orders, and its
// standard error by the spread between their pairs.
func (d *design) sampled(values, value, se [][]float64) {
	pair := sim.Matrix(d.players, len(values[0]))
	pairs := len(d.orders) / 2
	for p := range pairs {
		for _, contributions := range pair {
			clear(contributions)
		}
		d.arrive(d.orders[2*p], values, pair)
		d.arrive(d.orders[2*p+1], values, pair)
		for i, contributions := range pair { // Welford's update; se holds the sum of squares
			for k, x := range contributions {
				off := x - value[i][k]
				value[i][k] += off / float64(p+1)
				se[i][k] += off * (x - value[i][k])
			}
		}
	}
	for _, squares := range se {
		for k, sum := range squares {
			squares[k] = math.Sqrt(sum / float64(pairs-1) / float64(pairs)) // NaN of one pair: 0/0
			if pairs == 1 {
				squares[k] = math.NaN()
			}
		}
	}
}

// arrive adds half of what each contributes in one order of arrival.
func (d *design) arrive(order []int, values, half [][]float64) {
	arrived, before := uint64(0), values[0]
	for _, i := range order {
		arrived |= 1 << i
		after := values[d.at(arrived)]
		for k := range after {
			half[i][k] += (after[k] - before[k]) / 2
		}
		before = after
	}
}
