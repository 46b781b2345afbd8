package replay

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/stat/distuv"
)

// DefaultBudget is the most steps that an attribution runs, over all paths and
// subsets of players, where nothing else is asked for.
const DefaultBudget = 20e6

// EnsemblePermutations is the number of orders of arrival that are sampled on
// each path of an ensemble with more than [ExactPlayers] players, or where all
// subsets exceed the budget. Every path draws its own, so that what sampling adds
// to the spread between paths is in the intervals; between paths it is small.
const EnsemblePermutations = 2

// leastPaths is the least number of paths to which a budget may cut an
// ensemble: the worst 5 % of fewer are too few.
const leastPaths = 100

// worstShare is the part of the paths that is called the worst.
const worstShare = .05

// confidence is the level of every interval.
const confidence = .95

// AttributionOptions say among whom an outcome is divided, and how.
type AttributionOptions struct {
	Players      []Player // nil = [Mechanisms] of the plan
	Seed         uint64   // of the driver
	Permutations int      // orders of arrival to sample, as in [ShapleyOptions]; of an ensemble, on each path
	Budget       float64  // steps to run at most; 0 = [DefaultBudget]
	Workers      int      // 0 = one for each core; the result does not depend on it
	Worst        string   // of an ensemble: the outcome whose lowest values are the worst paths; "" = the first asset's return

	// Progress is told how many of the runs are done: growing numbers, one call at
	// a time, from any goroutine. May be nil.
	Progress func(done, total int)
}

// Attribution divides outcomes among players.
type Attribution struct {
	Players  []string
	Staying  []string // mechanisms with orders that are in every run, in whole or in part: that counts with the news
	Outcomes []Attributed
	Worst    *WorstPaths // nil for one path

	// Coalitions are the outcomes of every subset of the players, by outcome × subset: bit
	// i of its place tells whether player i is on. Of an ensemble they are means over all
	// paths; NaN where the outcome does not exist on one of them. nil where not all subsets
	// were run.
	Coalitions [][]float64

	Paths        int
	Runs         int // of the engine
	Permutations int // orders of arrival sampled on a path; 0 = all subsets of players were run
	Notes        []string
}

// Attributed is how one outcome came about, in its unit: News + Σ Shapley =
// Total. Of an ensemble they are means over the paths on which the outcome exists
// in every run, each with its interval.
type Attributed struct {
	outcome.Outcome
	News        stats.Estimate // without the players: the news alone
	Total       stats.Estimate // with all of them
	Shares      []Share        // by player; nil where refused
	Interaction stats.Estimate // sum of the single switch-offs, less the total over the news
	Refused     string         // why there are no shares, if so
}

// Share is what one player contributes to an outcome.
type Share struct {
	Player  string
	Shapley stats.Estimate
	Single  stats.Estimate // total − the total without this player alone
}

// WorstPaths is the attribution of the worst paths of an ensemble. They are those of
// the run with all players, the same for every outcome and subset; the intervals
// take them as given.
type WorstPaths struct {
	By       string  // the outcome whose lowest values are the worst
	At       float64 // its 5 % quantile: the worst paths are at or below it
	Paths    []int
	Outcomes []Attributed
}

// Attribute divides the outcomes of one path of a driver among the players by
// Shapley's value ([Shapley]). The plan is run for the subsets of players on the
// same news; a mechanism left out takes its orders along, the innovations and
// shocks that reach the market by it alone, and what others answer to them.
//
// An outcome of a flow that nobody in a subset makes is 0 there: nothing flowed.
// A level that nobody publishes does not exist, and an outcome that is absent in
// any subset is refused, with the reason; keep its mechanism out of the players to
// attribute it among the others.
func Attribute(ctx context.Context, plan *sim.Plan, driver sim.Driver, path uint64, outcomes []string, o AttributionOptions) (*Attribution, error) {
	g, err := newGame(plan, driver, outcomes, o, DefaultPermutations)
	if err != nil {
		return nil, err
	}
	if need := g.steps(1); need > g.budget {
		return nil, g.tooMuch("a path", need)
	}
	list, err := g.play(ctx, path, 1)
	if err != nil {
		return nil, err
	}
	a := g.attribution(1)
	a.Permutations = list[0].Permutations
	for k, o := range g.outcomes[:len(outcomes)] {
		a.Outcomes = append(a.Outcomes, g.ofPath(o, k, list[0]))
	}
	return a, nil
}

