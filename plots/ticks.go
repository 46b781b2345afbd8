package plots

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// scale maps values to the unit interval.
type scale struct {
	lo, hi float64
	log    bool
}

func (s scale) norm(v float64) float64 {
	if s.log {
		return (math.Log(v) - math.Log(s.lo)) / (math.Log(s.hi) - math.Log(s.lo))
	}
	return (v - s.lo) / (s.hi - s.lo)
}

// fit is the scale that shows values from lo to hi with some air. Zero as an
// end of a signed range stays the edge of the plot.
func fit(lo, hi float64, log bool) scale {
	if log {
		lo, hi = math.Log(lo), math.Log(hi)
	}
	if flat(lo, hi) {
		air := max(math.Abs(lo), math.Abs(hi)) * .05
		if air < least || log {
			air = 1
		}
		lo, hi = lo-air, hi+air
	}
	air := (hi - lo) * .06
	if log || lo != 0 {
		lo -= air
	}
	if log || hi != 0 {
		hi += air
	}
	if log {
		lo, hi = max(math.Exp(lo), math.SmallestNonzeroFloat64), math.Exp(hi) // air under the smallest floats would be 0
	}
	return scale{lo, hi, log}
}

// least is the size of a range below which it counts as none: powers of ten near
// the smallest floats are not exact.
const least = 1e-100

// flat tells whether a range is too small, by itself or beside its values, to be
// cut into round steps.
func flat(lo, hi float64) bool {
	return hi-lo <= max(least, 1e-6*max(math.Abs(lo), math.Abs(hi)))
}

// ticks are about most round values of the scale, labelled; at least three.
func (s scale) ticks(u Unit, most int) []plot.Tick {
	if s.log {
		if ticks := s.logTicks(u, most); len(ticks) >= 3 {
			return ticks
		}
	}
	for {
		step := roundStep(s.hi-s.lo, most)
		if ticks := s.multiples(u, step); len(ticks) >= 3 {
			return ticks
		}
		most++
	}
}

func (s scale) multiples(u Unit, step float64) []plot.Tick {
	top := max(math.Abs(s.lo), math.Abs(s.hi))
	var ticks []plot.Tick
	for k := math.Ceil(s.lo/step - 1e-9); k*step <= s.hi+1e-9*step; k++ {
		ticks = append(ticks, plot.Tick{Value: k * step, Label: u.label(k*step, step, top)})
	}
	return ticks
}

// roundStep is the smallest of 1, 2, 2.5, 5 times a power of ten that cuts a
// span into fewer than most parts.
func roundStep(span float64, most int) float64 {
	step := math.Pow(10, math.Floor(math.Log10(span/float64(most))))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if span/(m*step) < float64(most) {
			return m * step
		}
	}
	return 20 * step
}

// logTicks stand at 1, 2 and 5 in every power of ten, or, where that is too
// many, at whole powers only.
func (s scale) logTicks(u Unit, most int) []plot.Tick {
	first, last := int(math.Floor(math.Log10(s.lo))), int(math.Ceil(math.Log10(s.hi)))
	ticks := s.powers(u, first, last, 1, []float64{1, 2, 5})
	for every := 1; len(ticks) > most+1; every++ {
		ticks = s.powers(u, first, last, every, []float64{1})
	}
	return ticks
}

func (s scale) powers(u Unit, first, last, every int, steps []float64) []plot.Tick {
	var ticks []plot.Tick
	for e := first; e <= last; e++ {
		if e%every != 0 {
			continue
		}
		for _, m := range steps {
			v, err := strconv.ParseFloat(strconv.FormatFloat(m, 'f', 0, 64)+"e"+strconv.Itoa(e), 64)
			if err == nil && v >= s.lo*(1-1e-9) && v <= s.hi*(1+1e-9) {
				ticks = append(ticks, plot.Tick{Value: v, Label: u.short(v)})
			}
		}
	}
	return ticks
}
