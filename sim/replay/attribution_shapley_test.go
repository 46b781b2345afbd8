package replay_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ebb-sim/ebb/sim/replay"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// game is one outcome of a subset of players.
type game func(in []bool) float64

// divide plays games as the outcomes of one value.
func divide(t rapid.TB, players int, o replay.ShapleyOptions, games ...game) *replay.Shares {
	t.Helper()
	s, err := replay.Shapley(context.Background(), players, func(in []bool) ([]float64, error) {
		v := make([]float64, len(games))
		for k, g := range games {
			v[k] = g(in)
		}
		return v, nil
	}, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// byPlayer is one outcome's part of a player × outcome table.
func byPlayer(table [][]float64, k int) []float64 {
	var list []float64
	for _, row := range table {
		list = append(list, row[k])
	}
	return list
}

// sumOf is what the players in bring.
func sumOf(brings []float64, in []bool) float64 {
	sum := 0.0
	for i, v := range brings {
		if in[i] {
			sum += v
		}
	}
	return sum
}

func additive(brings ...float64) game { return func(in []bool) float64 { return sumOf(brings, in) } }

// wins is a game of votes with a quota.
func wins(quota float64, votes ...float64) game {
	return func(in []bool) float64 {
		if sumOf(votes, in) >= quota {
			return 1
		}
		return 0
	}
}

func nearly(t rapid.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

func TestShapleyOfTextbookGames(t *testing.T) {
	for _, c := range []struct {
		name          string
		v             game
		value, single []float64
		interaction   float64
	}{
		{"additive", additive(3, -1, 0, .5), []float64{3, -1, 0, .5}, []float64{3, -1, 0, .5}, 0},
		// one left glove, two right ones: a pair is worth 1
		{"gloves", func(in []bool) float64 { return min(sumOf([]float64{1, 0, 0}, in), sumOf([]float64{0, 1, 1}, in)) },
			[]float64{2. / 3, 1. / 6, 1. / 6}, []float64{1, 0, 0}, 0},
		{"unanimity of three", wins(3, 1, 1, 1), []float64{1. / 3, 1. / 3, 1. / 3}, []float64{1, 1, 1}, 2},
		// Shapley and Shubik (1954), American Political Science Review 48: votes 2, 1, 1, 1 with a quota of 3
		{"votes", wins(3, 2, 1, 1, 1), []float64{.5, 1. / 6, 1. / 6, 1. / 6}, []float64{0, 0, 0, 0}, -1},
		// Littlechild and Owen (1973), Management Science 20: a runway as long as the largest aircraft needs
		{"airport", func(in []bool) float64 {
			longest := 0.0
			for i, cost := range []float64{1, 2, 3} {
				if in[i] {
					longest = cost
				}
			}
			return longest
		}, []float64{1. / 3, 5. / 6, 11. / 6}, []float64{0, 0, 1}, -2},
		{"one player", additive(-.04), []float64{-.04}, []float64{-.04}, 0},
		{"nobody", additive(), nil, nil, 0},
	} {
		s := divide(t, len(c.value), replay.ShapleyOptions{}, c.v)
		near := cmpopts.EquateApprox(0, 1e-15)
		if d := cmp.Diff(c.value, byPlayer(s.Value, 0), near); d != "" {
			t.Errorf("%s: value %s", c.name, d)
		}
		if d := cmp.Diff(c.single, byPlayer(s.Single, 0), near); d != "" {
			t.Errorf("%s: single switch-offs %s", c.name, d)
		}
		nearly(t, c.name+": interaction", s.Interaction[0], c.interaction, 1e-15)
		if s.Permutations != 0 || s.Evaluations != 1<<len(c.value) {
			t.Errorf("%s: %d orders, %d evaluations", c.name, s.Permutations, s.Evaluations)
		}
	}
}

// drawGame draws the value of every subset.
func drawGame(r *rapid.T, players int) game {
	values := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 1<<players, 1<<players).Draw(r, "values")
	return func(in []bool) float64 { return values[place(in)] }
}

func place(in []bool) int {
	at := 0
	for i, on := range in {
		if on {
			at |= 1 << i
		}
	}
	return at
}

// The axioms by which Shapley (1953) characterised the value.
func TestShapleyAxioms(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(r, "players")
		u, w := drawGame(r, n), drawGame(r, n)
		i := rapid.IntRange(0, n-1).Draw(r, "i")
		j := (i + rapid.IntRange(1, n-1).Draw(r, "j")) % n
		symmetric := func(in []bool) float64 { // as in u, but i and j are interchangeable
			if in[i] != in[j] {
				in = slices.Clone(in)
				in[i], in[j] = true, false
			}
			return u(in)
		}
		dummy := func(in []bool) float64 { // i brings 7 whoever else is there
			rest := slices.Clone(in)
			rest[i] = false
			if in[i] {
				return u(rest) + 7
			}
			return u(rest)
		}
		for _, permutations := range []int{0, 2, 6} {
			s := divide(r, n, replay.ShapleyOptions{Permutations: permutations}, u, w, func(in []bool) float64 { return u(in) - 2*w(in) }, symmetric, dummy)
			for k := range s.All {
				sum := 0.0
				for _, v := range byPlayer(s.Value, k) {
					sum += v
				}
				nearly(r, fmt.Sprint("efficiency of ", k), sum, s.All[k]-s.None[k], 1e-9)
			}
			for p := range n {
				nearly(r, "linearity", s.Value[p][2], s.Value[p][0]-2*s.Value[p][1], 1e-9)
			}
			nearly(r, "dummy", s.Value[i][4], 7, 1e-9)
			if s.Permutations == 0 {
				nearly(r, "symmetry", s.Value[i][3], s.Value[j][3], 1e-9)
			}
		}
	})
}

