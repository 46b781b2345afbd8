package replay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
)

// Defaults of [NearestOptions].
const (
	DefaultSigmas      = 10.0
	DefaultSigmaCells  = 40
	DefaultStarts      = 4
	DefaultEvaluations = 400
)

// NearestOptions say where to look for the nearest shock.
type NearestOptions struct {
	Bound       float64 // largest norm, in sigmas; 0 = [DefaultSigmas]
	Cells       int     // of the grid from 0 to Bound in each direction; 0 = [DefaultSigmaCells]
	Starts      int     // searches, from different directions; 0 = [DefaultStarts]
	Evaluations int     // directions tried by each search at most, for each shock; 0 = [DefaultEvaluations]
}

// Nearest is the smallest mixture of several shocks.
type Nearest struct {
	Breaking
	Norm   float64 `json:"norm"` // Mahalanobis norm √(xᵀΣ⁻¹x) of the totals: sigmas from nothing
	Status string  `json:"status"`
	Cell   float64 `json:"cell"` // of the grid along a direction, in sigmas; see [Scaled]

	Starts []Start `json:"starts"`
	// Disagreement is the largest norm to which a search has come less the
	// smallest: above rounding, some of them have ended in a local minimum.
	Disagreement float64 `json:"disagreement"`
}

// Start is one of the searches.
type Start struct {
	Totals []float64 `json:"totals,omitempty"` // by shock; nil where the threshold was not reached
	Norm   float64   `json:"norm"`             // 0 where it was not reached
	Status string    `json:"status"`           // of gonum/optimize
}

// Nearest finds the shock of the smallest Mahalanobis norm √(xᵀΣ⁻¹x) with which
// the outcome passes the threshold; x are the shocks' totals over their steps,
// whatever was planned, and Σ is the spread. In a direction of x, the norm at which
// the threshold is first passed is found as in [Stress.Scale]; the directions are
// searched by the simplex of Nelder and Mead (1965, Computer Journal 7), from
// several starts, and then along the outcome's gradient as far as that helps, after
// Hasofer and Lind (1974, Journal of the Engineering Mechanics Division 100).
//
// The error is [ErrNotReached] where no direction passes the threshold up to the
// bound, and another one where the best search has not converged. That no nearer
// shock exists cannot be proven for an outcome that jumps; the starts tell how far
// the searches agree.
func (s Stress) Nearest(ctx context.Context, spread *Spread, o NearestOptions) (*Nearest, error) {
	o.Bound, o.Cells = cmp.Or(o.Bound, DefaultSigmas), cmp.Or(o.Cells, DefaultSigmaCells)
	o.Starts, o.Evaluations = cmp.Or(o.Starts, DefaultStarts), cmp.Or(o.Evaluations, DefaultEvaluations)
	lower, err := spread.factor(len(s.Shocks))
	if err = errors.Join(checkBound(o.Bound), checkCells(o.Cells), err); err != nil {
		return nil, fmt.Errorf("reverse stress: %w", err)
	}
	if o.Starts < 1 || o.Evaluations < 1 {
		return nil, fmt.Errorf("reverse stress: %d starts of %d evaluations, expected at least 1 of each", o.Starts, o.Evaluations)
	}
	t, err := s.start(ctx)
	if err != nil {
		return nil, err
	}
	h := &hunt{stressed: t, NearestOptions: o, lower: lower}
	return h.nearest()
}

// hunt looks for the nearest shock in the space where Σ is the unit matrix: x = Lz.
type hunt struct {
	*stressed
	NearestOptions
	lower *mat.TriDense // L, Σ = LLᵀ
	far   line          // nearest to the threshold, of those directions that do not pass it
	fault error         // that ends the hunt
}

// aim is a direction of unit length and what was found in it.
type aim struct {
	direction []float64
	line
	cost   float64 // the norm, or more than the bound where the threshold is not passed
	status optimize.Status
}

