package inspect

import (
	"fmt"
	"math"
	"slices"
)

// sizes finds where a flow or a rate is from one row on of another size by a power
// of ten: the medians of the absolute values of the 20 rows before and after differ
// by it.
func sizes(c *column, _ Options) []Finding {
	const rows = 20
	if c.moves || c.kind == "" || len(c.v) < 2*rows {
		return nil
	}
	size := make([]float64, 0, len(c.v))
	for _, v := range c.v {
		size = append(size, math.Abs(v))
	}
	var places []Place
	best, bestAt := 0.0, -1
	for i := rows; i+rows <= len(size); i++ {
		before, after := median(slices.Clone(size[i-rows:i])), median(slices.Clone(size[i:i+rows]))
		ratio := math.Log(after / before)
		if before > 0 && after > 0 && math.Abs(ratio) > math.Log(300) {
			if math.Abs(ratio) > math.Abs(best) {
				best, bestAt = ratio, i
			}
			continue
		}
		if bestAt >= 0 {
			places = append(places, c.place(border(size, bestAt, rows), sizeText(best)))
			best, bestAt = 0, -1
		}
	}
	if bestAt >= 0 {
		places = append(places, c.place(border(size, bestAt, rows), sizeText(best)))
	}
	return c.found(Warning, "unit", "is of another size from here; another unit?", places)
}

// border is the row near one that parts the sizes before best from those after: with
// the fewest rows on the wrong side of the geometric mean of the two medians.
func border(size []float64, near, rows int) int {
	before, after := median(slices.Clone(size[near-rows:near])), median(slices.Clone(size[near:near+rows]))
	middle, grows := math.Sqrt(before*after), after > before
	best, fewest := near, math.MaxInt
	for i := near - rows + 1; i < near+rows; i++ {
		wrong := 0
		for k := near - rows; k < near+rows; k++ {
			if (size[k] > middle) == ((k < i) == grows) {
				wrong++
			}
		}
		if wrong < fewest {
			best, fewest = i, wrong
		}
	}
	return best
}

func sizeText(ratio float64) string {
	return fmt.Sprintf("the 20 rows from here are about %s the 20 before", times(math.Exp(ratio)))
}
