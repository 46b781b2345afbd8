package luck

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"

	"github.com/ebb-sim/ebb/sim/resample"
	"github.com/ebb-sim/ebb/sim/stats"
)

// A Gain is the mean return of a cell less the benchmark's.
type Gain struct {
	Cell int     `json:"cell"`
	Mean float64 `json:"mean"`
	SE   float64 `json:"se"`
}

// A Superiority says whether the best of many rules is better than the benchmark. All its
// verdicts are of the same draws.
type Superiority struct {
	Cell        int     `json:"cell"`        // of the largest mean gain, the first of equals
	Studentised int     `json:"studentised"` // of the largest gain in standard errors
	Gains       []Gain  `json:"gains"`       // of the cells that are not left out
	Block       float64 `json:"block"`       // mean length of a block

	RealityCheck Verdict `json:"reality_check"` // of √n times the largest gain
	// Hansen's test of the largest gain in standard errors, or 0 if that is more. Upper takes
	// every rule to be as good as the benchmark, Lower lets those that did worse be as bad as
	// they were, Consistent only those that did clearly worse: it is the one to quote.
	Lower      Verdict `json:"spa_lower"`
	Consistent Verdict `json:"spa_consistent"`
	Upper      Verdict `json:"spa_upper"`

	Warnings []string `json:"warnings,omitempty"`
}

// TestBest asks whether the best of the cells has a higher mean return than the benchmark (nil:
// than 0), allowing for all that were tried: the reality check of White (2000), Econometrica
// 68(5), and the test for superior predictive ability of Hansen (2005), Journal of Business &
// Economic Statistics 23(4). All cells are drawn together. Standard errors are those of the
// stationary bootstrap itself, in closed form (Politis and Romano, 1994, lemma 1). Without a
// length of blocks it is the median of those of the cells. A cell whose gain does not vary, such as
// one that is the benchmark, is left out with a warning.
func (b Bootstrap) TestBest(returns [][]float64, benchmark []float64) (*Superiority, error) {
	if err := errors.Join(b.check(), checkMatrix(returns, 1, leastSteps)); err != nil {
		return nil, err
	}
	n := len(returns[0])
	if err := b.fits(n); err != nil {
		return nil, err
	}
	if benchmark == nil {
		benchmark = make([]float64, n)
	}
	if len(benchmark) != n {
		return nil, fmt.Errorf("%w: %d returns of the benchmark and %d of each cell", stats.ErrLength, len(benchmark), n)
	}
	if err := checkReturns(benchmark, leastSteps); err != nil {
		return nil, fmt.Errorf("benchmark: %w", err)
	}
	s := &Superiority{}
	var excesses [][]float64
	for c, row := range returns {
		if d := excess(row, benchmark); checkSample(d) == nil {
			s.Gains = append(s.Gains, Gain{Cell: c, Mean: stat.Mean(d, nil)})
			excesses = append(excesses, d)
		}
	}
	if len(excesses) == 0 {
		return nil, fmt.Errorf("%w: no cell's return differs from the benchmark's in a way that varies", stats.ErrConstant)
	}
	if lost := len(returns) - len(excesses); lost > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("%d of %d cells are left out: their gain on the benchmark does not vary", lost, len(returns)))
	}
	if b.Block == 0 {
		var err error
		if b.Block, err = medianBlock(excesses); err != nil {
			return nil, err
		}
	}
	s.Block = b.Block
	for i, d := range excesses {
		variance := bootstrapVariance(d, 1/b.Block)
		if !(variance > 0) {
			return nil, fmt.Errorf("cell %d: %w: the mean of blocks of %.4g steps hardly varies", s.Gains[i].Cell, stats.ErrConstant, b.Block)
		}
		s.Gains[i].SE = math.Sqrt(variance / float64(n))
	}
	b.race(s, excesses)
	return s, nil
}

func medianBlock(excesses [][]float64) (float64, error) {
	var lengths []float64
	for _, d := range excesses {
		length, err := BlockLength(d)
		if err != nil {
			return math.NaN(), err
		}
		lengths = append(lengths, length)
	}
	return stats.Quantile(lengths, .5)
}

