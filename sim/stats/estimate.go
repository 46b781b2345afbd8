package stats

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
)

// An Estimate is a number found from n simulated paths, with the interval that
// covers the true one with probability Level. A number that is absent is NaN here
// and null in JSON; a warning then says why.
type Estimate struct {
	Value    float64  `json:"value"`
	Low      float64  `json:"low"`
	High     float64  `json:"high"`
	Level    float64  `json:"level"`
	N        int      `json:"n"`
	Method   string   `json:"method"` // how the interval was found
	Warnings []string `json:"warnings,omitempty"`
}

// String shows four digits, as in
//
//	-0.1234 [-0.15, -0.11] at 95 %, n = 1000 (warning)
func (e Estimate) String() string {
	return e.Text(func(v float64) string { return fmt.Sprintf("%.4g", v) })
}

// Text is String with the caller's way to write a number, such as a percentage. An
// absent number is an en dash.
func (e Estimate) Text(number func(float64) string) string {
	show := func(v float64) string {
		if math.IsNaN(v) {
			return "–"
		}
		return number(v)
	}
	text := fmt.Sprintf("%s [%s, %s] at %s, n = %d", show(e.Value), show(e.Low), show(e.High), percent(e.Level), e.N)
	if len(e.Warnings) > 0 {
		text += " (" + strings.Join(e.Warnings, "; ") + ")"
	}
	return text
}

// MarshalJSON writes absent numbers as null.
func (e Estimate) MarshalJSON() ([]byte, error) {
	return json.Marshal(e.written())
}

// UnmarshalJSON reads what MarshalJSON writes; null and missing numbers are absent.
func (e *Estimate) UnmarshalJSON(text []byte) error {
	j := Estimate{Value: absent, Low: absent, High: absent, Level: absent}.written()
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	*e = j.read()
	return nil
}

type estimateJSON struct {
	Value    number   `json:"value"`
	Low      number   `json:"low"`
	High     number   `json:"high"`
	Level    number   `json:"level"`
	N        int      `json:"n"`
	Method   string   `json:"method"`
	Warnings []string `json:"warnings,omitempty"`
}

func (e Estimate) written() estimateJSON {
	return estimateJSON{
		Value: number(e.Value), Low: number(e.Low), High: number(e.High), Level: number(e.Level),
		N: e.N, Method: e.Method, Warnings: e.Warnings,
	}
}

func (j estimateJSON) read() Estimate {
	return Estimate{
		Value: float64(j.Value), Low: float64(j.Low), High: float64(j.High), Level: float64(j.Level),
		N: j.N, Method: j.Method, Warnings: j.Warnings,
	}
}

// A number is a float64 whose NaN is null in JSON.
type number float64

func (v number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(v)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(v)) // an infinity is an error there, as it should be
}

func (v *number) UnmarshalJSON(text []byte) error {
	*v = number(absent)
	if string(text) == "null" {
		return nil
	}
	return json.Unmarshal(text, (*float64)(v))
}

// estimate begins an Estimate whose interval is not known yet.
func estimate(value, level float64, n int, method string) Estimate {
	return Estimate{Value: value, Low: absent, High: absent, Level: level, N: n, Method: method}
}

// failed is the estimate that could not be made, for those who show it nevertheless.
func failed(level float64, n int, method string, err error) (Estimate, error) {
	e := estimate(absent, level, n, method)
	if !(level > 0 && level < 1) {
		e.Level = absent
	}
	return e.warn("%v", err), err
}

// within closes the estimate with its interval, or refuses numbers that overflowed.
func (e Estimate) within(low, high float64) (Estimate, error) {
	for _, v := range []float64{e.Value, low, high} {
		if _, err := finite(v); err != nil {
			return failed(e.Level, e.N, e.Method, err)
		}
	}
	e.Low, e.High = low, high
	return e, nil
}

func (e Estimate) warn(format string, args ...any) Estimate {
	e.Warnings = append(e.Warnings, fmt.Sprintf(format, args...))
	return e
}

func checkLevel(level float64) error {
	if !(level > 0 && level < 1) {
		return fmt.Errorf("%w: level %v", ErrArgument, level)
	}
	return nil
}

// percent writes a probability: 0.995 is "99.5 %".
func percent(p float64) string { return fmt.Sprintf("%.6g %%", 100*p) }
