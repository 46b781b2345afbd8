package plots

import (
	"math"
	"strconv"
	"strings"
)

// Unit says how the numbers of an axis are written.
type Unit int

const (
	// Percent is a fraction written as a percentage: 0.05 is "5 %".
	Percent Unit = iota
	// USD is money: $60k, $1.7bn, −$290m.
	USD
	// Number is a plain number: 713k, 1.2.
	Number
)

const (
	minus = "−" // U+2212, as wide as a plus
	nbsp  = "\u00a0"
)

// magnitudes and the values from which they are used: $8,400, but $84k.
var magnitudes = []struct {
	from, size float64
	suffix     string
}{{1e12, 1e12, "tn"}, {1e9, 1e9, "bn"}, {1e6, 1e6, "m"}, {1e4, 1e3, "k"}, {1, 1, ""}}

// label writes a tick of an axis whose ticks are step apart and reach at most
// top: all ticks of an axis share one magnitude and one number of decimals.
func (u Unit) label(v, step, top float64) string {
	if u == Percent {
		return u.wrap(v*100, 1, decimals(step*100), "")
	}
	size, suffix := magnitude(top, step)
	return u.wrap(v, size, decimals(step/size), suffix)
}

// short writes one value with three significant digits.
func (u Unit) short(v float64) string {
	if u == Percent {
		v *= 100
		return u.wrap(v, 1, significant(v, 3), "")
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	size, suffix := magnitude(math.Abs(rounded), 0)
	return u.wrap(v, size, significant(v/size, 3), suffix)
}

// difference writes one difference with its sign; that of percentages is in points.
func (u Unit) difference(v float64) string {
	text := withSign(u.short)(v)
	if u == Percent {
		return strings.TrimSuffix(text, nbsp+"%") + nbsp + "points"
	}
	return text
}

// rough writes a fraction as a percentage with one decimal, or, where that would
// be next to nothing, with two digits; under 0.005 % they would tell of rounding.
func rough(v float64) string {
	if v != 0 && math.Abs(v) < 5e-5 {
		return "≈" + nbsp + "0" + nbsp + "%"
	}
	places := min(1, significant(v*100, 3))
	if math.Abs(v) < .001 {
		places = significant(v*100, 2)
	}
	return Percent.wrap(v*100, 1, places, "")
}

// evenly writes percentages with one number of decimals, so that they can be
// compared: what the last values of the series need for three significant
// digits, but no more than the largest of them.
func evenly(series ...[]float64) func(float64) string {
	places, most, top := 0, 0, 0.
	for _, values := range series {
		if i := last(values); i >= 0 && values[i] != 0 {
			v := math.Abs(values[i] * 100)
			places = max(places, significant(v, 3))
			if v > top {
				top, most = v, 2-int(math.Floor(math.Log10(v)))
			}
		}
	}
	places = max(0, min(places, most))
	return func(v float64) string { return Percent.wrap(v*100, 1, places, "") }
}

// withSign writes a value with its plus.
func withSign(write func(float64) string) func(float64) string {
	return func(v float64) string {
		text := write(v)
		if v > 0 && strings.ContainsAny(text, "123456789") {
			return "+" + text
		}
		return text
	}
}

// printed writes percentages with one number of decimals, but none that is not
// zero as zero.
func printed(values ...[]float64) func(float64) string {
	even := evenly(values...)
	return func(v float64) string {
		if text := even(v); v == 0 || strings.ContainsAny(text, "123456789") {
			return text
		}
		return rough(v)
	}
}

// noFigure stands in place of a value that is absent.
const noFigure = "no figure"

// wrap sets sign, currency, number and suffix in their order.
func (u Unit) wrap(v, size float64, places int, suffix string) string {
	digits := digits(math.Abs(v)/size, places)
	sign := ""
	if v < 0 && strings.ContainsAny(digits, "123456789") {
		sign = minus
	}
	if sign == "" && digits == "0" && suffix != "" {
		suffix = "" // zero is zero in any magnitude
	}
	switch u {
	case USD:
		return sign + "$" + digits + suffix
	case Percent:
		return sign + digits + nbsp + "%"
	}
	return sign + digits + suffix
}

// digits writes a number that is not negative to so many places after the point
// (before it, if negative), with commas between thousands.
func digits(v float64, places int) string {
	if v >= 1e7 || (v < 1e-6 && v != 0 && places > 6) {
		return exponential(v, places)
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', max(0, places), 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if strings.Trim(fraction, "0") == "" && strings.Trim(whole, "0") == "" {
		return "0"
	}
	if fraction == "" {
		return whole
	}
	return whole + "." + fraction
}

// exponential writes a number whose zeros would be unreadable: 2.5e−9.
func exponential(v float64, places int) string {
	precision := max(0, min(places+int(math.Floor(math.Log10(v))), 12))
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', precision, 64), "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	sign := strings.Replace(strings.TrimPrefix(exponent[:1], "+"), "-", minus, 1)
	return mantissa + "e" + sign + strings.TrimLeft(exponent[1:], "0")
}

// magnitude is the largest that suits top and leaves a step at most three
// decimals.
func magnitude(top, step float64) (float64, string) {
	for _, m := range magnitudes {
		if top >= m.from*(1-1e-9) && (step == 0 || step >= m.size*.000999) {
			return m.size, m.suffix
		}
	}
	return 1, ""
}

// decimals is how many a multiple of the step needs.
func decimals(step float64) int {
	first := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	if scaled := step * math.Pow10(first); math.Abs(scaled-math.Round(scaled)) > 1e-6 {
		return first + 1 // a step of 2.5
	}
	return first
}

// significant is how many decimals show n significant digits. Zeros at the end
// are dropped if they are exact: 68 is "68", 68.02 is "68.0".
func significant(v float64, n int) int {
	if v == 0 {
		return 0
	}
	text := strconv.FormatFloat(v, 'e', n-1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	e, _ := strconv.Atoi(exponent)
	if rounded, _ := strconv.ParseFloat(text, 64); math.Abs(rounded-v) <= 1e-9*math.Abs(v) {
		mantissa = strings.TrimRight(mantissa, "0")
	}
	_, fraction, _ := strings.Cut(mantissa, ".")
	return len(fraction) - e
}