// AttributeEnsemble is [Attribute] for the means of the outcomes over the paths
// 0, 1, … of a driver, and over the worst 5 % of them. Every subset of players
// has the same random numbers on a path, and paths are divided one by one: the
// intervals are Student's over the shares of the paths. If the budget does not
// reach for all subsets on so many paths, [EnsemblePermutations] are sampled on
// each; if not for those either, the first of the paths are taken. A note says
// so. It is an error if fewer than a hundred paths are left.
func AttributeEnsemble(ctx context.Context, plan *sim.Plan, driver sim.Driver, paths int, outcomes []string, o AttributionOptions) (*Attribution, error) {
	g, err := newGame(plan, driver, outcomes, o, EnsemblePermutations)
	if err != nil {
		return nil, err
	}
	if paths < 1 {
		return nil, fmt.Errorf("paths is %d, expected at least 1", paths)
	}
	notes, reach := g.reach(paths)
	if least := min(leastPaths, paths); reach < least {
		return nil, g.tooMuch(fmt.Sprintf("%d paths", least), g.steps(least))
	}
	list, err := g.play(ctx, 0, reach)
	if err != nil {
		return nil, err
	}
	a := g.attribution(reach)
	a.Permutations = list[0].Permutations
	a.Notes = append(a.Notes, notes...)
	a.Outcomes = g.ofPaths(list, len(outcomes))
	var unranked int
	if a.Worst, unranked = g.worst(list, len(outcomes)); unranked > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("the worst paths are those of the lowest %s, which has no value on %d of %d paths", a.Worst.By, unranked, reach))
	}
	return a, nil
}

// reach keeps to the budget, and says by what: sampled orders, then fewer paths.
func (g *game) reach(paths int) (notes []string, reach int) {
	all := g.steps(paths)
	if all > g.budget && g.Permutations == 0 && g.pairs == 0 {
		g.pairs, g.subsets = sampling(len(g.players), EnsemblePermutations, 0)
		if g.pairs > 0 {
			notes = append(notes, fmt.Sprintf("shares from %d sampled orders of arrival on each path: all subsets of %d players would take %.3g steps, more than the budget of %.3g",
				EnsemblePermutations, len(g.players), all, g.budget))
		}
	}
	reach = int(min(g.budget/g.steps(1), float64(paths)))
	if reach < paths {
		notes = append(notes, fmt.Sprintf("attributed on the first %d of %d paths: all of them would take %.3g steps, more than the budget of %.3g",
			reach, paths, g.steps(paths), g.budget))
	}
	return notes, reach
}

// attribution is what outcomes do not enter.
func (g *game) attribution(paths int) *Attribution {
	a := &Attribution{Paths: paths, Runs: g.runs, Coalitions: g.coalitions(paths)}
	for _, p := range g.players {
		a.Players = append(a.Players, p.Name)
	}
	if a.Staying = g.staying; len(a.Staying) > 0 {
		a.Notes = append(a.Notes, strings.Join(a.Staying, ", ")+": on in every run, in whole or in part, so that what comes of it counts with the news")
	}
	if g.capped > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("the cap of %d waves was reached in %d of %d runs; their feedback is cut short", g.plan.MaxWaves, g.capped, g.runs))
	}
	return a
}

// ofPath is the attribution of outcome k on one path.
func (g *game) ofPath(o outcome.Outcome, k int, s *Shares) Attributed {
	a := Attributed{Outcome: o, News: exactly(s.None[k]), Total: exactly(s.All[k]), Interaction: exactly(s.Interaction[k])}
	if s.Absent[k] != nil {
		a.Refused = g.refusal(o, s.Absent[k])
		return a
	}
	for i, p := range g.players {
		share := Share{Player: p.Name, Shapley: exactly(s.Value[i][k]), Single: exactly(s.Single[i][k])}
		if s.Permutations > 0 {
			share.Shapley = sampledEstimate(s.Value[i][k], s.SE[i][k], s.Permutations/2)
		}
		a.Shares = append(a.Shares, share)
	}
	return a
}

