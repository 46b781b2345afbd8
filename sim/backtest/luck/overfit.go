package luck

import (
	"fmt"
	"math"

	"github.com/ebb-sim/ebb/sim/stats"
)

// mostBlocks is where there are 12,870 combinations; 18 blocks would have 48,620.
const mostBlocks = 16

// A Combination is one way to take half of the blocks as in sample and the others as out of
// sample, and what the cell did there that was best in sample.
type Combination struct {
	InSample    []bool  // by block, in time
	Cell        int     // -1: no cell has a figure in sample
	Inside      float64 // its figure in sample
	Outside     float64 // and out of sample, NaN where it has none
	Logit       float64 // ln(ω/(1-ω)) of its relative rank ω out of sample, NaN where it has none
	Share       float64 // that relative rank, between 0 and 1: the higher the better
	OutOfSample int     // cells with a figure out of sample
}

// An Overfitting is how often the choice of the best cell did not hold.
type Overfitting struct {
	Criterion    string   `json:"criterion"`
	Cells        int      `json:"cells"`
	Steps        int      `json:"steps"`
	Blocks       int      `json:"blocks"`
	Combinations int      `json:"combinations"`
	Undecided    int      `json:"undecided"`             // combinations left out: the best cell has no figure
	PBO          float64  `json:"pbo"`                   // share of the others whose logit is 0 or less
	Loss         float64  `json:"loss"`                  // share of the others whose figure out of sample is below 0
	Degradation  *Line    `json:"degradation,omitempty"` // over the combinations; absent with a warning
	Chosen       []int    `json:"chosen"`                // combinations in which each cell was best in sample
	Method       string   `json:"method"`
	Warnings     []string `json:"warnings,omitempty"`

	All []Combination `json:"-"` // every combination, in lexicographic order of the blocks in sample
}

const methodPBO = "combinatorially symmetric cross-validation, all combinations"

// PBO is the probability of backtest overfitting by combinatorially symmetric cross-validation
// (Bailey, Borwein, López de Prado and Zhu, 2017, Journal of Computational Finance 20(4),
// section 2): the history is cut into an even number of blocks, 2 to 16, and every half of
// them is once in sample and the rest out of sample, both in the order of time. The cell that
// is best in sample, the first of equals, has the rank r out of sample among N cells, 1 the
// worst; equals share the mean of their ranks. With ω = r/(N+1), PBO is the share of
// combinations in which ln(ω/(1-ω)) is 0 or less: at or below the median. If the cells differ
// by chance alone, and steps are independent, it is ½ on average for an even number of cells,
// and (N+1)/2N for an odd one.
//
// Blocks differ by one step at most, where the steps do not divide. The combinations share
// their blocks, so that PBO is no proportion of independent trials and has no interval here.
func PBO(returns [][]float64, blocks int, by Criterion) (*Overfitting, error) {
	if err := by.check(); err != nil {
		return nil, err
	}
	if blocks < 2 || blocks > mostBlocks || blocks%2 != 0 {
		return nil, fmt.Errorf("%w: %d blocks, expected an even number from 2 to %d", stats.ErrArgument, blocks, mostBlocks)
	}
	if err := checkMatrix(returns, 2, 2*blocks); err != nil {
		return nil, err
	}
	c := newCombiner(returns, blocks, by)
	c.add(0, 0, 0)
	o := &Overfitting{
		Criterion: by.Name, Cells: len(returns), Steps: len(returns[0]), Blocks: blocks,
		Combinations: len(c.found), Chosen: make([]int, len(returns)), Method: methodPBO, All: c.found,
	}
	if !o.sum() {
		return nil, fmt.Errorf("no combination of blocks in which the best cell has a %s both in and out of sample; the first: %w", by.Name, c.reason())
	}
	return o, nil
}

// sum counts the combinations, and tells whether any counts.
func (o *Overfitting) sum() bool {
	var inside, outside []float64
	at, lost := 0, 0
	for _, c := range o.All {
		if c.Cell >= 0 {
			o.Chosen[c.Cell]++
		}
		if math.IsNaN(c.Logit) {
			o.Undecided++
			continue
		}
		if c.Logit <= 0 {
			at++
		}
		if c.Outside < 0 {
			lost++
		}
		inside, outside = append(inside, c.Inside), append(outside, c.Outside)
	}
	if len(inside) == 0 {
		return false
	}
	o.PBO = float64(at) / float64(len(inside))
	o.Loss = float64(lost) / float64(len(inside))
	o.warn(inside, outside)
	return true
}

