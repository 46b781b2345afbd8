package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/outcome"
)

// game is a plan and the players among whom its outcomes are divided.
type game struct {
	AttributionOptions
	plan     *sim.Plan
	driver   sim.Driver
	players  []Player
	staying  []string
	outcomes []outcome.Outcome // those asked for, and at last the one that ranks the paths
	ranking  int               // its place
	pairs    int               // of orders of arrival, 0 = all subsets
	subsets  float64           // at most, on a path
	budget   float64

	sums         [][]float64 // outcome × subset, over the paths; nil where orders are sampled
	mu           sync.Mutex
	runs, capped int // done; of them, those that reached the cap on waves
}

func newGame(plan *sim.Plan, driver sim.Driver, names []string, o AttributionOptions, many int) (*game, error) {
	g := &game{AttributionOptions: o, plan: plan, driver: driver, players: o.Players, budget: o.Budget}
	if o.Players == nil {
		g.players = Mechanisms(plan)
	}
	if o.Budget == 0 {
		g.budget = DefaultBudget
	}
	faults := []error{checkPlayers(g.players), ShapleyOptions{o.Permutations, o.Workers}.check(len(g.players))}
	if !(g.budget > 0) {
		faults = append(faults, fmt.Errorf("budget is %v steps, expected more than 0, or 0 for the default", o.Budget))
	}
	if len(names) == 0 {
		faults = append(faults, errors.New("found no outcome to attribute, expected at least one"))
	}
	if o.Worst == "" {
		o.Worst = plan.Assets[0].Name + ".return"
	}
	for _, name := range append(slices.Clone(names), o.Worst) {
		found, err := outcome.Resolve(plan, name)
		faults = append(faults, err)
		g.outcomes = append(g.outcomes, found)
	}
	g.ranking = len(names)
	g.pairs, g.subsets = sampling(len(g.players), o.Permutations, many)
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	bare, _, err := g.setting(0)
	if err != nil {
		return nil, err
	}
	g.staying = trading(bare)
	return g, nil
}

// steps is how many steps so many paths take at most.
func (g *game) steps(paths int) float64 {
	return float64(paths) * float64(g.plan.Steps) * g.subsets
}

func (g *game) tooMuch(what string, need float64) error {
	return fmt.Errorf("%d players and %s of %d steps take up to %.3g steps, expected at most the budget of %.3g: fewer players, sampled permutations, or a larger budget",
		len(g.players), what, g.plan.Steps, need, g.budget)
}

// with names a subset for a reader.
func (g *game) with(in []bool) string {
	var off []string
	for i, p := range g.players {
		if !in[i] {
			off = append(off, p.Name)
		}
	}
	if len(off) == 0 {
		return "with all players"
	}
	return "without " + strings.Join(off, ", ")
}

// measures read the outcomes from paths of a subset's plan.
func (g *game) measures(sub *sim.Plan) []func(*sim.Path) float64 {
	list := make([]func(*sim.Path) float64, len(g.outcomes))
	for k, o := range g.outcomes {
		found, err := outcome.Resolve(sub, o.Name)
		switch {
		case err == nil:
			list[k] = found.Of
		case flows(g.plan, o.Name):
			list[k] = func(*sim.Path) float64 { return 0 }
		default:
			list[k] = func(*sim.Path) float64 { return math.NaN() }
		}
	}
	return list
}

// flows tells whether an outcome is one of a flow that the plan publishes: the
// longest name of a series that it begins with.
func flows(plan *sim.Plan, name string) bool {
	longest := sim.Report{}
	for _, r := range plan.Reports() {
		if (name == r.Name || strings.HasPrefix(name, r.Name+".")) && len(r.Name) > len(longest.Name) {
			longest = r
		}
	}
	return longest.Kind == sim.Flow
}

// batchValues bounds the numbers that are kept until their paths are divided.
const batchValues = 1 << 20

// mostTogether is the number of paths that one runner takes in a row.
const mostTogether = 16

// play runs paths for the subsets of players and divides their outcomes.
func (g *game) play(ctx context.Context, first uint64, paths int) ([]*Shares, error) {
	together := int(max(1, min(batchValues/(g.subsets*float64(len(g.outcomes))), float64(paths))))
	total := 0
	designs := make([]*design, paths)
	for i := range designs {
		if i > 0 && g.pairs == 0 {
			designs[i] = designs[0]
		} else {
			designs[i] = newDesign(len(g.players), g.pairs, first+uint64(i))
		}
		total += len(designs[i].subsets)
	}
	list := make([]*Shares, 0, paths)
	for from := 0; from < paths; from += together {
		batch := designs[from:min(from+together, paths)]
		values, err := g.batch(ctx, first+uint64(from), batch, total)
		if err != nil {
			return nil, err
		}
		for i, d := range batch {
			list = append(list, d.shares(values[i]))
			g.add(values[i])
		}
	}
	return list, nil
}

// add counts the outcomes of every subset on a path, in the order of the paths.
func (g *game) add(values [][]float64) {
	if g.pairs > 0 {
		return
	}
	if g.sums == nil {
		g.sums = sim.Matrix(len(g.outcomes), len(values))
	}
	for subset, outcomes := range values {
		for k, v := range outcomes {
			g.sums[k][subset] += v
		}
	}
}

// coalitions are the means of the outcomes that were asked for, by subset.
func (g *game) coalitions(paths int) [][]float64 {
	if g.sums == nil {
		return nil
	}
	means := g.sums[:g.ranking]
	for _, line := range means {
		for subset := range line {
			line[subset] /= float64(paths)
		}
	}
	return means
}

// place is where the values of a run go.
type place struct{ path, subset int }

// task is one subset and some paths that are run with it.
type task struct {
	subset uint64
	places []place
}

// batch runs some paths: path × subset of its design × outcome.
func (g *game) batch(ctx context.Context, first uint64, designs []*design, total int) ([][][]float64, error) {
	values := make([][][]float64, len(designs))
	wanted := map[uint64][]place{}
	for i, d := range designs {
		values[i] = sim.Matrix(len(d.subsets), len(g.outcomes))
		for j, subset := range d.subsets {
			wanted[subset] = append(wanted[subset], place{i, j})
		}
	}
	var tasks []task
	for _, subset := range slices.Sorted(maps.Keys(wanted)) {
		for places := range slices.Chunk(wanted[subset], mostTogether) {
			tasks = append(tasks, task{subset, places})
		}
	}
	err := inParallel(ctx, g.Workers, len(tasks), func(i int) error { return g.run(ctx, first, tasks[i], values, total) })
	return values, err
}

// run runs the paths of a task.
func (g *game) run(ctx context.Context, first uint64, t task, values [][][]float64, total int) error {
	sub, driver, err := g.setting(t.subset)
	if err != nil {
		return err
	}
	runner, path, measures := sim.NewRunner(sub), sub.NewPath(false), g.measures(sub)
	capped := 0
	for _, at := range t.places {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		number := first + uint64(at.path)
		if err := runner.Run(driver.Start(g.Seed, number), path); err != nil {
			return fmt.Errorf("path %d of seed %d, %s: %w", number, g.Seed, g.with(members(t.subset, len(g.players))), err)
		}
		if path.Capped > 0 {
			capped++
		}
		for k, of := range measures {
			values[at.path][at.subset][k] = of(path)
		}
	}
	g.finish(len(t.places), capped, total)
	return nil
}

// finish counts runs that are done.
func (g *game) finish(runs, capped, total int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.runs, g.capped = g.runs+runs, g.capped+capped
	if g.Progress != nil {
		g.Progress(g.runs, total)
	}
}