func (h *hunt) nearest() (*Nearest, error) {
	if none := (point{value: h.unshocked}); h.passed(none) {
		found := &Nearest{Status: "passed without the shocks", Cell: h.Bound / float64(h.Cells)}
		var err error
		found.Breaking, err = h.breaking(none, none, make([]float64, len(h.Shocks)))
		return found, err
	}
	var ends []aim
	for _, from := range h.starts() {
		if end := h.descend(from); h.fault == nil {
			ends = append(ends, h.polish(end))
		}
		if h.fault != nil {
			return nil, h.fault
		}
	}
	best := ends[0]
	for _, e := range ends {
		if e.cost < best.cost {
			best = e
		}
	}
	if !best.found {
		return nil, h.missed("norm", h.far, h.Bound)
	}
	if best.status != optimize.FunctionConvergence && best.status != optimize.MethodConverge {
		return nil, fmt.Errorf("reverse stress: the search for the nearest shock has not converged within %d evaluations (%v): the nearest so far has norm %.6g, totals %.6g",
			h.evaluations(), best.status, best.high.at, h.totalsAt(best.direction, best.high.at))
	}
	return h.result(best, ends)
}

func (h *hunt) result(best aim, ends []aim) (*Nearest, error) {
	found := &Nearest{Norm: best.high.at, Status: best.status.String(), Cell: h.Bound / float64(h.Cells)}
	missed := 0
	for _, e := range ends {
		start := Start{Status: e.status.String()}
		if e.found {
			start.Norm, start.Totals = e.high.at, h.totalsAt(e.direction, e.high.at)
			found.Disagreement = max(found.Disagreement, e.high.at-best.high.at)
		} else {
			missed++
		}
		found.Starts = append(found.Starts, start)
	}
	var err error
	if found.Breaking, err = h.breaking(best.low, best.high, h.totalsAt(best.direction, best.high.at)); err != nil {
		return nil, err
	}
	const alike = 1e-4 // of the norm
	if found.Disagreement > alike*found.Norm {
		found.Notes = append(found.Notes, fmt.Sprintf("the searches end at norms up to %.4g apart: there are local minima, and a nearer shock may exist", found.Disagreement))
	}
	if missed > 0 {
		found.Notes = append(found.Notes, fmt.Sprintf("%d of %d searches did not reach the threshold", missed, len(ends)))
	}
	return found, nil
}

// totalsAt are the shocks of a norm in a direction: r·L·u.
func (h *hunt) totalsAt(direction []float64, r float64) []float64 {
	var x mat.VecDense
	x.MulVec(h.lower, mat.NewVecDense(len(direction), slices.Clone(direction)))
	return scaled(x.RawVector().Data, r)
}

// aim looks along a direction, which may have any length but 0.
func (h *hunt) aim(direction []float64, fine float64) aim {
	length := norm(direction)
	a := aim{direction: scaled(direction, 1/length), cost: math.Inf(1)}
	if h.fault != nil || !(length > 0) || math.IsInf(length, 1) {
		return a
	}
	if a.line, h.fault = h.along(h.totalsAt(a.direction, 1), h.Bound, h.Cells, fine); h.fault != nil {
		return a
	}
	if a.found {
		a.cost = a.high.at
		return a
	}
	if h.far.nearest == (point{}) || h.short(a.nearest) < h.short(h.far.nearest) {
		h.far = a.line
	}
	// A direction that comes nearer to the threshold is the better one.
	a.cost = h.Bound * (1 + h.short(a.nearest)/math.Abs(h.Limit.Threshold-h.unshocked))
	return a
}

// coarse is the width of a bracket, as a share of its place, while directions are
// compared.
const coarse = 1e-9