func (o *Overfitting) warn(inside, outside []float64) {
	if o.Undecided > 0 {
		o.Warnings = append(o.Warnings, fmt.Sprintf("%d of %d combinations are left out: the best cell has no %s in one of the halves", o.Undecided, o.Combinations, o.Criterion))
	}
	if o.Combinations < fewCombinations {
		o.Warnings = append(o.Warnings, fmt.Sprintf("%d combinations are few: more blocks give more", o.Combinations))
	}
	line, err := lineOf(inside, outside)
	if err != nil {
		o.Warnings = append(o.Warnings, "no line of degradation: "+err.Error())
	}
	o.Degradation = line
}

// fewCombinations is below what 8 blocks give, 70.
const fewCombinations = 70

// A combiner goes through the combinations block by block, so that those which begin alike
// share their work.
type combiner struct {
	by      Criterion
	returns [][]float64
	borders []int     // block b is the steps borders[b] ≤ t < borders[b+1]
	blocks  [][]tally // by block, by cell
	taken   []bool
	in, out [][]tally // by the number of blocks taken so far, by cell
	inside  []float64 // figures by cell
	outside []float64
	found   []Combination
}

func newCombiner(returns [][]float64, blocks int, by Criterion) *combiner {
	cells, steps := len(returns), len(returns[0])
	c := &combiner{
		by: by, returns: returns, taken: make([]bool, blocks),
		inside: make([]float64, cells), outside: make([]float64, cells),
	}
	for b := range blocks + 1 {
		c.borders = append(c.borders, b*steps/blocks)
	}
	if by.merged == nil {
		return c
	}
	for b := range blocks {
		block := make([]tally, cells)
		for i, row := range returns {
			block[i] = tallyOf(row[c.borders[b]:c.borders[b+1]])
		}
		c.blocks = append(c.blocks, block)
	}
	for range blocks/2 + 1 {
		c.in, c.out = append(c.in, make([]tally, cells)), append(c.out, make([]tally, cells))
	}
	return c
}

// add puts block b in sample, then out of sample, and goes on with the next; in and out are
// how many there are already.
func (c *combiner) add(b, in, out int) {
	half := len(c.taken) / 2
	if b == len(c.taken) {
		c.judge()
		return
	}
	if in < half {
		c.taken[b] = true
		c.extend(c.in, in, b)
		c.add(b+1, in+1, out)
	}
	if out < half {
		c.taken[b] = false
		c.extend(c.out, out, b)
		c.add(b+1, in, out+1)
	}
}

func (c *combiner) extend(side [][]tally, count, b int) {
	if c.by.merged == nil {
		return
	}
	for i, t := range side[count] {
		side[count+1][i] = t.then(c.blocks[b][i])
	}
}

// judge closes a combination.
func (c *combiner) judge() {
	c.figures(true, c.in, c.inside)
	c.figures(false, c.out, c.outside)
	found := Combination{
		InSample: append([]bool(nil), c.taken...), Cell: best(c.inside),
		Inside: math.NaN(), Outside: math.NaN(), Share: math.NaN(), Logit: math.NaN(),
	}
	if at := found.Cell; at >= 0 {
		found.Inside, found.Outside = c.inside[at], c.outside[at]
		below, of := place(c.outside, at)
		found.OutOfSample = of
		if !math.IsNaN(found.Outside) {
			found.Share = (below + .5) / float64(of+1)
			found.Logit = math.Log(found.Share / (1 - found.Share))
		}
	}
	c.found = append(c.found, found)
}

// figures are those of all cells on one side.
func (c *combiner) figures(inSample bool, side [][]tally, figures []float64) {
	for i, row := range c.returns {
		if c.by.merged == nil {
			figures[i], _ = c.by.figure(joined(row, c.ranges(inSample)))
			continue
		}
		if figures[i] = c.by.merged(side[len(c.taken)/2][i]); math.IsInf(figures[i], 0) {
			figures[i] = math.NaN()
		}
	}
}

// reason is why the first combination is undecided: what its best cell lacks out of sample,
// or any cell in sample.
func (c *combiner) reason() error {
	first := c.found[0]
	copy(c.taken, first.InSample)
	_, err := c.by.figure(joined(c.returns[max(0, first.Cell)], c.ranges(first.Cell < 0)))
	if err == nil { // two ways to add up may differ in the last digit
		err = stats.ErrNotFinite
	}
	return err
}

func (c *combiner) ranges(inSample bool) []Range {
	var side []Range
	for b, taken := range c.taken {
		if taken == inSample {
			side = append(side, Range{c.borders[b], c.borders[b+1]})
		}
	}
	return side
}