// exactly is a figure of one path in which nothing is left to chance; NaN says
// that there is none.
func exactly(v float64) stats.Estimate {
	return stats.Estimate{Value: v, Low: v, High: v, Level: 1, N: 1, Method: "one path, exact"}
}

// sampledEstimate is a share of one path with the interval of its sampling.
func sampledEstimate(v, se float64, pairs int) stats.Estimate {
	const few = 30 // as in package stats
	e := stats.Estimate{Value: v, Low: math.NaN(), High: math.NaN(), Level: confidence, N: pairs, Method: "one path, Student t over pairs of sampled orders of arrival"}
	if pairs == 1 {
		e.Warnings = []string{"one pair of orders of arrival has no spread: no interval"}
		return e
	}
	reach := se * distuv.StudentsT{Sigma: 1, Nu: float64(pairs - 1)}.Quantile((1+confidence)/2)
	e.Low, e.High = v-reach, v+reach
	if pairs < few {
		e.Warnings = []string{fmt.Sprintf("%d pairs of orders of arrival are few: the interval trusts that means are close to normal", pairs)}
	}
	return e
}

// ofPaths is the attribution of the first outcomes over paths.
func (g *game) ofPaths(list []*Shares, outcomes int) []Attributed {
	var table []Attributed
	for k, o := range g.outcomes[:outcomes] {
		table = append(table, g.mean(o, k, list))
	}
	return table
}

func (g *game) mean(o outcome.Outcome, k int, list []*Shares) Attributed {
	present := slices.DeleteFunc(slices.Clone(list), func(s *Shares) bool { return s.Absent[k] != nil })
	over := func(of func(*Shares) float64) stats.Estimate {
		values := make([]float64, len(present))
		for i, s := range present {
			values[i] = of(s)
		}
		e, _ := stats.EstimateMean(values, confidence) // a failed estimate says why in its warnings
		if left := len(list) - len(present); left > 0 {
			e.Warnings = append(e.Warnings, fmt.Sprintf("left out: %d of %d paths on which it does not exist in every run", left, len(list)))
		}
		return e
	}
	a := Attributed{Outcome: o,
		News:        over(func(s *Shares) float64 { return s.None[k] }),
		Total:       over(func(s *Shares) float64 { return s.All[k] }),
		Interaction: over(func(s *Shares) float64 { return s.Interaction[k] })}
	if len(present) == 0 {
		a.Refused = "no path has it in every run; on the first of them " + g.refusal(o, list[0].Absent[k])
		return a
	}
	for i, p := range g.players {
		a.Shares = append(a.Shares, Share{Player: p.Name,
			Shapley: over(func(s *Shares) float64 { return s.Value[i][k] }),
			Single:  over(func(s *Shares) float64 { return s.Single[i][k] })})
	}
	return a
}

// refusal says where an outcome does not exist.
func (g *game) refusal(o outcome.Outcome, in []bool) string {
	return fmt.Sprintf("%s has no value %s", o.Name, g.with(in))
}

// worst is the attribution of the worst paths of the run with all players, and
// how many cannot be ranked.
func (g *game) worst(list []*Shares, outcomes int) (w *WorstPaths, unranked int) {
	w = &WorstPaths{By: g.outcomes[g.ranking].Name, At: math.NaN()}
	var present []float64
	for _, s := range list {
		if v := s.All[g.ranking]; !math.IsNaN(v) {
			present = append(present, v)
		}
	}
	if len(present) > 0 {
		w.At, _ = stats.Quantile(present, worstShare) // an overflow leaves it absent
	}
	var worst []*Shares
	for i, s := range list {
		if s.All[g.ranking] <= w.At {
			worst, w.Paths = append(worst, s), append(w.Paths, i)
		}
	}
	if len(worst) > 0 {
		w.Outcomes = g.ofPaths(worst, outcomes)
	}
	return w, len(list) - len(present)
}
