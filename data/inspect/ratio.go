package inspect

import (
	"fmt"
	"math"
)

// usualRatios are what a ratio of two sources is explained by.
var usualRatios = []struct {
	ratio   float64
	because string
}{
	{3, "a sum of three payments a day against their mean?"},
	{24, "a sum of 24 hours against their mean?"},
	{365, "a year's rate against a day's?"},
	{1095, "a year's rate against that of 8 hours?"},
	{100, "percent against fraction?"},
	{1e4, "basis points against fraction?"},
	{1e3, "thousands?"}, {1e6, "millions?"}, {1e9, "billions?"},
	{-1, "the opposite sign?"},
}

// scaled finds that B is A in another unit: at least nine of ten ratios are within a
// thousandth of their median, and that is not 1.
func (c *Comparison) scaled(p pairing) []Finding {
	ratios, near := p.ratios(), 0
	if len(ratios) < 3 || math.Abs(c.Ratio-1) < .005 {
		return nil
	}
	for _, r := range ratios {
		if math.Abs(r-c.Ratio) <= .001*math.Abs(c.Ratio) {
			near++
		}
	}
	if 10*near < 9*len(ratios) {
		return nil
	}
	text := fmt.Sprintf("the second source is %s times the first on %d of %d rows", number4(c.Ratio), near, len(ratios))
	for _, u := range usualRatios {
		for _, r := range []float64{u.ratio, 1 / u.ratio} {
			if math.Abs(c.Ratio/r-1) < .005 {
				return c.ofB("ratio", text+"; "+u.because)
			}
		}
	}
	return c.ofB("ratio", text+"; another unit?")
}

// ratios of b to a where a is not 0.
func (p pairing) ratios() []float64 {
	var out []float64
	for n := range p.i {
		if a := p.a.v[p.i[n]]; a != 0 {
			out = append(out, p.b.v[p.k[n]]/a)
		}
	}
	return out
}
