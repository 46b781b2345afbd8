package plots

import (
	"math"
	"strings"
)

// Range is what sources that disagree say of one number, or the ends of an
// interval. The zero value and one whose ends are equal are none.
type Range struct{ Low, High float64 }

// within validates the range of a value and gives its ends, NaN for none.
func (c *check) within(name string, value float64, r Range) (low, high float64) {
	r.Low, r.High = c.number(name+" low", r.Low), c.number(name+" high", r.High)
	if r == (Range{}) || math.IsNaN(r.Low) || math.IsNaN(r.High) {
		return math.NaN(), math.NaN()
	}
	if r.Low > r.High {
		c.fault("%s: low %v is above high %v", name, r.Low, r.High)
	} else if value < r.Low || value > r.High {
		c.fault("%s: the value %v is outside its range, %v to %v", name, value, r.Low, r.High)
	}
	return r.Low, r.High
}

// written is a range in words; empty for none and for one whose ends read alike.
func (r Range) written(write func(float64) string) string {
	if !(r.Low < r.High) || write(r.Low) == write(r.High) {
		return ""
	}
	return strings.ReplaceAll(write(r.Low)+" to "+write(r.High), " ", nbsp)
}