// starts are the best of some directions: up and down each axis, and as many at
// random, always the same.
func (h *hunt) starts() []aim {
	k := len(h.Shocks)
	var list []aim
	for i := range k {
		for _, sign := range []float64{1, -1} {
			axis := make([]float64, k)
			axis[i] = sign
			list = append(list, h.aim(axis, coarse))
		}
	}
	if k == 1 { // the nearer side is the answer
		if list[1].cost < list[0].cost {
			return list[1:]
		}
		return list[:1]
	}
	random := rand.New(rand.NewPCG(uint64(k), 0))
	for range max(2*k, h.Starts) {
		direction := make([]float64, k)
		for i := range direction {
			direction[i] = random.NormFloat64()
		}
		list = append(list, h.aim(direction, coarse))
	}
	slices.SortStableFunc(list, func(a, b aim) int { return cmp.Compare(a.cost, b.cost) })
	return list[:min(h.Starts, len(list))]
}

func (h *hunt) evaluations() int { return h.Evaluations * len(h.Shocks) }

// descend searches the directions around one: u + Bw, with B a base of what is
// orthogonal to u.
func (h *hunt) descend(from aim) aim {
	k := len(h.Shocks)
	if k == 1 {
		from.status = optimize.MethodConverge // there is nothing to search
		return from
	}
	base := orthogonal(from.direction)
	best := from
	problem := optimize.Problem{Func: func(w []float64) float64 {
		direction := slices.Clone(from.direction)
		for j, b := range base {
			for i := range direction {
				direction[i] += w[j] * b[i]
			}
		}
		a := h.aim(direction, coarse)
		if a.cost < best.cost {
			best = a
		}
		return a.cost
	}}
	settings := &optimize.Settings{FuncEvaluations: h.evaluations(),
		Converger: &optimize.FunctionConverge{Relative: 1e-8, Iterations: 10 * k}}
	// The coefficients are those of Nelder and Mead: gonum's own shrink to nothing
	// in one dimension.
	method := &optimize.NelderMead{Reflection: 1, Expansion: 2, Contraction: .5, Shrink: .5, SimplexSize: .3}
	result, err := optimize.Minimize(problem, make([]float64, k-1), settings, method)
	if h.fault == nil && err != nil {
		h.fault = fmt.Errorf("reverse stress: the search for the nearest shock has failed: %w", err)
	}
	if result != nil {
		best.status = result.Status
	}
	return best
}

// orthogonal is a base of what is orthogonal to a unit vector: the columns but one
// of the reflection that takes it to an axis (Householder).
func orthogonal(u []float64) [][]float64 {
	k := len(u)
	v := slices.Clone(u)
	v[0] += math.Copysign(1, u[0])
	square := 0.0
	for _, x := range v {
		square += x * x
	}
	var base [][]float64
	for j := 1; j < k; j++ {
		b := make([]float64, k)
		for i := range b {
			b[i] = -2 * v[i] * v[j] / square
		}
		b[j]++
		base = append(base, b)
	}
	return base
}

// polish turns to the outcome's gradient at the threshold as long as the norm
// falls: in a linear market the first turn is the answer. Then the crossing is
// narrowed to rounding.
func (h *hunt) polish(a aim) aim {
	const turns = 20
	status := a.status
	for range turns {
		if !a.found || h.fault != nil {
			return a
		}
		g := h.gradient(a)
		if !(norm(g) > 0) || math.IsInf(norm(g), 1) {
			break
		}
		next := h.aim(g, coarse)
		before := a.cost
		if next.cost <= before*(1+coarse) { // where it is as near, the gradient is the better direction
			a = next
		}
		if !(next.cost < before*(1-coarse)) {
			break
		}
	}
	a = h.aim(a.direction, finest)
	a.status = status
	return a
}

// gradient is that of the outcome in z at the crossing, towards the threshold.
func (h *hunt) gradient(a aim) []float64 {
	const step = 1e-4 // of the norm
	at := scaled(a.direction, a.high.at)
	g := make([]float64, len(at))
	for i := range at {
		side := func(d float64) float64 {
			z := slices.Clone(at)
			z[i] += d
			p, err := h.try(0, h.totalsAt(z, 1))
			if err != nil {
				h.fault = err
			}
			return p.value
		}
		d := step * a.high.at
		g[i] = side(d) - side(-d)
		if h.passing == AtMost {
			g[i] = -g[i]
		}
	}
	return g
}
