package sensitivity

import (
	"math"
	"slices"
)

// crossings are the products of outcomes that sums over blocks are made of, a row for
// each block: the estimators are ratios of such sums.
type crossings struct {
	k        int
	mean     float64 // of A and B
	centre   float64 // mean of all outcomes
	scale    float64 // that outcomes are divided by; 0: those of A and B are equal
	products [][]float64
}

// Columns of a row of products; q_j is f(AB_j) − f(A).
const (
	ofBoth  = iota // f(A) + f(B), from their mean
	squares        // f(A)² + f(B)², from their mean
	ofAll          // the sum of all outcomes of the block, from the centre
	perParameter
)

// Columns of each parameter.
const (
	crossed = iota // f(B)·q_j, f(B) from the centre
	moved          // q_j
	movedSquared
	columns
)

func newCrossings(outcomes []float64, kept []int, k int) crossings {
	c := crossings{k: k}
	var both, all []float64
	for _, b := range kept {
		block := outcomes[b*(k+2) : (b+1)*(k+2)]
		both, all = append(both, block[0], block[k+1]), append(all, block...)
	}
	c.mean, c.centre = mean(both), mean(all)
	if slices.Max(both)-slices.Min(both) > rounding*max(slices.Max(all), -slices.Min(all)) {
		c.scale = slices.Max(all) - slices.Min(all)
	}
	for i := range kept {
		c.products = append(c.products, c.row(all[i*(k+2):(i+1)*(k+2)]))
	}
	return c
}

// mean cannot overflow.
func mean(list []float64) float64 {
	m := 0.
	for i, y := range list {
		m += (y - m) / float64(i+1)
	}
	return m
}

// rounding is the spread of outcomes, as a share of their size, that sums of numbers
// in another order can have.
const rounding = 1e-13

// row is the products of a block.
func (c crossings) row(block []float64) []float64 {
	row := make([]float64, perParameter+columns*c.k)
	a, b := block[0], block[c.k+1]
	for _, y := range []float64{a, b} {
		deviation := (y - c.mean) / c.scale
		row[ofBoth] += deviation
		row[squares] += deviation * deviation
	}
	for _, y := range block {
		row[ofAll] += (y - c.centre) / c.scale
	}
	for j, ab := range block[1 : c.k+1] {
		q := (ab - a) / c.scale
		of := row[perParameter+columns*j:]
		of[crossed], of[moved], of[movedSquared] = (b-c.centre)/c.scale*q, q, q*q
	}
	return row
}

func (c crossings) rows() int { return len(c.products) }

func (c crossings) methods() []string {
	first, total := slices.Repeat([]string{"Saltelli 2010"}, c.k), slices.Repeat([]string{"Jansen 1999"}, c.k)
	return slices.Concat(first, total, first[:1])
}

// figures are the indices of first order, of total order, and the sum of the first.
func (c crossings) figures(rows []int) []float64 {
	list := make([]float64, 2*c.k+1)
	if c.scale == 0 {
		for f := range list {
			list[f] = math.NaN()
		}
		return list
	}
	sum := c.sums(rows)
	n := float64(len(rows))
	variance := varianceOf(sum, n)
	if !(variance > 0) {
		variance = math.NaN()
	}
	centre := sum[ofAll] / (n * float64(c.k+2))
	for j := range c.k {
		of := sum[perParameter+columns*j:]
		list[j] = (of[crossed] - centre*of[moved]) / n / variance
		list[c.k+j] = of[movedSquared] / (2 * n) / variance
		list[2*c.k] += list[j]
	}
	return list
}

func (c crossings) sums(rows []int) []float64 {
	sum := make([]float64, perParameter+columns*c.k)
	for _, i := range rows {
		for j, v := range c.products[i] {
			sum[j] += v
		}
	}
	return sum
}

// varianceOf is that of A and B together.
func varianceOf(sum []float64, n float64) float64 {
	mean := sum[ofBoth] / (2 * n)
	return sum[squares]/(2*n) - mean*mean
}

// variance is that of the outcomes as given.
func (c crossings) variance() float64 {
	if c.scale == 0 {
		return 0
	}
	return varianceOf(c.sums(every(c.rows())), float64(c.rows())) * c.scale * c.scale
}
