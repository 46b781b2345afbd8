package replay

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/ebb-sim/ebb/sim"
	"github.com/ebb-sim/ebb/sim/montecarlo"
	"github.com/ebb-sim/ebb/sim/outcome"
	"github.com/ebb-sim/ebb/sim/stats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Spread is the covariance Σ of the totals of some shocks, by standard deviations
// and correlations.
type Spread struct {
	SD          []float64   `json:"sd"`          // by shock, in its unit
	Correlation [][]float64 `json:"correlation"` // nil = independent

	steps int // news of these many steps, the same for all shocks; 0 where it is otherwise
}

// SpreadOf is the spread that the totals of shocks have under a driver with the
// volatilities of the plan's assets and the standard deviations of its innovations,
// independent over steps: σ√h for news of h steps, and as much for an innovation's
// sessions. Correlation is that of the assets' news, nil where they are independent;
// shocks are correlated by the steps they share. Given replaces standard deviations
// of totals where it is not nil and not 0, as for flows of which the driver draws
// none. A driver whose volatility moves, such as garch, has this spread at the start
// only.
func SpreadOf(plan *sim.Plan, shocks []int, correlation [][]float64, given []float64) (*Spread, error) {
	var faults []error
	if given != nil && len(given) != len(shocks) {
		faults = append(faults, fmt.Errorf("%d standard deviations, expected one for each of %d shocks", len(given), len(shocks)))
		given = nil
	}
	if correlation != nil {
		faults = append(faults, checkCorrelation(correlation, len(plan.Assets)))
	}
	for _, i := range shocks {
		if i < 0 || i >= len(plan.Shocks) {
			faults = append(faults, fmt.Errorf("found shock %d, expected 0 to %d", i, len(plan.Shocks)-1))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("reverse stress: %w", err)
	}
	s := &Spread{SD: make([]float64, len(shocks))}
	drawn := make([][]int, len(shocks))
	for k, i := range shocks {
		shock := plan.Shocks[i]
		sd := 0.0
		if drawn[k] = shock.Steps; shock.Asset >= 0 {
			sd = plan.Assets[shock.Asset].Volatility
		} else {
			of := plan.Innovations[shock.Observe]
			sd = of.SD
			drawn[k] = slices.DeleteFunc(slices.Clone(shock.Steps), func(step int) bool { return !of.Always && !plan.Session(step) })
		}
		s.SD[k] = sd * math.Sqrt(float64(len(drawn[k])))
		if given != nil && given[k] != 0 {
			s.SD[k] = given[k]
		}
		if !(s.SD[k] > 0) || math.IsInf(s.SD[k], 1) {
			faults = append(faults, fmt.Errorf("shock %s: the standard deviation of %s over its steps is %v, expected more than 0: give one", shock.Name, hits(plan, shock), s.SD[k]))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("reverse stress: %w", err)
	}
	s.steps = len(drawn[0])
	for k, i := range shocks {
		row := make([]float64, len(shocks))
		for l, j := range shocks {
			common := shared(drawn[k], drawn[l])
			if row[l] = 1; k != l {
				row[l] = together(plan.Shocks[i], plan.Shocks[j], correlation) * float64(common) / math.Sqrt(float64(len(drawn[k])*len(drawn[l])))
			}
			if plan.Shocks[i].Asset < 0 || common != len(drawn[k]) || common != len(drawn[l]) {
				s.steps = 0
			}
		}
		s.Correlation = append(s.Correlation, row)
	}
	return s, nil
}

func checkCorrelation(c [][]float64, n int) error {
	if len(c) != n || slices.ContainsFunc(c, func(row []float64) bool { return len(row) != n }) {
		return fmt.Errorf("the correlations are no matrix of %d × %d", n, n)
	}
	for i, row := range c {
		for j, v := range row {
			if !(math.Abs(v) <= 1) || v != c[j][i] || i == j && v != 1 {
				return fmt.Errorf("correlation %d, %d is %v, expected −1 to 1, 1 with itself, and the same both ways", i+1, j+1, v)
			}
		}
	}
	return nil
}

// together is the correlation of what two shocks hit, in one step.
func together(a, b sim.Shock, correlation [][]float64) float64 {
	switch {
	case a.Asset != b.Asset && (a.Asset < 0 || b.Asset < 0 || correlation == nil):
		return 0 // the drivers draw innovations apart
	case a.Asset >= 0 && a.Asset != b.Asset:
		return correlation[a.Asset][b.Asset]
	case a.Asset < 0 && a.Observe != b.Observe:
		return 0
	}
	return 1
}

func shared(a, b []int) int {
	n := 0
	for _, step := range a {
		if slices.Contains(b, step) {
			n++
		}
	}
	return n
}

// factor is the Cholesky factor of the covariance of k shocks.
func (s *Spread) factor(k int) (*mat.TriDense, error) {
	if s == nil || len(s.SD) != k {
		return nil, fmt.Errorf("no standard deviation for each of %d shocks", k)
	}
	for i, sd := range s.SD {
		if !(sd > 0) || math.IsInf(sd, 1) {
			return nil, fmt.Errorf("standard deviation %d is %v, expected a finite number above 0", i+1, sd)
		}
	}
	if s.Correlation != nil {
		if err := checkCorrelation(s.Correlation, k); err != nil {
			return nil, err
		}
	}
	if k == 0 {
		return nil, nil // the shocks are at fault
	}
	correlation := mat.NewSymDense(k, nil)
	for i := range k {
		correlation.SetSym(i, i, 1)
		for j := range i {
			if s.Correlation != nil {
				correlation.SetSym(i, j, s.Correlation[i][j])
			}
		}
	}
	var cholesky mat.Cholesky
	if !cholesky.Factorize(correlation) {
		return nil, errors.New("the correlations are not positive definite: two shocks may be the same news")
	}
	lower := mat.NewTriDense(k, mat.Lower, nil)
	cholesky.LTo(lower)
	for i := range k {
		for j := range i + 1 {
			lower.SetTri(i, j, s.SD[i]*lower.At(i, j))
		}
	}
	return lower, nil
}

// Likelihood is how likely a driver's own draws, less their mean, go at least as
// far in the direction of a shock.
type Likelihood struct {
	Sigmas      float64 `json:"sigmas"` // √(xᵀΣ⁻¹x)
	Probability float64 `json:"probability"`
	Law         string  `json:"law"` // what the probability is
}

// Likelihood is that of shocks of the given totals, under normal draws (degrees 0)
// or Student's with the given degrees of freedom, of variance 1.
//
// It is the probability of the half space behind the shock, Φ(−‖x‖) under the normal
// law: of one shock its tail, and of the nearest of several the first-order
// approximation (Hasofer and Lind 1974) of the probability that the outcome passes
// the threshold by the shocks' steps alone, exact where the outcome is linear in
// them. Of Student's law it is the exact tail of a sum over the steps of the
// shocks, which must be news of the same steps.
func (s *Spread) Likelihood(totals []float64, degrees float64) (Likelihood, error) {
	lower, err := s.factor(len(totals))
	if err == nil && len(totals) == 0 {
		err = errors.New("found no shock, expected at least one")
	}
	if err != nil {
		return Likelihood{}, fmt.Errorf("likelihood: %w", err)
	}
	var z mat.VecDense
	if err := z.SolveVec(lower, mat.NewVecDense(len(totals), slices.Clone(totals))); err != nil {
		return Likelihood{}, fmt.Errorf("likelihood: %w", err)
	}
	l := Likelihood{Sigmas: norm(z.RawVector().Data)}
	if !(l.Sigmas < math.Inf(1)) {
		return Likelihood{}, fmt.Errorf("likelihood: totals %v, expected finite numbers", totals)
	}
	switch {
	case degrees == 0:
		l.Probability = math.Erfc(l.Sigmas/math.Sqrt2) / 2
		l.Law = "normal tail, first-order in the outcome"
		if len(totals) == 1 {
			l.Law = "normal tail of the total"
		}
	case !(degrees > 2) || math.IsInf(degrees, 1):
		return Likelihood{}, fmt.Errorf("likelihood: %v degrees of freedom, expected 0 for the normal law or a finite number above 2", degrees)
	case s.steps == 0:
		return Likelihood{}, errors.New("likelihood: under Student's law there is a tail for news of the same steps only")
	default:
		l.Probability = studentSumTail(l.Sigmas, degrees, s.steps)
		l.Law = fmt.Sprintf("Student tail, %v degrees of freedom, of a sum of %d steps", degrees, s.steps)
		if len(totals) > 1 {
			l.Law += ", first-order in the outcome"
		}
	}
	return l, nil
}

// studentSumTail is the probability that the sum of n independent Student
// variables lies more than so many of its standard deviations above 0. Of more than
// one it inverts the characteristic function (Gil-Pelaez 1951, Biometrika 38) by the
// trapezoidal rule, whose error is the tail beyond the period: less than 1e-9 for 3
// degrees of freedom or more.
func studentSumTail(sigmas, degrees float64, n int) float64 {
	if n == 1 {
		return distuv.StudentsT{Sigma: 1, Nu: degrees}.Survival(sigmas * math.Sqrt(degrees/(degrees-2)))
	}
	const period = 4000 // in standard deviations of the sum
	step := 2 * math.Pi / period
	sum := step * sigmas / 2 // the limit of the integrand at 0, with half weight
	for k := 1; ; k++ {
		t := step * float64(k)
		phi := math.Pow(studentCharacteristic(t/math.Sqrt(float64(n)), degrees), float64(n))
		if phi < 1e-17 {
			break
		}
		sum += math.Sin(t*sigmas) / float64(k) * phi
	}
	return max(0, .5-sum/math.Pi)
}

// studentCharacteristic is the characteristic function of Student's variable of
// variance 1: 2^{1−ν/2}/Γ(ν/2)·y^{ν/2}K_{ν/2}(y), y = t√(ν−2) (Hurst 1995). With
// K_a(y) = ½∫exp(−y cosh u + au)du (trapezoidal rule, which converges faster than any
// power of its step).
func studentCharacteristic(t, degrees float64) float64 {
	a, y := degrees/2, t*math.Sqrt(degrees-2)
	gamma, _ := math.Lgamma(a)
	scale := a*math.Log(y) - a*math.Ln2 - gamma
	// The integrand is largest at u = asinh(a/y), over a width of (a²+y²)^{−1/4}.
	step := min(.2, .5/math.Sqrt(math.Hypot(a, y)))
	peak := math.Asinh(a / y)
	sum := 0.0
	for _, direction := range []float64{1, -1} {
		for k := 0; ; k++ {
			if k == 0 && direction < 0 {
				continue
			}
			u := peak + direction*step*float64(k)
			term := math.Exp(scale - y*math.Cosh(u) + a*u)
			if sum += term; term < 1e-18*sum || term == 0 {
				break
			}
		}
	}
	return sum * step
}

// Frequency is the share of the driver's paths 0, 1, … whose outcome passes the
// threshold without the shocks, with Wilson's interval at level: how often the driver
// gets there by itself. Paths on which the outcome does not exist do not count.
// Without a stated side of the threshold, it is that of the path under stress.
func (s Stress) Frequency(ctx context.Context, paths, workers int, level float64) (stats.Estimate, error) {
	t, err := s.start(ctx)
	if err != nil {
		return stats.Estimate{}, err
	}
	plan, err := t.with(make([]float64, len(s.Shocks)))
	if err != nil {
		return stats.Estimate{}, fmt.Errorf("reverse stress: %w", err)
	}
	passes := outcome.Outcome{Name: "passes", Of: func(p *sim.Path) float64 {
		switch v := t.outcome.Of(p); {
		case math.IsNaN(v):
			return v
		case s.Limit.passes(v, t.passing):
			return 1
		}
		return 0
	}}
	ensemble, err := montecarlo.Run(ctx, plan, s.Driver, montecarlo.Options{Paths: paths, Seed: s.Seed, Workers: workers,
		Outcomes: []outcome.Outcome{t.outcome, passes}, OutcomesOnly: true})
	if err != nil {
		return stats.Estimate{}, fmt.Errorf("reverse stress: %w", err)
	}
	values, passed := ensemble.Tally(0), ensemble.Tally(1)
	low, high := values.Range()
	present, alike := values.N(), values.Absent() == 0 && low == high
	ones, err := passed.Flags()
	if err != nil {
		return stats.Estimate{}, fmt.Errorf("reverse stress: %w", err)
	}
	e, err := stats.EstimateProportion(ones, present, level)
	if err != nil && !errors.Is(err, stats.ErrTooFew) {
		return e, fmt.Errorf("reverse stress: %w", err)
	}
	if absent := paths - present; absent > 0 {
		e.Warnings = append(e.Warnings, fmt.Sprintf("left out: %d of %d paths on which %s does not exist", absent, paths, s.Limit.Outcome))
	}
	if alike && paths > 1 {
		e.Warnings = append(e.Warnings, "all paths are alike: the driver has no randomness that matters, and the interval no meaning")
	}
	return e, nil
}