// The value equals the mean contribution over all n! orders of arrival.
func TestShapleyIsMeanOverOrders(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 5).Draw(r, "players")
		v := drawGame(r, n)
		want, orders := make([]float64, n), 0.0
		var arrive func(in []bool, left int, contributed []float64)
		arrive = func(in []bool, left int, contributed []float64) {
			if left == 0 {
				orders++
				for i, c := range contributed {
					want[i] += c
				}
			}
			for i := range n {
				if in[i] {
					continue
				}
				next, then := slices.Clone(in), slices.Clone(contributed)
				next[i] = true
				then[i] = v(next) - v(in)
				arrive(next, left-1, then)
			}
		}
		arrive(make([]bool, n), n, make([]float64, n))
		for i, got := range byPlayer(divide(r, n, replay.ShapleyOptions{}, v).Value, 0) {
			nearly(r, "value", got, want[i]/orders, 1e-9)
		}
	})
}

// Above ten players orders of arrival are sampled. Of the cube of a sum the value
// is known: with T the sum of those before, a contribution is 3aT² + 3a²T + a³,
// E[T] = S/2 and E[T²] = Q/2 + (S²−Q)/3, S and Q the sum and the sum of squares
// of the others.
func TestSampledMatchesClosedForm(t *testing.T) {
	const n = 18
	brings := make([]float64, n)
	sum, squares := 0.0, 0.0
	for i := range brings {
		brings[i] = math.Sin(float64(3*i)) + .3
		sum, squares = sum+brings[i], squares+brings[i]*brings[i]
	}
	s := divide(t, n, replay.ShapleyOptions{}, func(in []bool) float64 { return math.Pow(sumOf(brings, in), 3) }, additive(brings...))
	if s.Permutations != replay.DefaultPermutations || s.Evaluations > 2+n+s.Permutations*(n-1) {
		t.Errorf("%d orders, %d evaluations", s.Permutations, s.Evaluations)
	}
	chi := 0.0
	for i, a := range brings {
		S, Q := sum-a, squares-a*a
		want := 3*a*(Q/2+(S*S-Q)/3) + 3*a*a*S/2 + a*a*a
		off := (s.Value[i][0] - want) / s.SE[i][0]
		chi += off * off
		if !(math.Abs(off) < 4) || !(s.SE[i][0] < .1*math.Abs(sum*sum*sum)) {
			t.Errorf("player %d: %v ± %v, want %v", i, s.Value[i][0], s.SE[i][0], want)
		}
		nearly(t, "additive", s.Value[i][1], a, 1e-12)
		nearly(t, "error of an additive game", s.SE[i][1], 0, 1e-12)
	}
	if chi < n/4. || chi > 4*n {
		t.Errorf("squared errors sum to %v standard errors of %d players: the standard errors are not those of the sample", chi, n)
	}
}

// Sampling by 60 orders meets the exact value of a game of ten within its error.
func TestSampledMatchesExact(t *testing.T) {
	v := func(in []bool) float64 { // a product of gains, and a threshold
		x := 1.0
		for i, on := range in {
			if on {
				x *= 1 + .1*float64(i%4)
			}
		}
		return x + wins(5, 1, 2, 1, 1, 0, 1, 1, 2, 1, 1)(in)
	}
	exact, sampled := divide(t, 10, replay.ShapleyOptions{}, v), divide(t, 10, replay.ShapleyOptions{Permutations: 59}, v)
	if exact.Evaluations != 1024 || sampled.Permutations != 60 || sampled.Evaluations >= 1024 {
		t.Fatalf("%d evaluations, and %d of %d orders", exact.Evaluations, sampled.Evaluations, sampled.Permutations)
	}
	for i := range 10 {
		if off := math.Abs(sampled.Value[i][0] - exact.Value[i][0]); !(off <= 3.5*sampled.SE[i][0]) || exact.SE[i][0] != 0 {
			t.Errorf("player %d: %v ± %v, exact %v", i, sampled.Value[i][0], sampled.SE[i][0], exact.Value[i][0])
		}
	}
	if d := cmp.Diff(exact.Single, sampled.Single); d != "" {
		t.Errorf("single switch-offs are not sampled: %s", d)
	}
}

