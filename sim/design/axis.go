package design

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// An Axis turns the unit interval into the values of a parameter. The zero Axis has none.
type Axis struct {
	at    func(u float64) float64
	count int // of the values; 0: not countable
}

// At is the value at u from 0 to 1, and NaN elsewhere. It never falls as u rises, except
// along a [List] that does.
func (a Axis) At(u float64) float64 {
	if a.at == nil || !(u >= 0 && u <= 1) {
		return math.NaN()
	}
	return a.at(u)
}

// Count is the number of values, 0 if the axis is a range without steps.
func (a Axis) Count() int { return a.count }

// Levels are n values, equally spaced on the unit interval with both ends; a single one is
// in the middle. They are those of a [Grid] with n levels. An axis with countable values
// has no more levels than values.
func (a Axis) Levels(n int) ([]float64, error) {
	most := mostPoints
	if a.count > 0 {
		most = a.count
	}
	if a.at == nil {
		return nil, errors.New("design: an axis without values has no levels")
	}
	if err := checkCount("levels", n, 1, most); err != nil {
		return nil, err
	}
	values := make([]float64, n)
	for j := range values {
		values[j] = a.at(level(j, n))
	}
	return values, nil
}

// level is where level j of n lies.
func level(j, n int) float64 {
	if n == 1 {
		return .5
	}
	return float64(j) / float64(n-1)
}

// Linear is a range whose values are spread evenly. Values between the ends are rounded to
// 15 significant digits, so that the levels of 0.05 to 0.5 include 0.15.
func Linear(low, high float64) (Axis, error) {
	if !(low >= -math.MaxFloat64 && high > low && high <= math.MaxFloat64) {
		return Axis{}, fmt.Errorf("design: found a range from %v to %v, expected finite numbers, the second above the first", low, high)
	}
	return between(low, high, func(u float64) float64 { return low*(1-u) + high*u }), nil
}

// Log is a range of positive values whose logarithms are spread evenly, rounded as those of
// [Linear]: its four levels from 1 to 1000 are 1, 10, 100 and 1000.
func Log(low, high float64) (Axis, error) {
	if !(low > 0 && high > low && high <= math.MaxFloat64) {
		return Axis{}, fmt.Errorf("design: found a logarithmic range from %v to %v, expected finite numbers above 0, the second above the first", low, high)
	}
	from, to := math.Log(low), math.Log(high)
	return between(low, high, func(u float64) float64 { return math.Exp(from*(1-u) + to*u) }), nil
}

// between rounds what lies inside, and keeps the ends as they are.
func between(low, high float64, inside func(float64) float64) Axis {
	return Axis{at: func(u float64) float64 {
		switch u {
		case 0:
			return low
		case 1:
			return high
		}
		return min(max(rounded(inside(u)), low), high)
	}}
}

// rounded keeps 15 significant digits, which is what every float64 can hold.
func rounded(v float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil { // rounded up beyond the largest number
		return v
	}
	return short
}

// Integer is the whole numbers from low to high, each with an equal part of the interval.
func Integer(low, high int) (Axis, error) {
	const exact = 1 << 53 // beyond it float64 leaves integers out
	if low < -exact || high > exact || low > high || high-low >= mostPoints {
		return Axis{}, fmt.Errorf("design: found integers from %d to %d, expected the second not below the first, both within ±2^53, and at most %d of them", low, high, mostPoints)
	}
	n := high - low + 1
	return Axis{func(u float64) float64 { return float64(low + part(u, n)) }, n}, nil
}

// List is values in the order given, each with an equal part of the interval.
func List(values ...float64) (Axis, error) {
	faults := []error{checkCount("values of a list", len(values), 1, mostPoints)}
	seen := map[float64]int{}
	for i, v := range values {
		first, again := seen[v]
		seen[v] = i
		if math.IsNaN(v) || math.IsInf(v, 0) {
			faults = append(faults, fmt.Errorf("design: found values[%d] of a list %v, expected a finite number", i, v))
		} else if again {
			faults = append(faults, fmt.Errorf("design: found values[%d] of a list %v, which values[%d] is too, expected each once", i, v, first))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return Axis{}, err
	}
	values = slices.Clone(values)
	return Axis{func(u float64) float64 { return values[part(u, len(values))] }, len(values)}, nil
}

// part is which of n equal parts of the interval u lies in; 1 lies in the last.
func part(u float64, n int) int { return min(int(u*float64(n)), n-1) }

// A Space is the axes of the parameters, in the order of the coordinates of a point.
type Space []Axis

// At is the values of the parameters at a point of the unit cube.
func (s Space) At(point []float64) ([]float64, error) {
	if len(point) != len(s) {
		return nil, fmt.Errorf("design: found a point of %d coordinates, expected %d", len(point), len(s))
	}
	var faults []error
	values := make([]float64, len(s))
	for j, u := range point {
		if s[j].at == nil {
			faults = append(faults, fmt.Errorf("design: axis %d has no values", j))
		} else if values[j] = s[j].At(u); math.IsNaN(values[j]) {
			faults = append(faults, fmt.Errorf("design: found coordinate %d at %v, expected 0 to 1", j, u))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return values, nil
}
