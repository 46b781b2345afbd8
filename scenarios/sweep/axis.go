package sweep

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ebb-sim/ebb/scenarios"
	"github.com/ebb-sim/ebb/sim/param"
)

// An Axis is a number of the scenario that is varied: over a list of values, or over
// a range.
type Axis struct {
	Key    string   `json:"key"`  // its path, as an override takes it
	Unit   string   `json:"unit"` // as in [param.Field]
	Values []string `json:"values,omitempty"`
	Own    string   `json:"own,omitempty"` // the scenario's, where one axis moves at a time
	Low    float64  `json:"low"`           // of a range, in the base unit
	High   float64  `json:"high"`
	Log    bool     `json:"log,omitempty"` // the range is even in the logarithm
}

// maxValues bounds the values of one axis, each of which is kept as it is written.
const maxValues = 100_000

// Range tells whether the axis is a range, which a design divides.
func (a Axis) Range() bool { return a.Values == nil }

// ReadAxis reads an axis as it is typed:
//
//	redemption.response=0,1bn,2bn       these values
//	redemption.response=0..4bn/5        five values, evenly spaced, ends included
//	market.btc.depth_1pct=1bn..9bn/log5 five values, evenly spaced in the logarithm
//	redemption.response=0..4bn          a range for a design that draws its points
//	market.btc.depth_1pct=1bn..9bn/log  the same, even in the logarithm
func ReadAxis(text string, s *scenarios.Scenario) (Axis, error) {
	key, said, ok := strings.Cut(text, "=")
	if !ok || key == "" || said == "" {
		return Axis{}, fmt.Errorf("%q: expected KEY=VALUES, such as redemption.response=0..4bn/5", text)
	}
	low, rest, ranged := strings.Cut(said, "..")
	first, _, _ := strings.Cut(low, ",")
	a := Axis{Key: key, Unit: unitOf(s, key, strings.TrimSpace(first))}
	if a.Unit == "" {
		return a, fmt.Errorf("%s: the scenario has no number there, expected the path of one, as in --set", key)
	}
	if !ranged {
		return a, a.list(said)
	}
	high, division, divided := strings.Cut(rest, "/")
	var err error
	if a.Low, err = param.Parse(a.Unit, low); err != nil {
		return a, fmt.Errorf("%s: low end: %w", key, err)
	}
	if a.High, err = param.Parse(a.Unit, high); err != nil {
		return a, fmt.Errorf("%s: high end: %w", key, err)
	}
	if !(a.Low < a.High) {
		return a, fmt.Errorf("%s: found %s..%s, expected a low end below the high one", key, low, high)
	}
	if math.IsInf(a.High-a.Low, 0) {
		return a, fmt.Errorf("%s: found %s..%s, expected a range whose width is a number", key, low, high)
	}
	if !divided {
		return a, nil
	}
	count, log := strings.CutPrefix(division, "log")
	if a.Log = log; log && !(a.Low > 0) {
		return a, fmt.Errorf("%s: found %s as the low end of a logarithmic range, expected more than 0", key, low)
	}
	if log && count == "" {
		return a, nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n < 2 || n > maxValues {
		return a, fmt.Errorf("%s: found /%s, expected a number of values from 2 to %d, such as /5 or /log5", key, division, maxValues)
	}
	values := make([]string, n)
	for i := range values {
		values[i] = a.At(float64(i) / float64(n-1))
	}
	a.Values = values
	return a, nil
}

// unitOf is the unit of the number at a path; the file need not give it. A value that
// cannot stand there is found later, cell by cell.
func unitOf(s *scenarios.Scenario, key, value string) string {
	if value == "" {
		return s.UnitOf(key)
	}
	changed, _ := s.With([]scenarios.Override{{Key: key, Value: value}})
	return changed.UnitOf(key)
}

// list reads values as they are written; each stands once.
func (a *Axis) list(said string) error {
	var seen []float64
	for _, text := range strings.Split(said, ",") {
		text = strings.TrimSpace(text)
		v, err := param.Parse(a.Unit, text)
		if err != nil {
			return fmt.Errorf("%s: %w", a.Key, err)
		}
		if slices.Contains(seen, v) {
			return fmt.Errorf("%s: found %s a second time, expected each value once", a.Key, text)
		}
		seen = append(seen, v)
		a.Values = append(a.Values, text)
	}
	return nil
}

// At is the value at a share of the way along the axis, from 0 to 1, as it is written
// in a file. Of a list it is the value in whose equal share of the way it lies.
func (a Axis) At(share float64) string {
	if !a.Range() {
		return a.Values[min(int(share*float64(len(a.Values))), len(a.Values)-1)]
	}
	v := a.Low + share*(a.High-a.Low)
	if a.Log {
		v = math.Exp(math.Log(a.Low) + share*(math.Log(a.High)-math.Log(a.Low)))
	}
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64) // 3bn, and not the rounding of a root
	switch share {
	case 0:
		v = a.Low
	case 1:
		v = a.High
	}
	if a.Unit == "count" {
		v = math.Round(v)
	}
	if a.Unit == "duration" {
		return days(v)
	}
	return param.Format(a.Unit, v)
}

// days writes seconds in days, or where these are no whole nanoseconds, as a third of a
// day is not, in the unit that they are.
func days(seconds float64) string {
	text := strconv.FormatFloat(seconds/86400, 'g', -1, 64) + "d"
	if _, err := param.ParseDuration(text); err != nil {
		return param.FormatDuration(time.Duration(math.Round(seconds * 1e9)))
	}
	return text
}

// Value is a written value of the axis as a number: in the base unit, days of a
// duration.
func (a Axis) Value(text string) (float64, error) {
	v, err := param.Parse(a.Unit, text)
	if a.Unit == "duration" {
		v /= 86400
	}
	return v, err
}