func TestOnePairHasNoStandardError(t *testing.T) {
	s := divide(t, 8, replay.ShapleyOptions{Permutations: 1}, wins(3, 1, 1, 1, 1, 1, 1, 1, 1))
	if s.Permutations != 2 || !math.IsNaN(s.SE[0][0]) || math.IsNaN(s.Value[0][0]) {
		t.Errorf("%d orders, %v ± %v", s.Permutations, s.Value[0][0], s.SE[0][0])
	}
}

func TestShapleyOnAnyNumberOfWorkers(t *testing.T) {
	v := func(in []bool) float64 { return math.Sin(float64(place(in))) }
	for _, o := range []replay.ShapleyOptions{{}, {Permutations: 20}} {
		o.Workers = 1
		want := divide(t, 9, o, v)
		for _, o.Workers = range []int{2, 7} {
			if d := cmp.Diff(want, divide(t, 9, o, v)); d != "" {
				t.Errorf("%d workers: %s", o.Workers, d)
			}
		}
	}
}

func TestEverySubsetIsEvaluatedOnce(t *testing.T) {
	for _, o := range []replay.ShapleyOptions{{}, {Permutations: 12}} {
		var mu sync.Mutex
		times := map[int]int{}
		s := divide(t, 7, o, func(in []bool) float64 {
			mu.Lock()
			defer mu.Unlock()
			times[place(in)]++
			return 0
		})
		for subset, n := range times {
			if n != 1 {
				t.Errorf("subset %b: %d times", subset, n)
			}
		}
		if len(times) != s.Evaluations {
			t.Errorf("%d subsets, %d evaluations", len(times), s.Evaluations)
		}
	}
}

// What has no value in some subset has no shares; the other outcomes have.
func TestAbsentOutcome(t *testing.T) {
	for _, absent := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		s := divide(t, 4, replay.ShapleyOptions{}, additive(1, 2, 3, 4), func(in []bool) float64 {
			if !in[1] || !in[2] {
				return absent
			}
			return 1
		})
		if d := cmp.Diff([][]bool{nil, {true, true, false, true}}, s.Absent); d != "" {
			t.Error(d)
		}
		for i := range 4 {
			nearly(t, "present", s.Value[i][0], float64(i+1), 1e-15)
			if !math.IsNaN(s.Value[i][1]) || !math.IsNaN(s.SE[i][1]) || !math.IsNaN(s.Single[i][1]) {
				t.Errorf("player %d has a share of what is absent: %v", i, s.Value[i][1])
			}
		}
		if !math.IsNaN(s.Interaction[1]) || s.All[1] != 1 {
			t.Errorf("interaction %v, all %v", s.Interaction[1], s.All[1])
		}
	}
}

func TestShapleyErrors(t *testing.T) {
	zero := func(in []bool) ([]float64, error) { return []float64{0}, nil }
	third := errors.New("no price")
	for _, c := range []struct {
		players int
		value   func([]bool) ([]float64, error)
		o       replay.ShapleyOptions
		want    string
	}{
		{-1, zero, replay.ShapleyOptions{}, "found -1 players, expected 0 to 63"},
		{64, zero, replay.ShapleyOptions{}, "found 64 players, expected 0 to 63"},
		{2, zero, replay.ShapleyOptions{Permutations: -1}, "permutations is -1, expected at least 2"},
		{2, zero, replay.ShapleyOptions{Workers: -1}, "workers is -1"},
		{2, func(in []bool) ([]float64, error) { return make([]float64, 1+place(in)), nil }, replay.ShapleyOptions{},
			"found 2 outcomes with players [true false] on, expected 1"},
		{5, func(in []bool) ([]float64, error) {
			if at := place(in); at >= 3 && at%3 == 0 {
				return nil, fmt.Errorf("subset %d: %w", at, third)
			}
			return []float64{0}, nil
		}, replay.ShapleyOptions{Workers: 3}, "subset 3: no price"},
	} {
		_, err := replay.Shapley(context.Background(), c.players, c.value, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("found %v, expected %q", err, c.want)
		}
	}
}

func TestShapleyEndsWithItsContext(t *testing.T) {
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	calls := 0
	_, err := replay.Shapley(ctx, 10, func(in []bool) ([]float64, error) {
		if calls++; calls == 5 {
			cancel(enough)
		}
		return []float64{0}, nil
	}, replay.ShapleyOptions{Workers: 1})
	if !errors.Is(err, enough) || calls != 5 {
		t.Errorf("%v after %d calls", err, calls)
	}
}
