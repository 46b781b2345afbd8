package data

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Provenance says where the numbers of a series come from.
type Provenance struct {
	File   string
	Column string
	Format string // name of the format the file was read as
	Unit   Unit   // unit in the file, before conversion
	SHA256 string // of the whole file, hexadecimal
	Source string // who published the numbers
	Status string // such as "reconstructed, not market data"; "" if plain data
}

// Meta is everything about a series but its rows.
type Meta struct {
	Name string
	Kind Kind
	Unit Unit // base unit
	// Lag is how long after the end of its period a row is published. A
	// daily close has 0: it is known when its day ends. US fund flows have
	// one day: the flow of Monday stands in the table on Tuesday, and from
	// the start of Wednesday it may be used. What is known in advance, such as
	// a calendar of expiries, has a negative one; a price or a flow cannot.
	Lag time.Duration
	Provenance
	Notes []Note
	// Absent are the rows of the file that hold no value for this series.
	Absent []time.Time
}

// A Series is a row of values with a meaning. It is immutable; copies share
// their rows. Times are UTC, ascending and unique; values are finite and in
// the base unit.
type Series struct {
	meta   Meta
	step   time.Duration
	times  []instant
	values []float64
}

// NewSeries returns the series of the given rows, which it copies. It refuses
// a missing name, a unit that is not a base unit or does not suit the kind, an
// empty series, times that are not ascending or not in the years 1678..2261,
// values that are not finite, and prices that are not positive or outside
// 1e-12..1e12 USD.
func NewSeries(m Meta, times []time.Time, values []float64) (Series, error) {
	if err := checkMeta(m); err != nil {
		return Series{}, err
	}
	if len(times) != len(values) {
		return Series{}, fmt.Errorf("series %s: %d times but %d values", m.Name, len(times), len(values))
	}
	instants := make([]instant, len(times))
	for i, v := range values {
		if i > 0 && !times[i].After(times[i-1]) {
			return Series{}, fmt.Errorf("series %s: found %s after %s, expected ascending times", m.Name, showTime(times[i]), showTime(times[i-1]))
		}
		if year := times[i].UTC().Year(); year < firstInstant || year > lastInstant {
			return Series{}, fmt.Errorf("series %s: found %s, expected a year from %d to %d", m.Name, showTime(times[i]), firstInstant, lastInstant)
		}
		if wanted := unfit(m.Kind, v); wanted != "" {
			return Series{}, fmt.Errorf("series %s: %s: found %v, expected %s", m.Name, showTime(times[i]), v, wanted)
		}
		instants[i] = instantOf(times[i])
	}
	return newSeries(m, instants, slices.Clone(values))
}

// newSeries returns the series of rows that are checked, as m is, and that nobody
// changes.
func newSeries(m Meta, times []instant, values []float64) (Series, error) {
	if len(times) == 0 {
		return Series{}, fmt.Errorf("series %s: no values", m.Name)
	}
	m.Notes, m.Absent = slices.Clone(m.Notes), slices.Clone(m.Absent)
	return Series{meta: m, step: spacing(times), times: times, values: values}, nil
}

// Until returns the series as it was at a time, without the rows whose period had
// not ended by then, and whether any are left.
func (s Series) Until(at time.Time) (Series, bool) {
	n, _ := slices.BinarySearchFunc(s.times, instantOf(at.Add(-s.step)), func(t, last instant) int {
		if t > last {
			return 1
		}
		return -1
	})
	absent := slices.DeleteFunc(slices.Clone(s.meta.Absent), func(t time.Time) bool { return t.Add(s.step).After(at) })
	s.times, s.values, s.meta.Absent = s.times[:n:n], s.values[:n:n], absent
	return s, n > 0
}

func checkMeta(m Meta) error {
	if m.Name == "" {
		return fmt.Errorf("series without a name")
	}
	if !slices.Contains(kinds, m.Kind) {
		return fmt.Errorf("series %s: kind missing: found %s, expected price, flow, rate or level", m.Name, Quote(string(m.Kind)))
	}
	if m.Unit == "" || m.Unit != m.Unit.Base() {
		return fmt.Errorf("series %s: found unit %s, expected a base unit", m.Name, Quote(string(m.Unit)))
	}
	if !m.Kind.admits(m.Unit) {
		return fmt.Errorf("series %s: a %s cannot be in %s", m.Name, m.Kind, m.Unit)
	}
	if m.Lag < 0 && (m.Kind == Price || m.Kind == Flow) {
		return fmt.Errorf("series %s: found publication lag %v, expected 0 or more: nobody knows a %s before its period ends", m.Name, m.Lag, m.Kind)
	}
	return nil
}

// A number outside of these, in USD, is not what anything costs, but the sign of
// a broken file; models that multiply prices would overflow on it.
const minPrice, maxPrice = 1e-12, 1e12

// bounds are the least and the greatest value that a series of kind k may have.
func (k Kind) bounds() (low, high float64) {
	if k == Price {
		return minPrice, maxPrice
	}
	return -math.MaxFloat64, math.MaxFloat64
}

// unfit returns what a value of kind k should be if v, in its base unit, is not
// that, else "".
func unfit(k Kind, v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "a finite number"
	}
	if k == Price && v <= 0 {
		return "a price above 0"
	}
	if k == Price && (v < minPrice || v > maxPrice) {
		return "a price from 1e-12 to 1e12 USD"
	}
	return ""
}

// spacing returns the length of the period one row covers: the median
// distance of rows, at most a day, since a date names a day however far the
// next one is. A single row covers a day.
func spacing(times []instant) time.Duration {
	if len(times) < 2 {
		return day
	}
	apart := make([]time.Duration, len(times)-1)
	for i := range apart {
		apart[i] = times[i+1].sub(times[i])
	}
	slices.Sort(apart)
	return min(apart[(len(apart)-1)/2], day)
}

// Name returns the name the series was requested under, such as btc.price.
func (s Series) Name() string { return s.meta.Name }

// Kind returns how the series behaves in time.
func (s Series) Kind() Kind { return s.meta.Kind }

// Unit returns the base unit the values are in.
func (s Series) Unit() Unit { return s.meta.Unit }

// Lag returns how long after the end of its period a row is published.
func (s Series) Lag() time.Duration { return s.meta.Lag }

// Provenance returns where the numbers come from.
func (s Series) Provenance() Provenance { return s.meta.Provenance }

// Notes returns what was skipped or looked odd when the series was read.
func (s Series) Notes() []Note { return slices.Clone(s.meta.Notes) }

// Absent returns the labels of rows that the file has without a value.
func (s Series) Absent() []time.Time { return slices.Clone(s.meta.Absent) }

// Step returns the length of the period one row covers: the median distance
// of rows, at most a day.
func (s Series) Step() time.Duration { return s.step }

// Len returns the number of rows with a value.
func (s Series) Len() int { return len(s.times) }

// At returns the label and the value of row i, 0 <= i < Len. The label is
// the start of the period the row covers.
func (s Series) At(i int) (time.Time, float64) { return s.times[i].time(), s.values[i] }

// sharesTimes reports whether s and o are columns of one table without a row that
// one has and the other has not.
func (s Series) sharesTimes(o Series) bool {
	return s.Len() == o.Len() && s.Len() > 0 && &s.times[0] == &o.times[0] && s.step == o.step
}
