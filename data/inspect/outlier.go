package inspect

import (
	"fmt"
	"math"
)

// outliers are values of a flow or a rate far outside the history of their column:
// |x − median| > k·s, with s the robust standard deviation of the values that are
// not 0, because a quiet fund reports many zeros: in the whole column or in the 60
// rows around, whichever is greater, because a hectic month is no mistake. Values that
// are never negative, such as volumes, are taken in logarithms, since their size grows
// with the years. Most of what is found is news, hence a note; a value of more than
// 100 times the usual size is rather a mistake.
func outliers(c *column, o Options) []Finding {
	if c.moves || len(c.v) < 30 {
		return nil
	}
	var kept []float64
	signs := false
	for _, v := range c.v {
		if v != 0 {
			kept = append(kept, v)
		}
		signs = signs || v < 0
	}
	if len(kept) < 20 {
		return nil
	}
	scaleOf := func(v float64) float64 { return v }
	if !signs {
		scaleOf, kept = math.Log, logs(kept)
	}
	centre, spread := robust(kept)
	if spread == 0 {
		return nil
	}
	usual := usualSize(c.v)
	var odd, wrong []Place
	for i, v := range c.v {
		away := math.Abs(scaleOf(v) - centre)
		if v == 0 || away <= o.Outlier*spread {
			continue
		}
		if _, nearby := robust(around(c.v, i, scaleOf)); away <= o.Outlier*nearby {
			continue
		}
		if ratio := math.Abs(v) / usual; ratio >= 100 {
			wrong = append(wrong, c.place(i, fmt.Sprintf("%s, %.0f times the usual size", number(v), ratio)))
		} else {
			odd = append(odd, c.place(i, fmt.Sprintf("%s, %.0f robust standard deviations from the median", number(v), away/spread)))
		}
	}
	return append(
		c.found(Warning, "outlier", "so far outside the history of the column that a slip of the unit is likely", wrong),
		c.found(Note, "outlier", "far outside the history of the column; news, or a mistake?", odd)...)
}

// usualSize is the median of the absolute values other than 0.
func usualSize(v []float64) float64 {
	var sizes []float64
	for _, x := range v {
		if x != 0 {
			sizes = append(sizes, math.Abs(x))
		}
	}
	return median(sizes)
}

// around are the values other than 0 among the 60 around value i, without it.
func around(v []float64, i int, scaleOf func(float64) float64) []float64 {
	from := max(0, min(i-near/2, len(v)-near-1))
	var kept []float64
	for k := from; k < min(len(v), from+near+1); k++ {
		if k != i && v[k] != 0 {
			kept = append(kept, scaleOf(v[k]))
		}
	}
	return kept
}