// bootstrapVariance is n times the variance of the mean of x under the stationary bootstrap:
// R(0) + 2·Σ κ(i)·R(i) with κ(i) = (1-i/n)·(1-fresh)ⁱ + (i/n)·(1-fresh)ⁿ⁻ⁱ.
func bootstrapVariance(x []float64, fresh float64) float64 {
	n := len(x)
	deviations := slices.Clone(x)
	floats.AddConst(-stat.Mean(x, nil), deviations)
	variance := covariance(deviations, 0)
	for i := 1; i < n; i++ {
		share := float64(i) / float64(n)
		weight := (1-share)*math.Pow(1-fresh, float64(i)) + share*math.Pow(1-fresh, float64(n-i))
		if weight > 1e-20 { // the others change no digit, and are most of a long history
			variance += 2 * weight * covariance(deviations, i)
		}
	}
	return variance
}

// A contest is one of the tests of the best: how the best is measured, and the gains each
// rule is taken to have under the null, by the cells that are kept.
type contest struct {
	verdict *Verdict
	name    string
	unit    string
	scale   []float64 // a gain times its scale is what counts
	floor   float64   // the least the maximum can be
	taken   []float64
	draws   []float64
}

func (c *contest) best(gains []float64) float64 {
	most := c.floor
	for i, gain := range gains {
		most = max(most, gain*c.scale[i])
	}
	return most
}

func (b Bootstrap) race(s *Superiority, excesses [][]float64) {
	n := len(excesses[0])
	gains, contests := s.contests(n)
	steps := make([][]float64, n) // by step, then by cell: a draw reads whole rows
	for t := range steps {
		for _, d := range excesses {
			steps[t] = append(steps[t], d[t])
		}
	}
	source, rows := b.source(n), make([]int, n)
	drawn, centred := make([]float64, len(excesses)), make([]float64, len(excesses))
	for range b.Draws {
		resample.Stationary(source, rows, 1/b.Block)
		clear(drawn)
		for _, row := range rows {
			floats.Add(drawn, steps[row])
		}
		floats.Scale(1/float64(n), drawn)
		for k := range contests {
			c := &contests[k]
			floats.SubTo(centred, drawn, c.taken)
			c.draws = append(c.draws, c.best(centred))
		}
	}
	for _, c := range contests {
		v := observe(stats.Result{Name: c.name, Unit: c.unit, Value: c.best(gains)}, n, b.Level, b.Seed)
		*c.verdict = v.against(c.draws, b.method()+"; null: no cell's mean return is above the benchmark's")
	}
}

// contests also finds the best cells.
func (s *Superiority) contests(n int) ([]float64, []contest) {
	root := math.Sqrt(float64(n))
	m := len(s.Gains)
	gains, plain, studentised := make([]float64, m), make([]float64, m), make([]float64, m)
	consistent, lower := make([]float64, m), make([]float64, m)
	clearly := -math.Sqrt(2 * math.Log(math.Log(float64(n)))) // Hansen's threshold, in standard errors
	ratios := make([]float64, m)
	for i, g := range s.Gains {
		gains[i], plain[i], studentised[i] = g.Mean, root, 1/g.SE
		ratios[i] = g.Mean / g.SE
		lower[i] = max(0, gains[i])
		if ratios[i] >= clearly {
			consistent[i] = gains[i]
		}
	}
	s.Cell, s.Studentised = s.Gains[best(gains)].Cell, s.Gains[best(ratios)].Cell
	return gains, []contest{
		{verdict: &s.RealityCheck, name: "reality_check", unit: "fraction × √steps", scale: plain, floor: math.Inf(-1), taken: gains},
		{verdict: &s.Lower, name: "spa_lower", unit: "ratio", scale: studentised, taken: lower},
		{verdict: &s.Consistent, name: "spa_consistent", unit: "ratio", scale: studentised, taken: consistent},
		{verdict: &s.Upper, name: "spa_upper", unit: "ratio", scale: studentised, taken: gains},
	}
}
